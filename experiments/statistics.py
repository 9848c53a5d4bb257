"""Compute estimates from many worlds, each with its confidence interval.

Tests compare them with scipy.stats, which takes seconds to import and is therefore not used here.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from model.arrays import Array


class Interval(NamedTuple):
    """An estimate between the two ends of its confidence interval."""

    estimate: float
    low: float
    high: float


class Delay(NamedTuple):
    """Weeks to agreement among the worlds that agreed, and how many of all worlds those were."""

    weeks: Interval
    agreed: int
    worlds: int


def keyed_generator(name: str, seed: int) -> np.random.Generator:
    """Return the random generator of a purpose and a seed, independent of all others.

    >>> first, second = (keyed_generator("bootstrap", 1).random() for _ in range(2))
    >>> bool(first == second), bool(first == keyed_generator("another", 1).random())
    (True, False)
    """
    purpose = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return np.random.Generator(np.random.Philox(key=[seed, purpose]))


def wilson(successes: int, total: int, level: float = 0.95) -> Interval:
    """Return a share with its score interval (Wilson 1927), which stays within 0 and 1.

    >>> [round(end, 3) for end in wilson(0, 10)]
    [0.0, 0.0, 0.278]
    >>> [round(end, 3) for end in wilson(5, 10)]
    [0.5, 0.237, 0.763]
    """
    if total < 1:
        raise ValueError(f"total = {total}: a share needs at least one world")
    share, z = successes / total, float(special.ndtri((1 + level) / 2))
    shrink = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / shrink
    half = z / shrink * np.sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2)
    low = 0.0 if successes == 0 else float(centre - half)
    high = 1.0 if successes == total else float(centre + half)
    return Interval(share, low, high)


def shares(outcomes: Iterable[str], known: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """Return count, share, low and high of each known outcome, one row each.

    >>> shares(["truce", "truce", "stalemate", "truce"], ["truce", "stalemate"])["share"].to_dict()
    {'truce': 0.75, 'stalemate': 0.25}
    """
    counts = pd.Series(list(outcomes), dtype=object).value_counts()
    strangers = sorted(set(counts.index) - set(known))
    if strangers:
        raise ValueError(f"unknown outcomes {strangers}; known: {list(known)}")
    total = int(counts.sum())
    rows = {
        name: (int(counts.get(name, 0)), *wilson(int(counts.get(name, 0)), total, level))
        for name in known
    }
    columns = ["count", "share", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("outcome")


def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return the mean with Student's t interval; of one value, or of equal ones, its width is 0.

    >>> [round(end, 2) for end in mean_interval([1.0, 2.0, 3.0])]
    [2.0, -0.48, 4.48]
    """
    sample = _sample(values)
    mean = float(sample.mean())
    if sample.size == 1 or np.ptp(sample) == 0:
        return Interval(mean, mean, mean)
    error = sample.std(ddof=1) / np.sqrt(sample.size)
    half = float(special.stdtrit(sample.size - 1, (1 + level) / 2) * error)
    return Interval(mean, mean - half, mean + half)


def quantile_interval(values: ArrayLike, share: float, level: float = 0.95) -> Interval:
    """Return a quantile with the interval between two order statistics (Conover 1999, 3.2).

    No distribution is assumed. If the sample is too small for one end, that end is NaN.

    >>> quantile_interval(range(1, 11), 0.5)
    Interval(estimate=5.5, low=2.0, high=9.0)
    """
    if not 0 < share < 1:
        raise ValueError(f"share = {share}: must lie between 0 and 1")
    sample = np.sort(_sample(values))
    below = special.bdtr(np.arange(sample.size + 1), sample.size, share)  # binomial distribution
    low, high = np.searchsorted(below, [(1 - level) / 2, (1 + level) / 2])
    return Interval(
        float(np.quantile(sample, share)),
        float(sample[low - 1]) if low >= 1 else float("nan"),
        float(sample[high]) if high < sample.size else float("nan"),
    )


