"""The constituency: a group with pain, demands on its leader, and support for packages."""

from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from model.arrays import Array, stack, unit
from model.rules.ratification import pivot
from model.state.names import GroupField

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Constituency(Actor):
    """A group at home, or an observer abroad, with a weight, stakes and its own threshold."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        self.group = row - len(negotiation.keys.actors)  # its row among the constituencies
        self.is_observer = self.side not in negotiation.keys.sides

    def of_group(self, name: GroupField) -> Array:
        """Return a number of the group's entry in the scenario (R,)."""
        return self.store.of("constituencies", self.key, name)

    @property
    def pain(self) -> Array:
        """Smoothed pain in unit pain (R,); 1 is a side's pain under the tariffs of late 2019."""
        return self.negotiation.store.row("pain", self.group)

    @property
    def weight(self) -> Array:
        """Share of the group in the total weight of its side (R,)."""
        return self.negotiation.store.row("weight", self.group)

    @property
    def voice(self) -> Array:
        """Share of the group in the weight at home this week, larger with its losses (R,)."""
        return self.negotiation.store.row("voice", self.group)

    @property
    def threshold(self) -> Array:
        """Utility of a package at which the group is undecided, in points (R,).

        An election, a firm leader or an exposed back channel shifts it; a promised side payment
        lowers it.
        """
        store = self.negotiation.store
        drawn = store.row("group_threshold", self.group)
        if self.is_observer:
            return drawn
        side = self.negotiation.keys.sides.index(self.side)
        shifted = drawn + store.row("threshold_shift", side)
        return shifted - store.row("payment", self.group)

    def feel(self) -> None:
        """Update the smoothed pain y with the pain of the week: rho y + (1 - rho) raw."""
        store = self.negotiation.store
        memory = self.parameter("economy.pain_memory")
        raw = store.row("raw_pain", self.group)
        store.set_row("pain", self.group, memory * self.pain + (1.0 - memory) * raw)

    def counsel(self) -> Array:
        """Return the group's demands on its leader (3, R); a group listens to no other actor."""
        return self.complain()

    def complain(self) -> Array:
        """Return the group's demands on its leader (3, R): pain lowers the firmness it asks for.

        Observers abroad have no leader at the table; pain makes them firmer, and a deal that serves
        them makes them less firm.
        """
        above = self.pain - self.negotiation.store.row("pain_at_start", self.group)
        response = -np.ones_like(above) if self.is_observer else self.of_group("responsiveness")
        softening = self.parameter("influence.pain_softens") * response * above
        if self.is_observer:
            softening = softening + self.parameter("third.stakes") * self.worth_of_deal()
        firmness = unit(self.of_group("firmness") - softening)
        return stack(firmness, firmness, firmness)

    def worth_of_deal(self) -> Array:
        """Return what the deal in force is worth to the group, in points (R,); 0 without one."""
        store, total = self.negotiation.store, self.negotiation.store.zeros()
        for level, (key, card) in zip(
            store["agreement"], self.negotiation.setting.issues.items(), strict=True
        ):
            if self.key in card.stakes:
                given = np.where(np.isnan(level), 0.0, level)
                total = total + given * store.of("issues", key, "stakes", self.key)
        return total

    def support(self, worth: Array) -> Array:
        """Return the probability that the group supports a package (R,).

        worth: utility of the package to the group, in points (R,).
        """
        return pivot(worth, self.threshold, self.parameter("ratification.group_spread"))
