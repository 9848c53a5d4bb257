"""Replay one week of a trajectory with a trace: drafts, trials, answers, votes, opinions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from app.watch.trajectory import Trajectory
from model.arrays import Array
from model.negotiation import Negotiation
from model.rules.curves import felt
from model.rules.offers import utility
from model.trace import AnswerRecord, DraftRecord, Hearing, Trace, TrialRecord, VoteRecord

KEPT = 16  # week traces in the cache
FIRMNESS = 0  # row of the opinions that bargaining looks at most


@dataclass(frozen=True)
class Answer:
    """What a leader considered when it received an offer; worths in points."""

    side: int
    level: int
    worth: float  # for this leader: own gain, and gain above the other's
    legacy: float  # extra worth of a comprehensive deal
    reservation: float
    aspiration: float  # what it would ask for next
    chance: float  # of ratification by its own side
    yes: bool
    gain: float  # worth of the package to its side


@dataclass(frozen=True)
class TrialAnswer:
    """What a leader considered when it answered a trial package; worths in points."""

    side: int
    real: bool  # the channel speaks for its leader, so the answer is the leader's own
    worth: float
    reservation: float
    chance: float  # of ratification by its own side, as the leader expects it
    warm: bool


@dataclass(frozen=True)
class View:
    """The view of one group on a package: worth and threshold in points, weight and support 0-1."""

    key: str
    title: str
    weight: float
    worth: float
    threshold: float
    support: float
    payment: float = 0.0  # side payment that comes with the package, in points

    @property
    def against(self) -> bool:
        """Say whether the group is more likely against the package than for it."""
        return self.support < 0.5


@dataclass(frozen=True)
class Home:
    """A vote on a package at home. Worth, threshold and spread in points, the rest are shares."""

    side: int
    mode: str
    worth: float
    threshold: float
    spread: float
    quota: float
    views: tuple[View, ...]
    chance: float
    drawn: float
    swing: float = 0.0  # of opinion against the package, in standard deviations
    returns: tuple[tuple[str, float], ...] = ()  # groups to pay in the next package, points

    @property
    def passed(self) -> bool:
        """Say whether the package was ratified."""
        return self.drawn < self.chance

    @property
    def support(self) -> float:
        """Return the weighted support of the groups."""
        return sum(view.weight * view.support for view in self.views)


@dataclass(frozen=True)
class Pull:
    """How much an actor or a cause moves another actor's firmness (0 to 1)."""

    title: str
    amount: float


@dataclass(frozen=True)
class WeekTrace:
    """A replayed week: the negotiation at its end, answers, votes at home, hearings, trials."""

    week: int
    negotiation: Negotiation
    answers: tuple[Answer, ...]
    homes: tuple[Home, ...]
    hearings: Mapping[str, Hearing]
    trials: tuple[TrialAnswer, ...] = ()
    drafts: Mapping[int, Array] = field(default_factory=dict)  # by side: see `_shaped`


@lru_cache(KEPT)
def replay_week(trajectory: Trajectory, week: int) -> WeekTrace:
    """Simulate a week of a trajectory again, 1 to the last, and record its trace.

    The negotiation ends in the state that the trajectory has for the week. The last few traces are
    cached, because a vote or a refusal is shown in all weeks that follow it.
    """
    negotiation = trajectory.resume(week - 1)
    trace = negotiation.trace = Trace()
    negotiation.step()
    answers = tuple(_answer(record) for record in trace.answers)
    homes = tuple(_vote(negotiation, record) for record in trace.votes)
    trials = tuple(_trial(record) for record in trace.trials if record.sent[0])
    drafts = {record.side: _shaped(record) for record in trace.drafts}
    return WeekTrace(week, negotiation, answers, homes, trace.hearings, trials, drafts)


def _answer(record: AnswerRecord) -> Answer:
    return Answer(
        side=record.side,
        level=int(record.level[0]),
        worth=float(record.worth[0]),
        legacy=float(record.legacy[0]),
        reservation=float(record.reservation[0]),
        aspiration=float(record.aspiration[0]),
        chance=float(record.chance[0]),
        yes=bool(record.yes[0]),
        gain=float(record.gain[0]),
    )


