"""Convert the results of a lesson to data for the browser, with captions."""

import math
from typing import Any

import numpy as np

from app.explore.dials import nice
from app.lessons.lesson import Check
from app.lessons.measuring import LEVELS, SHARES, Answer, mean, measures, values
from app.lessons.study import Seen
from app.watch import scenes
from app.watch.trajectory import Trajectory
from experiments.statistics import Interval

type Row = dict[str, Any]

OBSERVER = 2  # colour index of no side
QUARTERS = 4  # a track has grid lines at each quarter
WHOLE = [0.0, 25.0, 50.0, 75.0, 100.0]
NINE = (0.05, 0.95)  # quantiles of nine worlds in ten


def number(value: float, size: float) -> str:
    """Return a number rounded to three digits of `size`, with a minus sign.

    >>> number(54.666, 54.7), number(-0.0351, 0.16), number(2.0, 3.0), number(0.0, 0.0)
    ('54.7', '−0.035', '2.00', '0')
    """
    digits = min(3, max(0, 2 - math.floor(math.log10(abs(size))))) if size else 0
    text = f"{value:,.{digits}f}"
    return (text.removeprefix("-") if not text.strip("-0.") else text).replace("-", "−")


def unit_of_difference(unit: str) -> str:
    """Return the unit of a difference.

    >>> unit_of_difference("% of worlds"), unit_of_difference("weeks"), unit_of_difference("points")
    ('percentage points', 'weeks', 'points')
    """
    return "percentage points" if unit.startswith("%") else unit


def measured(check: Check, answer: Answer) -> tuple[list[Row], list[float]]:
    """Return a track for each state of a claim, and the ticks of the axis."""
    labels = [check.labels[1]] if check.alone else list(check.labels)
    ends = [answer.after] if check.alone else [answer.before, answer.after]
    known = [(label, end) for label, end in zip(labels, ends, strict=True) if end is not None]
    size = max((abs(end.estimate) for _, end in known), default=0.0)
    rows = [
        _track(label, OBSERVER, end, (end.low, end.high), answer.unit, size) for label, end in known
    ]
    return rows, ticks(answer.unit, rows)


def verdict(check: Check, answer: Answer) -> list[str]:
    """Return the measurement of a check as sentences."""
    if check.alone:
        text = "not measured in any world" if answer.after is None else _known(check, answer.after)
        return [text]
    if answer.difference is None:
        return ["No pair of worlds has this number in both states: there is no result."]
    estimate, low, high = answer.difference
    size = max(abs(estimate), abs(low), abs(high))
    sign = "+" if estimate > 0 else ""
    unit = unit_of_difference(answer.unit)
    certain = (
        "the same in every world, because nothing is random"
        if low == high
        else f"95\u00a0% interval {number(low, size)} to {number(high, size)}"
    )
    pairs = f"{answer.pairs:,} pairs of worlds with the same random numbers"
    lines = [f"Difference: {sign}{number(estimate, size)} {unit} ({certain}), {pairs}."]
    if answer.pairs < answer.worlds:
        lines.append(
            f"Only {answer.pairs:,} of {answer.worlds:,} worlds have the number in both states: "
            "the difference is for these, the means above are for all worlds that have the number."
        )
    return lines


def source(check: Check) -> str:
    """Return the scenario, worlds and seed of a check."""
    state = check.after.state
    return f"Scenario {state.scenario} · {_worlds(state.worlds)} · seed\u00a0{state.seed}"


def of_picture(seen: Seen) -> str:
    """Return the scenario, worlds, seed and weeks of a picture."""
    state = seen.opened.state
    weeks = seen.opened.scenario.time.horizon
    run = (
        f"{_worlds(state.worlds)} · seed\u00a0{state.seed}"
        if seen.now
        else f"seed\u00a0{state.seed}"
    )
    return f"Scenario {state.scenario} · {run} · {weeks} weeks"


