"""Sensitivity indices of the mean over replicate worlds, with intervals and the part of chance.

Every index is of the mean over the replicates of a design point; all points use the same random
streams. This mean still varies by chance. The columns "..._free" correct the indices for it: they
use only products of different replicates, whose random numbers are independent (Hart, Alexanderian
and Gremaud 2017 on Sobol indices of stochastic models; the estimators are those of Saltelli et al.
2010). Intervals of SALib resample design points with the random numbers as drawn; those of
"..._free" add the effect of other random numbers (jackknife over replicates), and so are wider.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from experiments.sensitivity.designs import LATIN, LEVELS, MORRIS, SOBOL, Design
from experiments.sensitivity.replicates import whole, whole_blocks
from experiments.statistics import Interval, keyed_generator
from model.arrays import Array

RESAMPLES = 200
LEAST = {SOBOL: 4, MORRIS: 4, LATIN: 64}  # blocks: with fewer the estimators are useless
NONE = Interval(float("nan"), float("nan"), float("nan"))


class Noise(NamedTuple):
    """The share of chance in the variance of a single world, and the variances behind it."""

    chance: Interval  # share of the variance of single worlds
    mean: float  # over points and replicates
    across: float  # variance of the expected value across points, corrected for chance
    within: float  # variance between replicates of a point


def indices(design: Design, worlds: Array, seed: int = 1, level: float = 0.95) -> pd.DataFrame:
    """Return the indices that the design allows, one row per parameter, each with low and high.

    worlds: a measure as (points, replicates), NaN if a world is missing (its block is left out).
    Sobol: first, total, first_free, total_free; Morris: mu, mu_star, sigma, noise (the mu_star of
    chance alone); Latin hypercube: first, first_free. NaN if the mean never varies.

    Raises:
        ValueError: the design gives no indices (a grid), or has too few whole blocks.
    """
    known = {SOBOL: _sobol, MORRIS: _morris, LATIN: _latin}
    if design.method not in known:
        raise ValueError(f"a {design.method} design gives no indices; known: {list(known)}")
    blocks = whole_blocks(worlds, design.block)
    if len(blocks) < LEAST[design.method]:
        raise ValueError(f"{len(blocks)} whole blocks: at least {LEAST[design.method]} are needed")
    table = known[design.method](design, worlds, blocks, seed, level)
    return table.set_axis(pd.Index(design.names, name="parameter"))


def noise(worlds: Array, block: int, seed: int = 1, level: float = 0.95) -> Noise:
    """Return the share of chance in the variance of single worlds (law of total variance).

    It is NaN if there is one world per point. The interval resamples blocks.

    >>> noise(np.array([[0.0, 2.0], [10.0, 12.0]] * 4), 1).within
    2.0
    """
    blocks = whole_blocks(worlds, block)
    mean = float(blocks.mean())
    if blocks.shape[-1] < 2:
        return Noise(NONE, mean, float(blocks.var()), float("nan"))
    rows = blocks - blocks.mean(axis=(0, 1))
    within = blocks.var(axis=-1, ddof=1).mean(axis=1)
    square = _cross(rows, rows).mean(axis=1)
    centre = rows.mean(axis=1)

    def parts(weights: Array) -> tuple[float, float]:
        mid = weights @ centre
        return float(weights @ square - _cross(mid, mid)), float(weights @ within)

    across, inside = parts(_even(len(rows)))
    if across + inside <= 0.0:
        return Noise(NONE, mean, across, inside)
    draws = np.array([parts(w) for w in _weights("noise", seed, len(rows))])
    draws = np.maximum(draws, 0.0)
    draws = draws[draws.sum(axis=1) > 0.0]  # a resample may lack a rare outcome
    shares = draws[:, 1] / draws.sum(axis=1)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    share = inside / (max(across, 0.0) + inside)
    return Noise(Interval(share, float(low), float(high)), mean, across, inside)


def second_order(design: Design, worlds: Array, seed: int = 1, level: float = 0.95) -> pd.DataFrame:
    """Return the second-order Sobol index of each pair of parameters, by SALib.

    Raises:
        ValueError: The design is not for the second order.
    """
    if not design.second_order:
        raise ValueError("the design has no points for the second order")
    salib = _salib_sobol(design, whole_blocks(worlds, design.block), seed, level)
    rows = []
    for one in range(len(design.names)):
        for other in range(one + 1, len(design.names)):
            value, half = (
                (salib[key][one, other] if salib else np.nan) for key in ("S2", "S2_conf")
            )
            pair = (design.names[one], design.names[other])
            rows.append((*pair, value, value - half, value + half))
    return pd.DataFrame(rows, columns=["parameter", "other", "second", "second_low", "second_high"])


def _sobol(design: Design, worlds: Array, blocks: Array, seed: int, level: float) -> pd.DataFrame:
    """Return first- and total-order indices of the mean by SALib, and corrected for chance."""
    del worlds
    ends = _without_second_order(design, blocks)
    size = len(design.names)
    ranges = {"first": _none(size), "total": _none(size)}
    salib = _salib_sobol(design, blocks, seed, level)
    if salib:
        ranges = {"first": _ends(salib["S1"], salib["S1_conf"])}
        ranges["total"] = _ends(salib["ST"], salib["ST_conf"])
    return _columns(ranges).join(_free(ends, seed, level))


def _salib_sobol(design: Design, blocks: Array, seed: int, level: float) -> dict[str, Any]:
    """Return the results of SALib for the mean over replicates; empty if it does not vary."""
    if np.ptp(blocks[:, [0, -1]].mean(axis=-1)) == 0.0:
        return {}
    from SALib.analyze import sobol  # type: ignore[import-untyped]  # slow to import

    salib: dict[str, Any] = sobol.analyze(
        design.problem,
        blocks.mean(axis=-1).ravel(),
        calc_second_order=blocks.shape[1] == 2 * len(design.names) + 2,
        num_resamples=RESAMPLES,
        conf_level=level,
        seed=_salib_seed(seed),
    )
    return salib


def _without_second_order(design: Design, blocks: Array) -> Array:
    """Return A, AB..., B of each block, without the points for the second order."""
    size = len(design.names)
    return np.concatenate([blocks[:, : size + 1], blocks[:, -1:]], axis=1)


def _free(blocks: Array, seed: int, level: float) -> pd.DataFrame:
    """Return first- and total-order indices corrected for chance.

    "..._chance": the part of the half-width that is due to the random numbers. NaN if an interval
    would be wider than the scale: then only chance is visible.
    """
    replicates, size = blocks.shape[-1], blocks.shape[1] - 2
    blocks = blocks - blocks[:, [0, -1]].mean(axis=(0, 1))
    free = np.full((2 * size, 3), np.nan)
    even, z = _even(len(blocks)), _normal(level)
    parts = _Parts(blocks) if replicates > 1 else None
    if parts and parts.terms(even)[0] > 0.0:
        draws = _shares([parts.terms(weights) for weights in _weights("sobol", seed, len(blocks))])
        others = (_Parts(np.delete(blocks, k, axis=-1)) for k in range(replicates))
        left = _shares([one.terms(even) for one in others] if replicates > 2 else [])
        if len(draws) > RESAMPLES / 2 and len(left) == (replicates if replicates > 2 else 0):
            chance = (replicates - 1) * left.var(axis=0) if len(left) else np.zeros(2 * size)
            half = z * np.sqrt(draws.var(axis=0, ddof=1) + chance)  # bootstrap and jackknife
            if half.max() < 1.0:
                whole_of = _shares([parts.terms(even)])[0]
                free = np.stack([whole_of, half, z * np.sqrt(chance)], axis=1)
    columns = {}
    for name, part in (("first_free", free[:size]), ("total_free", free[size:])):
        columns[name] = part[:, 0]
        columns[f"{name}_low"], columns[f"{name}_high"] = part[:, 0] + part[:, 1] * [[-1.0], [1.0]]
        columns[f"{name}_chance"] = part[:, 2]
    return pd.DataFrame(columns)


def _shares(terms: list[Array]) -> Array:
    """Return the parts of the variance (draws, 2 parameters), of draws that have a variance."""
    drawn = np.array([term for term in terms if term[0] > 0.0])
    if not len(drawn):
        return drawn
    return np.asarray(drawn[:, 1:] / drawn[:, :1])


class _Parts:
    """The terms of the indices in each block, from products of different replicates only."""

    def __init__(self, blocks: Array) -> None:
        first, last, mixed = blocks[:, 0], blocks[:, -1], blocks[:, 1:-1]
        change = mixed - first[:, None]
        self.effects = np.concatenate(
            [_cross(last[:, None], change), 0.5 * _cross(change, change)], axis=1
        )
        self.square = 0.5 * (_cross(first, first) + _cross(last, last))
        self.centre = 0.5 * (first + last)

    def terms(self, weights: Array) -> Array:
        """Return the variance between points, then its first-order and its total parts."""
        centre = weights @ self.centre
        variance = weights @ self.square - _cross(centre, centre)
        return np.concatenate([[variance], weights @ self.effects])


def _morris(design: Design, worlds: Array, blocks: Array, seed: int, level: float) -> pd.DataFrame:
    """Return mu, mu_star and sigma of the mean by SALib, and the mu_star of chance alone."""
    from SALib.analyze import morris

    nominal = design.nominal[np.repeat(whole(worlds, design.block), design.block)]
    salib = morris.analyze(
        design.problem,
        nominal,
        blocks.mean(axis=-1).ravel(),
        num_resamples=RESAMPLES,
        conf_level=level,
        num_levels=LEVELS,
        seed=_salib_seed(seed),
    )
    effects = elementary_effects(design, nominal, blocks)
    mean = effects.mean(axis=-1)
    draws = list(_weights("morris", seed, len(blocks)))
    mus = np.array([weights @ mean for weights in draws])
    squares = np.array([weights @ mean**2 for weights in draws])
    spread = np.sqrt(np.maximum(squares - mus**2, 0.0)).std(axis=0, ddof=1)
    z = _normal(level)
    table = {
        "mu": _ends(np.asarray(salib["mu"]), z * mus.std(axis=0, ddof=1)),
        "mu_star": _ends(np.asarray(salib["mu_star"]), np.asarray(salib["mu_star_conf"])),
        "sigma": _ends(np.asarray(salib["sigma"]), z * spread),
    }
    return _columns(table).assign(noise=_chance_alone(effects))


def elementary_effects(design: Design, nominal: Array, blocks: Array) -> Array:
    """Return the effect of each parameter on each trajectory, by replicate (the last axis).

    Change of the measure over the step, in units of the whole range (Morris 1991), per replicate.
    """
    unit = nominal.reshape(len(blocks), design.block, -1)
    low, high = np.array(design.problem["bounds"]).T
    steps = np.diff((unit - low) / (high - low), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[..., None], axis=2)
    effects = np.empty_like(blocks[:, 1:])
    np.put_along_axis(effects, moved[..., None], np.diff(blocks, axis=1) / size, axis=1)
    return effects


def _chance_alone(effects: Array) -> Array:
    """Return the mean absolute effect by chance alone of a parameter without any effect.

    The mean absolute value of a normal number of spread s is s * sqrt(2 / pi).
    """
    replicates = effects.shape[-1]
    if replicates < 2:
        return np.full(effects.shape[1], np.nan)
    spread = effects.std(axis=-1, ddof=1) / np.sqrt(replicates)
    return np.asarray(np.sqrt(2.0 / np.pi) * np.sqrt((spread**2).mean(axis=0)))


def _latin(design: Design, worlds: Array, blocks: Array, seed: int, level: float) -> pd.DataFrame:
    """Return first-order indices by RBD-FAST (Tarantola et al. 2006; Tissot-Prieur 2012), SALib."""
    from SALib.analyze import rbd_fast

    means = blocks[:, 0].mean(axis=-1)
    if np.ptp(means) == 0.0:
        return _columns({name: _none(len(design.names)) for name in ("first", "first_free")})
    nominal = design.nominal[whole(worlds, design.block)]
    with np.errstate(invalid="ignore"):  # a resample without variation has no interval
        salib = rbd_fast.analyze(
            design.problem,
            nominal,
            means,
            num_resamples=RESAMPLES,
            conf_level=level,
            seed=_salib_seed(seed),
        )
    first = _ends(np.asarray(salib["S1"], dtype=float), np.asarray(salib["S1_conf"], dtype=float))
    across = noise(worlds, design.block, seed, level).across
    scale = means.var(ddof=1) / across if across > 0.0 and blocks.shape[-1] > 1 else np.nan
    free = first * scale
    if not np.ptp(free[:, 1:], axis=1).max() < 2.0:  # wider than the scale: only chance is visible
        free = _none(len(design.names))
    return _columns({"first": first, "first_free": free})


def _cross(left: Array, right: Array) -> Array:
    """Return the mean product of different replicates, over the last axis; needs two of them.

    >>> float(_cross(np.array([1.0, 2.0]), np.array([10.0, 20.0])))
    20.0
    """
    number = left.shape[-1]
    whole = left.sum(axis=-1) * right.sum(axis=-1)
    return np.asarray((whole - (left * right).sum(axis=-1)) / (number * (number - 1)))


def _even(number: int) -> Array:
    return np.full(number, 1.0 / number)


def _weights(purpose: str, seed: int, number: int) -> list[Array]:
    """Return the weights (number,) of each bootstrap resample of blocks."""
    rng = keyed_generator(f"bootstrap of {purpose}", seed)
    return [
        np.bincount(rng.integers(number, size=number), minlength=number) / number
        for _ in range(RESAMPLES)
    ]


def _ends(estimate: Array, half: Array) -> Array:
    """Return estimate, low and high (parameters, 3)."""
    return np.stack([estimate, estimate - half, estimate + half], axis=1)


def _none(number: int) -> Array:
    return np.full((number, 3), np.nan)


def _columns(ranges: dict[str, Array]) -> pd.DataFrame:
    marks = ("", "_low", "_high")
    return pd.DataFrame(
        {name + end: span[:, at] for name, span in ranges.items() for at, end in enumerate(marks)}
    )


def _normal(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))


def _salib_seed(seed: int) -> int:
    """Return a seed that is never 0, which SALib takes for no seed."""
    return int(keyed_generator("bootstrap of SALib", seed).integers(1, 2**31))
