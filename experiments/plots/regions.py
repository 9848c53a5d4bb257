"""Plot where an outcome is common: a bar per region of the parameters, with its rule."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style
from experiments.sensitivity.discovery import Regions

RULE_WIDTH = 38  # characters of a rule in one line


def regions_figure(found: Regions, title: str, caption: str) -> Figure:
    """Draw the density of each region with its interval, and its coverage and size as text."""
    figure = style.canvas(
        f"Where it is common: {title}",
        f"Share of worlds by region; regions explain {100 * found.explained:.0f} % of the variance "
        "between points (rest: parameters, chance)",
        caption,
    )
    axes = style.panel(figure, 0.33, 0.17, 0.42, 0.66)
    _bars(axes, found.table)
    axes.axvline(100 * found.everywhere.estimate, color=style.VERMILION, linewidth=2, ls="--")
    axes.annotate(
        f"everywhere: {100 * found.everywhere.estimate:.0f} %",
        (100 * found.everywhere.estimate, 1.02),
        xycoords=axes.get_xaxis_transform(),
        fontsize=style.SMALL,
        color=style.VERMILION,
        ha="center",
    )
    axes.set_xlabel("share of worlds (%)", fontsize=style.TEXT)
    axes.grid(axis="x", color=style.PALE)
    return figure


def _bars(axes: Axes, table: pd.DataFrame) -> None:
    """Draw a bar per region, with its rule on the left and its size on the right."""
    for place, (_, row) in enumerate(table.iterrows()):
        density, low, high = (
            100 * row[name] for name in ("density", "density_low", "density_high")
        )
        axes.barh(place, density, height=0.55, color=style.BLUE)
        axes.errorbar(
            density,
            place,
            xerr=[[density - low], [high - density]],
            color=style.INK,
            capsize=5,
            linewidth=2,
            label="95 % interval" if place == 0 else None,
        )
        side = axes.get_yaxis_transform()
        ink, size = style.INK, style.SMALL
        axes.text(1.04, place, _words(row), fontsize=size, color=ink, va="center", transform=side)
    rules = [textwrap.fill(rule.replace(", ", " and "), RULE_WIDTH) for rule in table["rule"]]
    axes.set_yticks(range(len(rules)), rules, fontsize=style.SMALL)
    axes.set_ylim(len(rules) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0.0, 100.0)


def _words(row: "pd.Series[float]") -> str:
    """Return the text beside the bar of a region."""
    density, low, high, coverage, points = (
        100 * row[name] for name in ("density", "density_low", "density_high", "coverage", "points")
    )
    return (
        f"{density:.0f} % ({low:.0f} to {high:.0f}) of its worlds\n"
        f"contains {coverage:.0f} % of all such worlds\n"
        f"and {points:.0f} % of the space"
    )
