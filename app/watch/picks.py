"""Picks worlds worth watching: one of each ending, a typical one, the most surprising one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.statistics import wilson
from model.outcomes import OUTCOMES

MOST_LISTED = 40  # worlds of a kind that a menu names


@dataclass(frozen=True)
class Pick:
    """A world to watch: what is special about it, its number, and among how many it was found."""

    name: str
    world: int
    note: str


def picks(outcomes: pd.DataFrame) -> list[Pick]:
    """Return the worlds worth watching of a table of outcomes (index: world)."""
    found = []
    failed = failures(outcomes)
    if failed:
        note = _share(len(failed), len(outcomes))
        found.append(Pick("Failed at home", failed[0], note))
    for outcome in reversed(OUTCOMES):
        places = np.flatnonzero((outcomes["outcome"] == outcome.key).to_numpy())
        if places.size:
            note = _share(places.size, len(outcomes))
            found.append(Pick(outcome.title, int(outcomes.index[places[0]]), note))
    distance = _distance(outcomes)
    if not distance.any():  # all worlds are one
        return found
    counts = outcomes["outcome"].value_counts(normalize=True)
    often = outcomes["outcome"].map(counts).to_numpy(dtype=np.float64)
    common = np.where(often == often.max(), distance, np.inf)
    note = "the commonest ending, nearest to the middle in all that is measured"
    found.append(Pick("Typical", int(outcomes.index[int(common.argmin())]), note))
    odd = distance - np.log(often)
    note = "a rare ending, far from the middle in much that is measured"
    found.append(Pick("Most surprising", int(outcomes.index[int(odd.argmax())]), note))
    return found


def failures(outcomes: pd.DataFrame) -> list[int]:
    """Return the worlds in which an agreement failed at home, in order."""
    failed = outcomes.index[outcomes["involuntary_defections"].to_numpy() > 0.0]
    return [int(world) for world in failed]


def nearest(failed: Sequence[int], world: int, most: int = 4) -> list[int]:
    """Return the worlds nearest in number to one, in order.

    >>> nearest([3, 9, 14, 19, 30, 80], 17)
    [9, 14, 19, 30]
    """
    return sorted(sorted(failed, key=lambda other: abs(other - world))[:most])


def _share(count: int, worlds: int) -> str:
    """Return how many worlds are of a kind, with the 95 % interval.

    >>> _share(20, 100)
    '20 of 100 worlds, 20 % (95 %: 13 to 29)'
    """
    found = wilson(count, worlds)
    low, high = 100 * found.low, 100 * found.high
    share = f"{100 * found.estimate:.0f} % (95 %: {low:.0f} to {high:.0f})"
    return f"{count:,} of {worlds:,} worlds, {share}"


def _distance(outcomes: pd.DataFrame) -> np.ndarray:
    """Return how far each world is from the middle: mean squared distance of its ranks, 0 to 1.

    Of the numbers that every world has; ranks, so that no unit outweighs another.
    """
    numbers = outcomes.select_dtypes("number").dropna(axis=1)
    moving = numbers.loc[:, numbers.nunique() > 1]
    if moving.empty:
        return np.zeros(len(outcomes))
    ranks = moving.rank(pct=True).to_numpy()
    return np.asarray(4.0 * ((ranks - 0.5) ** 2).mean(axis=1))
