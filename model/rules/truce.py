"""Truces in a mutually hurting stalemate, and revocation of permanent normal trade relations."""

import numpy as np

from model.arrays import Array

HIGHEST_LIFT = 700.0  # e to a slightly larger power overflows, and times a hazard of 0 is no number


def readiness(intercept: Array, slope: Array, pain: Array) -> Array:
    """Return the readiness of a side for a truce, 0 to 1 (R,): a logit in pain (Zartman 2000).

    1 / (1 + e^-(intercept + slope x pain)); pain in unit pain. The weekly probability of a truce is
    proportional to the product of both sides' readiness. With a constant probability p the waiting
    time is geometric with mean 1 / p weeks.

    >>> readiness(np.array([-5.0]), np.array([7.0]), np.array([5.0 / 7.0])).round(6).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + np.exp(np.clip(-(intercept + slope * pain), -700.0, 700.0)))


def length(shortest: Array, longest: Array, chance: Array) -> Array:
    """Return the length of a truce in whole weeks, uniform between two bounds (R,).

    chance: a uniform draw from 0 to 1 (R,).

    >>> length(np.array([13.0]), np.array([52.0]), np.array([0.5])).tolist()
    [32.0]
    """
    return np.floor(shortest + chance * np.maximum(longest - shortest, 0.0))


def revocation_chance(
    hazard: Array, hawkishness: Array, hawk_slope: Array, mistrust: Array, mistrust_slope: Array
) -> Array:
    """Return the weekly probability that the legislature revokes normal trade relations (R,).

    hazard x e^(hawk_slope (hawkishness - 1/2) + mistrust_slope x mistrust), at most 1.
    """
    lift = hawk_slope * (hawkishness - 0.5) + mistrust_slope * mistrust
    return np.minimum(hazard * np.exp(np.minimum(lift, HIGHEST_LIFT)), 1.0)
