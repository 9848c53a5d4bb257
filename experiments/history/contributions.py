"""Which mechanisms earn their place: how many of the twelve patterns survive without each.

All kept draws run once with everything on and once with each mechanism off, under the same luck.
Nothing is calibrated again without the mechanism, so that this says what the calibrated model
leans on, and not that no other model could do without it.
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
    draw,
    moments,
    reproduced,
)
from experiments.history.patterns import PATTERNS, STATISTICS, observations
from experiments.history.worlds import Progress, setting, statistics_at
from experiments.statistics import keyed_generator, paired_difference, wilson
from model.arrays import Mask
from model.schema.mechanisms import MECHANISMS, neutral

EARNS = "earns its place"
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

    off: the mechanisms to try, all that are on by default; the first arm has everything on.
    """
    sides = list(setting().sides)
    found = {}
    for name in [ALL_ON, *(candidates() if off is None else off)]:
        numbers = neutral([name], sides) if name != ALL_ON else {}
        found[name] = statistics_at(draws.assign(**numbers), worlds, seed, progress)
    return found


def earned(found: dict[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Return a row a mechanism: what the patterns of history lose when it is off.

    Columns: mechanism; reproduced, low, high: patterns (of 12) within 3 by the mean over all worlds
    of all draws, with the 95 % interval from resampled draws; lost: names of the patterns that are
    reproduced with all on and not without it; plausible, plausible_low, plausible_high: share of
    draws that history does not rule out; change, change_low, change_high: that share less the share
    with all on, over the same draws, its interval for all mechanisms together; changed: share of
    worlds of which any statistic differs.
    """
    base = found[ALL_ON]
    level = 1.0 - (1.0 - LEVEL) / max(1, len(found) - 1)  # all mechanisms together (Bonferroni)
    whole = _pooled(base)
    kept = _plausible(base)
    rows = []
    for name, table in found.items():
        pooled = _pooled(table)
        here = _plausible(table)
        lost = [pattern for pattern in PATTERNS if whole[pattern] <= CUT < pooled[pattern]]
        share = wilson(int(here.sum()), here.size)
        change = paired_difference(kept.astype(np.float64), here.astype(np.float64), level)
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
    """Return in words what a row of `earned` says of its mechanism.

    A mechanism earns its place if fewer draws are plausible without it, clear of luck; a pattern
    that is just lost at the cut of 3 is not enough.
    """
    if row["mechanism"] == ALL_ON:
        return "the full model"
    if row["changed"] == 0.0:
        return "changes nothing in this scenario"
    if row["change_high"] < 0.0:
        return EARNS
    if row["change_low"] > 0.0:
        return "hurts: more draws are plausible without it"
    return "does not earn its place here"


def reproduction(table: pd.DataFrame) -> pd.DataFrame:
    """Return how each statistic of pooled worlds compares with history, a row a statistic.

    table: statistics of worlds. Columns: pattern, statistic, unit, history, mean, low, high (nine
    worlds in ten), spread, error, discrepancy, missing (share of worlds), centre (I), draw (D).
    """
    seen = observations()
    found = moments(table.assign(**{POINT: 0}))
    inner = centre(found, seen).iloc[0]
    outer = draw(found, seen).iloc[0]
    rows = []
    for pattern, names in PATTERNS.items():
        for name in names:
            there = table[name].dropna()
            low, high = np.quantile(there, [0.05, 0.95]) if len(there) else (np.nan, np.nan)
            one = seen[name]
            rows.append(
                {
                    "pattern": pattern,
                    "statistic": name,
                    "unit": one.unit,
                    "history": one.value,
                    "mean": there.mean(),
                    "low": low,
                    "high": high,
                    "spread": there.std(),
                    "error": one.error,
                    "discrepancy": one.discrepancy,
                    "missing": 1.0 - len(there) / len(table),
                    "centre": float(inner[name]),
                    "draw": float(outer[name]),
                }
            )
    return pd.DataFrame(rows)


def _pooled(table: pd.DataFrame) -> pd.Series:
    """Return the largest implausibility of each pattern for all worlds of all draws together."""
    found = moments(table.assign(**{POINT: 0}))
    return by_pattern(centre(found, observations())).iloc[0]


def _plausible(table: pd.DataFrame) -> Mask:
    """Return which draws history does not rule out (draws,)."""
    verdicts = centre(moments(table), observations()).max(axis=1) <= CUT
    return np.asarray(verdicts.to_numpy(), dtype=np.bool_)


def _count_interval(table: pd.DataFrame, seed: int) -> tuple[int, float, float]:
    """Return the patterns reproduced by all worlds together, with the interval over draws."""
    seen, names = observations(), list(STATISTICS)
    groups = table.groupby(POINT)[names]
    count, total = groups.count().to_numpy(), groups.sum().to_numpy()
    square = table[names].pow(2).groupby(table[POINT]).sum().to_numpy()
    rng = keyed_generator("patterns reproduced", seed)
    every = np.arange(len(count))
    picks = [every, *rng.integers(len(count), size=(RESAMPLES, len(count)))]
    means, variances, counts = [], [], []
    for pick in picks:
        there = np.maximum(count[pick].sum(axis=0), 1)
        centres = total[pick].sum(axis=0) / there
        means.append(centres)
        variances.append(np.maximum(square[pick].sum(axis=0) / there - centres**2, 0.0))
        counts.append(count[pick].sum(axis=0))
    mean, variance, number = (
        pd.DataFrame(part, columns=names) for part in (means, variances, counts)
    )
    numbers = reproduced(centre(Moments(mean, variance, number, len(table)), seen)).to_numpy()
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(numbers[1:], [tail, 1.0 - tail])
    return int(numbers[0]), float(low), float(high)


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> "pd.Series[bool]":
    """Return in which worlds any statistic differs."""
    same = (one == other) | (one.isna() & other.isna())
    return ~same.all(axis=1)
