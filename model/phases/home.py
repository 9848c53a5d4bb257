"""Home: ratification of agreements, and the week's update of trust and approval."""

from typing import TYPE_CHECKING

import numpy as np

from model.rules import approval, trust
from model.rules.settlement import close_deal
from model.sides import SIDES, other_side
from model.state.names import ParameterName, StateName
from model.trace import VoteRecord

if TYPE_CHECKING:
    from model.negotiation import Negotiation

COUNTS: tuple[tuple[StateName, ParameterName], ...] = (
    ("kept", "trust.base_kept"),
    ("broken", "trust.base_broken"),
)


def ratify(n: "Negotiation") -> None:
    """Put agreements to ratification: a deal if both sides ratify, else involuntary defection."""
    store = n.store
    draws = [n.streams.uniform(f"ratify/{side}", n.week) for side in n.keys.sides]
    with store.focus(store["agreed"] > 0.0) as worlds:
        if not worlds:
            return
        package = store["table"]
        passed = []
        for leader in n.leaders:
            chance, drawn = leader.ratify(package), store.here(draws[leader.side_row])
            passed.append(drawn < chance)
            if n.trace:
                n.trace.votes.append(VoteRecord(leader.side_row, package, chance, drawn))
        for side in SIDES:  # a side that fails to ratify loses trust of the other side
            lost = np.where(passed[side], 0.0, store["trust.defection_weight"])
            store.set_row("broken", other_side(side), store.row("broken", other_side(side)) + lost)
        both = passed[0] & passed[1]
        refused = np.where(passed[0], 1.0, 0.0)  # if both refuse, the first side is recorded
        store["refused_by"] = np.where(both, store["refused_by"], refused)
        close_deal(store, n.setting, n.week, both)


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