def _trial(record: TrialRecord) -> TrialAnswer:
    return TrialAnswer(
        side=record.side,
        real=bool(record.real[0]),
        worth=float(record.worth[0]),
        reservation=float(record.reservation[0]),
        chance=float(record.chance[0]),
        warm=bool(record.warm[0]),
    )


def _shaped(record: DraftRecord) -> Array:
    """Return by how much priorities moved each level of an offer of the model (issues,)."""
    moved: Array = (record.package - record.plain)[..., 0]
    return moved


def support(trajectory: Trajectory, week: int) -> tuple[Home, ...]:
    """Return how each side would vote on the package that is on the table in a week."""
    package = trajectory.record["table"][week]
    if np.isnan(package).any():
        return ()
    negotiation = trajectory.resume(week)
    wide = np.repeat(package[:, np.newaxis], negotiation.store.width, axis=-1)
    return tuple(_home(leader, wide, leader.ratify(wide), 1.0) for leader in negotiation.leaders)


def pulls(trace: WeekTrace, key: str) -> list[Pull]:
    """Return what moves an actor's firmness away from its conviction, strongest first.

    An opinion is the private view (conviction and the mood of the side), moved towards the opinions
    that the actor hears (Friedkin and Johnsen 1990). Conviction and all pulls add up to it.
    """
    person: Any = trace.negotiation.people[key]
    if person.kind == "constituency":
        moved = float(person.opinion[FIRMNESS][0]) - float(person.of_group("firmness")[0])
        return [Pull("Pain since the start", moved)]
    hearing = trace.hearings.get(key)
    if hearing is None:  # an actor with its own counsel listens to nobody
        return []
    own = float(hearing.own[FIRMNESS][0])
    conviction = float(trace.negotiation.store["conviction"][person.row][FIRMNESS][0])
    openness = float(person.number("susceptibility")[0])
    titles = trace.negotiation.graph.nodes
    moves = [Pull("Mood of the side: pain, rally, mistrust, events", own - conviction)]
    for voice in hearing.voices:
        gap = float(voice.opinion[FIRMNESS][0]) - own
        share = float(voice.share[0])
        if share > 0.0:
            moves.append(Pull(titles[voice.key]["title"], openness * share * gap))
    return sorted(moves, key=lambda pull: -abs(pull.amount))


def _vote(negotiation: Negotiation, record: VoteRecord) -> Home:
    leader = negotiation.leaders[record.side]
    return _home(leader, record.package, record.chance, float(record.drawn[0]), record)


def _home(
    leader: Any, package: Array, chance: Array, drawn: float, record: VoteRecord | None = None
) -> Home:
    """Return a vote at home; record: that of a past vote, after which payments changed."""
    views, returns = [], []
    for group in leader.negotiation.groups_of(leader.side_row):
        worth = leader.worth_at_home(group, package)
        promised = float(leader.store.row("payment", group.group)[0])
        payment, support = promised, group.support(worth)
        if record and group.key in record.supports:
            payment, support = float(record.payments[group.key][0]), record.supports[group.key]
            if promised > payment:
                returns.append((group.title, promised - payment))
        views.append(
            View(
                key=group.key,
                title=group.title,
                weight=float(group.voice[0]),
                worth=float(worth[0]) + payment,
                threshold=float(group.threshold[0]) + promised,
                support=float(support[0]),
                payment=payment,
            )
        )
    return Home(
        side=leader.side_row,
        mode=leader.setting.sides[leader.side].ratification,
        worth=float(utility(leader.mine("gains"), felt(package, leader.bend()))[0]),
        threshold=float(leader.ratification_threshold()[0]),
        spread=float(leader.of_side("threshold_spread")[0]),
        quota=float(leader.mine("quota")[0]),
        views=tuple(sorted(views, key=lambda view: -view.weight)),
        chance=float(chance[0]),
        drawn=drawn,
        swing=float(leader.mine("swing")[0]),
        returns=tuple(returns),
    )
