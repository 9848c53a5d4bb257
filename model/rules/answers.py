"""Learning from answers to trial packages, which commit the other side to nothing."""

import numpy as np

from model.arrays import Array, Mask
from model.rules.learning import NEVER_REFUSED as NEVER_REFUSED
from model.rules.learning import refusal_chance, rejection
from model.rules.offers import SMALLEST


def answered_by_types(
    chances: Array,
    least: Array,
    wanted: Array,
    offered: Array,
    noise: Array,
    usual: Array,
    warm: Mask,
    real: Array,
    where: Mask,
) -> tuple[Array, Array]:
    """Return the probabilities of the types (T, R) after an answer to a trial package.

    The second array is their new lowest margins of refusal (`learning.refused_by_types`). A type
    answers coldly to what is worth less than its reservation value `wanted` (T, R), so a cold
    answer is a refusal of a type that asks for no more than that. With F(z) the probability of
    refusals up to the margin z, a cold answer has the likelihood F(min z) / F(old min z), and a
    warm one the rest. A channel that does not speak for its leader (probability 1 - real) answers
    by the reservation value `usual` (R,) that all expect, which is equally likely for all types.
    offered: estimated utility of the package to the other (R,); noise: standard deviation of that
    estimate (R,), all in points; warm: the answer (R,). `where` (R,): worlds with a believed
    answer.

    >>> chances, least = np.full((2, 1), 0.5), np.full((2, 1), NEVER_REFUSED)
    >>> case = np.array([[0.0], [0.2]]), np.array([0.1]), np.array([0.1]), np.array([0.1])
    >>> sure, always = np.array([1.0]), np.array([True])
    >>> answered_by_types(chances, least, *case, ~always, sure, always)[0].round(3).tolist()
    [[0.221], [0.779]]
    >>> answered_by_types(chances, least, *case, always, sure, always)[0].round(3).tolist()
    [[0.841], [0.159]]
    >>> answered_by_types(chances, least, *case, always, 0.0 * sure, always)[0].tolist()
    [[0.5], [0.5]]
    """
    spread = np.maximum(noise, SMALLEST)
    lowest = np.minimum(least, (wanted - offered) / spread)
    cold = refusal_chance(lowest) / refusal_chance(least)
    other = refusal_chance((usual - offered) / spread)
    likelihood = real * np.where(warm, 1.0 - cold, cold)
    posterior = chances * (likelihood + (1.0 - real) * np.where(warm, 1.0 - other, other))
    total = posterior.sum(axis=0)
    known = total > SMALLEST
    posterior = np.where(known, posterior / np.where(known, total, 1.0), chances)
    return np.where(where, posterior, chances), np.where(where & ~warm, lowest, least)


def answered(
    mean: Array, variance: Array, offered: Array, noise: Array, warm: Mask, where: Mask
) -> tuple[Array, Array]:
    """Return mean and variance (R,) of a normal belief after an answer to a trial package.

    A cold answer is a `rejection`, and a warm one its mirror image. `where` (R,): worlds with a
    believed answer; others are unchanged.

    >>> mean, variance, always = np.zeros(1), np.ones(1), np.array([True])
    >>> answered(mean, variance, np.zeros(1), np.zeros(1), ~always, always)[0].round(3).tolist()
    [0.798]
    >>> answered(mean, variance, np.zeros(1), np.zeros(1), always, always)[0].round(3).tolist()
    [-0.798]
    """
    sign = np.where(warm, -1.0, 1.0)
    found, left = rejection(sign * mean, variance, sign * offered, noise, where)
    return np.where(where, sign * found, mean), left
