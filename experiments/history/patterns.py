"""Thirteen patterns of a trade war, computed by the same code from history and from worlds.

A statistic that a world does not have (such as the length of a truce in a world without truces) is
NaN. The number of weeks to an event that did not occur is the horizon plus one, since both events
occurred within the horizon in history.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.history import record
from experiments.history.course import Course
from model.arrays import Array, Mask
from model.outcomes import AGREED

MOVE = 0.5  # points: the smallest weekly change that counts as a move
ANSWER = 13  # weeks within which a rise counts as an answer
BIN = 13  # weeks over which rises are counted for their clustering

type Statistic = Callable[[Course], Array]


def moves(course: Course) -> Array:
    """Return the weekly change of both tariffs in points (week, side, R), small changes as 0."""
    change = np.diff(course.tariff, axis=0)
    large: Array = np.where(np.abs(change) >= MOVE, change, 0.0)
    return large


def _share(part: Array, whole: Array) -> Array:
    """Return part / whole (R,), NaN where the whole is 0."""
    nothing = np.full(whole.shape, np.nan)
    share: Array = np.divide(part, whole, out=nothing, where=whole > 0.0)
    return share


def weeks_with_change(course: Course, side: int) -> Array:
    """Return the number of weeks in which a side's tariff moved (R,)."""
    weeks: Array = (moves(course)[:, side] != 0.0).sum(axis=0).astype(np.float64)
    return weeks


