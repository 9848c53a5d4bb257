"""Simulate one scenario under every combination of a few assumptions."""

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.engine import run_worlds
from experiments.statistics import wilson
from model.outcomes import outcome_keys
from model.schema.scenario import Scenario

DOMINANT: dict[str, tuple[float, ...]] = {
    "values.cost_scale": (0.8, 1.0, 1.2),
    "talks.window": (0.5, 1.0, 2.0),
    "talks.rate": (0.6, 1.0, 1.6),
}  # the assumptions that matter most, as factors of a scenario's own value
PRIVATE = ("values.spread", "talks.resolve_spread")  # these give each world its own frontier
AGREEMENT = "any agreement"


def dominant(scenario: Scenario) -> dict[str, list[float]]:
    """Return the levels of the dominant assumptions around a scenario's own, within their bounds.

    >>> from model.schema.scenario import load_scenario
    >>> dominant(load_scenario("february_2025"))["talks.window"]
    [13.0, 26.0, 52.0]
    """
    known = scenario.parameters()
    return {
        name: sorted(
            {
                min(max(round(known[name].value * factor, 9), known[name].low), known[name].high)
                for factor in factors
            }
        )
        for name, factors in DOMINANT.items()
    }


def crossed(factors: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return every combination of levels, one row each.

    >>> crossed({"a": [1.0, 2.0], "b": [3.0]}).to_dict("list")
    {'a': [1.0, 2.0], 'b': [3.0, 3.0]}
    """
    return pd.DataFrame(itertools.product(*factors.values()), columns=list(factors))


def swept(
    scenario: Scenario,
    factors: Mapping[str, Sequence[float]],
    worlds: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
    engine: str = "auto",
) -> pd.DataFrame:
    """Return the outcomes of the same `worlds` worlds in each cell of a full factorial design.

    One row per world and cell; the factors are columns too. World 7 uses the same random numbers in
    every cell, so that cells differ only by their assumptions (common random numbers).

    Raises:
        ScenarioError: A factor is not a number of the scenario, or a level is out of its range.
    """
    cells = crossed(factors)
    columns = {name: np.repeat(cells[name].to_numpy(np.float64), worlds) for name in factors}
    size = len(cells) * worlds
    streams = np.arange(size, dtype=np.intp) % worlds
    swept = scenario.checked_sweep(columns, size)
    run = run_worlds(scenario, streams, seed, swept, progress=progress, engine=engine)
    return run.outcomes.assign(**columns, world=streams).reset_index(drop=True)


def cell_shares(outcomes: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    """Return the share of each outcome, and of any agreement, in each cell, with 95 % intervals.

    Columns: the factors, outcome, worlds, share, low, high.
    """
    rows = []
    for _, cell in outcomes.groupby(list(factors), sort=True):
        levels = cell[list(factors)].iloc[0]
        counts = {name: int((cell["outcome"] == name).sum()) for name in outcome_keys()}
        counts[AGREEMENT] = int(cell["agreement_week"].notna().sum())
        rows += [
            (*levels, name, len(cell), *wilson(count, len(cell))) for name, count in counts.items()
        ]
    return pd.DataFrame(rows, columns=[*factors, "outcome", "worlds", "share", "low", "high"])


def ranges(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the lowest and highest share of each outcome over the cells."""
    shares = cells.groupby("outcome", sort=False)["share"]
    return pd.DataFrame({"lowest": shares.min(), "highest": shares.max()})
