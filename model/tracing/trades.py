"""Efficient trades of one world as plain scalar functions, which numba compiles.

They do what `model.rules.curves` does with arrays; tests compare the two. A table has a row for
each trade that both sides care about, and a column for each of the numbers below.
"""

from math import floor
from typing import Any

# Columns of the table
LOSS, GAIN, RISE, FADE, LEVELS, SHARE = 0, 1, 2, 3, 4, 5
P, Q, U, V, BEGIN, END, HALF, FREE, KEY, KEPT = 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
COLUMNS = 16
JUMP, CLOSE, SEARCH, SLIGHT, ON_GRID, LEAST = 1e-12, 1e-13, 100, 1e-12, 1e-9, 1e-200


def trade(table: Any, n: int, product: bool, first: float, second: float, total: float) -> None:
    """Find the shares of n trades for an aim, or for the largest product of gains.

    first, second, total: the aim; or the gains of both sides before the trades, and nothing.
    """
    for k in range(n):
        table[k, FREE] = 1.0
        table[k, SHARE] = 0.0
    if product:
        curved_shares(table, n, True, first, second, 0.0)
        return
    settle(table, n, first, second, total)
    for _ in range(n):
        least = 2.0
        for k in range(n):
            least = min(least, above_level(table, k))
        if least > 1.0:
            break
        nearest = 0
        while above_level(table, nearest) > least + ON_GRID:
            nearest += 1
        to_level(table, n, nearest, first, second, total)


def to_level(table: Any, n: int, j: int, first: float, second: float, total: float) -> None:
    """Fix a trade at one of the two levels around it, whichever brings more with the others."""
    steps = table[j, LEVELS] - 1.0
    lower = floor(table[j, SHARE] * steps + ON_GRID)
    table[j, FREE] = 0.0
    table[j, SHARE] = lower / steps
    settle(table, n, first, second, total)
    brought = bought(table, n, first, second)
    for k in range(n):
        table[k, KEPT] = table[k, SHARE]
    table[j, SHARE] = min((lower + 1.0) / steps, 1.0)
    spare = left_of(table, n, first, second, total) >= -SLIGHT
    if spare:
        settle(table, n, first, second, total)
        spare = bought(table, n, first, second) > brought + SLIGHT
    if not spare:
        for k in range(n):
            table[k, SHARE] = table[k, KEPT]


def settle(table: Any, n: int, first: float, second: float, total: float) -> None:
    """Find the shares of the free trades for what the others leave of the aim."""
    left = left_of(table, n, first, second, total)
    if bent(table, n):
        curved_shares(table, n, False, first, second, left)
    else:
        linear_shares(table, n, first, second, left)


def left_of(table: Any, n: int, first: float, second: float, total: float) -> float:
    """Return what is left of an aim after the trades that are not free."""
    made = 0.0
    for k in range(n):
        if table[k, FREE] == 0.0:
            y = table[k, SHARE]
            made += first * lost(table, k, y) + second * gained(table, k, y)
    return total - made


def bought(table: Any, n: int, first: float, second: float) -> float:
    """Return what the shares bring beside the aim: gains for losses, or fewer losses for gains."""
    gains = 0.0
    losses = 0.0
    for k in range(n):
        gains += gained(table, k, table[k, SHARE])
        losses += lost(table, k, table[k, SHARE])
    return first * gains - second * losses


def above_level(table: Any, k: int) -> float:
    """Return how far a free trade is above a level of its issue, in steps; 2 if it is at one."""
    steps = table[k, LEVELS] - 1.0
    if table[k, FREE] == 0.0 or not steps >= 1.0:
        return 2.0
    y = table[k, SHARE] * steps
    above = y - floor(y + ON_GRID)
    return above if above > ON_GRID else 2.0


def lost(table: Any, k: int, y: float) -> float:
    """Return the own loss of a trade at a share of it."""
    value: float = table[k, LOSS] * y * ((1.0 - table[k, RISE]) + table[k, RISE] * y)
    return value


