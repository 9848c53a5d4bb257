"""Takes the time of several works by turns, so that what else the machine does falls on all."""

import time
from collections.abc import Callable, Mapping
from statistics import median

type Work = Callable[[], object]


def by_turns[Name](works: Mapping[Name, Work], repeats: int) -> dict[Name, list[float]]:
    """Return the CPU seconds of each work, once a round; a round before them warms up."""
    seconds: dict[Name, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, work in works.items():
            begun = time.process_time()
            work()
            if turn:
                seconds[name].append(time.process_time() - begun)
    return seconds


def ratio(left: list[float], right: list[float]) -> float:
    """Return how many times longer the left work takes, median over the rounds.

    >>> ratio([2.0, 4.0, 9.0], [1.0, 2.0, 3.0])
    2.0
    """
    return median(one / other for one, other in zip(left, right, strict=True))
