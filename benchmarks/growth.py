"""Fits how time and memory grow with worlds, weeks, issues and agents."""

import gc
import tracemalloc
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks.clock import Work, by_turns
from benchmarks.table import Row, show
from experiments.engine import build, finish
from model.schema.scenario import Scenario, load_scenario

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
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure how CPU time and the peak of arrays grow: cost ~ size^exponent, upper half."""
    yield f"How cost grows, {SCENARIO}: {WORLDS} worlds, 52 weeks, 10 issues, 28 agents unless said"
    for name, sizes in LADDERS.items():
        seconds, memory = measure(name, sizes)
        upper = sizes[len(sizes) // 2 :]
        said = f"{name}, {upper[0]:,} to {upper[-1]:,}"
        yield Row(f"time, {said} ({seconds[-1]:.1f} s)", exponent(sizes, seconds), "exponent")
        yield Row(f"memory, {said} ({memory[-1]:.0f} MB)", exponent(sizes, memory), "exponent")


def measure(name: str, sizes: Sequence[int]) -> tuple[list[float], list[float]]:
    """Return CPU seconds of a run and the peak of its arrays in MB, for each size."""
    works: dict[int, Work] = {}
    for size in sizes:
        works[size] = partial(simulated, *sized(name, size))
    spent = by_turns(works, REPEATS)
    return [median(spent[size]) for size in sizes], [peak(works[size]) for size in sizes]


def simulated(setting: Scenario, worlds: int) -> None:
    """Run worlds to their end."""
    finish(build(setting, worlds))


def peak(work: Work) -> float:
    """Return the peak of a work's arrays in MB."""
    gc.collect()
    tracemalloc.start()
    work()
    found = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return found


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
