"""The one table of all benchmarks: what was measured, beside what was wanted."""

from collections.abc import Iterable
from typing import NamedTuple

WIDTHS = (54, 9, 9, 14, 6)  # columns: what, target, measured, unit, verdict


class Target(NamedTuple):
    """What is wanted: at most so much, or at least."""

    value: float
    at_least: bool = False

    def met(self, measured: float) -> bool:
        """Say whether what was measured is as wanted."""
        return measured >= self.value if self.at_least else measured <= self.value


class Row(NamedTuple):
    """What was measured; None where it could not be, of which the unit then says why."""

    what: str
    measured: float | None
    unit: str
    target: Target | None = None

    @property
    def verdict(self) -> str:
        """Return whether the target is met, in a word; none without a target."""
        if self.target is None or self.measured is None:
            return ""
        return "met" if self.target.met(self.measured) else "MISSED"


def at_least(value: float) -> Target:
    """Return the target of no less than a value."""
    return Target(value, at_least=True)


def at_most(value: float) -> Target:
    """Return the target of no more than a value."""
    return Target(value)


def show(rows: Iterable[Row | str]) -> None:
    """Print the table, each row when it is measured; a text stands above the rows of its part."""
    print(line("what", "target", "measured", "unit", "verdict"))
    print(line(*("-" * width for width in WIDTHS)))
    verdicts = []
    for row in rows:
        if isinstance(row, str):
            print(f"\n{row}", flush=True)
            continue
        wanted, found = "", "-" if row.measured is None else short(row.measured)
        if row.target:
            wanted = f"{'>=' if row.target.at_least else '<='} {short(row.target.value)}"
        print(line(row.what, wanted, found, row.unit, row.verdict), flush=True)
        verdicts += [row.verdict] if row.verdict else []
    if verdicts:
        print(f"\n{verdicts.count('MISSED')} of {len(verdicts)} targets are missed.")


def line(what: str, wanted: str, found: str, unit: str, verdict: str) -> str:
    """Return a line of the table; numbers end below each other."""
    widths = iter(WIDTHS)
    cells = f"{what:<{next(widths)}} {wanted:>{next(widths)}} {found:>{next(widths)}}"
    return f"{cells}  {unit:<{next(widths)}} {verdict}".rstrip()


def short(value: float) -> str:
    """Return a number with three figures or all of its whole ones.

    >>> [short(value) for value in (-0.0001, 0.0214, 0.5, 14.82, 1630.8)]
    ['0.000', '0.021', '0.50', '14.8', '1,631']
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{round(value, digits) + 0.0:,.{digits}f}"
