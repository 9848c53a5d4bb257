"""Trust that the other side keeps agreements, from fading counts of kept and broken promises.

Trust is the mean kept / (kept + broken) of a Beta distribution (Josang and Ismail 2002). The part
of each count above its base fades by a memory factor per week. Past agreements enter as
observations (Bown 2022: the purchases of the 2020 deal reached 57 % of what was promised).
"""

from model.arrays import Array


def trust(kept: Array, broken: Array) -> Array:
    """Return trust (R,), from 0 to 1: kept / (kept + broken), the mean of a Beta distribution.

    kept, broken: counts of promises in observations (R,). Source: Josang and Ismail 2002.

    >>> import numpy as np
    >>> round(float(trust(np.array([4 + 5.7]), np.array([1 + 4.3]))[0]), 3)
    0.647
    """
    return kept / (kept + broken)


def remember(count: Array, base: Array, memory: Array, observed: Array) -> Array:
    """Return a count of promises after one more week, in observations (R,).

    base + memory (count - base) + observed, all (R,): the part above the base fades and the new
    observations are added. Counts are in observations, memory is a share per week. Source: Josang
    and Ismail 2002. If the observed share c is constant, trust converges to
    (c + (1 - memory) a0) / (1 + (1 - memory)(a0 + b0)).

    >>> import numpy as np
    >>> remember(np.array([5.0]), np.array([4.0]), np.array([0.5]), np.array([0.25])).tolist()
    [4.75]
    """
    return base + memory * (count - base) + observed
