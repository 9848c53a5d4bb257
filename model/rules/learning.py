"""Learning about the other side: its reservation value and the weights of its issues."""

import numpy as np
from scipy.special import erfcx, ndtr

from model.arrays import Array, Mask, recordable, unit
from model.rules.offers import SMALLEST

TYPES: Array = np.linspace(-2.5, 2.5, 11)[:, np.newaxis]
"""The types of a leader, as standard normal deviates of its log resolve (T, 1)."""

PRIOR: Array = np.exp(-0.5 * TYPES * TYPES) / np.exp(-0.5 * TYPES * TYPES).sum()
"""The probability of each type before anything is learned (T, 1)."""

OTHER_REASONS = 0.1
"""Probability of a refusal for a reason that the learner does not model.

In no_back_channel, 5 % of the refusals are only because of ratification at home; the rest of the
value is an assumption.
"""

NEVER_REFUSED = 40.0
"""Margin before any refusal, in standard deviations: all types refuse with certainty."""

FULL = 1e-6
"""A level that is this close to 0 or 1 is kept or conceded in full."""

MARGIN_VARIANCE = 1.0
"""Variance of the margin of exchange before an offer, log units squared: nearly no information."""


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


def resolves(spread: Array) -> Array:
    """Return the resolve of each type (T, R): mean-one log-normal factors with a log sd `spread`.

    >>> resolves(np.array([0.3, 0.0]))[5].round(3).tolist()
    [0.956, 1.0]
    """
    found: Array = np.exp(spread * TYPES - 0.5 * spread * spread)
    return found


def moments(chances: Array, values: Array) -> tuple[Array, Array]:
    """Return mean and variance (R,) of a value that each type has, under a belief about the types.

    chances: probability of each type (T, R), summing to 1; values: (T, R), in points.

    >>> moments(np.full((2, 1), 0.5), np.array([[0.0], [0.2]]))
    (array([0.1]), array([0.01]))
    """
    mean: Array = (chances * values).sum(axis=0)
    distance = values - mean
    return mean, (chances * (distance * distance)).sum(axis=0)


def refused_by_types(
    chances: Array, least: Array, asked: Array, offered: Array, noise: Array, where: Mask
) -> tuple[Array, Array]:
    """Return the probabilities of the types (T, R) after a refusal, and their new lowest margins.

    asked: utility that each type asks for, r + A max(0, top - r) (T, R), in points: it refuses what
    is worth less. offered: estimated utility of the offer to the other (R,); noise: standard
    deviation of that estimate (R,). A type refuses if its margin z = (asked - offered) / noise
    exceeds a standard normal error, so with probability Phi(z). The error comes from the estimate
    of what the other wants and lasts: a refusal of the same offer is no second observation. The
    probability of all refusals so far is therefore Phi(min z), and Bayes' rule multiplies by
    Phi(new min z) / Phi(old min z). least: lowest margins so far (T, R), at first NEVER_REFUSED. If
    all types ask for the same (A = 1), nothing is learned. `where` (R,): worlds with a refusal.

    >>> chances, least = np.full((2, 1), 0.5), np.full((2, 1), NEVER_REFUSED)
    >>> asked, offered, noise = np.array([[0.0], [0.2]]), np.array([0.1]), np.array([0.1])
    >>> once = refused_by_types(chances, least, asked, offered, noise, np.array([True]))
    >>> once[0].round(3).tolist()
    [[0.221], [0.779]]
    >>> refused_by_types(*once, asked, offered, noise, np.array([True]))[0].round(3).tolist()
    [[0.221], [0.779]]
    """
    lowest = np.minimum(least, (asked - offered) / np.maximum(noise, SMALLEST))
    posterior = chances * (refusal_chance(lowest) / refusal_chance(least))
    posterior = posterior / posterior.sum(axis=0)
    return np.where(where, posterior, chances), np.where(where, lowest, least)


def refusal_chance(margin: Array) -> Array:
    """Return the probability of a refusal, given its margin in standard deviations."""
    return OTHER_REASONS + (1.0 - OTHER_REASONS) * ndtr(margin)