def gained(table: Any, k: int, y: float) -> float:
    """Return the other's gain of a trade at a share of it."""
    value: float = table[k, GAIN] * y * ((1.0 + table[k, FADE]) - table[k, FADE] * y)
    return value


def bent(table: Any, n: int) -> bool:
    """Return whether the losses or the gains of any free trade bend."""
    for k in range(n):
        if table[k, FREE] != 0.0 and (table[k, RISE] != 0.0 or table[k, FADE] != 0.0):
            return True
    return False


def linear_shares(table: Any, n: int, first: float, second: float, budget: float) -> None:
    """Make the best linear trades while the budget lasts: the fractional knapsack."""
    budget = max(budget, 0.0)
    for k in range(n):
        table[k, KEY] = table[k, GAIN] / max(table[k, LOSS], LEAST)
    for _ in range(n):
        best = -1
        for k in range(n):
            if table[k, KEY] >= 0.0 and (best < 0 or table[k, KEY] > table[best, KEY]):
                best = k
        table[best, KEY] = -1.0
        if table[best, FREE] != 0.0:
            price = first * table[best, LOSS] + second * table[best, GAIN]
            paid = min(price, budget)
            table[best, SHARE] = paid / max(price, LEAST)
            budget -= paid


def curved_shares(
    table: Any, n: int, product: bool, first: float, second: float, total: float
) -> None:
    """Find the price at which the shares of the free trades reach the aim, and these shares."""
    losses, gains = free_totals(table, n)
    if losses <= 0.0 or gains <= 0.0:
        return
    low, high = prepare(table, n, losses, gains)
    if product:
        rest = first / losses
        falls = -(first / losses + second / gains)
        first = 0.0
        second = 0.0
        losses = 1.0 / losses
        gains = 1.0 / gains
        size = 1.0
        low = 0.0
        high = 1.0
        part = 0.5
    else:
        size = first * losses + second * gains
        losses = 0.0
        gains = 0.0
        rest = total
        falls = 0.0
        part = total / size if size > 0.0 else 0.0
    if not rest > 0.0 or size - rest - falls <= 0.0:
        all_ = rest > 0.0
        for k in range(n):
            if table[k, FREE] != 0.0:
                table[k, SHARE] = 1.0 if all_ else 0.0
        return
    low, high, reached = jump(table, n, low, high, first, second, losses, gains, rest, falls)
    if reached:
        return
    over, reached = search(
        table, n, low, high, part, size, first, second, losses, gains, rest, falls
    )
    if not reached and not product:
        correct(table, n, first, second, over)


def free_totals(table: Any, n: int) -> tuple[float, float]:
    """Return the sums of the losses and of the gains of the free trades."""
    losses = 0.0
    gains = 0.0
    for k in range(n):
        if table[k, FREE] != 0.0:
            losses += table[k, LOSS]
            gains += table[k, GAIN]
    return losses, gains


def prepare(table: Any, n: int, losses: float, gains: float) -> tuple[float, float]:
    """Set where on the path of prices each trade begins and ends; return the ends of all."""
    low = 1.0
    high = 0.0
    for k in range(n):
        loss = table[k, LOSS] / losses
        gain = table[k, GAIN] / gains
        rise = table[k, RISE]
        fade = table[k, FADE]
        p = gain * (1.0 + fade)
        q = loss * (1.0 - rise)
        u = gain * fade
        v = loss * rise
        begin = q / (p + q)
        last = loss * (1.0 + rise)
        end = last / (gain * (1.0 - fade) + last)
        if not end - begin > JUMP:
            end = begin
        table[k, P] = p
        table[k, Q] = q
        table[k, U] = u
        table[k, V] = v
        table[k, BEGIN] = begin
        table[k, END] = end
        table[k, HALF] = 0.5 * (q * u + p * v)
        if table[k, FREE] != 0.0:
            low = min(low, begin)
            high = max(high, end)
    return low, high


