"""Counts what became of each thing that was put to the program."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SLOW = 10.0  # seconds of CPU for one thing; more is a hang to whoever waits
LONG = 20_000  # characters of a message; nobody reads more

type Verdict = tuple[str, list[str]]


@dataclass
class Tally:
    """What became of all: how many of each verdict, what was wrong, the slowest in CPU seconds."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def tallied[T](
    things: Iterable[T], judged: Callable[[T], Verdict], slow: float = SLOW, name: str = "number"
) -> Tally:
    """Judge things one after the other, and add it up; one that takes too long went wrong.

    >>> tallied([1, 2], lambda number: ("even" if number % 2 == 0 else "odd", [])).faults
    []
    """
    tally = Tally()
    for thing in things:
        begun = time.process_time()
        verdict, faults = judged(thing)
        spent = time.process_time() - begun
        if spent > slow:
            faults = [*faults, f"took {spent:.1f} s"]
        tally.verdicts[verdict] += 1
        tally.faults += [f"{name} {thing}: {fault}" for fault in faults]
        tally.slowest = max(tally.slowest, spent)
    return tally
