"""Home: win-sets, ratification of agreements, and the week's update of trust and approval."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from model.arrays import Array, unit
from model.rules import approval, ratification, trust
from model.rules.settlement import close_deal
from model.schema.entries import Election
from model.sides import SIDES, other_side
from model.state.names import ParameterName, StateName
from model.trace import VoteRecord

if TYPE_CHECKING:
    from model.negotiation import Negotiation

COUNTS: tuple[tuple[StateName, ParameterName], ...] = (
    ("kept", "trust.base_kept"),
    ("broken", "trust.base_broken"),
)
SWINGS: tuple[tuple[StateName, str], ...] = (  # states and the purposes of their random numbers
    ("swing", "ratify"),
    ("swing_error", "insight"),
)


def move_win_sets(n: "Negotiation") -> None:
    """Update the quota, the thresholds and the swing at each home, and whose turn it is.

    A leader who returned with a side payment last week makes the next offer. If both did, the turn
    stays.
    """
    store = n.store
    returned = store["returned"]
    one = returned[0] + returned[1] == 1.0
    store["turn"] = np.where(one, returned[1], store["turn"])
    rho = store["ratification.persistence"]
    for row, side in enumerate(n.keys.sides):
        quota, shift = _elections(n, side)
        store.set_row("quota", row, unit(quota))
        leader = n.leaders[row]
        own = leader.ratification_threshold() - leader.of_side("threshold")
        shift = shift + store["ratification.shared_shift"] * own
        store.set_row("threshold_shift", row, shift)
        for name, purpose in SWINGS:
            drawn = n.streams.normal(f"{purpose}/{side}", n.week)
            store.set_row(name, row, ratification.swing(store.row(name, row), drawn, rho))


def _elections(n: "Negotiation", side: str) -> tuple[Array, Array]:
    """Return the quota, and the rise of the thresholds, after the elections so far, each (R,)."""
    quota, shift = n.store["ratification.quota"], n.store.zeros()
    for row, event in n.setting.of_kind(Election):
        if event.side == side:
            held = n.store.of("events", row, "week") <= n.week
            quota = quota + np.where(held, n.store.of("events", row, "quota_change"), 0.0)
            shift = shift + np.where(held, n.store.of("events", row, "threshold_change"), 0.0)
    return quota, shift


def ratify(n: "Negotiation") -> None:
    """Put agreements to ratification: a deal if both sides ratify, else involuntary defection."""
    store = n.store
    draws = [_drawn(n, row) for row in SIDES]
    for name in ("refused", "returned", "compensated"):
        store[name] = store.zeros(len(SIDES))
    with store.focus(store["agreed"] > 0.0) as worlds:
        if not worlds:
            return
        package = store["table"]
        passed = []
        for leader in n.leaders:
            leader.compensate(package)
            chance, drawn = leader.ratify(package), store.here(draws[leader.side_row])
            passed.append(drawn < chance)
            supports = leader.supports(package)
            for group, support in supports.items():
                store.set_row("support", n.people[group].group, support)
            if n.trace:
                n.trace.votes.append(
                    VoteRecord(
                        leader.side_row, package, chance, drawn, supports, _payments(n, supports)
                    )
                )
        for side in SIDES:
            store.set_row("refused", side, np.where(passed[side], 0.0, 1.0))
        both = passed[0] & passed[1]
        for leader in n.leaders:
            leader.pay_groups(package, ~passed[leader.side_row], both, n.week)
        for side in SIDES:  # a side that fails to ratify loses trust of the other side
            lost = np.where(passed[side], 0.0, store["trust.defection_weight"])
            store.set_row("broken", other_side(side), store.row("broken", other_side(side)) + lost)
        refused = np.where(passed[0], 1.0, 0.0)  # if both refuse, the first side is recorded
        store["refused_by"] = np.where(both, store["refused_by"], refused)
        fresh = both & (store["second_open"] == 0.0)
        store["trial_deal"] = np.where(fresh, store["from_trial"], store["trial_deal"])
        close_deal(store, n.setting, n.week, both)


def _payments(n: "Negotiation", groups: Iterable[str]) -> dict[str, Array]:
    """Return the side payment that is promised to each group (R,)."""
    return {key: n.store.row("payment", n.people[key].group) for key in groups}


def _drawn(n: "Negotiation", row: int) -> Array:
    """Return the uniform number that must be below the probability of ratification (R,).

    It is the swing as a probability, or the draw of the week if swings do not last.
    """
    drawn = n.streams.uniform(f"ratify/{n.keys.sides[row]}", n.week)
    swing = ndtr(n.store.row("swing", row))
    return np.where(n.store["ratification.persistence"] > 0.0, swing, drawn)


def judge(n: "Negotiation") -> None:
    """Update trust from the fading counts of promises, and approval from pain and rallies."""
    store = n.store
    memory = store["trust.memory"]
    for count, base in COUNTS:
        store[count] = trust.remember(store[count], store[base], memory, np.zeros_like(memory))
    store["trust"] = trust.trust(store["kept"], store["broken"])
    store["rally"] = store["rally"] * approval.decay(store["approval.rally_half_life"])
    for row, side in enumerate(n.keys.sides):
        level = approval.approval(
            store.row("approval", row),
            store.of("sides", side, "approval"),
            store.row("side_pain", row),
            store.row("rally", row) * store["approval.rally_size"],
            store["approval.pain_slope"],
            store["approval.speed"],
        )
        store.set_row("approval", row, level)
