"""Compliance with a deal: what is delivered, what is owed, and when the other side ends it.

Bagwell and Staiger (1990); Fearon (1998); Downs, Rocke and Barsoom (1996). Phase One delivered 57 %
of what it promised (Bown 2022).
"""

import numpy as np

from model.arrays import Array
from model.rules.coercion import logit_choice


def willingness(
    precision: Array, patience: Array, lag: Array, at_stake: Array, shirking: Array
) -> Array:
    """Return the mean share that a side wants to deliver in a week (R,).

    1 / (1 + e^(-precision (patience^lag x at stake - gain from shirking))): what is at stake is
    lost only after the lag in which shirking is seen.

    >>> willingness(*(np.array([v]) for v in (12.0, 1.0, 13.0, 0.2, 0.2))).tolist()
    [0.5]
    """
    return logit_choice(precision, np.power(patience, lag) * at_stake - shirking)


def delivery(mean: Array, concentration: Array, normal: Array) -> Array:
    """Return the share delivered in a week (R,), around `mean`.

    A logit-normal with the spread that a Beta(mean, concentration) has on that scale, in place of
    the Beta, whose inverse is slow: sd = (concentration m (1 - m))^(-1/2).
    """
    safe = np.clip(mean, 1e-6, 1.0 - 1e-6)
    spread = 1.0 / np.sqrt(concentration * safe * (1.0 - safe))
    odds = np.log(safe) - np.log(1.0 - safe) + np.minimum(spread, 3.0) * normal
    return 1.0 / (1.0 + np.exp(-odds))


def with_capacity(share: Array, limited: Array, capacity: Array) -> Array:
    """Return what is delivered if a part `limited` of the obligations meets a capacity (R,).

    >>> with_capacity(np.array([1.0]), np.array([0.5]), np.array([0.6])).tolist()
    [0.8]
    """
    return share * (1.0 - limited + limited * np.minimum(capacity, 1.0))


def arrears(before: Array, memory: Array, delivered: Array) -> Array:
    """Return what is owed after a week, in weeks of delivery (R,).

    memory x before + (1 - delivered).

    >>> arrears(np.array([2.0]), np.array([0.5]), np.array([0.75])).tolist()
    [1.25]
    """
    return memory * before + (1.0 - delivered)


def snap_back(
    rate: Array, owed: Array, tolerance: Array, enforcement: Array, unenforced: Array
) -> Array:
    """Return the chance that the other side ends the deal this week (R,).

    1 - e^(-rate x (owed above tolerance) x (u + (1 - u) enforcement)).
    """
    vigour = unenforced + (1.0 - unenforced) * enforcement
    chance: Array = -np.expm1(-rate * np.maximum(owed - tolerance, 0.0) * vigour)
    return chance
