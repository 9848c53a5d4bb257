"""Time several tasks in turn, so that other load on the machine affects all of them equally."""

import time
from collections.abc import Callable, Mapping
from statistics import median

type Work = Callable[[], object]


def by_turns[Name](works: Mapping[Name, Work], repeats: int) -> dict[Name, list[float]]:
    """Return the CPU seconds of each task, one per round, after a warm-up round."""
    seconds: dict[Name, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, work in works.items():
            begun = time.process_time()
            work()
            if turn:
                seconds[name].append(time.process_time() - begun)
    return seconds


def ratio(left: list[float], right: list[float]) -> float:
    """Return the ratio of the times of two tasks, median over the rounds.

    >>> ratio([2.0, 4.0, 9.0], [1.0, 2.0, 3.0])
    2.0
    """
    return median(one / other for one, other in zip(left, right, strict=True))
