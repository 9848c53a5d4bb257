"""Count the verdicts and faults of test cases."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SLOW = 10.0  # seconds of CPU for one case; a slower case is a fault
LONG = 20_000  # characters of a message; a longer one is a fault

type Verdict = tuple[str, list[str]]


@dataclass
class Tally:
    """Counts of verdicts, all faults, and the CPU seconds of the slowest case."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def tally_cases[T](
    cases: Iterable[T], judge: Callable[[T], Verdict], slow: float = SLOW, name: str = "number"
) -> Tally:
    """Judge all cases and count the verdicts. A case slower than `slow` seconds is a fault.

    >>> tally_cases([1, 2], lambda number: ("even" if number % 2 == 0 else "odd", [])).faults
    []
    """
    tally = Tally()
    for case in cases:
        begun = time.process_time()
        verdict, faults = judge(case)
        spent = time.process_time() - begun
        if spent > slow:
            faults = [*faults, f"took {spent:.1f} s"]
        tally.verdicts[verdict] += 1
        tally.faults += [f"{name} {case}: {fault}" for fault in faults]
        tally.slowest = max(tally.slowest, spent)
    return tally
