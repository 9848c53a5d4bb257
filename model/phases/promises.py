"""Promises in force: delivery, arrears, reviews, renegotiation, and the end of a deal."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array
from model.rules import compliance
from model.rules.implementation import (
    SLIGHT,
    TALLIES,
    granted,
    relieve,
    settled,
    share_at_signing,
)
from model.rules.settlement import (
    SHARE_AT_SIGNING,
    break_deal,
    delivered_since_review,
    lower_obligations,
    open_second_phase,
    reduced_package,
)
from model.sides import SIDES, other_side
from model.state.random_streams import standard_normal
from model.state.state import DEAL, NONE

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def keep_or_break(n: "Negotiation") -> None:
    """Update delivery, arrears and trust in worlds with a deal, and let a side end the deal."""
    store = n.store
    age = n.week - store["deal_week"]
    with store.focus((store["phase"] == DEAL) & (age > 0.0)) as worlds:
        if not worlds:
            return
        ended = store.full(-1.0)
        for leader in n.leaders:
            side = leader.side_row
            normal = standard_normal(leader.drawn(f"deliver/{leader.side}", n.week))
            delivered = leader.deliver(normal)
            owed = compliance.arrears(
                store.row("arrears", side), store["compliance.arrears_memory"], delivered
            )
            owed = settled(
                owed,
                store["implementation.settled"],
                leader.intends(),
                store["implementing"],
            )
            store.set_row("arrears", side, owed)
            store.set_row("compliance", side, delivered)
            store.set_row("delivered_sum", side, store.row("delivered_sum", side) + delivered)
            tally = store.row("period_delivered", side) + delivered
            store.set_row("period_delivered", side, tally)
            weight = store["compliance.weight"]
            kept = store.row("kept", other_side(side)) + weight * delivered
            broken = store.row("broken", other_side(side)) + weight * (1.0 - delivered)
            store.set_row("kept", other_side(side), kept)
            store.set_row("broken", other_side(side), broken)
            left = leader.other.ends_deal(n.week, owed)
            ended = np.where(left & (ended < 0.0), float(side), ended)
        store["deal_weeks"] = store["deal_weeks"] + 1.0
        store["period_weeks"] = store["period_weeks"] + 1.0
        ended = renegotiate(n, ended)
        break_deal(store, n.setting, n.week, ended)
        review(n)


def renegotiate(n: "Negotiation", fell_short: Array) -> Array:
    """Let a side that would end the deal ask for lower obligations first, in the worlds in focus.

    The obligations are reduced to what is delivered if both sides agree. fell_short: row of the
    side that fell short (0 or 1), or -1 (R,). Returns the same, with -1 in worlds in which the deal
    goes on.
    """
    store = n.store
    scale = store["implementation.renegotiation"]
    ending = (fell_short != NONE) & (scale > 0.0)
    package = reduced_package(store, n.setting)
    agreed = ending
    for leader in n.leaders:
        asks = fell_short == other_side(leader.side_row)
        wants = leader.renegotiates(n.week, package, np.where(asks, scale, 1.0))
        store["asked_by"] = np.where(
            ending & asks & wants, float(leader.side_row), store["asked_by"]
        )
        agreed = agreed & wants
    lower_obligations(store, n.setting, agreed)
    return np.where(agreed, NONE, fell_short)


def review(n: "Negotiation") -> None:
    """Review deals in force that are due: open the next phase of relief, or a second phase.

    Relief follows what the other side has delivered since the last review.
    """
    store = n.store
    left = store["review_weeks"] - 1.0
    due = (store["phase"] == DEAL) & (store["review_weeks"] > 0.0) & (left <= 0.0)
    store["review_weeks"] = np.where(due, store["implementation.review"], left)
    phases = store["implementation.phases"]
    phase = np.minimum(store["deal_phase"] + 1.0, phases)
    first = share_at_signing(*(store[name] for name in SHARE_AT_SIGNING))
    kept = [delivered_since_review(store, side) for side in SIDES]
    for side in SIDES:
        share = granted(first, phase, phases, kept[other_side(side)])
        store.set_row("granted", side, np.where(due, share, store.row("granted", side)))
    store["deal_phase"] = np.where(due, phase, store["deal_phase"])
    store["reviews"] = store["reviews"] + due
    relieve(store, n.setting, due)
    rest = (1.0 - store["agreement"]).max(axis=0)
    chance = store["implementation.second_phase"] * np.minimum(kept[0], kept[1])
    drawn = store.here(n.streams.uniform("second_phase", n.week))
    closed = store["second_open"] == 0.0
    open_second_phase(store, due & closed & (rest > SLIGHT) & (drawn < chance))
    for state in TALLIES:
        store[state] = np.where(due, 0.0, store[state])
