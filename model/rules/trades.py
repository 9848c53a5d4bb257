"""Efficient trades between two sides whose values bend: the price at which an aim is reached."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Mask, recordable, unit
from model.rules.knapsack import SMALLEST, bought, permuted, places, restored

JUMP = 1e-12
"""A trade that begins and ends at prices closer than this is made at once, as a linear one."""

CLOSE = 1e-13
"""The price counts as found if the aim is missed by less than this share of its largest value."""

SEARCH = 100
"""Most steps of the search for a price; Newton's method needs about five."""

SLIGHT = 1e-12
"""In points: smaller differences of what trades bring do not count."""

ON_GRID = 1e-9
"""In steps: a share this little above a level of its issue counts as being on it."""


class Curves(NamedTuple):
    """What both sides lose and gain by trades, each (K, R).

    By the share y of a trade, the own side loses loss ((1 - rise) y + rise y^2), and the other side
    gains gain ((1 + fade) y - fade y^2), both in points; rise and fade are from 0 to 1.
    """

    loss: Array
    gain: Array
    rise: Array
    fade: Array


class Aim(NamedTuple):
    """What trades should reach, each (R,): a weighted sum of losses and gains, in points."""

    loss: Array  # weight of the own losses
    gain: Array  # weight of the other's gains
    total: Array


def loss_of(curves: Curves, shares: Array) -> Array:
    """Return the own loss by each trade (K, R), in points, at these shares of it (K, R)."""
    loss: Array = curves.loss * shares * ((1.0 - curves.rise) + curves.rise * shares)
    return loss


def gain_of(curves: Curves, shares: Array) -> Array:
    """Return the other's gain by each trade (K, R), in points, at these shares of it (K, R)."""
    gain: Array = curves.gain * shares * ((1.0 + curves.fade) - curves.fade * shares)
    return gain


def best_trades(curves: Curves, aim: Aim, levels: Array | None = None) -> Array:
    """Return the efficient shares of the trades (K, R) at which an aim is reached.

    They are those of a price. At the price l of the own losses in terms of the other's gains, each
    trade is made up to where its marginal gain is l times its marginal loss:

        y = clip((gain (1 + fade) - l loss (1 - rise)) / (2 (gain fade + l loss rise)), 0, 1)

    No other shares with the same loss give a larger gain. The aim rises as l falls. Between the
    prices at which a trade begins or ends, it is a quadratic function of 1 / l if only losses bend,
    and a linear function of l if only gains do. If both bend, there is no closed form. So the price
    is found by Newton's method within a bracket, until the aim is reached to rounding. A linear
    trade is made at once at its price, so at most one of them is made in part. If all trades are
    linear, this is the fractional knapsack (Dantzig 1957), to the bit. If the aim is out of reach,
    no trade is made, or all are.

    levels (K, R): number of equally spaced levels of each issue, 0 and 1 among them; below 2 for
    issues with any level. Of the shares between two levels, that nearest to its lower one goes to
    one of the two, the other trades are found again for what is left, and the better result counts,
    until all are at a level. The aim is not exceeded. With one such issue the result is the best,
    with several another package can be better.

    >>> one, half = np.ones(1), np.full((2, 1), 0.5)  # two equal issues
    >>> best_trades(Curves(half, half, half, half), Aim(one, 0 * one, 0.375 * one)).tolist()
    [[0.5], [0.5]]
    """
    return traded(*curves, *aim) if levels is None else traded(*curves, *aim, levels)


def fairest_trades(curves: Curves, own: Array, other: Array) -> Array:
    """Return the efficient shares of the trades (K, R) with the largest product of gains.

    own, other: the gains of both sides before the trades, in points over the disagreement (R,). At
    the result, which is the Nash solution (Nash 1950), the price of the own losses is the ratio of
    the other's gain to the own gain.
    """
    return multiplied(*curves, own, other)


