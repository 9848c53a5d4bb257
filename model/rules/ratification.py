"""Ratification at home: the win-set of a side is the set of packages that its groups ratify.

Putnam (1988); Milner and Rosendorff (1997); Tarar (2001). Four modes: `certain`, `pivot` (one
pivotal player decides), `constituency` (weighted support against a quota), `vote` (each group one
vote, a majority needed). A failure is involuntary defection.
"""

import numpy as np
from scipy.special import ndtr

from model.arrays import Array
from model.rules.offers import TOLERANCE

MODES = {  # how a side ratifies, each with what it does
    "certain": "whatever the leader signs passes",
    "pivot": "one pivotal player decides, by what the package is worth to the side",
    "constituency": "the support of the groups, weighted, must reach a quota",
    "vote": "each group has one vote, and a majority is needed",
}


def pivot(worth: Array, threshold: Array, spread: Array) -> Array:
    """Return the chance that the pivot ratifies, Phi((u - theta) / s) (R,).

    worth u, threshold theta, spread s: (R,), in one unit (points for a side, a share for a quota);
    uncertain ratification as in Milner and Rosendorff (1997). A spread of 0 is the certain case: 1
    where the worth reaches the threshold (to 1e-12, so that who settles for just the threshold does
    not fail by rounding).

    >>> pivot(np.array([0.1, 0.2]), np.array([0.1, 0.1]), np.array([0.1, 0.0])).tolist()
    [0.5, 1.0]
    """
    certain = np.where(worth >= threshold - TOLERANCE, 1.0, 0.0)
    noisy = ndtr((worth - threshold) / np.where(spread > 0.0, spread, 1.0))
    return np.where(spread > 0.0, noisy, certain)


def constituency(support: Array, weights: Array, quota: Array, spread: Array) -> Array:
    """Return the chance that weighted support reaches the quota, Phi((sum w P - quota) / s) (R,).

    support: the groups' chances to be for it (groups, R); weights: (groups, R), summing to 1;
    quota and spread: (R,), as shares of the weight (Grossman and Helpman 1994 for the weights).

    >>> weights = np.array([[0.6, 0.6], [0.4, 0.4]])
    >>> support = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> constituency(support, weights, np.full(2, 0.5), np.zeros(2)).tolist()
    [1.0, 0.0]
    """
    share = np.zeros_like(quota)
    for row in range(support.shape[0]):
        share = share + weights[row] * support[row]
    return pivot(share, quota, spread)


def vote(support: Array, needed: Array) -> Array:
    """Return the chance that at least `needed` of independent groups vote for it (R,).

    Poisson-binomial by convolution (Chen and Liu 1997). support: (groups, R); needed: (R,) votes.

    >>> vote(np.full((3, 2), 0.5), np.full(2, 2.0)).tolist()
    [0.5, 0.5]
    """
    groups = support.shape[0]
    counts = np.zeros((groups + 1, support.shape[1]))
    counts[0] = 1.0
    for row in range(groups):
        shifted = np.zeros_like(counts)
        shifted[1:] = counts[:-1] * support[row]
        counts = counts * (1.0 - support[row]) + shifted
    chance = np.zeros(support.shape[1])
    for votes in range(groups + 1):
        chance = chance + np.where(votes >= needed, counts[votes], 0.0)
    return np.minimum(chance, 1.0)  # a sum of chances may be an ulp above


def hawk_threshold(threshold: Array, bonus: Array, firmness: Array) -> Array:
    """Return the threshold that a leader of this firmness faces (Mattes and Weeks 2019).

    A hawk ratifies more easily: theta - bonus (firmness - 1/2), (R,) in points; bonus in points per
    unit of firmness, firmness 0 to 1.

    >>> hawk_threshold(np.array([0.1]), np.array([0.05]), np.array([1.0])).round(3).tolist()
    [0.075]
    """
    return threshold - bonus * (firmness - 0.5)
