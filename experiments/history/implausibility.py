"""Implausibility of a point in parameter space: its distance from history, and the cut.

There are two tests, both by statistic. The *centre* test uses the distance of the mean over worlds
from history, in units of the combined error of mean, record and model (Craig et al. 1997; Vernon,
Goldstein and Bower 2010):

    I = |mean - history| / sqrt(var / n + error^2 + discrepancy^2)

This test deliberately leaves out the spread between worlds. With it, a point whose worlds differ
enough would never be ruled out, so volatility would be rewarded. The test requires that the
*typical* world is near history, which is stronger than requiring that history is possible. The
*draw* test requires the latter: history is one draw, and the spread between worlds, which is the
model's prediction for one draw, is added to the other variances (the ensemble variance of
Andrianakis et al. 2015):

    D = |mean - history| / sqrt(var + var / n + error^2 + discrepancy^2)

A point is ruled out if the largest of all I, or of all D, is above 3 (Pukelsheim 1994), or if a
statistic that history has is missing in more than nine worlds in ten. D <= I always, so the cut on
D only serves to show in a table how much weaker that test is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.history.patterns import PATTERNS, STATISTICS, Observation
from model.arrays import Mask

CUT = 3.0
LEAST_SHARE, LEAST_WORLDS = 0.1, 3  # worlds that must have a statistic for its mean to count
POINT = "point"


@dataclass(frozen=True)
class Moments:
    """Mean, variance and count of each statistic, with a row per point and a column per statistic.

    count: number of worlds that have the statistic; worlds: number of all worlds of each point.
    """

    mean: pd.DataFrame
    variance: pd.DataFrame
    count: pd.DataFrame
    worlds: int

    def select(self, chosen: Mask) -> "Moments":
        """Return some of the points, renumbered from 0."""
        mean, variance, count = (
            part[chosen].reset_index(drop=True) for part in (self.mean, self.variance, self.count)
        )
        return Moments(mean, variance, count, self.worlds)


def moments(statistics: pd.DataFrame) -> Moments:
    """Return the moments over worlds of statistics with a column "point" (0, 1, ...).

    >>> one = pd.DataFrame({name: [1.0, 3.0] for name in STATISTICS} | {"point": [0, 0]})
    >>> result = moments(one)
    >>> float(result.mean["truces"].iloc[0]), float(result.variance["truces"].iloc[0])
    (2.0, 2.0)
    >>> result.worlds
    2
    """
    groups = statistics.groupby(POINT)[list(STATISTICS)]
    worlds = int(statistics.groupby(POINT).size().min())
    return Moments(groups.mean(), groups.var(), groups.count(), worlds)


def centre(simulated: Moments, observed: Mapping[str, Observation]) -> pd.DataFrame:
    """Return I by point and statistic; infinite if too few worlds have the statistic."""
    return _distance(simulated, observed, simulated.variance / simulated.count)


def draw(simulated: Moments, observed: Mapping[str, Observation]) -> pd.DataFrame:
    """Return D by point and statistic; infinite if too few worlds have the statistic."""
    variance = simulated.variance + simulated.variance / simulated.count
    return _distance(simulated, observed, variance)


def _distance(
    simulated: Moments, observed: Mapping[str, Observation], variance: pd.DataFrame
) -> pd.DataFrame:
    columns = {}
    least = max(LEAST_SHARE * simulated.worlds, LEAST_WORLDS)
    for name, one in observed.items():
        width = np.sqrt(variance[name] + one.error**2 + one.discrepancy**2)
        distance = (simulated.mean[name] - one.value).abs() / width
        columns[name] = distance.where(simulated.count[name] >= least, np.inf)
    return pd.DataFrame(columns)


def by_pattern(distance: pd.DataFrame) -> pd.DataFrame:
    """Return the largest distance in each of the patterns, a row per point."""
    return pd.DataFrame({name: distance[list(of)].max(axis=1) for name, of in PATTERNS.items()})


def count_reproduced(distance: pd.DataFrame) -> pd.Series:
    """Return how many of the patterns each point reproduces (largest distance <= 3)."""
    return (by_pattern(distance) <= CUT).sum(axis=1)
