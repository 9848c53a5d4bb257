"""Truces in a mutually hurting stalemate, and revocation of trade relations by a legislature."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array
from model.phases.opinions import mistrust
from model.phases.tariffs import answer, raise_tariff
from model.phases.threats import revoke
from model.rules import truce
from model.rules.coercion import NONE
from model.rules.settlement import break_deal
from model.sides import SIDES, other_side
from model.state.state import DEAL, TALKS, TRUCE
from model.state.state import NONE as NO_SIDE

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def make_truce(n: "Negotiation") -> None:
    """End truces that have expired, and begin new ones at random if both sides are ready."""
    store = n.store
    memory = store["truce.pain_memory"]
    store["felt_pain"] = memory * store["felt_pain"] + (1.0 - memory) * store["side_pain"]
    ready = [leader.ready_for_truce() for leader in n.leaders]
    chance = store["truce.scale"] * ready[0] * ready[1]
    left = np.maximum(store["truce_weeks"] - 1.0, 0.0)
    over = (store["phase"] == TRUCE) & (left <= 0.0)
    renewed = over & (n.streams.uniform("renewal", n.week) < store["truce.renewal"] * chance)
    store["truce_weeks"] = left
    with store.focus(renewed) as worlds:
        if worlds:
            store["truce_weeks"] = length(n)
    over = over & ~renewed
    store["phase"] = np.where(over, TALKS, store["phase"])
    end(n)
    drawn = n.streams.uniform("truce", n.week) < chance
    begins = (store["phase"] == TALKS) & ~over & drawn
    with store.focus(begins) as worlds:
        if worlds:
            begin(n)


def length(n: "Negotiation") -> Array:
    """Return the length of a truce that begins this week, in weeks, in the worlds in focus."""
    store = n.store
    chance = store.here(n.streams.uniform("truce_length", n.week))
    return truce.length(store["truce.shortest"], store["truce.longest"], chance)


def end(n: "Negotiation") -> None:
    """Let suspended tariffs return if a truce ran out or was broken; a deal settles them."""
    store = n.store
    for side in SIDES:
        returned = store["truce.cliff"] * store.row("suspended", side)
        raise_tariff(n, side, np.where(store["phase"] == TALKS, returned, 0.0))
    store["suspended"] = np.where(store["phase"] == TRUCE, store["suspended"], 0.0)


def begin(n: "Negotiation") -> None:
    """Begin a truce, in the worlds in focus."""
    store = n.store
    store["truce_weeks"] = length(n)
    store["phase"] = store.full(TRUCE)
    store["truces"] = store["truces"] + 1.0
    for name in ("threat_kind", "pending", "pending_controls", "pending_weeks"):
        store[name] = np.full_like(store[name], NONE)
    for row, side in enumerate(n.keys.sides):  # undo part of the tariff rise since the start
        tariff, start = store.row("tariff", row), store.of("sides", side, "tariff")
        start = start + store.row("revoked", row) * store["revocation.size"]
        undone = store.of("sides", side, "rollback") * np.maximum(tariff - start, 0.0)
        store.set_row("tariff", row, tariff - undone)
        store.set_row("suspended", row, undone)


def legislate(n: "Negotiation") -> None:
    """Let legislatures revoke normal trade relations at random, if they can.

    An assurance in a deal lowers the probability.
    """
    store = n.store
    for row, (side, card) in enumerate(n.setting.sides.items()):
        if not card.can_revoke:
            continue
        chance = truce.revocation_chance(
            store["revocation.hazard"],
            n.leaders[row].opinion[0],
            store["revocation.hawk_slope"],
            mistrust(n, row),
            store["revocation.mistrust_slope"],
        )
        chance = chance * (1.0 - store["assured"])
        drawn = n.streams.uniform(f"revocation/{side}", n.week) < chance
        with store.focus(drawn & (store.row("revoked", row) == 0.0)) as worlds:
            if worlds:
                fell_short = np.where(store["phase"] == DEAL, float(row), NO_SIDE)
                break_deal(store, n.setting, n.week, fell_short)
                revoke(n, row, store.full(True))
                size = store["revocation.size"]
                answer(n, other_side(row), size, np.zeros_like(size))