def reported_by_types(
    chances: Array, values: Array, signal: Array, variance: Array, real: Array
) -> Array:
    """Return the probabilities of the types (T, R) after a report of a back channel.

    A channel that speaks for its leader (probability `real`, (R,)) reports the other's value with
    a normal error of this variance (R,); any other reports 0. So the likelihood of a type is
    real N(signal; value, variance) + (1 - real) N(signal; 0, variance). values: the value of each
    type (T, R); signal: (R,), all in points above what all expect.

    >>> even, values = np.full((2, 1), 0.5), np.array([[0.0], [0.2]])
    >>> report = np.array([0.2]), np.array([0.01])
    >>> reported_by_types(even, values, *report, np.array([1.0])).round(3).tolist()
    [[0.119], [0.881]]
    >>> reported_by_types(even, values, *report, np.array([0.0])).tolist()
    [[0.5], [0.5]]
    """
    width = 0.5 / np.maximum(variance, SMALLEST)
    error = signal - values
    honest, idle = error * error * width, signal * signal * width
    nearest = np.minimum(honest.min(axis=0), idle)
    likelihood = real * np.exp(nearest - honest) + (1.0 - real) * np.exp(nearest - idle)
    posterior = chances * likelihood
    total = posterior.sum(axis=0)
    known = total > SMALLEST
    found: Array = np.where(known, posterior / np.where(known, total, 1.0), chances)
    return found


def in_logs(weights: Array, variance: Array) -> tuple[Array, Array]:
    """Return mean and variance of log weights (K, R), given those of log-normal weights.

    >>> in_logs(np.ones((1, 1)), np.expm1(np.full((1, 1), 0.09)))
    (array([[-0.045]]), array([[0.09]]))
    """
    spread = np.log1p(variance / np.maximum(weights * weights, SMALLEST))
    return np.log(np.maximum(weights, SMALLEST)) - 0.5 * spread, spread


def out_of_logs(mean: Array, variance: Array) -> tuple[Array, Array]:
    """Return mean and variance of log-normal weights (K, R), given those of their logarithms."""
    weights = np.exp(mean + 0.5 * variance)
    return weights, weights * weights * np.expm1(variance)


@recordable
def order_of_concessions(
    order: Array, measured: Array, conceded: Array, counted: Mask
) -> tuple[Array, Array, Mask]:
    """Return the known order of concessions, the issues measured, and what is new (K, R).

    order: how many issues the other is known to give up later than each issue (K, R), 0 if nothing
    is known; measured: 1 for issues that it has conceded in part together with another one (K, R).
    conceded: how far it concedes each issue now, from 0 to 1; counted (K, R): issues on which the
    sides conflict. An offer compares issues that are kept, shared or conceded in full, and the
    known order remains among those that it does not compare. The last array is whether an issue
    takes part in a comparison that was not known: an offer in the known order brings nothing new.
    Two issues that are both shared have the same ratio, which is all that their order can tell: a
    measured issue is not updated again.

    >>> nothing, every = np.zeros((3, 1)), np.full((3, 1), True)
    >>> first = order_of_concessions(nothing, nothing, np.array([[1.0], [0.0], [0.0]]), every)
    >>> first[0].ravel().tolist(), first[2].ravel().tolist()
    ([2.0, 0.0, 0.0], [True, True, True])
    >>> then = order_of_concessions(*first[:2], np.array([[1.0], [0.5], [0.0]]), every)
    >>> then[0].ravel().tolist(), then[2].ravel().tolist()
    ([2.0, 1.0, 0.0], [False, True, True])
    """
    kept, full = conceded < FULL, conceded > 1.0 - FULL
    place = np.where(kept, 0.0, np.where(full, 2.0, 1.0))
    fine = place * len(order) + order
    partly = counted & (place == 1.0)
    known = np.where(counted, 0.0, order)
    new = np.zeros_like(order) > 0.0
    found = measured
    for other in range(len(order)):
        both = counted & counted[other]
        earlier, later = place > place[other], place < place[other]
        unknown = (earlier & (order <= order[other])) | (later & (order >= order[other]))
        equal = partly & partly[other] & (np.arange(len(order))[:, np.newaxis] != other)
        found = np.where(both & equal, 1.0, found)
        new = new | (both & (unknown | equal))
        known = known + (both & (fine > fine[other]))
    return known, found, new & (measured == 0.0)


