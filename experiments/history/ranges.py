"""The uncertain parameters of the calibration: prior ranges, and their map to the unit cube."""

import numpy as np
import pandas as pd
from scipy.stats import qmc

from experiments.history import record
from experiments.statistics import keyed_generator
from model.arrays import Array
from model.schema.scenario import Scenario, load_scenario

LOG, WHOLE = "log", "whole"  # scales other than "linear"


def ranges() -> pd.DataFrame:
    """Return lowest and highest value, scale and reason of each parameter, by dotted name."""
    return record.table("ranges").set_index("name")


def names() -> list[str]:
    """Return the dotted names of the uncertain parameters."""
    return [str(name) for name in ranges().index]


def shared_names(scenario: Scenario) -> list[str]:
    """Return the uncertain parameters that have the same meaning in another scenario.

    These are the parameters that have the same value in both scenarios. A draw for 2018 has no
    information about parameters that a scenario sets for itself (the size of its threats, the part
    of a rise that a truce undoes).
    """
    past = load_scenario(record.SCENARIO, {"edition": scenario.edition})
    here, there = past.parameters(), scenario.parameters()
    return [name for name in names() if name in there and there[name].value == here[name].value]


def to_parameters(unit: Array) -> pd.DataFrame:
    """Convert points of the unit cube (P, parameters) to parameter values, a column each.

    Logarithmic ranges are filled evenly in the logarithm. Each whole number gets an equal part.
    """
    table = ranges()
    columns = {}
    for column, (name, low, high, scale) in enumerate(
        zip(table.index, table["low"], table["high"], table["scale"], strict=True)
    ):
        share = unit[:, column]
        if scale == LOG:
            values = low * (high / low) ** share
        elif scale == WHOLE:
            values = np.minimum(np.floor(low + share * (high - low + 1)), high)
        else:
            values = low + share * (high - low)
        columns[str(name)] = values
    return pd.DataFrame(columns).rename_axis("point")


def to_unit_cube(points: pd.DataFrame) -> Array:
    """Convert parameter values to points of the unit cube (P, parameters).

    The inverse of `to_parameters`, except that whole numbers become the middle of their part.
    """
    table = ranges()
    columns = []
    for name, low, high, scale in zip(
        table.index, table["low"], table["high"], table["scale"], strict=True
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
    """Return a Latin hypercube in the unit cube (points, parameters) (McKay et al. 1979)."""
    rng = int(keyed_generator(purpose, seed).integers(1, 2**31))  # scipy needs an integer seed
    return qmc.LatinHypercube(len(names()), rng=rng).random(points)
