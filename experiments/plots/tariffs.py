"""Plot both sides' tariffs by week: the median world, the middle half, and nine in ten."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style
from model.sides import other_side

BANDS = ((0.05, 0.95, 0.22, "nine worlds in ten"), (0.25, 0.75, 0.45, "the middle half"))


SUBTITLE = "Average rate by week over all worlds; the fan shows how worlds differ, not a forecast"


def tariffs(
    tariff: xr.DataArray,
    start: date,
    titles: Sequence[str],
    caption: str,
    subtitle: str = SUBTITLE,
) -> Figure:
    """Draw a fan per side of its average tariff on the other side's goods.

    tariff: shares (0.207), dims week, side, world; start: the date of week 0; titles: of the sides.
    """
    figure = style.canvas(
        "Tariffs on each other's goods",
        subtitle,
        caption,
    )
    weeks = tariff["week"].to_numpy()
    percent = 100 * tariff.transpose("week", "side", "world").to_numpy()
    highest = max(10.0, 1.12 * float(np.quantile(percent, 0.95, axis=-1).max()))
    for side, (title, colour) in enumerate(zip(titles, style.SIDES, strict=True)):
        axes = style.panel(figure, 0.08 + 0.475 * side, 0.18, 0.40, 0.62)
        for low, high, alpha, _ in BANDS:
            bottom, top = np.quantile(percent[:, side], [low, high], axis=-1)
            axes.fill_between(
                weeks, bottom, top, color=colour, alpha=alpha, linewidth=0, step="post"
            )
        axes.step(
            weeks, np.median(percent[:, side], axis=-1), color=colour, linewidth=3, where="post"
        )
        axes.set_title(
            f"{title} on {titles[other_side(side)]}",
            fontsize=style.TEXT + 1,
            weight="bold",
            color=colour,
            loc="left",
            pad=12,
        )
        axes.set_ylim(0, highest)
        style.date_axis(axes, start, int(weeks[-1]))
        axes.grid(axis="y", color=style.PALE)
        axes.set_ylabel("average tariff (%)" if side == 0 else "", fontsize=style.TEXT)
    _legend(figure)
    return figure


def _legend(figure: Figure) -> None:
    """Add the legend of the bands and the line."""
    marks: list[Artist] = [
        Patch(color=style.GREY, alpha=alpha, linewidth=0, label=label) for *_, alpha, label in BANDS
    ]
    figure.legend(
        handles=[*marks, Line2D([], [], color=style.GREY, linewidth=3, label="median")],
        loc="upper right",
        bbox_to_anchor=(0.975, 0.985),
        ncols=3,
        frameon=False,
        fontsize=style.SMALL,
        labelcolor=style.INK,
    )
