"""Prepare the controls of all other moves: what is possible, its cost, and why it is disabled."""

from typing import Any

from agents.script import AS_MODEL, Order
from app.play.scenes import Row, named, own, percent, threatened, weeks_of
from app.play.session import Play, toothless
from experiments.game import drafts
from experiments.game.situation import LONGEST_FUSE
from model.chronicle import capital
from model.sides import other_side
from model.state.state import DEAL, TALKS

KIND_LABELS = {
    "tariff": "Tariff",
    "control": "Export controls",
    "revocation": "End {revocable}",
}
COUNSEL = ("Firmness", "Taste for escalation", "Demand for enforcement")


def levers(play: Play) -> Row:
    """Return all controls of a week as the browser needs them."""
    leads, idle = play.seat.leads, toothless(play.game)
    note = ""
    if leads:
        note = (
            "You lead the talks below the leaders' level, and have your leader's ear. Threats, "
            "gestures and truces are your leader's."
        )
    elif idle:
        note = (
            "In this scenario no tariff hurts anybody: there is nothing to threaten with, and a "
            "late deal is worth as much as an early one. Only the last week ends the talks."
        )
    return {
        "note": note,
        "due": due(play) if play.now.may.carry_out else None,
        "threat": None if leads or idle else threat(play),
        "trial": None if leads else trial(play),
        "switches": [] if leads else switches(play),
        "orders": [] if leads or idle else orders(play),
        "counsel": counsel(play) if play.now.may.counsel else [],
    }


def due(play: Play) -> list[Row]:
    """Return the options for a threat that falls due, with their costs."""
    now, leader = play.now, play.game.negotiation.leaders[play.seat.row]
    pending = now.mine
    other = named(play.game)[other_side(play.seat.row)]
    justified = float(leader.parameter("coercion.justification")[0])
    shame = 100 * float(leader.of_side("audience_cost")[0]) * (1.0 - justified)
    what = threatened(pending.kind, pending.size, own(play)) if pending else "it"
    note = f"You raise {what}; {other} may answer in kind."
    if pending and pending.kind == "revocation":
        card = own(play)
        chance = float(leader.parameter("revocation.congress")[0])
        note = f"{card.legislature} follows with a chance of {percent(chance)}; {other} may answer."
    elif pending and pending.kind == "control":
        note = f"You tighten export controls; {other} may answer in kind."
    fuse = int(leader.parameter("coercion.fuse")[0])
    ways = [
        ("carry_out", "Carry it out", note, ""),
        (
            "put_off",
            "Put it off",
            f"It hangs for {weeks_of(fuse)} more.",
            "" if now.may.put_off else "Only shortly after a session.",
        ),
        (
            "back_down",
            "Back down",
            f"It costs {shame:.1f} points of approval, and your next threat is believed less.",
            "",
        ),
    ]
    return [
        {
            "name": name,
            "label": label,
            "note": why or note,
            "why": why,
            "on": play.moves.due == name,
        }
        for name, label, note, why in ways
    ]


def threat(play: Play) -> Row:
    """Return the controls of a new threat, and the reason if none is possible."""
    now = play.now
    why = ""
    if now.mine:
        why = "One threat at a time: yours still hangs."
    elif now.phase != TALKS:
        why = _not_in_talks(now.phase)
    order = play.moves.threat or Order()
    return {
        "why": why,
        "kinds": [
            [kind, KIND_LABELS[kind].format(revocable=own(play).revocable)]
            for kind in (now.may.threaten or ("tariff",))
        ],
        "least": round(100 * now.sizes[0]),
        "most": round(100 * now.sizes[1]),
        "longest": LONGEST_FUSE,
        "kind": order.kind,
        "size": round(100 * order.size),
        "fuse": order.fuse,
        "on": play.moves.threat is not None,
    }


def trial(play: Play) -> Row | None:
    """Return the controls of a trial package; None in a scenario without any."""
    game, now = play.game, play.now
    back = [one for one in game.negotiation.between if other_side(play.seat.row) in one.routes]
    if game.setting.channels.trial <= 0.0 or not back:
        return None
    keys = list(now.may.trial)
    chances = {key: drafts.arrival_chance(game, play.seat, key) for key in keys}
    keys.sort(key=lambda key: -chances[key])
    return {
        "why": "" if keys else _no_trial(play),
        "channels": [
            [key, f"{game.setting.actors[key].title} (arrives in {percent(chances[key])})"]
            for key in keys
        ],
        "chosen": play.moves.channel or (keys[0] if keys else ""),
        "on": play.moves.channel != "",
    }