@recordable
def learn_from_order(
    mean: Array, variance: Array, ratio: Array, conceded: Array, counted: Mask, noise: Array
) -> tuple[Array, Array]:
    """Return mean and variance of the other's log weights (K, R) after one of its offers.

    A side gives up first what brings the other most per point of its own loss (logrolling, Raiffa
    1982). So in an efficient offer all issues that it concedes in full have a ratio of the other's
    gain to its own loss above a margin, all that it keeps have a ratio below it, and those that it
    concedes in part are at the margin. ratio (K, R): log ratio of the listener's marginal gain to
    the public marginal loss of the other at the offered level, so that the other's ratio is
    ratio_k - log weight_k. conceded (K, R): how far each issue is conceded, from 0 to 1; counted
    (K, R): issues on which the sides conflict; noise: log standard deviation of the ratios by which
    the other decides (R,).

    Each issue is compared with the margin that all other issues imply. An issue at the margin is a
    normal observation of its weight, an issue on one side a probit observation with the moments of
    a truncated normal. No level of utility enters, so the scale of the other's utility cancels.

    >>> still, unsure = np.zeros((2, 1)), np.full((2, 1), 0.09)
    >>> conceded, every = np.array([[1.0], [0.0]]), np.array([[True], [True]])
    >>> ratio = np.array([[-0.5], [0.5]])  # the first is conceded although the second is cheaper
    >>> learn_from_order(still, unsure, ratio, conceded, every, np.array([0.2]))[0].round(2)
    array([[-0.46],
           [ 0.46]])
    """
    sides = _Sides(ratio - mean, variance + noise * noise, conceded, counted)
    margin, wide = sides.margin()
    total = np.maximum(sides.doubt + wide, SMALLEST)
    hazard, curve = sides.hazard(margin, total)
    pull = np.where(sides.partly, (sides.expected - margin) / total, -sides.sign * hazard)
    certainty = np.where(sides.partly, 1.0, curve) * variance / total
    return (
        np.where(counted, mean + variance * pull, mean),
        np.where(counted, (1.0 - certainty) * variance, variance),
    )


class _Sides:
    """On which side of the margin an offer puts each issue, and where the margin is."""

    def __init__(self, expected: Array, doubt: Array, conceded: Array, counted: Mask) -> None:
        """Centre the expected log ratios of the other (K, R); doubt: their variance (K, R)."""
        number = np.maximum(counted.sum(axis=0), 1.0)
        self.expected = expected - np.where(counted, expected, 0.0).sum(axis=0) / number
        self.doubt = doubt
        self.partly = counted & (conceded >= FULL) & (conceded <= 1.0 - FULL)
        self.corner = counted & ~self.partly
        self.sign = np.where(conceded > 0.5, 1.0, -1.0)

    def margin(self) -> tuple[Array, Array]:
        """Return mean and variance (K, R) of the margin by all issues but the one at hand.

        Two sweeps of expectation propagation (Minka 2001) with a normal margin.
        """
        weight = np.where(self.partly, 1.0 / np.maximum(self.doubt, SMALLEST), 0.0)
        precision, pull = weight, weight * self.expected
        for _ in range(2):
            margin, wide = _without(precision, pull)
            total = np.maximum(self.doubt + wide, SMALLEST)
            hazard, curve = self.hazard(margin, total)
            left = wide * (1.0 - curve * wide / total)
            moved = margin - self.sign * wide * hazard
            left = np.maximum(left, SMALLEST)
            precision = np.where(self.corner, np.maximum(1.0 / left - 1.0 / wide, 0.0), weight)
            pull = np.where(self.corner, moved / left - margin / wide, weight * self.expected)
        return _without(precision, pull)

    def hazard(self, margin: Array, total: Array) -> tuple[Array, Array]:
        """Return phi / (Phi s) and h (z + h) (K, R) of the probit with variance total = s^2."""
        spread = np.sqrt(total)
        z = self.sign * (self.expected - margin) / spread
        hazard = np.sqrt(2.0 / np.pi) / erfcx(-z * np.sqrt(0.5))
        return hazard / spread, unit(hazard * (z + hazard))


def _without(precision: Array, pull: Array) -> tuple[Array, Array]:
    """Return mean and variance (K, R) of the margin by all issues but the one at hand."""
    others = 1.0 / MARGIN_VARIANCE + (precision.sum(axis=0) - precision)
    return (pull.sum(axis=0) - pull) / others, 1.0 / others