def jump(
    table: Any,
    n: int,
    low: float,
    high: float,
    first: float,
    second: float,
    losses: float,
    gains: float,
    rest: float,
    falls: float,
) -> tuple[float, float, bool]:
    """Make the linear trades, each at once at its price; return the bracket, and if it is done."""
    for k in range(n):
        s = table[k, BEGIN]
        if table[k, FREE] != 0.0 and table[k, END] == s and low <= s <= high:
            over, _ = excess(table, n, s, first, second, losses, gains, rest, falls)
            if over > 0.0:
                high = s
                continue
            a = first + (1.0 - s) * losses
            b = second + s * gains
            for j in range(n):
                if table[j, FREE] != 0.0 and table[j, BEGIN] == s and table[j, END] == s:
                    price = a * table[j, LOSS] + b * table[j, GAIN]
                    paid = min(price, -over)
                    table[j, SHARE] = paid / price
                    over += paid
            if over >= 0.0:
                return low, high, True
            low = s
    return low, high, False


def search(
    table: Any,
    n: int,
    low: float,
    high: float,
    part: float,
    size: float,
    first: float,
    second: float,
    losses: float,
    gains: float,
    rest: float,
    falls: float,
) -> tuple[float, bool]:
    """Search the price by Newton steps within a bracket; return what is left, and if it is 0."""
    s = low + (high - low) * part
    before = high - low
    step = before
    over = 0.0
    for _ in range(SEARCH):
        over, slope = excess(table, n, s, first, second, losses, gains, rest, falls)
        if abs(over) <= CLOSE * size:
            return over, True
        if over < 0.0:
            low = s
        else:
            high = s
        moved = s - over / slope if slope > 0.0 else low
        if low < moved < high and abs(2.0 * over) <= abs(before * slope):
            before = step
            step = over / slope
        else:
            before = step
            step = 0.5 * (high - low)
            moved = low + step
        if moved == s:
            break
        s = moved
    return over, False


def excess(
    table: Any,
    n: int,
    s: float,
    first: float,
    second: float,
    losses: float,
    gains: float,
    rest: float,
    falls: float,
) -> tuple[float, float]:
    """Set the shares at a price; return by how much they exceed the aim, and the slope of that."""
    a = first + (1.0 - s) * losses
    b = second + s * gains
    made = 0.0
    slope = 0.0
    loss = 0.0
    gain = 0.0
    for k in range(n):
        if table[k, FREE] == 0.0:
            continue
        y = 0.0
        moves = 0.0
        if s > table[k, BEGIN]:
            y = 1.0
            if s < table[k, END]:
                inverse = 1.0 / (s * table[k, U] + (1.0 - s) * table[k, V])
                y = min(0.5 * (s * table[k, P] - (1.0 - s) * table[k, Q]) * inverse, 1.0)
                moves = table[k, HALF] * inverse * inverse
        table[k, SHARE] = y
        if y == 0.0:
            continue
        l1 = table[k, LOSS] * (1.0 - table[k, RISE])
        l2 = table[k, LOSS] * table[k, RISE]
        g1 = table[k, GAIN] * (1.0 + table[k, FADE])
        g2 = table[k, GAIN] * table[k, FADE]
        loss += y * (l1 + l2 * y)
        gain += y * (g1 - g2 * y)
        slope += moves * (a * (l1 + 2.0 * l2 * y) + b * (g1 - 2.0 * g2 * y))
    made = a * loss + b * gain - rest - falls * s
    return made, slope + gains * gain - losses * loss - falls


def correct(table: Any, n: int, first: float, second: float, over: float) -> None:
    """Give the rest of an aim to the trade in part that moves it most."""
    best = -1
    most = 0.0
    for k in range(n):
        y = table[k, SHARE]
        if table[k, FREE] != 0.0 and 0.0 < y < 1.0:
            lost_ = table[k, LOSS] * ((1.0 - table[k, RISE]) + 2.0 * table[k, RISE] * y)
            gained_ = table[k, GAIN] * ((1.0 + table[k, FADE]) - 2.0 * table[k, FADE] * y)
            moves = first * lost_ + second * gained_
            if moves > most:
                most = moves
                best = k
    if best >= 0:
        table[best, SHARE] = min(max(table[best, SHARE] - over / most, 0.0), 1.0)
