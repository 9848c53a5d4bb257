"""Compromise model of the contents of a deal: the weighted mean of both sides' positions.

For each issue the prediction is (w1 p1 + w2 p2) / (w1 + w2), with positions p and weights w equal
to capability times salience (Van den Bos 1991; in Achen 2006 it performs as well as any richer
model). Positions and weights are judgements made for this project.
"""

import numpy as np
import pandas as pd

from experiments.history import record
from experiments.history.scores import fair_crps
from model.arrays import Array


def mean_voter(positions: Array, weights: Array) -> Array:
    """Return the weighted mean of positions (actors, issues), weights of the same shape.

    >>> mean_voter(np.array([[1.0], [0.0]]), np.array([[3.0], [1.0]])).tolist()
    [0.75]
    """
    mean: Array = (weights * positions).sum(axis=0) / weights.sum(axis=0)
    return mean


def prediction() -> Array:
    """Return the prediction compromise on each issue of 2018-20 (issue,), from 0 to 1."""
    known = record.table("positions")
    positions = known[["us_wants", "cn_wants"]].to_numpy(dtype=np.float64).T
    weights = known[["us_weight", "cn_weight"]].to_numpy(dtype=np.float64).T
    return mean_voter(positions, weights)


def contents(packages: Array) -> pd.DataFrame:
    """Return the contents of Phase One, the compromise and the worlds' first deals, by issue.

    packages: levels (issue, worlds), NaN without a deal. Columns: issue, phase_one, compromise,
    middle, model (median), low and high (range of nine deals in ten), and the CRPS of three
    forecasts: crps_model, crps_compromise, crps_middle (the CRPS of a single number is its
    distance).
    """
    made = packages[:, ~np.isnan(packages).any(axis=0)]
    if made.shape[1] < 2:
        raise ValueError("fewer than two worlds with a deal: nothing to compare")
    known = record.table("positions")
    actual = known["phase_one"].to_numpy(dtype=np.float64)
    compromise = prediction()
    low, middle, high = np.quantile(made, [0.05, 0.5, 0.95], axis=1)
    return pd.DataFrame(
        {
            "issue": known["issue"],
            "phase_one": actual,
            "compromise": compromise,
            "middle": 0.5,
            "model": middle,
            "low": low,
            "high": high,
            "crps_model": fair_crps(made, actual),
            "crps_compromise": np.abs(compromise - actual),
            "crps_middle": np.abs(0.5 - actual),
        }
    )
