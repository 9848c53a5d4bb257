"""The situation of a seat in a week: what it may know and do, without private state of the other.

Hidden are the other leader's resolve, the true worth of issues to the other side, the thresholds of
its groups, its beliefs, and which back channels speak for their leaders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from agents.script import KINDS, Kind, Moves
from model.arrays import Array
from model.phases.talks import SILENT, SUMMIT, WORKING
from model.phases.threats import RECENT
from model.rules.coercion import NONE, REVOCATION
from model.rules.curves import felt
from model.sides import other_side
from model.state.names import StateName
from model.state.state import DEAL, TALKS

if TYPE_CHECKING:
    from experiments.game.seats import Seat
    from experiments.game.table import Game
    from model.negotiation import Negotiation

LONGEST_FUSE = 26  # weeks


class Number(Protocol):
    """A function that reads one number of a state, or of its row, in the played world."""

    def __call__(self, name: StateName, row: int | None = None) -> float:
        """Return the number."""


@dataclass(frozen=True)
class PendingThreat:
    """A pending threat: kind, size (tariff rise as a share) and weeks until it falls due."""

    kind: str
    size: float
    weeks: int


@dataclass(frozen=True)
class May:
    """The moves that a seat may make this week."""

    offer: bool
    accept: bool
    threaten: tuple[Kind, ...]
    carry_out: bool  # a threat falls due
    put_off: bool
    gesture: bool
    truce: bool
    call: bool
    leave: bool
    counsel: bool
    orders: bool  # standing orders for answers and deliveries
    trial: tuple[str, ...] = ()  # back channels through which a trial package can be sent
    drafters: tuple[str, ...] = ()  # advisers who can be asked for a draft of the offer


@dataclass(frozen=True)
class Situation:
    """What a seat knows in a week. Worths are in points, tariffs and trust are shares.

    gains, estimate: worth of each full concession to the seat's side, and its estimate for the
    other side (issues,); bend, bend_of_other: curvature of both (see `curves.felt`); open_: 1 if an
    issue is on the table at this level; sizes: the smallest and largest tariff rise that may be
    threatened.
    """

    week: int
    day: date
    phase: int
    level: int
    my_turn: bool
    table: Array | None  # the other's offer of this week
    gains: Array
    estimate: Array
    bend: Array
    bend_of_other: Array
    open_: Array
    winning: float  # weight of gaining more than the other side
    legacy: float  # worth of signing a comprehensive deal
    reservation: float
    believed: float  # mean of the belief about the other side's reservation value
    doubt: float  # standard deviation of that belief
    mine: PendingThreat | None
    theirs: PendingThreat | None
    sizes: tuple[float, float]
    owed: float  # weeks of delivery that the other side is behind
    may: May

    @property
    def asked(self) -> bool:
        """Return whether the seat has an offer to make, an answer to give, or a threat due."""
        return self.may.offer or self.table is not None or self.may.carry_out

    def worth(self, package: Array) -> float:
        """Return the worth of a package (issues,) to the seat's side, in points."""
        return float((self.gains * felt(package, self.bend)).sum())

    def worth_to_other(self, package: Array) -> float:
        """Return the estimated worth of a package (issues,) to the other side, in points."""
        return float((self.estimate * felt(package, self.bend_of_other)).sum())


def look(game: "Game", who: "Seat", staged: Mapping[str, Moves]) -> Situation:
    """Return the situation of a seat, given the moves that other seats have already made."""
    negotiation, setting = game.negotiation, game.setting
    store, me, other = negotiation.store, who.row, other_side(who.row)
    leader = negotiation.leaders[me]

    def number(name: StateName, row: int | None = None) -> float:
        return float(store[name][0] if row is None else store.row(name, row)[0])

    level, turn = number("level"), number("turn")
    table = None
    if level > SILENT and turn == other and _has_table(game, who, level):
        table = _on_table(game, other, staged)
    leaders_only = negotiation.leaders_only[:, 0]
    return Situation(
        week=negotiation.week,
        day=setting.start + timedelta(weeks=negotiation.week),
        phase=int(number("phase")),
        level=int(level),
        my_turn=turn == me,
        table=table,
        gains=leader.mine("gains")[:, 0].copy(),
        estimate=leader.estimate()[:, 0].copy(),
        bend=leader.mine("bend")[:, 0].copy(),
        bend_of_other=leader.other.mine("bend")[:, 0].copy(),
        open_=np.where(leaders_only, float(level == SUMMIT), 1.0),
        winning=float(leader.of_side("winning")[0]),
        legacy=float(leader.of_side("legacy")[0]),
        reservation=number("reservation", me),
        believed=float(leader.believed()[0]),
        doubt=float(np.sqrt(number("belief_variance", me))),
        mine=_pending(number, me),
        theirs=_pending(number, other),
        sizes=(float(store["coercion.size_least"][0]), float(store["coercion.size_most"][0])),
        owed=number("arrears", other),
        may=_may(game, who, number),
    )


