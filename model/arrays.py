"""Array types and helpers that all rules share; the last axis of every array is the world."""

from collections.abc import Callable
from functools import wraps

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]
type Mask = NDArray[np.bool_]
type Index = NDArray[np.intp]

ZERO, ONE = np.zeros(()), np.ones(())


def recordable[**P, T](function: Callable[P, T]) -> Callable[P, T]:
    """Let a recorded week hold a function as one operation, as NumPy's own functions are.

    Symbolic arrays stand for arrays while a week is recorded (model.tracing); given one, the
    function is handed to it.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        for value in args:
            if getattr(value, "symbolic", False):
                found: T = value.__array_function__(call, (type(value),), args, kwargs)  # type: ignore[attr-defined]
                return found
        return function(*args, **kwargs)

    return call


@recordable
def stack(*rows: Array) -> Array:
    """Return arrays of one shape as the rows of another.

    >>> stack(np.zeros(2), np.ones(2)).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    return np.array(rows)


def unit(values: Array) -> Array:
    """Clip values to the interval from 0 to 1; three times as fast as np.clip.

    >>> unit(np.array([-0.5, 0.5, 1.5])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.minimum(np.maximum(values, ZERO), ONE)


def between(values: Array, least: Array, most: Array) -> Array:
    """Clip values to the interval between two arrays; if `least` exceeds `most`, return `most`.

    >>> between(np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([2.5, 2.5])).tolist()
    [2.0, 2.5]
    """
    return np.minimum(np.maximum(values, least), most)
