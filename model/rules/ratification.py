"""Ratification at home: the win-set of a side is the set of packages that its groups ratify.

Sources: Putnam (1988); Milner and Rosendorff (1997); Tarar (2001). There are four modes: `certain`,
`pivot` (one pivotal player decides), `constituency` (weighted support must reach a quota) and
`vote` (each group has one vote, a majority is required). A failure is an involuntary defection.
"""

import numpy as np
from scipy.special import ndtr

from model.arrays import Array
from model.rules.offers import TOLERANCE

TEN_POINTS = 0.10  # a tariff rise of ten percentage points, as a share
MODES = {  # ways to ratify, with their meaning
    "certain": "every agreement that the leader signs passes",
    "pivot": "one pivotal player decides, based on the utility of the package to the side",
    "constituency": "the weighted support of the groups must reach a quota",
    "vote": "each group has one vote, and a majority is required",
}


def pivot(worth: Array, threshold: Array, spread: Array) -> Array:
    """Return the probability that the pivot ratifies: Phi((u - theta) / s) (R,).

    worth u, threshold theta and spread s: (R,), in the same unit (points for a side, a share for a
    quota). Source: uncertain ratification as in Milner and Rosendorff (1997). With a spread of 0
    the result is 1 if the worth reaches the threshold, else 0. A tolerance of 1e-12 ensures that an
    agreement worth exactly the threshold does not fail because of rounding.

    >>> pivot(np.array([0.1, 0.2]), np.array([0.1, 0.1]), np.array([0.1, 0.0])).tolist()
    [0.5, 1.0]
    """
    certain = np.where(worth >= threshold - TOLERANCE, 1.0, 0.0)
    noisy = ndtr((worth - threshold) / np.where(spread > 0.0, spread, 1.0))
    return np.where(spread > 0.0, noisy, certain)


def constituency(support: Array, weights: Array, quota: Array, spread: Array) -> Array:
    """Return the probability that weighted support reaches the quota (R,).

    Phi((sum w P - quota) / s). support P: probability that each group supports the package
    (groups, R); weights w: (groups, R), summing to 1 (Grossman and Helpman 1994); quota and spread
    s: (R,), as shares of the total weight.

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
    """Return the probability that at least `needed` groups vote in favour (R,).

    Groups vote independently: a Poisson-binomial distribution, by convolution (Chen and Liu 1997).
    support: probability of each group's vote (groups, R); needed: number of votes (R,).

    >>> vote(np.full((3, 2), 0.5), np.full(2, 2.0)).tolist()
    [0.5, 0.5]
    """
    groups = support.shape[0]
    none: Array = np.zeros_like(support[0])
    counts = np.stack([np.ones_like(none), *[none] * groups])
    for row in range(groups):
        shifted = np.zeros_like(counts)
        shifted[1:] = counts[:-1] * support[row]
        counts = counts * (1.0 - support[row]) + shifted
    chance: Array = none
    for votes in range(groups + 1):
        chance = chance + np.where(votes >= needed, counts[votes], 0.0)
    return np.minimum(chance, 1.0)  # the sum of probabilities may exceed 1 by an ulp


def against_no_agreement(
    worth: Array, averted: Array, foresight: Array, size: Array, backlash: Array
) -> Array:
    """Return the utility of a package at home against what happens without it (R,), in points.

    u + nu q C - beta S / 10: home compares the package with the harm that it expects if there is no
    agreement (the cost of no agreement: Putnam 1988, Iida 1993), and resents concessions under a
    threat (Galtung 1967; Gueorguiev, McDowell and Steinberg 2020). worth u: utility against the
    status quo, points; averted q C: expected harm of the other's threats, points; foresight nu: 0
    to 1; size S / 100: tariff rise that the other threatens, as a share; backlash beta: points per
    ten-point tariff. All are (R,). nu = 0 and beta = 0 return u.

    >>> one = np.ones(2)
    >>> against_no_agreement(one * 0.1, one * 0.2, one, one * 0.25, one * 0.04).round(12).tolist()
    [0.2, 0.2]
    """
    return worth + foresight * averted - backlash * (size / TEN_POINTS)


def hawk_threshold(threshold: Array, bonus: Array, firmness: Array) -> Array:
    """Return the ratification threshold of a leader with this firmness, in points (R,).

    theta - bonus (firmness - 1/2): a hawk gets an agreement ratified more easily (Mattes and Weeks
    2019). threshold theta: points; bonus: points per unit of firmness; firmness: 0 to 1.

    >>> hawk_threshold(np.array([0.1]), np.array([0.05]), np.array([1.0])).round(3).tolist()
    [0.075]
    """
    return threshold - bonus * (firmness - 0.5)
