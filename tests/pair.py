"""One number in each of two worlds, the fewest that the rules take."""

import numpy as np

from model.arrays import Array


def pair(number: float) -> Array:
    """Return one number for each of two worlds."""
    return np.full(2, number)
