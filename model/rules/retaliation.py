"""Retaliation: how large a side's answer to a tariff rise of the other side is.

The proportion, generosity and lag come from the tariff series of 2018-20, in which China answered
each step on a share of the goods. Leaving some rises unanswered is generous tit-for-tat (Nowak and
Sigmund 1992).
"""

import numpy as np

from model.arrays import Array


def answer_size(
    size: Array, proportion: Array, generosity: Array, factor: Array, chance: Array
) -> Array:
    """Return the tariff rise that answers a rise of `size`, in the same unit (R,).

    0 with probability `generosity` (if the uniform `chance` is below it), otherwise
    proportion x size x factor, where `factor` is a random draw with mean 1. All (R,).

    >>> answer_size(*(np.array([v]) for v in (0.10, 0.9, 0.15, 1.0, 0.5))).round(3).tolist()
    [0.09]
    """
    return np.where(chance < generosity, 0.0, proportion * size * factor)
