"""Bargaining solutions on the Pareto frontier: Nash, Kalai, Rubinstein and others.

Each solution measures gains from an explicit disagreement point, which is an argument. Other tools
use some of these names differently. Here "egalitarian" is Kalai's proportional solution (equal
gains), and "Kalai-Smorodinsky" gives equal shares of the ideal gains. A point of the frontier has
shape (2, R): own utility and the other's utility, in points. It is NaN if no point of the frontier
is at least as good for both sides as the disagreement point.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from model.arrays import Array, Index
from model.rules.curves import LINEAR, Bends
from model.rules.offers import SMALLEST, TOLERANCE, CurvedExchange, Trades, exchange, utility
from model.rules.trades import Aim, best_trades, fairest_trades, gain_of, loss_of

PIECES = 32
"""Segments of the frontier of curved values; a test compares them with a finer one."""


class Frontier(NamedTuple):
    """The corners of the Pareto frontier: utilities of both sides in points, each (K+1, R).

    They lead from the own ideal package to the other's: `own` falls, `other` rises, and each
    further point for the other costs more than the one before (the frontier is concave).
    """

    own: Array
    other: Array


def frontier(own: Array, other: Array, bends: Bends = LINEAR) -> Frontier:
    """Return the Pareto frontier of two sides, given their marginal utilities (K, R) in points.

    If values bend, the frontier is curved, and the result has PIECES + 1 points of it. They are at
    equal distances in the mean of the own loss and the other's gain, each as a share of its total.

    >>> corners = frontier(np.array([[-0.1] * 2, [-0.2] * 2]), np.array([[0.3] * 2, [0.2] * 2]))
    >>> corners.own[:, 0].round(12).tolist(), corners.other[:, 0].round(12).tolist()
    ([0.0, -0.1, -0.3], [0.0, 0.3, 0.5])
    """
    trades = exchange(own, other, bends)
    own_best = utility(own, trades.start)[np.newaxis]
    other_least = utility(other, trades.start)[np.newaxis]
    if isinstance(trades, CurvedExchange):
        points = [_progress(trades, n / PIECES) for n in range(PIECES + 1)]
        return Frontier(
            own_best - np.stack([point[0] for point in points]),
            other_least + np.stack([point[1] for point in points]),
        )
    return Frontier(
        np.concatenate([own_best, own_best - np.cumsum(trades.loss, axis=0)]),
        np.concatenate([other_least, other_least + np.cumsum(trades.gain, axis=0)]),
    )


def win_set(corners: Frontier, floors: Array) -> Frontier:
    """Return the part of the frontier that is worth at least `floors` to both sides (Putnam 1988).

    floors: (2, R), in points. Corners outside this part are moved to its nearest end. All corners
    are NaN if there is no such part.
    """
    best_for_own = _crossing(corners, corners.other - floors[1])
    best_for_other = _crossing(corners, floors[0] - corners.own)
    reached = best_for_own >= floors - TOLERANCE
    exists = reached[0] & reached[1]
    part = Frontier(
        np.clip(corners.own, best_for_other[0], best_for_own[0]),
        np.clip(corners.other, best_for_own[1], best_for_other[1]),
    )
    return Frontier(np.where(exists, part.own, np.nan), np.where(exists, part.other, np.nan))


def nash(corners: Frontier, disagreement: Array) -> Array:
    """Return the point (2, R) with the largest product of gains over the disagreement (Nash 1950).

    disagreement: (2, R), in points. On a segment that starts at gains (a, b), costs l and yields g,
    the product is largest at the share (a/l - b/g) / 2 of the segment. All segments before the best
    one are used in full, and none after it.

    >>> pie = Frontier(np.array([[1.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> nash(pie, np.array([[0.0, 0.2], [0.0, 0.0]]))
    array([[0.5, 0.6],
           [0.5, 0.4]])
    """
    return disagreement + _largest_product(_gains(corners, disagreement))


def egalitarian(corners: Frontier, disagreement: Array) -> Array:
    """Return the point (2, R) with equal gains over the disagreement (2, R), in points.

    This is Kalai's proportional solution (1977) with equal weights; points of the two sides are
    compared directly. If the frontier ends before the gains are equal, the result is that end,
    which has the largest smaller gain.

    >>> steep = Frontier(np.array([[2.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> egalitarian(steep, np.zeros((2, 2))).round(12)[:, 0].tolist()
    [0.666666666667, 0.666666666667]
    """
    gains = _gains(corners, disagreement)
    return disagreement + _crossing(gains, gains.other - gains.own)


def kalai_smorodinsky(corners: Frontier, disagreement: Array) -> Array:
    """Return the point (2, R) at which both sides get the same share of their ideal gains.

    Source: Kalai and Smorodinsky 1975. A side's ideal gain is its largest gain over the
    disagreement (2, R) at which the other side is not worse off than in the disagreement.

    >>> steep = Frontier(np.array([[2.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> kalai_smorodinsky(steep, np.zeros((2, 2)))[:, 0].tolist()
    [1.0, 0.5]
    """
    gains = _gains(corners, disagreement)
    return disagreement + _crossing(gains, gains.other * gains.own[0] - gains.own * gains.other[-1])


def utilitarian(corners: Frontier, disagreement: Array) -> Array:
    """Return the point (2, R) with the largest sum of utilities, in points.

    Only points that are not worse than the disagreement (2, R) for either side count. Points of the
    two sides are added directly, so the result depends on their scales. Among several such points
    it is the one with the most equal gains over the disagreement.

    >>> steep = Frontier(np.array([[2.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> utilitarian(steep, np.array([[0.0, 0.0], [0.0, 0.5]]))
    array([[2. , 1. ],
           [0. , 0.5]])
    """
    gains = _gains(corners, disagreement)
    total = gains.own + gains.other
    most = total.max(axis=0)
    best = total >= most - TOLERANCE
    highest = np.where(best, gains.own, gains.own[-1]).max(axis=0)
    lowest = np.where(best, gains.own, gains.own[0]).min(axis=0)
    own = np.clip(0.5 * most, lowest, highest)
    return disagreement + np.stack([own, most - own])


def rubinstein(corners: Frontier, disagreement: Array, patience: Array) -> Array:
    """Return the stationary proposals (2, 2, R) [proposer, side] of alternating offers.

    Source: Rubinstein 1982. Each proposal leaves the other side exactly the discounted value of its
    own proposal: gain_j(x_i) = patience_j gain_j(x_j). Gains are over the disagreement (2, R), in
    points; patience (2, R) is a discount factor per round from 0 to 1. If the frontier ends first,
    the proposal is the proposer's best point. If both sides have a patience of 1, it is the Nash
    point, which is the limit for equal patience.

    Let V be the frontier (the other's gain as a function of the own gain). The first side's gain p
    solves V(p) = patience_2 V(patience_1 p). The difference falls in p and has kinks only if p or
    patience_1 p is at a corner, so it is linear between the two kinks that enclose its root.

    >>> pie = Frontier(np.array([[1.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> rubinstein(pie, np.zeros((2, 2)), np.full((2, 2), 0.5)).round(3)[:, :, 0].tolist()
    [[0.667, 0.333], [0.333, 0.667]]
    """
    gains = _gains(corners, disagreement)
    asked = _stationary(gains, patience)
    first = _crossing(gains, asked - gains.own)
    second = _crossing(gains, patience[0] * asked - gains.own)
    patient = (patience[0] >= 1) & (patience[1] >= 1)
    proposals = np.where(patient, _largest_product(gains), np.stack([first, second]))
    return disagreement + proposals


def pareto_gap(corners: Frontier, point: Array) -> Array:
    """Return the largest gain (R,), in points, that both sides can still have over a point (2, R).

    >>> pie = Frontier(np.array([[1.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))
    >>> pareto_gap(pie, np.array([[0.2, 0.3], [0.2, 0.7]]))
    array([0.3, 0. ])
    """
    better = _crossing(corners, (corners.other - point[1]) - (corners.own - point[0])) - point
    gap: Array = np.maximum(np.minimum(better[0], better[1]), 0.0)
    return gap


def nash_point(trades: Trades, start: Array, disagreement: Array) -> Array:
    """Return the Nash solution (2, R) of sides whose values bend, exactly: see `nash`.

    trades: of both sides; start: utilities of the ideal package of the first side (2, R).

    >>> bend, own, other = np.full((2, 2), 0.5), np.full((2, 2), -0.5), np.full((2, 2), 0.5)
    >>> trades = exchange(own, other, Bends(-bend, bend))
    >>> nash_point(trades, np.zeros((2, 2)), np.array([[-1.0, -1.0], [0.0, 2.0]])).round(3).tolist()
    [[-0.375, nan], [0.625, nan]]
    """
    assert isinstance(trades, CurvedExchange)
    own, other = start[0] - disagreement[0], start[1] - disagreement[1]
    point = _reached(trades, start, fairest_trades(trades.curves, own, other))
    exists = (point[0] >= disagreement[0] - TOLERANCE) & (point[1] >= disagreement[1] - TOLERANCE)
    return np.where(exists, point, np.nan)


def remaining_gain(trades: Trades, start: Array, point: Array) -> Array:
    """Return the Pareto gap (R,) of a point if values bend, exactly: see `pareto_gap`.

    trades: of both sides; start: utilities of the ideal package of the first side (2, R).
    """
    assert isinstance(trades, CurvedExchange)
    one = np.ones_like(point[0])
    total = (start[0] - point[0]) - (start[1] - point[1])  # of the loss and the gain
    shares = best_trades(trades.curves, Aim(one, one, total))
    better = _reached(trades, start, shares) - point
    gap: Array = np.maximum(np.minimum(better[0], better[1]), 0.0)
    return gap


def _reached(trades: CurvedExchange, start: Array, shares: Array) -> Array:
    """Return the point (2, R) to which shares (K, R) of the trades lead."""
    loss, gain = loss_of(trades.curves, shares), gain_of(trades.curves, shares)
    return np.stack([start[0] - loss.sum(axis=0), start[1] + gain.sum(axis=0)])


def _progress(trades: CurvedExchange, share: float) -> tuple[Array, Array]:
    """Return the own loss and the other's gain (R,) at a share of the way along the frontier."""
    loss, gain = trades.curves.loss.sum(axis=0), trades.curves.gain.sum(axis=0)
    first, second = (0.5 / np.where(part > 0.0, part, 1.0) for part in (loss, gain))
    shares = best_trades(trades.curves, Aim(first, second, np.full_like(loss, share)))
    made = loss_of(trades.curves, shares), gain_of(trades.curves, shares)
    return made[0].sum(axis=0), made[1].sum(axis=0)


def _gains(corners: Frontier, disagreement: Array) -> Frontier:
    """Return the part of the frontier not worse than the disagreement, as gains over it."""
    part = win_set(corners, disagreement)
    return Frontier(part.own - disagreement[0], part.other - disagreement[1])


def _steps(corners: Frontier) -> tuple[Array, Array]:
    """Return the own loss and the other's gain along each segment (K, R) of the frontier."""
    return corners.own[:-1] - corners.own[1:], corners.other[1:] - corners.other[:-1]


def _walk(corners: Frontier, shares: Array) -> Array:
    """Return the point (2, R) after a share (K, R) of each segment, clipped to [0, 1]."""
    loss, gain = _steps(corners)
    clipped = np.clip(shares, 0.0, 1.0)
    return np.stack(
        [
            corners.own[0] - (clipped * loss).sum(axis=0),
            corners.other[0] + (clipped * gain).sum(axis=0),
        ]
    )


def _crossing(corners: Frontier, rising: Array) -> Array:
    """Return the point (2, R) at which a measure that rises along the corners (K+1, R) is zero.

    The measure is linear between corners. If it has no zero, the result is the end nearest to zero.
    """
    step = np.maximum(rising[1:] - rising[:-1], SMALLEST)
    return _walk(corners, -rising[:-1] / step)


def _largest_product(gains: Frontier) -> Array:
    """Return the point (2, R) with the largest product of gains."""
    loss, gain = _steps(gains)
    share = gains.own[:-1] / np.maximum(loss, SMALLEST)
    share = 0.5 * (share - gains.other[:-1] / np.maximum(gain, SMALLEST))
    return _walk(gains, share)


def _stationary(gains: Frontier, patience: Array) -> Array:
    """Return the gain (R,) that the first side asks for in the stationary equilibrium."""
    loss, gain = _steps(gains)
    loss = np.maximum(loss, SMALLEST)

    def left(own: Array) -> Array:
        shares = np.clip((gains.own[:-1] - own) / loss, 0.0, 1.0)
        worth: Array = gains.other[0] + (shares * gain).sum(axis=0)
        return worth

    def excess(own: Array) -> Array:
        too_much: Array = left(own) - patience[1] * left(patience[0] * own)
        return too_much

    # rounding may put a gain of zero slightly below zero; the division must not amplify that
    waited = np.clip(gains.own / np.maximum(patience[0], SMALLEST), 0.0, gains.own[0])
    low, high = _bracket(gains.own, excess)
    more, less = _bracket(np.concatenate([waited, gains.own[-1:]]), excess)
    low, high = np.maximum(low, more), np.minimum(high, less)
    above, below = excess(low), excess(high)
    asked: Array = low + (high - low) * above / np.maximum(above - below, SMALLEST)
    return asked


def _bracket(bends: Array, excess: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Return the kinks (R,) just below and above the zero of a falling function.

    bends: kinks (M, R) in falling order; the function is not negative at the last one. If it is not
    negative at the first one either, both results are the first.
    """
    last = len(bends) - 1
    above = np.full_like(bends[0], -1, dtype=np.intp)
    below = np.full_like(above, last)
    for _ in range(last.bit_length()):
        middle = (above + below + 1) // 2
        enough = excess(_pick(bends, middle)) >= 0
        above, below = np.where(enough, above, middle), np.where(enough, middle, below)
    return _pick(bends, below), _pick(bends, np.maximum(above, 0))


def _pick(values: Array, index: Index) -> Array:
    """Return one value (R,) of each world's column of (M, R)."""
    picked: Array = np.take_along_axis(values, index[np.newaxis], axis=0)[0]
    return picked
