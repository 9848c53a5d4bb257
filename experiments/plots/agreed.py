"""Plot what agreements contain: a track per issue, from nothing to all its owner could give."""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style
from experiments.summary import CONTAINED, amount
from model.arrays import Array

FEW = 8  # fewer tracks than this are drawn at the top, not stretched over the page


class Track(NamedTuple):
    """An issue in the figure: its levels (n,) in the agreements, and the amount at level 1."""

    title: str
    owner: int
    amount: float
    unit: str
    levels: Array


def agreed(tracks: Sequence[Track], titles: Sequence[str], caption: str) -> Figure:
    """Draw the agreed levels by issue: median, middle half and nine in ten.

    tracks: one per issue, all with the same agreements; titles: of the sides. The percentages on
    the right are the share of agreements that contain the issue at all (level 0.05 or more).
    """
    agreements = max((track.levels.size for track in tracks), default=0)
    figure = style.canvas(
        "What agreements contain",
        f"Levels in {agreements:,} agreements: median, the middle half and nine in ten",
        caption,
    )
    ordered = sorted(tracks, key=lambda track: track.owner)
    gap = 0.8 if len({track.owner for track in tracks}) > 1 else 0.0
    axes = style.panel(figure, 0.31, 0.18, 0.36, 0.66)
    for place, track in enumerate(ordered):
        _track(axes, place + gap * track.owner, track)
    for owner, title in enumerate(titles):
        rows = [place for place, track in enumerate(ordered) if track.owner == owner]
        if rows:
            axes.text(
                -0.75,
                rows[0] + gap * owner - 0.72,
                f"{title} gives",
                weight="bold",
                fontsize=style.TEXT,
                color=style.SIDES[owner],
                transform=axes.get_yaxis_transform(),
            )
    for left, heading in ((1.04, "median amount"), (1.62, "contained in")):
        axes.text(
            left,
            -1.05,
            heading,
            fontsize=style.SMALL,
            color=style.GREY,
            weight="bold",
            transform=axes.get_yaxis_transform(),
            va="center",
        )
    axes.set_yticks([])
    axes.set_ylim(max(len(ordered) + gap, FEW) - 0.3, -1.1)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0\nnothing", "0.25", "0.5", "0.75", "1\nall of it"])
    axes.set_xlabel("agreed level (share of all that its owner could give)", fontsize=style.TEXT)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.PALE)
    return figure


def _track(axes: Axes, place: float, track: Track) -> None:
    """Draw one issue: its bands, its median as a mark, and text at both ends."""
    colour = style.SIDES[track.owner]
    _beside(axes, -0.03, place, textwrap.fill(track.title, 28), align="right")
    axes.plot([0, 1], [place, place], color=style.PALE, linewidth=2, zorder=1)
    if not track.levels.size:
        return
    q05, q25, q50, q75, q95 = np.quantile(track.levels, [0.05, 0.25, 0.5, 0.75, 0.95])
    axes.plot(
        [q05, q95],
        [place, place],
        color=colour,
        linewidth=4,
        alpha=0.45,
        zorder=2,
        solid_capstyle="butt",
    )
    axes.plot(
        [q25, q75], [place, place], color=colour, linewidth=15, zorder=3, solid_capstyle="butt"
    )
    axes.plot(
        q50,
        place,
        marker="o",
        markersize=11,
        color="white",
        markeredgecolor=style.INK,
        markeredgewidth=2,
        zorder=4,
        clip_on=False,
    )
    contained = 100 * float(np.mean(track.levels >= CONTAINED))
    unit = track.unit.replace("percent", "%")
    _beside(axes, 1.04, place, textwrap.fill(f"{amount(track.amount * q50)} {unit}", 25))
    _beside(axes, 1.62, place, f"{contained:.0f} %")


def _beside(axes: Axes, across: float, place: float, words: str, align: str = "left") -> None:
    """Write text beside the tracks; `across` is in panel widths."""
    axes.text(
        across,
        place,
        words,
        fontsize=style.SMALL,
        color=style.INK,
        ha=align,
        va="center",
        transform=axes.get_yaxis_transform(),
        linespacing=0.95,
    )
