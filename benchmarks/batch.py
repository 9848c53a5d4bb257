"""Measure the cost of a batch: speed with one and two processes, memory, bytes on disk."""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.table import Row, at_least, at_most, show
from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import Pool
from experiments.study import Study, one_arm
from model.schema.scenario import load_scenario

SCENARIO = "february_2025"
SWEPT = ("talks.window", "talks.rate", "values.cost_scale")
POINTS = 50
WORLDS = 16_000
MILLION = 1_000_000
RATIO, MINUTES, MEMORY = 1.8, 4.0, 2048.0  # two processes to one; a million; MB a process
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Cost of a batch: worlds per second of wall-clock and CPU time, MB per worker, bytes."""

    clock: float
    busy: float
    memory: float
    size: int


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="?", type=int, default=WORLDS, help="number of worlds")
    show(rows(parser.parse_args().worlds))


def rows(worlds: int = WORLDS) -> Iterator[Row | str]:
    """Measure a batch with one worker and with two.

    The ratio of CPU times is that of a machine without other programs.
    """
    study = spread(worlds)
    yield f"A batch of {study.size:,} worlds at {POINTS} points, three parameters swept"
    one, two = measure(study, 1), measure(study, 2)
    wanted = at_least(RATIO)
    yield Row("speed-up of two processes, CPU time", 2 * two.busy / one.busy, "times", wanted)
    yield Row("speed-up of two processes, wall clock", two.clock / one.clock, "times", wanted)
    minutes = MILLION / two.clock / 60
    yield Row("a million worlds with two processes", minutes, "min", at_most(MINUTES))
    yield Row("  the same by CPU time", MILLION / (2 * two.busy) / 60, "min", at_most(MINUTES))
    yield Row("one process, wall clock", one.clock, "worlds/s")
    yield Row("peak memory of a worker process", two.memory, "MB", at_most(MEMORY))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("peak memory of the main process", own, "MB", at_most(MEMORY))
    yield Row("size on disk", two.size / study.size, "bytes/world")


def spread(worlds: int) -> Study:
    """Return a study with this number of worlds at evenly spread points."""
    scenario = load_scenario(SCENARIO)
    known = scenario.parameters()
    points = pd.DataFrame(
        {name: np.linspace(0.8, 1.2, POINTS) * known[name].value for name in SWEPT}
    )
    return one_arm("bench", scenario, points, max(1, worlds // POINTS))


def measure(study: Study, workers: int) -> Cost:
    """Return the cost of a batch.

    Timing starts when each worker has completed a chunk, so the start of workers does not count.
    """
    marks: list[tuple[float, float, int]] = []
    peaks: list[float] = [0.0]
    cpu: dict[int, float] = {}

    def tell(progress: Progress) -> None:
        for child in active_children():
            pid = child.pid or 0
            cpu[pid] = max(cpu.get(pid, 0.0), cpu_seconds(pid))
            peaks.append(peak_memory(pid))
        marks.append((time.perf_counter(), sum(cpu.values()), progress.worlds_done))

    with tempfile.TemporaryDirectory() as place:
        folder = run_batch(study, Path(place) / "bench", Pool(workers), on_progress=tell)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    (begun, before, there), (ended, after, all_) = marks[min(workers, len(marks) - 2)], marks[-1]
    done = all_ - there
    return Cost(done / (ended - begun), done / (after - before), max(peaks), size)


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process, or 0 on systems without /proc."""
    try:
        spent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(spent[11]) + int(spent[12])) / TICKS


def peak_memory(process: int) -> float:
    """Return the peak memory of a process in MB, or 0 on systems without /proc."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
