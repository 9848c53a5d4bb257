"""Ablation of mechanisms: how many of the patterns are reproduced without each of them.

All plausible draws are simulated once with all mechanisms on and once with each mechanism off, with
the same random numbers. Nothing is calibrated again without the mechanism, so the result says what
the calibrated model needs, not that no other model could do without the mechanism.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.ablation import ALL_ON
from experiments.history.implausibility import (
    CUT,
    POINT,
    Moments,
    by_pattern,
    centre,
    count_reproduced,
    draw,
    moments,
)
from experiments.history.patterns import PATTERNS, STATISTICS, observations
from experiments.history.worlds import Progress, setting, statistics_at
from experiments.statistics import keyed_generator, paired_difference, wilson
from model.arrays import Mask
from model.schema.mechanisms import MECHANISMS, neutral

NEEDED = "needed"
RESAMPLES = 400
LEVEL = 0.95


def candidates() -> list[str]:
    """Return the mechanisms that the scenario of 2018-20 has switched on."""
    return [name for name in MECHANISMS if name not in setting().off]


def arms(
    draws: pd.DataFrame,
    worlds: int,
    seed: int,
    off: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the statistics of the same worlds at each draw, by what is switched off.

    off: the mechanisms to switch off, by default all that are on. The first arm has all on.
    """
    sides = list(setting().sides)
    tables = {}
    for name in [ALL_ON, *(candidates() if off is None else off)]:
        numbers = neutral([name], sides) if name != ALL_ON else {}
        tables[name] = statistics_at(draws.assign(**numbers), worlds, seed, progress)
    return tables


def mechanism_table(tables: dict[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Return how well the model reproduces history without each mechanism, a row per mechanism.

    tables: of `arms`. Columns: mechanism; reproduced, low, high: patterns (of 13) with a distance
    of at most 3 for the mean over all worlds of all draws, with the 95 % interval from resampled
    draws; lost: names of the patterns that are reproduced with all mechanisms on but not without
    this one; plausible, plausible_low, plausible_high: share of draws that history does not rule
    out; change, change_low, change_high: that share minus the share with all on, over the same
    draws, with a simultaneous interval for all mechanisms; changed: share of worlds in which any
    statistic differs.
    """
    base = tables[ALL_ON]
    level = 1.0 - (1.0 - LEVEL) / max(1, len(tables) - 1)  # all mechanisms together (Bonferroni)
    whole = _pooled(base)
    full = _plausible(base)
    rows = []
    for name, table in tables.items():
        pooled = _pooled(table)
        ablated = _plausible(table)
        lost = [pattern for pattern in PATTERNS if whole[pattern] <= CUT < pooled[pattern]]
        share = wilson(int(ablated.sum()), ablated.size)
        change = paired_difference(full.astype(np.float64), ablated.astype(np.float64), level)
        rows.append(
            (
                name,
                *_count_interval(table, seed),
                "; ".join(lost),
                *share,
                *change,
                float(_differs(base, table).mean()),
            )
        )
    columns = ["mechanism", "reproduced", "low", "high", "lost", "plausible", "plausible_low"]
    columns += ["plausible_high", "change", "change_low", "change_high", "changed"]
    return pd.DataFrame(rows, columns=columns)


def verdict(row: Mapping[Any, Any]) -> str:
    """Return the verdict on the mechanism in a row of `mechanism_table`.

    A mechanism is needed if fewer draws are plausible without it and the interval of the change
    excludes 0. A pattern that is lost narrowly at the cut of 3 is not enough.
    """
    if row["mechanism"] == ALL_ON:
        return "the full model"
    if row["changed"] == 0.0:
        return "changes nothing in this scenario"
    if row["change_high"] < 0.0:
        return NEEDED
    if row["change_low"] > 0.0:
        return "harmful: more draws are plausible without it"
    return "not shown to be needed here"


def reproduction(table: pd.DataFrame) -> pd.DataFrame:
    """Return how each statistic of pooled worlds compares with history, a row per statistic.

    table: statistics of worlds. Columns: pattern, statistic, unit, history, mean, low and high
    (range of nine worlds in ten), spread, error, discrepancy, missing (share of worlds without the
    statistic), centre (I), draw (D).
    """
    observed = observations()
    pooled = moments(table.assign(**{POINT: 0}))
    centres = centre(pooled, observed).iloc[0]
    draws = draw(pooled, observed).iloc[0]
    rows = []
    for pattern, names in PATTERNS.items():
        for name in names:
            values = table[name].dropna()
            low, high = np.quantile(values, [0.05, 0.95]) if len(values) else (np.nan, np.nan)
            one = observed[name]
            rows.append(
                {
                    "pattern": pattern,
                    "statistic": name,
                    "unit": one.unit,
                    "history": one.value,
                    "mean": values.mean(),
                    "low": low,
                    "high": high,
                    "spread": values.std(),
                    "error": one.error,
                    "discrepancy": one.discrepancy,
                    "missing": 1.0 - len(values) / len(table),
                    "centre": float(centres[name]),
                    "draw": float(draws[name]),
                }
            )
    return pd.DataFrame(rows)


def _pooled(table: pd.DataFrame) -> pd.Series:
    """Return the largest implausibility of each pattern for all worlds of all draws together."""
    pooled = moments(table.assign(**{POINT: 0}))
    return by_pattern(centre(pooled, observations())).iloc[0]


def _plausible(table: pd.DataFrame) -> Mask:
    """Return which draws history does not rule out (draws,)."""
    verdicts = centre(moments(table), observations()).max(axis=1) <= CUT
    return np.asarray(verdicts.to_numpy(), dtype=np.bool_)


def _count_interval(table: pd.DataFrame, seed: int) -> tuple[int, float, float]:
    """Return how many patterns all worlds together reproduce, with the interval over draws."""
    observed, names = observations(), list(STATISTICS)
    groups = table.groupby(POINT)[names]
    count, total = groups.count().to_numpy(), groups.sum().to_numpy()
    square = table[names].pow(2).groupby(table[POINT]).sum().to_numpy()
    rng = keyed_generator("patterns reproduced", seed)
    every = np.arange(len(count))
    picks = [every, *rng.integers(len(count), size=(RESAMPLES, len(count)))]
    means, variances, counts = [], [], []
    for pick in picks:
        present = np.maximum(count[pick].sum(axis=0), 1)
        centres = total[pick].sum(axis=0) / present
        means.append(centres)
        variances.append(np.maximum(square[pick].sum(axis=0) / present - centres**2, 0.0))
        counts.append(count[pick].sum(axis=0))
    mean, variance, number = (
        pd.DataFrame(part, columns=names) for part in (means, variances, counts)
    )
    resampled = Moments(mean, variance, number, len(table))
    numbers = count_reproduced(centre(resampled, observed)).to_numpy()
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(numbers[1:], [tail, 1.0 - tail])
    return int(numbers[0]), float(low), float(high)


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> "pd.Series[bool]":
    """Return in which worlds any statistic differs."""
    same = (one == other) | (one.isna() & other.isna())
    return ~same.all(axis=1)
