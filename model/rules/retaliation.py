"""Retaliation: what a side does about a tariff that the other puts on it.

The proportion, generosity and lag come from the tariff series of 2018-20, in which China answered
each step on a share of the goods; forgiving now and then is generous tit-for-tat (Nowak and Sigmund
1992).
"""

import numpy as np

from model.arrays import Array


def answer_size(
    size: Array, proportion: Array, generosity: Array, factor: Array, chance: Array
) -> Array:
    """Return the tariff rise that answers a rise of `size` (R,), in the same unit.

    With probability `generosity` (the uniform `chance` falls below it) nothing, otherwise
    proportion x size x factor, the factor being a mean-one draw.

    >>> answer_size(*(np.array([v]) for v in (0.10, 0.9, 0.15, 1.0, 0.5))).round(3).tolist()
    [0.09]
    """
    return np.where(chance < generosity, 0.0, proportion * size * factor)
