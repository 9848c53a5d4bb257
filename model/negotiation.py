"""The negotiation: a Mesa model of two sides that simulates many worlds at once, week by week."""

from collections.abc import Callable, Mapping
from typing import Any

import mesa
import numpy as np

from model.arrays import Array, Index, Mask
from model.economy.pain import economy_of
from model.people import GoBetween, Group, Leader, Person
from model.phases.reservations import appraise
from model.rules.influence import graph_of
from model.rules.values import STRUCTURAL, Kind
from model.schema.entries import Election
from model.schema.scenario import Scenario
from model.state.keys import Keys
from model.state.random_streams import RandomStreams
from model.state.state import NONE, declare
from model.state.store import Store
from model.trace import Trace
from model.week import phases

Cast = Callable[["Negotiation"], Mapping[str, Any]]


class Negotiation(mesa.Model):
    """R worlds of a scenario, simulated week by week.

    store: state and parameters of all worlds; streams: their random numbers; cast: function that
    creates the agents (see agents.roster). Without `week`, the store is new and is filled with the
    initial state. A fork passes the store of another negotiation, its week, and whether that week
    has begun (`opened`).
    """

    engine: str = "auto"  # what runs it to its end: experiments.engines
    used: Any = None  # which engine did, and why

    def __init__(
        self,
        setting: Scenario,
        cast: Cast,
        store: Store,
        streams: RandomStreams,
        week: int | None = None,
        opened: bool = False,
    ) -> None:
        super().__init__(rng=0)  # Mesa's random numbers are not used
        self.setting = setting
        self.cast = cast
        self.store = store
        self.streams = streams
        self.keys = Keys(setting)
        self.graph = graph_of(setting)
        self.economy = economy_of(setting)
        self.families: list[str] = [card.family for card in setting.issues.values()]
        self.leaders_only = np.array([[card.leaders_only] for card in setting.issues.values()])
        self.kinds = [self._kinds(side) for side in self.keys.sides]
        self.week = 0 if week is None else week
        if week is None:
            declare(store, setting, streams)
        self.curved = setting.curved(store.swept())
        self.stepped = setting.stepped(store.swept())
        self.drafted = setting.drafted()
        self.trace: Trace | None = None  # records details of a week, if set
        self.mood: dict[str, Array] = {}  # by side: shift of all private views this week
        self.people: Mapping[str, Any] = cast(self)
        self.leaders: list[Leader] = [self.people[card.leader] for card in setting.sides.values()]
        self.groups: list[Group] = self._of_kind("constituency")
        self.between: list[GoBetween] = self._of_kind("intermediary")
        self.listeners: list[Person] = [self.people[key] for key in self.keys.actors]
        if week is None:
            self._begin()
        self.running = not bool(self.finished().all())
        self.opened = opened  # the week has begun, and the leaders have not moved yet
        self._resting = self.store.keep(np.arange(0, dtype=np.intp))

    @property
    def worlds(self) -> int:
        """Return the number of worlds."""
        return self.store.worlds

    def step(self) -> None:
        """Simulate a week, or the rest of one that has begun, in every world that has not ended.

        The phases and their order are in model/week.py.
        """
        self.open_week()
        self.close_week()

    def open_week(self) -> None:
        """Simulate the first part of a week: events, tariffs, the economy, opinions and contacts.

        The leaders have not moved yet, so a player in a seat can see the state before moving. A
        fork made at this point includes it.
        """
        if self.opened or not self.running:
            return
        self._resting = self._rest()
        self.week += 1
        for phase in phases("open"):
            phase.run(self)
        self.opened = True

    def close_week(self) -> None:
        """Simulate the second part of a week: the moves of the leaders and their consequences."""
        if not self.opened:
            return
        for phase in phases("close"):
            phase.run(self)
        self.store.restore(self._resting)
        self.opened = False
        self.running = not bool(self.finished().all())

    # Queries for phases and agents

    def finished(self) -> Mask:
        """Return whether each world has ended (R,)."""
        ended: Mask = self.store["weeks"] >= self.store["time.horizon"]
        if self.setting.time.stop_at_agreement:
            ended = ended | (self.store["agreement_week"] != NONE)
        return ended

    def campaign(self, side: str) -> Array:
        """Return the proximity of a side's next election (R,): 0 far away or none, 1 this week."""
        window = self.store["campaign.window"]
        proximity = np.zeros_like(window)
        for row, event in self.setting.of_kind(Election):
            if event.side == side:
                weeks = self.store.of("events", row, "week") - self.week
                current = np.where(weeks >= 0.0, 1.0 - weeks / window, 0.0)
                proximity = np.maximum(proximity, current)
        return proximity

    def stance_abroad(self) -> Array:
        """Return the mean firmness of the observers, 0 to 1 (R,); 0 without observers.

        It is weighted by their weights to the degree `third.weights`, if any weight is positive.
        """
        store = self.store
        observers = [group for group in self.groups if group.side not in self.keys.sides]
        total, weighted, mass = store.zeros(), store.zeros(), store.zeros()
        for group in observers:
            firmness = store.row("opinion", group.row)[0]
            weight = store.of("constituencies", group.key, "weight")
            total = total + firmness
            weighted, mass = weighted + weight * firmness, mass + weight
        plain = total / max(len(observers), 1)
        if len(observers) < 2:  # one observer is the mean of the observers
            return plain
        by_weight = np.where(mass > 0.0, weighted / np.where(mass > 0.0, mass, 1.0), plain)
        share = store["third.weights"]
        return np.where(share > 0.0, plain + share * (by_weight - plain), plain)

    def groups_of(self, side: int) -> list[Group]:
        """Return the constituencies of a side."""
        return [group for group in self.groups if group.side == self.keys.sides[side]]

    def speakers(self, key: str) -> list[str]:
        """Return the actors of the same side to whom an actor listens, without constituencies."""
        nodes = self.graph.nodes
        return [
            speaker
            for speaker in self.graph.predecessors(key)
            if nodes[speaker]["side"] == nodes[key]["side"]
            and nodes[speaker]["kind"] != "constituency"
        ]

    def select(self, index: Index) -> "Negotiation":
        """Return a negotiation with some of the worlds, at the same week.

        Raises RuntimeError if the week has begun.
        """
        if self.opened:
            raise RuntimeError(f"week {self.week} has begun: select worlds between two weeks.")
        chosen = Negotiation(
            self.setting, self.cast, self.store.select(index), self.streams.select(index), self.week
        )
        chosen.engine = self.engine
        return chosen

    # Internals

    def _begin(self) -> None:
        """Set pain, incomes, trade and utilities before the first week."""
        store = self.store
        self.economy.weigh_harm(store)
        self.economy.feel(store)
        store["pain"] = store["raw_pain"]
        store["pain_at_start"] = store["raw_pain"]
        store["income_start"] = store["income_level"]
        store["trade_start"] = store["trade_level"]
        store["exports_start"] = store["exports_level"]
        appraise(self)

    def _kinds(self, side: str) -> list[Kind]:
        return [
            Kind(
                received=card.owner != side,
                tariff=card.tariff,
                netted=bool(card.counts_above),
                controls=card.relieves == "export_controls",
                structural=card.owner == side and card.family in STRUCTURAL,
            )
            for card in self.setting.issues.values()
        ]

    def _of_kind(self, kind: str) -> list[Any]:
        return [person for person in self.people.values() if person.kind == kind]

    def _rest(self) -> tuple[Index, dict[str, Any]]:
        """Copy the state of worlds that have ended, because the next week must not change it."""
        return self.store.keep(np.flatnonzero(self.finished()))
