"""The decisions of a game that mattered most: what they brought, against the model in their place.

After a game all may be told, so that the forks are of the true world. Two kinds of fork start in
the week of a decision: one does what was done, the other what the model would have done there; from
then on the model moves in all seats of both, and both meet the same luck, pair by pair.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from agents.conduct import Conduct, SplitConduct
from agents.script import AS_MODEL, Moves, Script
from experiments.engines import States, advance
from experiments.game import past
from experiments.game.seats import Seat
from experiments.game.table import Game
from experiments.game.transcript import standing
from experiments.statistics import Interval, paired_difference
from model.arrays import Array, Index, Mask
from model.negotiation import Negotiation
from model.rules.offers import utility
from model.sides import SIDES

COARSE, FINE = 40, 300  # forks that tell what the model would do; of each kind, to the end
SCREENED, MOST = 14, 3  # decisions lived to the end by some forks, and by many and told
SCREEN = 60  # pairs of forks by which it is found which decisions are worth many
IDLE = 13  # weeks: in one of so many it is asked whether a move was left out
SCREENING = 3  # salt of those: the forks that choose are not the ones that measure
SLIGHT = 0.05  # chances closer than this count as the same decision
POINTS_APART = 0.2  # points of worth to both sides by which two offers differ wholly
HEAVY = {"answer": 1.5, "due": 1.5, "leave": 1.5}  # what is looked at first
LATE = 0.5  # weight of a decision at the very end, against 1 at the start
MOST_ALIKE, MOST_IDLE = 16, 3  # decisions of a kind: made, and left out

type Tell = Callable[[float], None]


@dataclass(frozen=True)
class Decision:
    """A week's decision, what the model would have done, and what the difference was worth.

    apart: by kind, how unlike the model's it was, 0 to 1; model: by kind, the chance with which
    the model does it there, or (offer) its package; offered: the other's package that was answered;
    worth: own result of what was done less that of the model's, points, mean of `forks` pairs.
    """

    week: int
    moves: Moves
    apart: Mapping[str, float]
    model: Mapping[str, Any]
    offered: Array | None = None
    repeated: Array | None = None  # one's own package that was on the table
    left: float = 1.0  # share of the game that was still to come
    worth: Interval = field(default=Interval(math.nan, math.nan, math.nan))
    forks: int = 0


class Noted(Conduct):
    """Move as the model does, and note what that is in one week."""

    def __init__(self, week: int) -> None:
        self.week = week
        self.seen: dict[str, Any] = {}

    def _note(self, seat: Any, name: str, value: Any) -> Any:
        if seat.negotiation.week == self.week and seat.negotiation.opened:
            self.seen[name] = np.asarray(value, dtype=float).mean(axis=-1)
        return value

    def offer(self, seat: Any, package: Array) -> Array:
        """Note the model's offer."""
        found: Array = self._note(seat, "offer", package)
        return found

    def answer(self, seat: Any, package: Array, yes: Mask) -> Mask:
        """Note the model's answer."""
        self._note(seat, "table", package)
        found: Mask = self._note(seat, "answer", yes)
        return found

    def threaten(self, seat: Any, wants: Mask) -> Mask:
        """Note whether the model threatens."""
        found: Mask = self._note(seat, "threat", wants)
        return found

    def put_off(self, seat: Any, wants: Mask) -> Mask:
        """Note whether the model puts a threat off."""
        found: Mask = self._note(seat, "put_off", wants)
        return found

    def carry_out(self, seat: Any, wants: Mask) -> Mask:
        """Note whether the model carries a threat out."""
        found: Mask = self._note(seat, "due", wants)
        return found

    def gesture(self, seat: Any, wants: Mask) -> Mask:
        """Note whether the model makes a gesture."""
        found: Mask = self._note(seat, "gesture", wants)
        return found

    def truce(self, seat: Any, ready: Array) -> Array:
        """Note how ready the model is for a truce."""
        found: Array = self._note(seat, "truce", ready)
        return found

    def retaliate(self, seat: Any, share: Array) -> Array:
        """Note how much of a rise the model answers."""
        found: Array = self._note(seat, "retaliation", share)
        return found

    def leave(self, seat: Any, wants: Mask) -> Mask:
        """Note whether the model ends a deal."""
        found: Mask = self._note(seat, "leave", wants)
        return found


