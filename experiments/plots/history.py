"""Plot the model against 2018-20: patterns, tariffs, skill, and which mechanisms are needed."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.ablation import ALL_ON
from experiments.history import record
from experiments.history.contributions import NEEDED, verdict
from experiments.history.course import Course
from experiments.history.implausibility import CUT
from experiments.history.patterns import LEVELS, PATTERNS
from experiments.history.scoring import CALIBRATED, OPEN
from experiments.history.sections import records
from experiments.plots import style

BANDS = ((0.05, 0.95, 0.22, "nine worlds in ten"), (0.25, 0.75, 0.45, "the middle half"))
CAPTION = "Scenario trade_war_2018 · plausible draws of history matching · numbers are assumptions"
MARKS = {"persistence": "s", "random walk": "o", "Poisson": "^", "tit-for-tat": "D"}
INKS = dict(zip(MARKS, (style.GREY, style.BLUE, style.AMBER, style.VERMILION), strict=True))
LABELS = {
    "weeks_with_change_us": "weeks with a change, US",
    "weeks_with_change_cn": "weeks with a change, China",
    "step_size": "size of steps",
    "longest_quiet": "longest quiet spell",
    "peak_us": "peak tariff, US",
    "peak_cn": "peak tariff, China",
    "final_us": "final tariff, US",
    "final_cn": "final tariff, China",
    "retaliation_share": "retaliation ratio",
    "retaliation_lag": "retaliation lag",
    "threats": "threats, US",
    "executed": "threats carried out, US",
    "truces": "truces",
    "truce_length": "length of truces",
    "first_truce": "weeks to first truce",
    "first_deal": "weeks to first deal",
    "issues": "depth: issues in a deal",
    "compliance": "compliance",
    "clustering": "clustering of escalation",
    **{name: f"level: {name.removeprefix('level_').replace('_', ' ')}" for name in LEVELS},
}
MOST = 24  # mechanisms in a figure
FURTHEST, LOWEST = 6.0, -2.0  # ends of two axes; values beyond are drawn at the end


def figures(
    tables: Mapping[str, pd.DataFrame], plausible: Course
) -> dict[str, Callable[[], Figure]]:
    """Return the drawing function of each figure by file name."""
    return {
        "patterns": lambda: patterns(tables["patterns"]),
        "tariffs": lambda: tariffs(plausible),
        "skill": lambda: skill(tables["skill"]),
        "mechanisms": lambda: mechanisms(tables["mechanisms"]),
    }


def patterns(table: pd.DataFrame) -> Figure:
    """Draw each statistic of the worlds relative to history, in units of the tolerance.

    table: of `contributions.reproduction`.
    """
    reproduced = int((table.groupby("pattern")["centre"].max() <= CUT).sum())
    figure = style.canvas(
        f"{reproduced} of {len(PATTERNS)} patterns of 2018-20 are reproduced",
        "Worlds minus history, in tolerances (errors of the record and of the model)",
        CAPTION,
    )
    axes = style.panel(figure, 0.31, 0.15, 0.66, 0.71)
    width = np.sqrt(table["error"] ** 2 + table["discrepancy"] ** 2)
    axes.axvspan(-CUT, CUT, color=style.PALE, alpha=0.6, linewidth=0, label="not ruled out")
    axes.axvline(0.0, color=style.INK, linewidth=1.5, label="history")
    apart = table[["low", "mean", "high"]].sub(table["history"], axis=0).div(width, axis=0)
    apart = apart.clip(-FURTHEST, FURTHEST)
    axes.hlines(
        range(len(table)),
        apart["low"],
        apart["high"],
        color=style.SKY,
        linewidth=6,
        label="nine worlds in ten",
    )
    axes.plot(
        apart["mean"],
        range(len(table)),
        "o",
        color=style.BLUE,
        markersize=10,
        label="mean of worlds",
    )
    names = [LABELS[str(name)] for name in table["statistic"]]
    axes.set_yticks(range(len(table)), names, fontsize=style.SMALL)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(-FURTHEST - 0.2, FURTHEST + 0.2)
    axes.set_xlabel("distance from history in tolerances (bars end at 6)", fontsize=style.TEXT)
    axes.tick_params(axis="y", length=0)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="upper right",
        bbox_to_anchor=(0.985, 0.985),
        ncols=2,
        frameon=False,
        fontsize=style.SMALL,
        labelcolor=style.INK,
    )
    return figure


def tariffs(plausible: Course) -> Figure:
    """Draw both tariffs from January 2018, in worlds of the plausible draws and in history."""
    figure = style.canvas(
        "Tariffs from January 2018: worlds and history",
        "Worlds of numbers that history does not rule out, so in-sample; history is one draw",
        CAPTION,
    )
    weeks = np.arange(record.WEEKS + 1)
    truth = record.totals()
    titles = ("United States on China", "China on the United States")
    top = 1.5 * float(np.quantile(plausible.tariff, 0.95, axis=-1).max())
    for side, (title, colour) in enumerate(zip(titles, style.SIDES, strict=True)):
        axes = style.panel(figure, 0.08 + 0.475 * side, 0.18, 0.40, 0.62)
        for low, high, alpha, label in BANDS:
            ends = np.quantile(plausible.tariff[:, side], [low, high], axis=-1)
            axes.fill_between(
                weeks,
                ends[0],
                ends[1],
                color=colour,
                alpha=alpha,
                linewidth=0,
                step="post",
                label=label,
            )
        middle = np.median(plausible.tariff[:, side], axis=-1)
        axes.step(weeks, middle, color=colour, linewidth=2.5, where="post", label="median world")
        axes.step(
            weeks, truth[:, side], color=style.INK, linewidth=2.5, where="post", label="history"
        )
        axes.set_title(title, fontsize=style.TEXT, weight="bold", color=colour, loc="left", pad=12)
        axes.set_ylim(0, top)
        style.date_axis(axes, record.START, record.WEEKS)
        axes.grid(axis="y", color=style.PALE)
        axes.set_ylabel("average tariff (%)" if side == 0 else "", fontsize=style.TEXT)
        style.legend(axes, "upper left")
    return figure


def skill(table: pd.DataFrame) -> Figure:
    """Draw the skill over each baseline by horizon, with 95 % intervals, for both forecasters."""
    figure = style.canvas(
        "Skill compared with simple processes",
        "Share of the baseline's CRPS that the model saves, both tariffs; worse if below 0",
        f"{CAPTION} · baselines leave out the year after the origin",
    )
    titles = {
        CALIBRATED: "Plausible draws (numbers fitted to 2018-20)",
        OPEN: "Prior draws (no later data used)",
    }
    for column, (name, title) in enumerate(titles.items()):
        axes = style.panel(figure, 0.08 + 0.475 * column, 0.15, 0.41, 0.64)
        mine = table[(table["forecaster"] == name) & (table["side"] == "both")]
        horizons = sorted(mine["weeks"].unique())
        for shift, (baseline, mark) in enumerate(MARKS.items()):
            part = mine[mine["baseline"] == baseline].set_index("weeks").loc[horizons]
            x = np.arange(len(horizons)) + 0.16 * (shift - 1.5)
            y = part["skill"].clip(lower=LOWEST)
            axes.vlines(
                x, part["low"].clip(lower=LOWEST), part["high"], color=INKS[baseline], linewidth=2.5
            )
            axes.plot(x, y, mark, color=INKS[baseline], markersize=8, label=f"against {baseline}")
        axes.axhline(0.0, color=style.INK, linewidth=1.5)
        axes.set_ylim(LOWEST - 0.05, 1.0)
        axes.set_xticks(range(len(horizons)), [str(weeks) for weeks in horizons])
        axes.set_xlabel("weeks ahead", fontsize=style.TEXT)
        axes.set_ylabel("skill" if column == 0 else "", fontsize=style.TEXT)
        axes.set_title(title, fontsize=style.TEXT, weight="bold", loc="left", pad=12)
        axes.grid(axis="y", color=style.PALE)
        if column == 0:
            style.legend(axes, "lower left")
    return figure


def mechanisms(table: pd.DataFrame) -> Figure:
    """Draw the change in the share of plausible draws when each mechanism is switched off.

    table: of `contributions.mechanism_table`. The figure has those that change the share most.
    """
    whole = table[table["mechanism"] == ALL_ON].iloc[0]
    part = table[(table["mechanism"] != ALL_ON) & (table["changed"] > 0.0)]
    idle = len(table) - 1 - len(part)
    small = max(0, len(part) - MOST)
    part = part.loc[part["change"].abs().nlargest(MOST).index].sort_values("change")
    figure = style.canvas(
        "Which mechanisms the patterns of 2018-20 need",
        f"Change in the share of plausible draws with one mechanism off; with all on: "
        f"{100 * whole['plausible']:.0f} %",
        f"Scenario trade_war_2018 · simultaneous 95 % intervals · {small} more change less, "
        f"{idle} nothing",
    )
    axes = style.panel(figure, 0.22, 0.15, 0.50, 0.71)
    places = np.arange(len(part))
    needed = np.asarray([verdict(row) == NEEDED for row in records(part)], dtype=np.bool_)
    for chosen, colour, label in (
        (needed, style.VERMILION, "needed: the interval excludes 0"),
        (~needed, style.GREY, "not shown to be needed"),
    ):
        rows = part[chosen]
        low, high = 100 * rows["change_low"], 100 * rows["change_high"]
        axes.hlines(places[chosen], low, high, color=colour, linewidth=3)
        middle = 100 * rows["change"]
        axes.plot(middle, places[chosen], "o", color=colour, markersize=9, label=label)
    beside = axes.get_yaxis_transform()
    for row, number in zip(places, part["reproduced"], strict=True):
        text, place = f"{number} of {len(PATTERNS)}", float(row)
        axes.text(1.02, place, text, fontsize=style.SMALL, va="center", transform=beside)
    axes.text(
        1.02,
        1.01,
        "patterns reproduced\nwithout it",
        fontsize=style.SMALL,
        va="bottom",
        color=style.GREY,
        transform=axes.transAxes,
    )
    axes.axvline(0.0, color=style.INK, linewidth=1.5)
    names = [str(name).replace("_", " ") for name in part["mechanism"]]
    axes.set_yticks(places, names, fontsize=style.SMALL)
    axes.set_ylim(len(part) - 0.4, -0.6)
    axes.set_xlabel("points of the share of plausible draws, off minus on", fontsize=style.TEXT)
    axes.grid(axis="x", color=style.PALE)
    _legend_below(figure, axes)
    return figure


def _legend_below(figure: Figure, axes: Axes) -> None:
    """Draw the legend of axes without ticks in the lower right corner of the figure."""
    axes.tick_params(axis="y", length=0)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="lower right",
        bbox_to_anchor=(0.985, 0.01),
        frameon=False,
        fontsize=style.SMALL,
        labelcolor=style.INK,
    )
