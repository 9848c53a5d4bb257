"""Plot the utility plane: what could be agreed, what theory proposes, and what was agreed."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style
from model.arrays import Array
from model.rules import solutions
from model.rules.curves import LINEAR, Bends

SOLUTIONS = {
    "Nash": (solutions.nash, "o", style.AMBER, 21),
    "Kalai-Smorodinsky": (solutions.kalai_smorodinsky, "s", style.GREEN, 15),
    "egalitarian (Kalai)": (solutions.egalitarian, "^", style.PINK, 12),
    "utilitarian": (solutions.utilitarian, "D", style.SKY, 12),
}  # smaller marks are drawn over larger ones, so that all are visible if they coincide


def utility_plane(
    gains: Array,
    reservation: Array,
    agreements: Array,
    sides: Sequence[str],
    caption: str,
    bend: Array | None = None,
) -> Figure:
    """Draw the Pareto frontier, the win-set, four solutions and the agreements reached.

    gains: (2, K) marginal worth of each issue to each side, points; reservation: (2,) the least
    that each accepts, and the disagreement point of the solutions; agreements: (n, 2) worths; bend:
    (2, K) curvature of the worths.
    """
    figure = style.canvas(
        "What could be agreed, and what was agreed",
        "Worth of a package to each side, in points above no deal; up and right is better for both",
        caption,
    )
    axes = style.panel(figure, 0.09, 0.14, 0.60, 0.71)
    wide = np.repeat(gains[:, :, np.newaxis], 2, axis=-1)  # rules need at least two worlds
    bends = LINEAR if bend is None else Bends(*np.repeat(bend[:, :, np.newaxis], 2, axis=-1))
    corners = solutions.frontier(wide[0], wide[1], bends)
    floor = np.repeat(reservation[:, np.newaxis], 2, axis=-1)
    own, other = corners.own[:, 0], corners.other[:, 0]
    inside = solutions.win_set(corners, floor)
    _win_set(axes, inside, reservation)
    axes.scatter(
        agreements[:, 0],
        agreements[:, 1],
        s=34,
        color=style.GREY,
        alpha=0.5,
        edgecolor="white",
        linewidth=0.4,
        zorder=3.5,
        label=f"{len(agreements):,} agreements, with their\nworth when signed",
    )
    axes.plot(own, other, color=style.INK, linewidth=2.5, label="Pareto frontier", zorder=3)
    for side, (line, least) in enumerate(
        zip((axes.axvline, axes.axhline), reservation, strict=True)
    ):
        words, colour = f"reservation value,\n{sides[side]}", style.SIDES[side]
        line(least, color=colour, linestyle="--", linewidth=2, label=words)
    axes.plot(0, 0, marker="X", markersize=13, color=style.INK, linestyle="none", label="no deal")
    _solutions(axes, corners, floor)
    _frame(figure, corners, floor, agreements, sides)
    return figure


def _win_set(axes: Axes, inside: solutions.Frontier, reservation: Array) -> None:
    """Fill the packages that are better for both than their reservation values, if any."""
    if np.isnan(inside.own).any():
        return
    axes.fill(
        [*inside.own[:, 0], reservation[0]],
        [*inside.other[:, 0], reservation[1]],
        color=style.AMBER,
        alpha=0.16,
        linewidth=0,
        label="better for both than\ntheir reservation values",
    )


def _solutions(axes: Axes, corners: solutions.Frontier, floor: Array) -> None:
    """Mark the solutions that bargaining theory proposes."""
    for name, (solution, marker, colour, size) in SOLUTIONS.items():
        point = solution(corners, floor)[:, 0]
        axes.plot(
            *point,
            marker=marker,
            markersize=size,
            color=colour,
            markeredgecolor=style.INK,
            linestyle="none",
            zorder=4,
            label=name,
        )


def _frame(
    figure: Figure,
    corners: solutions.Frontier,
    floor: Array,
    agreements: Array,
    sides: Sequence[str],
) -> None:
    """Show the part of the plane that either side could accept; add axis titles and the legend."""
    axes = figure.axes[0]
    part = solutions.win_set(corners, np.minimum(floor, 0.0))
    if np.isnan(part.own).any():
        part = corners
    for values, side, limit in ((part.own, 0, axes.set_xlim), (part.other, 1, axes.set_ylim)):
        shown = np.concatenate([[0.0], floor[side], values[:, 0], agreements[:, side]])
        margin = 0.08 * float(np.ptp(shown)) or 0.1
        limit(float(shown.min() - margin), float(shown.max() + margin))
    axes.set_xlabel(f"worth to {sides[0]} (points)", fontsize=style.TEXT, color=style.SIDES[0])
    axes.set_ylabel(f"worth to {sides[1]} (points)", fontsize=style.TEXT, color=style.SIDES[1])
    axes.grid(color=style.PALE)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.02, 1.0),
        fontsize=style.SMALL,
        frameon=False,
        labelspacing=0.9,
        labelcolor=style.INK,
    )