def decisions(
    game: Game, who: Seat, tell: Tell, coarse: int = COARSE, fine: int = FINE
) -> list[Decision]:
    """Return the decisions of a seat that mattered most, the weightiest first.

    In weeks with a session, a move or a threat due, and some of the others, `coarse` forks
    tell what the model would do; the decisions most unlike it are lived to the end of the game in
    a few pairs of forks each, and those that differ most there in `fine` others. tell: is told the
    share done, and may raise.
    """
    weeks = [week for week in range(1, past.weeks(game) + 1) if _eventful(game, who, week)]
    found = []
    for place, week in enumerate(weeks):
        decision = _unlike(game, who, week, coarse)
        found += [decision] if decision else []
        tell(0.3 * (place + 1) / len(weeks))
    unlike = sorted(_rarer(found), key=_unlikeness)[-SCREENED:]
    few = []
    for place, decision in enumerate(unlike):
        few.append(weighed(game, who, decision, min(SCREEN, fine), SCREENING))
        tell(0.3 + 0.4 * (place + 1) / len(unlike))
    chosen = sorted(few, key=_size)[-MOST:]
    told = []
    for place, decision in enumerate(chosen):
        told.append(weighed(game, who, decision, fine))
        tell(0.7 + 0.3 * (place + 1) / len(chosen))
    return sorted(told, key=_size, reverse=True)


def _size(decision: Decision) -> float:
    return abs(decision.worth.estimate)


def _eventful(game: Game, who: Seat, week: int) -> bool:
    """Say whether a seat had something to decide in a week, or it is one of those without."""
    moves = game.moves[who.key]
    if week % IDLE == 0 or float(game.state("level", week)) > 0.0:
        return True
    if moves[week] != standing(moves.get(week - 1, Moves())):
        return True
    ended = ("executed", "backed_down", "postponed")
    return any(
        game.state(name, week)[who.row] > game.state(name, week - 1)[who.row] for name in ended
    )


def _unlike(game: Game, who: Seat, week: int, forks: int) -> Decision | None:
    """Return the decision of a week if it was unlike the model's."""
    negotiation = past.opened(game, week)
    may = past.asked(negotiation, game, who)
    if not any(may.values()):
        return None
    noted = Noted(week)
    number = np.arange(max(forks, 2), dtype=np.intp)
    copies = past.branched(negotiation, {**_others(game, who, week), who.key: noted}, number)
    copies.close_week()
    moves, seen = game.moves[who.key][week], noted.seen
    apart = _apart(negotiation, who, moves, may, seen)
    if not apart:
        return None
    last = negotiation.store.row("offer", who.row)[:, 0]
    return Decision(
        week,
        moves,
        apart,
        seen,
        seen.get("table") if may["answer"] else None,
        None if np.isnan(last).any() else last.copy(),
        1.0 - week / past.weeks(game),
    )


def _apart(
    negotiation: Negotiation,
    who: Seat,
    moves: Moves,
    may: Mapping[str, bool],
    seen: Mapping[str, Any],
) -> dict[str, float]:
    """Return by kind how unlike the model's a week's decision was, where it was unlike at all."""
    done: dict[str, float] = {
        "answer": moves.accept,
        "due": moves.due == "carry_out",
        "threat": moves.threat is not None,
        "gesture": moves.gesture,
        "truce": moves.truce,
        "leave": moves.leave,
    }
    if moves.answer != AS_MODEL:
        done["retaliation"] = moves.answer
    apart = {
        kind: min(1.0, abs(float(made) - float(seen[kind])))
        for kind, made in done.items()
        if may[kind] and kind in seen
    }
    if may["offer"] and "offer" in seen:
        apart["offer"] = _offers_apart(negotiation, who, moves, seen["offer"])
    return {kind: value for kind, value in apart.items() if value > SLIGHT}


