"""Agents with rules that no program can repeat, for the tests; each line at fault is marked."""

from typing import Any, ClassVar

import numpy as np

from agents.adviser import Adviser
from model.arrays import Array, unit


class Asks(Adviser):
    """Do something else where the worlds agree on average."""

    def counsel(self) -> Array:
        said = super().counsel()
        if float(said[0].mean()) > 0.5:  # here
            said = unit(said + 0.01)
        return said


class Averages(Adviser):
    """Look at the mean over all worlds."""

    def counsel(self) -> Array:
        said = super().counsel()
        return unit(said + 0.01 * said.mean())  # here


class Measures(Adviser):
    """Ask how many worlds there are."""

    def counsel(self) -> Array:
        said = super().counsel()
        return unit(said + np.zeros(self.store.width))  # here


class Counts(Adviser):
    """Remember something in Python from week to week."""

    met = 0

    def counsel(self) -> Array:
        self.met = self.met + 1
        return super().counsel()


class Picks(Adviser):
    """Look at the first world."""

    def counsel(self) -> Array:
        said = super().counsel()
        return unit(said + said[..., :1])  # here


class Chooses(Adviser):
    """Do something else in a certain week."""

    def counsel(self) -> Array:
        said = super().counsel()
        return unit(said + 0.1) if self.negotiation.week == 10 else said  # here


class Copies(Adviser):
    """Leave NumPy's protocols."""

    def counsel(self) -> Array:
        said = super().counsel()
        return np.array([said[0], said[1], said[2]])  # here


class Sorts(Adviser):
    """Use a function that no operation corresponds to."""

    def counsel(self) -> Array:
        said = super().counsel()
        return np.sort(said, axis=0)  # here


class Remembers(Adviser):
    """Hide a number where the recorder does not look."""

    hidden: ClassVar[dict[str, float]] = {}

    def counsel(self) -> Array:
        self.hidden[self.key] = self.hidden.get(self.key, 0.0) + 0.01
        return unit(super().counsel() + self.hidden[self.key])


class Contrary(Adviser):
    """Say the opposite where approval is low: nothing that cannot be recorded."""

    def counsel(self) -> Array:
        low = self.store.row("approval", self.negotiation.keys.sides.index(self.side)) < 0.45
        said = super().counsel()
        return np.where(low, unit(1.0 - said), said)


MARKED: dict[Any, str] = {
    Asks: "reduced over the worlds",
    Averages: "reduced over the worlds",
    Measures: "number of worlds",
    Picks: "axis of the worlds",
    Chooses: "branches on a value",
    Copies: "plain NumPy array",
    Sorts: "numpy.sort",
}
UNMARKED: dict[Any, str] = {Counts: '"met" of', Remembers: "differs from `step`"}