@recordable
def traded(
    loss: Array,
    gain: Array,
    rise: Array,
    fade: Array,
    first: Array,
    second: Array,
    total: Array,
    levels: Array | None = None,
) -> Array:
    """Return the shares for an aim: one operation of a recorded week."""
    curves, aim = Curves(loss, gain, rise, fade), Aim(first, second, total)
    free = (loss > 0.0) & (gain > 0.0)
    shares = _shares(curves, aim, free)
    if levels is None:
        return shares
    steps = levels - 1.0
    for _ in range(len(shares)):
        lower = np.floor(shares * steps + ON_GRID)
        above = shares * steps - lower
        between = free & (steps >= 1.0) & (above > ON_GRID)
        if not between.any():
            break
        above = np.where(between, above, np.inf)
        nearest = between & (above <= above.min(axis=0) + ON_GRID)
        nearest &= np.cumsum(nearest, axis=0) == 1
        free = free & ~nearest
        divisor = np.maximum(steps, 1.0)
        down = _settled(curves, aim, free, np.where(nearest, lower / divisor, shares))
        up = np.where(nearest, np.minimum((lower + 1.0) / divisor, 1.0), shares)
        spare = _left(curves, aim, free, up) >= -SLIGHT
        up = _settled(curves, aim, free, up)
        better = spare & (_bought(curves, aim, up) > _bought(curves, aim, down) + SLIGHT)
        shares = np.where(nearest.any(axis=0), np.where(better, up, down), shares)
    return shares


@recordable
def multiplied(
    loss: Array, gain: Array, rise: Array, fade: Array, own: Array, other: Array
) -> Array:
    """Return the shares with the largest product: one operation of a recorded week."""
    curves, free = Curves(loss, gain, rise, fade), (loss > 0.0) & (gain > 0.0)
    losses, gains = (_divisor(_sum(np.where(free, part, 0.0))) for part in (loss, gain))
    none = np.zeros_like(own)
    rest, falls = own / losses, -(own / losses + other / gains)
    goal = _Goal(none, none, 1.0 / losses, 1.0 / gains, rest, falls, np.ones_like(own))
    return _curved(_path(curves, free), goal)


def _settled(curves: Curves, aim: Aim, free: Mask, shares: Array) -> Array:
    """Return shares in which the free trades are made for what the others leave of the aim."""
    left = aim._replace(total=_left(curves, aim, free, shares))
    return np.where(free, _shares(curves, left, free), shares)


def _left(curves: Curves, aim: Aim, free: Mask, shares: Array) -> Array:
    """Return what is left of an aim (R,) after the trades that are not free."""
    made = aim.loss * loss_of(curves, shares) + aim.gain * gain_of(curves, shares)
    return aim.total - _sum(np.where(free, 0.0, made))


def _bought(curves: Curves, aim: Aim, shares: Array) -> Array:
    """Return what shares bring beside the aim (R,): gains for losses, or fewer losses for gains."""
    gains, losses = _sum(gain_of(curves, shares)), _sum(loss_of(curves, shares))
    brought: Array = aim.loss * gains - aim.gain * losses
    return brought


class _Goal(NamedTuple):
    """The excess to bring to zero by the price s, in general form, each (R,).

    (first + (1 - s) losses) L + (second + s gains) G - rest - falls s, with L and G the sums of the
    losses and the gains made. size: its largest value without rest.
    """

    first: Array
    second: Array
    losses: Array
    gains: Array
    rest: Array
    falls: Array
    size: Array


class _Path(NamedTuple):
    """The shares as the price s goes from 0 (no trades) to 1 (all), each (K, R).

    s = 1 / (1 + l), where l is the price in units in which the sums of all losses and of all gains
    are 1. y = (s p - (1 - s) q) / (2 (s u + (1 - s) v)) from the price `begin` to `end`.
    """

    curves: Curves
    free: Mask
    p: Array
    q: Array
    u: Array
    v: Array
    begin: Array
    end: Array


