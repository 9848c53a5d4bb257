"""Tariffs and controls come into force: what was scheduled, what was announced in answer."""

from typing import TYPE_CHECKING

import numpy as np

from model import retaliation
from model.arrays import Array, Mask
from model.state import TALKS

if TYPE_CHECKING:
    from model.negotiation import Negotiation

TEN_POINTS = 0.10
LEVEL_PER_SHARE = 1.25  # export controls: a threat of 20 points of tariff is one of .25 of a level


def bring_into_force(n: "Negotiation") -> None:
    """Raise what falls due this week, where the sides are neither in a deal nor in a truce."""
    store = n.store
    free = store["phase"] == TALKS
    waiting = store["pending_weeks"] > 0.0
    due = free & waiting & (store["pending_weeks"] <= 1.0)
    for side in (0, 1):
        raise_tariff(n, side, np.where(due[side], store.row("pending", side), 0.0))
        raise_controls(n, side, np.where(due[side], store.row("pending_controls", side), 0.0))
    for name in ("pending", "pending_controls"):
        store[name] = np.where(due, 0.0, store[name])
    store["pending_weeks"] = np.maximum(store["pending_weeks"] - 1.0, 0.0)
    for event in n.setting.events:
        if event.kind == "tariff":
            side = n.keys.sides.index(event.side)
            if event.announced == n.week or (event.announced == 0 and n.week == 1):
                store.set_row("threats", side, store.row("threats", side) + free)
            if event.week == n.week:
                size = np.where(free, event.size, 0.0)
                store.set_row("executed", side, store.row("executed", side) + (size > 0.0))
                raise_tariff(n, side, size)
                if event.answered:
                    answer(n, 1 - side, size, np.zeros_like(size))


def raise_tariff(n: "Negotiation", side: int, size: Array) -> None:
    """Add `size` (R,) to a side's tariff; the other rallies and trusts less."""
    store = n.store
    store.set_row("tariff", side, np.maximum(store.row("tariff", side) + size, 0.0))
    provoke(n, 1 - side, np.maximum(size, 0.0) / TEN_POINTS)


def raise_controls(n: "Negotiation", side: int, level: Array) -> None:
    """Add `level` (R,) to a side's export controls; the other rallies and trusts less."""
    store = n.store
    store.set_row("controls", side, store.row("controls", side) + level)
    provoke(n, 1 - side, level / (LEVEL_PER_SHARE * TEN_POINTS))


def provoke(n: "Negotiation", side: int, rise: Array) -> None:
    """Let a side rally and trust less by a `rise` (R,) in ten-point tariffs."""
    store = n.store
    store.set_row("rally", side, store.row("rally", side) + rise)
    lost = rise * store["trust.tariff_weight"]
    store.set_row("broken", side, store.row("broken", side) + lost)


def answer(n: "Negotiation", side: int, size: Array, controls: Array) -> None:
    """Announce a side's answer to a rise of tariffs or controls (R,), in force after the lag."""
    store = n.store
    share = n.leaders[side].answer_share(n.week)
    for name, rise in (("pending", size), ("pending_controls", controls)):
        added = np.maximum(rise, 0.0) * share
        store.set_row(name, side, store.row(name, side) + added)
    hit = (size > 0.0) | (controls > 0.0)
    answered: Mask = hit & (share > 0.0)
    lag = np.maximum(store["retaliation.lag"], 1.0)
    weeks = np.where(answered, lag, store.row("pending_weeks", side))
    store.set_row("pending_weeks", side, weeks)
    store.set_row("answers", side, store.row("answers", side) + answered)


def announced(n: "Negotiation", side: int) -> Array:
    """Return the tariff rise of a side that is threatened or announced, not in force (R,)."""
    store = n.store
    total: Array = store.row("pending", side).copy()
    for event in n.setting.events:
        if event.kind == "tariff" and event.side == n.keys.sides[side]:
            if event.announced <= n.week < event.week:
                total = total + event.size
    return total


