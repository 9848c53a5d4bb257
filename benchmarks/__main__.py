"""Prints one table: the targets of speed and what was measured, rivals and growth."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core; must be set before NumPy is loaded

from benchmarks import app, batch, browser, engines, growth, rivals
from benchmarks.clock import Work, by_turns, ratio
from benchmarks.table import Row, at_least, at_most, show
from experiments.engine import simulate
from model.schema.scenario import Scenario, load_scenario

REPEATS = 3
WIDE = 1000
RATIO, FIRST, END = 100.0, 3.0, 7.0  # goals: wide to one; seconds of run.py to table and end


def main() -> None:
    """Print the table row by row."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{cores} cores; load average of the last minute: {load:.1f}.")
    print("CPU time excludes other programs. Wall-clock time is only valid on an idle machine.\n")
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure everything."""
    yield from engines.rows()
    yield from one_at_a_time(load_scenario(engines.SCENARIO))
    yield from app.rows()
    yield from browser.rows()
    yield from first_table()
    yield from batch.rows()
    yield from rivals.rows()
    yield from growth.rows()


def one_at_a_time(setting: Scenario) -> Iterator[Row | str]:
    """Measure what worlds side by side bring against one at a time, by NumPy alone."""
    yield "Worlds side by side against one at a time, NumPy, CPU time"
    works: dict[int, Work] = {
        width: partial(simulate, setting, width, engine="numpy") for width in (1, WIDE)
    }
    spent = by_turns(works, REPEATS)
    times = WIDE * ratio(spent[1], spent[WIDE])
    yield Row(f"{WIDE:,} worlds side by side", times, "times the rate", at_least(RATIO))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("peak memory", memory, "MB", at_most(batch.MEMORY))


def first_table() -> Iterator[Row | str]:
    """Measure the time from the start of `python run.py` to its first table and to its end."""
    yield "`python run.py`, warm, wall-clock time"
    with tempfile.TemporaryDirectory() as folder:
        begun, first = time.perf_counter(), 0.0
        command = [sys.executable, "run.py", "--out", str(Path(folder) / "bench")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                if not first and "%" in line:
                    first = time.perf_counter() - begun
        whole = time.perf_counter() - begun
    yield Row("to its first table", first, "s", at_most(FIRST))
    yield Row("to its end, with all files and figures", whole, "s", at_most(END))


if __name__ == "__main__":
    main()
