"""Observe worlds week by week: their states before the leaders move, and at the end of the week."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from agents.conduct import Conduct
from agents.leader import Leader
from experiments.engine import LEAST_WIDTH, build
from experiments.engines import NUMPY
from experiments.learning_error import Errors, OfferCounter, side_errors
from model.arrays import Array, Mask
from model.negotiation import Negotiation
from model.phases.talks import SILENT
from model.rules.curves import felt
from model.rules.offers import best_given, exchange, utility
from model.schema.scenario import Scenario
from model.sides import SIDES
from model.state.names import StateName
from model.state.state import DEAL

DAYS = 7
# States when the leaders move, and at the end of a week
OPENED: tuple[StateName, ...] = ("implementing", "level", "turn", "phase", "threat_kind")
CLOSED: tuple[StateName, ...] = (
    "agreed", "agreement", "approval", "broken_week", "cred_backed", "cred_executed", "deals",
    "executed", "failures", "phase", "refused", "table", "tariff", "threats", "trials", "trust",
)  # fmt: skip


@dataclass(frozen=True)
class Valued:
    """A package of the record in one week of each world: utilities and reservation values.

    worth, reservation: points (side, R); running: whether the world had not ended (R,); alike:
    whether no deal was in force, and the threats of the record were pending; in the first week all
    worlds count (R,).
    """

    week: int
    worth: Array
    reservation: Array
    running: Mask
    alike: Mask

    @property
    def counted(self) -> Mask:
        """Return the worlds that count: running, and in the state of the record (R,)."""
        return self.running & self.alike

    @property
    def acceptable(self) -> Mask:
        """Return whether the package is worth at least its reservation value to both sides (R,)."""
        enough: Mask = (self.worth >= self.reservation).all(axis=0)
        return enough & self.counted


@dataclass(frozen=True)
class Observed:
    """Worlds that were observed to their end. Row 0 of a week axis is week 1.

    running: whether a world has not ended before the week (week, R); opened: states when the
    leaders move (week, ..., R); closed: states at the end of a week, preceded by those at the start
    (week + 1, ..., R); room: whether a side believes that there is a package which both sides would
    accept (week, side, R); pressed: cost that a side expects from the other's threats and announced
    tariffs, in points (week, side, R); counted, stakes: what a side counts of its own promises and
    of the other's in week 1, and their full size, in points (own or other's, R); records: packages
    of the record at the start of the talks and on their dates; offers, at_reservation: number of
    offers, and of those that ask for no more than the own reservation value (side, R); errors: of
    both sides' beliefs at the end.
    """

    setting: Scenario
    running: Mask
    opened: Mapping[StateName, Array]
    closed: Mapping[StateName, Array]
    room: Mask
    pressed: Array
    counted: Array
    stakes: Array
    records: Mapping[str, Sequence[Valued]]
    offers: Array
    at_reservation: Array
    errors: Errors

    @property
    def worlds(self) -> int:
        """Return the number of worlds."""
        return int(self.running.shape[-1])

    def end(self, name: StateName) -> Array:
        """Return a state at the end of each week (week, ..., R)."""
        return self.closed[name][1:]

    def rise(self, name: StateName) -> Array:
        """Return the change of a state in each week (week, ..., R)."""
        return np.diff(self.closed[name], axis=0)

    def of_proposer(self, values: Array | Mask) -> Array:
        """Return the row of the side whose turn it is (week, R) of values (week, side, R)."""
        return np.where(self.opened["turn"] == 0.0, values[:, 0], values[:, 1])

    @cached_property
    def sessions(self) -> Mask:
        """Return whether the sides meet, and one of them makes an offer (week, R)."""
        return self.running & (self.opened["level"] > SILENT)

    @cached_property
    def accepted(self) -> Mask:
        """Return whether both leaders agree on a package (week, R)."""
        accepted: Mask = self.sessions & (self.end("agreed") > 0.0)
        return accepted

    @cached_property
    def failed(self) -> Mask:
        """Return whether an accepted package fails at home (week, R)."""
        return self.rise("failures") > 0.0

    @cached_property
    def own_failed(self) -> Mask:
        """Return whether a package fails at the home of the side that proposed it (week, R)."""
        own: Mask = self.failed & (self.of_proposer(self.end("refused")) > 0.0)
        return own

    @cached_property
    def made(self) -> Mask:
        """Return whether a deal comes into force (week, R)."""
        return self.rise("deals") > 0.0

    @cached_property
    def open_to_talk(self) -> Mask:
        """Return whether no deal is in force when the leaders move (week, R)."""
        able: Mask = self.running & (self.opened["phase"] != DEAL)
        return able


def observe(
    setting: Scenario, numbers: range, seed: int, sweep: Mapping[str, Array] | None = None
) -> Observed:
    """Simulate worlds of a scenario by NumPy, and return what was observed.

    numbers: the numbers of the worlds; sweep: parameters by dotted name, each over these worlds.
    """
    worlds = len(numbers)
    counters = [OfferCounter(side, max(worlds, LEAST_WIDTH)) for side in SIDES]
    seats: dict[str, Conduct] = dict(zip(setting.sides, counters, strict=True))
    talks = build(setting, worlds, seed, sweep, numbers.start, seats, NUMPY)
    weeks: list[dict[str, Any]] = []
    closed: dict[StateName, list[Array]] = {name: [talks.store[name]] for name in CLOSED}
    records: dict[str, list[Valued]] = {key: [] for key in setting.record}
    counted = stakes = np.zeros((2, talks.worlds))
    while talks.running:
        running = ~talks.finished()
        talks.open_week()
        weeks.append({"running": running, **_opened(talks)})
        if talks.week == 1:
            counted, stakes = _promises(talks)
        for key, week in _dates(setting):
            if week == talks.week:
                records[key].append(_valued(talks, key, running))
        talks.close_week()
        for name in CLOSED:
            closed[name].append(talks.store[name])
    rows = {name: np.stack([week[name] for week in weeks])[..., :worlds] for name in weeks[0]}
    errors = side_errors(talks.store, 0) + side_errors(talks.store, 1)
    return Observed(
        setting=setting,
        running=rows["running"],
        opened={name: rows[name] for name in OPENED},
        closed={name: np.stack(arrays)[..., :worlds] for name, arrays in closed.items()},
        room=rows["room"],
        pressed=rows["pressed"],
        counted=counted[..., :worlds],
        stakes=stakes[..., :worlds],
        records={key: [_first(one, worlds) for one in found] for key, found in records.items()},
        offers=np.stack([counter.offers[:worlds] for counter in counters]),
        at_reservation=np.stack([counter.at_reservation[:worlds] for counter in counters]),
        errors=Errors(*(values[:worlds] for values in vars(errors).values())),
    )


def _leaders(talks: Negotiation) -> list[Leader]:
    return [cast("Leader", leader) for leader in talks.leaders]


def _opened(talks: Negotiation) -> dict[str, Array]:
    """Return what is observed when the leaders move, each (..., R)."""
    leaders = _leaders(talks)
    return {
        **{name: talks.store[name] for name in OPENED},
        "room": np.stack([sees_room(leader) for leader in leaders]),
        "pressed": np.stack([leader.threat_cost() for leader in leaders]),
    }


def sees_room(leader: Leader) -> Mask:
    """Return whether a leader believes that both sides would accept the same package (R,).

    It must be worth the own reservation value, and the other's as the leader believes it to be.
    """
    own, theirs = leader.stakes()
    doubt = leader.parameter("talks.caution") * np.sqrt(leader.mine("belief_variance"))
    trades = exchange(own, theirs, leader.bends())
    least = leader.believed() + doubt
    most, exists = best_given(trades, own, theirs, least, leader.levels())
    return exists & (most >= leader.mine("reservation"))


def worth(leader: Leader, package: Array) -> Array:
    """Return the utility of a package (issues, R) to a leader's side this week, in points (R,)."""
    return utility(leader.mine("gains"), felt(package, leader.bend()))


