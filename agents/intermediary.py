"""The intermediary: a back channel that makes sessions more likely and conveys information."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from model.arrays import Array, Mask
from model.people import Leader
from model.rules.channels import believed, contact_chance, listeners, routes
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
        of_leaders = {card.leader: s for s, card in sides.items()}
        self.sides, rows = list(sides), list(of_leaders)
        paths = listeners(negotiation.graph, key, of_leaders)
        self.paths = {rows.index(leader): ways for leader, ways in paths.items()}
        across = routes(negotiation.graph, key, of_leaders)
        self.routes = {rows.index(leader): ways for leader, ways in across.items()}

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
            best = np.maximum(best, self.product(path))
        return best

    def best_path(self, paths: list[list[str]]) -> Array:
        """Return the number of the path with the largest weight (R,), the first among equals."""
        number, best = self.store.zeros(), self.product(paths[0])
        for place, path in enumerate(paths[1:], start=1):
            product = self.product(path)
            number = np.where(product > best, float(place), number)
            best = np.maximum(best, product)
        return number

    def product(self, path: list[str]) -> Array:
        """Return the product of the weights of the edges of a path (R,)."""
        product = self.store.full(1.0)
        for speaker, listener in pairwise(path):
            product = product * self.store.of("edges", f"{speaker}>{listener}", "weight")
        return product

    def sets_out(self, week: int, sender: "Leader") -> Mask:
        """Return whether the channel is in contact and sets out with a trial package (R,)."""
        wants = self.drawn(f"trial/{self.key}", week) < self.parameter("channels.trial")
        wants = sender.conduct.entrust(sender, self.key, wants)
        sets_out: Mask = wants & (self.negotiation.store.row("contacted", self.row) > 0.0)
        return sets_out

    def delay(self, week: int) -> Array:
        """Return a uniform random number (R,): what the channel carries arrives if it is small.

        It must be below the weight of the path.
        """
        return self.drawn(f"delivery/{self.key}", week)

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