def _shares(curves: Curves, aim: Aim, free: Mask) -> Array:
    """Return the shares of the free trades for an aim (K, R); others are 0."""
    loss, gain = (np.where(free, part, 0.0) for part in curves[:2])
    bent = (free & ((curves.rise != 0.0) | (curves.fade != 0.0))).any(axis=0)
    place = places(gain / np.maximum(loss, SMALLEST))
    prices = permuted(aim.loss * loss + aim.gain * gain, place)
    linear = restored(bought(prices, np.maximum(aim.total, 0.0)), place)
    if not bent.any():
        return linear
    size = aim.loss * _sum(loss) + aim.gain * _sum(gain)
    none = np.zeros_like(size)
    goal = _Goal(aim.loss, aim.gain, none, none, aim.total, none, size)
    return np.where(bent, _curved(_path(curves, free), goal), linear)


def _path(curves: Curves, free: Mask) -> _Path:
    """Return the shares as functions of the price."""
    loss, gain = (np.where(free, part, 0.0) for part in curves[:2])
    curves = Curves(loss, gain, curves.rise, curves.fade)
    loss, gain = loss / _divisor(_sum(loss)), gain / _divisor(_sum(gain))
    p, q = gain * (1.0 + curves.fade), loss * (1.0 - curves.rise)
    u, v = gain * curves.fade, loss * curves.rise
    last = loss * (1.0 + curves.rise)
    begin = np.where(free, q / _divisor(p + q), 2.0)
    end = last / _divisor(gain * (1.0 - curves.fade) + last)
    return _Path(curves, free, p, q, u, v, begin, np.where(free & (end - begin > JUMP), end, begin))


def _curved(path: _Path, goal: _Goal) -> Array:
    """Return the shares (K, R) at the price at which the excess is zero, or at an end."""
    none = ~(goal.rest > 0.0)
    known = none | (goal.size - goal.rest - goal.falls <= 0.0)
    shares = np.where(path.free & known & ~none, 1.0, 0.0)
    product = goal.losses > 0.0
    low = np.where(product, 0.0, np.where(path.free, path.begin, 1.0).min(axis=0))
    high = np.where(product, 1.0, np.where(path.free, path.end, 0.0).max(axis=0))
    jumps = path.free & (path.end == path.begin)
    for row in np.flatnonzero(jumps.any(axis=1)):
        s = path.begin[row]
        asked = jumps[row] & ~known & (low <= s) & (s <= high)
        y = _at(path, s)
        left = -_excess(path, goal, s, y)[0]
        high = np.where(asked & (left < 0.0), s, high)
        asked &= left >= 0.0
        y, left = _in_part(path, goal, s, y, left, jumps & (path.begin == s))
        done = asked & (left <= 0.0)
        low = np.where(asked & ~done, s, low)
        shares, known = np.where(done, y, shares), known | done
    part = goal.rest / _divisor(goal.size)
    start = low + (high - low) * np.where(known | product, 0.5, part)
    return _found(path, goal, (low, start, high), shares, known)


def _in_part(
    path: _Path, goal: _Goal, s: Array, y: Array, left: Array, tied: Mask
) -> tuple[Array, Array]:
    """Make the linear trades of a price while something is left; return shares and the rest."""
    y = y.copy()
    first, second = goal.first + (1.0 - s) * goal.losses, goal.second + s * goal.gains
    for row in range(len(y)):
        price = first * path.curves.loss[row] + second * path.curves.gain[row]
        paid = np.where(tied[row], np.minimum(price, np.maximum(left, 0.0)), 0.0)
        y[row] = np.where(tied[row], paid / _divisor(price), y[row])
        left = left - paid
    return y, left


