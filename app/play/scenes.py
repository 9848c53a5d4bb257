"""Convert the state of a game to what one seat can see. Private data of the other are left out."""

from typing import Any

import numpy as np

from agents.script import AS_MODEL, Moves
from app.play.session import Play, toothless
from app.watch.scenes import signed
from experiments.game import drafts
from experiments.game.seats import Seat
from experiments.game.situation import Situation
from experiments.game.table import Game
from model.arrays import Array
from model.chronicle import Entry, capital
from model.phases.talks import CABINET, SUMMIT, WORKING
from model.schema.entries import Side
from model.schema.issues import SLIGHT, Issue
from model.sides import other_side
from model.state.state import DEAL, TRUCE

type Row = dict[str, Any]

NEAR = 1e-6  # points
STEPS = 100  # of a slider
SIGNED = 0.5  # share of the legacy that counts for a deal on the table (agents.negotiator)
LEVELS = {WORKING: "at working level", CABINET: "between ministers", SUMMIT: "between the leaders"}
KINDS = {
    "tariff": "a tariff",
    "control": "export controls",
    "revocation": "an end of {revocable}",
}
LOUD = (
    *("deal", "second phase", "renegotiation", "end of the deal"),
    *("involuntary defection", "revocation", "truce", "execution"),
)


def titles(game: Game) -> list[str]:
    """Return the names of both sides."""
    return [card.title for card in game.setting.sides.values()]


def named(game: Game) -> list[str]:
    """Return the names of both sides as used within a sentence."""
    return [card.named for card in game.setting.sides.values()]


def head(play: Play) -> Row:
    """Return the week, the seat, and its task as a sentence."""
    game, who = play.game, play.seat
    now = play.now
    task, tone = asked(game, who, now)
    return {
        "week": now.week,
        "last": game.setting.time.horizon,
        "date": f"{now.day.day} {now.day:%B %Y}",
        "title": seated(game, who),
        "side": who.row,
        "task": task,
        "tone": tone,
    }


def seated(game: Game, who: Seat) -> str:
    """Return the title of a seat, with its side."""
    side = titles(game)[who.row]
    return who.title if side in who.title else f"{who.title}, {side}"


def asked(game: Game, who: Seat, now: Situation) -> tuple[str, str]:
    """Return the task of a seat in a week as a sentence, with a tone for the style."""
    other = capital(named(game)[other_side(who.row)])
    level = LEVELS.get(float(now.level), "")
    due = "Your threat falls due: decide what to do with it. " if now.may.carry_out else ""
    if now.may.offer:
        return f"{due}You meet {level}, and it is your turn: make an offer.", "asked"
    if now.table is not None and now.may.accept:
        return (
            f"{due}{other} has put an offer on the table {level}: accept it or not?",
            "asked",
        )
    if now.table is not None:
        return (
            f"{due}{other} sounds you out {level}: there is an offer to look at, and nobody can "
            "sign at that level.",
            "quiet",
        )
    if due:
        return due.strip(), "asked"
    if now.phase == DEAL:
        return "The deal is in force. See that it holds, or let time pass.", "quiet"
    if now.phase == TRUCE:
        return "A truce holds. No session this week.", "quiet"
    if now.level:
        return f"The sides meet {level}, and somebody else speaks for yours.", "quiet"
    return "No session this week. Make another move, or let time pass.", "quiet"


def standing(game: Game, who: Seat, now: Situation) -> list[Row]:
    """Return the status of a seat: name, number as text with its change, and note."""
    me, other = who.row, other_side(who.row)
    names = named(game)
    rows = [{"name": "Phase", "text": _phase(game, now), "note": "", "tone": ""}]
    if not toothless(game):
        for side in (me, other):
            whose = "Your tariff" if side == me else f"Tariff of {names[other]}"
            rows.append(_number(game, whose, "tariff", side, "average, on the other side's goods"))
    rows.append(_number(game, "Your approval", "approval", me, "at home"))
    rows.append(_number(game, f"Your trust in {names[other]}", "trust", me, "0 to 100 %"))
    for mine, pending in ((True, now.mine), (False, now.theirs)):
        if pending:
            whose = "Your threat" if mine else f"Threat of {names[other]}"
            when = weeks_of(pending.weeks)
            card = list(game.setting.sides.values())[me if mine else other]
            text = f"{threatened(pending.kind, pending.size, card)}, due in {when}"
            rows.append({"name": whose, "text": text, "note": "", "tone": "warn"})
    if now.owed > 0.0:
        text = f"{now.owed:.1f} weeks of delivery"
        rows.append(
            {"name": f"{capital(names[other])} owes", "text": text, "note": "", "tone": "warn"}
        )
    return rows


