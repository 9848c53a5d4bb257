"""The intermediary: a back channel that makes sessions more likely and conveys information."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from model.arrays import Array
from model.rules.channels import believed, contact_chance, listeners
from model.rules.learning import update_normal
from model.rules.offers import SMALLEST
from model.sides import other_side
from model.state.random_streams import standard_normal

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Intermediary(Actor):
    """A back channel that may speak for its leader or only for itself; neither side knows which."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        sides = negotiation.setting.sides
        paths = listeners(negotiation.graph, key, {card.leader: s for s, card in sides.items()})
        self.sides = list(sides)
        leaders = [card.leader for card in sides.values()]
        self.paths = {leaders.index(leader): ways for leader, ways in paths.items()}

    def probe(self, week: int) -> None:
        """Make contact at random, which makes a session more likely, and convey information."""
        store = self.negotiation.store
        chance = contact_chance(
            self.parameter("channels.contact"),
            self.number("access"),
            self.parameter("channels.access"),
        )
        contact = self.drawn(f"contact/{self.key}", week) < chance
        store["contact"] = store["contact"] + contact
        store.set_row("contacted", self.row, contact)
        credible = believed(self.parameter("channels.bias"), self.parameter("channels.error"))
        with store.focus(contact & credible) as worlds:
            if worlds:
                for listener, paths in self.paths.items():
                    self.carry(week, listener, self.weight(paths))

    def weight(self, paths: list[list[str]]) -> Array:
        """Return the weight of the best path of the influence graph, 0 to 1 (R,).

        The weight of a path is the product of the weights of its edges.
        """
        best = self.negotiation.store.zeros()
        for path in paths:
            product = np.ones_like(best)
            for speaker, listener in pairwise(path):
                product = product * self.store.of("edges", f"{speaker}>{listener}", "weight")
            best = np.maximum(best, product)
        return best

    def carry(self, week: int, listener: int, weight: Array) -> None:
        """Convey the other side's reservation value to a leader, in the worlds in focus.

        A channel that does not speak for its leader reports the generally expected value, with the
        same noise. listener: row of the listener's side; weight: weight of the path (R,).
        """
        store = self.negotiation.store
        drawn = self.drawn(f"signal/{self.key}/{self.sides[listener]}", week)
        variance = store["signal_variance"]
        expected = store.row("expected", other_side(listener))
        beyond = np.where(
            self.real > 0.0, store.row("reservation", other_side(listener)) - expected, 0.0
        )
        signal = beyond + standard_normal(drawn) * np.sqrt(variance)
        mean, spread = update_normal(
            store.row("belief_shift", listener),
            store.row("belief_variance", listener),
            signal,
            variance / np.maximum(weight, SMALLEST),
            store.full(True),
        )
        store.set_row("belief_shift", listener, mean)
        store.set_row("belief_variance", listener, spread)
        self.negotiation.leaders[listener].hear_report(
            signal, variance / np.maximum(weight, SMALLEST)
        )

    @property
    def real(self) -> Array:
        """1 if the channel speaks for its leader, else 0 (R,)."""
        return self.negotiation.store.row("real", self.row)
