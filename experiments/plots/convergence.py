"""Plot how intervals narrow with more worlds or samples, on two logarithmic axes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from experiments.plots import style

COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.AMBER, style.SKY, style.PINK, style.INK)
MARKERS = "osD^vPX"


def narrowing(
    table: pd.DataFrame, by: str, over: str, title: str, unit: str, caption: str, wanted: float
) -> Figure:
    """Draw half-widths of 95 % intervals against a number of worlds or samples.

    table: columns `by` (one line each), `over` (the number) and half; wanted: the target width.
    """
    figure = style.canvas(
        title,
        f"Dashed: widths halve with four times as many {over}; a flat line needs other seeds",
        caption,
    )
    axes = style.panel(figure, 0.09, 0.17, 0.66, 0.69)
    groups = [(str(name), part) for name, part in table.groupby(by, sort=False)]
    for place, (name, part) in enumerate(groups[: len(COLOURS)]):
        axes.plot(
            part[over],
            part["half"],
            color=COLOURS[place],
            marker=MARKERS[place],
            markersize=7,
            linewidth=2,
            label=name,
        )
    numbers = np.array([table[over].min(), table[over].max()], dtype=float)
    start = float(table.loc[table[over] == numbers[0], "half"].max())
    axes.plot(numbers, start * np.sqrt(numbers[0] / numbers), "--", color=style.GREY, zorder=0)
    axes.axhline(wanted, color=style.INK, linewidth=1)
    axes.text(numbers[0], wanted, f" wanted: {wanted:g}", fontsize=style.SMALL, va="bottom")
    _logarithmic(axes, sorted(table[over].unique()))
    axes.set_xlabel(over, fontsize=style.TEXT)
    axes.set_ylabel(f"half-width of the 95 % interval ({unit})", fontsize=style.TEXT)
    axes.grid(color=style.PALE)
    axes.legend(
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        fontsize=style.SMALL,
        frameon=False,
        labelcolor=style.INK,
    )
    return figure


def _logarithmic(axes: Axes, numbers: list[float]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(numbers, [f"{number:,.0f}" for number in numbers])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
