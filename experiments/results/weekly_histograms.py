"""Weekly states of many worlds as counts in fixed bins, which can be merged exactly.

The bins of a state are the multiples of its step, and a value is counted in the nearest bin.
Statistics of the counts are therefore exact to half a step, and exact for values on the grid.
"""

import numpy as np
import pandas as pd
import pyarrow
import xarray as xr
from numpy.typing import NDArray

from experiments.results.files import arrow
from model.arrays import Array, Index

QUANTILES = {
    "q05": 0.05,
    "q10": 0.10,
    "q25": 0.25,
    "q50": 0.50,
    "q75": 0.75,
    "q90": 0.90,
    "q95": 0.95,
}
STEPS = {
    "share": 0.005,
    "0 to 1": 0.005,
    "level": 0.005,
    "ratio": 0.005,
    "ratio weeks": 0.01,
    "points": 0.02,
    "probability": 0.02,
    "sd": 0.1,
    "standard deviations": 0.1,
    "points squared": 0.0005,
    "unit pain": 0.02,
    "ten-point tariffs": 0.05,
    "observations": 0.05,
    "factor": 0.05,
    "factor squared": 0.001,
    "bn dollars": 1.0,
    "-": 0.02,
    "events": 0.02,
    "leaks": 0.02,
    "of each": 0.001,  # values of parameters, each in its own unit
}  # width of a bin by the unit of a state; other units are counted in whole numbers
OWN_STEPS = {
    "income": 0.0001,
    "income_level": 0.0001,
    "income_start": 0.0001,
    "arrears": 0.05,
    "delivered_sum": 0.1,
}  # ... and of states that need smaller steps than their unit
WHOLE = 1.0
MISSING = -(2**31)  # the bin of NaN and infinite values: no agreement, no aspiration yet
ROOM = 20_000_000  # most cells for np.bincount; more are counted by np.unique
KEYS = ["arm", "point", "series", "of", "week"]

COLUMNS = [*KEYS, "step", "bin", "count"]

type Counts = NDArray[np.int64]


def step(series: str, unit: str) -> float:
    """Return the width of a state's bins, in its unit.

    >>> step("tariff", "share"), step("income", "ratio"), step("threats", "times")
    (0.005, 0.0001, 1.0)
    """
    return OWN_STEPS.get(series, STEPS.get(unit, WHOLE))


def count(
    weeks: xr.Dataset, last_week: int | None = None, points: Index | None = None
) -> pd.DataFrame:
    """Return the number of worlds in each bin, by week and side or issue, for bins with any.

    last_week: the last state is repeated up to it; points (worlds,): counted separately. Columns:
    point (missing if not separate), series, of (side, issue or agent; empty if there is none),
    step, week, bin, count.
    """
    last = int(weeks["week"].max()) if last_week is None else last_week
    whole = weeks.reindex(week=np.arange(int(weeks["week"].min()), last + 1), method="pad")
    parts = [_count(str(name), values, points) for name, values in whole.data_vars.items()]
    return pd.concat(parts, ignore_index=True)


def _count(name: str, values: xr.DataArray, points: Index | None) -> pd.DataFrame:
    """Return the rows of one state."""
    other = [str(dim) for dim in values.dims if dim not in ("week", "world")]
    ordered = values.transpose("week", *other, "world")
    flat = ordered.to_numpy().astype(np.float64).reshape(-1, ordered.sizes["world"])
    width = step(name, str(values.attrs.get("units", "")))
    first, own = (
        (0, np.zeros(flat.shape[1], dtype=np.int64))
        if points is None
        else (int(points.min()), points - points.min())
    )
    apart = int(own.max()) + 1
    groups = np.arange(flat.shape[0], dtype=np.int64)[:, None] * apart + own
    cells, bins, counts = _tally(groups, flat.shape[0] * apart, flat, width)
    labels = ordered.isel(world=0, drop=True).to_series().index.to_frame(index=False)
    of = labels[other].astype(str).agg(" > ".join, axis=1).to_numpy() if other else np.array([""])
    row = cells // apart
    return pd.DataFrame(
        {
            "point": np.nan if points is None else (first + cells % apart).astype(np.float64),
            "series": name,
            "of": of[row] if other else "",
            "step": width,
            "week": labels["week"].to_numpy(dtype=np.int64)[row],
            "bin": bins,
            "count": counts,
        }
    )


