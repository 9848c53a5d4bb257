"""Trust that the other side keeps agreements, as counts of kept and broken ones that fade.

A Beta distribution (Josang and Ismail 2002): trust is kept / (kept + broken); what was observed
above the base fades with a memory factor a week. Legacies enter as observations (Bown 2022: the
purchases of the 2020 deal reached 57 % of what was promised).
"""

from model.arrays import Array


def trust(kept: Array, broken: Array) -> Array:
    """Return trust (R,), 0 to 1: the mean of the Beta distribution, kept / (kept + broken).

    kept, broken: counts of promises (R,), in observations (Josang and Ismail 2002).

    >>> import numpy as np
    >>> round(float(trust(np.array([4 + 5.7]), np.array([1 + 4.3]))[0]), 3)
    0.647
    """
    return kept / (kept + broken)


def remember(count: Array, base: Array, memory: Array, observed: Array) -> Array:
    """Return a count (R,) after a week: the part above the base fades, what was observed is added.

    count' = base + memory (count - base) + observed, all (R,); counts in observations, memory as a
    share a week (Josang and Ismail 2002). Under a constant observed share c the trust
    settles at (c + (1 - memory) a0) / (1 + (1 - memory)(a0 + b0)).

    >>> import numpy as np
    >>> remember(np.array([5.0]), np.array([4.0]), np.array([0.5]), np.array([0.25])).tolist()
    [4.75]
    """
    return base + memory * (count - base) + observed
