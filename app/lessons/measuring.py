"""List the measures of a scenario, and check the claims of lessons with them."""

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
SHARES = ("% of worlds", "% of deals")  # units of events that happen or do not happen
OWN = {"us": "the United States", "cn": "China"}  # the sides that MEASURES names

type Find = Callable[[Opened], Findings]


@dataclass(frozen=True)
class Answer:
    """The result of a check. `before` is None if the claim is on one state.

    pairs: number of worlds with the measure in both states.
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
    """Return the measures of a scenario, by name.

    Measures of one side exist for each side of the scenario.
    """
    keys = {side.lower(): card.title for side, card in scenario.sides.items()}
    measures_by_name = {
        name: measure
        for name, measure in MEASURES.items()
        if all(_side(column) in ("", *keys) for column in measure.columns)
    }
    for side, title in keys.items():
        if side not in OWN:
            measures_by_name |= {
                f"{name.removesuffix('us')}{side}": _renamed(measure, side, title)
                for name, measure in MEASURES.items()
                if name.endswith("_us")
            }
    return measures_by_name | {
        f"level_{key}": _level(key, card.title) for key, card in scenario.issues.items()
    }


def values(measure: Measure, findings: Findings) -> Array:
    """Return a measure in each world, (worlds,); NaN if it is not defined."""
    return np.asarray(measure.of(findings.outcomes), dtype=np.float64)


def mean(measure: Measure, numbers: Array) -> Interval | None:
    """Return the mean of the numbers that are not NaN, with its interval (Wilson's for shares).

    >>> mean(MEASURES["compliance"], np.array([np.nan, 2.0]))
    Interval(estimate=2.0, low=2.0, high=2.0)
    >>> [round(end) for end in mean(MEASURES["deal"], np.array([0.0, 100.0] * 5))]
    [50, 24, 76]
    """
    present = numbers[~np.isnan(numbers)]
    if not present.size:
        return None
    if measure.unit.startswith(SHARES) and np.isin(present, (0.0, PERCENT)).all():
        interval = wilson(int((present == PERCENT).sum()), present.size)
        return Interval(*(PERCENT * end for end in interval))
    return mean_interval(present)


def answer(check: Check, find: Find) -> Answer:
    """Return the measurement of a check."""
    measure = measures(check.after.scenario)[check.measure]
    after = values(measure, find(check.after))
    if check.alone:
        interval = mean(measure, after)
        near = interval is not None and abs(interval.estimate - check.value) <= check.tolerance
        count = int((~np.isnan(after)).sum())
        return Answer(measure.title, measure.unit, None, interval, None, count, after.size, near)
    before = values(measure, find(check.before))
    pairs = int((~np.isnan(after - before)).sum())
    difference = paired_difference(before, after) if pairs else None
    good = difference is not None and holds(check.expect, check.least, difference)
    ends = mean(measure, before), mean(measure, after)
    return Answer(measure.title, measure.unit, *ends, difference, pairs, after.size, good)


def holds(expect: str, least: float, difference: Interval) -> bool:
    """Say whether a difference is as expected, with its whole interval and its size.

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
    """Return the side of a column, if MEASURES names it, or an empty string."""
    return next((part for part in column.split("_") if part in OWN), "")


def _renamed(measure: Measure, side: str, title: str) -> Measure:
    """Return a measure of the United States for another side."""

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
