"""Prints how many worlds a second one core runs, what they cost, and where the time goes."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, said before NumPy is loaded

from benchmarks import app
from experiments.engine import CHUNK, build, finish, simulate
from model.negotiation import Negotiation
from model.phases import home, opinions, promises, talks, tariffs, threats, truces
from model.scenario import Scenario, load_scenario

SCENARIO = "february_2025"
WIDTHS = (1, 100, 500, 1000, CHUNK)
SLIDER = 500  # worlds that the app draws anew when a slider is moved
REPEATS = 3
PHASES = {  # phase functions by the module that the negotiation calls them from
    opinions: ("strike", "take_counsel"),
    tariffs: ("bring_into_force",),
    talks: ("probe", "talk"),
    home: ("ratify", "judge"),
    threats: ("fall_due", "threaten", "gesture"),
    truces: ("make_truce", "legislate"),
    promises: ("keep_or_break",),
}
OWN = ("appraise", "take_stock")  # what the negotiation does itself


def main() -> None:
    """Print one table."""
    setting = load_scenario(SCENARIO)
    simulate(setting, 2)  # loads the grid, warms caches
    print(f"{SCENARIO}, {setting.time.horizon} weeks, one core; median of {REPEATS} runs, CPU time")
    rates = {width: rate(setting, width) for width in WIDTHS}
    for width, (worlds, memory) in rates.items():
        print(f"  R = {width:>5,}: {worlds:>9,.1f} worlds a second, peak memory {memory:,.0f} MB")
    ratio = rates[1000][0] / rates[1][0]
    print(f"  R = 1,000 against R = 1: {ratio:,.0f} times the rate (goal: at least 100)")
    print(f"  goal at R = 1,000: 2,000 worlds a second; measured: {rates[1000][0]:,.0f}")
    print(f"  {SLIDER} worlds for a slider: {SLIDER / rates[SLIDER][0]:.2f} s (goal: 0.5 s)")
    print(f"share of time by phase, R = {CHUNK:,}:")
    for name, share in phases(setting, CHUNK).items():
        print(f"  {name:<16} {share:6.1%}")
    app.main()
    first, whole = first_table()
    print(f"python run.py: {first:.1f} s to the first table, {whole:.1f} s with files and figures")


def rate(setting: Scenario, width: int) -> tuple[float, float]:
    """Return worlds a second and the peak memory so far in MB."""
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        simulate(setting, width)
        seconds.append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return width / median(seconds), peak


def phases(setting: Scenario, width: int) -> dict[str, float]:
    """Return each phase's share of the time of a run, and what is left for the rest."""
    spent: dict[str, float] = {}
    negotiation = build(setting, width)

    def timed(name: str, work: Callable[..., None]) -> Callable[..., None]:
        spent[name] = 0.0

        def run(*given: object) -> None:
            begun = time.process_time()
            work(*given)
            spent[name] += time.process_time() - begun

        return run

    with ExitStack() as stack:
        places: list[tuple[object, tuple[str, ...]]] = [
            (negotiation.economy, ("feel",)), (negotiation, OWN), *PHASES.items()
        ]  # fmt: skip
        for place, names in places:
            for name in names:
                stack.enter_context(patch.object(place, name, timed(name, getattr(place, name))))
        total = spend(negotiation)
    spent["the rest"] = total - sum(spent.values())
    return {name: seconds / total for name, seconds in spent.items()}


def spend(negotiation: Negotiation) -> float:
    """Return the CPU seconds of a run to its end."""
    begun = time.process_time()
    finish(negotiation)
    return time.process_time() - begun


def first_table() -> tuple[float, float]:
    """Return the seconds from the start of `python run.py` to its first table, and to its end."""
    with tempfile.TemporaryDirectory() as folder:
        begun, first = time.perf_counter(), 0.0
        command = [sys.executable, "run.py", "--out", str(Path(folder) / "bench")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                if not first and "%" in line:
                    first = time.perf_counter() - begun
        return first, time.perf_counter() - begun


if __name__ == "__main__":
    main()
