"""Learning from the order of concessions in one world: scalar functions, which numba compiles.

They do what `order_of_concessions` and `learn_from_order` of `model.rules.learning` do with arrays;
tests compare the two. A table has a row for each issue on which the sides conflict, and a column
for each of the numbers below. The functions of `special` are in the same compiled module.
"""

from math import pi, sqrt
from typing import Any

from model.tracing.special import erfcx

# Where the columns of the table of orders begin
ORDER, MEASURED, CONCEDED, PLACE, KNOWN, FOUND, NEW = 0, 64, 128, 192, 256, 320, 384
# Where those of the table of weights begin; that of CONCEDED is the same
MEAN, VARIANCE, RATIO, EXPECTED, DOUBT, SIGN, WEIGHT = 0, 64, 192, 256, 320, 384, 448
PRECISION, PULL, MARGIN, WIDTH = 512, 576, 640, 704
WHOLE, MARGIN_VARIANCE, SMALLEST, ROOT_HALF = 1e-6, 1.0, 1e-200, sqrt(0.5)
ROOT_HAZARD = sqrt(2.0 / pi)


def order_issues(table: Any, n: int, issues: int) -> None:
    """Set the known order, the issues measured and what is new, for n of all the issues."""
    for k in range(n):
        conceded = table[CONCEDED + k]
        table[PLACE + k] = 0.0 if conceded < WHOLE else 2.0 if conceded > 1.0 - WHOLE else 1.0
        table[KNOWN + k] = 0.0
        table[FOUND + k] = table[MEASURED + k]
        table[NEW + k] = 0.0
    for k in range(n):
        place = table[PLACE + k]
        order = table[ORDER + k]
        fine = place * issues + order
        for j in range(n):
            if j == k:
                continue
            if fine > table[PLACE + j] * issues + table[ORDER + j]:
                table[KNOWN + k] += 1.0
            if place > table[PLACE + j]:
                new = order <= table[ORDER + j]
            elif place < table[PLACE + j]:
                new = order >= table[ORDER + j]
            else:
                new = place == 1.0
                if new:
                    table[FOUND + k] = 1.0
            if new and table[MEASURED + k] == 0.0:
                table[NEW + k] = 1.0


def learn_weights(table: Any, n: int, noise: float) -> None:
    """Update mean and variance of n log weights by the margin that the other issues imply."""
    centre = 0.0
    for k in range(n):
        centre += table[RATIO + k] - table[MEAN + k]
    centre /= max(n, 1)
    for k in range(n):
        conceded = table[CONCEDED + k]
        partly = WHOLE <= conceded <= 1.0 - WHOLE
        table[EXPECTED + k] = table[RATIO + k] - table[MEAN + k] - centre
        table[DOUBT + k] = table[VARIANCE + k] + noise * noise
        table[SIGN + k] = 0.0 if partly else 1.0 if conceded > 0.5 else -1.0
        table[WEIGHT + k] = 1.0 / max(table[DOUBT + k], SMALLEST) if partly else 0.0
        table[PRECISION + k] = table[WEIGHT + k]
        table[PULL + k] = table[WEIGHT + k] * table[EXPECTED + k]
    for _ in range(2):
        imply_margins(table, n)
        for k in range(n):
            if table[SIGN + k] != 0.0:
                move_site(table, k)
    imply_margins(table, n)
    for k in range(n):
        variance = table[VARIANCE + k]
        total = max(table[DOUBT + k] + table[WIDTH + k], SMALLEST)
        if table[SIGN + k] == 0.0:
            pull = (table[EXPECTED + k] - table[MARGIN + k]) / total
            curve = 1.0
        else:
            hazard, curve = hazard_of(table, k, total)
            pull = -table[SIGN + k] * hazard
        table[MEAN + k] += variance * pull
        table[VARIANCE + k] = (1.0 - curve * variance / total) * variance


def imply_margins(table: Any, n: int) -> None:
    """Set mean and variance of the margin by all issues but the one at hand."""
    precision = 0.0
    pull = 0.0
    for k in range(n):
        precision += table[PRECISION + k]
        pull += table[PULL + k]
    for k in range(n):
        others = 1.0 / MARGIN_VARIANCE + (precision - table[PRECISION + k])
        table[MARGIN + k] = (pull - table[PULL + k]) / others
        table[WIDTH + k] = 1.0 / others


def move_site(table: Any, k: int) -> None:
    """Set what an issue that is kept or conceded in full says about the margin."""
    margin = table[MARGIN + k]
    wide = table[WIDTH + k]
    total = max(table[DOUBT + k] + wide, SMALLEST)
    hazard, curve = hazard_of(table, k, total)
    left = max(wide * (1.0 - curve * wide / total), SMALLEST)
    moved = margin - table[SIGN + k] * wide * hazard
    table[PRECISION + k] = max(1.0 / left - 1.0 / wide, 0.0)
    table[PULL + k] = moved / left - margin / wide


def hazard_of(table: Any, k: int, total: float) -> tuple[float, float]:
    """Return phi / (Phi s) and h (z + h) of the probit of an issue with variance total = s^2."""
    spread = sqrt(total)
    z = table[SIGN + k] * (table[EXPECTED + k] - table[MARGIN + k]) / spread
    hazard = ROOT_HAZARD / erfcx(-z * ROOT_HALF)
    return hazard / spread, min(max(hazard * (z + hazard), 0.0), 1.0)
