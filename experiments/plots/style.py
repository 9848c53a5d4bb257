"""The common style of all figures: colours, sizes, captions, and how a figure is saved."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.results.files import write_whole
from experiments.results.layout import FIGURE_KINDS

# Okabe and Ito 2008: can be distinguished with every common kind of colour vision
BLUE, VERMILION, GREEN, AMBER = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PINK = "#56B4E9", "#CC79A7"
INK, GREY, PALE = "#222222", "#6B6B6B", "#DDDDDD"
SIDES = (BLUE, VERMILION)  # the first and the second side of a scenario, in every figure
OBSERVER = GREEN

type Corner = Literal["lower left", "lower right", "upper left", "upper right"]
WIDTH, HEIGHT, DPI = 12.8, 8.0, 100  # 1280 x 800: readable from the last row of a lecture hall
SMALL, TEXT, TITLE = 13, 15, 21

type Figures = Mapping[str, Callable[[], Figure]]  # by file name without its ending


def canvas(title: str, subtitle: str, caption: str) -> Figure:
    """Return an empty figure with a title, a subtitle below it, and a caption at the bottom.

    A subtitle of two lines has a smaller font, so that it fits between the title and the axes.
    """
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    size = SMALL if "\n" in subtitle else TEXT
    figure.text(0.03, 0.955, title, fontsize=TITLE, weight="bold", color=INK, va="center")
    figure.text(0.03, 0.908, subtitle, fontsize=size, color=GREY, va="center")
    figure.text(0.03, 0.015, caption, fontsize=SMALL, color=GREY, va="bottom")
    return figure


def panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a position in the figure (shares of its size), framed left and below only."""
    axes = figure.add_axes((left, bottom, width, height))
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(labelsize=SMALL, colors=INK, length=4)
    axes.set_axisbelow(True)
    return axes


def source(scenario: str, seed: int, worlds: int) -> str:
    """Return the caption with the scenario, seed and number of worlds of a figure.

    >>> source("february_2025", 1, 1000)
    'Scenario february_2025 · seed 1 · 1,000 worlds'
    """
    return f"Scenario {scenario} · seed {seed} · {worlds:,} worlds"


def save(
    figure: Figure, folder: Path, name: str, kinds: Sequence[str] = FIGURE_KINDS
) -> list[Path]:
    """Write a figure in each format, with the same bytes each time: no dates or random names."""
    paths = []
    for kind in kinds:
        buffer = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "winset", "svg.fonttype": "path"}):
            figure.savefig(
                buffer, format=kind, dpi=DPI, metadata={"Date": None} if kind == "svg" else None
            )
        paths.append(folder / f"{name}.{kind}")
        write_whole(paths[-1], buffer.getvalue())
    return paths


def legend(axes: Axes, place: Corner = "lower right") -> None:
    """Add the legend inside the axes, on white so that it is readable over lines."""
    axes.legend(
        loc=place, fontsize=SMALL, frameon=True, framealpha=0.9, edgecolor="none", labelcolor=INK
    )


def date_axis(axes: Axes, start: date, weeks: int) -> None:
    """Label an axis that counts weeks since the start with dates, and with weeks below them."""
    places = [int(place) for place in np.linspace(0, weeks, 3).round()]
    days = [start + timedelta(weeks=place) for place in places]
    axes.set_xlim(0, weeks)
    axes.set_xticks(
        places,
        [
            f"{day.day} {day:%b}\n{day.year}\nweek {place}"
            for place, day in zip(places, days, strict=True)
        ],
    )