def groups(game: Game, who: Seat) -> list[Row]:
    """Return the pain of the groups at home, by weight."""
    return [
        {
            "title": feeling.title,
            "pain": round(feeling.pain, 3),
            "text": f"{feeling.pain:+.2f}".replace("-", "−"),
            "weight": f"{100 * feeling.weight:.0f} %",
        }
        for feeling in drafts.feelings(game, who)
    ]


def news(game: Game, who: Seat, entries: list[Entry], since: int) -> list[Row]:
    """Return the events since the last move, with those of the own side marked."""
    own, weeks = who.side, {entry.week for entry in entries}
    return [
        {
            "week": f"Week {entry.week}: " if len(weeks) > 1 or entry.week != since else "",
            "text": entry.text,
            "mine": entry.actor == own,
            "side": side_index(game, entry.actor),
            "loud": entry.kind in LOUD,
        }
        for entry in entries
    ]


def side_index(game: Game, side: str) -> int:
    """Return 0 or 1 for a side, 2 for an event without a side."""
    keys = list(game.setting.sides)
    return keys.index(side) if side in keys else len(keys)


def issues(game: Game, who: Seat, now: Situation) -> list[Row]:
    """Return a row for each issue: who gives, and the worth of the full level to both."""
    rows, theirs = [], drafts.last_offer(game, other_side(who.row))
    for row, (key, card) in enumerate(game.setting.issues.items()):
        closed = "" if now.open_[row] else "Only the leaders can negotiate this, when they meet."
        rows.append(
            {
                "key": key,
                "row": row,
                "title": card.title,
                "unit": card.unit,
                "side": side_index(game, card.owner),
                "gain": round(float(now.gains[row]), 5),
                "estimate": round(float(now.estimate[row]), 5),
                "bend": round(float(now.bend[row]), 5),
                "bend_of_other": round(float(now.bend_of_other[row]), 5),
                "step": step(card),
                "closed": closed,
                "theirs": None if theirs is None else round(float(theirs[row]), 4),
            }
        )
    return sorted(rows, key=lambda row: row["side"])


def step(card: Issue) -> float:
    """Return the step of an issue's slider in percent.

    >>> from model.schema.scenario import load_scenario
    >>> step(load_scenario("classroom").issues["purchases"])
    1.0
    """
    levels = 2 if card.whole else card.levels
    return 100.0 / (levels - 1) if levels > 1 else 100.0 / STEPS


def words(game: Game) -> list[list[str]]:
    """Return the meaning of each level of each issue, 0 to 100 %, in the order of the issues."""
    return [
        [
            card.say(step / STEPS) if step / STEPS >= SLIGHT else f"{card.title}: nothing"
            for step in range(STEPS + 1)
        ]
        for card in game.setting.issues.values()
    ]


def scale(game: Game, who: Seat, now: Situation, package: Array) -> Row:
    """Return the limits of the axis of worths, the needs of both sides, and the chance at home.

    doubt: half of the 95 % range of the other's reservation; winning, legacy: what the leader
    `counts` adds to the worth u (weight w in u + w (u - v), and points).
    """
    own, theirs = now.gains * now.open_, now.estimate * now.open_
    needs = [now.reservation, now.believed - 2.0 * now.doubt, now.believed + 2.0 * now.doubt]
    table = [now.worth(package), now.worth_to_other(package)]
    high = max([float(np.maximum(values, 0.0).sum()) for values in (own, theirs)] + needs + table)
    low = -0.5 * max(high, 0.1)
    return {
        "low": round(min([low, *needs]), 4),
        "high": round(high * 1.02 or 0.1, 4),
        "reservation": round(now.reservation, 4),
        "believed": round(now.believed, 4),
        "doubt": round(2.0 * now.doubt, 4),
        "home": home(game, who, package),
        "whole": drafts.is_comprehensive(game, package),
        "winning": now.winning,
        "legacy": SIGNED * now.legacy if drafts.is_comprehensive(game, package) else 0.0,
        "signed": None if now.phase != DEAL else round(float(game.state("utility")[who.row]), 4),
        "counts": "" if now.winning == now.legacy == 0.0 else _leader(game, who),
    }


def _leader(game: Game, who: Seat) -> str:
    """Return the leader of a side, who decides in the model."""
    return game.setting.actors[game.setting.sides[who.side].leader].title


def home(game: Game, who: Seat, package: Array) -> str:
    """Return the chance of ratification at home in words."""
    chance = drafts.ratification_chance(game, who, package)
    if game.setting.sides[who.side].ratification == "certain":
        return "what you sign is ratified"
    text = "more than 99 %" if chance > 0.995 else percent(chance)
    return f"chance to be ratified at home: {text}"