def means(seen: Seen, names: list[str]) -> list[tuple[str, list[Row], list[float]]]:
    """Return the measures of a picture by unit: tracks, and the ticks of the axis."""
    assert seen.now is not None
    known, sides = measures(seen.opened.scenario), list(seen.opened.scenario.sides)
    units: dict[str, list[Row]] = {}
    for name in names:
        measure = known[name]
        each = values(measure, seen.now)
        end = mean(measure, each)
        rows = units.setdefault(measure.unit, [])
        if end is None:
            continue
        present = each[~np.isnan(each)]
        low, high = (float(value) for value in np.quantile(present, NINE))
        share = measure.unit.startswith(SHARES)
        side = next(
            (n for n, key in enumerate(sides) if name.endswith(f"_{key.lower()}")), OBSERVER
        )
        outer = (end.low, end.high) if share else (low, high)
        row = _track(measure.title, side, end, outer, measure.unit, abs(end.estimate))
        before = mean(measure, values(measure, seen.ghost)) if seen.ghost else None
        rows.append(row | {"ghost": before.estimate if before else None})
    return [(unit, rows, ticks(unit, rows)) for unit, rows in units.items()]


def plane(trajectory: Trajectory, start: Trajectory | None) -> tuple[Row, list[list[float]], str]:
    """Return the plane of a world in its key week, the limits of its axes, and a caption."""
    week = scenes.key_week(trajectory)
    room = scenes.room(trajectory)
    if start is not None:
        room = [
            [min(one[0], other[0]), max(one[1], other[1])]
            for one, other in zip(room, scenes.room(start), strict=True)
        ]
    caption = f"World {trajectory.world}, week {week}: {agreed(trajectory)}"
    if start is not None:
        caption += f" At the start of this picture: {agreed(start)}"
    return scenes.plane(trajectory, week), room, caption


def agreed(trajectory: Trajectory) -> str:
    """Return the worth of the last accepted offer of a world to both sides, in words."""
    yes = [offer for offer in scenes.offers(trajectory, trajectory.last) if offer["yes"]]
    if not yes:
        return "no offer was accepted."
    first, second = scenes.sides(trajectory)
    x, y = (scenes.signed(yes[-1][axis]) for axis in "xy")
    return f"an offer was accepted that is worth {x} points to {first}, {y} to {second}."


def ticks(unit: str, rows: list[Row]) -> list[float]:
    """Return five even ticks that include all tracks and zero. Shares and levels get 0 to 100.

    >>> ticks("points", [{"outer": (0.1, 0.3), "inner": (0.1, 0.2), "mark": 0.2, "ghost": None}])
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    if unit.startswith((*SHARES, LEVELS)):
        return WHOLE
    ends = [0.0, *(end for row in rows for end in (*row["outer"], *row["inner"], row["mark"]))]
    ends += [row["ghost"] for row in rows if row["ghost"] is not None]
    low, high = min(ends), max(ends)
    step = nice(((high - low) or 1.0) / QUARTERS)
    while math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9) > QUARTERS:
        step = nice(1.01 * step)
    first = math.floor(low / step + 1e-9)
    return [float(f"{k * step:.6g}") + 0.0 for k in range(first, first + QUARTERS + 1)]


def _track(
    name: str, side: int, end: Interval, outer: tuple[float, float], unit: str, size: float
) -> Row:
    percent = unit.startswith("%")
    shown = f"{number(end.estimate, size)}\u00a0%" if percent else number(end.estimate, size)
    same = end.low == end.high
    return {
        "name": name,
        "section": "",
        "side": side,
        "outer": list(outer),
        "inner": [end.low, end.high],
        "mark": end.estimate,
        "ghost": None,
        "text": shown,
        "more": "in every world"
        if same
        else f"{number(end.low, size)} to {number(end.high, size)}",
    }


def _known(check: Check, end: Interval) -> str:
    size = max(abs(end.estimate), abs(check.value))
    return (
        f"Measured: {number(end.estimate, size)}; theory: {number(check.value, size)} "
        f"(tolerance {check.tolerance:g})."
    )


def _worlds(count: int) -> str:
    return "1 world" if count == 1 else f"{count:,} worlds"
