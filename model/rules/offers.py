"""Packages of issues: their utilities, efficient trades between two sides, and the best offer."""

from typing import NamedTuple, overload

import numpy as np

from model.arrays import Array, Index, Mask, unit
from model.rules.curves import LINEAR, Bends
from model.rules.knapsack import SMALLEST as SMALLEST
from model.rules.knapsack import bought, permuted, places, restored
from model.rules.trades import Aim, Curves, best_trades, loss_of

TOLERANCE = 1e-12
"""In points: utilities that differ by less than this count as equal."""


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


class CurvedExchange(NamedTuple):
    """The same if values bend: the trades in the order of the issues.

    `start` (K, R) is the side's own ideal package. `curves`: own losses and the other's gains.
    """

    start: Array
    curves: Curves


type Trades = Exchange | CurvedExchange


def utility(gains: Array, package: Array) -> Array:
    """Return the utility of a package (R,), in points: the sum over issues of gain times level.

    gains: marginal utilities in points (K, R); package: levels from 0 to 1 (K, R), as `curves.felt`
    by the side if its values bend.

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


@overload
def exchange(own: Array, other: Array) -> Exchange: ...
@overload
def exchange(own: Array, other: Array, bends: Bends) -> Trades: ...
def exchange(own: Array, other: Array, bends: Bends = LINEAR) -> Trades:
    """Return the trades from a side's ideal package to the other's, best first (Raiffa 1982).

    own, other: marginal utilities of both sides, in points (K, R); bends: of both sides' values. An
    issue is contested if one side wants more of it and the other less. If values are linear, the
    contested issues are ordered by the other's gain per point of own loss, largest first. Equal
    issues keep the order of the scenario.
    """
    contested = ((own > 0) & (other < 0)) | ((own < 0) & (other > 0))
    loss, gain = np.abs(own) * contested, np.abs(other) * contested
    if bends.own is not None and bends.other is not None:
        rise = unit(np.where(own < 0.0, -bends.own, bends.own))
        fade = unit(np.where(other < 0.0, -bends.other, bends.other))
        return CurvedExchange(ideal(own, other), Curves(loss, gain, rise, fade))
    place = places(gain / np.maximum(loss, SMALLEST))
    return Exchange(ideal(own, other), place, permuted(loss, place), permuted(gain, place))


def offer(trades: Trades, own: Array, floor: Array, levels: Array | None = None) -> Array:
    """Return the package (K, R) that is best for the other side and worth `floor` (R,) to the own.

    With additive values this is the fractional knapsack (Dantzig 1957): make the best trades while
    the budget lasts, and the last one in part. So at most one issue is split, and own utility
    equals the floor (to 1e-12), unless it is still above the floor after all trades. If the floor
    is above the utility of the own ideal package, that package is returned. If values bend, trades
    are made up to a common price: see `trades.best_trades`.

    levels (K, R): how many equally spaced levels each issue has, below 2 if it has all between 0
    and 1. Trades of such issues stop at a level, so own utility is at least the floor.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> offer(exchange(own, other), own, np.array([-0.05, -0.2]))
    array([[0.5, 1. ],
           [0. , 0.5]])
    """
    budget = np.maximum(utility(own, trades.start) - floor, 0.0)
    if isinstance(trades, CurvedExchange):
        losses = Aim(np.ones_like(budget), np.zeros_like(budget), budget)
        return np.abs(trades.start - best_trades(trades.curves, losses, levels))
    shares = bought(trades.loss, budget)
    return np.abs(trades.start - restored(shares, trades.place))


def best_given(
    trades: Trades, own: Array, other: Array, other_floor: Array, levels: Array | None = None
) -> tuple[Array, Mask]:
    """Return the highest own utility (R,) of packages worth at least `other_floor` to the other.

    The second array (R,) is whether such a package exists. If not, the first contains the own
    utility of the other's ideal package. All utilities in points. levels: as in `offer`.

    >>> own, other = np.array([[-0.1, -0.1], [-0.2, -0.2]]), np.array([[0.3, 0.3], [0.2, 0.2]])
    >>> best_given(exchange(own, other), own, other, np.array([0.4, 0.6]))
    (array([-0.2, -0.3]), array([ True, False]))
    """
    needed = np.maximum(other_floor - utility(other, trades.start), 0.0)
    if isinstance(trades, CurvedExchange):
        shares = _least(trades.curves, needed, levels)
        worth = utility(own, trades.start) - loss_of(trades.curves, shares).sum(axis=0)
        return worth, trades.curves.gain.sum(axis=0) >= needed - TOLERANCE
    worth = utility(own, trades.start) - utility(trades.loss, bought(trades.gain, needed))
    return worth, trades.gain.sum(axis=0) >= needed - TOLERANCE


def _least(curves: Curves, needed: Array, levels: Array | None) -> Array:
    """Return the cheapest shares of trades (K, R) by which the other gains what it needs (R,)."""
    none, one = np.zeros_like(needed), np.ones_like(needed)
    if levels is None:
        return best_trades(curves, Aim(none, one, needed))
    # seen from the other side: it gives back from its ideal package what it does not need
    back = Curves(curves.gain, curves.loss, curves.fade, curves.rise)
    spare = np.maximum(curves.gain.sum(axis=0) - needed, 0.0)
    return 1.0 - best_trades(back, Aim(one, none, spare), levels)
