"""How far a point in the space of uncertain numbers is from history, and whether it is ruled out.

Two tests, both by statistic. The *centre*: the distance of the mean over worlds from history, in
units of what mean, record and model may be off (Craig et al. 1997; Vernon, Goldstein and Bower
2010):

    I = |mean - history| / sqrt(var / n + error^2 + discrepancy^2)

The spread between worlds is left out of it on purpose: with it, a point whose worlds differ enough
is never ruled out, so that volatility would be rewarded. What is asked is that the *typical* world
be near history, which is more than that history be possible. The *draw* asks the latter: history is
one draw, and the spread between worlds, being what the model says of one draw, stands beside the
other variances (the ensemble variance of Andrianakis et al. 2015):

    D = |mean - history| / sqrt(var + var / n + error^2 + discrepancy^2)

A point is ruled out if the largest of all I, or of all D, is above 3 (Pukelsheim 1994), or if what
history has is missing in more than nine worlds in ten. D <= I always, so that the cut on D only
shows in a table how much weaker that test is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.history.patterns import PATTERNS, STATISTICS, Observation
from model.arrays import Mask

CUT = 3.0
LEAST_SHARE, LEAST_WORLDS = 0.1, 3  # of the worlds must have a statistic for its mean to count
POINT = "point"


@dataclass(frozen=True)
class Moments:
    """Mean, variance and number of worlds that have it, each a row a point, a column a statistic.

    worlds: how many worlds each point has in all.
    """

    mean: pd.DataFrame
    variance: pd.DataFrame
    count: pd.DataFrame
    worlds: int

    def select(self, chosen: Mask) -> "Moments":
        """Return some of the points, numbered anew."""
        mean, variance, count = (
            part[chosen].reset_index(drop=True) for part in (self.mean, self.variance, self.count)
        )
        return Moments(mean, variance, count, self.worlds)


def moments(statistics: pd.DataFrame) -> Moments:
    """Return the moments over worlds of statistics with a column "point", points 0, 1, ...

    >>> one = pd.DataFrame({name: [1.0, 3.0] for name in STATISTICS} | {"point": [0, 0]})
    >>> found = moments(one)
    >>> float(found.mean["truces"].iloc[0]), float(found.variance["truces"].iloc[0]), found.worlds
    (2.0, 2.0, 2)
    """
    groups = statistics.groupby(POINT)[list(STATISTICS)]
    worlds = int(statistics.groupby(POINT).size().min())
    return Moments(groups.mean(), groups.var(), groups.count(), worlds)


def centre(found: Moments, seen: Mapping[str, Observation]) -> pd.DataFrame:
    """Return I by point and statistic; infinite where too few worlds have the statistic."""
    return _distance(found, seen, found.variance / found.count)


def draw(found: Moments, seen: Mapping[str, Observation]) -> pd.DataFrame:
    """Return D by point and statistic; infinite where too few worlds have the statistic."""
    return _distance(found, seen, found.variance + found.variance / found.count)


def _distance(
    found: Moments, seen: Mapping[str, Observation], variance: pd.DataFrame
) -> pd.DataFrame:
    columns = {}
    least = max(LEAST_SHARE * found.worlds, LEAST_WORLDS)
    for name, one in seen.items():
        width = np.sqrt(variance[name] + one.error**2 + one.discrepancy**2)
        apart = (found.mean[name] - one.value).abs() / width
        columns[name] = apart.where(found.count[name] >= least, np.inf)
    return pd.DataFrame(columns)


def by_pattern(distance: pd.DataFrame) -> pd.DataFrame:
    """Return the largest distance in each of the twelve patterns, a row a point."""
    return pd.DataFrame({name: distance[list(of)].max(axis=1) for name, of in PATTERNS.items()})


def reproduced(distance: pd.DataFrame) -> pd.Series:
    """Return how many of the twelve patterns each point reproduces: largest distance at most 3."""
    return (by_pattern(distance) <= CUT).sum(axis=1)
