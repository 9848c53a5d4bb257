"""Check the moves of a seat in a week against the rules."""

import math
from collections.abc import Iterator

from agents.script import AS_MODEL, Moves, Order
from experiments.game.seats import Seat
from experiments.game.situation import LONGEST_FUSE, Situation
from model.schema.problems import Problem
from model.schema.scenario import Scenario

HIGHEST_ANSWER = 2.0  # times the other's rise


def faults(setting: Scenario, now: Situation, who: Seat, moves: Moves) -> list[Problem]:
    """Return all violations of the rules, each with its place, reason and remedy."""
    problems = [*_offer(setting, now, who, moves), *_trial(setting, now, moves), *_numbers(moves)]
    problems += _drafter(setting, now, who, moves)
    may = now.may
    wanted = {
        "accept": (moves.accept, may.accept, _no_answer(now, who)),
        "gesture": (moves.gesture, may.gesture, "no gesture is possible this week"),
        "truce": (moves.truce, may.truce, "only a leader can call for a truce, and only in talks"),
        "call": (moves.call, may.call, "only leaders without a deal in force can call each other"),
        "leave": (moves.leave, may.leave, "a deal can be ended only if the other side is behind"),
        "counsel": (moves.counsel is not None, may.counsel, "only an adviser can give counsel"),
    }
    for name, (asked, allowed, why) in wanted.items():
        if asked and not allowed:
            problems.append(Problem(name, "", why, "Leave it out."))
    problems += _threat(now, moves.threat) if moves.threat else []
    if moves.due == "put_off" and not may.put_off:
        why = "a threat can be postponed only if it falls due soon after a session"
        problems.append(Problem("due", moves.due, why, "Carry it out or back down."))
    if moves.due == "carry_out" and not may.carry_out:
        why = "no threat of this seat falls due this week"
        problems.append(Problem("due", moves.due, why, "Leave it out."))
    return problems


def _offer(setting: Scenario, now: Situation, who: Seat, moves: Moves) -> Iterator[Problem]:
    if moves.offer is None:
        return
    if not now.may.offer:
        why = "it is not this seat's turn at the table this week"
        yield Problem("offer", "", why, "Leave it out.")
    if len(moves.offer) != len(setting.issues):
        why = f"must have {len(setting.issues)} levels, one for each issue"
        yield Problem("offer", str(len(moves.offer)), why, "Write 0 for no concession.")
        return
    for level, open_, (key, card) in zip(
        moves.offer, now.open_, setting.issues.items(), strict=True
    ):
        if not 0.0 <= level <= 1.0:  # NaN too
            yield Problem(f"offer of {key}", str(level), "must be between 0 and 1")
        elif level > 0.0 and not open_:
            why = f"{card.title} is on the table only at summits of the leaders"
            yield Problem(f"offer of {key}", str(level), why, "Set it to 0.")


def _trial(setting: Scenario, now: Situation, moves: Moves) -> Iterator[Problem]:
    if moves.channel and moves.channel not in now.may.trial:
        channels = ", ".join(now.may.trial)
        why = "this back channel cannot carry a trial package this week"
        yield Problem(
            "channel", moves.channel, why, f"Possible: {channels}." if channels else "Leave it out."
        )
    if moves.trial is None:
        return
    if not moves.channel:
        yield Problem("trial", "", "no back channel is named", "Write `channel`, or leave it out.")
    if len(moves.trial) != len(setting.issues):
        why = f"must have {len(setting.issues)} levels, one for each issue"
        yield Problem("trial", str(len(moves.trial)), why, "Write 0 for no concession.")
        return
    for level, (key, card) in zip(moves.trial, setting.issues.items(), strict=True):
        if not 0.0 <= level <= 1.0:  # NaN too
            yield Problem(f"trial of {key}", str(level), "must be between 0 and 1")
        elif level > 0.0 and card.leaders_only:
            why = f"{card.title} is on the table only at summits of the leaders"
            yield Problem(f"trial of {key}", str(level), why, "Set it to 0.")


def _drafter(setting: Scenario, now: Situation, who: Seat, moves: Moves) -> Iterator[Problem]:
    """Yield that a draft was asked of somebody who cannot give one, or without an offer."""
    if not moves.drafter:
        return
    if moves.offer is None or not now.may.offer:
        yield Problem("drafter", moves.drafter, "a draft is for an offer", "Leave it out.")
    elif moves.drafter not in now.may.drafters:
        advisers = ", ".join(now.may.drafters)
        why = "only an adviser of one's own side with priorities can give a draft"
        remedy = f"Possible: {advisers}." if advisers else "Leave it out."
        yield Problem("drafter", moves.drafter, why, remedy)


def _no_answer(now: Situation, who: Seat) -> str:
    if now.table is None:
        return "there is no offer of the other side on the table"
    return "a deal cannot be concluded at working level"


def _numbers(moves: Moves) -> Iterator[Problem]:
    """Yield orders and counsel that are out of range."""
    bounds = [("deliver", moves.deliver, 1.0)]
    if moves.answer != AS_MODEL:
        bounds.insert(0, ("answer", moves.answer, HIGHEST_ANSWER))
    bounds += [("counsel", value, 1.0) for value in moves.counsel or ()]
    for name, value, most in bounds:
        if not 0.0 <= value <= most:
            yield Problem(name, str(value), f"must be between 0 and {most:g}")


def _threat(now: Situation, order: Order) -> Iterator[Problem]:
    least, most = now.sizes
    if order.kind not in now.may.threaten:
        kinds = ", ".join(now.may.threaten)
        why = "this threat is not possible now" if kinds else "no threat is possible now"
        yield Problem(
            "threat", order.kind, why, f"Possible: {kinds}." if kinds else "Leave it out."
        )
    if not (math.isfinite(order.size) and least <= order.size <= most):
        yield Problem(
            "size of the threat", str(order.size), f"must be between {least:g} and {most:g}"
        )
    if not 1 <= order.fuse <= LONGEST_FUSE:
        why = f"must be between 1 and {LONGEST_FUSE} weeks"
        yield Problem("fuse of the threat", str(order.fuse), why)
