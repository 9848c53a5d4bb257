"""Plot the findings of an experiment: a row per claim, with its effects and the verdict."""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.factorial.findings import Finding
from experiments.plots import style
from experiments.report.numbers import signed
from experiments.statistics import Interval


class Mark(NamedTuple):
    """How a verdict is shown: by a sign as well as a colour."""

    sign: str
    colour: str


MARKS = {
    "supported": Mark("✓", style.GREEN),
    "not supported": Mark("✗", style.VERMILION),
    "built in": Mark("□", style.GREY),
}
ROWS = 6  # claims per page; more go on further pages
FEWEST = 4  # rows are not stretched on a page with fewer claims
LETTERS = 48  # characters of a claim per line
ROOMY = 0.14  # height of a row with room for a fourth line, as a share of the figure
LEFT, WIDTH = 0.44, 0.345  # of the scales, as shares of the figure's width
BESIDE = 21  # characters of an effect and its unit that fit into one line
TOP, FOOT = 0.865, 0.09


def pages(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return the findings split into readable pages of almost equal length.

    >>> [len(page) for page in pages([None] * 8)]
    [4, 4]
    """
    number = -(-len(findings) // ROWS)
    return [list(findings[len(findings) * p // number : len(findings) * (p + 1) // number])
            for p in range(number)]  # fmt: skip


def verdicts(title: str, findings: Sequence[Finding], caption: str) -> Figure:
    """Draw claims with their effects; each row has its own scale, with 0 in the middle.

    Diamond and bar: all contexts together, with the 95 % interval. Dots: each context, filled if
    its interval excludes 0.
    """
    contexts = max((len(one.each) for one in findings), default=0)
    figure = style.canvas(
        textwrap.shorten(title, 68, placeholder=" …"),
        f"Diamond: all {contexts} contexts together, 95 % interval; dots: each context, "
        "hollow if its interval includes 0",
        caption,
    )
    height = (TOP - FOOT) / max(len(findings), FEWEST)
    for place, found in enumerate(findings):
        foot = TOP - (place + 1) * height
        mark = MARKS[found.verdict]
        _words(figure, found, mark, foot + height, height)
        axes = style.panel(figure, LEFT, foot + 0.36 * height, WIDTH, 0.58 * height)
        _effects(axes, found, mark)
        _numbers(figure, found, foot + height)
    return figure


def _words(figure: Figure, found: Finding, mark: Mark, top: float, height: float) -> None:
    """Write the verdict and, below it, the claim, shortened with dots if it is too long."""
    figure.text(
        0.03,
        top - 0.022,
        f"{mark.sign} {found.verdict}",
        fontsize=style.SMALL,
        weight="bold",
        color=mark.colour,
        va="center",
    )
    figure.text(
        0.03,
        top - 0.040,
        "\n".join(
            textwrap.wrap(
                found.claim, LETTERS, max_lines=4 if height > ROOMY else 3, placeholder=" …"
            )
        ),
        fontsize=style.SMALL,
        color=style.INK,
        va="top",
        linespacing=1.05,
    )


def _effects(axes: Axes, found: Finding, mark: Mark) -> None:
    """Draw the effect over all contexts and in each."""
    reach = _reach([found.effect, *found.each])
    axes.axvline(0.0, color=style.INK, linewidth=1.2, zorder=1)
    heights = np.linspace(0.96, 0.42, max(len(found.each), 1))
    for height, each in zip(heights, found.each, strict=False):
        if np.isfinite(each.estimate):
            axes.plot([each.low, each.high], [height] * 2, color=mark.colour, alpha=0.45, lw=1.6)
            clear = each.low > 0.0 or each.high < 0.0
            fill = mark.colour if clear else "white"
            axes.plot(each.estimate, height, "o", ms=5, mfc=fill, mec=mark.colour, zorder=3)
    if np.isfinite(found.effect.estimate):
        middle, low, high = found.effect
        axes.plot([low, high], [0.14] * 2, color=style.INK, lw=4, solid_capstyle="butt", zorder=3)
        axes.plot(middle, 0.14, "D", ms=9, mfc=mark.colour, mec="white", mew=1.2, zorder=4)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.05, 1.05)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], symmetric=True))
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    axes.tick_params(axis="x", labelsize=12, length=3, pad=2)


def _reach(intervals: Sequence[Interval]) -> float:
    """Return the length of a row's scale on both sides of 0."""
    ends = np.abs([end for interval in intervals for end in interval])
    finite = ends[np.isfinite(ends)]
    return 1.06 * float(finite.max()) if finite.size and finite.max() > 0.0 else 1.0


def _numbers(figure: Figure, found: Finding, top: float) -> None:
    """Write the effect, its interval and unit, and in how many contexts the claim holds."""
    middle, low, high = found.effect
    known = np.isfinite(middle)
    head = signed(middle) if known else "no world has it"
    lines = textwrap.wrap(found.unit, 26, max_lines=2) if known else []
    if known and len(head) + len(found.unit) < BESIDE:
        head, lines = f"{head} {found.unit}", []
    lines += textwrap.wrap(f"{signed(low)} to {signed(high)}", 26) if known else []
    lines.append(f"holds in {found.held} of {len(found.each)}")
    right = LEFT + WIDTH + 0.02
    figure.text(
        right,
        top - 0.022,
        head,
        fontsize=style.TEXT,
        weight="bold",
        color=style.INK,
        va="center",
    )
    figure.text(
        right,
        top - 0.042,
        "\n".join(lines),
        fontsize=style.SMALL,
        color=style.INK,
        va="top",
        linespacing=1.05,
    )
