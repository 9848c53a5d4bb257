"""What carries the system: the effect of each mechanism, and of each actor, in the same worlds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from experiments.arms import run_arms, same_outcomes
from experiments.diagnose.variants import removable, silenced, without
from experiments.engine import Progress, simulate
from experiments.statistics import Interval, paired_difference
from model.arrays import Array
from model.outcomes import DECOUPLED
from model.schema.mechanisms import MECHANISMS, neutral
from model.schema.scenario import Scenario

SURE = 0.99  # level of the intervals by which an actor counts, because several are compared


@dataclass(frozen=True)
class Effect:
    """The effect of switching off a mechanism, off minus on, as shares of worlds.

    agreement: a deal was made; decoupled: the world ends decoupled; changed: share of worlds of
    which any outcome differs.
    """

    mechanism: str
    agreement: Interval
    decoupled: Interval
    changed: float

    @property
    def size(self) -> float:
        """Return the larger of the two effects, without its sign."""
        return max(abs(self.agreement.estimate), abs(self.decoupled.estimate))


@dataclass(frozen=True)
class Removal:
    """The effect of removing an actor or an edge of the graph, without minus with it.

    removed: key of the actor, or name of the edge; agreement: share of worlds in which a deal was
    made; terms: utility of the deal to each side in points, in worlds that end with one in both
    cases; pairs: how many worlds those are; content: level of each issue in these deals; influence:
    total influence on the leader of the own side, NaN if unknown. All intervals are of 99 %; those
    of the content are of 99 % together (Bonferroni).
    """

    removed: str
    agreement: Interval
    terms: dict[str, Interval]
    pairs: int
    content: dict[str, Interval] = field(default_factory=dict)
    influence: float = float("nan")

    @property
    def counts(self) -> bool:
        """Return whether an interval excludes 0: deals are made more or less often, or differ."""
        return any(map(sure, (self.agreement, *self.terms.values(), *self.content.values())))

    @property
    def moved(self) -> str | None:
        """Return the issue whose level changes most, those that surely change first."""
        sizes = {key: (sure(one), abs(one.estimate)) for key, one in self.content.items()}
        return max(sizes, key=lambda key: sizes[key], default=None)


def sure(found: Interval) -> bool:
    """Return whether an interval excludes 0.

    >>> sure(Interval(0.2, 0.1, 0.3)), sure(Interval(0.0, 0.0, 0.0))
    (True, False)
    """
    return found.low * found.high > 0.0


def effects(
    setting: Scenario, worlds: int, seed: int = 1, progress: Progress | None = None
) -> list[Effect]:
    """Return the effect of each mechanism that the scenario has, the largest first."""
    names = [name for name in MECHANISMS if name not in setting.off]
    sides = list(setting.sides)
    arms = [{}, *(neutral([name], sides) for name in names)]
    tables = run_arms(setting, arms, worlds, seed, progress)
    base = next(tables)
    found = [
        Effect(
            name,
            paired_difference(_agreed(base), _agreed(table)),
            paired_difference(_decoupled(base), _decoupled(table)),
            1.0 - float(same_outcomes(base, table).mean()),
        )
        for name, table in zip(names, tables, strict=True)
    ]
    return sorted(found, key=lambda effect: -effect.size)


def removals(
    setting: Scenario,
    worlds: int,
    seed: int = 1,
    progress: Progress | None = None,
    influence: Mapping[str, float] | None = None,
) -> list[Removal]:
    """Return the effect of removing each actor who is not a leader."""
    actors, influence = list(removable(setting)), influence or {}
    if not actors:
        return []
    quiet = {actor: silenced(setting, actor) for actor in actors}
    arms = [{}, *(arm for arm in quiet.values() if arm)]  # one run, and hence faster
    tables = run_arms(setting, arms, worlds, seed, progress)
    base = next(tables)
    found = []
    for actor in actors:
        if quiet[actor]:
            table = next(tables)
        else:
            left = without(setting, actor)
            table = simulate(left, worlds, seed, progress=progress).outcomes
        table = table.reset_index(drop=True)
        found.append(removal(setting, actor, influence.get(actor, math.nan), base, table))
    return found


def work(setting: Scenario, worlds: int) -> int:
    """Return the number of world-weeks of both, for their progress."""
    arms = 1 + sum(name not in setting.off for name in MECHANISMS)
    actors = len(list(removable(setting)))
    return (arms + (actors + 1 if actors else 0)) * worlds * setting.time.horizon


def removal(
    setting: Scenario, name: str, influence: float, base: pd.DataFrame, table: pd.DataFrame
) -> Removal:
    """Return the effect of a removal: base are the outcomes with, table those without."""
    both = (base["enforcement"].notna() & table["enforcement"].notna()).to_numpy()  # in force
    pairs, level = int(both.sum()), 1.0 - (1.0 - SURE) / len(setting.issues)

    def change(column: str, level: float) -> Interval:
        return paired_difference(base.loc[both, column], table.loc[both, column], level)

    sides, issues = (setting.sides, setting.issues) if pairs > 1 else ((), ())
    return Removal(
        name,
        paired_difference(_agreed(base), _agreed(table), SURE),
        {side: change(f"utility_{side.lower()}", SURE) for side in sides},
        pairs,
        {issue: change(f"agreed_{issue}", level) for issue in issues},
        influence,
    )


def _agreed(table: pd.DataFrame) -> Array:
    """Return 1 in worlds in which a deal was made, else 0."""
    return np.where(table["agreement_week"].notna(), 1.0, 0.0)


def _decoupled(table: pd.DataFrame) -> Array:
    """Return 1 in worlds that end decoupled, else 0."""
    return np.where(table["outcome"] == DECOUPLED.key, 1.0, 0.0)
