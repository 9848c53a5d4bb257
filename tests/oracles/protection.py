"""Protection for sale: the tariff a government sets when industries pay for it.

An independent closed form that tests compare the model with.
"""

import numpy as np

from model.arrays import Array, Mask


def protection(
    organised: Mask,
    organised_share: Array,
    benevolence: Array,
    output_to_imports: Array,
    elasticity: Array,
) -> Array:
    """Return the tariff of each sector (K, R), as a share of the world price.

    t / (1 + t) = (I - alpha) / (a + alpha) x z / e (Grossman and Helpman 1994, proposition 2) for a
    small country. organised I (K, R): whether the owners in a sector lobby; organised_share alpha
    (R,): share of the voters who own part of a sector that lobbies; benevolence a (R,) > 0: weight
    of welfare relative to contributions; output_to_imports z (K, R) and elasticity e > 0 of import
    demand (K, R), both at the protected price. Sectors that do not lobby get a negative tariff, an
    import subsidy. The result is infinite if the right side reaches 1: at no price would there be
    such imports.

    >>> organised, half, one = np.array([[True], [False]]), np.array([0.5]), np.ones((2, 1))
    >>> protection(organised, half, np.array([2.0]), one, one).round(3).tolist()
    [[0.25], [-0.167]]
    """
    pull = (np.where(organised, 1.0, 0.0) - organised_share) / (benevolence + organised_share)
    wedge = pull * output_to_imports / elasticity
    return np.divide(wedge, 1.0 - wedge, out=np.full_like(wedge, np.inf), where=wedge < 1.0)