def _offers_apart(negotiation: Negotiation, who: Seat, moves: Moves, model: Array) -> float:
    """Return how far the package that was offered is from the model's, 0 to 1."""
    store = negotiation.store
    last = store.row("offer", who.row)[:, 0]
    if moves.offer is None and np.isnan(last).any():
        return 0.0  # then the model's own was offered
    made = last if moves.offer is None else np.array(moves.offer)
    gains: Array = store["gains"][:, :, 0]
    worths = [abs(float(utility(gains[side], made - model))) for side in SIDES]
    return min(1.0, sum(worths) / POINTS_APART)


def _others(game: Game, who: Seat, week: int) -> dict[str, Conduct]:
    """Return the other seats that were played, which do in this week what they did."""
    return {
        seat.key: Script({week: game.moves[seat.key][week]}) for seat in game.seats if seat != who
    }


def _rarer(found: list[Decision]) -> list[Decision]:
    """Return the most unlike decisions of each kind, fewer of those that only left a move out."""
    kept, many = [], Counter[tuple[str, bool]]()
    for decision in sorted(found, key=_unlikeness, reverse=True):
        kind = max(decision.apart, key=lambda name: _weight(decision, name))
        made = kind in ("offer", "answer", "due", "retaliation") or bool(
            getattr(decision.moves, kind)
        )
        many[kind, made] += 1
        if many[kind, made] <= (MOST_ALIKE if made else MOST_IDLE):
            kept.append(decision)
    return kept


def _weight(decision: Decision, kind: str) -> float:
    """Return how much a kind of decision counts before it is weighed: more with more to come."""
    return decision.apart[kind] * HEAVY.get(kind, 1.0) * (LATE + (1.0 - LATE) * decision.left)


def _unlikeness(decision: Decision) -> float:
    return max(_weight(decision, kind) for kind in decision.apart)


def weighed(
    game: Game, who: Seat, decision: Decision, forks: int, salt: int = past.SALT
) -> Decision:
    """Return a decision with what it was worth, by so many pairs of forks of the true world.

    salt: other forks for another number.
    """
    week = decision.week
    number = np.tile(np.arange(forks, dtype=np.intp), 2)
    part = np.repeat(np.arange(2, dtype=np.intp), forks)
    seats = _others(game, who, week)
    seats[who.key] = SplitConduct([Script({week: decision.moves}), Conduct()], part)
    copies = past.branched(past.opened(game, week), seats, number, salt)
    results = to_the_end(copies, game, who, week)
    worth = paired_difference(results[forks:], results[:forks])
    return replace(decision, worth=worth, forks=forks)


def to_the_end(negotiation: Negotiation, game: Game, who: Seat, week: int) -> Array:
    """Return the own result (R,) of worlds that live on from the middle of a week, in points."""
    before = sum(float(game.state("side_pain", past_week)[who.row]) for past_week in range(1, week))
    going = np.flatnonzero(~negotiation.finished())
    total = np.full(negotiation.store.width, float(before))
    negotiation.close_week()
    total[going] += negotiation.store.row("side_pain", who.row)[going]

    def add(week: int, states: States, places: Index) -> None:
        total[places] += states["side_pain"][who.row]

    advance(negotiation, after=add)
    return own_result(
        negotiation.store.row("utility", who.row),
        total / np.maximum(negotiation.store["weeks"], 1.0),
        pain_weight(game, who),
    )


def own_result(worth: Array, pain: Array, weight: float) -> Array:
    """Return what a side has of a game, in points.

    worth: of the deal that is in force at the end, as it was when it was made, 0 without one; pain:
    of the side above that at the start, mean over all weeks; weight: points that a unit of pain
    costs. result = worth - weight x pain.

    >>> own_result(np.array([0.3, 0.0]), np.array([0.1, -0.1]), 0.5).round(3).tolist()
    [0.25, 0.05]
    """
    return worth - weight * pain


def pain_weight(game: Game, who: Seat) -> float:
    """Return what a unit of pain costs the side of a seat over its political horizon, in points.

    As it is at the start; an election nearby raises it later, which this number leaves aside.
    """
    return float(game.state("pain_weight", 0)[who.row])
