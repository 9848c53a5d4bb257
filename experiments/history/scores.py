"""Scores of forecasts against what happened; the lower the better, and honesty pays (proper)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from model.arrays import Array, Index, Mask


class Brier(NamedTuple):
    """A Brier score in parts: score = reliability - resolution + uncertainty + within."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def crps_gaussian(mean: ArrayLike, spread: ArrayLike, observed: ArrayLike) -> Array:
    """Return the continuous ranked probability score of normal forecasts, in the forecast's unit.

    s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (observed - mean) / s (Gneiting and Raftery
    2007); without spread the distance. Shapes broadcast.

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
    """Return the CRPS of the ensemble's own distribution, members (..., R) against observed (...).

    mean |x_i - y| - sum over i, j of |x_i - x_j| / (2 R^2) (Gneiting and Raftery 2007), in the
    forecast's unit. Its mean exceeds that of the distribution
    the members are drawn from by E |x - x'| / (2 R): see `fair_crps`.

    >>> crps_ensemble([[1.0, 3.0], [2.0, 2.0]], [2.0, 5.0]).tolist()
    [0.5, 3.0]
    """
    worlds = np.asarray(members).shape[-1]
    return _kernel_score(members, observed, worlds * worlds)


def fair_crps(members: ArrayLike, observed: ArrayLike) -> Array:
    """Return the CRPS that the distribution behind the ensemble has on average, in the same shapes.

    mean |x_i - y| - sum over i, j of |x_i - x_j| / (2 R (R - 1)) (Ferro 2014). Ensembles of
    different sizes can be compared by it; a single one may fall below 0.

    >>> fair_crps([[1.0, 3.0], [2.0, 2.0]], [2.0, 5.0]).tolist()
    [0.0, 3.0]
    """
    worlds = np.asarray(members).shape[-1]
    if worlds < 2:
        raise ValueError(f"{worlds} member: a fair score needs at least two")
    return _kernel_score(members, observed, worlds * (worlds - 1))


def _kernel_score(members: ArrayLike, observed: ArrayLike, pairs: int) -> Array:
    """Return mean |x_i - y| - (sum over i < j of |x_i - x_j|) / pairs, by one sort."""
    ordered = np.sort(np.asarray(members, dtype=np.float64), axis=-1)
    truth = np.asarray(observed, dtype=np.float64)
    if truth.shape != ordered.shape[:-1]:
        raise ValueError(f"observed {truth.shape} does not fit members {ordered.shape}")
    worlds = ordered.shape[-1]
    above_less_below = 2.0 * np.arange(worlds) - (worlds - 1.0)
    spread = (above_less_below * ordered).sum(axis=-1) / pairs
    return np.asarray(np.abs(ordered - truth[..., None]).mean(axis=-1) - spread)


def chance(happened: ArrayLike) -> Array:
    """Return the probability (...) that worlds (..., R) in which it happened or not stand for.

    (count + 1/2) / (R + 1) (Krichevsky and Trofimov 1981): never 0 or 1, since what happened in no
    world of a finite number is not impossible, and `log_score` would be infinite.

    >>> chance([[True, True, False, False], [False] * 4]).tolist()
    [0.5, 0.1]
    """
    worlds = np.asarray(happened, dtype=np.bool_)
    return np.asarray((worlds.sum(axis=-1) + 0.5) / (worlds.shape[-1] + 1.0))


def log_score(probability: ArrayLike, happened: ArrayLike) -> Array:
    """Return the surprise at each event or its absence, in nats: - log of its probability.

    The events of a week are scored one by one (Good 1952); their sum is minus the log likelihood of
    the whole course if the probabilities are those of the week before. Infinite where what was
    called impossible happened.

    >>> log_score([0.5, 0.25], [True, False]).round(3).tolist()
    [0.693, 0.288]
    """
    forecast, event = _events(probability, happened)
    return np.asarray(-np.where(event, _log(forecast), _log(1.0 - forecast)))


def _log(share: Array) -> Array:
    return np.log(share, out=np.full_like(share, -np.inf), where=share > 0.0)


def brier_score(probability: ArrayLike, happened: ArrayLike) -> Array:
    """Return (probability - 1 if it happened, else 0) squared, for each event (Brier 1950).

    >>> brier_score([0.5, 1.0], [True, False]).tolist()
    [0.25, 1.0]
    """
    forecast, event = _events(probability, happened)
    return np.asarray((forecast - event) ** 2)


def brier_parts(probability: ArrayLike, happened: ArrayLike, bins: int | None = None) -> Brier:
    """Return the mean Brier score of many events and what it is made of (Murphy 1973).

    Forecasts are grouped by their value, or into so many bins of equal width. With f_k the mean
    forecast of a group, o_k the share that happened in it and o the share of all, reliability is
    the mean of (f_k - o_k)^2, resolution that of (o_k - o)^2, uncertainty o (1 - o). Bins hold
    unequal forecasts, which adds `within`: their variance less twice their covariance with the
    events (Stephenson, Coelho and Jolliffe 2008); it is 0 without bins. The sum is exact.

    >>> parts = brier_parts([0.2, 0.2, 0.8, 0.8], [False, True, True, True])
    >>> [round(part, 4) for part in parts]
    [0.19, 0.065, 0.0625, 0.1875, 0.0]
    """
    forecast, event = _events(probability, happened)
    if forecast.size == 0:
        raise ValueError("no events: a score needs at least one")
    forecast, truth = forecast.ravel(), event.ravel().astype(np.float64)
    group = _groups(forecast, bins)
    size = np.bincount(group)
    stated = (np.bincount(group, weights=forecast) / size)[group]
    found = (np.bincount(group, weights=truth) / size)[group]
    base = truth.mean()
    offset, rest = forecast - stated, truth - found
    return Brier(
        float(((forecast - truth) ** 2).mean()),
        float(((stated - found) ** 2).mean()),
        float(((found - base) ** 2).mean()),
        float(base * (1.0 - base)),
        float((offset * offset - 2.0 * offset * rest).mean()),
    )


def _groups(forecast: Array, bins: int | None) -> Index:
    """Return the number of each forecast's group, counting only groups that have any."""
    if bins is not None and bins < 1:
        raise ValueError(f"bins = {bins}: at least 1")
    held = forecast if bins is None else np.minimum(np.floor(forecast * bins), bins - 1.0)
    return np.unique(held, return_inverse=True)[1]


def skill(score: ArrayLike, baseline: ArrayLike) -> float:
    """Return the share of a baseline's mean score that a forecast saves: 1 perfect, 0 no better.

    >>> skill([0.125, 0.125], [0.25, 0.25])
    0.5
    """
    reference = float(np.asarray(baseline, dtype=np.float64).mean())
    if reference <= 0.0:
        raise ValueError(f"baseline = {reference}: nothing can be better than a perfect forecast")
    return 1.0 - float(np.asarray(score, dtype=np.float64).mean()) / reference


def _events(probability: ArrayLike, happened: ArrayLike) -> tuple[Array, Mask]:
    """Return forecasts and events of one shape; a probability outside [0, 1] is an error."""
    forecast, event = np.asarray(probability, dtype=np.float64), np.asarray(happened, np.bool_)
    if forecast.shape != event.shape:
        raise ValueError(f"probability {forecast.shape} and happened {event.shape} differ in shape")
    wrong = forecast[~((forecast >= 0.0) & (forecast <= 1.0))]
    if wrong.size:
        raise ValueError(f"probability = {wrong[0]}: must be between 0 and 1")
    return forecast, event
