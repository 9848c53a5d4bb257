"""Analyse a sensitivity study, one measure of its table at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.measures import PERCENT, Measure
from experiments.sensitivity.convergence import index_convergence, is_share
from experiments.sensitivity.designs import LATIN, MORRIS, SOBOL, Design
from experiments.sensitivity.discovery import LEAST_BLOCKS, Regions, regions
from experiments.sensitivity.indices import indices, noise, second_order
from experiments.sensitivity.replicates import by_point, columns_of, completed, studied, whole
from model.arrays import Array
from model.schema.scenario import Scenario

LEADING = {SOBOL: "total", MORRIS: "mu_star", LATIN: "first"}  # the index that ranks parameters
ONLY_CHANCE = (
    0.995  # of the variance of single worlds, within its interval: nothing else is visible
)
TITLES = {
    "total": "total-order index",
    "total_free": "total-order index, corrected for chance",
    "first": "first-order index",
    "first_free": "first-order index, corrected for chance",
    "mu_star": "mean absolute effect of the whole range",
}

type Read = Callable[[Sequence[str]], pd.DataFrame]


@dataclass(frozen=True)
class Analysis:
    """The results of a sensitivity study by measure.

    indices: columns of `sensitivity.indices` by (measure, parameter); chance: one row per measure;
    convergence: the leading index at growing sizes of the design; second: of the second order;
    left_out: blocks of the design that lack a world.
    """

    scenario: Scenario
    design: Design
    worlds: int
    measures: dict[str, Measure]
    indices: pd.DataFrame
    chance: pd.DataFrame
    regions: dict[str, Regions]
    convergence: pd.DataFrame
    second: pd.DataFrame
    left_out: int

    @property
    def leading(self) -> str:
        """Return the column of the index that ranks the parameters."""
        return leading(self.design, self.worlds)

    def of(self, measure: str) -> pd.DataFrame:
        """Return the indices of a measure, one row per parameter."""
        table: pd.DataFrame = self.indices.loc[[measure]].droplevel("measure")
        return table

    def ranked(self, measure: str) -> pd.DataFrame:
        """Return the indices of a measure, the largest first."""
        return self.of(measure).sort_values(by=self.leading, ascending=False, kind="stable")


def leading(design: Design, worlds: int) -> str:
    """Return the column of the index that ranks parameters: corrected for chance if possible."""
    name = LEADING[design.method]
    return name if worlds < 2 or design.method == MORRIS else f"{name}_free"


def analysed(
    scenario: Scenario,
    design: Design,
    worlds: int,
    read: Read,
    progress: Callable[[int], None] | None = None,
) -> Analysis:
    """Return the analysis of the results of a design.

    read: returns columns of the study's table, one row per world; called once per measure, so that
    few columns are in memory at a time. Raises ValueError if there are too few complete blocks.
    """
    measures = studied(scenario)
    kept: dict[str, list[pd.DataFrame]] = {"indices": [], "convergence": [], "second": []}
    chance, region_tables, left_out = {}, {}, 0
    for name, measure in measures.items():
        table = completed(read(columns_of({name: measure})))
        values = by_point(measure.of(table), table, len(design.points), worlds)
        full = whole(values, design.block)
        left_out = int((~full).sum())
        seed = design.seed
        kept["indices"].append(indices(design, values, seed).assign(measure=name))
        chance[name] = _chance(measure, values, design)
        if np.ptp(np.nanmean(values[np.repeat(full, design.block)], axis=1)) > 0.0:
            column = leading(design, worlds)
            grown = index_convergence(design, values, column, seed)
            kept["convergence"].append(grown.assign(measure=name))
            seen = not chance[name]["chance_high"] > ONLY_CHANCE  # NaN with one world a point
            if is_share(measure) and seen and int(full.sum()) >= LEAST_BLOCKS:
                region_tables[name] = regions(design, values / PERCENT, seed)
            if design.second_order:
                kept["second"].append(second_order(design, values, seed).assign(measure=name))
        if progress:
            progress(1)
    joined = {key: pd.concat(parts) if parts else pd.DataFrame() for key, parts in kept.items()}
    return Analysis(
        scenario,
        design,
        worlds,
        measures,
        joined["indices"].reset_index().set_index(["measure", "parameter"]),
        pd.DataFrame.from_dict(chance, orient="index").rename_axis("measure"),
        region_tables,
        joined["convergence"],
        joined["second"],
        left_out,
    )


def _chance(measure: Measure, values: Array, design: Design) -> dict[str, Any]:
    parts = noise(values, design.block, design.seed)
    return {
        "unit": measure.unit,
        "mean": parts.mean,
        "chance": parts.chance.estimate,
        "chance_low": parts.chance.low,
        "chance_high": parts.chance.high,
        "across": parts.across,
        "within": parts.within,
    }
