"""Simulate one world of a results folder again, with every state recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from experiments.engine import EVERYTHING, Run, run_worlds
from experiments.engines import NUMPY, EngineError
from experiments.results.folder import read_results
from model.arrays import Array
from model.schema.scenario import Scenario


class Source(Protocol):
    """Results of which one world can be simulated again."""

    def setting_of(self, world: int) -> tuple[Scenario, int, dict[str, Array], int]:
        """Return the scenario, seed, swept numbers (1,) and random stream of a world."""
        ...


def replay(results: str | Path, world: int) -> Run:
    """Simulate one world of a results folder again, with every state recorded by week.

    The outcomes are the same, bit for bit, as in the row of the folder.

    Args:
        results: A results folder.
        world: The number of the world in the folder.

    Raises:
        ResultsError: The folder or the world cannot be read.
    """
    return replay_row(read_results(results, columns=()), world)


def replay_row(results: Source, world: int) -> Run:
    """Simulate one world again of results that have been read, by the engine that made them.

    If the traced engine cannot run here, NumPy does, and the run says why.
    """
    setting, seed, sweep, stream = results.setting_of(world)
    swept = setting.checked_sweep(sweep, 1)
    streams, names = np.array([stream], dtype=np.intp), np.array([world], dtype=np.intp)
    engine = getattr(results, "engine", "auto")
    try:
        return run_worlds(setting, streams, seed, swept, EVERYTHING, names, engine=engine)
    except EngineError as error:
        run = run_worlds(setting, streams, seed, swept, EVERYTHING, names, engine=NUMPY)
        return replace(run, reason=str(error))
