"""Approval of a leader: pain lowers it, a rally round the flag raises it for some weeks.

Each week approval closes a fixed share of the gap to the level that pain and rally imply. Sources
for the rally: Mueller (1970), Baum (2002).
"""

import numpy as np

from model.arrays import Array, unit


def decay(half_life: Array) -> Array:
    """Return the share (R,) that remains after one week: 2^(-1 / half-life), half-life in weeks.

    >>> decay(np.array([1.0, 7.0])).round(3).tolist()
    [0.5, 0.906]
    """
    return np.exp2(-1.0 / half_life)


def approval(
    before: Array, base: Array, pain: Array, rally: Array, slope: Array, speed: Array
) -> Array:
    """Return next week's approval (R,), a share from 0 to 1.

    before + speed (base - slope pain + rally - before), clipped to [0, 1]. before, base, rally:
    shares of the public; pain: unit pain above the level at the start; slope: share per unit pain;
    speed: share of the gap that is closed in a week. All (R,).

    >>> approval(*(np.array([v]) for v in (0.5, 0.5, 1.0, 0.0, 0.05, 0.1))).round(4).tolist()
    [0.495]
    """
    target = base - slope * pain + rally
    return unit(before + speed * (target - before))
