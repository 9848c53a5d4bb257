"""Drafts: how the priorities of the people around a leader shape the packages that a side offers.

The priorities of each actor are opinions on the influence graph, one for each actor and issue, in
logarithms (Friedkin and Johnsen 1990). They are private views that do not change, so each actor
drafts by the opinions at rest. The factor of a drafter is the influence-weighted geometric mean of
all priorities: f_k = prod_a p_ak^(W_a).
"""

from collections.abc import Mapping

import numpy as np

from model.arrays import Array, Mask

CLOSE = 1e-12  # opinions that change by less are at rest
NOBODY = -1.0  # in place of the row of an actor
ROUNDS = 1000  # most rounds of listening; with susceptibilities below 1 a few dozen are enough


def at_rest(
    private: Array, susceptibility: Array, weights: Mapping[tuple[int, int], Array]
) -> Array:
    """Return the opinions at rest (actors, K, R): x = u + L (W x - u), iterated from x = u.

    private u: (actors, K, R); susceptibility L: (actors, R); weights: by the rows of speaker and
    listener, each (R,); they need no particular sum. An actor that hears nobody keeps its view.

    >>> private, weights = np.array([[[0.0]], [[1.0]]]), {(1, 0): np.ones(1)}
    >>> at_rest(private, np.full((2, 1), 0.7), weights)[:, 0, 0].round(6).tolist()
    [0.7, 1.0]
    """
    masses = np.zeros_like(susceptibility)
    for (_, listener), weight in weights.items():
        masses[listener] = masses[listener] + weight
    shares = np.where(masses > 0.0, susceptibility, 0.0) / np.where(masses > 0.0, masses, 1.0)
    kept = 1.0 - np.where(masses > 0.0, susceptibility, 0.0)
    opinions = private
    for _ in range(ROUNDS):
        moved = kept[:, np.newaxis] * private
        for (speaker, listener), weight in weights.items():
            moved[listener] = moved[listener] + shares[listener] * weight * opinions[speaker]
        change = np.abs(moved - opinions).max(initial=0.0)
        opinions = moved
        if change <= CLOSE:
            break
    return opinions


def influence(susceptibility: Array, weights: Mapping[tuple[int, int], Array]) -> Array:
    """Return the total influence of each actor on each other at rest (listener, actor, R).

    Each row of a listener sums to 1: the shares of all private views in its opinion (Friedkin and
    Johnsen 1990; the matrix V = (I - L W)^-1 (I - L)).
    """
    count, worlds = susceptibility.shape
    own = np.broadcast_to(np.eye(count)[:, :, np.newaxis], (count, count, worlds))
    return at_rest(own, susceptibility, weights)


def largest_share(log_priorities: Array, shares: Array, degree: Array) -> Array:
    """Return whose priorities count most in each issue of a draft (K, R): a row, NOBODY if none.

    log_priorities: of all actors (actors, K, R); shares W: of their views in the drafter's opinion
    (actors, R); degree d: as in `factor` (R,). It is the actor with the largest part W_a log p_ak
    in the direction of the sum over actors.

    >>> logs = np.log(np.array([[[2.0], [1.0]], [[1.5], [1.0]], [[0.5], [1.0]]]))
    >>> largest_share(logs, np.array([[0.2], [0.7], [0.1]]), np.ones(1)).tolist()
    [[1.0], [-1.0]]
    """
    parts = shares[:, np.newaxis] * log_priorities
    total = degree * parts.sum(axis=0)
    row = (parts * np.sign(total)).argmax(axis=0)
    return np.where(np.abs(total) > CLOSE, row, NOBODY)


def variance(values: Array, counts: Mask) -> Array:
    """Return the variance over the issues that count (R,); 0 without any.

    values: (K, R); counts: (K, R).

    >>> variance(np.array([[1.0], [3.0], [9.0]]), np.array([[True], [True], [False]])).tolist()
    [1.0]
    """
    number = np.maximum(counts.sum(axis=0), 1)
    mean = np.where(counts, values, 0.0).sum(axis=0) / number
    squares = np.where(counts, (values - mean) ** 2, 0.0)
    found: Array = squares.sum(axis=0) / number
    return found


def factor(log_priorities: Array, degree: Array) -> Array:
    """Return how much more than an average issue a drafter wants each one (K, R): exp(d log p).

    log_priorities: of the drafter at rest (K, R); degree d: to which priorities shape offers, 0 for
    not at all (R,). d = 0 returns 1.

    >>> factor(np.log(np.array([[2.0], [0.5]])), np.ones(1)).round(6).tolist()
    [[2.0], [0.5]]
    """
    shaped: Array = np.exp(degree * log_priorities)
    return shaped
