"""Opinions of the week: pain of the groups, moods of the sides, listening, and random events."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array, stack
from model.rules import trust
from model.rules.approval import decay
from model.rules.ratification import mobilised
from model.schema.entries import Shock

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def take_counsel(n: "Negotiation") -> None:
    """Update the pain and demands of the groups, then the opinions of all actors at once."""
    for group in n.groups:
        group.feel()
        group.opinion = group.complain()
    mobilise(n)
    weigh_pain(n)
    n.mood = {side: mood(n, row) for row, side in enumerate(n.keys.sides)}
    opinions = [actor.counsel() for actor in n.listeners]
    for actor, opinion in zip(n.listeners, opinions, strict=True):
        actor.opinion = opinion


def mobilise(n: "Negotiation") -> None:
    """Set the weights of the groups at home this week: groups that lose gain weight."""
    store = n.store
    losses = np.maximum(store["pain"] - store["pain_at_start"], 0.0)
    for side in n.keys.sides:
        rows = [group.group for group in n.groups if group.side == side]
        voices = mobilised(store["weight"][rows], losses[rows], store["ratification.mobilisation"])
        for row, voice in zip(rows, voices, strict=True):
            store.set_row("voice", row, voice)


def weigh_pain(n: "Negotiation") -> None:
    """Set the pain of each side above its level at the start: the weighted mean of its groups."""
    store = n.store
    above = store["weight"] * (store["pain"] - store["pain_at_start"])
    for row, side in enumerate(n.keys.sides):
        home = [group.side == side for group in n.groups]
        store.set_row("side_pain", row, np.add.reduce(above[home], axis=0))


def mistrust(n: "Negotiation", side: int) -> Array:
    """Return by how much a side's trust in the other is below the base trust, plus shocks (R,)."""
    base = trust.trust(n.store["trust.base_kept"], n.store["trust.base_broken"])
    lost: Array = base - n.store.row("trust", side) + shock(n, "mistrust")
    return lost


def mood(n: "Negotiation", side: int) -> Array:
    """Return the shift of a side's private views by pain, rallies, mistrust, leaks, events (3, R).

    Rows: firmness, taste for escalation, demand for enforcement.
    """
    store, doubt = n.store, mistrust(n, side)
    firmness = (
        store["influence.rally_hardens"] * store.row("rally", side)
        - store["influence.pain_softens"] * store.row("side_pain", side)
        + store["influence.mistrust_hardens"] * doubt
        + store["influence.leak_hardens"] * store["leaked"]
        + shock(n, f"firmness.{n.keys.sides[side]}")
    )
    enforcement = store["influence.mistrust_enforcement"] * doubt
    return stack(firmness, np.zeros_like(firmness), enforcement)


def shock(n: "Negotiation", target: str) -> Array:
    """Return the current effect of the scenario's shocks on a target such as `firmness.US` (R,)."""
    total = n.store.zeros()
    for row, (event, card) in enumerate(n.setting.of_kind(Shock)):
        if target in card.effects:
            effect = n.store.of("events", event, "effects", target)
            total = total + effect * n.store.row("aftermath", row)
    return total


def apply_shocks(n: "Negotiation") -> None:
    """Apply shocks in their week or at random, and let the effects of earlier ones decay."""
    store = n.store
    for row, (event, card) in enumerate(n.setting.of_kind(Shock)):
        left = store.row("aftermath", row) * decay(store.of("events", event, "half_life"))
        planned = store.of("events", event, "week")
        chance = store["time.shock_rate"] * store.of("events", event, "hazard")
        drawn = n.streams.uniform(f"shock/{card.key}", n.week) < chance
        happens = np.where(planned > 0.0, planned == n.week, drawn)
        store.set_row("aftermath", row, left + happens)
        store.set_row("happened", row, store.row("happened", row) + happens)
    for row, side in enumerate(n.keys.sides):
        weakness = store.of("sides", side, "weakness") + shock(n, f"weakness.{side}")
        store.set_row("weakness", row, np.maximum(weakness, 0.0))
    for row, group in enumerate(n.keys.groups):
        store.set_row("shock_pain", row, shock(n, f"pain.{group}"))
