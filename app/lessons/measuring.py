"""Knows what can be measured in a scenario, and judges the claims of lessons by it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.explore.findings import Findings
from app.inputs.explore_url import Opened
from app.lessons.lesson import Check
from experiments.measures import MEASURES, PERCENT, Measure
from experiments.statistics import Interval, mean_interval, paired_difference, wilson
from model.arrays import Array
from model.outcomes import deal_keys
from model.schema.scenario import Scenario

LEVELS = "% of all that could be given"
SHARES = ("% of worlds", "% of deals")  # units of what happens in a world, or does not
OWN = {"us": "the United States", "cn": "China"}  # the sides that MEASURES names

type Find = Callable[[Opened], Findings]


@dataclass(frozen=True)
class Answer:
    """What a check measured; before is None where the claim is on one state.

    pairs: worlds in which both states have the number, of all worlds.
    """

    title: str
    unit: str
    before: Interval | None
    after: Interval | None
    difference: Interval | None
    pairs: int
    worlds: int
    holds: bool


def measures(scenario: Scenario) -> dict[str, Measure]:
    """Return what can be measured in the worlds of a scenario, by name.

    Measures of one side are there for the scenario's own sides, whatever they are called.
    """
    keys = {side.lower(): card.title for side, card in scenario.sides.items()}
    found = {
        name: measure
        for name, measure in MEASURES.items()
        if all(_side(column) in ("", *keys) for column in measure.columns)
    }
    for side, title in keys.items():
        if side not in OWN:
            found |= {
                f"{name.removesuffix('us')}{side}": _renamed(measure, side, title)
                for name, measure in MEASURES.items()
                if name.endswith("_us")
            }
    return found | {
        f"level_{key}": _level(key, card.title) for key, card in scenario.issues.items()
    }


def values(measure: Measure, found: Findings) -> Array:
    """Return a measure in each world, (worlds,); missing where it has no meaning."""
    return np.asarray(measure.of(found.outcomes), dtype=np.float64)


def mean(measure: Measure, numbers: Array) -> Interval | None:
    """Return the mean of what is there with its interval, of shares Wilson's, or nothing.

    >>> mean(MEASURES["compliance"], np.array([np.nan, 2.0]))
    Interval(estimate=2.0, low=2.0, high=2.0)
    >>> [round(end) for end in mean(MEASURES["deal"], np.array([0.0, 100.0] * 5))]
    [50, 24, 76]
    """
    there = numbers[~np.isnan(numbers)]
    if not there.size:
        return None
    if measure.unit.startswith(SHARES) and np.isin(there, (0.0, PERCENT)).all():
        found = wilson(int((there == PERCENT).sum()), there.size)
        return Interval(*(PERCENT * end for end in found))
    return mean_interval(there)


def answer(check: Check, find: Find) -> Answer:
    """Return what the model does where a check claims something."""
    measure = measures(check.after.scenario)[check.measure]
    after = values(measure, find(check.after))
    if check.alone:
        told = mean(measure, after)
        near = told is not None and abs(told.estimate - check.value) <= check.tolerance
        there = int((~np.isnan(after)).sum())
        return Answer(measure.title, measure.unit, None, told, None, there, after.size, near)
    before = values(measure, find(check.before))
    pairs = int((~np.isnan(after - before)).sum())
    difference = paired_difference(before, after) if pairs else None
    good = difference is not None and holds(check.expect, check.least, difference)
    ends = mean(measure, before), mean(measure, after)
    return Answer(measure.title, measure.unit, *ends, difference, pairs, after.size, good)


def holds(expect: str, least: float, difference: Interval) -> bool:
    """Say whether a difference is as expected, its whole interval and its size.

    >>> wide = Interval(8.0, 2.0, 14.0)
    >>> holds("rises", 5.0, wide), holds("rises", 9.0, wide), holds("falls", 0.0, wide)
    (True, False, False)
    >>> holds("same", 1.0, Interval(0.1, -0.5, 0.9))
    True
    """
    estimate, low, high = difference
    if expect == "same":
        return low >= -least and high <= least
    return low > 0 and estimate >= least if expect == "rises" else high < 0 and estimate <= -least


def _side(column: str) -> str:
    """Return which of the sides that MEASURES names a column is of, or nothing."""
    return next((part for part in column.split("_") if part in OWN), "")


def _renamed(measure: Measure, side: str, title: str) -> Measure:
    """Return a measure of the United States as one of another side."""

    def of(table: pd.DataFrame) -> Array:
        names = [str(name) for name in table.columns]
        own = {name: f"{name.removesuffix(side)}us" for name in names if name.endswith(f"_{side}")}
        own |= {f"tariff_{side}_{end}": f"tariff_us_{end}" for end in ("peak", "final")}
        return measure.of(table.rename(columns=own))

    return Measure(measure.title.replace(OWN["us"], title), measure.unit, of, measure.columns)


def _level(key: str, title: str) -> Measure:
    def of(table: pd.DataFrame) -> Array:
        deal = table["outcome"].isin(deal_keys())
        levels = table[f"agreed_{key}"].to_numpy(dtype=np.float64)
        return np.where(deal, PERCENT * levels, np.nan)

    return Measure(f"{title}: level in the deals in force", LEVELS, of, ("outcome",))
