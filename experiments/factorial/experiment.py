"""Experiments as values: question, hypothesis, factors, measures, pictures and findings."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.factorial.sweep import DOMINANT, dominant
from experiments.study import ARM, Arm, Study
from model.arrays import Index
from model.schema.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from experiments.factorial.contrasts import Contrasts
    from experiments.factorial.findings import Finding

CONTEXTS = tuple(DOMINANT)[:2]  # cost scale x window: every finding is checked in all nine
WORLDS = 2000  # in each cell and context: enough for a share to about 2 points

type Cell = dict[str, str]  # the label of a level by the key of its factor


@dataclass(frozen=True)
class Level:
    """One level of a factor: the values that it changes in the scenario, by dotted name."""

    label: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Factor:
    """Something that an experiment varies, in levels from lowest to highest."""

    title: str
    levels: tuple[Level, ...]


def remembered(label: str, kept: float, broken: float) -> Level:
    """Return a level for the number of threats that are remembered as carried out, of ten."""
    return Level(label, {"coercion.believed_kept": kept, "coercion.believed_broken": broken})


@dataclass(frozen=True)
class Picture:
    """A figure of a measure over the levels of a factor, with lines and panels for two others.

    given: labels of the other factors; those not named are averaged over.
    """

    measure: str
    over: str
    by: str = ""
    panel: str = ""
    given: tuple[tuple[str, str], ...] = ()


# The published findings are those of the first edition until the experiments are run again.
FIRST_EDITION: Mapping[str, Any] = {"edition": 1}


@dataclass(frozen=True)
class Experiment:
    """A question to the model, and how the answer is computed.

    cells: the combinations of levels that are simulated, by default all; findings: judges each
    claim as supported, not supported, or built in.
    """

    name: str
    title: str
    question: str
    hypothesis: str
    expected: str
    sources: tuple[str, ...]
    scenario: str
    factors: Mapping[str, Factor]
    measures: tuple[str, ...]
    pictures: tuple[Picture, ...]
    findings: Callable[["Contrasts"], list["Finding"]]
    cells: Callable[[Mapping[str, Factor]], list[Cell]] | None = None
    caveats: tuple[str, ...] = ()
    worlds: int = WORLDS
    settings: Mapping[str, Any] | None = None  # overrides in all cells

    def all_cells(self) -> list[Cell]:
        """Return the cells that are simulated."""
        return self.cells(self.factors) if self.cells else crossed(self.factors)


@dataclass(frozen=True)
class Plan:
    """An experiment as a study: point p is cell `cell[p]` in context `context[p]`."""

    experiment: Experiment
    study: Study
    cells: list[Cell]
    contexts: list[dict[str, float]]
    cell: Index
    context: Index


def crossed(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return every combination of levels.

    >>> low, high = Level("low", {}), Level("high", {})
    >>> factors = {"a": Factor("A", (low, high)), "b": Factor("B", (low, high))}
    >>> [list(cell.values()) for cell in crossed(factors)]
    [['low', 'low'], ['low', 'high'], ['high', 'low'], ['high', 'high']]
    """
    labels = [[level.label for level in factor.levels] for factor in factors.values()]
    return [dict(zip(factors, row, strict=True)) for row in itertools.product(*labels)]


def one_by_one(factors: Mapping[str, Factor], centre: Cell) -> list[Cell]:
    """Return the centre, and every cell that differs from it in one factor."""
    cells = [dict(centre)]
    for key, factor in factors.items():
        cells += [
            centre | {key: level.label} for level in factor.levels if level.label != centre[key]
        ]
    return cells


def plan(experiment: Experiment, worlds: int | None = None, seed: int = 1) -> Plan:
    """Plan an experiment: each cell in each of the nine contexts, with the same random numbers.

    Numbers that can differ between worlds are swept; other changes make another scenario, an arm.
    Raises ScenarioError if a level changes something that the scenario does not have.
    """
    cells = experiment.all_cells()
    base = load_scenario(experiment.scenario, experiment.settings)
    levels = dominant(base)
    contexts = [
        dict(zip(CONTEXTS, row, strict=True))
        for row in itertools.product(*(levels[name] for name in CONTEXTS))
    ]
    arms: dict[str, Arm] = {}
    rows = []
    for index, cell in enumerate(cells):
        structure, numbers = _split(base, _settings(experiment, cell))
        key = json.dumps(structure, sort_keys=True)
        if key not in arms:
            whole = dict(experiment.settings or {}) | structure
            arms[key] = Arm(f"arm {len(arms) + 1}", load_scenario(experiment.scenario, whole))
        rows += [
            {ARM: arms[key].name, "cell": index, "context": number} | context | numbers
            for number, context in enumerate(contexts)
        ]
    table = pd.DataFrame(rows).sort_values(ARM, kind="stable", ignore_index=True, key=_order)
    points = table.drop(columns=["cell", "context"])
    study = Study(experiment.name, tuple(arms.values()), points, worlds or experiment.worlds, seed)
    cell_of, context_of = (table[name].to_numpy(dtype=np.intp) for name in ("cell", "context"))
    return Plan(experiment, study, cells, contexts, cell_of, context_of)


def _order(names: "pd.Series[Any]") -> "pd.Series[Any]":
    return names.str.removeprefix("arm ").astype(int)


def _settings(experiment: Experiment, cell: Cell) -> dict[str, Any]:
    """Return the changes of all levels of a cell; no two may change the same value."""
    settings: dict[str, Any] = {}
    for key, label in cell.items():
        level = next(one for one in experiment.factors[key].levels if one.label == label)
        twice = settings.keys() & level.settings.keys()
        if twice:
            raise ValueError(f"{experiment.name}: {sorted(twice)} set by two factors of {cell}")
        settings |= level.settings
    return settings


def _split(base: Scenario, settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the overrides that make another scenario, and the numbers that can be swept."""
    known = base.parameters()
    swept = {
        name: float(value)
        for name, value in settings.items()
        if name in known and not known[name].built_in and not isinstance(value, bool)
    }
    return {name: value for name, value in settings.items() if name not in swept}, swept


def named(cells: Iterable[Cell]) -> list[str]:
    """Return the levels of each cell as one line."""
    return [" · ".join(cell.values()) for cell in cells]
