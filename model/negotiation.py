"""The negotiation: two sides, their people, and what happens in a week, in many worlds at once."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import mesa
import numpy as np

from model import approval, trust
from model.arrays import Array, Index, Mask
from model.influence import graph_of
from model.luck import Luck
from model.outcomes import DECOUPLED_TRADE
from model.pain import economy_of
from model.scenario import Scenario
from model.settlement import close_deal
from model.state import DEAL, NONE, Keys, declare
from model.store import Store
from model.values import Kind

TEN_POINTS = 0.10


class Person(Protocol):
    """What the negotiation asks of anybody in it."""

    key: str
    side: str
    kind: str

    opinion: Any  # firmness, taste for escalation, demand for enforcement (3, R)

    def counsel(self) -> Array:
        """Return the opinion for the coming week (3, R)."""


class Head(Person, Protocol):
    """What the negotiation asks of a leader."""

    side_row: int

    def appraise(self) -> None:
        """Set the worth of each issue and the reservation."""

    def propose(self) -> Array:
        """Return the package to offer (issues, R)."""

    def answer(self, package: Array) -> Mask:
        """Return where an offer is accepted (R,)."""

    def listen_to(self, package: Array) -> None:
        """Learn from an offer of the other."""

    def be_refused(self, package: Array, refused: Mask) -> None:
        """Learn from a refusal."""

    def ratify(self, package: Array) -> Array:
        """Return the chance that a package passes at home (R,)."""

    def retaliate(self, size: Array, week: int) -> Array:
        """Return the tariff rise that answers one of the other (R,)."""

    def access(self) -> Array:
        """Return the access of who leads the talks (R,)."""


class Group(Person, Protocol):
    """What the negotiation asks of a constituency."""

    def feel(self) -> None:
        """Let the pain of the week sink in."""

    def complain(self) -> Array:
        """Return what the group asks of its leader (3, R)."""


class GoBetween(Person, Protocol):
    """What the negotiation asks of an intermediary."""

    def probe(self, week: int) -> None:
        """Make contact, and carry what the other side would settle for."""


Cast = Callable[["Negotiation"], Mapping[str, Any]]


class Negotiation(mesa.Model):
    """R worlds of a scenario, week by week.

    store: the state of all worlds, parameters included; luck: their random numbers; cast: who plays
    (agents.roster.cast). `start` fills a new store; a fork brings the store of another negotiation.
    """

    def __init__(
        self, setting: Scenario, cast: Cast, store: Store, luck: Luck, week: int | None = None
    ) -> None:
        super().__init__(rng=0)  # Mesa's own luck is not used
        self.setting = setting
        self.cast = cast
        self.store = store
        self.luck = luck
        self.keys = Keys(setting)
        self.graph = graph_of(setting)
        self.economy = economy_of(setting)
        self.kinds = [self._kinds(side) for side in self.keys.sides]
        self.week = 0 if week is None else week
        if week is None:
            declare(store, setting, luck)
        self.mood: dict[str, Array] = {}  # by side: what moves everybody's private view this week
        self.people: Mapping[str, Any] = cast(self)
        self.leaders: list[Head] = [self.people[card.leader] for card in setting.sides.values()]
        self.groups: list[Group] = self._of_kind("constituency")
        self.between: list[GoBetween] = self._of_kind("intermediary")
        self.listeners: list[Person] = [self.people[key] for key in self.keys.actors]
        if week is None:
            self._begin()
        self.running = not bool(self.finished().all())

    @property
    def worlds(self) -> int:
        """Return how many worlds run side by side."""
        return self.store.worlds

    def step(self) -> None:
        """Live one week in every world that has not ended."""
        if not self.running:
            return
        resting = self._rest()
        self.week += 1
        self.raise_tariffs()
        self.economy.feel(self.store)
        self.take_counsel()
        self.appraise()
        self.probe()
        self.talk()
        self.ratify()
        self.judge()
        self.take_stock()
        self.store.restore(resting)
        self.running = not bool(self.finished().all())

    # The phases of a week

    def raise_tariffs(self) -> None:
        """Bring into force what was announced, and let the other side answer."""
        store = self.store
        free = store["phase"] != DEAL
        store["pending_weeks"] = np.maximum(store["pending_weeks"] - 1.0, 0.0)
        for row, event in enumerate(self.setting.events):
            side = self.keys.sides.index(event.side)
            told, due = (
                free & (np.maximum(store[f"events.{row}.{date}"], 1.0) == self.week)
                for date in ("announced", "week")
            )  # what is dated before the first week comes in the first
            size = store[f"events.{row}.size"]
            store.set_row("threats", side, store.row("threats", side) + (told & (size > 0.0)))
            self._raise(side, np.where(due, size, 0.0))
            if event.answered and due.any():
                self._answer(1 - side, np.where(due, size, 0.0))
        due = free & (store["pending_weeks"] <= 0.0) & (store["pending"] > 0.0)
        for side in (0, 1):
            rise = np.where(due[side], store.row("pending", side), 0.0)
            store.set_row("pending", side, store.row("pending", side) - rise)
            self._raise(side, rise)

    def take_counsel(self) -> None:
        """Let groups feel and complain, and everybody hear those whom they listen to."""
        for group in self.groups:
            group.feel()
            group.opinion = group.complain()
        self._weigh_pain()
        self.mood = {side: self._mood(row) for row, side in enumerate(self.keys.sides)}
        heard = [actor.counsel() for actor in self.listeners]
        for actor, opinion in zip(self.listeners, heard, strict=True):
            actor.opinion = opinion

    def appraise(self) -> None:
        """Set demands for enforcement, the worth of each issue, and the reservations."""
        store = self.store
        asked = 0.5 * (self._demand(0) + self._demand(1))
        lowest, highest = store["enforcement.lowest"], store["enforcement.highest"]
        store["enforcement_asked"] = np.maximum(np.minimum(asked, highest), lowest)
        for leader in self.leaders:
            leader.appraise()

    def probe(self) -> None:
        """Let the back channels make contact and carry what the other side would settle for."""
        self.store["contact"] = np.zeros(self.worlds)
        for channel in self.between:
            channel.probe(self.week)

    def talk(self) -> None:
        """Hold a session where the sides meet: one offers, the other answers, both learn."""
        store = self.store
        rate = store["talks.rate"] * 0.5 * (self.leaders[0].access() + self.leaders[1].access())
        lifted = 1.0 - (1.0 - rate) * np.where(
            store["contact"] > 0.0, 1.0 - store["channels.contact_lift"], 1.0
        )
        meeting = (self.luck.uniform("talks", self.week) < lifted) & (store["phase"] != DEAL)
        store["agreed"] = np.zeros(self.worlds)
        turn = store["turn"].copy()
        for proposer, answerer in (self.leaders, self.leaders[::-1]):
            with store.focus(meeting & (turn == proposer.side_row)) as worlds:
                if worlds:
                    self._session(proposer, answerer)

    def ratify(self) -> None:
        """Bring agreements home: in force if both sides ratify, else an involuntary defection."""
        store = self.store
        luck = [self.luck.uniform(f"ratify/{side}", self.week) for side in self.keys.sides]
        with store.focus(store["agreed"] > 0.0) as worlds:
            if not worlds:
                return
            package = store["table"]
            passed = [
                store.here(luck[leader.side_row]) < leader.ratify(package)
                for leader in self.leaders
            ]
            for side in (0, 1):  # who fails at home loses the other's trust
                lost = np.where(passed[side], 0.0, store["trust.defection_weight"])
                store.set_row("broken", 1 - side, store.row("broken", 1 - side) + lost)
            close_deal(store, self.setting, self.week, passed[0] & passed[1])

    def judge(self) -> None:
        """Let memories fade, trust follow what was seen, and approval follow pain and rally."""
        store = self.store
        memory = store["trust.memory"]
        for count in ("kept", "broken"):
            base = store[f"trust.base_{count}"]
            store[count] = trust.remember(store[count], base, memory, np.zeros_like(memory))
        store["trust"] = trust.trust(store["kept"], store["broken"])
        store["rally"] = store["rally"] * approval.decay(store["approval.rally_half_life"])
        for row, side in enumerate(self.keys.sides):
            store.set_row(
                "approval",
                row,
                approval.approval(
                    store.row("approval", row),
                    store[f"sides.{side}.approval"],
                    store.row("side_pain", row),
                    store.row("rally", row) * store["approval.rally_size"],
                    store["approval.pain_slope"],
                    store["approval.speed"],
                ),
            )

    def take_stock(self) -> None:
        """Keep peaks and sums."""
        store = self.store
        store["tariff_peak"] = np.maximum(store["tariff_peak"], store["tariff"])
        store["income"] = store["income_level"] / store["income_start"]
        store["income_sum"] = store["income_sum"] + store["income"]
        store["trade"] = store["trade_level"] / store["trade_start"]
        low = store["trade"] < DECOUPLED_TRADE
        store["low_trade_weeks"] = np.where(low, store["low_trade_weeks"] + 1.0, 0.0)
        store["weeks"] = store["weeks"] + 1.0

    # What phases and agents ask for

    def finished(self) -> Mask:
        """Return which worlds have ended (R,)."""
        ended: Mask = self.store["weeks"] >= self.store["time.horizon"]
        if self.setting.time.stop_at_agreement:
            ended = ended | (self.store["agreement_week"] != NONE)
        return ended

    def announced(self, side: int) -> Array:
        """Return the tariff rise of a side that is announced and not in force (R,)."""
        store = self.store
        total: Array = store.row("pending", side)
        for row, event in enumerate(self.setting.events):
            if event.side == self.keys.sides[side]:
                announced, week = store[f"events.{row}.announced"], store[f"events.{row}.week"]
                ahead = (announced <= self.week) & (self.week < week)
                total = total + np.where(ahead, store[f"events.{row}.size"], 0.0)
        return total

    def mistrust(self, side: int) -> Array:
        """Return how much less a side trusts the other than one without a past would (R,)."""
        base = trust.trust(self.store["trust.base_kept"], self.store["trust.base_broken"])
        lost: Array = base - self.store.row("trust", side)
        return lost

    def groups_of(self, side: int) -> list[Any]:
        """Return the constituencies of a side."""
        return [group for group in self.groups if group.side == self.keys.sides[side]]

    def speakers(self, key: str) -> list[str]:
        """Return those of the same side whom somebody listens to, the groups at home apart."""
        nodes = self.graph.nodes
        return [
            speaker
            for speaker in self.graph.predecessors(key)
            if nodes[speaker]["side"] == nodes[key]["side"]
            and nodes[speaker]["kind"] != "constituency"
        ]

    def select(self, index: Index) -> "Negotiation":
        """Return the negotiation of some of the worlds, at the same week."""
        return Negotiation(
            self.setting, self.cast, self.store.select(index), self.luck.select(index), self.week
        )

    # Inside the phases

    def _begin(self) -> None:
        """Let the start be felt: pain, incomes and trust as they are before the first week."""
        store = self.store
        self.economy.feel(store)
        store["pain"] = store["raw_pain"]
        store["pain_at_start"] = store["raw_pain"]
        store["income_start"] = store["income_level"]
        store["trade_start"] = store["trade_level"]
        self.appraise()

    def _mood(self, side: int) -> Array:
        """Return how pain, rally and mistrust move the views of a side (3, R)."""
        store, mistrust = self.store, self.mistrust(side)
        firmness = (
            store["influence.rally_hardens"] * store.row("rally", side)
            - store["influence.pain_softens"] * store.row("side_pain", side)
            + store["influence.mistrust_hardens"] * mistrust
        )
        enforcement = store["influence.mistrust_enforcement"] * mistrust
        return np.stack([firmness, np.zeros_like(firmness), enforcement])

    def _kinds(self, side: str) -> list[Kind]:
        return [
            Kind(received=card.owner != side, tariff=card.tariff, netted=bool(card.counts_above))
            for card in self.setting.issues.values()
        ]

    def _of_kind(self, kind: str) -> list[Any]:
        return [person for person in self.people.values() if person.kind == kind]

    def _demand(self, side: int) -> Array:
        enforcement: Array = self.leaders[side].opinion[2]
        return enforcement

    def _weigh_pain(self) -> None:
        """Set the pain of each side above that at the start, its groups weighted."""
        store = self.store
        above = store["weight"] * (store["pain"] - store["pain_at_start"])
        for row, side in enumerate(self.keys.sides):
            total = np.zeros(self.worlds)
            for place, card in enumerate(self.setting.constituencies.values()):
                if card.side == side:
                    total = total + above[place]
            store.set_row("side_pain", row, total)

    def _raise(self, side: int, size: Array) -> None:
        """Add to a side's tariff; the other rallies and trusts less."""
        store, other = self.store, 1 - side
        store.set_row("tariff", side, np.maximum(store.row("tariff", side) + size, 0.0))
        store.set_row("executed", side, store.row("executed", side) + (size > 0.0))
        rise = np.maximum(size, 0.0) / TEN_POINTS
        store.set_row("rally", other, store.row("rally", other) + rise)
        lost = rise * store["trust.tariff_weight"]
        store.set_row("broken", other, store.row("broken", other) + lost)

    def _answer(self, side: int, size: Array) -> None:
        """Announce the answer to a rise of the other side, in force after the lag."""
        store = self.store
        answer = np.where(
            size > 0.0, self.leaders[side].retaliate(np.maximum(size, 0.0), self.week), 0.0
        )
        store.set_row("pending", side, store.row("pending", side) + answer)
        weeks = np.where(answer > 0.0, store["retaliation.lag"], store.row("pending_weeks", side))
        store.set_row("pending_weeks", side, weeks)
        store.set_row("threats", side, store.row("threats", side) + (answer > 0.0))

    def _session(self, proposer: Head, answerer: Head) -> None:
        """Let one side offer and the other answer, in the worlds in focus."""
        store = self.store
        package = proposer.propose()
        store["table"] = package
        accepted = answerer.answer(package)
        answerer.listen_to(package)
        proposer.be_refused(package, ~accepted)
        store["agreed"] = accepted.astype(np.float64)
        store["turn"] = np.full(store.width, float(answerer.side_row))
        store["clock"] = store["clock"] + 1.0

    def _rest(self) -> tuple[Index, dict[str, Any]]:
        """Keep the state of the worlds that have ended, which the coming week must not touch."""
        return self.store.keep(np.flatnonzero(self.finished()))
