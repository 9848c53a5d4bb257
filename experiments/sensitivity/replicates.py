"""The measures of a study of many points, and its long table as points by replicates."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.measures import PERCENT, Measure, column, share
from experiments.study import POINT, STREAM
from model.arrays import Array, Mask
from model.outcomes import COMPREHENSIVE, DECOUPLED, TRUCE, Outcome, ranked
from model.schema.scenario import Scenario

OUTCOME = "outcome"
FIRST = (COMPREHENSIVE, TRUCE, DECOUPLED)  # the outcomes that narrow tables show


def studied(scenario: Scenario) -> dict[str, Measure]:
    """Return the measures of a sensitivity study of a scenario, by name.

    Each has a value in every world, so that its mean has the same meaning at every point: weeks
    to agreement count as the horizon if there is none (a restricted mean, Royston-Parmar 2013).
    Tariffs and incomes are left out if the scenario has no economy. Every outcome has a share.

    >>> from model.schema.scenario import load_scenario
    >>> list(studied(load_scenario("split_the_pie")))[:2]
    ['any agreement', 'comprehensive deal']
    """
    horizon = float(scenario.time.horizon)
    measures = {
        "any agreement": Measure(
            "A deal was made",
            "% of worlds",
            lambda table: np.where(table["agreement_week"].notna(), PERCENT, 0.0),
            ("agreement_week",),
        ),
        **{outcome.key: _ends_in(outcome) for outcome in FIRST},
        "weeks to agreement": Measure(
            f"Weeks to agreement, {horizon:g} if there is none",
            "weeks",
            lambda table: table["agreement_week"].fillna(horizon).to_numpy(dtype=np.float64),
            ("agreement_week",),
        ),
    }
    if scenario.economy.table != "none":
        for side, card in scenario.sides.items():
            key, income = f"tariff_{side.lower()}_peak", f"real_income_{side.lower()}"
            measures[f"peak tariff, {side}"] = column(
                f"Peak tariff, {card.title}", "% of import value", key, PERCENT
            )
            measures[f"real income, {side}"] = column(
                f"Real income, {card.title}", "% of the start", income
            )
        measures["real income, ROW"] = column(
            "Real income, rest of the world", "% of the start", "real_income_row"
        )
    rest = [outcome for outcome in reversed(ranked()) if outcome.key not in measures]
    return measures | {outcome.key: _ends_in(outcome) for outcome in rest}


def _ends_in(outcome: Outcome) -> Measure:
    return share(f"{outcome.title} at the end", outcome.key)


def columns_of(measures: Mapping[str, Measure]) -> list[str]:
    """Return the columns of a study's table that these measures need, without duplicates."""
    wanted = (name for one in measures.values() for name in one.columns)
    return list(dict.fromkeys([POINT, STREAM, OUTCOME, *wanted]))


def completed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of worlds that were simulated to the end; failed ones have no outcome.

    >>> completed(pd.DataFrame({"outcome": ["truce", None]})).index.tolist()
    [0]
    """
    good = table[OUTCOME].notna()
    return table if good.all() else table[good]


def by_point(values: Array, table: pd.DataFrame, points: int, worlds: int) -> Array:
    """Return values (rows,) of a long table as (points, worlds); NaN if a world is missing.

    table: with columns point and stream (the number of the replicate), in any order.

    >>> table = pd.DataFrame({"point": [1, 0, 0], "stream": [0, 1, 0]})
    >>> by_point(np.array([5.0, 2.0, 1.0]), table, 2, 2).tolist()
    [[1.0, 2.0], [5.0, nan]]
    """
    by_replicate = np.full((points, worlds), np.nan)
    rows, columns = (table[name].to_numpy(dtype=np.intp) for name in (POINT, STREAM))
    by_replicate[rows, columns] = values
    return by_replicate


def whole(worlds: Array, block: int) -> Mask:
    """Return which blocks (blocks,) of worlds (points, replicates) are complete."""
    complete: Mask = ~np.isnan(worlds.reshape(-1, block, worlds.shape[-1])).any(axis=(1, 2))
    return complete


def whole_blocks(worlds: Array, block: int) -> Array:
    """Return worlds (points, replicates) as (blocks, block, replicates), complete blocks only.

    A block that lacks a world is left out, because its points are compared with each other.
    """
    return worlds.reshape(-1, block, worlds.shape[-1])[whole(worlds, block)]