def bootstrap(
    values: ArrayLike,
    statistic: Callable[[Array], float],
    rng: np.random.Generator,
    resamples: int = 999,
    level: float = 0.95,
) -> Interval:
    """Return any statistic with its percentile bootstrap interval (Efron 1979).

    >>> bootstrap([2.0, 2.0, 2.0], np.median, keyed_generator("doctest", 1))
    Interval(estimate=2.0, low=2.0, high=2.0)
    """
    sample = _sample(values)
    picks = rng.integers(sample.size, size=(resamples, sample.size))
    replicates = [float(statistic(sample[pick])) for pick in picks]
    tail = (1 - level) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return Interval(float(statistic(sample)), float(low), float(high))


def weighted_median(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the least value that at least half of the weight does not exceed.

    >>> weighted_median([10.0, 20.0, 30.0])
    20.0
    >>> weighted_median([10.0, 20.0, 30.0], [1.0, 1.0, 3.0])
    30.0
    """
    sample = _sample(values)
    heft = np.ones(sample.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if heft.shape != sample.shape or heft.min() < 0 or heft.sum() <= 0:
        raise ValueError("weights: one a value, none below 0, not all 0")
    return float(np.quantile(sample, 0.5, method="inverted_cdf", weights=heft))


def weeks_to_agreement(weeks: ArrayLike, weights: ArrayLike | None = None) -> Delay:
    """Return the median week of agreement among worlds that agreed (NaN: did not), and their count.

    With weights the ends of the interval come from a bootstrap of worlds, else from order
    statistics. Worlds that never agree are left out, so read the delay together with their number.

    >>> weeks_to_agreement([4.0, float("nan"), 8.0, 6.0])
    Delay(weeks=Interval(estimate=6.0, low=nan, high=nan), agreed=3, worlds=4)
    """
    every = np.asarray(weeks, dtype=np.float64)
    agreed = ~np.isnan(every)
    if not agreed.any():
        return Delay(Interval(*[float("nan")] * 3), 0, every.size)
    delays = every[agreed]
    if weights is None:
        interval = quantile_interval(delays, 0.5)
        return Delay(interval._replace(estimate=weighted_median(delays)), delays.size, every.size)
    chosen = np.asarray(weights, dtype=np.float64)[agreed]
    interval = bootstrap(
        np.arange(delays.size, dtype=np.float64),
        lambda pick: weighted_median(delays[pick.astype(np.intp)], chosen[pick.astype(np.intp)]),
        keyed_generator("weeks to agreement", 0),
    )
    return Delay(interval, delays.size, every.size)


def paired_difference(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> Interval:
    """Return the mean of second minus first over pairs of worlds, with a t interval.

    The worlds of a pair have the same random numbers.

    Shares are compared by giving 0 and 1. Pairs in which either value is missing are left out.

    >>> [round(end, 2) for end in paired_difference([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])]
    [1.0, 1.0, 1.0]
    """
    left, right = (np.asarray(arm, dtype=np.float64) for arm in (first, second))
    if left.shape != right.shape:
        raise ValueError(f"arms of {left.size} and {right.size} worlds cannot be paired")
    return mean_interval(right - left, level)


def stable_signs(effects: Mapping[str, Interval] | Sequence[Interval]) -> tuple[int, int]:
    """Return the number of settings in which the commoner sign is certain, and of all settings.

    A sign is certain if the interval does not contain 0.

    >>> up, flat = Interval(0.2, 0.1, 0.3), Interval(0.1, -0.1, 0.3)
    >>> stable_signs([up] * 7 + [flat] * 2)
    (7, 9)
    """
    intervals = list(effects.values()) if isinstance(effects, Mapping) else list(effects)
    above = sum(effect.low > 0 for effect in intervals)
    below = sum(effect.high < 0 for effect in intervals)
    return max(above, below), len(intervals)


def sign_sentence(effects: Mapping[str, Interval] | Sequence[Interval], least: int = 7) -> str:
    """Say how stable the sign of an effect is, and that it fails when under `least`.

    >>> sign_sentence([Interval(-0.2, -0.3, -0.1)] * 6 + [Interval(0.0, -0.1, 0.1)] * 3)
    'sign stable in 6 of 9: fails (7 needed)'
    """
    stable, total = stable_signs(effects)
    return f"sign stable in {stable} of {total}" + (
        "" if stable >= least else f": fails ({least} needed)"
    )


def _sample(values: ArrayLike) -> Array:
    """Return the values that are not missing, flat; an empty sample is an error."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    sample = sample[~np.isnan(sample)]
    if sample.size == 0:
        raise ValueError("no values: an estimate needs at least one world")
    return sample
