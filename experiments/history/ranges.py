"""The uncertain numbers of the calibration: their prior ranges, and the unit cube they fill."""

import numpy as np
import pandas as pd
from scipy.stats import qmc

from experiments.history import record
from experiments.statistics import keyed_generator
from model.arrays import Array
from model.schema.scenario import Scenario, load_scenario

LOG, WHOLE = "log", "whole"  # scales beside "linear"


def ranges() -> pd.DataFrame:
    """Return lowest and highest value, scale and reason of each number, indexed by dotted name."""
    return record.table("ranges").set_index("name")


def names() -> list[str]:
    """Return the dotted names of the uncertain numbers."""
    return [str(name) for name in ranges().index]


def shared(scenario: Scenario) -> list[str]:
    """Return those of the uncertain numbers that mean the same in another scenario.

    These are the numbers that both scenarios set alike. What a scenario sets for itself (the size
    of its threats, what a truce undoes) a draw for 2018 says nothing about.
    """
    here, there = load_scenario(record.SCENARIO).parameters(), scenario.parameters()
    return [name for name in names() if name in there and there[name].value == here[name].value]


def scaled(unit: Array) -> pd.DataFrame:
    """Return points of the unit cube (P, numbers) as numbers of the scenario, a column a number.

    Logarithmic ranges are filled evenly in the logarithm; whole numbers each get an equal part.
    """
    found = ranges()
    columns = {}
    for place, (name, low, high, scale) in enumerate(
        zip(found.index, found["low"], found["high"], found["scale"], strict=True)
    ):
        share = unit[:, place]
        if scale == LOG:
            values = low * (high / low) ** share
        elif scale == WHOLE:
            values = np.minimum(np.floor(low + share * (high - low + 1)), high)
        else:
            values = low + share * (high - low)
        columns[str(name)] = values
    return pd.DataFrame(columns).rename_axis("point")


def as_unit(points: pd.DataFrame) -> Array:
    """Return numbers of the scenario as points of the unit cube (P, numbers): undoes `scaled`.

    Whole numbers come back as the middle of their part.
    """
    found = ranges()
    columns = []
    for name, low, high, scale in zip(
        found.index, found["low"], found["high"], found["scale"], strict=True
    ):
        values = points[name].to_numpy(dtype=np.float64)
        if scale == LOG:
            columns.append(np.log(values / low) / np.log(high / low))
        elif scale == WHOLE:
            columns.append((values - low + 0.5) / (high - low + 1))
        else:
            columns.append((values - low) / (high - low))
    return np.stack(columns, axis=1)


def latin(points: int, purpose: str, seed: int) -> Array:
    """Return a Latin hypercube in the unit cube (points, numbers) (McKay et al. 1979)."""
    rng = int(keyed_generator(purpose, seed).integers(1, 2**31))  # scipy spawns from numbers only
    return qmc.LatinHypercube(len(names()), rng=rng).random(points)
