"""The constituency: feels the economy and the deal, presses its leader, supports a package."""

from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from model.arrays import Array, stack, unit
from model.rules.ratification import pivot
from model.state.names import GroupField

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Constituency(Actor):
    """A group at home (or abroad, watching) with a weight, stakes and a threshold of its own."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        self.group = row - len(negotiation.keys.actors)  # its row among the constituencies
        self.watches = self.side not in negotiation.keys.sides

    def of_group(self, name: GroupField) -> Array:
        """Return a number of the group's entry in the scenario (R,)."""
        return self.store.of("constituencies", self.key, name)

    @property
    def pain(self) -> Array:
        """Return the smoothed pain (R,); 1 is a side's pain under the tariffs of late 2019."""
        return self.negotiation.store.row("pain", self.group)

    @property
    def weight(self) -> Array:
        """Return the group's share of its side's weight (R,)."""
        return self.negotiation.store.row("weight", self.group)

    def feel(self) -> None:
        """Let the week's pain sink in: y <- rho y + (1 - rho) raw."""
        store = self.negotiation.store
        memory = self.parameter("economy.pain_memory")
        raw = store.row("raw_pain", self.group)
        store.set_row("pain", self.group, memory * self.pain + (1.0 - memory) * raw)

    def counsel(self) -> Array:
        """Return what the group wants of its leader (3, R): it hears nobody but itself."""
        return self.complain()

    def complain(self) -> Array:
        """Return what the group tells its leader (3, R): pain makes it ask for less firmness.

        Those who watch from abroad have no leader at the table: pain makes them stand firmer.
        """
        above = self.pain - self.negotiation.store.row("pain_at_start", self.group)
        stills = -np.ones_like(above) if self.watches else self.of_group("responsiveness")
        softened = self.parameter("influence.pain_softens") * stills * above
        firmness = unit(self.of_group("firmness") - softened)
        return stack(firmness, firmness, firmness)

    def support(self, worth: Array) -> Array:
        """Return the chance that the group is for a package of this worth to it (R,)."""
        threshold = self.negotiation.store.row("group_threshold", self.group)
        return pivot(worth, threshold, self.parameter("ratification.group_spread"))
