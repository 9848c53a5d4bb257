"""The elements of a page: parts with a title, each a list of blocks that the template renders."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from experiments.report.numbers import number, signed
from experiments.statistics import Interval
from experiments.summary import Section

SIGNS = {"supported": "✓", "not supported": "✗", "built in": "□"}


class Block(Protocol):
    """A block that the template renders with the macro of this name."""

    macro: ClassVar[str]


@dataclass(frozen=True)
class Words:
    """Paragraphs."""

    macro: ClassVar[str] = "words"
    paragraphs: list[str]


@dataclass(frozen=True)
class Items:
    """A list."""

    macro: ClassVar[str] = "items"
    items: list[str]


@dataclass(frozen=True)
class Facts:
    """A list of terms with descriptions."""

    macro: ClassVar[str] = "facts"
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A titled text table with a note. folded: shown only when opened."""

    macro: ClassVar[str] = "table"
    section: Section
    folded: bool = False


@dataclass(frozen=True)
class Text:
    """Preformatted text, such as a command. With a title it is folded below it."""

    macro: ClassVar[str] = "text"
    text: str
    title: str = ""
    wrap: bool = False


@dataclass(frozen=True)
class Shown:
    """A figure with its content as a data URL."""

    name: str
    title: str
    address: str
    file: str


@dataclass(frozen=True)
class Figures:
    """A list of figures."""

    macro: ClassVar[str] = "figures"
    figures: list[Shown]


@dataclass(frozen=True)
class Strip:
    """Intervals on a scale with 0 in the middle. Positions are in percent of the width."""

    reach: float
    all: Interval | None
    each: list[Interval]

    @property
    def left(self) -> str:
        """Return the number at the left end."""
        return number(-self.reach)

    @property
    def right(self) -> str:
        """Return the number at the right end."""
        return signed(self.reach)


@dataclass(frozen=True)
class Card:
    """A finding: claim, verdict, formatted numbers, and strip."""

    claim: str
    verdict: str
    effect: str
    interval: str
    held: str
    detail: str
    strip: Strip
    sentence: str

    @property
    def sign(self) -> str:
        """Return a symbol for the verdict, so that colour is not the only sign of it."""
        return SIGNS.get(self.verdict, "")


@dataclass(frozen=True)
class Cards:
    """A list of findings."""

    macro: ClassVar[str] = "cards"
    cards: list[Card]


@dataclass(frozen=True)
class Bars:
    """Differences with intervals, one per row, on a common scale or on separate scales."""

    macro: ClassVar[str] = "bars"
    rows: list[tuple[str, str, Strip]]
    note: str


@dataclass(frozen=True)
class Part:
    """A part of a page."""

    key: str
    title: str
    blocks: list[Any]


@dataclass(frozen=True)
class Page:
    """A page: its kind, title, introduction (`lede`) and parts."""

    kind: str
    title: str
    lede: list[str]
    parts: list[Part] = field(default_factory=list)


def strip(pooled: Interval, each: list[Interval], reach: float | None = None) -> Strip:
    """Return intervals on a scale from minus to plus `reach`, with 0 at 50 percent.

    >>> strip(Interval(1.0, 0.0, 2.0), [], reach=2.0).all
    Interval(estimate=75.0, low=50.0, high=100.0)
    """
    ends = np.abs([end for one in [pooled, *each] for end in one if np.isfinite(end)])
    most = float(ends.max()) if ends.size else 0.0
    scale = reach or 1.05 * most or 1.0

    def position(one: Interval) -> Interval:
        return Interval(*(round(float(50.0 + 50.0 * end / scale), 2) for end in one))

    known = [position(one) for one in each if np.isfinite(one.estimate)]
    return Strip(scale, position(pooled) if np.isfinite(pooled.estimate) else None, known)
