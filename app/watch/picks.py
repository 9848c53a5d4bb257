"""Pick worlds worth watching: one for each outcome, a typical one, and the most surprising one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.statistics import wilson
from model.outcomes import OUTCOMES

MOST_LISTED = 40  # worlds of one kind in a menu


@dataclass(frozen=True)
class Pick:
    """A world to watch: what is special about it, its number, and how common it is."""

    name: str
    world: int
    note: str


def picks(outcomes: pd.DataFrame) -> list[Pick]:
    """Return the worlds worth watching in a table of outcomes (index: world)."""
    picked = []
    failed = failures(outcomes)
    if failed:
        note = _share(len(failed), len(outcomes))
        picked.append(Pick("Failed at home", failed[0], note))
    for outcome in reversed(OUTCOMES):
        places = np.flatnonzero((outcomes["outcome"] == outcome.key).to_numpy())
        if places.size:
            note = _share(places.size, len(outcomes))
            picked.append(Pick(outcome.title, int(outcomes.index[places[0]]), note))
    distance = _distance(outcomes)
    if not distance.any():  # all worlds are equal
        return picked
    counts = outcomes["outcome"].value_counts(normalize=True)
    often = outcomes["outcome"].map(counts).to_numpy(dtype=np.float64)
    common = np.where(often == often.max(), distance, np.inf)
    note = "the most common ending, and closest to the middle in all numbers"
    picked.append(Pick("Typical", int(outcomes.index[int(common.argmin())]), note))
    odd = distance - np.log(often)
    note = "a rare ending, and far from the middle in many numbers"
    picked.append(Pick("Most surprising", int(outcomes.index[int(odd.argmax())]), note))
    return picked


def failures(outcomes: pd.DataFrame) -> list[int]:
    """Return the worlds in which an agreement failed at home, in order."""
    failed = outcomes.index[outcomes["involuntary_defections"].to_numpy() > 0.0]
    return [int(world) for world in failed]


def nearest(failed: Sequence[int], world: int, most: int = 4) -> list[int]:
    """Return the failed worlds whose numbers are closest to a world, in order.

    >>> nearest([3, 9, 14, 19, 30, 80], 17)
    [9, 14, 19, 30]
    """
    return sorted(sorted(failed, key=lambda other: abs(other - world))[:most])


def _share(count: int, worlds: int) -> str:
    """Return a count of worlds as text, with the share and its 95 % interval.

    >>> _share(20, 100)
    '20 of 100 worlds, 20 % (95 %: 13 to 29)'
    """
    interval = wilson(count, worlds)
    low, high = 100 * interval.low, 100 * interval.high
    share = f"{100 * interval.estimate:.0f} % (95 %: {low:.0f} to {high:.0f})"
    return f"{count:,} of {worlds:,} worlds, {share}"


def _distance(outcomes: pd.DataFrame) -> np.ndarray:
    """Return the distance of each world from the middle: mean squared distance of ranks, 0 to 1.

    It uses the numbers that every world has. Ranks are used so that units do not matter.
    """
    numbers = outcomes.select_dtypes("number").dropna(axis=1)
    moving = numbers.loc[:, numbers.nunique() > 1]
    if moving.empty:
        return np.zeros(len(outcomes))
    ranks = moving.rank(pct=True).to_numpy()
    return np.asarray(4.0 * ((ranks - 0.5) ** 2).mean(axis=1))
