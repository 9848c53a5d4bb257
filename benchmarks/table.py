"""The table of all benchmarks: measurements and targets."""

from collections.abc import Iterable
from typing import NamedTuple

WIDTHS = (54, 9, 9, 14, 6)  # columns: benchmark, target, measured, unit, verdict


class Target(NamedTuple):
    """A target: an upper limit or, with `at_least`, a lower limit."""

    value: float
    at_least: bool = False

    def met(self, measured: float) -> bool:
        """Return whether a measurement meets the target."""
        return measured >= self.value if self.at_least else measured <= self.value


class Row(NamedTuple):
    """A measurement. measured: None if it could not be taken; `unit` then gives the reason."""

    what: str
    measured: float | None
    unit: str
    target: Target | None = None

    @property
    def verdict(self) -> str:
        """Return "met" or "MISSED", or "" without a target."""
        if self.target is None or self.measured is None:
            return ""
        return "met" if self.target.met(self.measured) else "MISSED"


def at_least(value: float) -> Target:
    """Return a lower limit as a target."""
    return Target(value, at_least=True)


def at_most(value: float) -> Target:
    """Return an upper limit as a target."""
    return Target(value)


def show(rows: Iterable[Row | str]) -> None:
    """Print the table, each row when it is measured. Strings are headings."""
    print(line("benchmark", "target", "measured", "unit", "verdict"))
    print(line(*("-" * width for width in WIDTHS)))
    verdicts = []
    for row in rows:
        if isinstance(row, str):
            print(f"\n{row}", flush=True)
            continue
        target, measured = "", "-" if row.measured is None else short(row.measured)
        if row.target:
            target = f"{'>=' if row.target.at_least else '<='} {short(row.target.value)}"
        print(line(row.what, target, measured, row.unit, row.verdict), flush=True)
        verdicts += [row.verdict] if row.verdict else []
    if verdicts:
        print(f"\n{verdicts.count('MISSED')} of {len(verdicts)} targets are missed.")


def line(what: str, target: str, measured: str, unit: str, verdict: str) -> str:
    """Return a line of the table with right-aligned numbers."""
    widths = iter(WIDTHS)
    cells = f"{what:<{next(widths)}} {target:>{next(widths)}} {measured:>{next(widths)}}"
    return f"{cells}  {unit:<{next(widths)}} {verdict}".rstrip()


def short(value: float) -> str:
    """Return a number with three significant digits, or with all digits before the point.

    >>> [short(value) for value in (-0.0001, 0.0214, 0.5, 14.82, 1630.8)]
    ['0.000', '0.021', '0.50', '14.8', '1,631']
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{round(value, digits) + 0.0:,.{digits}f}"
