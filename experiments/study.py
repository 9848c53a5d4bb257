"""A study: many design points of one or more scenarios with common random numbers."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine import CHUNK, Progress, Run, build, run_worlds
from experiments.engines import TRACED, Used, program_for
from model.arrays import Array, Index
from model.schema.problems import Problem, ScenarioError
from model.schema.scenario import Scenario

ARM, POINT, STREAM = "arm", "point", "stream"  # columns next to the outcomes
HORIZON = "time.horizon"


@dataclass(frozen=True)
class Arm:
    """A scenario of a study, with a unique name."""

    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Piece:
    """Worlds `first` to `first + streams.size - 1` of a study, all of one arm."""

    arm: Arm
    first: int
    streams: Index
    seed: int
    sweep: dict[str, Array]
    record: tuple[str, ...]
    points: Index
    by_point: bool
    last_week: int
    engine: str = "auto"

    @property
    def names(self) -> Index:
        """Return the worlds' numbers in the study."""
        return np.arange(self.first, self.first + self.streams.size, dtype=np.intp)


@dataclass(frozen=True)
class Study:
    """Design points times worlds: world `point * worlds + k` uses random stream k.

    All points use the same random streams (common random numbers), so that they differ only by
    their parameters.

    points: one row per design point and one column per parameter by dotted name (missing: the own
    value of the arm), and a column "arm" if there are several; record: states that are counted by
    week; by_point: for each point separately; kind, about: the kind of the study and plain values
    for its readers, for the manifest. Raises ScenarioError with all problems.
    """

    name: str
    arms: tuple[Arm, ...]
    points: pd.DataFrame
    worlds: int
    seed: int = 1
    record: tuple[str, ...] = ()
    by_point: bool = False
    kind: str = "study"
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every point against the declarations of its arm."""
        problems = list(self._problems())
        if problems:
            raise ScenarioError(f"the design of {self.name}", problems)

    @property
    def size(self) -> int:
        """Return the number of worlds in all points together."""
        return len(self.points) * self.worlds

    @property
    def weeks(self) -> int:
        """Return the world-weeks in all points together, for progress."""
        horizons = {arm.name: arm.scenario.time.horizon for arm in self.arms}
        return int(sum(horizons[name] for name in self._arm_of_point)) * self.worlds

    @cached_property
    def numbers(self) -> list[str]:
        """Return the dotted names of the columns that vary."""
        return [str(name) for name in self.points.columns if name != ARM]

    @cached_property
    def _arm_of_point(self) -> list[str]:
        if ARM in self.points:
            return [str(name) for name in self.points[ARM]]
        return [self.arms[0].name] * len(self.points)

    def bounds(self, width: int = CHUNK) -> list[tuple[int, int]]:
        """Return first and stop of pieces of at most `width` worlds, in order, each of one arm.

        They depend only on the study and the width, not on the runner.
        """
        arms = np.array(self._arm_of_point)
        changes = np.flatnonzero(arms[1:] != arms[:-1]) + 1
        edges = [0, *(int(point) * self.worlds for point in changes), self.size]
        return [
            (first, min(first + width, stop))
            for start, stop in itertools.pairwise(edges)
            for first in range(start, stop, width)
        ]

    def pieces(self, width: int = CHUNK) -> Iterator[Piece]:
        """Yield the study in pieces of at most `width` worlds, in order, each of one arm."""
        for first, stop in self.bounds(width):
            yield self.piece(first, stop)

    def piece(self, first: int, stop: int) -> Piece:
        """Return the worlds from `first` to `stop - 1`, which must be of one arm."""
        rows = np.arange(first, stop, dtype=np.intp)
        points = rows // self.worlds
        arm = self._arm(self._arm_of_point[int(points[0])])
        own = arm.scenario.parameters()
        sweep = {}
        for name in self.numbers:
            if name in own:  # a parameter of another arm may not exist in this scenario
                values = self.points[name].to_numpy(dtype=np.float64)[points]
                sweep[name] = np.where(np.isnan(values), own[name].value, values)
        streams = rows % self.worlds
        last = self._last_week(arm)
        return Piece(
            arm, first, streams, self.seed, sweep, self.record, points, self.by_point, last
        )

    def arm_of(self, world: int) -> Arm:
        """Return the arm of a world."""
        return self._arm(self._arm_of_point[world // self.worlds])

    def _last_week(self, arm: Arm) -> int:
        """Return the last week of an arm in any of its points."""
        own = arm.scenario.time.horizon
        if HORIZON not in self.points:
            return own
        here = np.array(self._arm_of_point) == arm.name
        return int(self.points[HORIZON].fillna(own)[here].max())

    def _arm(self, name: str) -> Arm:
        return next(arm for arm in self.arms if arm.name == name)

    def _problems(self) -> Iterator[Problem]:
        if self.worlds < 1 or not len(self.points):
            shape = f"{len(self.points)} points of {self.worlds} worlds"
            yield Problem(
                "size", shape, "nothing to run", "Choose at least one world and one point."
            )
            return
        known = {arm.name for arm in self.arms}
        for unknown in sorted(set(self._arm_of_point) - known):
            yield Problem(ARM, unknown, f"must be one of {', '.join(sorted(known))}")
        for arm in self.arms:
            here = self.points[[name == arm.name for name in self._arm_of_point]]
            columns = {name: here[name] for name in self.numbers if here[name].notna().any()}
            own = arm.scenario.parameters()
            filled = {
                name: column.fillna(own[name].value) if name in own else column
                for name, column in columns.items()
            }
            try:
                arm.scenario.checked_sweep(filled, len(here))
            except ScenarioError as error:
                yield from error.problems


def run_piece(piece: Piece, progress: Progress | None = None) -> Run:
    """Simulate a piece to its end; its worlds have their numbers in the study."""
    return run_worlds(
        piece.arm.scenario,
        piece.streams,
        piece.seed,
        piece.sweep,
        piece.record,
        piece.names,
        progress,
        engine=piece.engine,
    )


def engine_of(study: Study) -> Used:
    """Return the engine that runs all arms of a study: NumPy, if one of them has no program."""
    for arm in study.arms:
        own = arm.scenario.parameters()
        names = [name for name in study.numbers if name in own]
        sweep = {name: np.full(1, float(own[name].value)) for name in names}
        program, used = program_for(build(arm.scenario, 1, study.seed, sweep), "auto")
        if program is None:
            return used
    return Used(TRACED, "")


def framed(piece: Piece, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes of a piece, with arm, point and random stream as first columns."""
    front = {ARM: piece.arm.name, POINT: piece.points, STREAM: piece.streams}
    return pd.concat([pd.DataFrame(front, index=outcomes.index), outcomes], axis=1)


def run_study(study: Study, progress: Progress | None = None) -> pd.DataFrame:
    """Return arm, point, random stream and outcomes of a study that fits into memory."""
    parts = [framed(piece, run_piece(piece, progress).outcomes) for piece in study.pieces()]
    return pd.concat(parts).rename_axis("world")


def one_arm(
    name: str,
    scenario: Scenario,
    points: pd.DataFrame | Sequence[Mapping[str, float]],
    worlds: int,
    seed: int = 1,
) -> Study:
    """Return the study of one scenario.

    >>> from model.schema.scenario import load_scenario
    >>> points = [{"talks.window": 13.0}, {"talks.window": 26.0}]
    >>> study = one_arm("windows", load_scenario("classroom"), points, 10)
    >>> study.size, [piece.streams.size for piece in study.pieces(width=15)]
    (20, [15, 5])
    """
    return Study(name, (Arm(scenario.name, scenario),), pd.DataFrame(points), worlds, seed)
