"""The effect of each mechanism: switch off one at a time, with the same random numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.arms import run_arms, same_outcomes
from experiments.statistics import Interval, mean_interval, paired_difference, wilson
from experiments.summary import Section
from model.arrays import Array
from model.outcomes import counted_together, deal_keys
from model.schema.mechanisms import MECHANISMS, neutral
from model.schema.scenario import Scenario

ALL_ON = "nothing (all on)"
WORLDS = 400  # default: about a minute for all mechanisms
PERCENT = 100.0

type Measure = Callable[[pd.DataFrame, str], Array]


def _share(*outcomes: str) -> Measure:
    """Return the measure whether a world ends in one of these outcomes, as 0 or 100 percent."""

    def measure(table: pd.DataFrame, first: str) -> Array:
        hit: Array = np.where(table["outcome"].isin(outcomes), PERCENT, 0.0)
        return hit

    return measure


MEASURES: dict[str, Measure] = {
    "any deal, %": _share(*deal_keys()),
    **{f"{name}, %": _share(*keys) for name, keys in counted_together().items()},
    "peak tariff, points": lambda table, first: (
        PERCENT * table[f"tariff_{first.lower()}_peak"].to_numpy(dtype=np.float64)
    ),
    "weeks of deal": lambda table, first: table["deal_weeks"].to_numpy(dtype=np.float64),
}  # at the horizon, except the peak; the tariff is that of the first side


def ablation(
    setting: Scenario,
    worlds: int = WORLDS,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Return the effect of switching off each mechanism, off minus on, with 95 % intervals.

    One row per mechanism and measure; the first rows, of ALL_ON, are levels, not differences.
    Columns: mechanism, measure, estimate, low, high, worlds, changed (worlds of which any outcome
    column differs). Mechanisms that the scenario itself switches off stay off and have no rows.
    """
    names = [name for name in MECHANISMS if name not in setting.off]
    first, sides = next(iter(setting.sides)), list(setting.sides)
    arms = [neutral([name] if name != ALL_ON else [], sides) for name in (ALL_ON, *names)]
    tables = run_arms(setting, arms, worlds, seed, progress)
    base = next(tables)
    levels = {name: measure(base, first) for name, measure in MEASURES.items()}
    rows: list[tuple[object, ...]] = [
        (ALL_ON, name, *_level(level, name), worlds, 0) for name, level in levels.items()
    ]
    for name, table in zip(names, tables, strict=True):
        changed = worlds - int(same_outcomes(base, table).sum())
        rows += [
            (name, of, *paired_difference(levels[of], measure(table, first)), worlds, changed)
            for of, measure in MEASURES.items()
        ]
    columns = ["mechanism", "measure", "estimate", "low", "high", "worlds", "changed"]
    return pd.DataFrame(rows, columns=columns)


def work(setting: Scenario, worlds: int) -> int:
    """Return the number of world-weeks of an ablation, for its progress."""
    arms = 1 + sum(name not in setting.off for name in MECHANISMS)
    return arms * worlds * setting.time.horizon


def ablation_section(setting: Scenario, table: pd.DataFrame, seed: int) -> Section:
    """Return an ablation as a text table: one row per mechanism, one column per measure."""
    rows: list[tuple[str, ...]] = []
    for name in table["mechanism"].unique():
        part = table[table["mechanism"] == name]
        changed, cells = int(part["changed"].iloc[0]), part.set_index("measure")
        if name != ALL_ON and changed == 0:
            rows.append((name, "0", *["-"] * len(MEASURES)))
            continue
        form = "{:.1f} ±{:.1f}" if name == ALL_ON else "{:+.1f} ±{:.1f}"
        words = [
            form.format(cells.loc[of, "estimate"], (cells["high"] - cells["low"])[of] / 2)
            + ("*" if name != ALL_ON and cells["low"][of] * cells["high"][of] > 0.0 else "")
            for of in MEASURES
        ]
        rows.append((name, f"{changed}", *words))
    first = next(iter(setting.sides.values())).title
    off = ", ".join(setting.off)
    return Section(
        f"Effect of each mechanism in {setting.name}",
        ("switched off", "changed", *MEASURES),
        rows,
        f"{int(table['worlds'].iloc[0]):,} worlds, seed {seed}, the same random numbers in every "
        "row. First row: levels; below: off minus on, ± half of the 95 % interval, * if not 0. "
        f"Shares in points, at the horizon; tariff: {first}. Changed: worlds in which any outcome "
        "column differs; if it is 0 the mechanism changes no outcome in this scenario. "
        + (f"The scenario itself switches off: {off}. " if off else "")
        + "Numbers are assumptions, not a forecast.",
    )


def _level(values: Array, measure: str) -> Interval:
    """Return the mean of a measure with its 95 % interval; for a share the Wilson interval."""
    if not measure.endswith("%"):
        return mean_interval(values)
    return Interval(*(PERCENT * end for end in wilson(int((values > 0.0).sum()), values.size)))
