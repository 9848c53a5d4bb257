"""A forecast that can be judged later: quantiles of tariffs by week, and chances of events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import special

from experiments.engine import Progress, Run, simulate
from experiments.results.weekly_histograms import QUANTILES
from experiments.statistics import Interval, wilson
from model.arrays import Array, Index, Mask
from model.schema.scenario import Scenario

DATES = (date(2025, 5, 1), date(2025, 8, 1), date(2025, 11, 1), date(2026, 2, 1))
PERCENT = 100.0
SPREAD = 0.90  # of the chances between draws of the parameters
RECORD = (
    "tariff",
    "deals",
    "deal_whole",
    "failures",
    "truces",
    "revoked",
    "leaks",
)

type Weeks = Mapping[str, Array]  # states by week, each (weeks, [side,] worlds)


@dataclass(frozen=True)
class Event:
    """Something that has happened by a date or not; `when` returns in which weeks."""

    name: str
    meaning: str
    when: Callable[[Weeks, Array], Mask]


def above(side: int, level: float) -> Callable[[Weeks, Array], Mask]:
    """Return the test whether the tariff of a side is above a level, as a share of import value."""
    return lambda weeks, start: weeks["tariff"][:, side] > level


EVENTS = (
    Event("us_tariff_above_50", "the US tariff on China has been above 50 %", above(0, 0.5)),
    Event("us_tariff_above_100", "the US tariff on China has been above 100 %", above(0, 1.0)),
    Event("cn_tariff_above_50", "China's tariff on the US has been above 50 %", above(1, 0.5)),
    Event("cn_tariff_above_100", "China's tariff on the US has been above 100 %", above(1, 1.0)),
    Event(
        "truce",
        "a truce has been made",
        lambda weeks, start: weeks["truces"] > 0.0,
    ),
    Event(
        "signed_deal",
        "a deal has come into force: accepted by both leaders and passed at home",
        lambda weeks, start: weeks["deals"] > 0.0,
    ),
    Event(
        "comprehensive_deal",
        "a comprehensive deal has come into force: four issues from three families",
        lambda weeks, start: (weeks["deals"] > 0.0) & (weeks["deal_whole"] > 0.0),
    ),
    Event(
        "leaders_agree",
        "both sides have accepted a package, whether or not it passed at home",
        lambda weeks, start: (weeks["deals"] > 0.0) | (weeks["failures"] > 0.0),
    ),
    Event(
        "pntr_revoked",
        "the United States has revoked China's permanent normal trade relations",
        lambda weeks, start: weeks["revoked"][:, 0] > 0.0,
    ),
    Event(
        "us_tariff_below_start",
        "the US tariff on China has been below that of 1 February 2025",
        lambda weeks, start: weeks["tariff"][:, 0] < start[0] - 1e-9,
    ),
    Event(
        "back_channel_leak",
        "a back channel has been found out",
        lambda weeks, start: weeks["leaks"] > 0.0,
    ),
)


@dataclass(frozen=True)
class Forecast:
    """A forecast from worlds whose parameters are plausible draws.

    draw: The index of the draw of each world (worlds,).
    """

    run: Run
    draw: Index
    tariffs: pd.DataFrame
    events: pd.DataFrame
    paths: pd.DataFrame


def forecast(
    scenario: Scenario,
    draws: pd.DataFrame,
    worlds: int,
    seed: int = 1,
    progress: Progress | None = None,
    paths: int = 1000,
) -> Forecast:
    """Return a forecast from `worlds` worlds, spread evenly over the draws of parameters.

    draws: one row per draw, one column per parameter by dotted name. Every world has its own random
    stream.
    Raises ScenarioError if the scenario does not know a parameter.
    """
    draw = np.arange(worlds, dtype=np.intp) % len(draws)
    sweep = {str(name): draws[name].to_numpy(dtype=np.float64)[draw] for name in draws}
    run = simulate(scenario, worlds, seed, sweep, RECORD, progress=progress)
    weeks = _weeks(run)
    return Forecast(
        run,
        draw,
        tariff_table(weeks["tariff"], scenario.start, list(scenario.sides)),
        event_table(weeks, scenario.start, draw),
        path_table(weeks["tariff"][..., :paths], list(scenario.sides)),
    )


def tariff_table(tariff: Array, start: date, sides: Sequence[str]) -> pd.DataFrame:
    """Return quantiles and mean over worlds of each side's tariff, in percent of import value.

    tariff: shares (weeks, side, worlds). Columns: week, date, side, q05 to q95, mean.
    """
    rows = []
    for week, row in enumerate(tariff):
        for side, values in zip(sides, PERCENT * row, strict=True):
            quantiles = np.quantile(values, list(QUANTILES.values()))
            rows.append(
                {"week": week, "date": day(start, week).isoformat(), "side": side.lower()}
                | dict(zip(QUANTILES, quantiles, strict=True))
                | {"mean": float(values.mean())}
            )
    return pd.DataFrame(rows)


def event_table(weeks: Weeks, start: date, draw: Index) -> pd.DataFrame:
    """Return the chance that each event has happened by each date.

    Columns: event, by_date, probability, low, high. low to high contains nine in ten of the chances
    of different draws of the parameters, without the sampling error of finitely many worlds.
    """
    level = weeks["tariff"][0, :, 0]
    rows = []
    for event in EVENTS:
        happened = np.maximum.accumulate(event.when(weeks, level), axis=0)
        for by in DATES:
            last = min(whole_weeks(start, by), happened.shape[0] - 1)
            chance = between_draws(happened[last], draw)
            rows.append((event.name, by.isoformat(), *chance))
    return pd.DataFrame(rows, columns=["event", "by_date", "probability", "low", "high"])


def path_table(tariff: Array, sides: Sequence[str]) -> pd.DataFrame:
    """Return the tariffs of single worlds in percent: columns world, week and one per side."""
    weeks, _, worlds = tariff.shape
    columns: dict[str, Array | Index] = {
        "world": np.repeat(np.arange(worlds), weeks),
        "week": np.tile(np.arange(weeks), worlds),
    }
    for row, side in enumerate(sides):
        columns[side.lower()] = PERCENT * tariff[:, row].T.ravel()
    return pd.DataFrame(columns)


def between_draws(happened: Mask, draw: Index) -> Interval:
    """Return the share of worlds in which it happened, and how much the draws differ.

    The chances of the draws are taken as a Beta distribution whose mean and variance are those of
    the draws' shares, less the binomial variance of finitely many worlds in each (method of
    moments, Kleinman 1973); its central nine tenths. The interval contains at least Wilson's.

    >>> even = np.tile([True, False], 200)
    >>> [round(end, 2) for end in between_draws(even, np.arange(400) // 200)]
    [0.5, 0.45, 0.55]
    >>> apart = np.repeat([True, False], 200)
    >>> between_draws(apart, np.arange(400) // 200).low < 0.01
    True
    """
    total = np.bincount(draw)
    hits = np.bincount(draw, weights=happened)
    plain = wilson(int(happened.sum()), happened.size)
    mean, each = plain.estimate, hits / total
    chance = float((each * (1.0 - each) / np.maximum(total - 1, 1)).mean())
    variance = float(each.var(ddof=1)) - chance if each.size > 1 else 0.0
    if variance <= 0.0 or not 0.0 < mean < 1.0:
        return plain
    size = max(mean * (1.0 - mean) / variance - 1.0, 1e-3)
    tail = (1.0 - SPREAD) / 2.0
    low, high = special.betaincinv(mean * size, (1.0 - mean) * size, [tail, 1.0 - tail])
    return Interval(mean, min(float(low), plain.low), max(float(high), plain.high))


def day(start: date, week: int) -> date:
    """Return the first day of a week."""
    return start + timedelta(weeks=week)


def whole_weeks(start: date, by: date) -> int:
    """Return the last week that has begun by a date.

    >>> whole_weeks(date(2025, 2, 1), date(2025, 2, 15))
    2
    """
    return (by - start).days // 7


def _weeks(run: Run) -> dict[str, Array]:
    """Return the record as plain arrays, weeks first and worlds last."""
    if run.weeks is None:
        raise ValueError("a forecast needs its record by week")
    return {
        str(name): np.asarray(values.transpose("week", ..., "world"), dtype=np.float64)
        for name, values in run.weeks.data_vars.items()
    }
