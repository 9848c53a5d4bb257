"""The actor: what leaders, advisers, intermediaries and constituencies have in common."""

from typing import TYPE_CHECKING, cast

import mesa
import numpy as np

from model.arrays import Array
from model.influence import friedkin_johnsen, listen, within
from model.store import Values

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Actor(mesa.Agent):
    """Somebody who holds opinions, listens to others, and lives in many worlds at once.

    What an actor knows stands in the negotiation's store; `self.row` is its row there.
    """

    section = "actors"

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation)
        self.key = key
        self.row = row
        card = negotiation.graph.nodes[key]
        self.title: str = card["title"]
        self.side: str = card["side"]
        self.kind: str = card["kind"]
        self.speakers: list[str] = negotiation.speakers(key)

    @property
    def negotiation(self) -> "Negotiation":
        """Return the negotiation that the actor takes part in."""
        return cast("Negotiation", self.model)

    def number(self, name: str) -> Array:
        """Return a number of the actor's card in the scenario (R,)."""
        return self.negotiation.store[f"{self.section}.{self.key}.{name}"]

    def parameter(self, name: str) -> Array:
        """Return a parameter of the scenario by its dotted name (R,)."""
        return self.negotiation.store[name]

    @property
    def opinion(self) -> Values:
        """Return firmness, taste for escalation and demand for enforcement (3, R)."""
        return self.negotiation.store.row("opinion", self.row)

    @opinion.setter
    def opinion(self, values: Array) -> None:
        self.negotiation.store.set_row("opinion", self.row, values)

    def counsel(self) -> Array:
        """Return the opinion for the coming week: what one hears, mixed with one's own view (3, R)."""
        own = self.view()
        if not self.speakers:
            return own
        heard = self.hear()
        opinion = friedkin_johnsen(heard, own, self.number("susceptibility"))
        return np.clip(opinion, 0.0, 1.0)

    def hear(self) -> Array:
        """Return the mean opinion of those whom the actor listens to (3, R)."""
        people = self.negotiation.people
        opinions = [people[speaker].opinion for speaker in self.speakers]
        weights = [
            self.parameter(f"edges.{speaker}>{self.key}.weight") for speaker in self.speakers
        ]
        bound, mine = self.parameter("influence.confidence"), self.opinion
        return listen(opinions, weights, [within(mine, opinion, bound) for opinion in opinions])

    def view(self) -> Array:
        """Return the private view: the actor's stance, moved by pain, rally and mistrust (3, R)."""
        if self.side not in self.negotiation.keys.sides:
            return self.stance()
        store, side = self.negotiation.store, self.negotiation.keys.sides.index(self.side)
        pain, rally = store.row("side_pain", side), store.row("rally", side)
        mistrust = self.negotiation.mistrust(side)
        firmness, escalation, enforcement = self.stance()
        firmness = (
            firmness
            - self.parameter("influence.pain_softens") * pain
            + self.parameter("influence.rally_hardens") * rally
            + self.parameter("influence.mistrust_hardens") * mistrust
        )
        enforcement = enforcement + self.parameter("influence.mistrust_enforcement") * mistrust
        return np.clip(np.stack([firmness, escalation, enforcement]), 0.0, 1.0)

    def stance(self) -> Array:
        """Return the actor's stance as the scenario has it (3, R)."""
        return np.stack([self.number(name) for name in ("firmness", "escalation", "enforcement")])
