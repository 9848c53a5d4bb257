"""Differences between two results: measures by world, and entries of manifests by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet
from pydantic import ValidationError
from scipy import special

from experiments.measures import MEASURES, PERCENT, Measure, share
from experiments.results.folder import read_results
from experiments.results.layout import RUNS
from experiments.statistics import Interval, mean_interval, wilson
from experiments.study import STREAM
from model.arrays import Array
from model.outcomes import OUTCOMES, outcome_keys
from model.schema.problems import ScenarioError
from model.schema.scenario import restored

LEVEL = 0.95
LEAST = 2  # smallest number of worlds with a measure for which a difference is reported


@dataclass(frozen=True)
class Difference:
    """A measure in two results, over the same `worlds` if paired; change: second minus first."""

    title: str
    unit: str
    first: float
    second: float
    change: Interval
    worlds: int

    @property
    def clear(self) -> bool:
        """Return whether the interval excludes 0."""
        return self.change.low > 0.0 or self.change.high < 0.0


def outcome_measures() -> dict[str, Measure]:
    """Return the share of each outcome as a measure."""
    return {outcome.key: share(outcome.title, outcome.key) for outcome in OUTCOMES}


def common_measures(first: Path, second: Path) -> dict[str, Measure]:
    """Return the measures whose columns are in both folders: outcomes, then all others."""
    there = set.intersection(
        *(set(pyarrow.parquet.read_schema(place / RUNS).names) for place in (first, second))
    )
    every = {f"outcome {name}": one for name, one in outcome_measures().items()} | MEASURES
    return {name: one for name, one in every.items() if there.issuperset(one.columns)}


def read_worlds(place: Path, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Return each measure by number of the random stream, averaged over design points with it."""
    columns = sorted({name for one in measures.values() for name in one.columns})
    outcomes = read_results(place, columns).outcomes
    values = {name: one.of(outcomes) for name, one in measures.items()}
    table = pd.DataFrame(values, index=outcomes.index)
    return table.groupby(outcomes[STREAM].to_numpy()).mean()


def differences(
    first: pd.DataFrame, second: pd.DataFrame, measures: Mapping[str, Measure], paired: bool
) -> dict[str, Difference]:
    """Return second minus first for each measure that enough worlds have.

    paired: rows with the same number of the random stream used the same random numbers, so the
    interval is for differences within worlds (Student's t). Otherwise it is for two independent
    samples (`unpaired_difference`).
    """
    result = {}
    for name, measure in measures.items():
        left, right = first[name].dropna(), second[name].dropna()
        if paired:
            both = left.index.intersection(right.index)
            left, right = left[both], right[both]
        if min(left.size, right.size) < LEAST:
            continue
        one, other = left.to_numpy(dtype=np.float64), right.to_numpy(dtype=np.float64)
        change = mean_interval(other - one) if paired else unpaired_difference(one, other)
        worlds = min(one.size, other.size)
        means = (float(one.mean()), float(other.mean()))
        result[name] = Difference(measure.title, measure.unit, *means, change, worlds)
    return result


def unpaired_difference(first: Array, second: Array) -> Interval:
    """Return the difference of two independent means with its 95 % interval.

    For shares, given as 0 and 100, it is the hybrid score interval (Newcombe 1998, method 10),
    otherwise that of Welch's t (1947).

    >>> first, second = np.array([0.0] * 10), np.array([100.0] * 5 + [0.0] * 5)
    >>> [round(end, 1) for end in unpaired_difference(first, second)]
    [50.0, 11.7, 76.3]
    """
    change = float(second.mean() - first.mean())
    if set(np.unique(first)) | set(np.unique(second)) <= {0.0, PERCENT}:
        one, other = (wilson(int((a > 0.0).sum()), a.size) for a in (first, second))
        down = np.hypot(other.estimate - other.low, one.high - one.estimate)
        up = np.hypot(other.high - other.estimate, one.estimate - one.low)
        return Interval(change, change - PERCENT * float(down), change + PERCENT * float(up))
    parts = np.array([sample.var(ddof=1) / sample.size for sample in (first, second)])
    if parts.sum() == 0.0:
        return Interval(change, change, change)
    sizes = np.array([first.size - 1, second.size - 1])
    freedom = parts.sum() ** 2 / (parts**2 / sizes).sum()
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(parts.sum()))
    return Interval(change, change - half, change + half)


def transitions(first: Path, second: Path) -> pd.DataFrame:
    """Return counts of worlds by outcome in the first (rows) and the second folder (columns)."""
    left, right = (read_results(place, ["outcome"]).outcomes for place in (first, second))
    ends = [table.set_index(STREAM)["outcome"] for table in (left, right)]
    both = pd.concat(ends, axis=1, join="inner", keys=["first", "second"])
    counts = pd.crosstab(both["first"], both["second"])
    return counts.reindex(index=outcome_keys(), columns=outcome_keys(), fill_value=0)


def flatten(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each entry of nested tables and lists by dotted name. Lists of scalars are one entry.

    >>> dict(flatten({"a": {"b": 1, "c": [2, 3]}, "d": [{"e": 4}]}))
    {'a.b': 1, 'a.c': [2, 3], 'd.0.e': 4}
    """
    if isinstance(value, dict):
        for key, one in value.items():
            yield from flatten(one, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, one in enumerate(value):
            yield from flatten(one, f"{name}.{number}")
    else:
        yield name, value


def differing_entries(
    first: Mapping[str, Any], second: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return the entries that differ, by dotted name, with both values as text.

    >>> differing_entries({"a": {"b": 1}, "c": "x"}, {"a": {"b": 2}, "d": True})
    [('a.b', '1', '2'), ('c', 'x', 'absent'), ('d', 'absent', 'yes')]
    """
    one, other = dict(flatten(dict(first))), dict(flatten(dict(second)))
    absent = object()
    return [
        (name, _words(one.get(name, absent), absent), _words(other.get(name, absent), absent))
        for name in dict.fromkeys([*one, *other])
        if one.get(name, absent) != other.get(name, absent)
    ]


def meanings(scenario: dict[str, Any]) -> dict[str, str]:
    """Return the meaning of each parameter by dotted name; empty if the scenario is unreadable."""
    try:
        known = restored(scenario).parameters()
    except (ValidationError, ScenarioError):
        return {}
    return {name: f"{one.meaning} ({one.unit})" for name, one in known.items()}


def _words(value: Any, absent: object) -> str:
    if value is absent:
        return "absent"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split()) or "nothing"
    return text if len(text) <= 160 else f"{text[:157]}..."
