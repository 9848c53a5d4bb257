"""Promises in force: delivery by both sides, arrears, and the end of a deal."""

from typing import TYPE_CHECKING

import numpy as np

from model.rules import compliance
from model.rules.settlement import break_deal
from model.sides import other_side
from model.state.random_streams import standard_normal
from model.state.state import DEAL

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
            store.set_row("arrears", side, owed)
            store.set_row("compliance", side, delivered)
            store.set_row("delivered_sum", side, store.row("delivered_sum", side) + delivered)
            weight = store["compliance.weight"]
            kept = store.row("kept", other_side(side)) + weight * delivered
            broken = store.row("broken", other_side(side)) + weight * (1.0 - delivered)
            store.set_row("kept", other_side(side), kept)
            store.set_row("broken", other_side(side), broken)
            left = leader.other.ends_deal(n.week, owed)
            ended = np.where(left & (ended < 0.0), float(side), ended)
        store["deal_weeks"] = store["deal_weeks"] + 1.0
        break_deal(store, n.setting, n.week, ended)
