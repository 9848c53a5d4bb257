"""The names along the dimensions of the state, and how a state of the right shape is declared."""

from typing import Literal

import numpy as np

from model.arrays import Array
from model.rules.learning import TYPES
from model.schema.entries import ParameterChange, Shock
from model.schema.scenario import Scenario
from model.state.store import Store

type Stance = Literal["firmness", "escalation", "enforcement"]

STANCES: tuple[Stance, ...] = (
    "firmness",
    "escalation",
    "enforcement",
)


class Keys:
    """Give the rows of the state arrays their names, in the scenario's order."""

    def __init__(self, setting: Scenario) -> None:
        self.sides = list(setting.sides)
        self.issues = list(setting.issues)
        self.actors = list(setting.actors)
        self.groups = list(setting.constituencies)
        self.people = self.actors + self.groups
        self.regions = [*self.sides, "ROW"]
        self.shocks = [card.key for _, card in setting.of_kind(Shock)]
        self.changed = list(dict.fromkeys(c.parameter for _, c in setting.of_kind(ParameterChange)))

    def names(self, dim: str) -> list[str]:
        """Return the names along a dimension of the state."""
        dims: dict[str, list[str]] = {
            "side": self.sides,
            "issue": self.issues,
            "agent": self.people,
            "group": self.groups,
            "actor": self.actors,
            "region": self.regions,
            "shock": self.shocks,
            "parameter": self.changed,
            "stance": [*STANCES],
            "type": [f"{deviate:g}" for deviate in TYPES[:, 0]],
        }
        return dims[dim]


class Declarer:
    """Declare states of the right shape."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self.store, self.keys = store, keys

    def __call__(self, name: str, dims: str, value: float | Array, unit: str, meaning: str) -> None:
        """Add the state `name` over the dims ("side issue"), filled with a number or an array."""
        split = tuple(dims.split())
        shape = (*(len(self.keys.names(dim)) for dim in split), self.store.worlds)
        values = np.empty(shape)
        values[...] = value
        self.store.declare(name, split, values, unit, meaning)