def step_size(course: Course) -> Array:
    """Return the median rise of a tariff in points, both sides pooled (R,); NaN without any."""
    change = moves(course)
    rises = np.where(change > 0.0, change, np.inf).reshape(-1, course.worlds)
    ordered = np.sort(rises, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    world = np.arange(course.worlds)
    low = ordered[np.maximum((count - 1) // 2, 0), world]
    high = ordered[count // 2 - (count == len(ordered)), world]
    middle = np.where(count % 2 == 1, low, 0.5 * (low + high))
    return np.where(count > 0, middle, np.nan)


def longest_quiet(course: Course) -> Array:
    """Return the length in weeks of the longest spell without a change of either tariff (R,)."""
    still = (moves(course) == 0.0).all(axis=1)
    longest, spell = np.zeros(course.worlds), np.zeros(course.worlds)
    for week in still:
        spell = np.where(week, spell + 1.0, 0.0)
        longest = np.maximum(longest, spell)
    return longest


def peak(course: Course, side: int) -> Array:
    """Return the largest rise of a side's tariff above its start, in points (R,)."""
    top: Array = course.tariff[:, side].max(axis=0) - course.tariff[0, side]
    return top


def final_rise(course: Course, side: int) -> Array:
    """Return the rise of a side's tariff from the start to the end, in points (R,)."""
    rise: Array = course.tariff[-1, side] - course.tariff[0, side]
    return rise


def retaliation_share(course: Course) -> Array:
    """Return the second side's share of all rises in points (R,); 0.5 is a full answer."""
    rises = np.maximum(moves(course), 0.0).sum(axis=0)
    return _share(rises[1], rises.sum(axis=0))


def retaliation_lag(course: Course) -> Array:
    """Return the mean weeks from a rise of the first side to the next rise of the second (R,).

    Rises without an answer within 13 weeks are left out. NaN if no rise is answered.
    """
    rises = moves(course) > 0.0
    wait = np.full(course.worlds, np.inf)
    total, answered = np.zeros(course.worlds), np.zeros(course.worlds)
    for week in rises[::-1]:
        wait = np.where(week[1], 0.0, wait + 1.0)
        counts = week[0] & (wait <= ANSWER)
        total = total + np.where(counts, wait, 0.0)
        answered = answered + counts
    return _share(total, answered)


def executed_share(course: Course) -> Array:
    """Return the share of the first side's threats that it carried out (R,)."""
    return _share(course.executed[0], course.threats[0])


def _starts(spells: Mask) -> Mask:
    return spells[1:] & ~spells[:-1]


def truces(course: Course) -> Array:
    """Return the number of truces (R,)."""
    return _starts(course.truce).sum(axis=0).astype(np.float64)


def truce_length(course: Course) -> Array:
    """Return the mean length of truces in weeks within the horizon (R,), NaN without truces."""
    return _share(course.truce[1:].sum(axis=0).astype(np.float64), truces(course))


def first_week(spells: Mask) -> Array:
    """Return the first week of the first spell (R,), or the horizon plus one without a spell.

    >>> first_week(np.array([[False, False], [False, False], [True, False]])).tolist()
    [2.0, 3.0]
    """
    return np.where(spells.any(axis=0), spells.argmax(axis=0), len(spells)).astype(np.float64)


def issues(course: Course) -> Array:
    """Return the number of issues at 0.3 or more in the first deal (R,), NaN without a deal."""
    touched = (np.nan_to_num(course.package) >= AGREED).sum(axis=0)
    none: Mask = np.isnan(course.package).all(axis=0)
    return np.where(none, np.nan, touched)


def clustering(course: Course) -> Array:
    """Return the variance of the first side's rises by quarter divided by their mean (R,).

    The value is 1 if rises are random in time, and above 1 if they come in bursts (index of
    dispersion, Fisher 1925). The last, unfinished quarter is left out. NaN without rises.
    """
    rises = (moves(course)[:, 0] > 0.0).astype(np.float64)
    quarters = len(rises) // BIN
    counts = rises[: quarters * BIN].reshape(quarters, BIN, course.worlds).sum(axis=1)
    if not quarters:
        return np.full(course.worlds, np.nan)
    return _share(counts.var(axis=0), counts.mean(axis=0))


def level_of(row: int) -> Statistic:
    """Return the level of an issue in the first deal as a statistic (R,), NaN without a deal."""
    return lambda course: course.package[row]


ISSUES = tuple(str(issue) for issue in record.table("positions")["issue"])
LEVELS: dict[str, Statistic] = {f"level_{issue}": level_of(row) for row, issue in enumerate(ISSUES)}
STATISTICS: dict[str, Statistic] = {
    "weeks_with_change_us": lambda course: weeks_with_change(course, 0),
    "weeks_with_change_cn": lambda course: weeks_with_change(course, 1),
    "step_size": step_size,
    "longest_quiet": longest_quiet,
    "peak_us": lambda course: peak(course, 0),
    "peak_cn": lambda course: peak(course, 1),
    "final_us": lambda course: final_rise(course, 0),
    "final_cn": lambda course: final_rise(course, 1),
    "retaliation_share": retaliation_share,
    "retaliation_lag": retaliation_lag,
    "threats": lambda course: course.threats[0],
    "executed": executed_share,
    "truces": truces,
    "truce_length": truce_length,
    "first_truce": lambda course: first_week(course.truce),
    "first_deal": lambda course: first_week(course.deal),
    "issues": issues,
    "compliance": lambda course: course.compliance,
    "clustering": clustering,
    **LEVELS,
}
PATTERNS: dict[str, tuple[str, ...]] = {
    "weeks with a change": ("weeks_with_change_us", "weeks_with_change_cn"),
    "size of steps": ("step_size",),
    "longest quiet spell": ("longest_quiet",),
    "peak tariffs": ("peak_us", "peak_cn"),
    "final tariffs": ("final_us", "final_cn"),
    "retaliation ratio": ("retaliation_share",),
    "retaliation lag": ("retaliation_lag",),
    "threats and their execution": ("threats", "executed"),
    "truces and their length": ("truces", "truce_length"),
    "weeks to truce and deal": ("first_truce", "first_deal"),
    "depth and compliance": ("issues", "compliance"),
    "clustering of escalation": ("clustering",),
    "composition of the deal": tuple(LEVELS),
}  # one with several statistics is reproduced if all statistics are


@dataclass(frozen=True)
class Observation:
    """The observed value of a statistic in history, with the errors of the record and the model.

    error, discrepancy: standard deviations of the observation and of the model at its best
    parameter values from the truth, in the unit of the statistic.
    """

    value: float
    unit: str
    error: float
    discrepancy: float
    meaning: str


def statistics(course: Course) -> pd.DataFrame:
    """Return all statistics, with a row per world and a column per statistic."""
    return pd.DataFrame({name: of(course) for name, of in STATISTICS.items()})


def observations() -> dict[str, Observation]:
    """Return the observations from history, by statistic."""
    values = statistics(record.course()).iloc[0]
    stated: dict[str, dict[Hashable, Any]] = {
        str(row["statistic"]): row for row in record.table("discrepancy").to_dict("records")
    }
    return {
        name: Observation(
            float(values[name]),
            stated[name]["unit"],
            float(stated[name]["error"]),
            float(stated[name]["discrepancy"]),
            stated[name]["meaning"],
        )
        for name in STATISTICS
    }
