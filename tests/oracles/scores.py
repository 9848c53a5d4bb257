"""Scores of forecasts in closed form: normal forecasts, ensembles by pairs, Brier in parts.

Independent closed forms that tests compare `experiments.history.scores` with.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from experiments.history.scores import brier_score
from model.arrays import Array, Index


class Brier(NamedTuple):
    """A Brier score in parts: score = reliability - resolution + uncertainty + within."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def crps_gaussian(mean: ArrayLike, spread: ArrayLike, observed: ArrayLike) -> Array:
    """Return the continuous ranked probability score of normal forecasts, in the forecast's unit.

    s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)) with z = (observed - mean) / s (Gneiting and
    Raftery 2007). With a spread s of 0 it is the distance |observed - mean|. Shapes broadcast.
    Raises ValueError for a negative spread.

    >>> crps_gaussian([0.0, 0.0], [1.0, 0.0], [0.0, 2.0]).round(4).tolist()
    [0.2337, 2.0]
    """
    centre, width, truth = (np.asarray(part, dtype=np.float64) for part in (mean, spread, observed))
    if (width < 0.0).any():
        raise ValueError(f"spread = {width.min()}: a standard deviation is at least 0")
    error = truth - centre
    z = error / np.where(width > 0.0, width, 1.0)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    score = error * (2.0 * special.ndtr(z) - 1.0) + width * (2.0 * density - 1.0 / np.sqrt(np.pi))
    return np.asarray(np.where(width > 0.0, score, np.abs(error)))


def crps_ensemble(members: ArrayLike, observed: ArrayLike) -> Array:
    """Return the CRPS of the empirical distribution of an ensemble, in the unit of the forecast.

    members: (..., R); observed and the result: (...). Formula (Gneiting and Raftery 2007), here by
    comparing all pairs:

        mean |x_i - y| - sum over i, j of |x_i - x_j| / (2 R^2)

    Its mean exceeds the CRPS of the distribution that the members are drawn from by
    E |x - x'| / (2 R); `fair_crps` corrects this.

    >>> crps_ensemble([[1.0, 3.0], [2.0, 2.0]], [2.0, 5.0]).tolist()
    [0.5, 3.0]
    """
    ensemble = np.asarray(members, dtype=np.float64)
    truth = np.asarray(observed, dtype=np.float64)
    pairs = np.abs(ensemble[..., :, None] - ensemble[..., None, :])
    error = np.abs(ensemble - truth[..., None]).mean(axis=-1)
    return np.asarray(error - 0.5 * pairs.mean(axis=(-2, -1)))


def brier_parts(probability: ArrayLike, happened: ArrayLike, bins: int | None = None) -> Brier:
    """Return the mean Brier score of many events and its parts (Murphy 1973).

    Forecasts are grouped by their value or, if `bins` is given, into bins of equal width. Let f_k
    be the mean forecast of a group, o_k the share of its events that happened, and o the share of
    all events that happened. Reliability is the mean of (f_k - o_k)^2, resolution the mean of
    (o_k - o)^2, and uncertainty o (1 - o). Forecasts in a bin may differ, which adds `within`:
    their variance minus twice their covariance with the events (Stephenson, Coelho and Jolliffe
    2008). It is 0 without bins. The sum of the parts is exact.

    >>> parts = brier_parts([0.2, 0.2, 0.8, 0.8], [False, True, True, True])
    >>> [round(part, 4) for part in parts]
    [0.19, 0.065, 0.0625, 0.1875, 0.0]
    """
    score = brier_score(probability, happened)
    if score.size == 0:
        raise ValueError("no events: a score needs at least one")
    forecast = np.asarray(probability, dtype=np.float64).ravel()
    truth = np.asarray(happened, dtype=np.float64).ravel()
    group = _groups(forecast, bins)
    size = np.bincount(group)
    stated = (np.bincount(group, weights=forecast) / size)[group]
    observed = (np.bincount(group, weights=truth) / size)[group]
    base = truth.mean()
    offset, rest = forecast - stated, truth - observed
    return Brier(
        float(score.mean()),
        float(((stated - observed) ** 2).mean()),
        float(((observed - base) ** 2).mean()),
        float(base * (1.0 - base)),
        float((offset * offset - 2.0 * offset * rest).mean()),
    )


def _groups(forecast: Array, bins: int | None) -> Index:
    """Return the index of each forecast's group; empty groups are not numbered."""
    if bins is not None and bins < 1:
        raise ValueError(f"bins = {bins}: must be at least 1")
    labels = forecast if bins is None else np.minimum(np.floor(forecast * bins), bins - 1.0)
    return np.unique(labels, return_inverse=True)[1]
