"""Efficient trades of one world as plain scalar functions, which numba compiles.

They do what `model.rules.trades` does with arrays; tests compare the two. A table has a row for
each trade that both sides care about, and a column for each of the numbers below. It is one array,
column after column with room for 64 rows each, so that the compiler can use vector instructions.
"""

from math import floor
from typing import Any

# Where the columns of the table begin
LOSS, GAIN, RISE, FADE, LEVELS, SHARE = 0, 64, 128, 192, 256, 320
P, Q, U, V, BEGIN, END, HALF, FREE = 384, 448, 512, 576, 640, 704, 768, 832
KEY, KEPT, L1, L2, G1, G2 = 896, 960, 1024, 1088, 1152, 1216
LOST, GAINED, SLOPE = 1280, 1344, 1408
TABLE = 1472  # the size of the table
JUMP, CLOSE, SEARCH, SLIGHT, ON_GRID, LEAST = 1e-12, 1e-13, 100, 1e-12, 1e-9, 1e-200


def trade(table: Any, n: int, product: bool, first: float, second: float, total: float) -> None:
    """Find the shares of n trades for an aim, or for the largest product of gains.

    first, second, total: the aim; or the gains of both sides before the trades, and nothing.
    """
    for k in range(n):
        table[FREE + k] = 1.0
        table[SHARE + k] = 0.0
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
    steps = table[LEVELS + j] - 1.0
    lower = floor(table[SHARE + j] * steps + ON_GRID)
    table[FREE + j] = 0.0
    table[SHARE + j] = lower / steps
    settle(table, n, first, second, total)
    brought = bought(table, n, first, second)
    for k in range(n):
        table[KEPT + k] = table[SHARE + k]
    table[SHARE + j] = min((lower + 1.0) / steps, 1.0)
    spare = left_of(table, n, first, second, total) >= -SLIGHT
    if spare:
        settle(table, n, first, second, total)
        spare = bought(table, n, first, second) > brought + SLIGHT
    if not spare:
        for k in range(n):
            table[SHARE + k] = table[KEPT + k]


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
        if table[FREE + k] == 0.0:
            y = table[SHARE + k]
            made += first * lost(table, k, y) + second * gained(table, k, y)
    return total - made


def bought(table: Any, n: int, first: float, second: float) -> float:
    """Return what the shares bring beside the aim: gains for losses, or fewer losses for gains."""
    gains = 0.0
    losses = 0.0
    for k in range(n):
        gains += gained(table, k, table[SHARE + k])
        losses += lost(table, k, table[SHARE + k])
    return first * gains - second * losses


def above_level(table: Any, k: int) -> float:
    """Return how far a free trade is above a level of its issue, in steps; 2 if it is at one."""
    steps = table[LEVELS + k] - 1.0
    if table[FREE + k] == 0.0 or not steps >= 1.0:
        return 2.0
    y = table[SHARE + k] * steps
    above = y - floor(y + ON_GRID)
    return above if above > ON_GRID else 2.0


def lost(table: Any, k: int, y: float) -> float:
    """Return the own loss of a trade at a share of it."""
    value: float = table[LOSS + k] * y * ((1.0 - table[RISE + k]) + table[RISE + k] * y)
    return value


def gained(table: Any, k: int, y: float) -> float:
    """Return the other's gain of a trade at a share of it."""
    value: float = table[GAIN + k] * y * ((1.0 + table[FADE + k]) - table[FADE + k] * y)
    return value


def bent(table: Any, n: int) -> bool:
    """Return whether the losses or the gains of any free trade bend."""
    for k in range(n):
        if table[FREE + k] != 0.0 and (table[RISE + k] != 0.0 or table[FADE + k] != 0.0):
            return True
    return False


def linear_shares(table: Any, n: int, first: float, second: float, budget: float) -> None:
    """Make the best linear trades while the budget lasts: the fractional knapsack."""
    budget = max(budget, 0.0)
    for k in range(n):
        table[KEY + k] = table[GAIN + k] / max(table[LOSS + k], LEAST)
    for _ in range(n):
        best = -1
        for k in range(n):
            if table[KEY + k] >= 0.0 and (best < 0 or table[KEY + k] > table[KEY + best]):
                best = k
        table[KEY + best] = -1.0
        if table[FREE + best] != 0.0:
            price = first * table[LOSS + best] + second * table[GAIN + best]
            paid = min(price, budget)
            table[SHARE + best] = paid / max(price, LEAST)
            budget -= paid