def _dates(setting: Scenario) -> Iterator[tuple[str, int]]:
    """Yield the weeks in which each package of the record is valued: the first and its own."""
    for key, package in setting.record.items():
        yield key, 1
        own = -((setting.start - package.date).days // DAYS)
        if own > 1:
            yield key, own


def _valued(talks: Negotiation, key: str, running: Mask) -> Valued:
    """Return what a package of the record is worth to both sides this week."""
    package, issues = talks.setting.record[key], talks.keys.issues
    levels = np.array([[package.level(issue)] for issue in issues]) * np.ones(talks.worlds)
    alike = np.ones(talks.worlds, dtype=np.bool_)
    if talks.week > 1:
        alike &= talks.store["phase"] != DEAL
        for side in package.threat_by:
            alike &= talks.store.row("threat_kind", talks.keys.sides.index(side)) > 0.0
    return Valued(
        week=talks.week,
        worth=np.stack([worth(leader, levels) for leader in _leaders(talks)]),
        reservation=talks.store["reservation"].copy(),
        running=running,
        alike=alike,
    )


def _first(valued: Valued, worlds: int) -> Valued:
    """Return the first worlds of a valued package."""
    return Valued(
        valued.week,
        valued.worth[..., :worlds],
        valued.reservation[..., :worlds],
        valued.running[:worlds],
        valued.alike[:worlds],
    )


def _promises(talks: Negotiation) -> tuple[Array, Array]:
    """Return what both sides count of their own promises and of the other's, and the full size.

    Points, each (own or other's, R). Issues whose worth scales with a tariff, with export controls
    or with purchases already made are left out.
    """
    counted, full = np.zeros((2, talks.worlds)), np.zeros((2, talks.worlds))
    for side in SIDES:
        for issue, kind in enumerate(talks.kinds[side]):
            if not (kind.tariff or kind.netted or kind.controls):
                row = int(kind.received)
                counted[row] += np.abs(talks.store["gains"][side, issue])
                full[row] += np.abs(talks.store["worth"][side, issue])
    return counted, full
