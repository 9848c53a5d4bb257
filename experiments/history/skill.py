"""Skill against each baseline, with intervals from a block bootstrap over origins."""

import numpy as np
import pandas as pd

from experiments.history.scores import skill
from experiments.statistics import Interval, keyed_generator
from model.arrays import Array, Index

RESAMPLES = 999
LEVEL = 0.95
PERFECT = 1e-9  # points: a lower score counts as that of a perfect forecast


def blocks(size: int, block: int, resamples: int, purpose: str, seed: int) -> Index:
    """Return resampled indices (resamples, size) in whole blocks of neighbours (Kunsch 1989).

    >>> blocks(4, 2, 1, "doctest", 1).reshape(2, 2)[:, 1].tolist() == [
    ...     first + 1 for first in blocks(4, 2, 1, "doctest", 1).reshape(2, 2)[:, 0].tolist()
    ... ]
    True
    """
    length = max(1, min(block, size))
    count = -(-size // length)
    starts = keyed_generator(purpose, seed).integers(size - length + 1, size=(resamples, count))
    indices = (starts[..., None] + np.arange(length)).reshape(resamples, -1)[:, :size]
    return np.asarray(indices, dtype=np.intp)


def skill_interval(score: Array, baseline: Array, block: int, seed: int) -> Interval:
    """Return 1 - mean score / mean baseline with its 95 % interval over blocks of origins.

    score, baseline: paired, in the order of the origins. With fewer than two blocks the interval is
    NaN. If the baseline is a perfect forecast, the skill is NaN too.
    """
    none = float("nan")
    if baseline.mean() < PERFECT:
        return Interval(none, none, none)
    estimate = skill(score, baseline)
    if len(score) < 2 * block:
        return Interval(estimate, none, none)
    indices = blocks(len(score), block, RESAMPLES, "skill", seed)
    below = baseline[indices].mean(axis=1)
    drawn = 1.0 - score[indices].mean(axis=1)[below > PERFECT] / below[below > PERFECT]
    low, high = np.quantile(drawn, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return Interval(estimate, float(low), float(high))


def skill_table(scores: pd.DataFrame, model: str, against: list[str], seed: int) -> pd.DataFrame:
    """Return the skill of the model by horizon and side against each baseline.

    scores: table of `scoring.crps_table`. A block contains the forecasts that overlap, at most half
    the origins. Columns: baseline, weeks, side (us, cn, both), origins, crps, crps_baseline, skill,
    low, high. The interval is missing if there are fewer than two blocks.
    """
    wide = scores.pivot(index=["weeks", "side", "origin"], columns="forecaster", values="crps")
    both = wide.groupby(level=["weeks", "origin"]).mean()
    both.index = pd.MultiIndex.from_tuples(
        [(w, "both", o) for w, o in both.index], names=wide.index.names
    )
    wide = pd.concat([wide, both])
    gap = scores.loc[scores["origin"] > 0, "origin"].min()
    rows = []
    for (weeks, side), part in wide.sort_index().groupby(level=["weeks", "side"]):
        block = max(1, round(weeks / gap)) if gap > 0 else 1
        block = min(block, max(1, len(part) // 2))
        for name in against:
            own, other = part[model].to_numpy(), part[name].to_numpy()
            interval = skill_interval(own, other, block, seed)
            rows.append((name, weeks, side, len(part), own.mean(), other.mean(), *interval))
    columns = [
        "baseline",
        "weeks",
        "side",
        "origins",
        "crps",
        "crps_baseline",
        "skill",
        "low",
        "high",
    ]
    return pd.DataFrame(rows, columns=columns)
