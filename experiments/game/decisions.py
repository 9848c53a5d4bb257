"""The decisions of a game that mattered most: their effect compared with the model's decision.

After a game nothing needs to be hidden, so the forks start from the true world. Two kinds of forks
start in the week of a decision: one makes the player's move, the other the move that the model
would have made. After that week the model moves in all seats of both forks. The two forks of a pair
use the same random numbers.
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
from experiments.game.table import Game, weeks_played
from experiments.game.transcript import standing_orders
from experiments.statistics import Interval, paired_difference
from model.arrays import Array, Index, Mask
from model.negotiation import Negotiation
from model.rules.curves import felt
from model.rules.offers import utility
from model.sides import SIDES

COARSE, FINE = 40, 300  # forks to find the model's decision; pairs to measure the worth
SCREENED, MOST = 14, 3  # decisions that are screened with few forks, and measured with many
SCREEN = 60  # pairs of forks for screening
IDLE = 13  # weeks: every so many weeks, an idle week is examined for omitted moves
SCREENING = 3  # salt of the screening forks, so that other forks select than measure
SLIGHT = 0.05  # chances that differ by at most this count as the same decision
POINTS_APART = 0.2  # points: offers whose worth differs by this much count as entirely different
HEAVY = {"answer": 1.5, "due": 1.5, "leave": 1.5}  # weights by kind; 1 for all others
LATE = 0.5  # weight of a decision at the very end, compared with 1 at the start
MOST_ALIKE, MOST_IDLE = 16, 3  # candidates of a kind: moves made, and moves omitted

type Progress = Callable[[float], None]


@dataclass(frozen=True)
class Decision:
    """A week's decision, the model's decision, and the worth of the difference.

    apart: distance from the model's decision by kind, 0 to 1; model: the chance with which the
    model makes each kind of move, or its package for an offer; offered: the other side's package
    that was answered; worth: own result of the player's decision minus that of the model's, in
    points, mean of `forks` pairs.
    """

    week: int
    moves: Moves
    apart: Mapping[str, float]
    model: Mapping[str, Any]
    offered: Array | None = None
    repeated: Array | None = None  # the seat's own earlier package
    left: float = 1.0  # share of the game that remained
    worth: Interval = field(default=Interval(math.nan, math.nan, math.nan))
    forks: int = 0


class MoveRecorder(Conduct):
    """Move as the model does, and record the model's moves in one week."""

    def __init__(self, week: int) -> None:
        self.week = week
        self.seen: dict[str, Any] = {}
        self._sends: Mask | None = None

    def _record(self, seat: Any, name: str, value: Any) -> Any:
        if seat.negotiation.week == self.week and seat.negotiation.opened:
            self.seen[name] = np.asarray(value, dtype=float).mean(axis=-1)
        return value

    def offer(self, seat: Any, package: Array) -> Array:
        """Record the model's offer."""
        recorded: Array = self._record(seat, "offer", package)
        return recorded

    def answer(self, seat: Any, package: Array, yes: Mask) -> Mask:
        """Record the model's answer."""
        self._record(seat, "table", package)
        recorded: Mask = self._record(seat, "answer", yes)
        return recorded

    def entrust(self, seat: Any, channel: str, wants: Mask) -> Mask:
        """Record whether the model sends a trial package through any back channel in contact."""
        row = seat.negotiation.people[channel].row
        sends = wants & (seat.store.row("contacted", row) > 0.0)
        self._sends = sends if self._sends is None else self._sends | sends
        self._record(seat, "channel", self._sends)
        return wants

    def threaten(self, seat: Any, wants: Mask) -> Mask:
        """Record whether the model threatens."""
        recorded: Mask = self._record(seat, "threat", wants)
        return recorded

    def climb(self, seat: Any, wants: Mask) -> Mask:
        """Return the model's decision, which is no decision of a player."""
        return wants

    def put_off(self, seat: Any, wants: Mask) -> Mask:
        """Record whether the model postpones a threat."""
        recorded: Mask = self._record(seat, "put_off", wants)
        return recorded

    def carry_out(self, seat: Any, wants: Mask) -> Mask:
        """Record whether the model carries out a threat."""
        recorded: Mask = self._record(seat, "due", wants)
        return recorded

    def gesture(self, seat: Any, wants: Mask) -> Mask:
        """Record whether the model makes a gesture."""
        recorded: Mask = self._record(seat, "gesture", wants)
        return recorded

    def truce(self, seat: Any, ready: Array) -> Array:
        """Record the model's readiness for a truce."""
        recorded: Array = self._record(seat, "truce", ready)
        return recorded

    def retaliate(self, seat: Any, share: Array) -> Array:
        """Record the share of a rise that the model answers."""
        recorded: Array = self._record(seat, "retaliation", share)
        return recorded

    def leave(self, seat: Any, wants: Mask) -> Mask:
        """Record whether the model ends a deal."""
        recorded: Mask = self._record(seat, "leave", wants)
        return recorded


