"""Packages that two sides could offer each other: what each is worth, which trades come first."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Index, Mask

TOLERANCE = 1e-12
"""Points: two worths closer than this count as equal."""

SMALLEST = 1e-200
"""Stands in for a zero divisor, where the numerator is zero too or the quotient is clipped."""


class Exchange(NamedTuple):
    """The trades that lead from one side's ideal package to the other's, best trade first.

    `start` (K, R) is the own ideal package, `place` (K, R) each issue's place (from 0) in the order
    of the other's gain per own loss. `loss` and `gain` (K, R) are what an issue costs and brings,
    in points, in that order. Issues that nobody fights over come last, with 0 and 0.
    """

    start: Array
    place: Index
    loss: Array
    gain: Array


def utility(gains: Array, package: Array) -> Array:
    """Return what a package (K, R) is worth, in points (R,): the sum of gains (K, R) times levels.

    >>> utility(np.array([[0.3, 0.3], [-0.1, -0.1]]), np.array([[1.0, 0.0], [1.0, 1.0]]))
    array([ 0.2, -0.1])
    """
    worth: Array = (gains * package).sum(axis=0)
    return worth


def ideal(own: Array, other: Array) -> Array:
    """Return the package (K, R) that is best for oneself, and of those the best for the other.

    An issue is given in full where it is worth something to oneself (own > 0), or where it costs
    nothing and is worth something to the other; otherwise not at all.

    >>> ideal(np.array([[0.3, -0.1], [0.0, 0.0]]), np.array([[-0.1, 0.2], [0.1, -0.1]]))
    array([[1., 0.],
           [1., 0.]])
    """
    package: Array = ((own > 0) | ((own == 0) & (other > 0))).astype(np.float64)
    return package


def exchange(own: Array, other: Array) -> Exchange:
    """Return the trades from one's own ideal package to the other's, best first (Raiffa 1982).

    Takes the marginal utilities (K, R) of both sides, in points. An issue is fought over where one
    wants more of it and the other less; it comes the earlier, the more the other gains per point of
    own loss. Equal issues keep the scenario's order.
    """
    contested = ((own > 0) & (other < 0)) | ((own < 0) & (other > 0))
    loss, gain = np.abs(own) * contested, np.abs(other) * contested
    place = _places(gain / np.maximum(loss, SMALLEST))
    losses, gains, flat = np.empty_like(loss), np.empty_like(gain), _flat(place)
    losses.ravel()[flat] = loss
    gains.ravel()[flat] = gain
    return Exchange(ideal(own, other), place, losses, gains)


def offer(trades: Exchange, own: Array, floor: Array) -> Array:
    """Return the package (K, R) that is best for the other and worth `floor` (R,) to oneself.

    With additive values this is the fractional knapsack (Dantzig 1957): make the best trades as
    long as they can be afforded, and the last one in part. So at most one issue is split, and own
    utility meets the floor (to 1e-12) unless all is given and it is still above. A floor above
    one's own ideal asks for the impossible: the answer is then the ideal itself.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> offer(exchange(own, other), own, np.array([-0.05, -0.2]))
    array([[0.5, 1. ],
           [0. , 0.5]])
    """
    shares = _buy(trades.loss, np.maximum(utility(own, trades.start) - floor, 0.0))
    return np.abs(trades.start - shares.take(_flat(trades.place)))


def best_given(
    trades: Exchange, own: Array, other: Array, other_floor: Array
) -> tuple[Array, Mask]:
    """Return the most (R,) that one can have while the other has at least `other_floor` (R,).

    The second array says where such a package exists; elsewhere the first holds the worth of the
    other's ideal package.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> best_given(exchange(own, other), own, other, np.array([0.4, 0.6]))
    (array([-0.2, -0.3]), array([ True, False]))
    """
    needed = np.maximum(other_floor - utility(other, trades.start), 0.0)
    worth = utility(own, trades.start) - utility(trades.loss, _buy(trades.gain, needed))
    return worth, trades.gain.sum(axis=0) >= needed - TOLERANCE


def _places(worth: Array) -> Index:
    """Return the place (K, R) of each item by worth, largest first, equal ones as they stand.

    Comparing all pairs takes half the time of a stable argsort along the issues.
    """
    before = np.empty((len(worth), *worth.shape), dtype=np.bool_)  # the second before the first
    for k, own in enumerate(worth):
        np.greater_equal(worth[:k], own, out=before[k, :k])
        np.greater(worth[k:], own, out=before[k, k:])
    places: Index = before.sum(axis=1, dtype=np.int8).astype(np.intp)
    return places


def _flat(place: Index) -> Index:
    """Return where (K, R) each item's place stands in a flattened (K, R)."""
    worlds = place.shape[1]
    flat: Index = place * worlds + np.arange(worlds)
    return flat


def _buy(prices: Array, budget: Array) -> Array:
    """Return the share (K, R) of each item that a budget (R,) buys, taking the items in turn."""
    shares = np.empty_like(prices)
    for share, price in zip(shares, prices, strict=True):
        paid = np.minimum(price, budget)
        np.divide(paid, np.maximum(price, SMALLEST), out=share)
        budget = budget - paid
    return shares
