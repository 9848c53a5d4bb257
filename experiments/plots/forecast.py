"""Plot the chance of events by date: a row per event, a dot per date, with parameter spread."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from experiments.plots import style

COLOURS = (style.SKY, style.BLUE, style.AMBER, style.VERMILION)  # from the first date to the last
MARKS = ("o", "s", "D", "^")


def event_chances(events: pd.DataFrame, meanings: Mapping[str, str], caption: str) -> Figure:
    """Draw the chance that each event has happened by each date.

    events: columns event, by_date, probability, low, high; meanings: the description of each event.
    """
    figure = style.canvas(
        "Which events may have happened by which date",
        "Share of worlds; lines: range over nine in ten parameter sets",
        caption,
    )
    axes = style.panel(figure, 0.40, 0.16, 0.56, 0.69)
    names, dates = list(meanings), sorted(events["by_date"].unique())
    for place, name in enumerate(names):
        rows = events[events["event"] == name].sort_values("by_date")
        for step, (_, row) in enumerate(rows.iterrows()):
            height = place + 0.24 * (step - (len(rows) - 1) / 2) / max(len(rows) - 1, 1) * 2.4
            share, low, high = (100 * float(row[key]) for key in ("probability", "low", "high"))
            axes.plot([low, high], [height] * 2, color=COLOURS[step], linewidth=2.5)
            axes.plot(
                share,
                height,
                MARKS[step],
                color=COLOURS[step],
                markersize=8,
                label=f"by {dates[step]}" if place == 0 else None,
            )
    axes.set_yticks(range(len(names)), [_wrapped(meanings[name]) for name in names])
    axes.tick_params(axis="y", length=0, labelsize=style.SMALL)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of worlds (%)", fontsize=style.TEXT, color=style.INK)
    axes.grid(axis="x", color=style.PALE)
    for place in range(1, len(names)):
        axes.axhline(place - 0.5, color=style.PALE, linewidth=1)
    figure.legend(
        loc="upper right",
        bbox_to_anchor=(0.975, 0.985),
        ncols=2,
        frameon=False,
        fontsize=style.SMALL,
        labelcolor=style.INK,
    )
    return figure


def _wrapped(words: str, width: int = 46) -> str:
    """Return a sentence on two lines if it is long."""
    if len(words) <= width:
        return words
    half = words.rfind(" ", 0, width)
    return words[:half] + "\n" + words[half + 1 :]