def decisions(
    game: Game, who: Seat, progress: Progress, coarse: int = COARSE, fine: int = FINE
) -> list[Decision]:
    """Return the decisions of a seat that mattered most, those with the largest effect first.

    In weeks with a session, a move or a due threat, and in some others, `coarse` forks estimate the
    model's decision. The decisions that differ most from it are screened with a few pairs of forks
    to the end of the game. Those with the largest effect are then measured with `fine` other pairs.
    progress: called with the share of the work done; may raise to stop.
    """
    weeks = [week for week in range(1, weeks_played(game) + 1) if _eventful(game, who, week)]
    candidates = []
    for number, week in enumerate(weeks):
        decision = _different_decision(game, who, week, coarse)
        candidates += [decision] if decision else []
        progress(0.3 * (number + 1) / len(weeks))
    largest = sorted(_limit_kinds(candidates), key=_largest_difference)[-SCREENED:]
    screened = []
    for number, decision in enumerate(largest):
        screened.append(measure_worth(game, who, decision, min(SCREEN, fine), SCREENING))
        progress(0.3 + 0.4 * (number + 1) / len(largest))
    chosen = sorted(screened, key=_size)[-MOST:]
    measured = []
    for number, decision in enumerate(chosen):
        measured.append(measure_worth(game, who, decision, fine))
        progress(0.7 + 0.3 * (number + 1) / len(chosen))
    return sorted(measured, key=_size, reverse=True)


def _size(decision: Decision) -> float:
    return abs(decision.worth.estimate)


def _eventful(game: Game, who: Seat, week: int) -> bool:
    """Return whether a week is examined: it had a decision, or is one of the sampled idle weeks."""
    moves = game.moves[who.key]
    if week % IDLE == 0 or float(game.state("level", week)) > 0.0:
        return True
    if moves[week] != standing_orders(moves.get(week - 1, Moves())):
        return True
    ended = ("executed", "backed_down", "postponed")
    return any(
        game.state(name, week)[who.row] > game.state(name, week - 1)[who.row] for name in ended
    )


def _different_decision(game: Game, who: Seat, week: int, forks: int) -> Decision | None:
    """Return the decision of a week if it differed from the model's."""
    negotiation = past.reopen_week(game, week)
    may = past.open_decisions(negotiation, game, who)
    if not any(may.values()):
        return None
    recorder = MoveRecorder(week)
    number = np.arange(max(forks, 2), dtype=np.intp)
    copies = past.fork(negotiation, {**_others(game, who, week), who.key: recorder}, number)
    copies.close_week()
    moves, seen = game.moves[who.key][week], recorder.seen
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
        1.0 - week / weeks_played(game),
    )


