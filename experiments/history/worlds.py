"""Worlds of the scenario of 2018-20 at many points of its numbers, all in the same luck."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from experiments.engine import run_worlds
from experiments.history import record
from experiments.history.course import RECORD, Course, course_of
from experiments.history.implausibility import POINT
from experiments.history.patterns import statistics
from experiments.study import one_arm
from model.arrays import Index
from model.schema.scenario import Scenario, load_scenario

PIECE = 2000  # worlds side by side: what all of a wave record need not be in memory

type Progress = Callable[[int], None]


def setting() -> Scenario:
    """Return the scenario that is held against history."""
    return load_scenario(record.SCENARIO)


def courses_at(
    points: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> Iterator[tuple[Index, Course]]:
    """Yield the courses of the same worlds at each point, piece by piece, and each world's point.

    points: a column a number by dotted name; all points meet the same luck (common random numbers).
    Raises ScenarioError.
    """
    study = one_arm("history", setting(), points.reset_index(drop=True), worlds, seed)
    for piece in study.pieces(PIECE):
        run = run_worlds(
            piece.arm.scenario, piece.streams, piece.seed, piece.sweep, RECORD, progress=progress
        )
        of = (piece.first + np.arange(piece.streams.size, dtype=np.intp)) // worlds
        yield of, course_of(run)


def statistics_at(
    points: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> pd.DataFrame:
    """Return the statistics of the same worlds at each point, a row a world, with its point."""
    tables = [
        statistics(course).assign(**{POINT: of})
        for of, course in courses_at(points, worlds, seed, progress)
    ]
    return pd.concat(tables, ignore_index=True)
