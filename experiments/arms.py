"""Simulate variants of a scenario side by side in the same worlds: arms with other numbers."""

import gc
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.engine import CHUNK, Progress, run_worlds
from model.arrays import Array
from model.schema.mechanisms import neutral
from model.schema.scenario import Scenario

type Arm = Mapping[str, float]


def run_arms(
    setting: Scenario,
    arms: Sequence[Arm],
    worlds: int,
    seed: int = 1,
    progress: Progress | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the outcomes of the same worlds in each arm, in the order of the arms.

    Worlds are independent, so several arms are the worlds of one run. All arms have the same random
    numbers; an empty arm is the scenario itself.

    Args:
        setting: The scenario.
        arms: Values of numbers by dotted name, one mapping for each arm. They are not checked.
        worlds: Number of worlds in each arm.
        seed: Random seed.
        progress: Called with the number of world-weeks simulated since the last call.
    """
    together = max(1, CHUNK // worlds)
    names = list(dict.fromkeys(name for arm in arms for name in arm))  # one program serves all
    for start in range(0, len(arms), together):
        part = arms[start : start + together]
        outcomes = _run_part(setting, part, names, worlds, seed, progress)
        for arm in range(len(part)):
            yield outcomes.iloc[arm * worlds : (arm + 1) * worlds].reset_index(drop=True)
        gc.collect()  # models are cyclic


def same_outcomes(one: pd.DataFrame, other: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether every outcome column is equal, for each world; missing equals missing."""
    return ((one == other) | (one.isna() & other.isna())).all(axis=1)


def _run_part(
    setting: Scenario,
    arms: Sequence[Arm],
    names: Sequence[str],
    worlds: int,
    seed: int,
    progress: Progress | None,
) -> pd.DataFrame:
    """Return the outcomes of some arms, one after another in one table.

    names: the numbers that differ in any arm.
    """
    values = {name: declared.value for name, declared in setting.parameters().items()}
    values |= neutral(setting.off, list(setting.sides))
    sweep: dict[str, Array] = {}
    for name in names:
        numbers = [float(arm.get(name, values[name])) for arm in arms]
        sweep[name] = np.repeat(numbers, worlds)
    streams = np.arange(len(arms) * worlds, dtype=np.intp) % worlds
    return run_worlds(setting, streams, seed, sweep, progress=progress).outcomes
