"""Forecasts by the model from any week of history, from the worlds most similar to it so far.

A simulated world cannot be set to the state of history in mid-course, because much of that state is
private (resolve, beliefs). Instead, many worlds are simulated from January 2018. The forecast from
week w consists of the later weeks of those worlds that are nearest to history up to week w: an
importance sample by rejection (approximate Bayesian computation, Tavare et al. 1997; in weather,
the method of analogues, Lorenz 1969). History after week w is not used, except to the extent that
it was used to choose the parameters.
"""

import numpy as np
import pandas as pd

from experiments.history import ranges, record
from experiments.history.course import Course, join_courses
from experiments.history.patterns import BIN, MOVE
from experiments.history.worlds import Progress, courses_at
from model.arrays import Array, Index

NEAREST = 300  # worlds that make a forecast
LONG_AGO = 26.0  # weeks since the last move: longer times count as this many
# One unit of distance is 2 points of tariff, one rise in the last quarter, or a quarter of a year
# since the last move. Whether a truce or a deal is in force counts as two units.
POINTS, RISES, WEEKS, PHASE = 2.0, 1.0, 13.0, 0.5


def pool_at(
    points: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> Course:
    """Return the courses of the same worlds at each point, in the order of the points."""
    return join_courses([course for _, course in courses_at(points, worlds, seed, progress)])


def prior_points(count: int, seed: int) -> pd.DataFrame:
    """Return points of the prior: parameter values that depend on history only by their ranges."""
    return ranges.to_parameters(ranges.latin(count, "history prior", seed))


def features(course: Course, week: int) -> Array:
    """Return the features of each world at a week (feature, R), each in units of distance.

    The features are: rises of both tariffs since the start, number of rises of each in the last
    quarter, weeks since the last move of either, truce, deal.
    """
    rise = (course.tariff[week] - course.tariff[0]) / POINTS
    change = np.diff(course.tariff[: week + 1], axis=0)
    late = (change[-BIN:] >= MOVE).sum(axis=0) / RISES
    still = np.full(course.worlds, LONG_AGO)
    for back, moved in enumerate(np.abs(change[::-1][: int(LONG_AGO)]).max(axis=1) >= MOVE):
        still = np.where(moved & (still == LONG_AGO), float(back), still)
    phases = np.stack([course.truce[week], course.deal[week]]) / PHASE
    values: Array = np.concatenate([rise, late, still[None] / WEEKS, phases])
    return values


def nearest_worlds(pool: Course, week: int, count: int = NEAREST) -> Index:
    """Return the worlds of a pool nearest to history up to a week. In week 0 these are all."""
    if week == 0:
        return np.arange(pool.worlds, dtype=np.intp)
    difference = features(pool, week) - features(record.course(), week)
    order: Index = np.argsort((difference**2).sum(axis=0), kind="stable")
    return order[:count]


def forecast(pool: Course, week: int, count: int = NEAREST) -> Array:
    """Return paths in percent (weeks from `week` to the end, side, worlds), from history's tariffs.

    The changes of the nearest worlds since that week are added to the tariffs in force in that
    week. No tariff falls below zero.
    """
    chosen = pool.select(nearest_worlds(pool, week, count)).tariff[week:]
    start = record.totals()[week][None, :, None]
    paths: Array = np.maximum(start + (chosen - chosen[:1]), 0.0)
    return paths
