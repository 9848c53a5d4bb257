"""Standing: advisers gain and lose access by success, and the lead negotiator can change."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array
from model.phases.talks import SILENT, SUMMIT
from model.rules import advisers
from model.state.names import StateName
from model.state.state_advisers import ADVISES

if TYPE_CHECKING:
    from model.negotiation import Negotiation

DRAFTS: tuple[tuple[StateName, StateName], ...] = (  # below meetings of leaders, and by each lead
    ("draft_lead", "draft_as_lead"),
    ("drafter_lead", "drafter_as_lead"),
)


def judge_advisers(n: "Negotiation") -> None:
    """Update the access of the advisers of a side that answered an offer, and its lead.

    Success is a forecast that came true and, for the lead below meetings of leaders, in equal parts
    a gap that narrowed since the last answer.
    """
    store = n.store
    for side, (key, card) in enumerate(n.setting.sides.items()):
        answered = (store["level"] > SILENT) & (store["turn"] == float(side))
        before, gap = store.row("gap_before", side), store.row("gap", side)
        judged = answered & (before >= 0.0)
        narrowed = np.where(gap < before, 1.0, 0.0)
        led = store["level"] < SUMMIT
        for row, (name, actor) in enumerate(n.setting.actors.items()):
            if actor.side == key and actor.kind in ADVISES:
                score = advisers.forecast_score(store.row("opinion", row)[0], narrowed)
                leads = led & (store.row("lead_actor", side) == float(row))
                success = np.where(leads, 0.5 * (score + narrowed), score)
                start = store.of("actors", name, "access")
                change = store.row("access_change", row)
                access = advisers.new_access(
                    start + change, success, store["influence.access_memory"], judged
                )
                store.set_row("access_change", row, access - start)
        store.set_row("gap_before", side, np.where(answered, gap, before))
        if card.lead:
            replace_lead(n, side, n.setting.leads_of(key))


def replace_lead(n: "Negotiation", side: int, eligible: list[str]) -> None:
    """Let the adviser who gained most access lead, if the lead gained less by a margin.

    Only changes since the start count, because the leader chose the lead with the access of then.
    """
    store = n.store
    rows = [n.keys.actors.index(name) for name in eligible]
    lead = store.row("lead_actor", side)
    own, best, other = store.zeros(), store.full(-np.inf), lead
    for row in rows:
        access = store.row("access_change", row)
        own = np.where(lead == float(row), access, own)
        better = access > best
        best, other = np.where(better, access, best), np.where(better, float(row), other)
    replaced = advisers.takes_over(own, best, store["influence.lead_margin"])
    store.set_row("lead_actor", side, np.where(replaced, other, lead))
    store.set_row("lead_changes", side, store.row("lead_changes", side) + replaced)
    if n.drafted:
        for now, each in DRAFTS:
            values: Array = store.row(now, side)
            for row in rows:
                drafter = replaced & (other == float(row))
                values = np.where(drafter, store.row(each, row), values)
            store.set_row(now, side, values)
