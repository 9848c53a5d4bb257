"""Contrasts between the cells of an experiment, over contexts and worlds."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from experiments.factorial.experiment import Cell, Experiment, Plan
from experiments.factorial.findings import Finding, judged
from experiments.measures import MEASURES
from experiments.statistics import Interval
from experiments.study import POINT, STREAM
from model.arrays import Array, Index

LEVEL = 0.95

type Given = Mapping[str, str]  # labels of levels by factor; factors not named: all levels
type Terms = Sequence[tuple[float, Given]]
type Parts = Sequence[tuple[float, Array]]  # weighted means of arrays (cells, contexts, worlds)


def change(low: Given, high: Given) -> Terms:
    """Return the terms of the difference `high` minus `low`."""
    return [(1.0, high), (-1.0, low)]


def interaction(low: Given, high: Given, without: Given, with_: Given) -> Terms:
    """Return the terms of a difference in differences.

    The change from `low` to `high` at the levels `with_`, minus the same change at `without`.

    >>> interaction({"a": "0"}, {"a": "1"}, {"b": "no"}, {"b": "yes"})[0]
    (1.0, {'a': '1', 'b': 'yes'})
    """
    return [
        (1.0, {**high, **with_}),
        (-1.0, {**low, **with_}),
        (-1.0, {**high, **without}),
        (1.0, {**low, **without}),
    ]


@dataclass(frozen=True)
class Effect:
    """A contrast over all contexts, and in each of them."""

    all: Interval
    each: tuple[Interval, ...]


@dataclass(frozen=True)
class Contrasts:
    """Measures by cell, context and world, each (cells, contexts, worlds); missing values are NaN.

    World k uses the same random numbers in every cell and context. Intervals are therefore of
    differences within worlds, and only the worlds are independent draws.
    """

    experiment: Experiment
    cells: list[Cell]
    contexts: list[dict[str, float]]
    values: Mapping[str, Array]

    @property
    def worlds(self) -> int:
        """Return the number of worlds in each cell and context."""
        return int(next(iter(self.values.values())).shape[-1])

    def combination(self, measure: str, terms: Terms, matched: bool = False) -> Effect:
        """Return a weighted sum of means, each over the cells with the given levels.

        A mean is over all worlds that have the measure. Its interval counts worlds with the same
        random numbers as one draw (linearised, cluster-robust; Liang and Zeger 1986). Matched: only
        worlds that have the measure in every term, so that a change of who has it (a deal, say)
        is not mistaken for a change of its value (principal strata; Frangakis and Rubin 2002).
        """
        values = self.values[measure]
        parts = [(weight, values[self.chosen(given)]) for weight, given in terms]
        return _effect(_matched(parts) if matched else parts)

    def contrast(self, measure: str, low: Given, high: Given) -> Effect:
        """Return the mean of a measure at `high` minus that at `low`."""
        return self.combination(measure, change(low, high))

    def level(self, measure: str, given: Given) -> Effect:
        """Return the mean of a measure in the cells with the given levels."""
        return self.combination(measure, [(1.0, given)])

    def claim(
        self,
        claim: str,
        measure: str,
        terms: Terms,
        expected: Literal["rises", "falls", "unchanged"],
        margin: float = 0.0,
        built_in: bool = False,
        detail: str = "",
        matched: bool = False,
    ) -> Finding:
        """Return the finding that a combination is above 0, below 0, or within a margin."""
        effect = self.combination(measure, terms, matched)
        unit = MEASURES[measure].unit
        return judged(claim, effect.all, effect.each, unit, expected, margin, built_in, detail)

    def apart(
        self,
        claim: str,
        first: str,
        second: str,
        given: Given,
        expected: Literal["rises", "falls"],
        detail: str = "",
    ) -> Finding:
        """Return the finding that one measure is above (rises) or below another."""
        where = self.chosen(given)
        effect = _effect([(1.0, self.values[second][where]), (-1.0, self.values[first][where])])
        unit = MEASURES[second].unit
        return judged(claim, effect.all, effect.each, unit, expected, detail=detail)

    def monotone(
        self,
        claim: str,
        measure: str,
        factor: str,
        given: Given,
        expected: Literal["rises", "falls"],
        built_in: bool = False,
        why: str = "",
    ) -> Finding:
        """Return the finding that a measure rises, or falls, at every step of a factor's levels.

        The effect, over all contexts and in each, is that of the step that supports it least.
        """
        labels = self._labels(factor, given)
        terms = [
            change({**given, factor: low}, {**given, factor: high})
            for low, high in itertools.pairwise(labels)
        ]
        steps = [self.combination(measure, step) for step in terms]
        weakest = _least if expected == "rises" else _most
        effect = weakest([step.all for step in steps])
        each = [weakest(column) for column in zip(*(step.each for step in steps), strict=True)]
        weak = [step.all for step in steps].index(effect)
        detail = f"{why}. " if why else ""
        detail += f"The weakest step is from {labels[weak]} to {labels[weak + 1]}"
        unit = MEASURES[measure].unit
        return judged(claim, effect, each, unit, expected, built_in=built_in, detail=detail)

    def interior(self, claim: str, measure: str, factor: str, given: Given) -> Finding:
        """Return the finding that a level between the ends of a factor is better than both ends.

        The best inner level is chosen with the worlds of even number and tested on the others, so
        that the choice does not bias the test; the effect is its lead over the better end.
        """
        labels = self._labels(factor, given)
        values = np.stack(
            [self.values[measure][self.chosen({**given, factor: label})] for label in labels]
        )  # (levels, cells, contexts, worlds)
        every = range(len(self.contexts))
        effect, best = _lead(values)
        each = [_lead(values[:, :, [context]])[0] for context in every]
        detail = f"The best inner level is {labels[best]}"
        return judged(claim, effect, each, MEASURES[measure].unit, "rises", detail=detail)

    def _labels(self, factor: str, given: Given) -> list[str]:
        """Return the levels of a factor, least first, that some cell with `given` has."""
        labels = (level.label for level in self.experiment.factors[factor].levels)
        cells = [self.cells[index] for index in self.chosen(given)]
        return [label for label in labels if any(cell[factor] == label for cell in cells)]

    def chosen(self, given: Given) -> Index:
        """Return the indices of the cells that have these levels."""
        for key, label in given.items():
            known = [level.label for level in self.experiment.factors[key].levels]
            if label not in known:
                raise ValueError(f"{self.experiment.name} {key}: no level {label!r} in {known}")
        indices = [
            index
            for index, cell in enumerate(self.cells)
            if all(cell[key] == label for key, label in given.items())
        ]
        if not indices:
            raise ValueError(f"{self.experiment.name}: no cell has {dict(given)}")
        return np.array(indices, dtype=np.intp)

    def table(self) -> pd.DataFrame:
        """Return mean and interval of each measure in each cell and context, one row each.

        Columns: the factors, the contexts (NaN: all together), measure, unit, estimate, low, high.
        """
        rows = []
        for index, cell in enumerate(self.cells):
            for name, values in self.values.items():
                parts = [
                    values[[index]],
                    *(values[[index]][:, [c]] for c in range(len(self.contexts))),
                ]
                contexts = [dict.fromkeys(self.contexts[0], np.nan), *self.contexts]
                for context, part in zip(contexts, parts, strict=True):
                    interval = _interval([(1.0, part)])._asdict()
                    unit = MEASURES[name].unit
                    rows.append({**cell, **context, "measure": name, "unit": unit, **interval})
        return pd.DataFrame(rows)


def read_contrasts(plan: Plan, outcomes: pd.DataFrame) -> Contrasts:
    """Return the measures of an experiment from the table of its worlds."""
    shape = (len(plan.cells), len(plan.contexts), plan.study.worlds)
    point = outcomes[POINT].to_numpy(dtype=np.intp)
    row = (plan.cell[point], plan.context[point], outcomes[STREAM].to_numpy(dtype=np.intp))
    values = {}
    for name in plan.experiment.measures:
        values[name] = np.full(shape, np.nan)
        values[name][row] = MEASURES[name].of(outcomes)
    return Contrasts(plan.experiment, plan.cells, plan.contexts, values)


def columns(experiment: Experiment) -> list[str]:
    """Return the columns of a study's table that an experiment reads."""
    needed = {name for key in experiment.measures for name in MEASURES[key].columns}
    return [POINT, STREAM, *sorted(needed)]