def _has_table(game: "Game", who: "Seat", level: float) -> bool:
    """Return whether the seat speaks for its side in a session of this level."""
    if who.leads:
        return level < SUMMIT
    lead = game.setting.sides[who.side].lead
    played = any(seat.key == lead for seat in game.seats)
    return level == SUMMIT or not played


def _on_table(game: "Game", side: int, staged: Mapping[str, Moves]) -> Array | None:
    """Return a side's offer of this week (issues,), or None if its player has not moved yet."""
    speakers = [seat for seat in game.seats if seat.row == side]
    level = float(game.negotiation.store["level"][0])
    for seat in speakers:
        if _has_table(game, seat, level):
            moves = staged.get(seat.key)
            if moves is None:
                return None
            if moves.offer is not None:
                return np.array(moves.offer)
    return game.model_offer(side)


def _pending(number: Number, side: int) -> PendingThreat | None:
    kind = number("threat_kind", side)
    if kind == NONE:
        return None
    name = next(name for name, code in KINDS.items() if code == kind)
    return PendingThreat(name, number("threat_size", side), int(number("threat_weeks", side)))


def _may(game: "Game", who: "Seat", number: Number) -> May:
    """Return the moves that the rules allow a seat this week."""
    me, phase, level = who.row, number("phase"), number("level")
    at_table = not game.over and level > SILENT and _has_table(game, who, level)
    pending = number("threat_kind", me) != NONE
    free = phase == TALKS and not who.leads and not game.over
    due = free and pending and number("threat_weeks", me) <= 1.0
    room = number("tariff", me) > float(game.negotiation.leaders[me].lowest_tariff()[0])
    quiet = number("gestures_end", me) == 0.0 and number("gesture_weeks", me) <= 0.0
    offers = at_table and number("turn") == me
    return May(
        offer=offers,
        accept=at_table and number("turn") != me and level > WORKING,
        threaten=_kinds(game, who, number) if free and not pending else (),
        carry_out=due,
        put_off=due and number("since_session") <= RECENT,
        gesture=free and not pending and quiet and room,
        truce=free,
        call=phase != DEAL and not who.leads and not game.over,
        leave=phase == DEAL and not who.leads and number("arrears", other_side(me)) > 0.0,
        counsel=who.leads,
        orders=not who.leads,
        trial=() if game.over else trial_channels(game.negotiation, who),
        drafters=drafters(game.negotiation, who) if offers else (),
    )


def drafters(negotiation: "Negotiation", who: "Seat") -> tuple[str, ...]:
    """Return the advisers whom a seat can ask for a draft: those of its side with priorities.

    There are none if priorities do not shape drafts, and nobody asks itself.
    """
    if float(negotiation.store["talks.drafting"][0]) <= 0.0:
        return ()
    return tuple(
        key
        for key, card in negotiation.setting.actors.items()
        if card.side == who.side and card.kind == "adviser" and card.priorities and key != who.key
    )


def trial_channels(negotiation: "Negotiation", who: "Seat") -> tuple[str, ...]:
    """Return the back channels through which a leader can send a trial package this week.

    They are in contact and have a path to the other leader. The side must be the one that makes the
    next offer after this week, and no trial package with a warm answer may await a session.
    """
    store, me = negotiation.store, who.row
    phase, turn, level, warm, chance = (
        float(store[name][0]) for name in ("phase", "turn", "level", "trial_warm", "channels.trial")
    )
    meets = level > SILENT  # a session changes whose turn it is, and ends what was pending
    next_turn = (turn != me) if meets else (turn == me)
    if who.leads or phase == DEAL or chance <= 0.0 or not next_turn or (warm > 0.0 and not meets):
        return ()
    return tuple(
        channel.key
        for channel in negotiation.between
        if other_side(me) in channel.routes and float(store.row("contacted", channel.row)[0]) > 0.0
    )


def _kinds(game: "Game", who: "Seat", number: Number) -> tuple[Kind, ...]:
    revokes = game.setting.sides[who.side].can_revoke and number("revoked", who.row) == 0.0
    return tuple(name for name, code in KINDS.items() if code != REVOCATION or revokes)
