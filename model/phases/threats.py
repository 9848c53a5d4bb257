"""Threats (made, postponed, executed or dropped) and small unilateral tariff cuts (gestures)."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.arrays import Array, Mask
from model.phases.tariffs import LEVEL_PER_SHARE, answer, raise_controls, raise_tariff
from model.rules.coercion import CONTROL, NONE, REVOCATION, TARIFF, first_part
from model.sides import other_side
from model.state.names import StateName
from model.state.state import DEAL, TALKS, TRUCE

if TYPE_CHECKING:
    from model.negotiation import Negotiation

THREAT: tuple[StateName, ...] = ("threat_kind", "threat_size", "threat_weeks")
RECENT = 4.0  # weeks after a session in which a threat that falls due can be postponed


def fall_due(n: "Negotiation") -> None:
    """Let the leaders execute, postpone or back down from the threats that fall due."""
    store = n.store
    active = (store["threat_kind"] != NONE) & (store["phase"] != DEAL)
    store["threat_weeks"] = np.where(active, store["threat_weeks"] - 1.0, store["threat_weeks"])
    due = active & (store["threat_weeks"] <= 0.0)
    for leader in n.leaders:  # both decide before either acts
        side = leader.side_row
        put_off = due[side] & (store["since_session"] <= RECENT) & leader.puts_off(n.week)
        weeks = np.where(put_off, store["coercion.fuse"], store.row("threat_weeks", side))
        store.set_row("threat_weeks", side, weeks)
        store.set_row("postponed", side, store.row("postponed", side) + put_off)
        store.set_row("falls_due", side, due[side] & ~put_off)
        with store.focus(store.row("falls_due", side) > 0.0) as worlds:
            if worlds:
                store.set_row("executes", side, leader.carries_out(n.week))
    for leader in n.leaders:
        with store.focus(store.row("falls_due", leader.side_row) > 0.0) as worlds:
            if worlds:
                decide(n, leader)


def decide(n: "Negotiation", leader: Any) -> None:
    """Execute or back down from a leader's due threat, in the worlds in focus.

    A tariff rise may be executed in part; the rest stays threatened and is no further threat.
    """
    store, side = n.store, leader.side_row
    kind, size = store.row("threat_kind", side), store.row("threat_size", side)
    wants = store.row("executes", side) > 0.0
    follows = leader.drawn(f"congress/{leader.side}", n.week) < store["revocation.congress"]
    done = wants & ((kind != REVOCATION) | follows)
    tariff = done & (kind == TARIFF)
    part = first_part(size, store["coercion.at_once"], store["coercion.size_least"])
    rise = np.where(tariff, part, 0.0)
    level = np.where(done & (kind == CONTROL), size * LEVEL_PER_SHARE, 0.0)
    revoked = done & (kind == REVOCATION)
    first = 1.0 - store.row("threat_rest", side)  # a threat that is executed in parts counts once
    rest = tariff & (part < size)
    store.set_row("threat_kind", side, np.where(rest, TARIFF, NONE))
    store.set_row("threat_size", side, np.where(rest, size - part, size))
    store.set_row("threat_weeks", side, np.where(rest, store["coercion.fuse"], 0.0))
    store.set_row("threat_rest", side, rest)
    raise_tariff(n, side, rise)
    raise_controls(n, side, level)
    revoke(n, side, revoked)
    added = np.where(revoked, store["revocation.size"], rise)
    answer(n, other_side(side), added, level)
    store.set_row("executed", side, store.row("executed", side) + done * first)
    backed = ~done & (first > 0.0)
    believed = store.row("cred_executed", side) + done * first
    store.set_row("cred_executed", side, believed)
    store.set_row("cred_backed", side, store.row("cred_backed", side) + backed)
    cost = leader.of_side("audience_cost") * (1.0 - store["coercion.justification"])
    shamed = np.maximum(store.row("approval", side) - np.where(backed, cost, 0.0), 0.0)
    store.set_row("approval", side, shamed)
    store.set_row("backed_down", side, store.row("backed_down", side) + backed)
    breaks = done & (store["phase"] == TRUCE)
    store["phase"] = np.where(breaks, TALKS, store["phase"])
    store["truce_weeks"] = np.where(breaks, 0.0, store["truce_weeks"])


def revoke(n: "Negotiation", side: int, where: Mask) -> None:
    """Revoke a side's normal trade relations with the other, if they are still in force.

    where: worlds in which the side revokes them (R,).
    """
    store = n.store
    fresh = where & (store.row("revoked", side) == 0.0)
    raise_tariff(n, side, np.where(fresh, store["revocation.size"], 0.0))
    store.set_row("revoked", side, np.where(fresh, 1.0, store.row("revoked", side)))


def threaten(n: "Negotiation") -> None:
    """Let leaders without a pending threat make a new one."""
    store = n.store
    for leader in n.leaders:
        side = leader.side_row
        drawn = leader.drawn(f"in_truce/{leader.side}", n.week) < store["coercion.in_truce"]
        free = (store["phase"] == TALKS) | ((store["phase"] == TRUCE) & drawn)
        new = free & (store.row("threat_kind", side) == NONE) & leader.threatens(n.week)
        store.set_row("threats", side, store.row("threats", side) + new)
        with store.focus(new) as worlds:
            if worlds:
                for name, value in zip(THREAT, leader.threat(n.week), strict=True):
                    store.set_row(name, side, value)


def gesture(n: "Negotiation") -> None:
    """Let leaders make small unilateral tariff cuts (Osgood 1962).

    After the first gesture that is not returned in time, its side makes no more gestures.
    """
    store = n.store
    opened = store["gesture_weeks"].copy()
    for leader in n.leaders:
        side = leader.side_row
        free = (
            (store["phase"] == TALKS)
            & (store.row("threat_kind", side) == NONE)
            & (store.row("gestures_end", side) == 0.0)
            & (opened[side] <= 0.0)
        )
        made = free & leader.makes_gesture(n.week, opened[other_side(side)] > 0.0)
        with store.focus(made) as worlds:
            if worlds:
                _cut(n, leader)
        returned = made & (opened[other_side(side)] > 0.0)
        mine = store.row("gesture_weeks", side)
        mine = np.where(made & ~returned, store["gestures.patience"] + 1.0, mine)
        store.set_row("gesture_weeks", side, mine)
        theirs = store.row("gesture_weeks", other_side(side))
        store.set_row("gesture_weeks", other_side(side), np.where(returned, 0.0, theirs))
    left = store["gesture_weeks"]
    store["gestures_end"] = np.where(left == 1.0, 1.0, store["gestures_end"])
    store["gesture_weeks"] = np.maximum(left - 1.0, 0.0)


def _cut(n: "Negotiation", leader: Any) -> None:
    """Cut a leader's tariff by the size of a gesture, at most to the lowest possible tariff.

    It changes the worlds in focus.
    """
    store, side = n.store, leader.side_row
    room = np.maximum(store.row("tariff", side) - leader.lowest_tariff(), 0.0)
    cut = np.minimum(store["gestures.size"], room)
    store.set_row("tariff", side, store.row("tariff", side) - cut)
    goodwill: Array = np.where(cut > 0.0, store["gestures.trust_weight"], 0.0)
    store.set_row("kept", other_side(side), store.row("kept", other_side(side)) + goodwill)
    store.set_row("gestures", side, store.row("gestures", side) + (cut > 0.0))
