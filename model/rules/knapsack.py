"""Items in the order of their worth, and what a budget buys of them (fractional knapsack)."""

import numpy as np

from model.arrays import Array, Index, recordable

SMALLEST = 1e-200
"""Replaces a zero divisor if the numerator is zero as well or the quotient is clipped."""


@recordable
def places(worth: Array) -> Index:
    """Return the rank (K, R) of each item by worth, largest first; ties keep their order.

    Comparing all pairs takes half the time of a stable argsort along the issues.
    """
    before = np.empty((len(worth), *worth.shape), dtype=np.bool_)  # the second before the first
    for k, own in enumerate(worth):
        np.greater_equal(worth[:k], own, out=before[k, :k])
        np.greater(worth[k:], own, out=before[k, k:])
    found: Index = before.sum(axis=1, dtype=np.int8).astype(np.intp)
    return found


@recordable
def permuted(values: Array, place: Index) -> Array:
    """Return rows (K, R) moved to their places (K, R), world by world.

    >>> permuted(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1, 0], [0, 1]])).tolist()
    [[3.0, 2.0], [1.0, 4.0]]
    """
    moved = np.empty_like(values)
    moved.ravel()[_flat(place)] = values
    return moved


@recordable
def restored(values: Array, place: Index) -> Array:
    """Return rows (K, R) moved back from their places (K, R): the inverse of `permuted`."""
    return values.take(_flat(place))


def _flat(place: Index) -> Index:
    """Return the index (K, R) of each item's rank in a flattened array (K, R)."""
    worlds = place.shape[1]
    flat: Index = place * worlds + np.arange(worlds)
    return flat


def bought(prices: Array, budget: Array) -> Array:
    """Return the share (K, R) of each item that a budget (R,) buys, taking the items in order.

    >>> bought(np.array([[1.0], [2.0], [1.0]]), np.array([2.0])).tolist()
    [[1.0], [0.5], [0.0]]
    """
    shares = np.empty_like(prices)
    for share, price in zip(shares, prices, strict=True):
        paid = np.minimum(price, budget)
        np.divide(paid, np.maximum(price, SMALLEST), out=share)
        budget = budget - paid
    return shares
