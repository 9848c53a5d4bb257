"""Compliance with a deal: weekly delivery, arrears, and the probability that the deal is ended.

Sources: Bagwell and Staiger (1990); Fearon (1998); Downs, Rocke and Barsoom (1996). Under the Phase
One deal 57 % of what was promised was delivered (Bown 2022).
"""

import numpy as np

from model.arrays import Array
from model.rules.coercion import logit_choice


def willingness(
    precision: Array,
    patience: Array,
    lag: Array,
    at_stake: Array,
    shirking: Array,
    target: Array | float = 1.0,
) -> Array:
    """Return the mean share (R,) of its obligations that a side is willing to deliver in a week.

    s / (1 + e^(-precision (patience^lag x at_stake - s x shirking))). at_stake: points that the
    side loses once the other notices shirking, after `lag` weeks; shirking: gain in points from
    delivering nothing; target s: share that a side delivers which keeps the deal, see
    `least_tolerated`; patience: discount factor per week. All (R,).

    >>> willingness(*(np.array([v]) for v in (12.0, 1.0, 13.0, 0.2, 0.2))).tolist()
    [0.5]
    """
    worth = np.power(patience, lag) * at_stake - target * shirking
    return target * logit_choice(precision, worth)


def least_tolerated(tolerance: Array, memory: Array, used: Array, ceiling: Array) -> Array:
    """Return the share of what a side can deliver that is enough to keep a deal, 0 to 1 (R,).

    s = min(1, (1 - f) / ceiling) with f = min(1, used (1 - memory) tolerance). A constant share
    1 - f leads to arrears of f / (1 - memory) weeks of delivery, and arrears up to the tolerance
    have no consequence. So the best constant share of a side that keeps the deal is 1 - f with
    used = 1: more costs more and brings nothing, less puts the deal at risk. It lies between 0 and
    1 if 0 < tolerance < 1 / (1 - memory). tolerance: weeks of delivery; memory: share of the
    arrears that remains after a week; used: share of the tolerance that a side uses, 0 to 1;
    ceiling: share that its capacity lets it deliver (above 0). All are (R,).

    >>> none, one = np.zeros(2), np.ones(2)
    >>> least_tolerated(4.0 * one, 0.95 * one, one, one).round(12).tolist()
    [0.8, 0.8]
    >>> least_tolerated(4.0 * one, 0.95 * one, none, one).tolist()
    [1.0, 1.0]
    """
    free = np.minimum(used * (1.0 - memory) * tolerance, 1.0)
    return np.minimum((1.0 - free) / np.where(ceiling > 0.0, ceiling, 1.0), 1.0)


def at_stake(
    punishment: Array, stake: Array, phased: Array, enforcement: Array, unenforced: Array
) -> Array:
    """Return what a side loses if the other notices that it shirks, in points (R,).

    punishment (stake v + phased (1 - v)), v = u + (1 - u) enforcement, all (R,). stake: worth of
    what the other gives, in points; phased: the part of it that the other grants only as far as the
    side delivers, so that its loss needs no enforcement; unenforced u: share of the consequences
    without enforcement.

    >>> one = np.array([1.0])
    >>> at_stake(one, one, 0.5 * one, 0.0 * one, 0.3 * one).round(2).tolist()
    [0.65]
    """
    factor = unenforced + (1.0 - unenforced) * enforcement
    return punishment * stake * factor + punishment * phased * (1.0 - factor)


def forfeited(patience: Array, lag: Array, stake: Array, lost: Array) -> Array:
    """Return the share of what the other gives that shirking loses, 0 to 1 (R,).

    min(1, patience^lag lost / stake), and 0 without a stake, all (R,). stake: worth of what the
    other gives, in points; lost: part of it that is at stake (`at_stake`), in points; patience:
    discount factor per week; lag: weeks until the other side notices.

    >>> forfeited(*(np.array([value]) for value in (1.0, 13.0, 0.4, 0.1))).tolist()
    [0.25]
    """
    share = np.power(patience, lag) * lost / np.where(stake > 0.0, stake, 1.0)
    return np.where(stake > 0.0, np.minimum(share, 1.0), 0.0)


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
