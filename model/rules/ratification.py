"""Ratification at home: the win-set of a side is the set of packages that its groups ratify.

Sources: Putnam (1988); Milner and Rosendorff (1997); Tarar (2001). There are four modes: `certain`,
`pivot` (one pivotal player decides), `constituency` (weighted support must reach a quota) and
`vote` (each group has one vote, a majority is required). A failure is an involuntary defection.

The win-set moves: groups that lose gain weight, and home has a swing that lasts for some weeks. The
leader foresees a part of it, and can return after a failure with a side payment (Mo 1995).
"""

import numpy as np
from scipy.special import ndtr, ndtri

from model.arrays import Array
from model.rules.offers import SMALLEST, TOLERANCE

TEN_POINTS = 0.10  # a tariff rise of ten percentage points, as a share
MODES = {  # ways to ratify, with their meaning
    "certain": "every agreement that the leader signs passes",
    "pivot": "one pivotal player decides, based on the utility of the package to the side",
    "constituency": "the weighted support of the groups must reach a quota",
    "vote": "each group has one vote, and a majority is required",
}
BY_GROUPS = ("constituency", "vote")  # ways in which the groups vote


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
    noisy = ndtr((worth - threshold) / np.where(spread > SMALLEST, spread, 1.0))
    return np.where(spread > SMALLEST, noisy, certain)


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


def mobilised(weights: Array, losses: Array, strength: Array) -> Array:
    """Return the weights of groups that respond to their losses (groups, R), summing to 1.

    w_g exp(strength x loss_g) / sum_h w_h exp(strength x loss_h) (Grossman and Helpman 1994: those
    who lose organise). weights w: base weights (groups, R), summing to 1; losses: in unit pain, not
    negative (groups, R); strength: per unit pain (R,). With strength 0 they are the base weights.

    >>> weights, losses = np.array([[0.5], [0.5]]), np.array([[1.0], [0.0]])
    >>> mobilised(weights, losses, np.array([np.log(3.0)])).round(4).ravel().tolist()
    [0.75, 0.25]
    """
    raised = weights * np.exp(strength * losses)
    total = np.add.reduce(raised, axis=0)
    shares: Array = np.where(
        (strength > 0.0) & (total > 0.0), raised / np.where(total > 0.0, total, 1.0), weights
    )
    return shares


def swing(before: Array, drawn: Array, persistence: Array) -> Array:
    """Return the swing at home this week, in standard deviations (R,): a stationary AR(1).

    rho z + sqrt(1 - rho^2) n, with variance 1 for every rho. before z: swing of the week before;
    drawn n: a standard normal draw; persistence rho: 0 to below 1. A positive swing is against the
    package. At rho = 0 it is the draw of the week.

    >>> swing(np.array([2.0, 2.0]), np.array([1.0, 1.0]), np.array([0.0, 0.6])).tolist()
    [1.0, 2.0]
    """
    return persistence * before + np.sqrt(1.0 - persistence * persistence) * drawn


def foreseen(actual: Array, error: Array, insight: Array) -> Array:
    """Return the part of the swing that the leader foresees, in standard deviations (R,).

    k z + sqrt(k (1 - k)) e has variance k and is the mean of z given itself; the rest of z has
    variance 1 - k. actual z: the swing; error e: an independent standard normal; insight k: share
    of the variance that is foreseen (0: nothing, 1: all).

    >>> foreseen(np.array([2.0, 2.0]), np.array([1.0, 1.0]), np.array([0.0, 1.0])).tolist()
    [0.0, 2.0]
    """
    return insight * actual + np.sqrt(insight * (1.0 - insight)) * error


def expected_chance(chance: Array, part: Array, insight: Array) -> Array:
    """Return the probability of ratification for a leader who foresees a part of the swing (R,).

    Phi((Phi^-1(P) - a) / sqrt(1 - k)). chance P: probability before the swing is known; part a:
    the part that the leader foresees; insight k: its share of the variance. At k = 0 it is P; at
    k = 1 it is 1 or 0.

    >>> chances, part = np.array([0.5, 0.5]), np.array([0.0, 1.0])
    >>> expected_chance(chances, part, np.array([0.0, 1.0])).tolist()
    [0.5, 0.0]
    """
    return pivot(ndtri(chance), part, np.sqrt(1.0 - insight))


def side_payments(
    missing: Array, gained: Array, support: Array, weights: Array, needed: Array
) -> Array:
    """Return the payments to the groups of the cheapest coalition that reaches a quota (groups, R).

    Groups are paid what is missing, the smallest payment first, until the weighted support reaches
    the quota (Riker 1962; Groseclose and Snyder 1996). missing: payment that wins a group over, in
    points (groups, R); gained: rise of its probability of support by that payment (groups, R);
    support: its probability before (groups, R); weights: (groups, R), summing to 1; needed: quota
    (R,). A group with nothing missing gets nothing.

    >>> missing, gained = np.array([[0.3], [0.1], [0.0]]), np.array([[0.7], [0.5], [0.0]])
    >>> support, weights = np.array([[0.1], [0.3], [0.9]]), np.full((3, 1), 1.0 / 3.0)
    >>> side_payments(missing, gained, support, weights, np.array([0.5])).ravel().tolist()
    [0.0, 0.1, 0.0]
    """
    start = np.add.reduce(weights * support, axis=0)
    paid = []
    for row in range(missing.shape[0]):
        before = start
        for other in range(missing.shape[0]):
            cheaper = missing[other] < missing[row]
            before = before + np.where(cheaper, weights[other] * gained[other], 0.0)
        paid.append(np.where(before < needed, missing[row], 0.0))
    return np.stack(paid)