def curved_shares(
    table: Any, n: int, product: bool, first: float, second: float, total: float
) -> None:
    """Find the price at which the shares of the free trades reach the aim, and these shares."""
    losses, gains = free_totals(table, n)
    if losses <= 0.0 or gains <= 0.0:
        return
    if not product and not total > 0.0:
        for k in range(n):
            if table[FREE + k] != 0.0:
                table[SHARE + k] = 0.0
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
            if table[FREE + k] != 0.0:
                table[SHARE + k] = 1.0 if all_ else 0.0
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
        if table[FREE + k] != 0.0:
            losses += table[LOSS + k]
            gains += table[GAIN + k]
    return losses, gains


def prepare(table: Any, n: int, losses: float, gains: float) -> tuple[float, float]:
    """Set where on the path of prices each trade begins and ends; return the ends of all."""
    for k in range(n):
        free = 1.0 if table[FREE + k] != 0.0 else 0.0
        loss = table[LOSS + k] / losses
        gain = table[GAIN + k] / gains
        rise = table[RISE + k]
        fade = table[FADE + k]
        p = gain * (1.0 + fade)
        q = loss * (1.0 - rise)
        u = gain * fade
        v = loss * rise
        begin = q / (p + q)
        last = loss * (1.0 + rise)
        end = last / (gain * (1.0 - fade) + last)
        end = end if end - begin > JUMP else begin
        table[P + k] = p
        table[Q + k] = q
        table[U + k] = u
        table[V + k] = v
        table[BEGIN + k] = begin
        table[END + k] = end
        table[HALF + k] = 0.5 * (q * u + p * v)
        table[L1 + k] = free * (table[LOSS + k] * (1.0 - rise))
        table[L2 + k] = free * (table[LOSS + k] * rise)
        table[G1 + k] = free * (table[GAIN + k] * (1.0 + fade))
        table[G2 + k] = free * (table[GAIN + k] * fade)
    low = 1.0
    high = 0.0
    for k in range(n):
        if table[FREE + k] != 0.0:
            low = min(low, table[BEGIN + k])
            high = max(high, table[END + k])
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
        s = table[BEGIN + k]
        if table[FREE + k] != 0.0 and table[END + k] == s and low <= s <= high:
            over, _ = excess(table, n, s, first, second, losses, gains, rest, falls)
            if over > 0.0:
                high = s
                continue
            a = first + (1.0 - s) * losses
            b = second + s * gains
            for j in range(n):
                if table[FREE + j] != 0.0 and table[BEGIN + j] == s and table[END + j] == s:
                    price = a * table[LOSS + j] + b * table[GAIN + j]
                    paid = min(price, -over)
                    table[SHARE + j] = paid / price
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
    move(table, n, s, a, b)
    slope = 0.0
    loss = 0.0
    gain = 0.0
    for k in range(n):
        loss += table[LOST + k]
        gain += table[GAINED + k]
        slope += table[SLOPE + k]
    made = a * loss + b * gain - rest - falls * s
    return made, slope + gains * gain - losses * loss - falls


def move(table: Any, n: int, s: float, a: float, b: float) -> None:
    """Set the shares at a price, the losses and gains by them, and the slope of their sum.

    Without branches and sums, the compiler makes vector instructions of the loop.
    """
    for k in range(n):
        after = s > table[BEGIN + k]
        inside = after & (s < table[END + k])
        below = s * table[U + k] + (1.0 - s) * table[V + k]
        inverse = 1.0 / (below if inside else 1.0)
        part = 0.5 * (s * table[P + k] - (1.0 - s) * table[Q + k]) * inverse
        part = part if part < 1.0 else 1.0
        whole = 1.0 if after else 0.0
        y = part if inside else whole
        y = y if table[FREE + k] != 0.0 else table[SHARE + k]
        moves = table[HALF + k] * inverse * inverse
        moves = moves if inside else 0.0
        table[SHARE + k] = y
        l1 = table[L1 + k]
        l2 = table[L2 + k] * y
        g1 = table[G1 + k]
        g2 = table[G2 + k] * y
        table[LOST + k] = y * (l1 + l2)
        table[GAINED + k] = y * (g1 - g2)
        table[SLOPE + k] = moves * (a * (l1 + 2.0 * l2) + b * (g1 - 2.0 * g2))


def correct(table: Any, n: int, first: float, second: float, over: float) -> None:
    """Give the rest of an aim to the trade in part that moves it most."""
    best = -1
    most = 0.0
    for k in range(n):
        y = table[SHARE + k]
        if table[FREE + k] != 0.0 and 0.0 < y < 1.0:
            lost_ = table[LOSS + k] * ((1.0 - table[RISE + k]) + 2.0 * table[RISE + k] * y)
            gained_ = table[GAIN + k] * ((1.0 + table[FADE + k]) - 2.0 * table[FADE + k] * y)
            moves = first * lost_ + second * gained_
            if moves > most:
                most = moves
                best = k
    if best >= 0:
        table[SHARE + best] = min(max(table[SHARE + best] - over / most, 0.0), 1.0)
