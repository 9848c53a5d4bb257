"""Advisers: what their access and errors depend on, and who leads the talks of a side.

Sources: multiple advocacy (George 1972): independent errors of advisers average out on the graph.
Groupthink (Janis 1972): advisers who think alike make the same errors, which do not.
"""

import numpy as np

from model.arrays import Array, Mask


def forecast_score(firmness: Array, narrowed: Array) -> Array:
    """Return how far a forecast came true, 0 to 1 (R,): 1 - (y - f)^2 (Brier 1950).

    An adviser expects the gap to narrow with the probability f that is its firmness: a firm adviser
    says that the other side will give in. firmness f: 0 to 1 (R,); narrowed y: 0 or 1 (R,).

    >>> forecast_score(np.array([0.8, 0.8]), np.array([1.0, 0.0])).round(2).tolist()
    [0.96, 0.36]
    """
    missed = narrowed - firmness
    return 1.0 - missed * missed


def new_access(access: Array, success: Array, memory: Array, judged: Mask) -> Array:
    """Return the access after a session, 0 to 1 (R,): mu a + (1 - mu) success where judged.

    access a and success: 0 to 1; memory mu: 0 to 1 per session; judged: whether there was a session
    that shows success (R,). mu = 1 returns a.

    >>> new_access(np.full(2, 0.5), np.ones(2), np.full(2, 0.9), np.array([True, False])).tolist()
    [0.55, 0.5]
    """
    return np.where(judged, memory * access + (1.0 - memory) * success, access)


def takes_over(own: Array, best: Array, margin: Array) -> Mask:
    """Return whether another adviser replaces the lead: best > own + margin (R,).

    own: change of the lead's access since the start; best: the largest change of another adviser
    (R,). With the access constant, any margin keeps the lead.

    >>> takes_over(np.array([-0.1, -0.1]), np.array([0.2, 0.0]), np.full(2, 0.2)).tolist()
    [True, False]
    """
    replaced: Mask = best > own + margin
    return replaced


def likeness(firmness: Array) -> Array:
    """Return how alike each adviser is to the others, 0 to 1 (A, R): 1 - mean |f_a - f_b|.

    firmness: (A, R). A single adviser has nobody to agree with: 0.

    >>> likeness(np.array([[0.5], [0.5], [0.9]])).round(2).ravel().tolist()
    [0.8, 0.8, 0.6]
    """
    count = len(firmness)
    if count < 2:
        return np.zeros_like(firmness)
    apart = np.abs(firmness[:, np.newaxis] - firmness[np.newaxis]).sum(axis=1)
    alike: Array = 1.0 - apart / (count - 1)
    return alike


def errors(own: Array, common: Array, correlation: Array, spread: Array) -> Array:
    """Return the errors of the advisers of a side (A, R): s (sqrt(c) z + sqrt(1 - c) e).

    own e: independent standard normals (A, R); common z: one for the side (R,); correlation c:
    share of the variance in common (A, R); spread s: (R,). The variance is s^2 for every c.

    >>> one = np.ones((1, 1))
    >>> errors(2.0 * one, np.ones(1), one, np.full(1, 0.1)).tolist()
    [[0.1]]
    """
    return spread * (np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own)
