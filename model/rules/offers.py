"""Packages of issues: their utilities, efficient trades between two sides, and the best offer."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Index, Mask, recordable

TOLERANCE = 1e-12
"""In points: utilities that differ by less than this count as equal."""

SMALLEST = 1e-200
"""Replaces a zero divisor if the numerator is zero as well or the quotient is clipped."""


class Exchange(NamedTuple):
    """The trades that lead from one side's ideal package to the other's, best trade first.

    `start` (K, R) is the side's own ideal package. `place` (K, R) is the rank of each issue (from
    0) by the other's gain per point of own loss. `loss` and `gain` (K, R) are the own loss and the
    other's gain of each trade in points, in the order of the ranks. Issues on which the sides do
    not conflict come last, with a loss and a gain of 0.
    """

    start: Array
    place: Index
    loss: Array
    gain: Array


def utility(gains: Array, package: Array) -> Array:
    """Return the utility of a package (R,), in points: the sum over issues of gain times level.

    gains: marginal utilities in points (K, R); package: levels from 0 to 1 (K, R).

    >>> utility(np.array([[0.3, 0.3], [-0.1, -0.1]]), np.array([[1.0, 0.0], [1.0, 1.0]]))
    array([ 0.2, -0.1])
    """
    worth: Array = (gains * package).sum(axis=0)
    return worth


def ideal(own: Array, other: Array) -> Array:
    """Return a side's best package (K, R); among equal ones the best for the other side.

    own, other: marginal utilities (K, R). The level of an issue is 1 if own > 0, or if own = 0 and
    other > 0; otherwise it is 0.

    >>> ideal(np.array([[0.3, -0.1], [0.0, 0.0]]), np.array([[-0.1, 0.2], [0.1, -0.1]]))
    array([[1., 0.],
           [1., 0.]])
    """
    package: Array = ((own > 0) | ((own == 0) & (other > 0))).astype(np.float64)
    return package


def exchange(own: Array, other: Array) -> Exchange:
    """Return the trades from a side's ideal package to the other's, best first (Raiffa 1982).

    own, other: marginal utilities of both sides, in points (K, R). An issue is contested if one
    side wants more of it and the other less. Contested issues are ordered by the other's gain per
    point of own loss, largest first. Equal issues keep the order of the scenario.
    """
    contested = ((own > 0) & (other < 0)) | ((own < 0) & (other > 0))
    loss, gain = np.abs(own) * contested, np.abs(other) * contested
    place = places(gain / np.maximum(loss, SMALLEST))
    return Exchange(ideal(own, other), place, permuted(loss, place), permuted(gain, place))


def offer(trades: Exchange, own: Array, floor: Array) -> Array:
    """Return the package (K, R) that is best for the other side and worth `floor` (R,) to the own.

    With additive values this is the fractional knapsack (Dantzig 1957): make the best trades while
    the budget lasts, and the last one in part. So at most one issue is split, and own utility
    equals the floor (to 1e-12), unless it is still above the floor after all trades. If the floor
    is above the utility of the own ideal package, that package is returned.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> offer(exchange(own, other), own, np.array([-0.05, -0.2]))
    array([[0.5, 1. ],
           [0. , 0.5]])
    """
    shares = _buy(trades.loss, np.maximum(utility(own, trades.start) - floor, 0.0))
    return np.abs(trades.start - restored(shares, trades.place))


def best_given(
    trades: Exchange, own: Array, other: Array, other_floor: Array
) -> tuple[Array, Mask]:
    """Return the highest own utility (R,) of packages worth at least `other_floor` to the other.

    The second array (R,) is whether such a package exists. If not, the first contains the own
    utility of the other's ideal package. All utilities in points.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> best_given(exchange(own, other), own, other, np.array([0.4, 0.6]))
    (array([-0.2, -0.3]), array([ True, False]))
    """
    needed = np.maximum(other_floor - utility(other, trades.start), 0.0)
    worth = utility(own, trades.start) - utility(trades.loss, _buy(trades.gain, needed))
    return worth, trades.gain.sum(axis=0) >= needed - TOLERANCE


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


def _buy(prices: Array, budget: Array) -> Array:
    """Return the share (K, R) of each item that a budget (R,) buys, taking the items in order."""
    shares = np.empty_like(prices)
    for share, price in zip(shares, prices, strict=True):
        paid = np.minimum(price, budget)
        np.divide(paid, np.maximum(price, SMALLEST), out=share)
        budget = budget - paid
    return shares