def _found(
    path: _Path, goal: _Goal, bracket: tuple[Array, Array, Array], shares: Array, known: Mask
) -> Array:
    """Return the shares (K, R) at the price with no excess: Newton's method with bisection."""
    low, s, high = bracket
    before = step = high - low
    late = np.zeros_like(known)  # the price cannot be found more closely
    for _ in range(SEARCH):
        y = _at(path, s)
        over, slope = _excess(path, goal, s, y)
        shares = np.where(known, shares, y)
        known = known | (np.abs(over) <= CLOSE * goal.size)
        if known.all():
            break
        low, high = np.where(over < 0.0, s, low), np.where(over < 0.0, high, s)
        newton = over / np.where(slope > 0.0, slope, 1.0)
        moved = np.where(slope > 0.0, s - newton, low)
        good = (low < moved) & (moved < high) & (np.abs(2.0 * over) <= np.abs(before * slope))
        before, step = step, np.where(good, newton, 0.5 * (high - low))
        moved = np.where(good, moved, low + step)
        stuck = ~known & (moved == s)
        late, known, s = late | stuck, known | stuck, moved
    return _corrected(path, goal, shares, late | ~known)


def _at(path: _Path, s: Array) -> Array:
    """Return the shares (K, R) at a price (R,); linear trades of this price are not made."""
    after = s > path.begin
    inside = after & (s < path.end)
    below = np.where(inside, s * path.u + (1.0 - s) * path.v, 1.0)
    y = np.minimum(0.5 * (s * path.p - (1.0 - s) * path.q) / below, 1.0)
    shares: Array = np.where(inside, y, np.where(after, 1.0, 0.0))
    return shares


def _excess(path: _Path, goal: _Goal, s: Array, y: Array) -> tuple[Array, Array]:
    """Return the excess at a price (R,) with the shares y (K, R), and its slope (R,)."""
    curves = path.curves
    first, second = goal.first + (1.0 - s) * goal.losses, goal.second + s * goal.gains
    loss, gain = _sum(loss_of(curves, y)), _sum(gain_of(curves, y))
    inside = (s > path.begin) & (s < path.end)
    below = np.where(inside, s * path.u + (1.0 - s) * path.v, 1.0)
    moves = 0.5 * (path.q * path.u + path.p * path.v) / np.maximum(below * below, SMALLEST)
    marginal = _marginal(curves, y, first, second)
    slope = _sum(np.where(inside, moves * marginal, 0.0))
    return (
        first * loss + second * gain - goal.rest - goal.falls * s,
        slope + goal.gains * gain - goal.losses * loss - goal.falls,
    )


def _marginal(curves: Curves, y: Array, first: Array, second: Array) -> Array:
    """Return the weighted marginal losses and gains of the trades at the shares y (K, R)."""
    loss, gain, rise, fade = curves
    marginal: Array = first * (loss * ((1.0 - rise) + 2.0 * rise * y)) + second * (
        gain * ((1.0 + fade) - 2.0 * fade * y)
    )
    return marginal


def _corrected(path: _Path, goal: _Goal, y: Array, late: Mask) -> Array:
    """Return shares that reach the aim: give the rest to the trade in part that moves it most."""
    inside = path.free & (y > 0.0) & (y < 1.0)
    marginal = np.where(inside, _marginal(path.curves, y, goal.first, goal.second), 0.0)
    made = goal.first * loss_of(path.curves, y) + goal.second * gain_of(path.curves, y)
    most = marginal.max(axis=0)
    moved = unit(y + (goal.rest - _sum(made)) / _divisor(most))
    chosen = inside & (marginal == most) & late & (goal.losses == 0.0)
    return np.where(chosen & (np.cumsum(chosen, axis=0) == 1), moved, y)


def _divisor(values: Array) -> Array:
    """Return values as divisors: 1 instead of values that are not positive."""
    return np.where(values > 0.0, values, 1.0)


def _sum(rows: Array) -> Array:
    """Return the sum over the issues (R,), row after row at any number of worlds."""
    total: Array = rows[0]
    for row in rows[1:]:
        total = total + row
    return total
