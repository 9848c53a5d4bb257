"""Learning from the order of concessions in one world: scalar functions, which numba compiles.

They do what `order_of_concessions` and `learn_from_order` of `model.rules.learning` do with arrays;
tests compare the two. A table has a row for each issue on which the sides conflict, and a column
for each of the numbers below. The functions of `special` are in the same compiled module.
"""

from math import pi, sqrt
from typing import Any

from model.tracing.special import erfcx

# Columns of the table of orders
ORDER, MEASURED, CONCEDED, PLACE, KNOWN, FOUND, NEW = 0, 1, 2, 3, 4, 5, 6
# Columns of the table of weights; that of CONCEDED is the same
MEAN, VARIANCE, RATIO, EXPECTED, DOUBT, SIGN, WEIGHT = 0, 1, 3, 4, 5, 6, 7
PRECISION, PULL, MARGIN, WIDTH = 8, 9, 10, 11
WHOLE, MARGIN_VARIANCE, SMALLEST, ROOT_HALF = 1e-6, 1.0, 1e-200, sqrt(0.5)
ROOT_HAZARD = sqrt(2.0 / pi)


def order_issues(table: Any, n: int, issues: int) -> None:
    """Set the known order, the issues measured and what is new, for n of all the issues."""
    for k in range(n):
        conceded = table[k, CONCEDED]
        table[k, PLACE] = 0.0 if conceded < WHOLE else 2.0 if conceded > 1.0 - WHOLE else 1.0
        table[k, KNOWN] = 0.0
        table[k, FOUND] = table[k, MEASURED]
        table[k, NEW] = 0.0
    for k in range(n):
        place = table[k, PLACE]
        order = table[k, ORDER]
        fine = place * issues + order
        for j in range(n):
            if j == k:
                continue
            if fine > table[j, PLACE] * issues + table[j, ORDER]:
                table[k, KNOWN] += 1.0
            if place > table[j, PLACE]:
                new = order <= table[j, ORDER]
            elif place < table[j, PLACE]:
                new = order >= table[j, ORDER]
            else:
                new = place == 1.0
                if new:
                    table[k, FOUND] = 1.0
            if new and table[k, MEASURED] == 0.0:
                table[k, NEW] = 1.0


def learn_weights(table: Any, n: int, noise: float) -> None:
    """Update mean and variance of n log weights by the margin that the other issues imply."""
    centre = 0.0
    for k in range(n):
        centre += table[k, RATIO] - table[k, MEAN]
    centre /= max(n, 1)
    for k in range(n):
        conceded = table[k, CONCEDED]
        partly = WHOLE <= conceded <= 1.0 - WHOLE
        table[k, EXPECTED] = table[k, RATIO] - table[k, MEAN] - centre
        table[k, DOUBT] = table[k, VARIANCE] + noise * noise
        table[k, SIGN] = 0.0 if partly else 1.0 if conceded > 0.5 else -1.0
        table[k, WEIGHT] = 1.0 / max(table[k, DOUBT], SMALLEST) if partly else 0.0
        table[k, PRECISION] = table[k, WEIGHT]
        table[k, PULL] = table[k, WEIGHT] * table[k, EXPECTED]
    for _ in range(2):
        imply_margins(table, n)
        for k in range(n):
            if table[k, SIGN] != 0.0:
                move_site(table, k)
    imply_margins(table, n)
    for k in range(n):
        variance = table[k, VARIANCE]
        total = max(table[k, DOUBT] + table[k, WIDTH], SMALLEST)
        if table[k, SIGN] == 0.0:
            pull = (table[k, EXPECTED] - table[k, MARGIN]) / total
            curve = 1.0
        else:
            hazard, curve = hazard_of(table, k, total)
            pull = -table[k, SIGN] * hazard
        table[k, MEAN] += variance * pull
        table[k, VARIANCE] = (1.0 - curve * variance / total) * variance


def imply_margins(table: Any, n: int) -> None:
    """Set mean and variance of the margin by all issues but the one at hand."""
    precision = 0.0
    pull = 0.0
    for k in range(n):
        precision += table[k, PRECISION]
        pull += table[k, PULL]
    for k in range(n):
        others = 1.0 / MARGIN_VARIANCE + (precision - table[k, PRECISION])
        table[k, MARGIN] = (pull - table[k, PULL]) / others
        table[k, WIDTH] = 1.0 / others


def move_site(table: Any, k: int) -> None:
    """Set what an issue that is kept or conceded in full says about the margin."""
    margin = table[k, MARGIN]
    wide = table[k, WIDTH]
    total = max(table[k, DOUBT] + wide, SMALLEST)
    hazard, curve = hazard_of(table, k, total)
    left = max(wide * (1.0 - curve * wide / total), SMALLEST)
    moved = margin - table[k, SIGN] * wide * hazard
    table[k, PRECISION] = max(1.0 / left - 1.0 / wide, 0.0)
    table[k, PULL] = moved / left - margin / wide


def hazard_of(table: Any, k: int, total: float) -> tuple[float, float]:
    """Return phi / (Phi s) and h (z + h) of the probit of an issue with variance total = s^2."""
    spread = sqrt(total)
    z = table[k, SIGN] * (table[k, EXPECTED] - table[k, MARGIN]) / spread
    hazard = ROOT_HAZARD / erfcx(-z * ROOT_HALF)
    return hazard / spread, min(max(hazard * (z + hazard), 0.0), 1.0)
