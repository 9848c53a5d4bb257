"""A study: many design points of one or more scenarios, each in the same worlds' luck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from experiments.engine import CHUNK, Progress, run_worlds
from model.arrays import Array, Index
from model.problems import Problem, ScenarioError
from model.scenario import Scenario

ARM, POINT, LUCK = "arm", "point", "luck"  # columns beside the outcomes


@dataclass(frozen=True)
class Arm:
    """A scenario of a study, by the name that tells it from the study's others."""

    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Piece:
    """Worlds `first` to `first + luck.size - 1` of a study, of one arm: all that one job needs."""

    arm: Arm
    first: int
    luck: Index
    seed: int
    sweep: dict[str, Array]
    record: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """Design points times worlds: world `point * worlds + k` meets the luck of number k.

    points: a row a design point, a column a number by dotted name (missing: the arm's own value),
    and a column "arm" if there is more than one. Points differ by their numbers alone, since all
    meet the same luck (common random numbers). Raises ScenarioError with all that is wrong.
    """

    name: str
    arms: tuple[Arm, ...]
    points: pd.DataFrame
    worlds: int
    seed: int = 1
    record: tuple[str, ...] = ()

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

    def pieces(self, width: int = CHUNK) -> Iterator[Piece]:
        """Yield the study in pieces of at most `width` worlds, in order, none across two arms.

        They depend on the study and the width alone, never on who runs them.
        """
        start = 0
        while start < self.size:
            arm = self._arm_of_point[start // self.worlds]
            stop = start
            while stop < min(start + width, self.size) and (
                self._arm_of_point[stop // self.worlds] == arm
            ):
                stop = min((stop // self.worlds + 1) * self.worlds, start + width, self.size)
            yield self.piece(start, stop)
            start = stop

    def piece(self, first: int, stop: int) -> Piece:
        """Return the worlds from `first` to `stop - 1`, which must be of one arm."""
        rows = np.arange(first, stop, dtype=np.intp)
        points = rows // self.worlds
        arm = self._arm(self._arm_of_point[int(points[0])])
        own = arm.scenario.parameters()
        sweep = {}
        for name in self.numbers:
            values = self.points[name].to_numpy(dtype=np.float64)[points]
            if not np.isnan(values).all():
                sweep[name] = np.where(np.isnan(values), own[name].value, values)
        return Piece(arm, first, rows % self.worlds, self.seed, sweep, self.record)

    def frame(self, piece: Piece, outcomes: pd.DataFrame) -> pd.DataFrame:
        """Return the outcomes of a piece with arm, point and luck in front, a row a world."""
        rows = outcomes.index.to_numpy()
        front = pd.DataFrame(
            {ARM: piece.arm.name, POINT: rows // self.worlds, LUCK: rows % self.worlds},
            index=outcomes.index,
        )
        return pd.concat([front, outcomes], axis=1)

    def _arm(self, name: str) -> Arm:
        return next(arm for arm in self.arms if arm.name == name)

    def _problems(self) -> Iterator[Problem]:
        if self.worlds < 1 or self.points.empty:
            shape = f"{len(self.points)} points of {self.worlds} worlds"
            yield Problem("size", shape, "nothing to run", "Give at least one world and point.")
            return
        known = {arm.name for arm in self.arms}
        for stranger in sorted(set(self._arm_of_point) - known):
            yield Problem(ARM, stranger, f"must be one of {', '.join(sorted(known))}")
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


def run_piece(piece: Piece, progress: Progress | None = None) -> pd.DataFrame:
    """Return the outcomes of a piece, a row a world by its number in the study."""
    names = np.arange(piece.first, piece.first + piece.luck.size, dtype=np.intp)
    run = run_worlds(piece.arm.scenario, piece.luck, piece.seed, piece.sweep, (), names, progress)
    return run.outcomes


def run_study(study: Study, progress: Progress | None = None) -> pd.DataFrame:
    """Return arm, point, luck and outcomes of a study that fits into memory, a row a world."""
    parts = [study.frame(piece, run_piece(piece, progress)) for piece in study.pieces()]
    return pd.concat(parts).rename_axis("world")


def one_arm(
    name: str,
    scenario: Scenario,
    points: pd.DataFrame | Sequence[Mapping[str, float]],
    worlds: int,
    seed: int = 1,
) -> Study:
    """Return the study of one scenario.

    >>> from model.scenario import load_scenario
    >>> points = [{"talks.window": 13.0}, {"talks.window": 26.0}]
    >>> study = one_arm("windows", load_scenario("classroom"), points, 10)
    >>> study.size, [piece.luck.size for piece in study.pieces(width=15)]
    (20, [15, 5])
    """
    return Study(name, (Arm(scenario.name, scenario),), pd.DataFrame(points), worlds, seed)