def staged(play: Play) -> list[Row]:
    """Return the staged moves of this week as sentences, and whether each can be undone."""
    moves, now, names = play.moves, play.now, play.staged()
    rows = []
    if now.may.offer and moves.offer is not None:
        same = moves.offer == play.start("last")
        text = offered(play)
        rows.append({"name": "offer", "text": text, "undo": not same})
    if now.may.accept:
        text = "Accept the offer" if moves.accept else "Refuse the offer"
        rows.append({"name": "accept", "text": text, "undo": moves.accept})
    if now.may.carry_out:
        text = {
            "carry_out": "Carry out your threat",
            "put_off": "Put your threat off",
            "back_down": "Back down from your threat",
        }[moves.due]
        rows.append({"name": "due", "text": text, "undo": moves.due != "back_down"})
    texts = {
        "threat": lambda: f"Threaten {_order(moves, own(play))}",
        "gesture": lambda: "Cut your tariff a little, unasked",
        "truce": lambda: "Call for a truce",
        "call": lambda: "Call the other leader",
        "leave": lambda: "End the deal",
        "renegotiate": lambda: (
            "Renegotiate rather than let the deal end"
            if moves.renegotiate
            else "Let the deal end rather than renegotiate"
        ),
        "answer": lambda: f"Standing order: answer {_answered(moves.answer)}",
        "deliver": lambda: f"Standing order: deliver {percent(moves.deliver)} of what is due",
        "counsel": lambda: "Change what you tell your leader",
        "channel": lambda: _trial(play),
    }
    rows += [
        {"name": name, "text": text(), "undo": True}
        for name, text in texts.items()
        if name in names
    ]
    return rows


def offered(play: Play) -> str:
    """Return a short description of the staged offer: its worth to both sides."""
    now, package = play.now, np.array(play.moves.offer)
    given = int((package >= SLIGHT).sum())
    other = named(play.game)[other_side(play.seat.row)]
    worth, theirs = now.worth(package), now.worth_to_other(package)
    counted = worth + now.winning * (worth - theirs)
    counted += SIGNED * now.legacy if drafts.is_comprehensive(play.game, package) else 0.0
    low = " (below your walk-away point)" if counted < now.reservation - NEAR else ""
    drafter = play.moves.drafter
    source = f" from a draft of {play.game.setting.actors[drafter].title}" if drafter else ""
    return (
        f"Offer{source}: {given} of {len(package)} issues, worth {signed(worth)} to you{low}, "
        f"about {signed(theirs)} to {other}"
    )


def _trial(play: Play) -> str:
    """Return a short description of the staged trial package."""
    now, moves = play.now, play.moves
    carrier = play.game.setting.actors[moves.channel].title
    package = np.array(moves.trial)
    other = named(play.game)[other_side(play.seat.row)]
    return (
        f"Trial package through {carrier}, worth {signed(now.worth(package))} to you, about "
        f"{signed(now.worth_to_other(package))} to {other}"
    )


def _answered(share: float) -> str:
    return "rises as the model does" if share == AS_MODEL else f"{percent(share)} of a rise"


def percent(share: float) -> str:
    """Return a share in words.

    >>> percent(0.423)
    '42 %'
    """
    return f"{100 * share:.0f} %"


def _order(moves: Moves, card: Side) -> str:
    if moves.threat is None:
        return ""
    when = f"due in {weeks_of(moves.threat.fuse)}"
    return f"{threatened(moves.threat.kind, moves.threat.size, card)}, {when}"


def own(play: Play) -> Side:
    """Return the side of the seat at the screen, as the scenario declares it."""
    return play.game.setting.sides[play.seat.side]


def threatened(kind: str, size: float, card: Side) -> str:
    """Return a threat in words. size: as a share."""
    if kind == "tariff":
        return f"{100 * size:.0f} points of tariff"
    return KINDS[kind].format(revocable=card.revocable)


def weeks_of(number: int) -> str:
    """Return a number of weeks in words."""
    return f"{number} week{'' if number == 1 else 's'}"


def _phase(game: Game, now: Situation) -> str:
    if now.phase == DEAL:
        return f"deal in force since week {float(game.state('deal_week')):.0f}"
    if now.phase == TRUCE:
        return f"truce, {float(game.state('truce_weeks')):.0f} weeks left"
    return "talks"


def _number(game: Game, name: str, state: str, side: int, note: str) -> Row:
    """Return a share as text, with its change in the last week."""
    now = float(game.state(state)[side])
    before = float(game.state(state, max(game.week - 2, 0))[side])
    moved = 100 * (now - before)
    text = f"{100 * now:.0f} %" if state != "tariff" else f"{100 * now:.1f} %"
    arrow = "" if abs(moved) < 0.5 else f" {'▲' if moved > 0 else '▼'} {abs(moved):.0f}"
    return {"name": name, "text": text + arrow, "note": note, "tone": ""}
