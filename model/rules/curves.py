"""Values that bend: the costs of concessions rise, and their benefits saturate."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, unit


class Bends(NamedTuple):
    """The curvature of the values of both sides, each (K, R); None if all values are linear."""

    own: Array | None
    other: Array | None


LINEAR = Bends(None, None)
LEAST_STEEPNESS = 0.05  # so that no ratio of marginal utilities is infinite


def felt(package: Array, bend: Array | None) -> Array:
    """Return how much of each issue's full worth a package has, from 0 to 1 (K, R).

    phi(x; b) = (1 + b) x - b x^2, with x the level and b the bend, from -1 to 1 (K, R). A benefit
    has b = m (`satiation`): the first part of it is worth most. A cost has b = -k (`rising_cost`):
    the last part is the dearest. phi(0) = 0, phi(1) = 1, and phi(x; 0) = x to the bit. Source: form
    Raiffa 1982; for tariffs Harberger 1964.

    >>> felt(np.array([[0.5], [0.5]]), np.array([[0.5], [-1.0]])).tolist()
    [[0.625], [0.25]]
    """
    if bend is None:
        return package
    shares: Array = package * ((1.0 + bend) - bend * package)
    return shares


def whole_worth(elicited_at: Array, bend: Array) -> Array:
    """Return the worth of a whole issue relative to its worth per level up to a level (R,).

    h / phi(h; b) = 1 / (1 + b - b h): the stake in a scenario is the worth per level of the part up
    to the level h of an issue with the bend b. h = 1 and b = 0 return 1. elicited_at h: 0 to 1;
    bend b: -1 to 1; both (R,). At h = 0, costs whose first part costs nothing are limited by
    LEAST_STEEPNESS.

    >>> whole_worth(np.array([0.5, 0.5, 1.0]), np.array([0.5, -0.5, 0.5])).tolist()
    [0.8, 1.3333333333333333, 1.0]
    """
    per_level: Array = np.maximum((1.0 + bend) - bend * elicited_at, LEAST_STEEPNESS)
    return 1.0 / per_level


def steepness(package: Array, bend: Array | None) -> Array:
    """Return how fast the worth of each issue changes at its level (K, R), on average 1.

    phi'(x; b) = 1 + b - 2 b x, at least LEAST_STEEPNESS.

    >>> steepness(np.array([[0.0], [0.5], [1.0]]), np.full((3, 1), 0.5)).tolist()
    [[1.5], [1.0], [0.5]]
    """
    if bend is None:
        return np.ones_like(package)
    steep: Array = np.maximum(1.0 + bend - 2.0 * bend * package, LEAST_STEEPNESS)
    return steep


def rest_of(curvature: Array, held: Array) -> tuple[Array, Array]:
    """Return the share of the worth per level that a rest of each issue has, and its bend (K, R).

    held: level h up to which the issue is settled (K, R); curvature: bend b of the whole issue. The
    level h + (1 - h) y of the whole is worth phi(h; b) + (1 - h) (1 - b h) phi(y; b'), with
    b' = b (1 - h) / (1 - b h). The result is 1 - b h and b'.

    >>> share, bend = rest_of(np.array([[0.5]]), np.array([[0.5]]))
    >>> share.tolist(), bend.round(3).tolist()
    ([[0.75]], [[0.333]])
    """
    share = 1.0 - curvature * held
    return share, curvature * (1.0 - held) / np.where(share > 0.0, share, 1.0)


def at_level(package: Array, levels: Array | None) -> Array:
    """Return a package (K, R) with each issue at the nearest of its levels.

    levels (K, R): number of equally spaced levels from 0 to 1; below 2, an issue keeps its level.

    >>> at_level(np.array([[0.4], [0.4], [0.4]]), np.array([[0.0], [2.0], [3.0]])).tolist()
    [[0.4], [0.0], [0.5]]
    """
    if levels is None:
        return package
    steps = np.maximum(levels - 1.0, 1.0)
    return np.where(levels >= 2.0, np.minimum(np.rint(package * steps) / steps, 1.0), package)


def mixed_bend(own: Array, other: Array, bends: tuple[Array, Array], weight: Array) -> Array:
    """Return the bend (K, R) of the values of a side that wants to gain more than the other.

    With weight w (R,), the side counts (1 + w) u - w v. own, other: the marginal utilities u and v
    in points (K, R); bends: those of both sides. The result is the bend of the sum, whose linear
    and quadratic parts are the sums of both sides' parts. Where the other's curve would make a cost
    concave or a benefit convex, the issue counts linearly with the same total; a bend has at most
    the size 1, so that more of a good is never worse.

    >>> bends = (np.array([[-0.5]]), np.array([[0.5]]))
    >>> mixed_bend(np.array([[-0.2]]), np.array([[0.3]]), bends, np.array([0.0])).tolist()
    [[-0.5]]
    >>> mixed_bend(np.array([[-0.2]]), np.array([[0.3]]), bends, np.array([1.0])).round(3).tolist()
    [[-0.071]]
    """
    gained, lost = (1.0 + weight) * own, weight * other
    total = gained - lost
    bend = (gained * bends[0] - lost * bends[1]) / np.where(total == 0.0, 1.0, total)
    costs: Array = np.where(total < 0.0, -unit(-bend), unit(bend))
    return costs
