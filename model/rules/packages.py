"""Packages of issues that have few levels: all of them, the efficient ones, and solutions.

The solutions are those of `model.rules.solutions`, found among the packages one by one. They suit a
handful of issues: the number of packages is the product of the numbers of levels.
"""

from collections.abc import Sequence

import numpy as np

from model.arrays import Array, Mask
from model.rules.offers import TOLERANCE

MOST = 1_000_000
"""Most packages that are listed."""


def all_packages(levels: Sequence[int]) -> Array:
    """Return all packages of issues with these numbers of equally spaced levels (packages, K).

    Raises ValueError if an issue has fewer than 2 levels, or if there are more than MOST packages.

    >>> all_packages([2, 3]).tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0], [1.0, 0.0], [1.0, 0.5], [1.0, 1.0]]
    """
    if min(levels, default=0) < 2:
        raise ValueError("each issue must have at least 2 levels.")
    if np.prod([float(number) for number in levels]) > MOST:
        raise ValueError(f"there are more than {MOST:,} packages.")
    axes = np.meshgrid(*(np.linspace(0.0, 1.0, number) for number in levels), indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1)


def efficient(worths: Array) -> Mask:
    """Return which packages are Pareto-efficient (packages,), given their worths (2, packages).

    A package is efficient if none is better for one side and at least as good for the other.

    >>> efficient(np.array([[0.0, 1.0, 0.5, 1.0], [1.0, 0.0, 0.5, -1.0]])).tolist()
    [True, True, True, False]
    """
    order = np.lexsort((-worths[1], -worths[0]))  # best for the first side first
    best = np.maximum.accumulate(worths[1][order])
    previous = np.concatenate([[-np.inf], best[:-1]])
    own = worths[0][order]
    ahead = np.searchsorted(-own, -own, side="left")  # the first with the same worth
    before = np.where(ahead > 0, best[np.maximum(ahead - 1, 0)], -np.inf)
    found = np.zeros(worths.shape[1], dtype=np.bool_)
    found[order] = (worths[1][order] > before) & (worths[1][order] >= previous)
    return found


def nash(worths: Array, disagreement: Array) -> int | None:
    """Return the package with the largest product of gains (Nash 1950), or None.

    worths: (2, packages); disagreement: (2,), all in points. Packages that are worse than the
    disagreement for a side are not possible; the result is None if all are. Of equal packages it is
    the first.

    >>> nash(np.array([[0.0, 1.0, 0.6], [1.0, 0.0, 0.6]]), np.zeros(2))
    2
    """
    gains = _gains(worths, disagreement)
    return _first_best(gains, gains[0] * gains[1])


def egalitarian(worths: Array, disagreement: Array) -> int | None:
    """Return the package with the largest smaller gain (Kalai 1977), or None.

    Of packages with the same smaller gain, it is the one with the larger other gain.

    >>> egalitarian(np.array([[0.0, 1.0, 0.4], [1.0, 0.5, 0.9]]), np.zeros(2))
    1
    """
    gains = _gains(worths, disagreement)
    return _first_best(gains, gains.min(axis=0), gains.max(axis=0))


def kalai_smorodinsky(worths: Array, disagreement: Array) -> int | None:
    """Return the package with the largest smaller share of the ideal gains, or None.

    A side's ideal gain is its largest gain in a possible package. Source: Kalai and Smorodinsky
    1975. Of packages with the same smaller share, it is the one with the larger other share.

    >>> kalai_smorodinsky(np.array([[0.0, 2.0, 1.0], [1.0, 0.0, 0.5]]), np.zeros(2))
    2
    """
    gains = _gains(worths, disagreement)
    if np.isnan(gains).all():
        return None
    most = np.nanmax(gains, axis=1, keepdims=True)
    shares = gains / np.where(most > 0.0, most, 1.0)
    return _first_best(gains, shares.min(axis=0), shares.max(axis=0))


def _gains(worths: Array, disagreement: Array) -> Array:
    """Return the gains over the disagreement (2, packages); NaN for packages not possible."""
    gains = worths - disagreement[:, np.newaxis]
    possible = (gains >= -TOLERANCE).all(axis=0)
    return np.where(possible, np.maximum(gains, 0.0), np.nan)


def _first_best(gains: Array, *measures: Array) -> int | None:
    """Return the first package with the largest first measure, and of these the largest second."""
    left = ~np.isnan(gains).any(axis=0)
    if not left.any():
        return None
    for measure in measures:
        most = measure[left].max()
        left &= measure >= most - TOLERANCE
    return int(np.flatnonzero(left)[0])
