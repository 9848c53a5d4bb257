"""Turn findings into data that the browser draws: bars, tracks, and options of fan charts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from app.explore import findings as f
from app.explore.dials import nice
from app.style import outcome_colour
from experiments.factorial.sweep import AGREEMENT
from experiments.plots import style
from experiments.statistics import Interval
from experiments.summary import amount
from model.arrays import Array
from model.outcomes import outcome_title

type Row = dict[str, Any]

TALL = 250  # pixels of a fan
INKS = {False: ("#222222", "#5F5F5F", "#DDDDDD"), True: ("#EEEEEE", "#ABABAB", "#3A3A3A")}
FAINT, FIRM = 0.18, 0.38  # of the outer and the inner band


def percent(share: float, digits: int = 1) -> str:
    """Return a share in percent.

    >>> percent(0.1234), percent(0.5, 0)
    ('12.3 %', '50 %')
    """
    return f"{100 * share:.{digits}f} %"


def bars(
    now: f.Findings, ghost: f.Findings | None = None, sweep: pd.DataFrame | None = None
) -> list[Row]:
    """Return one row per outcome: share, interval, ghost and range in the sweep, in percent."""
    table = f.outcome_shares(now)
    before = f.outcome_shares(ghost)["share"] if ghost else None
    rows = []
    for name in f.ORDER:
        share, low, high = (float(table[key][name]) for key in ("share", "low", "high"))
        across = None if sweep is None else [100 * float(sweep[key][name]) for key in sweep]
        rows.append(
            {
                "name": outcome_title(name),
                "key": name.replace(" ", "-"),
                "colour": outcome_colour(name),
                "share": 100 * share,
                "low": 100 * low,
                "high": 100 * high,
                "text": percent(share),
                "interval": f"{100 * low:.1f} to {100 * high:.1f}",
                "ghost": None if before is None else 100 * float(before[name]),
                "sweep": across,
                "apart": name == AGREEMENT,
            }
        )
    return rows


def changes(before: f.Findings, after: f.Findings) -> list[Row]:
    """Return one row per outcome for the table of differences."""
    return [
        {
            "name": outcome_title(change.outcome),
            "before": percent(change.before),
            "after": percent(change.after),
            "difference": _signed(change.difference),
            "moved": f"{change.moved:,}",
            "certain": change.certain,
        }
        for change in f.changes(before, after)
    ]


def contents(now: f.Findings, ghost: f.Findings | None = None) -> list[Row]:
    """Return one track per issue: levels agreed in deals in force, and how many contain it."""
    levels = f.contents(now)
    before = f.contents(ghost) if ghost else {}
    issues = now.scenario.issues
    sides = list(now.scenario.sides)
    rows = []
    for key in sorted(issues, key=lambda key: sides.index(issues[key].owner)):
        agreed, issue = levels[key], issues[key]
        if not agreed.size:
            continue
        q05, q25, q50, q75, q95 = np.quantile(agreed, f.QUANTILES)
        share = f.contained(agreed)
        old = before.get(key)
        rows.append(
            {
                "name": issue.title,
                "section": f"{now.scenario.sides[issue.owner].title} gives",
                "side": sides.index(issue.owner),
                "outer": [q05, q95],
                "inner": [q25, q75],
                "mark": q50,
                "ghost": float(np.median(old)) if old is not None and old.size else None,
                "text": f"{amount(issue.amount * q50)} {issue.unit.replace('percent', '%')}",
                "more": f"in {percent(share.estimate, 0)} of deals "
                f"({100 * share.low:.0f} to {100 * share.high:.0f})",
            }
        )
    return rows


def incomes(now: f.Findings, ghost: f.Findings | None = None) -> tuple[list[Row], list[float]]:
    """Return one track per region, in percent of income, and the ticks of their axis."""
    table = f.incomes(now)
    before = f.incomes(ghost) if ghost else {}
    titles = {key: side.title for key, side in now.scenario.sides.items()}
    rows: list[Row] = []
    for number, (region, (mean, outer)) in enumerate(table.items()):
        rows.append(
            {
                "name": titles.get(region, "Rest of the world"),
                "section": "",
                "side": number,
                "outer": list(outer),
                "inner": [mean.low, mean.high],
                "mark": mean.estimate,
                "ghost": before[region][0].estimate if region in before else None,
                "text": f"{mean.estimate:+.3f} %".replace("-", "−"),
                "more": f"{mean.low:+.3f} to {mean.high:+.3f}".replace("-", "−"),
            }
        )
    ends: list[float] = [0.0]
    for row in rows:
        ends += [row["ghost"] or 0.0]
        ends += row["outer"]
    return rows, _ticks(min(ends), max(ends))


def fan(
    quantiles: Array,
    colours: Mapping[str, str],
    start: date,
    dark: bool,
    ghost: Array | None = None,
    top: float | None = None,
) -> Row:
    """Return the option of a fan chart: median, middle half, nine in ten, of one or two sides.

    quantiles: (5, week, side), in percent; colours: by the sides' titles; ghost: the same of the
    unchanged scenario, drawn as dashed medians.
    """
    series: list[Row] = []
    words = []
    for side, title in enumerate(colours):
        colour = colours[title]
        lines = quantiles[:, :, side]
        words.append(_words(title, len(series)))
        series += _band(title, lines, colour)
        if ghost is not None:
            series.append(_ghost(title, ghost[2, :, side], colour, quantiles.shape[1]))
    ink, grey, pale = INKS[dark]
    weeks = quantiles.shape[1]
    return {
        "animationDuration": 300,
        "animationDurationUpdate": 300,
        "aria": {"enabled": True},
        "textStyle": {"fontFamily": "system-ui, sans-serif"},
        "grid": {"left": 44, "right": 14, "top": 10, "bottom": 46},
        "tooltip": {
            "trigger": "axis",
            "confine": True,
            "formatter": "{b}" + "".join(words),
            "backgroundColor": "#2b2b2b" if dark else "#ffffff",
            "borderColor": pale,
            "textStyle": {"color": ink, "fontSize": 12},
        },
        "xAxis": _date_axis(start, weeks, grey),
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": top,
            "axisLabel": {"formatter": "{value} %", "color": grey, "fontSize": 11},
            "splitLine": {"lineStyle": {"color": pale}},
        },
        "series": series,
    }


def _date_axis(start: date, weeks: int, grey: str) -> Row:
    """Return the axis of a fan chart, a label about every quarter of its weeks."""
    return {
        "type": "category",
        "boundaryGap": False,
        "data": _dates(start, weeks),
        "axisLabel": {
            "interval": max(1, (weeks - 1) // 4) - 1,
            "color": grey,
            "fontSize": 10,  # on a narrow screen four dates stand side by side
            "lineHeight": 15,
            "alignMinLabel": "left",
            "showMaxLabel": False,
        },
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": grey}},
    }


def highest(*fans: Array | None) -> float:
    """Return the top of an axis that several fans share, in percent."""
    ends = [float(quantiles[-1].max()) for quantiles in fans if quantiles is not None]
    return float(10 * np.ceil(max(10.0, 1.05 * max(ends)) / 10))


def _band(title: str, lines: Array, colour: str) -> list[Row]:
    """Return the series of one side: five lines for the tooltip, two bands, the median."""
    unseen = {"type": "line", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    values = [{**unseen, "name": title, "data": _plain(line)} for line in lines]
    bands = []
    for low, high, opacity in ((0, 4, FAINT), (1, 3, FIRM)):
        stack = f"{title} {low}"
        bands += [
            {**unseen, "name": title, "stack": stack, "data": _plain(lines[low])},
            {
                **unseen,
                "name": title,
                "stack": stack,
                "data": _plain(lines[high] - lines[low]),
                "areaStyle": {"color": colour, "opacity": opacity},
            },
        ]
    median = {
        "type": "line",
        "name": title,
        "symbol": "none",
        "data": _plain(lines[2]),
        "lineStyle": {"color": colour, "width": 2.5},
        "itemStyle": {"color": colour},
    }
    return [*values, *bands, median]


def _ghost(title: str, line: Array, colour: str, weeks: int) -> Row:
    return {
        "type": "line",
        "name": f"{title}, unchanged",
        "symbol": "none",
        "silent": True,
        "data": _plain(line[:weeks]),
        "lineStyle": {"color": colour, "width": 1.5, "type": "dashed", "opacity": 0.9},
    }


def _words(title: str, first: int) -> str:
    """Return the part of the tooltip template for one side."""
    q05, q25, q50, q75, q95 = (f"{{c{first + number}}}" for number in range(5))
    name = _harmless(title)
    return f"<br/><b>{name}</b>: median {q50} %<br/>half {q25}–{q75}, nine in ten {q05}–{q95} %"


def _harmless(text: str) -> str:
    """Return text without the characters that an HTML template would interpret."""
    return "".join(letter for letter in text if letter not in "<>&{}\"'")


def _plain(line: Array) -> list[float]:
    return [round(float(value), 2) for value in line]


def _dates(start: date, weeks: int) -> list[str]:
    days = [start + timedelta(weeks=week) for week in range(weeks)]
    return [f"{day.day} {day:%b %Y}\nweek {week}" for week, day in enumerate(days)]


def _signed(interval: Interval) -> str:
    estimate, low, high = (f"{100 * end:+.1f}".replace("-", "−") for end in interval)
    return f"{estimate} ({low} to {high})"


def _ticks(low: float, high: float) -> list[float]:
    """Return some even ticks around a range.

    >>> _ticks(-0.31, 0.02)
    [-0.4, -0.3, -0.2, -0.1, 0.0, 0.1]
    """
    step = nice(max(high - low, 1e-6) / 4)
    first, last = np.floor(low / step), np.ceil(high / step)
    return [float(f"{k * step:.6g}") + 0.0 for k in np.arange(first, last + 1)]


SIDES = style.SIDES
