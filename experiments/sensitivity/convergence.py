"""Convergence: how intervals narrow with the number of worlds, and whether there are enough."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from experiments.measures import PERCENT, Measure
from experiments.sensitivity.designs import Design
from experiments.sensitivity.indices import LEAST, indices
from experiments.statistics import Interval, mean_interval, wilson
from model.arrays import Array

FEWEST = 25  # worlds that an interval of a mean needs to be useful
HALF_SHARE = 2.0  # points: the default target for the half-width of a share
HALF_SPREAD = (
    0.1  # of the spread of single worlds: the default target for the half-width of other means
)
MOST = 2**40
STEPS = 5  # sizes of a design, each twice the one before


def convergence(
    table: pd.DataFrame, measures: Mapping[str, Measure], level: float = 0.95
) -> pd.DataFrame:
    """Return each measure over the first 25, 50, 100, ... worlds, and over all, with interval.

    Columns: measure, unit, worlds (that have a value), estimate, low, high, half. Worlds must be
    independent: from one design point, not from several.
    """
    rows = []
    for name, measure in measures.items():
        values = measure.of(table)
        for number in _doubling(FEWEST, len(values)):
            part = values[:number]
            part = part[~np.isnan(part)]
            if part.size:
                interval = estimate(part, measure.unit, level)
                half = (interval.high - interval.low) / 2
                rows.append((name, measure.unit, part.size, *interval, half))
    columns = ["measure", "unit", "worlds", "estimate", "low", "high", "half"]
    return pd.DataFrame(rows, columns=columns)


def enough(
    table: pd.DataFrame,
    measures: Mapping[str, Measure],
    wanted: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return whether there are enough worlds for a target half-width, and how many are needed.

    wanted: half-widths by measure, in its unit; by default 2 points for a share, and a tenth of the
    spread of single worlds for another mean. One row per measure: worlds, half, wanted, needed,
    enough.
    """
    rows = {}
    for name, measure in measures.items():
        values = measure.of(table)
        values = values[~np.isnan(values)]
        if not values.size:
            continue
        interval = estimate(values, measure.unit, level)
        usual = HALF_SHARE if is_share(measure) else HALF_SPREAD * float(values.std())
        aim = (wanted or {}).get(name, usual)
        need = needed(values, measure.unit, aim, level)
        half = (interval.high - interval.low) / 2
        rows[name] = (measure.unit, values.size, half, aim, need, half <= aim)
    columns = ["unit", "worlds", "half", "wanted", "needed", "enough"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("measure")


def is_share(measure: Measure) -> bool:
    """Return whether a measure is 0 or 100 percent in each world."""
    return measure.unit.startswith("% of worlds")


def estimate(values: Array, unit: str, level: float = 0.95) -> Interval:
    """Return the mean of worlds with its interval: Wilson's for shares in percent, else Student's.

    >>> [round(end, 1) for end in estimate(np.array([100.0] * 5 + [0.0] * 5), "% of worlds")]
    [50.0, 23.7, 76.3]
    """
    if not unit.startswith("% of worlds"):
        return mean_interval(values, level)
    interval = wilson(int((values > 0.0).sum()), values.size, level)
    return Interval(*(PERCENT * end for end in interval))


def needed(values: Array, unit: str, half: float, level: float = 0.95) -> int:
    """Return how many worlds like these give an interval of this half-width.

    The result is an estimate, since it uses the share or spread of these worlds.

    >>> needed(np.array([100.0, 0.0] * 50), "% of worlds", 2.0)
    2398
    """
    if half <= 0.0:
        return 1 if np.ptp(values) == 0.0 else MOST
    z = float(special.ndtri((1 + level) / 2))
    if not unit.startswith("% of worlds"):
        return max(2, int(np.ceil((z * values.std(ddof=1) / half) ** 2))) if values.size > 1 else 2
    share, width = float((values > 0.0).mean()), half / PERCENT
    low, high = 1, MOST
    while low < high:
        middle = (low + high) // 2
        if _wilson_half(share, middle, z) <= width:
            high = middle
        else:
            low = middle + 1
    return low


def index_convergence(design: Design, worlds: Array, column: str, seed: int = 1) -> pd.DataFrame:
    """Return an index of each parameter from the first blocks of a design: a 16th, ..., all.

    worlds: a measure as (points, replicates); column: of `sensitivity.indices`. Columns: samples,
    parameter, estimate, low, high, half.
    """
    parts = []
    for blocks in _halving(design.blocks, max(16, LEAST[design.method])):
        part = design.beginning(blocks)
        table = indices(part, worlds[: len(part.points)], seed)
        ends = table[[column, f"{column}_low", f"{column}_high"]].set_axis(
            ["estimate", "low", "high"], axis=1
        )
        parts.append(ends.reset_index().assign(samples=blocks))
    table = pd.concat(parts, ignore_index=True)
    table["half"] = (table["high"] - table["low"]) / 2
    return table[["samples", "parameter", "estimate", "low", "high", "half"]]


def _halving(blocks: int, least: int) -> Sequence[int]:
    sizes = [blocks >> step for step in range(STEPS)]
    return sorted(size for size in sizes if size >= least) or [blocks]


def _doubling(first: int, last: int) -> Sequence[int]:
    sizes = []
    while first < last:
        sizes.append(first)
        first *= 2
    return [*sizes, last]


def _wilson_half(share: float, number: int, z: float) -> float:
    """Return half the width of Wilson's interval."""
    inner = share * (1 - share) / number + (z / (2 * number)) ** 2
    return float(z / (1 + z * z / number) * np.sqrt(inner))