def _effect(parts: Parts) -> Effect:
    contexts = range(parts[0][1].shape[1])
    each = (_interval([(weight, part[:, [c]]) for weight, part in parts]) for c in contexts)
    return Effect(_interval(parts), tuple(each))


def _matched(parts: Parts) -> Parts:
    """Return the parts with only the worlds that have a value in all parts."""
    shapes = {part.shape for _, part in parts}
    if len(shapes) > 1:
        raise ValueError(f"matched terms must have the same number of cells, not {sorted(shapes)}")
    missing = np.any([np.isnan(part) for _, part in parts], axis=0)
    return [(weight, np.where(missing, np.nan, part)) for weight, part in parts]


def _least(intervals: Sequence[Interval]) -> Interval:
    """Return the interval with the lowest low end; unknown intervals come first."""
    return min(intervals, key=lambda interval: np.nan_to_num(interval.low, nan=-np.inf))


def _most(intervals: Sequence[Interval]) -> Interval:
    """Return the interval with the highest high end; unknown intervals come first."""
    return max(intervals, key=lambda interval: np.nan_to_num(interval.high, nan=np.inf))


def _interval(parts: Parts) -> Interval:
    """Return the weighted sum of means of arrays (..., worlds), with its interval over worlds."""
    estimate, influence = 0.0, np.zeros(parts[0][1].shape[-1])
    for weight, values in parts:
        valid = ~np.isnan(values)
        count = int(valid.sum())
        if count == 0:
            return Interval(float("nan"), float("nan"), float("nan"))
        mean = float(np.where(valid, values, 0.0).sum()) / count
        excess = np.where(valid, values - mean, 0.0).reshape(-1, values.shape[-1]).sum(axis=0)
        estimate += weight * mean
        influence = influence + weight * excess * influence.size / count
    error = influence.std(ddof=1) / np.sqrt(influence.size) if influence.size > 1 else 0.0
    half = float(special.stdtrit(max(influence.size - 1, 1), (1 + LEVEL) / 2) * error)
    return Interval(estimate, estimate - half, estimate + half)


def _lead(values: Array) -> tuple[Interval, int]:
    """Return the lead of the best inner level over the better end, and the index of that level."""
    even, odd = values[..., ::2], values[..., 1::2]
    means = [_interval([(1.0, level)]).estimate for level in even[1:-1]]
    best = 1 + int(np.argmax(np.nan_to_num(means, nan=-np.inf)))
    leads = [_interval([(1.0, odd[best]), (-1.0, odd[end])]) for end in (0, -1)]
    return _least(leads), best
