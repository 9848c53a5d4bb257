"""Forecasts by the model from any week of history: worlds that have come the same way so far.

A simulated world cannot be put into the state of history in mid-course, since much of it is private
(resolve, beliefs). So many worlds are run from January 2018, and the forecast from week w is what
the worlds go on to do that are nearest to history up to week w: an importance sample by rejection
(approximate Bayesian computation, Tavare et al. 1997; in weather, the method of analogues, Lorenz
1969). Nothing of history after week w is used, beyond what went into the numbers themselves.
"""

import numpy as np
import pandas as pd

from experiments.history import ranges, record
from experiments.history.course import Course, joined
from experiments.history.patterns import BIN, MOVE
from experiments.history.worlds import Progress, courses_at
from model.arrays import Array, Index

NEAREST = 300  # worlds that make a forecast
LONG_AGO = 26.0  # weeks since the last move that are told apart
# What counts as one unit of distance: 2 points of tariff, one rise in the last quarter, a quarter
# since the last move; whether a truce or a deal is in force counts as two units.
POINTS, RISES, WEEKS, PHASE = 2.0, 1.0, 13.0, 0.5


def pool_at(
    points: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> Course:
    """Return the courses of the same worlds at each point, in the order of the points."""
    return joined([course for _, course in courses_at(points, worlds, seed, progress)])


def prior_points(count: int, seed: int) -> pd.DataFrame:
    """Return points of the prior: numbers that have seen nothing of history but their ranges."""
    return ranges.scaled(ranges.latin(count, "history prior", seed))


def signs(course: Course, week: int) -> Array:
    """Return what a world is known by at a week (sign, R), each in units of distance.

    Rises of both tariffs since the start, rises counted in the last quarter, weeks since the last
    move of either, truce, deal.
    """
    rise = (course.tariff[week] - course.tariff[0]) / POINTS
    change = np.diff(course.tariff[: week + 1], axis=0)
    late = (change[-BIN:] >= MOVE).sum(axis=0) / RISES
    still = np.full(course.worlds, LONG_AGO)
    for back, moved in enumerate(np.abs(change[::-1][: int(LONG_AGO)]).max(axis=1) >= MOVE):
        still = np.where(moved & (still == LONG_AGO), float(back), still)
    phases = np.stack([course.truce[week], course.deal[week]]) / PHASE
    found: Array = np.concatenate([rise, late, still[None] / WEEKS, phases])
    return found


def nearest(pool: Course, week: int, count: int = NEAREST) -> Index:
    """Return the worlds of a pool nearest to history up to a week, all of them at the start."""
    if week == 0:
        return np.arange(pool.worlds, dtype=np.intp)
    apart = signs(pool, week) - signs(record.course(), week)
    order: Index = np.argsort((apart**2).sum(axis=0), kind="stable")
    return order[:count]


def forecast(pool: Course, week: int, count: int = NEAREST) -> Array:
    """Return paths in percent (weeks from `week` to the end, side, worlds), from history's tariffs.

    The worlds' changes since that week, added to the tariffs in force then; none below zero.
    """
    chosen = pool.select(nearest(pool, week, count)).tariff[week:]
    start = record.totals()[week][None, :, None]
    paths: Array = np.maximum(start + (chosen - chosen[:1]), 0.0)
    return paths
