"""Prints what a batch costs: worlds a second in one process and two, memory, bytes on disk."""

import argparse
import resource
import tempfile
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import Pool
from experiments.study import Study, one_arm
from model.scenario import load_scenario

SCENARIO = "february_2025"
SWEPT = ("talks.window", "talks.rate", "values.cost_scale")
POINTS = 50
RATIO, MEMORY = 1.8, 2048.0  # goals: of two processes to one; MB a process


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="?", type=int, default=16_000, help="how many in all")
    worlds = parser.parse_args().worlds
    study = spread(worlds)
    print(f"{SCENARIO}, {study.size:,} worlds in {POINTS} points, three numbers swept")
    rates = {}
    for workers in (1, 2):
        rates[workers], peak, size = measure(study, workers)
        print(
            f"  {workers} worker{'s' * (workers > 1)}: {rates[workers]:>8,.0f} worlds a second, "
            f"peak memory {peak:,.0f} MB a worker, {size / study.size:,.0f} bytes a world on disk"
        )
    print(f"  two against one: {rates[2] / rates[1]:.2f} times the rate (goal: {RATIO})")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of the process that joins: {own:,.0f} MB (goal: under {MEMORY:,.0f})")


def spread(worlds: int) -> Study:
    """Return a study of so many worlds in evenly spread points."""
    scenario = load_scenario(SCENARIO)
    known = scenario.parameters()
    points = pd.DataFrame(
        {name: np.linspace(0.8, 1.2, POINTS) * known[name].value for name in SWEPT}
    )
    return one_arm("bench", scenario, points, max(1, worlds // POINTS))


def measure(study: Study, workers: int) -> tuple[float, float, int]:
    """Return worlds a second, the peak memory of a worker in MB, and bytes on disk.

    The time begins when the first chunk is there, so that the start of workers does not count.
    """
    marks: list[tuple[float, int]] = []
    peaks: list[float] = [0.0]

    def tell(progress: Progress) -> None:
        marks.append((time.perf_counter(), progress.worlds_done))
        peaks.extend(peak_memory(child.pid or 0) for child in active_children())

    with tempfile.TemporaryDirectory() as place:
        folder = run_batch(study, Path(place) / "bench", Pool(workers), tell=tell)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    (begun, there), (ended, all_) = marks[min(workers, len(marks) - 2)], marks[-1]
    return (all_ - there) / (ended - begun), max(peaks), size


def peak_memory(process: int) -> float:
    """Return the most memory that a process has held, in MB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
