"""Functions whose sensitivity indices are known, at a design's points, with noise on request."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from experiments.sensitivity.designs import Design
from experiments.sensitivity.ranges import ParameterRange
from experiments.statistics import keyed_generator
from model.arrays import Array

ISHIGAMI_FIRST = np.array([0.3139, 0.4424, 0.0])  # Ishigami and Homma 1990, with a = 7, b = .1
ISHIGAMI_TOTAL = np.array([0.5576, 0.4424, 0.2437])
ISHIGAMI_VARIANCE = 13.8446


def unit(number: int, low: float = 0.0, high: float = 1.0) -> list[ParameterRange]:
    """Return so many parameters over one range."""
    return [ParameterRange(name, low, high, False, "") for name in "abcdefgh"[:number]]


def angles() -> list[ParameterRange]:
    """Return the parameters of the function of Ishigami."""
    return unit(3, -np.pi, np.pi)


def ishigami(x: Array) -> Array:
    """Return sin a + 7 sin² b + c⁴ sin a / 10."""
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def additive(*weights: float) -> Callable[[Array], Array]:
    """Return a weighted sum of the parameters."""
    return lambda x: np.asarray(sum(w * row for w, row in zip(weights, x, strict=True)))


def worlds(
    design: Design, function: Callable[[Array], Array], replicates: int = 1, chance: float = 0.0
) -> Array:
    """Return a function at each point (points, replicates), with independent noise at each.

    Noise that all points share is added; it must not change the indices.
    """
    drawn = keyed_generator("test of indices", 3)
    rows = function(design.points.to_numpy(dtype=np.float64).T)
    shared = chance * drawn.normal(size=replicates)
    return np.asarray(rows[:, None] + chance * drawn.normal(size=(rows.size, replicates)) + shared)


def near(found: ArrayLike, wanted: ArrayLike, margin: float) -> bool:
    """Return whether all numbers are as near as that."""
    return bool(np.max(np.abs(np.asarray(found) - np.asarray(wanted))) <= margin)
