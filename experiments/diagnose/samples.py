"""Samples of figures: what each world contributes, and the estimate with its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.statistics import Interval, keyed_generator, quantile_interval, wilson
from model.arrays import Array, Mask

LEVEL = 0.95
RESAMPLES = 999
NOTHING = Interval(float("nan"), float("nan"), float("nan"))

type Totals = Sequence[Array]


@dataclass(frozen=True)
class Sample:
    """What worlds contribute to a figure, which is a function of totals over the worlds.

    parts: arrays (R,), whose sums over worlds are the totals; of: the figure by the totals, each a
    number or an array over resamples. Worlds are independent, so that the interval comes from a
    bootstrap of worlds, however many events of one world belong together.
    """

    parts: tuple[Array, ...]
    of: Callable[[Totals], Array]

    def estimate(self) -> Interval:
        """Return the figure with its 95 % interval, NaN if there is nothing to measure."""
        value = float(self.of([np.asarray(part.sum()) for part in self.parts]))
        if np.isnan(value):
            return NOTHING
        exact = self._as_share(value)
        if exact is not None:
            return exact
        worlds = self.parts[0].size
        picks = keyed_generator("diagnose", 0).integers(worlds, size=(RESAMPLES, worlds))
        times = np.stack([np.bincount(pick, minlength=worlds) for pick in picks])
        again = self.of([times @ part for part in self.parts])
        again = again[~np.isnan(again)]
        low, high = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Interval(value, float(low), float(high))

    def _as_share(self, value: float) -> Interval | None:
        """Return Wilson's interval for a share of worlds, or one that is exactly 0 or 1.

        All resamples of a share of 0 are 0, although such a share is not certain.
        """
        if self.of is not _share:
            return None
        part, whole = self.parts
        if whole.max() <= 1.0 or value in (0.0, 1.0):
            return wilson(round(float(part.sum())), round(float(whole.sum())), LEVEL)
        return None


@dataclass(frozen=True)
class Median:
    """A figure that is the median over worlds; worlds with NaN are left out."""

    values: Array

    def estimate(self) -> Interval:
        """Return the median with its 95 % interval by order statistics, NaN without values."""
        known = self.values[~np.isnan(self.values)]
        if not known.size:
            return NOTHING
        found = quantile_interval(known, 0.5, LEVEL)
        low, high = (
            end if np.isfinite(end) else edge
            for end, edge in zip(found[1:], (known.min(), known.max()), strict=True)
        )
        return Interval(found.estimate, float(low), float(high))


type Measured = Sample | Median


def share(part: Array | Mask, whole: Array | Mask) -> Sample:
    """Return the share of events of one kind: counts of both in each world, (R,) or (..., R).

    >>> part, whole = np.array([1.0, 0.0, 2.0]), np.array([2.0, 2.0, 4.0])
    >>> share(part, whole).estimate().estimate
    0.375
    """
    return Sample((_counted(part), _counted(whole)), _share)


def mean(values: Array) -> Sample:
    """Return the mean over worlds (R,); worlds with NaN are left out.

    >>> mean(np.array([1.0, 3.0, float("nan")])).estimate().estimate
    2.0
    """
    known = ~np.isnan(values)
    return Sample((np.where(known, values, 0.0), known * 1.0), _ratio)


def ratio(above: Array, below: Array, rooted: bool = False) -> Sample:
    """Return a ratio of sums, each (R,), or its square root.

    >>> ratio(np.array([4.0, 4.0]), np.array([1.0, 1.0]), rooted=True).estimate()
    Interval(estimate=2.0, low=2.0, high=2.0)
    """
    return Sample((above, below), _rooted if rooted else _ratio)


def difference(first: Sample, second: Sample) -> Sample:
    """Return the first of two shares minus the second, of the same worlds.

    >>> one = np.ones(4)
    >>> difference(share(one, one), share(0.25 * one, one)).estimate().estimate
    0.75
    """
    return Sample((*first.parts, *second.parts), _difference)


def joined(parts: Sequence[Measured]) -> Measured:
    """Return the samples of several sets of worlds as one."""
    first = parts[0]
    if isinstance(first, Median):
        return Median(np.concatenate([one.values for one in parts if isinstance(one, Median)]))
    columns = zip(*(one.parts for one in parts if isinstance(one, Sample)), strict=True)
    return Sample(tuple(np.concatenate(column) for column in columns), first.of)


def _counted(events: Array | Mask) -> Array:
    """Return the number of events in each world (R,)."""
    counts: Array = events.reshape(-1, events.shape[-1]).sum(axis=0, dtype=np.float64)
    return counts


def _ratio(totals: Totals) -> Array:
    above, below = totals
    known = below > 0.0
    result: Array = np.where(known, above / np.where(known, below, 1.0), np.nan)
    return result


def _share(totals: Totals) -> Array:
    return _ratio(totals)


def _rooted(totals: Totals) -> Array:
    return np.sqrt(_ratio(totals))


def _difference(totals: Totals) -> Array:
    return _ratio(totals[:2]) - _ratio(totals[2:])
