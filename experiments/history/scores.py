"""Proper scores of probability forecasts against events: lower is better."""

import numpy as np
from numpy.typing import ArrayLike

from model.arrays import Array, Mask


def fair_crps(members: ArrayLike, observed: ArrayLike) -> Array:
    """Return the fair continuous ranked probability score of an ensemble, in the forecast's unit.

    members: (..., R); observed and the result: (...). Formula (Ferro 2014), computed by one sort:

        mean |x_i - y| - sum over i, j of |x_i - x_j| / (2 R (R - 1))

    It is an unbiased estimate of the score of the distribution that the members are drawn from, so
    it can compare ensembles of different sizes. The score of a single ensemble may be below 0.
    Raises ValueError for fewer than two members or for shapes that do not match.

    >>> fair_crps([[1.0, 3.0], [2.0, 2.0]], [2.0, 5.0]).tolist()
    [0.0, 3.0]
    """
    worlds = np.asarray(members).shape[-1]
    if worlds < 2:
        raise ValueError(f"{worlds} member: a fair score needs at least two")
    ordered = np.sort(np.asarray(members, dtype=np.float64), axis=-1)
    truth = np.asarray(observed, dtype=np.float64)
    if truth.shape != ordered.shape[:-1]:
        raise ValueError(f"observed {truth.shape} does not fit members {ordered.shape}")
    above_less_below = 2.0 * np.arange(worlds) - (worlds - 1.0)
    spread = (above_less_below * ordered).sum(axis=-1) / (worlds * (worlds - 1))
    return np.asarray(np.abs(ordered - truth[..., None]).mean(axis=-1) - spread)


def chance(happened: ArrayLike) -> Array:
    """Return the probability (...) of an event, estimated from worlds (..., R).

    happened: whether the event happened in each world. The estimate is (count + 1/2) / (R + 1)
    (Krichevsky and Trofimov 1981). It is never 0 or 1: an event that happened in none of a finite
    number of worlds is not impossible, and `log_score` would be infinite.

    >>> chance([[True, True, False, False], [False] * 4]).tolist()
    [0.5, 0.1]
    """
    worlds = np.asarray(happened, dtype=np.bool_)
    return np.asarray((worlds.sum(axis=-1) + 0.5) / (worlds.shape[-1] + 1.0))


def log_score(probability: ArrayLike, happened: ArrayLike) -> Array:
    """Return minus the log of the probability of each event or of its absence, in nats (Good 1952).

    The events of a week are scored separately. If each probability is the one forecast in the week
    before, the sum over all weeks is minus the log likelihood of the whole course of events. The
    score is infinite if an event with a probability of 0 happened.

    >>> log_score([0.5, 0.25], [True, False]).round(3).tolist()
    [0.693, 0.288]
    """
    forecast, event = _events(probability, happened)
    return np.asarray(-np.where(event, _log(forecast), _log(1.0 - forecast)))


def _log(share: Array) -> Array:
    return np.log(share, out=np.full_like(share, -np.inf), where=share > 0.0)


def brier_score(probability: ArrayLike, happened: ArrayLike) -> Array:
    """Return the squared error of each forecast: (probability - 1)^2 for events that happened.

    For events that did not happen it is probability^2 (Brier 1950).

    >>> brier_score([0.5, 1.0], [True, False]).tolist()
    [0.25, 1.0]
    """
    forecast, event = _events(probability, happened)
    return np.asarray((forecast - event) ** 2)


def skill(score: ArrayLike, baseline: ArrayLike) -> float:
    """Return by which share a forecast lowers the mean score of a baseline.

    1 is a perfect forecast, 0 is no better than the baseline, below 0 is worse. Raises ValueError
    if the baseline's score is 0.

    >>> skill([0.125, 0.125], [0.25, 0.25])
    0.5
    """
    reference = float(np.asarray(baseline, dtype=np.float64).mean())
    if reference <= 0.0:
        raise ValueError(f"baseline = {reference}: no forecast can be better than a perfect one")
    return 1.0 - float(np.asarray(score, dtype=np.float64).mean()) / reference


def _events(probability: ArrayLike, happened: ArrayLike) -> tuple[Array, Mask]:
    """Return forecasts and events as arrays of one shape.

    Raises ValueError if the shapes differ or a probability is outside [0, 1].
    """
    forecast, event = np.asarray(probability, dtype=np.float64), np.asarray(happened, np.bool_)
    if forecast.shape != event.shape:
        raise ValueError(f"probability {forecast.shape} and happened {event.shape} differ in shape")
    wrong = forecast[~((forecast >= 0.0) & (forecast <= 1.0))]
    if wrong.size:
        raise ValueError(f"probability = {wrong[0]}: must be between 0 and 1")
    return forecast, event
