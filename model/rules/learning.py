"""Learning about the other side: its reservation value and the weights of its issues."""

import numpy as np
from scipy.special import erfcx

from model.arrays import Array, Mask, unit
from model.rules.offers import SMALLEST


def update_normal(
    mean: Array, variance: Array, signal: Array, signal_variance: Array, where: Mask
) -> tuple[Array, Array]:
    """Return mean and variance (R,) of a normal belief after a noisy signal (conjugate Bayes).

    mean + k (signal - mean) and (1 - k) variance, with k = variance / (variance + signal_variance),
    in points and points squared. `where` (R,): worlds with a believed signal; others are unchanged.

    >>> mean, variance = np.zeros(2), np.ones(2)
    >>> update_normal(mean, variance, np.ones(2), np.ones(2), np.array([True, False]))
    (array([0.5, 0. ]), array([0.5, 1. ]))
    """
    share = variance / np.maximum(variance + signal_variance, SMALLEST)
    return (
        np.where(where, mean + share * (signal - mean), mean),
        np.where(where, (1.0 - share) * variance, variance),
    )


def rejection(
    mean: Array, variance: Array, offered: Array, noise: Array, where: Mask
) -> tuple[Array, Array]:
    """Return mean and variance (R,) of the belief about the other's reservation after a refusal.

    offered: estimated utility of the refused offer to the other, in points; noise: standard
    deviation of its answers, in points. The other refuses with probability
    Phi((reservation - offered) / noise). The result is the exact first two moments of the posterior
    by Bayes. With s^2 = variance + noise^2, z = (mean - offered) / s and h = phi(z) / Phi(z):

        mean + variance h / s   and   variance (1 - h (z + h) variance / s^2)

    So the refusal of an offer far above the believed reservation acts like a signal that the
    reservation is up there, and the refusal of a poor offer teaches nothing. `where` (R,): worlds
    in which the other refused; others are unchanged.

    >>> mean, variance, always = np.zeros(2), np.ones(2), np.array([True, True])
    >>> rejection(mean, variance, np.array([9.0, -9.0]), np.ones(2), always)[0].round(2)
    array([4.61, 0.  ])
    """
    total = np.maximum(variance + noise * noise, SMALLEST)
    spread = np.sqrt(total)
    z = (mean - offered) / spread
    hazard = np.sqrt(2.0 / np.pi) / erfcx(-z * np.sqrt(0.5))
    certainty = unit(hazard * (z + hazard)) * variance / total
    return (
        np.where(where, mean + variance / spread * hazard, mean),
        np.where(where, (1.0 - certainty) * variance, variance),
    )


def update_weights(
    weights: Array,
    variance: Array,
    levels: Array,
    expected: Array,
    noise: Array,
    least: Array,
    where: Mask,
) -> tuple[Array, Array]:
    """Return the believed weights of the other (K, R) and their variance after one of its offers.

    The other is expected to ask for a utility `expected` (R,) with a standard deviation `noise`
    (R,), so its offer is one linear observation: sum_k weight_k level_k = expected. `levels` (K, R)
    are signed: positive for issues that the other receives, negative for issues that it gives. This
    is the normal form of Hindriks and Tykhonov 2008 with independent weights (a diagonal Kalman
    filter). No weight falls below `least` (K, R), for example 5 % of its start. Utilities are in
    points. `where` (R,): worlds with an offer; others are unchanged.

    >>> weights, variance = np.full((2, 2), 0.2), np.full((2, 2), 0.01)
    >>> levels, least = np.array([[1.0, 1.0], [0.0, -1.0]]), np.full((2, 2), 0.01)
    >>> update_weights(weights, variance, levels, np.full(2, 0.3), np.full(2, 0.1), least,
    ...     np.array([True, True]))[0]
    array([[0.25, 0.3 ],
           [0.2 , 0.1 ]])
    """
    surprise = expected - (weights * levels).sum(axis=0)
    covariance = variance * levels
    total = np.maximum((covariance * levels).sum(axis=0) + noise * noise, SMALLEST)
    updated = np.maximum(weights + covariance / total * surprise, least)
    return (
        np.where(where, updated, weights),
        np.where(where, (1.0 - covariance / total * levels) * variance, variance),
    )
