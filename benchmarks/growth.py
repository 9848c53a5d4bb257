"""Fit the growth of time and memory with the numbers of worlds, weeks, issues and agents."""

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
    """Measure the growth of CPU time and peak array memory: cost ~ size^exponent, upper half."""
    yield f"Growth of cost, {SCENARIO}: {WORLDS} worlds, 52 weeks, 10 issues, 28 agents by default"
    for name, sizes in LADDERS.items():
        seconds, memory = measure(name, sizes)
        upper = sizes[len(sizes) // 2 :]
        label = f"{name}, {upper[0]:,} to {upper[-1]:,}"
        yield Row(f"time, {label} ({seconds[-1]:.1f} s)", exponent(sizes, seconds), "exponent")
        yield Row(f"memory, {label} ({memory[-1]:.0f} MB)", exponent(sizes, memory), "exponent")


def measure(name: str, sizes: Sequence[int]) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of a run and the peak memory of its arrays in MB, for each size."""
    works: dict[int, Work] = {}
    for size in sizes:
        works[size] = partial(run_worlds, *scenario_of_size(name, size))
    spent = by_turns(works, REPEATS)
    return [median(spent[size]) for size in sizes], [peak(works[size]) for size in sizes]


def run_worlds(setting: Scenario, worlds: int) -> None:
    """Simulate worlds to the horizon."""
    finish(build(setting, worlds))


def peak(work: Work) -> float:
    """Return the peak memory of the arrays of a task in MB."""
    gc.collect()
    tracemalloc.start()
    work()
    megabytes = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return megabytes


def scenario_of_size(name: str, size: int) -> tuple[Scenario, int]:
    """Return a scenario of this size, and the number of worlds to simulate."""
    weeks = size if name == "weeks" else 52
    setting = load_scenario(SCENARIO, {"time.horizon": weeks})
    if name == "worlds":
        return setting, size
    content = setting.model_dump()
    if name == "issues":
        add_copies(content["issues"], size, "purchases")
    if name == "agents":
        people = size - len(content["constituencies"])
        add_copies(content["actors"], people, "peter_navarro")
        for key in list(content["actors"])[len(setting.actors) :]:
            edge = next(e for e in setting.edges if e.startswith("peter_navarro>"))
            content["edges"][f"{key}>{edge.split('>')[1]}"] = content["edges"][edge]
    return Scenario.model_validate(content), WORLDS


def add_copies(entries: dict[str, Any], size: int, like: str) -> None:
    """Add copies of an entry up to this number of entries."""
    for number in range(size - len(entries)):
        entries[f"{like}_{number}"] = deepcopy(entries[like])


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return the slope of log cost against log size over the upper half of the sizes.

    >>> round(exponent([1, 2, 4, 8], [3.0, 5.0, 20.0, 80.0]), 6)
    2.0
    """
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(costs[half:]), 1)[0])


if __name__ == "__main__":
    main()