def _tally(
    groups: Counts, number: int, values: Array, width: float
) -> tuple[Counts, Counts, Counts]:
    """Return group, bin and count of every bin of every group that contains a value, in order."""
    finite = np.isfinite(values)
    bins = np.floor(np.where(finite, values, 0.0) / width + 0.5).astype(np.int64)
    low = int(bins.min())
    span = int(bins.max()) - low + 2
    keys = (groups * span + np.where(finite, bins - low + 1, 0)).ravel()
    if number * span <= ROOM:
        counted = np.bincount(keys, minlength=number * span)
        cells = np.flatnonzero(counted)
        counts = counted[cells]
    else:
        cells, counts = np.unique(keys, return_counts=True)
    column = cells % span
    return cells // span, np.where(column == 0, MISSING, column - 1 + low), counts


class Merge:
    """The sum of the counts of many tables: one row per bin, however many worlds there are."""

    def __init__(self) -> None:
        self._parts: list[pyarrow.Table] = []

    def add(self, counts: pyarrow.Table, arm: str) -> None:
        """Add the counts of some worlds of an arm."""
        arms = pyarrow.array([arm] * len(counts), type=pyarrow.string())
        self._parts.append(counts.append_column("arm", arms).select(COLUMNS))
        if sum(map(len, self._parts)) > 4 * len(self._parts[0]):
            self._parts = [self._added()]

    def take(self, before: int | None = None) -> pyarrow.Table | None:
        """Return and drop the rows of weeks.parquet, of all points or of those before one."""
        if not self._parts:
            return None
        added = self._added().to_pandas()
        ready = np.ones(len(added), dtype=bool) if before is None else added["point"] < before
        self._parts = [] if ready.all() else [arrow(added[~ready])]
        return _read(added[ready]) if ready.any() else None

    def _added(self) -> pyarrow.Table:
        grouped = pyarrow.concat_tables(self._parts).group_by(COLUMNS[:-1])
        return grouped.aggregate([("count", "sum")]).rename_columns(COLUMNS)


def _read(counts: pd.DataFrame) -> pyarrow.Table:
    """Return one row per week, side or issue, and state: counts, mean and quantiles."""
    table = counts.sort_values([*KEYS, "bin"], ignore_index=True)
    filled = table[KEYS].fillna({"point": -1})
    starts = np.flatnonzero((filled != filled.shift()).any(axis=1).to_numpy())
    valid = table["bin"].to_numpy() != MISSING
    number = np.where(valid, table["count"], 0).astype(np.int64)
    bins = np.where(valid, table["bin"], 0).astype(np.int64)
    worlds = np.add.reduceat(number, starts)
    heads = table.iloc[starts].reset_index(drop=True)
    width = heads["step"].to_numpy(dtype=np.float64)
    columns = heads[KEYS].assign(
        worlds=worlds, missing=np.add.reduceat(np.where(valid, 0, table["count"]), starts)
    )
    some = worlds > 0
    total = np.add.reduceat(bins * number, starts)
    columns["mean"] = np.where(some, total * width / np.maximum(worlds, 1), np.nan)
    reached = np.cumsum(number)
    before = reached[starts] - number[starts]
    for name, share in QUANTILES.items():
        wanted = before + np.maximum(np.ceil(share * worlds).astype(np.int64), 1)
        row = np.minimum(np.searchsorted(reached, wanted), len(table) - 1)
        columns[name] = np.where(some, bins[row] * width, np.nan)
    columns["step"] = width
    columns["point"] = columns["point"].astype("Int64")
    ends = np.concatenate([[0], np.cumsum(np.add.reduceat(valid.astype(np.int64), starts))])
    rows = arrow(columns.drop(columns="point"))
    point = pyarrow.array(columns["point"], type=pyarrow.int64())
    rows = rows.add_column(1, "point", point)
    for name, numbers in (("bins", bins[valid]), ("counts", number[valid])):
        lists = pyarrow.ListArray.from_arrays(pyarrow.array(ends, pyarrow.int32()), numbers)
        rows = rows.append_column(name, lists)
    return rows


def weekly_table(weeks: xr.Dataset, arm: str) -> pyarrow.Table:
    """Return the rows of weeks.parquet of one run, with all its worlds counted together."""
    merge = Merge()
    merge.add(arrow(count(weeks)), arm)
    return merge.take()
