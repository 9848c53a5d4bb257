"""Compliance with a deal: weekly delivery, arrears, and the probability that the deal is ended.

Sources: Bagwell and Staiger (1990); Fearon (1998); Downs, Rocke and Barsoom (1996). Under the Phase
One deal 57 % of what was promised was delivered (Bown 2022).
"""

import numpy as np

from model.arrays import Array
from model.rules.coercion import logit_choice


def willingness(
    precision: Array, patience: Array, lag: Array, at_stake: Array, shirking: Array
) -> Array:
    """Return the mean share (R,) of its obligations that a side is willing to deliver in a week.

    1 / (1 + e^(-precision (patience^lag x at_stake - shirking))). at_stake: points that the side
    loses once the other notices shirking, after `lag` weeks; shirking: gain from shirking in
    points; patience: discount factor per week. All (R,).

    >>> willingness(*(np.array([v]) for v in (12.0, 1.0, 13.0, 0.2, 0.2))).tolist()
    [0.5]
    """
    return logit_choice(precision, np.power(patience, lag) * at_stake - shirking)


def delivery(mean: Array, concentration: Array, normal: Array) -> Array:
    """Return the share (R,) delivered in a week, drawn around `mean` with a standard normal.

    A logit-normal distribution approximates a Beta distribution with this mean and concentration,
    because the inverse of the Beta distribution is slow to compute. Its standard deviation on the
    logit scale is (concentration m (1 - m))^(-1/2), at most 3.
    """
    safe = np.clip(mean, 1e-6, 1.0 - 1e-6)
    spread = 1.0 / np.sqrt(concentration * safe * (1.0 - safe))
    odds = np.log(safe) - np.log(1.0 - safe) + np.minimum(spread, 3.0) * normal
    return 1.0 / (1.0 + np.exp(-odds))


def with_capacity(share: Array, limited: Array, capacity: Array) -> Array:
    """Return the share (R,) delivered if a capacity limits a part of the obligations.

    share (1 - limited + limited min(capacity, 1)), all (R,). limited: the part of the obligations
    that a capacity limits.

    >>> with_capacity(np.array([1.0]), np.array([0.5]), np.array([0.6])).tolist()
    [0.8]
    """
    return share * (1.0 - limited + limited * np.minimum(capacity, 1.0))


def arrears(before: Array, memory: Array, delivered: Array) -> Array:
    """Return the arrears after a week, in weeks of delivery (R,): memory x before + 1 - delivered.

    >>> arrears(np.array([2.0]), np.array([0.5]), np.array([0.75])).tolist()
    [1.25]
    """
    return memory * before + (1.0 - delivered)


def snap_back(
    rate: Array, owed: Array, tolerance: Array, enforcement: Array, unenforced: Array
) -> Array:
    """Return the probability (R,) that the other side ends the deal this week.

    1 - e^(-rate x max(0, owed - tolerance) x (u + (1 - u) enforcement)). owed and tolerance: weeks
    of delivery; rate: per week and week of arrears; unenforced u: share of the rate that applies
    without enforcement. All (R,).
    """
    factor = unenforced + (1.0 - unenforced) * enforcement
    chance: Array = -np.expm1(-rate * np.maximum(owed - tolerance, 0.0) * factor)
    return chance
