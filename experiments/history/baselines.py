"""What any model must beat: simple processes that forecast both tariffs from any week.

Each is fitted on weeks of history it is given, moves by the steps of the conflict (`record.steps`),
and starts from the tariffs in force. A week moves a tariff if it moves it by half a point or more.
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

HALF = 0.5  # of an event: what was not seen in a short record may still happen
STARTS = ((0.5, 0.2), (2.0, 0.5))  # excitation and decay, where the fit begins
TINY = 1e-9

type Forecast = Callable[[Mask, int, int, int, np.random.Generator], Array]


class Excitation(NamedTuple):
    """The fit of the self-exciting process: chances by week, not by day.

    base: events a week of each side when nothing has happened; own, other: events that one event
    brings about on the same side and on the other in the week after it; decay: how fast that
    fades, per week; at_once: events that a step of the first side brings about on the second in
    the same week.
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
    """Return paths (weeks + 1, side, worlds) that stay where they are, in percent."""
    return _from(origin, np.zeros((weeks, 2, worlds)))


def random_walk(
    known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator
) -> Array:
    """Return paths whose weekly steps are drawn from those of known weeks, both sides together."""
    pool = steps()[known]
    picks = rng.integers(len(pool), size=(weeks, worlds))
    return _from(origin, pool[picks].transpose(0, 2, 1))


def poisson(known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator) -> Array:
    """Return paths on which each side moves by chance, whatever the other does.

    The weekly chance is (moves + 1/2) / (weeks + 1); the size is one of those known.
    """
    drawn = np.zeros((weeks, 2, worlds))
    for side in SIDES:
        pool = steps()[known, side]
        moved = pool[np.abs(pool) >= MOVE]
        chance = (len(moved) + HALF) / (len(pool) + 1.0)
        happens = rng.random((weeks, worlds)) < chance
        drawn[:, side] = np.where(happens, _sizes(moved, (weeks, worlds), rng), 0.0)
    return _from(origin, drawn)


def tit_for_tat(
    known: Mask, origin: int, weeks: int, worlds: int, rng: np.random.Generator
) -> Array:
    """Return paths on which each move makes further moves of both sides likelier (Hawkes 1971).

    Chance of a move in week t: 1 - exp(-l), l = base + sum over past moves s of a e^(-decay (t - s
    - 1)), with the second side answering the first in the same week too; fitted by maximum
    likelihood on the known weeks. Sizes are drawn from the known moves of the side.
    """
    fit = fitted(known)
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
    return _from(origin, drawn)


def fitted(known: Mask) -> Excitation:
    """Return the self-exciting process of greatest likelihood on the known weeks.

    The base rates are kept at half an event in the known weeks or more: a side that never moved in
    them may still move.
    """
    return _fitted(known.tobytes())


@cache
def _fitted(mask: bytes) -> Excitation:
    """Return the fit for a mask of weeks as bytes: the same weeks are asked for many times."""
    known = np.frombuffer(mask, dtype=np.bool_)
    moved = np.abs(steps()) >= MOVE
    least = HALF / (known.sum() + 1.0)
    bounds = [(least, 1.0), (least, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 5.0), (0.02, 3.0)]
    share = np.maximum(moved[known].mean(axis=0), least)
    fits = [
        optimize.minimize(
            _surprise,
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


def _surprise(values: Array, moved: Mask, known: Mask) -> float:
    """Return minus the log likelihood of the known weeks' moves (week, side)."""
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
    """Return by week what is left of past moves (week + 1, side), each fading from 1."""
    apart = np.arange(len(moved) + 1)[:, None] - 1 - np.arange(len(moved))
    weight = np.where(apart >= 0, np.exp(-decay * np.maximum(apart, 0)), 0.0)
    left: Array = weight @ moved.astype(np.float64)
    return left


def _sizes(pool: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return sizes drawn from known moves; the least that counts as a move if none is known."""
    if not len(pool):
        return np.full(shape, MOVE)
    return np.asarray(pool[rng.integers(len(pool), size=shape)])


def _from(origin: int, drawn: Array) -> Array:
    """Return paths from the tariffs in force at the origin, none below zero."""
    start = np.repeat(record.totals()[origin][None, :, None], drawn.shape[-1], axis=2)
    paths: Array = np.maximum(np.concatenate([start, start + drawn.cumsum(axis=0)]), 0.0)
    return paths
