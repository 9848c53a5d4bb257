"""Prints how time and memory grow with worlds, weeks, issues and agents, with fitted exponents."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from copy import deepcopy
from statistics import median
from typing import Any

import numpy as np

from experiments.engine import build, finish
from model.scenario import Scenario, load_scenario

SCENARIO = "february_2025"
WORLDS = 500
REPEATS = 3
LADDERS: dict[str, Sequence[int]] = {
    "worlds": (250, 500, 1000, 2000, 3000),
    "weeks": (13, 26, 52, 104, 208),
    "issues": (10, 20, 40, 80),
    "agents": (28, 56, 112, 224),
}


def main() -> None:
    """Print one table."""
    print(f"{SCENARIO}, {WORLDS} worlds, 52 weeks, 10 issues, 28 people where not said otherwise;")
    print(f"CPU time, median of {REPEATS}, and peak of arrays; cost ~ size^exponent, upper half")
    for name, sizes in LADDERS.items():
        seconds, memory = zip(*(measure(name, size) for size in sizes), strict=True)
        cells = "".join(
            f"  {size:>5,}: {spent:5.2f} s {peak:4.0f} MB"
            for size, spent, peak in zip(sizes, seconds, memory, strict=True)
        )
        time_exponent, memory_exponent = exponent(sizes, seconds), exponent(sizes, memory)
        print(f"  {name:<7}{cells}   time^{time_exponent:.2f} memory^{memory_exponent:.2f}")


def measure(name: str, size: int) -> tuple[float, float]:
    """Return CPU seconds of a run and the peak of its arrays in MB."""
    setting, worlds = sized(name, size)
    run: Callable[[], object] = lambda: finish(build(setting, worlds))  # noqa: E731
    run()
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        run()
        seconds.append(time.process_time() - begun)
    gc.collect()
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return median(seconds), peak


def sized(name: str, size: int) -> tuple[Scenario, int]:
    """Return a scenario of a size, and how many worlds to run."""
    weeks = size if name == "weeks" else 52
    setting = load_scenario(SCENARIO, {"time.horizon": weeks})
    if name == "worlds":
        return setting, size
    content = setting.model_dump()
    if name == "issues":
        more(content["issues"], size, "purchases")
    if name == "agents":
        people = size - len(content["constituencies"])
        more(content["actors"], people, "peter_navarro")
        for key in list(content["actors"])[len(setting.actors) :]:
            edge = next(e for e in setting.edges if e.startswith("peter_navarro>"))
            content["edges"][f"{key}>{edge.split('>')[1]}"] = content["edges"][edge]
    return Scenario.model_validate(content), WORLDS


def more(entries: dict[str, Any], size: int, like: str) -> None:
    """Add copies of an entry until there are as many as wanted."""
    for number in range(size - len(entries)):
        entries[f"{like}_{number}"] = deepcopy(entries[like])


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return the slope of log cost on log size over the upper half of the sizes.

    >>> round(exponent([1, 2, 4, 8], [3.0, 5.0, 20.0, 80.0]), 6)
    2.0
    """
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(costs[half:]), 1)[0])


if __name__ == "__main__":
    main()
