"""Revealed values: weight plausible draws by the packages that the sides accepted and refused.

A package of the historical record is data about the values of its issues: both sides agreed to
Phase One, so it was worth its reservation value to both, and the draft of 2019 was not worth it to
China. The weight of a draw is the likelihood of these answers: the product over packages of the
share of its worlds in which both sides would give the answer that history gave, in the week of the
package (importance weights). Only worlds in the state of that week count: without a deal in force,
and with the threats that were pending. Source: revealed preference, Samuelson 1938; weights, Gelman
et al. 2013, chapter 10.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.history import record
from experiments.history.analogues import pool_at
from experiments.history.worlds import Progress, setting
from experiments.statistics import keyed_generator
from model.arrays import Array, Index

QUANTILES = (0.05, 0.5, 0.95)
WEIGHT = "weight"


@dataclass(frozen=True)
class Revealed:
    """Plausible draws with what their worlds say about the packages of the record.

    draws: a row per draw; shares: share of its worlds with the answers of history, a column per
    package, and the share in which both sides would accept it, with `_both` at the end of its name;
    weights: of the draws, their sum is 1 (draws,).
    """

    draws: pd.DataFrame
    shares: pd.DataFrame
    weights: Array

    @property
    def effective(self) -> float:
        """Return the effective number of draws, 1 / sum w^2 (Kish 1965)."""
        return float(1.0 / (self.weights**2).sum())

    def resampled(self, seed: int) -> pd.DataFrame:
        """Return as many draws as there are, each in proportion to its weight (systematic)."""
        return self.draws.iloc[systematic(self.weights, seed)].reset_index(drop=True)

    def weighted(self, values: Array) -> float:
        """Return the weighted mean of a value of the draws (draws,)."""
        return float((self.weights * values).sum())

    def quantiles(self, name: str) -> tuple[Array, Array]:
        """Return the 5, 50 and 95 % quantiles of a parameter, without and with the weights."""
        values = self.draws[name].to_numpy(dtype=np.float64)
        order = np.argsort(values, kind="stable")
        mass = np.cumsum(self.weights[order])
        places = np.minimum(np.searchsorted(mass, QUANTILES), len(values) - 1)
        return np.quantile(values, QUANTILES), values[order][places]


def reveal(
    draws: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> Revealed:
    """Return the weights of plausible draws, from new worlds of each.

    If no draw has a world with the answers of history, all weights are equal.
    """
    pool = pool_at(draws, worlds, seed, progress)
    truth = record.verdicts()[..., None]
    alike = ~np.isnan(pool.accepts).any(axis=1)
    same = np.where(alike, (pool.accepts == truth).all(axis=1), np.nan)
    both = np.where(alike, (pool.accepts == 1.0).all(axis=1), np.nan)
    names = list(setting().record)
    columns = {name: _by_draw(same[row], worlds) for row, name in enumerate(names)}
    columns |= {f"{name}_both": _by_draw(both[row], worlds) for row, name in enumerate(names)}
    shares = pd.DataFrame(columns)
    likelihood = shares[names].prod(axis=1).to_numpy(dtype=np.float64)
    total = likelihood.sum()
    weights = likelihood / total if total > 0.0 else np.full(len(draws), 1.0 / len(draws))
    return Revealed(draws.reset_index(drop=True), shares, weights)


def systematic(weights: Array, seed: int) -> Index:
    """Return the rows of a systematic sample, as many as there are weights, in proportion to them.

    weights: their sum is 1. A row occurs floor(n w) or ceil(n w) times.

    >>> systematic(np.array([0.5, 0.25, 0.25, 0.0]), 1).tolist()
    [0, 0, 1, 2]
    """
    count = len(weights)
    start = keyed_generator("revealed", seed).random()
    ends = np.cumsum(weights)
    places = np.searchsorted(ends, (np.arange(count) + start) / count, side="right")
    return np.minimum(places, count - 1).astype(np.intp)


def revealed_table(found: Revealed) -> pd.DataFrame:
    """Return the factors on the stakes before and after weighting, a row each.

    Columns: name; low, middle, high: 5, 50 and 95 % quantiles of the plausible draws;
    weighted_low, weighted_middle, weighted_high: the same with the weights.
    """
    rows = []
    for name in found.draws.columns:
        if not name.endswith("_factor"):
            continue
        before, after = found.quantiles(name)
        rows.append((name, *before, *after))
    columns = ["name", "low", "middle", "high", "weighted_low", "weighted_middle", "weighted_high"]
    return pd.DataFrame(rows, columns=columns)


def answer_table(found: Revealed) -> pd.DataFrame:
    """Return how often worlds give the answers of history, a row per package.

    Columns: package; answers: share of worlds with the answers of history; weighted: the same with
    the weights; both, weighted_both: share of worlds in which both sides would accept it.
    """
    rows = []
    for name in setting().record:
        same, both = found.shares[name].to_numpy(), found.shares[f"{name}_both"].to_numpy()
        rows.append((name, same.mean(), found.weighted(same), both.mean(), found.weighted(both)))
    return pd.DataFrame(rows, columns=["package", "answers", "weighted", "both", "weighted_both"])


def _by_draw(values: Array, worlds: int) -> Array:
    """Return the share of the worlds of each draw (draws,), worlds of a draw being consecutive.

    values: 1 or 0, NaN in worlds that do not count (worlds of all draws,). The share of all worlds
    counts as one world of each draw, so that draws with few worlds that count have a share near it
    (empirical Bayes, Efron and Morris 1973).
    """
    table = values.reshape(-1, worlds)
    known = ~np.isnan(table)
    common = float(np.nansum(table) / max(1, known.sum()))
    share: Array = (np.nansum(table, axis=1) + common) / (known.sum(axis=1) + 1.0)
    return share
