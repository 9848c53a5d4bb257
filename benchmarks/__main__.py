"""Prints one table: the targets of speed and what was measured, rivals, growth, where time goes."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, said before NumPy is loaded

from benchmarks import app, batch, growth, rivals
from benchmarks.clock import Work, by_turns, ratio
from benchmarks.table import Row, at_least, at_most, show
from experiments.engine import CHUNK, build, finish, simulate
from model import week
from model.negotiation import Negotiation
from model.schema.scenario import Scenario, load_scenario
from model.week import Phase

SCENARIO = "february_2025"
WIDTHS = (1, 100, 500, 1000, CHUNK)
SLIDER = 500  # worlds that the app draws anew when a slider is moved
REPEATS = 3
WIDE = 1000
RATE, RATIO, FIRST = 2000.0, 100.0, 10.0  # goals: worlds a second, wide to one, seconds of run.py
LARGE = 0.04  # share of time from which a phase has a row


def main() -> None:
    """Print the table, rows as they are measured."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{cores} cores; {load:.1f} other programs wanted one in the minute before.")
    print(
        "CPU time leaves them out; what is by the clock needs a machine with nothing else to do.\n"
    )
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure everything."""
    yield from worlds_a_second(load_scenario(SCENARIO))
    yield from app.rows()
    yield from first_table()
    yield from batch.rows()
    yield from rivals.rows()
    yield from growth.rows()
    yield f"Where the time goes, {CHUNK:,} worlds side by side"
    shares = phases(load_scenario(SCENARIO), CHUNK)
    large = {name: share for name, share in shares.items() if share >= LARGE}
    for name in sorted(large, key=lambda name: -large[name]):
        yield Row(name, 100 * large[name], "% of CPU time")
    yield Row("all else", 100 * (1 - sum(large.values())), "% of CPU time")


def worlds_a_second(setting: Scenario) -> Iterator[Row | str]:
    """Measure widths by turns."""
    yield f"One core, {SCENARIO}, {setting.time.horizon} weeks, all mechanisms, CPU time"
    works: dict[int, Work] = {width: partial(simulate, setting, width) for width in WIDTHS}
    spent = by_turns(works, REPEATS)
    rates = {width: width / median(seconds) for width, seconds in spent.items()}
    times = WIDE * ratio(spent[1], spent[WIDE])
    yield Row(f"{WIDE:,} worlds side by side", rates.pop(WIDE), "worlds/s", at_least(RATE))
    yield Row("  against one world at a time", times, "times the rate", at_least(RATIO))
    yield Row(f"{SLIDER} worlds, as for a slider", median(spent[SLIDER]), "s of CPU", app.HALF)
    for width, rate in rates.items():
        yield Row(f"{width:,} side by side", rate, "worlds/s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("peak memory", memory, "MB", at_most(batch.MEMORY))


def phases(setting: Scenario, width: int) -> dict[str, float]:
    """Return each phase's share of the time of a run, and what is left for the rest."""
    spent: dict[str, float] = {}
    negotiation = build(setting, width)

    def timed(phase: Phase) -> Phase:
        spent[phase.name] = 0.0

        def run(n: Negotiation) -> None:
            begun = time.process_time()
            phase.run(n)
            spent[phase.name] += time.process_time() - begun

        return phase._replace(run=run)

    with patch.object(week, "WEEK", tuple(timed(phase) for phase in week.WEEK)):
        total = spend(negotiation)
    spent["the rest"] = total - sum(spent.values())
    return {name: seconds / total for name, seconds in spent.items()}


def spend(negotiation: Negotiation) -> float:
    """Return the CPU seconds of a run to its end."""
    begun = time.process_time()
    finish(negotiation)
    return time.process_time() - begun


def first_table() -> Iterator[Row | str]:
    """Measure the time from the start of `python run.py` to its first table, and to its end."""
    yield "`python run.py`, warm, by the clock"
    with tempfile.TemporaryDirectory() as folder:
        begun, first = time.perf_counter(), 0.0
        command = [sys.executable, "run.py", "--out", str(Path(folder) / "bench")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                if not first and "%" in line:
                    first = time.perf_counter() - begun
        whole = time.perf_counter() - begun
    yield Row("to its first table", first, "s", at_most(FIRST))
    yield Row("to its end, with all files and figures", whole, "s", at_most(FIRST))


if __name__ == "__main__":
    main()
