"""Tariffs and export controls: scheduled rises and announced answers enter into force."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array, Mask
from model.rules.coercion import NONE, TARIFF, rung
from model.schema.entries import ScheduledTariff
from model.sides import SIDES, other_side
from model.state.names import StateName
from model.state.state import TALKS

if TYPE_CHECKING:
    from model.negotiation import Negotiation

TEN_POINTS = 0.10
LEVEL_PER_SHARE = 1.25  # export controls: a threat of 20 tariff points equals .25 of a level


def bring_into_force(n: "Negotiation") -> None:
    """Raise tariffs and controls that fall due this week, in worlds without a deal or a truce."""
    store = n.store
    free = store["phase"] == TALKS
    waiting = store["pending_weeks"] > 0.0
    store["pending_weeks"] = np.maximum(store["pending_weeks"] - 1.0, 0.0)
    due = free & waiting & (store["pending_weeks"] <= 0.0)
    for side in SIDES:
        with store.focus(due[side]) as worlds:
            if worlds:
                raise_tariff(n, side, store.row("pending", side))
                raise_controls(n, side, store.row("pending_controls", side))
                for name in ("pending", "pending_controls"):
                    store.set_row(name, side, store.zeros())
    for row, event in n.setting.of_kind(ScheduledTariff):
        by_schedule(n, row, event, free)


def by_schedule(n: "Negotiation", row: int, event: ScheduledTariff, free: Mask) -> None:
    """Announce a scheduled tariff, and put it into force when due.

    free: worlds without a deal or a truce (R,); others are unchanged.
    """
    store, side = n.store, n.keys.sides.index(event.side)
    announced_now, due = (  # dates before the first week count as the first week
        free & (np.maximum(store.of("events", row, date), 1.0) == n.week)
        for date in ("announced", "week")
    )
    size = store.of("events", row, "size")
    store.set_row("threats", side, store.row("threats", side) + (announced_now & (size > 0.0)))
    rise = np.where(due, size, 0.0)
    store.set_row("executed", side, store.row("executed", side) + (rise > 0.0))
    raise_tariff(n, side, rise)
    if event.answered:
        answer(n, other_side(side), np.maximum(rise, 0.0), np.zeros_like(rise))


def raise_tariff(n: "Negotiation", side: int, size: Array) -> None:
    """Add `size`, a share (R,), to a side's tariff, and provoke the other side."""
    store = n.store
    store.set_row("tariff", side, np.maximum(store.row("tariff", side) + size, 0.0))
    provoke(n, other_side(side), np.maximum(size, 0.0) / TEN_POINTS)


def raise_controls(n: "Negotiation", side: int, level: Array) -> None:
    """Add `level` (R,) to a side's export controls, and provoke the other side."""
    store = n.store
    store.set_row("controls", side, store.row("controls", side) + level)
    provoke(n, other_side(side), level / (LEVEL_PER_SHARE * TEN_POINTS))


def provoke(n: "Negotiation", side: int, rise: Array) -> None:
    """Raise the rally and lower the trust of a side after a `rise` in ten-point tariffs (R,)."""
    store = n.store
    store.set_row("rally", side, store.row("rally", side) + rise)
    lost = rise * store["trust.tariff_weight"]
    store.set_row("broken", side, store.row("broken", side) + lost)


def answer(n: "Negotiation", side: int, size: Array, controls: Array) -> None:
    """Announce a side's answer to a rise of tariffs or controls; it takes effect after the lag.

    A prepared answer takes effect at once. The answered side may threaten a larger rise. size:
    tariff rise as a share (R,); controls: rise of export controls as a level (R,).
    """
    store, leader = n.store, n.leaders[side]
    share = leader.answer_share(n.week)
    hit = (size > 0.0) | (controls > 0.0)
    answered: Mask = hit & (share > 0.0)
    ready = answered & (leader.drawn(f"ready/{leader.side}", n.week) < store["retaliation.ready"])
    raise_tariff(n, side, np.where(ready, np.maximum(size, 0.0) * share, 0.0))
    raise_controls(n, side, np.where(ready, np.maximum(controls, 0.0) * share, 0.0))
    rises: tuple[tuple[StateName, Array], ...] = (("pending", size), ("pending_controls", controls))
    for name, rise in rises:
        added = np.where(ready, 0.0, np.maximum(rise, 0.0) * share)
        store.set_row(name, side, store.row(name, side) + added)
    lag = np.maximum(store["retaliation.lag"], 1.0)
    weeks = np.where(answered & ~ready, lag, store.row("pending_weeks", side))
    store.set_row("pending_weeks", side, weeks)
    store.set_row("answers", side, store.row("answers", side) + answered)
    climb(n, other_side(side), np.where(answered, np.maximum(size, 0.0) * share, 0.0))


def climb(n: "Negotiation", side: int, size: Array) -> None:
    """Let a side whose rise was answered threaten a larger one at random (Kahn 1965).

    size: the retaliation, a share (R,). A mechanism without threats has no ladder.
    """
    store, leader = n.store, n.leaders[side]
    chance = store["coercion.ladder"] * (store["coercion.hazard"] > 0.0)
    chance = np.minimum(2.0 * leader.opinion[1] * chance, 1.0)
    drawn = leader.drawn(f"ladder/{leader.side}", n.week) < chance
    wants = leader.conduct.climb(leader, drawn & (size > 0.0)) & (size > 0.0)
    kind = store.row("threat_kind", side)
    pending = np.where(kind == TARIFF, store.row("threat_size", side), 0.0)
    least, most = store["coercion.size_least"], store["coercion.size_most"]
    climbed = rung(size, store["coercion.rung"], pending, least, most)
    values: tuple[tuple[StateName, Array], ...] = (
        ("threat_kind", np.full_like(size, TARIFF)),
        ("threat_size", climbed),
        ("threat_weeks", np.maximum(store["coercion.rung_fuse"], 1.0)),
        ("threat_rest", np.zeros_like(size)),
    )
    for name, value in values:
        store.set_row(name, side, np.where(wants, value, store.row(name, side)))
    new = wants & (kind == NONE)  # a larger threat in place of another is no further one
    store.set_row("threats", side, store.row("threats", side) + new)


def announced(n: "Negotiation", side: int) -> Array:
    """Return the tariff rise of a side that is announced but not in force yet, a share (R,)."""
    store = n.store
    total: Array = store.row("pending", side)
    for row, event in n.setting.of_kind(ScheduledTariff):
        if event.side == n.keys.sides[side]:
            start, week = store.of("events", row, "announced"), store.of("events", row, "week")
            pending = (start <= n.week) & (n.week < week)
            total = total + np.where(pending, store.of("events", row, "size"), 0.0)
    return total
