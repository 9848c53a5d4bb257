"""Talks: back channels, whether and at which level the sides meet, offers, answers, learning."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.arrays import Array, Mask
from model.schema.entries import Summit
from model.sides import SIDES
from model.state.state import DEAL

if TYPE_CHECKING:
    from model.negotiation import Negotiation

SAME = 1e-9  # levels that differ by less than this are the same
SILENT, WORKING, CABINET, SUMMIT = 0.0, 1.0, 2.0, 3.0  # levels of a session


def probe(n: "Negotiation") -> None:
    """Let the back channels make contact and report the other side's reservation value."""
    n.store["contact"] = n.store.zeros()
    for channel in n.between:
        channel.probe(n.week)
    leak(n)


def leak(n: "Negotiation") -> None:
    """Expose a back channel in contact at random, and let the effect of earlier leaks decay."""
    store = n.store
    chance = np.where(store["contact"] > 0.0, store["channels.leak"], 0.0)
    exposed = n.streams.uniform("leak", n.week) < chance
    store["leaked"] = store["leaked"] * np.exp2(-1.0 / store["channels.leak_half_life"]) + exposed
    store["leaks"] = store["leaks"] + exposed


def meet(n: "Negotiation") -> None:
    """Determine whether the sides meet this week and at which level.

    If one side alone has a threat that is about to fall due, it speaks first. While a deal is in
    force, they meet to implement it, and for talks on a second phase.
    """
    store = n.store
    in_deal = store["phase"] == DEAL
    held = in_deal & (
        n.streams.uniform("implementation", n.week) < store["implementation.sessions"]
    )
    store["implementing"] = np.where(held, 1.0, 0.0)
    store["implementations"] = store["implementations"] + held
    open_to_talk = ~in_deal | (store["second_open"] > 0.0)
    level = levels(n, meeting(n) & open_to_talk, summit(n) & open_to_talk)
    store["level"] = level
    one, other = (leader.presses() for leader in n.leaders)
    first = np.where(one & ~other, 0.0, np.where(other & ~one, 1.0, store["turn"]))
    store["turn"] = np.where(level > SILENT, first, store["turn"])
    secret = n.streams.uniform("deniable", n.week) < store["channels.deniable"]
    store["deniable"] = (
        (level > SILENT) & (level < SUMMIT) & (store["contact"] > 0.0) & secret
    ) + 0.0
    store["since_session"] = np.where(level > SILENT, 0.0, store["since_session"] + 1.0)
    store["sessions"] = store["sessions"] + (level > SILENT)
    store["summits"] = store["summits"] + (level == SUMMIT)


def talk(n: "Negotiation") -> None:
    """Hold a session in worlds in which the sides meet: an offer, an answer, and learning."""
    store, level = n.store, n.store["level"]
    store["agreed"] = store.zeros()
    turn = store["turn"].copy()
    for proposer, answerer in (n.leaders, n.leaders[::-1]):
        with store.focus((level > SILENT) & (turn == proposer.side_row)) as worlds:
            if worlds:
                session(n, proposer, answerer)
    disappoint(n, (level == SUMMIT) & (store["agreed"] == 0.0))


def meeting(n: "Negotiation") -> Mask:
    """Return whether the sides meet at working or cabinet level this week (R,)."""
    store = n.store
    rate = store["talks.rate"] * 0.5 * (n.leaders[0].access() + n.leaders[1].access())
    contact = (store["contact"] > 0.0) | direct_contact(n)
    lifted = 1.0 - (1.0 - rate) * np.where(contact, 1.0 - store["channels.contact_lift"], 1.0)
    pressed = n.leaders[0].presses() | n.leaders[1].presses()
    lifted = np.where(pressed, np.maximum(lifted, store["coercion.ultimatum"]), lifted)
    meets: Mask = n.streams.uniform("talks", n.week) < lifted
    return meets


def direct_contact(n: "Negotiation") -> Mask:
    """Return whether the leaders are in direct contact this week, by an edge between them (R,)."""
    one, other = (card.leader for card in n.setting.sides.values())
    none = n.store.full(1.0)
    for edge in (f"{one}>{other}", f"{other}>{one}"):
        if edge in n.setting.edges:
            weight = n.store.of("edges", edge, "weight")
            none = none * (1.0 - n.store["channels.direct"] * weight)
    called: Mask = n.streams.uniform("direct", n.week) < 1.0 - none
    return called


def summit(n: "Negotiation") -> Mask:
    """Return whether the leaders meet this week (R,).

    They meet if a summit is scheduled, by invitation if the gap is small, or after a call.
    """
    store = n.store
    planned = store.full(False)
    for row, _ in n.setting.of_kind(Summit):
        planned = planned | (store.of("events", row, "week") == n.week)
    gap = np.maximum(n.leaders[0].gap(), n.leaders[1].gap())
    near = (gap < store["summits.gap"]) & (store["clock"] > 0.0)
    taste = 1.0 - (1.0 - n.leaders[0].taste()) * (1.0 - n.leaders[1].taste())
    chance = np.where(near, store["summits.invitation"], 0.0)
    chance = 1.0 - (1.0 - chance) * (1.0 - store["summits.call"] * taste)
    drawn: Mask = (n.streams.uniform("summit", n.week) < chance) | planned
    return drawn


def levels(n: "Negotiation", meets: Mask, leaders: Mask) -> Array:
    """Return the level of the week's session (R,): SILENT (none), WORKING, CABINET or SUMMIT."""
    cabinet = n.streams.uniform("level", n.week) < n.store["talks.cabinet_share"]
    level = np.where(meets, np.where(cabinet, CABINET, WORKING), SILENT)
    return np.where(leaders, SUMMIT, level)


def session(n: "Negotiation", proposer: Any, answerer: Any) -> None:
    """Hold a session in the worlds in focus: one side makes an offer and the other answers."""
    store = n.store
    package = proposer.propose()
    store["table"] = package
    same = np.abs(package - store["trial"]).max(axis=0) <= SAME
    store["from_trial"] = np.where(same & (store["trial_warm"] > 0.0), 1.0, 0.0)
    store["trial_warm"] = store.zeros()
    # officials at working level cannot conclude an agreement
    accepted = answerer.answer(package) & (store["level"] > WORKING)
    answerer.listen_to(package)
    proposer.be_refused(package, ~accepted)
    signed = accepted & (proposer.mine("tentative") == 0.0)
    store["agreed"] = np.where(signed, 1.0, 0.0)
    store["turn"] = store.full(float(answerer.side_row))
    store["clock"] = store["clock"] + 1.0 + exhaustion(n)


def exhaustion(n: "Negotiation") -> Array:
    """Return the extra talk-weeks that a session takes because both sides hurt (R,).

    chi times the mean of the sides' pain above that at the start, at least 0 (Zartman 2000).
    """
    pain = 0.5 * (n.store.row("side_pain", SIDES[0]) + n.store.row("side_pain", SIDES[1]))
    return n.store["talks.exhaustion"] * np.maximum(pain, 0.0)


def disappoint(n: "Negotiation", failed: Mask) -> None:
    """Lower approval and trust of both leaders after a summit without an agreement."""
    store = n.store
    lost = np.where(failed, store["summits.approval_cost"], 0.0)
    store["approval"] = np.maximum(store["approval"] - lost, 0.0)
    store["broken"] = store["broken"] + np.where(failed, store["summits.trust_cost"], 0.0)