def _apart(
    negotiation: Negotiation,
    who: Seat,
    moves: Moves,
    may: Mapping[str, bool],
    seen: Mapping[str, Any],
) -> dict[str, float]:
    """Return the distance of a week's decision from the model's by kind, without small ones."""
    done: dict[str, float] = {
        "answer": moves.accept,
        "due": moves.due == "carry_out",
        "threat": moves.threat is not None,
        "gesture": moves.gesture,
        "truce": moves.truce,
        "leave": moves.leave,
        "channel": bool(moves.channel),
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
    """Return the distance of the offered package from the model's, 0 to 1."""
    store = negotiation.store
    last = store.row("offer", who.row)[:, 0]
    if moves.offer is None and np.isnan(last).any():
        return 0.0  # the seat offered the model's own package
    made = last if moves.offer is None else np.array(moves.offer)
    gains: Array = store["gains"][:, :, 0]
    bend: Array = store["bend"][:, :, 0]
    worths = [
        abs(float(utility(gains[side], felt(made, bend[side]) - felt(model, bend[side]))))
        for side in SIDES
    ]
    return min(1.0, sum(worths) / POINTS_APART)


def _others(game: Game, who: Seat, week: int) -> dict[str, Conduct]:
    """Return the conducts of the other played seats, which repeat their moves of this week."""
    return {
        seat.key: Script({week: game.moves[seat.key][week]}) for seat in game.seats if seat != who
    }


def _limit_kinds(candidates: list[Decision]) -> list[Decision]:
    """Return the most different decisions of each kind, with fewer omitted moves than made ones."""
    chosen, many = [], Counter[tuple[str, bool]]()
    for decision in sorted(candidates, key=_largest_difference, reverse=True):
        kind = max(decision.apart, key=lambda name: _weight(decision, name))
        made = kind in ("offer", "answer", "due", "retaliation") or bool(
            getattr(decision.moves, kind)
        )
        many[kind, made] += 1
        if many[kind, made] <= (MOST_ALIKE if made else MOST_IDLE):
            chosen.append(decision)
    return chosen


def _weight(decision: Decision, kind: str) -> float:
    """Return the weight of a kind of decision before it is measured, larger in early weeks."""
    return decision.apart[kind] * HEAVY.get(kind, 1.0) * (LATE + (1.0 - LATE) * decision.left)


def _largest_difference(decision: Decision) -> float:
    return max(_weight(decision, kind) for kind in decision.apart)


def measure_worth(
    game: Game, who: Seat, decision: Decision, forks: int, salt: int = past.SALT
) -> Decision:
    """Return a decision with its worth, measured by pairs of forks of the true world.

    salt: another number gives other forks.
    """
    week = decision.week
    number = np.tile(np.arange(forks, dtype=np.intp), 2)
    part = np.repeat(np.arange(2, dtype=np.intp), forks)
    seats = _others(game, who, week)
    seats[who.key] = SplitConduct([Script({week: decision.moves}), Conduct()], part)
    copies = past.fork(past.reopen_week(game, week), seats, number, salt)
    results = results_at_end(copies, game, who, week)
    worth = paired_difference(results[forks:], results[:forks])
    return replace(decision, worth=worth, forks=forks)


def results_at_end(negotiation: Negotiation, game: Game, who: Seat, week: int) -> Array:
    """Return the own result (R,) of worlds simulated on from the middle of a week, in points."""
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
    """Return the own result of a side in a game, in points: worth - weight x pain.

    worth: of the deal in force at the end, at the time it was made, 0 without a deal; pain: of the
    side relative to the start, mean over all weeks; weight: cost of a unit of pain in points.

    >>> own_result(np.array([0.3, 0.0]), np.array([0.1, -0.1]), 0.5).round(3).tolist()
    [0.25, 0.05]
    """
    return worth - weight * pain


def pain_weight(game: Game, who: Seat) -> float:
    """Return the cost of a unit of pain to a seat's side over its political horizon, in points.

    This is the value at the start. It ignores that an approaching election raises the cost later.
    """
    return float(game.state("pain_weight", 0)[who.row])
