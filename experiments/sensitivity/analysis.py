"""All that a sensitivity study says, read off its table one measure at a time."""

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
ONLY_CHANCE = 0.995  # of the variance of single worlds, within its interval: nothing else is seen
TITLES = {
    "total": "total-order index",
    "total_free": "total-order index, free of luck",
    "first": "first-order index",
    "first_free": "first-order index, free of luck",
    "mu_star": "mean absolute effect of the whole range",
}

type Read = Callable[[Sequence[str]], pd.DataFrame]


@dataclass(frozen=True)
class Analysis:
    """What a sensitivity study says, measure by measure.

    indices: columns of `sensitivity.indices` by (measure, parameter); luck: a row a measure;
    convergence: the leading index at growing sizes of the design; second: of the second order;
    left_out: blocks of the design that miss a world.
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
        """Return the indices of a measure, a row a parameter."""
        found: pd.DataFrame = self.indices.loc[[measure]].droplevel("measure")
        return found

    def ranked(self, measure: str) -> pd.DataFrame:
        """Return the indices of a measure, the largest first."""
        return self.of(measure).sort_values(by=self.leading, ascending=False, kind="stable")


def leading(design: Design, worlds: int) -> str:
    """Return the column of the index that ranks parameters: free of luck if that can be had."""
    name = LEADING[design.method]
    return name if worlds < 2 or design.method == MORRIS else f"{name}_free"


def analysed(
    scenario: Scenario,
    design: Design,
    worlds: int,
    read: Read,
    progress: Callable[[int], None] | None = None,
) -> Analysis:
    """Return what the results of a design say.

    read: gives the named columns of the study's table, a row a world; called once a measure, so
    that a million worlds need few columns in memory. Raises ValueError: too few whole blocks.
    """
    measures = studied(scenario)
    kept: dict[str, list[pd.DataFrame]] = {"indices": [], "convergence": [], "second": []}
    chance, found, left_out = {}, {}, 0
    for name, measure in measures.items():
        table = completed(read(columns_of({name: measure})))
        values = by_point(measure.of(table), table, len(design.points), worlds)
        full = whole(values, design.block)
        left_out = int((~full).sum())
        seed = design.seed
        kept["indices"].append(indices(design, values, seed).assign(measure=name))
        chance[name] = _luck(measure, values, design)
        if np.ptp(np.nanmean(values[np.repeat(full, design.block)], axis=1)) > 0.0:
            column = leading(design, worlds)
            grown = index_convergence(design, values, column, seed)
            kept["convergence"].append(grown.assign(measure=name))
            seen = not chance[name]["chance_high"] > ONLY_CHANCE  # NaN with one world a point
            if is_share(measure) and seen and int(full.sum()) >= LEAST_BLOCKS:
                found[name] = regions(design, values / PERCENT, seed)
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
        found,
        joined["convergence"],
        joined["second"],
        left_out,
    )


def _luck(measure: Measure, values: Array, design: Design) -> dict[str, Any]:
    told = noise(values, design.block, design.seed)
    return {
        "unit": measure.unit,
        "mean": told.mean,
        "chance": told.chance.estimate,
        "chance_low": told.chance.low,
        "chance_high": told.chance.high,
        "across": told.across,
        "within": told.within,
    }
