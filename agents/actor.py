"""The actor: base class of leaders, advisers, intermediaries and constituencies."""

from typing import TYPE_CHECKING

import mesa

from agents.conduct import Conduct
from model.arrays import Array, unit
from model.rules.influence import friedkin_johnsen, listen, reached, within
from model.state.names import ActorField, ParameterName
from model.state.store import Store, Values

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Actor(mesa.Agent):
    """An agent with opinions that listens to others, in many worlds at once.

    Its state is in the store of the negotiation, in row `self.row`. Its conduct makes the model's
    moves, unless a player or a program takes the seat.
    """

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation)
        self.negotiation = negotiation
        self.store: Store = negotiation.store
        self.key = key
        self.row = row
        card = negotiation.graph.nodes[key]
        self.title: str = card["title"]
        self.side: str = card["side"]
        self.kind: str = card["kind"]
        self.speakers: list[str] = negotiation.speakers(key)
        self.conduct = Conduct()

    def number(self, name: ActorField) -> Array:
        """Return a number of the actor's entry in the scenario (R,)."""
        return self.store.of("actors", self.key, name)

    def parameter(self, name: ParameterName) -> Array:
        """Return a parameter of the scenario by its dotted name (R,)."""
        parameter: Array = self.store[name]
        return parameter

    def drawn(self, purpose: str, week: int) -> Array:
        """Return one uniform random number per world for a purpose and a week (R,)."""
        drawn: Array = self.store.here(self.negotiation.streams.uniform(purpose, week))
        return drawn

    @property
    def opinion(self) -> Values:
        """Firmness, taste for escalation and demand for enforcement, each 0 to 1 (3, R)."""
        return self.store.row("opinion", self.row)

    @opinion.setter
    def opinion(self, values: Array) -> None:
        self.store.set_row("opinion", self.row, values)

    def counsel(self) -> Array:
        """Return next week's opinion (3, R): the opinions heard, mixed with the private view."""
        own = self.view()
        opinion = friedkin_johnsen(self.hear(own), own, self.number("susceptibility"))
        return unit(opinion)

    def hear(self, own: Array) -> Array:
        """Return the mean opinion of the actors to whom this one listens (3, R); `own` if none.

        A speaker with less than full access is heard less, and the own view fills the rest.
        """
        people = self.negotiation.people
        opinions = [people[speaker].opinion for speaker in self.speakers]
        bound, mine = self.parameter("influence.confidence"), self.opinion
        near = [within(mine, opinion, bound) for opinion in opinions]
        weights, unheard = [], self.store.zeros()
        for speaker, close in zip(self.speakers, near, strict=True):
            weight = self.store.of("edges", f"{speaker}>{self.key}", "weight")
            access = self.store.of("actors", speaker, "access")
            share = reached(access, self.parameter("influence.access"))
            weights.append(weight * share)
            unheard = unheard + weight * (1.0 - share) * close
        if trace := self.negotiation.trace:
            effective = [weight * close for weight, close in zip(weights, near, strict=True)]
            trace.hear(self.key, own, self.speakers, effective, opinions, unheard)
        always = self.store.full(True)
        return listen([*opinions, own], [*weights, unheard], own, [*near, always])

    def view(self) -> Array:
        """Return the private view (3, R): the actor's conviction, shifted by its side's mood."""
        view: Array = self.store.row("conviction", self.row)
        mood = self.negotiation.mood.get(self.side)
        return view if mood is None else unit(view + mood)
