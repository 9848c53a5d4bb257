"""Simulate the scenario of 2018-20 at many parameter points with the same random numbers."""

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

PIECE = 2000  # worlds simulated at a time, so that the records of a wave need not fit in memory

type Progress = Callable[[int], None]


def setting() -> Scenario:
    """Return the scenario that is compared with history."""
    return load_scenario(record.SCENARIO)


def courses_at(
    points: pd.DataFrame, worlds: int, seed: int, progress: Progress | None = None
) -> Iterator[tuple[Index, Course]]:
    """Yield the point index of each world and the courses of the worlds, in pieces.

    points: a column per parameter, by dotted name. All points use the same random numbers (common
    random numbers). Raises ScenarioError.
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
    """Return the statistics of the same worlds at each point, a row per world, with its point."""
    tables = [
        statistics(course).assign(**{POINT: of})
        for of, course in courses_at(points, worlds, seed, progress)
    ]
    return pd.concat(tables, ignore_index=True)
