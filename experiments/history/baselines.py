"""Baselines that a model must beat: simple processes that forecast both tariffs from any week.

Each baseline is fitted to the given weeks of history, uses the steps of the conflict (`steps`), and
starts from the tariffs in force. A change of half a point or more in a week counts as a move.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import optimize

from experiments.history import record
from experiments.history.patterns import MOVE
from model.arrays import Array, Mask
from model.sides import SIDES, other_side

HALF = 0.5  # of an event: an event that is missing from a short record may still happen
STARTS = ((0.5, 0.2), (2.0, 0.5))  # excitation and decay: initial values of the fit
TINY = 1e-9

type Forecast = Callable[[Mask, int, int, int, np.random.Generator], Array]


class Excitation(NamedTuple):
    """Parameters of the fitted self-exciting process, with rates per week.

    base: events per week of each side without earlier events; own, other: events that one event
    causes on the same side and on the other side in the following week; decay: rate at which this
    effect fades, per week; at_once: events that a step of the first side causes on the second side
    in the same week.
    """

    base: tuple[float, float]
    own: float
    other: float
    at_once: float
    decay: float


def steps() -> Array:
    """Return the weekly steps of the conflict in points (week, side); row 0 is week 1."""
    moved: Array = np.diff(record.conflict_path(), axis=0)
    return moved


def persistence(
    known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator
) -> Array:
    """Return constant paths in percent (weeks + 1, side, worlds)."""
    return _paths(origin, np.zeros((weeks, 2, worlds)))


def random_walk(
    known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator
) -> Array:
    """Return paths whose weekly steps are drawn from those of known weeks, both sides together."""
    pool = steps()[known]
    picks = rng.integers(len(pool), size=(weeks, worlds))
    return _paths(origin, pool[picks].transpose(0, 2, 1))


def poisson(known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator) -> Array:
    """Return paths on which each side moves at random, independently of the other.

    The weekly chance is (moves + 1/2) / (weeks + 1). The size is drawn from the known moves.
    """
    drawn = np.zeros((weeks, 2, worlds))
    for side in SIDES:
        pool = steps()[known, side]
        moved = pool[np.abs(pool) >= MOVE]
        chance = (len(moved) + HALF) / (len(pool) + 1.0)
        happens = rng.random((weeks, worlds)) < chance
        drawn[:, side] = np.where(happens, _sizes(moved, (weeks, worlds), rng), 0.0)
    return _paths(origin, drawn)


def tit_for_tat(
    known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator
) -> Array:
    """Return paths on which each move makes further moves of both sides likelier (Hawkes 1971).

    Chance of a move in week t: 1 - exp(-l), l = base + sum over past moves s of a e^(-decay (t - s
    - 1)). The second side may also answer the first in the same week. The process is fitted by
    maximum likelihood to the known weeks. Sizes are drawn from the known moves of the side.
    """
    fit = fit_excitation(known)
    past = np.abs(steps()[:origin]) >= MOVE
    heat = np.repeat(_heat(past, fit.decay)[-1][:, None], worlds, axis=1)
    drawn = np.zeros((weeks, 2, worlds))
    pools = [steps()[known, side] for side in SIDES]
    for week in range(weeks):
        moved = np.zeros((2, worlds), dtype=bool)
        for side in SIDES:
            rate = fit.base[side] + fit.own * heat[side] + fit.other * heat[other_side(side)]
            rate = rate + (fit.at_once * moved[0] if side == 1 else 0.0)
            moved[side] = rng.random(worlds) < -np.expm1(-rate)
            pool = pools[side][np.abs(pools[side]) >= MOVE]
            drawn[week, side] = np.where(moved[side], _sizes(pool, (worlds,), rng), 0.0)
        heat = heat * np.exp(-fit.decay) + moved
    return _paths(origin, drawn)


def fit_excitation(known: Mask) -> Excitation:
    """Return the self-exciting process with the greatest likelihood on the known weeks.

    The base rates are at least half an event in the known weeks, because a side that never moved
    in these weeks may still move.
    """
    return _cached_fit(known.tobytes())


@cache
def _cached_fit(mask: bytes) -> Excitation:
    """Return the fit for a mask of weeks as bytes. Cached, as the same weeks are used often."""
    known = np.frombuffer(mask, dtype=np.bool_)
    moved = np.abs(steps()) >= MOVE
    least = HALF / (known.sum() + 1.0)
    bounds = [(least, 1.0), (least, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 5.0), (0.02, 3.0)]
    share = np.maximum(moved[known].mean(axis=0), least)
    fits = [
        optimize.minimize(
            _negative_log_likelihood,
            np.array([*share, 0.1 * part, 0.1 * part, part, decay]),
            args=(moved, known),
            bounds=bounds,
            method="L-BFGS-B",
        )
        for part, decay in STARTS
    ]
    best = min(fits, key=lambda fit: float(fit.fun)).x
    first, second, own, other, at_once, decay = (float(value) for value in best)
    return Excitation((first, second), own, other, at_once, decay)


BASELINES: dict[str, Forecast] = {
    "persistence": persistence,
    "random walk": random_walk,
    "Poisson": poisson,
    "tit-for-tat": tit_for_tat,
}


def _negative_log_likelihood(values: Array, moved: Mask, known: Mask) -> float:
    """Return the negative log likelihood of the moves in the known weeks (week, side)."""
    first, second, own, other, at_once, decay = values
    heat = _heat(moved, decay)[:-1]
    rate = np.stack(
        [
            first + own * heat[:, 0] + other * heat[:, 1],
            second + own * heat[:, 1] + other * heat[:, 0] + at_once * moved[:, 0],
        ],
        axis=1,
    )
    log = np.where(moved, np.log(np.maximum(-np.expm1(-rate), TINY)), -rate)
    return -float(log[known].sum())


def _heat(moved: Mask, decay: float) -> Array:
    """Return the remaining effect of past moves by week (week + 1, side); each fades from 1."""
    lag = np.arange(len(moved) + 1)[:, None] - 1 - np.arange(len(moved))
    weight = np.where(lag >= 0, np.exp(-decay * np.maximum(lag, 0)), 0.0)
    effect: Array = weight @ moved.astype(np.float64)
    return effect


def _sizes(pool: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return sizes drawn from known moves, or the smallest size of a move if none is known."""
    if not len(pool):
        return np.full(shape, MOVE)
    return np.asarray(pool[rng.integers(len(pool), size=shape)])


def _paths(origin: int, drawn: Array) -> Array:
    """Return paths that start from the tariffs in force at the origin, none below zero."""
    start = np.repeat(record.totals()[origin][None, :, None], drawn.shape[-1], axis=2)
    paths: Array = np.maximum(np.concatenate([start, start + drawn.cumsum(axis=0)]), 0.0)
    return paths