def _no_trial(play: Play) -> str:
    """Return why no trial package can be sent this week."""
    now, store = play.now, play.game.negotiation.store
    if now.phase == DEAL:
        return _not_in_talks(now.phase)
    if float(store["trial_warm"][0]) > 0.0 and not now.level:
        return "A package with a warm answer awaits the next session."
    if now.my_turn == bool(now.level):  # a session changes the turn
        other = capital(named(play.game)[other_side(play.seat.row)])
        return f"{other} makes the next offer, so it is its turn to test a package."
    return "No back channel is in contact this week."


def switches(play: Play) -> list[Row]:
    """Return the on/off moves: a gesture, a truce, a call, the end of the deal."""
    now, moves, game = play.now, play.moves, play.game
    other = named(game)[other_side(play.seat.row)]
    leader = game.negotiation.leaders[play.seat.row]
    chance = float(leader.parameter("summits.call")[0])
    cut = 100 * float(leader.parameter("gestures.size")[0])
    rows = []
    if not toothless(game):
        rows += [
            _switch(
                "gesture",
                "Make a gesture",
                f"Cut your tariff by up to {cut:.0f} points, unasked. It earns trust if answered.",
                moves.gesture,
                _no_gesture(play),
            ),
            _switch(
                "truce",
                "Call for a truce",
                f"It begins if {other} is ready too, which is likelier the more it is hurt. You "
                "keep calling until you take it back.",
                moves.truce,
                "" if now.may.truce else _not_in_talks(now.phase),
            ),
        ]
    if chance > 0.0:
        rows.append(
            _switch(
                "call",
                "Call the other leader",
                f"About a {percent(chance)} chance a week that the leaders meet. It goes on "
                "until you take it back.",
                moves.call,
                "" if now.may.call else "A deal is in force.",
            )
        )
    return rows + _of_a_deal(play, other)


def _of_a_deal(play: Play, other: str) -> list[Row]:
    """Return the switches while a deal is in force: to end it, or to renegotiate it."""
    now, moves = play.now, play.moves
    if now.phase != DEAL:
        return []
    rows = [
        _switch(
            "leave",
            "End the deal",
            f"{capital(other)} is behind with what it owes; tariffs may snap back.",
            moves.leave,
            "" if now.may.leave else f"Only if {other} owes something.",
        )
    ]
    if play.game.setting.implementation.renegotiation > 0.0:
        rows.append(
            _switch(
                "renegotiate",
                "Rather renegotiate than let the deal end",
                f"If {other} agrees, both obligations are reduced to what is delivered. It goes on "
                "until you take it back.",
                moves.renegotiate,
                "",
            )
        )
    return rows


def orders(play: Play) -> list[Row]:
    """Return the standing orders, in percent. `as_model`: value of the model's rule, or None."""
    moves, leader = play.moves, play.game.negotiation.leaders[play.seat.row]
    usual = float(leader.parameter("retaliation.proportion")[0])
    passed = float(leader.parameter("retaliation.generosity")[0])
    own = f"as the model does, about {percent(usual)}, and {percent(passed)} of the rises let pass"
    as_model = moves.answer == AS_MODEL
    return [
        {
            "name": "answer",
            "label": "Answer a rise of the other's tariff",
            "value": round(100 * (usual if as_model else moves.answer)),
            "rule": own if as_model else "",
            "as_model": AS_MODEL,
            "most": 200,
            "note": "0 %: let it pass; 100 %: in kind; 200 %: twice as much",
        },
        {
            "name": "deliver",
            "label": "Deliver what a deal asks of you",
            "value": round(100 * moves.deliver),
            "rule": "",
            "as_model": None,
            "most": 100,
            "note": "as far as your side is able to; who falls short is trusted less",
        },
    ]


def counsel(play: Play) -> list[Row]:
    """Return the advice of an adviser to the leader, in percent: the current or the staged one."""
    person: Any = play.game.negotiation.people[play.seat.key]
    advice = play.moves.counsel or tuple(person.opinion[:, 0].tolist())
    return [
        {"label": label, "value": round(100 * value)}
        for label, value in zip(COUNSEL, advice, strict=True)
    ]


def _switch(name: str, label: str, note: str, on: bool, why: str) -> Row:
    return {"name": name, "label": label, "note": why or note, "on": on, "why": why}


def _no_gesture(play: Play) -> str:
    """Return why no gesture is possible, or an empty string."""
    now, game = play.now, play.game
    if now.may.gesture:
        return ""
    if now.phase != TALKS:
        return _not_in_talks(now.phase)
    if now.mine:
        return "Not while your threat hangs."
    if float(game.state("gestures_end")[play.seat.row]) > 0.0:
        return "Your last gesture was not answered: no more of them."
    if float(game.state("gesture_weeks")[play.seat.row]) > 0.0:
        return "Your last gesture waits for an answer."
    return "Your tariff is as low as it can be."


def _not_in_talks(phase: int) -> str:
    return "Not while a deal is in force." if phase == DEAL else "Not during a truce."
