"""Compute what Explore shows of a run: outcome shares, fans, contents of agreements, incomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.engine import Run, simulate
from experiments.factorial.sweep import AGREEMENT, DOMINANT, cell_shares, dominant, ranges, swept
from experiments.statistics import Interval, mean_interval, paired_difference, shares, wilson
from experiments.summary import CONTAINED
from model.arrays import Array
from model.outcomes import deal_keys, outcome_keys, outcome_title, ranked
from model.schema.scenario import Scenario

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
RECORD = ("tariff", "trust", "approval")
CELL_WORLDS = 60  # worlds in each cell of the sweep: it runs behind every picture
LEVEL = 0.95
ORDER = (*(outcome.key for outcome in ranked()), AGREEMENT)  # the order of the bars

type Progress = Callable[[int], None]


@dataclass(frozen=True)
class Findings:
    """A run as the page shows it; fans are (quantile, week, side) of each recorded state."""

    scenario: Scenario
    seed: int
    outcomes: pd.DataFrame
    fans: dict[str, Array]

    @property
    def worlds(self) -> int:
        """Return how many worlds were simulated."""
        return len(self.outcomes)


@dataclass(frozen=True)
class Change:
    """How the share of an outcome moved, in shares; interval: of the difference, by pairs."""

    outcome: str
    before: float
    after: float
    difference: Interval
    moved: int  # worlds that changed

    @property
    def certain(self) -> bool:
        """Return whether the interval excludes no change."""
        return self.difference.low > 0 or self.difference.high < 0


def findings(scenario: Scenario, worlds: int, seed: int, progress: Progress | None) -> Findings:
    """Simulate a scenario, as a batch does, and return what the page shows."""
    run = simulate(scenario, worlds, seed, record=RECORD, progress=progress)
    return findings_of(scenario, seed, run.outcomes, recorded(run))


def recorded(run: Run) -> dict[str, Array]:
    """Return the recorded states of a run, (weeks + 1, sides, worlds) each."""
    assert run.weeks is not None  # RECORD is not empty
    return {name: run.weeks[name].transpose("week", "side", "world").to_numpy() for name in RECORD}


def findings_of(
    scenario: Scenario, seed: int, outcomes: pd.DataFrame, weeks: Mapping[str, Array]
) -> Findings:
    """Return what the page shows of simulated worlds. weeks: as returned by `recorded`."""
    fans = {name: np.quantile(values, QUANTILES, axis=-1) for name, values in weeks.items()}
    return Findings(scenario, seed, outcomes, fans)


def sweep_ranges(
    scenario: Scenario, worlds: int, seed: int, progress: Progress | None
) -> pd.DataFrame:
    """Return lowest and highest share of each outcome over the cells of the dominant assumptions.

    Columns lowest, highest; attrs: cells, worlds (in each), half (of the widest interval).
    """
    outcomes = swept(scenario, dominant(scenario), worlds, seed, progress)
    cells = cell_shares(outcomes, list(DOMINANT))
    table = ranges(cells)
    table.attrs = {
        "cells": len(cells.groupby(list(DOMINANT))),
        "worlds": worlds,
        "half": float(((cells["high"] - cells["low"]) / 2).max()),
    }
    return table


def outcome_shares(findings: Findings) -> pd.DataFrame:
    """Return count, share, low and high of each outcome and of any agreement, a row each."""
    table = shares(findings.outcomes["outcome"], outcome_keys())
    agreed = int(findings.outcomes["agreement_week"].notna().sum())
    table.loc[AGREEMENT] = [agreed, *wilson(agreed, findings.worlds)]
    return table


def changes(before: Findings, after: Findings) -> list[Change]:
    """Return how each outcome's share changed between two runs with the same random numbers.

    The intervals hold for all outcomes at once (Bonferroni), because readers look at all of them.
    """
    level = 1 - (1 - LEVEL) / len(ORDER)
    differences = []
    for name in ORDER:
        left, right = _happened(before, name), _happened(after, name)
        difference = paired_difference(left, right, level)
        moved = int((left != right).sum())
        differences.append(Change(name, float(left.mean()), float(right.mean()), difference, moved))
    return differences


def sentence(before: Findings, after: Findings) -> str:
    """Say in one sentence what changed most, with its interval, and whether it is certain."""
    differences = changes(before, after)
    sure = [change for change in differences if change.certain]
    if not any(change.moved for change in differences):
        return f"No outcome differs in any of the {after.worlds:,} worlds."
    largest = max(sure or differences, key=lambda change: abs(change.difference.estimate))
    text = (
        f"{outcome_title(largest.outcome)}: {100 * largest.before:.0f} → "
        f"{100 * largest.after:.0f} % of worlds, {_points(largest.difference)}"
    )
    if not sure:
        return f"No clear change. The largest is: {text}, which may be none."
    more = len(sure) - 1
    return f"{text}." + (f" {_count(more)} clearly." if more else "")


def contents(findings: Findings) -> dict[str, Array]:
    """Return the agreed levels of each issue in the deals in force at the end, (deals,)."""
    deals = findings.outcomes[findings.outcomes["outcome"].isin(deal_keys())]
    return {
        key: deals[f"agreed_{key}"].dropna().to_numpy(dtype=np.float64)
        for key in findings.scenario.issues
    }


def contained(levels: Array) -> Interval:
    """Return the share of deals that contain an issue, with its interval."""
    return wilson(int((levels >= CONTAINED).sum()), levels.size)


def incomes(findings: Findings) -> dict[str, tuple[Interval, tuple[float, float]]]:
    """Return mean with interval, and the range of nine worlds in ten, of each region's income."""
    table = {}
    for region in [*findings.scenario.sides, "ROW"]:
        values = findings.outcomes[f"real_income_{region.lower()}"].to_numpy(dtype=np.float64)
        low, high = np.quantile(values, [0.05, 0.95])
        table[region] = (mean_interval(values), (float(low), float(high)))
    return table


def has_economy(scenario: Scenario) -> bool:
    """Return whether a scenario has an economy, so that tariffs and incomes have a meaning."""
    return scenario.economy.table != "none"


def _happened(findings: Findings, name: str) -> Array:
    if name == AGREEMENT:
        happened = findings.outcomes["agreement_week"].notna()
    else:
        happened = findings.outcomes["outcome"] == name
    return np.asarray(happened, dtype=np.float64)


def _points(interval: Interval) -> str:
    estimate, low, high = (f"{100 * end:+.1f}".replace("-", "−") for end in interval)
    return f"{estimate} points (95 % interval {low} to {high})"


def _count(more: int) -> str:
    return "One more share moves" if more == 1 else f"{more} more shares move"
