"""Drafts in the chronicle: who drafted an offer, and whose priorities shaped it most."""

from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from model.arrays import Array
from model.chronicle_deals import DealLog
from model.phases.talks import SUMMIT
from model.rules.influence import Graph
from model.schema.issues import SLIGHT


class Draft(NamedTuple):
    """Who drafted an offer, whose priorities shaped it most, and in which issue; keys."""

    drafter: str
    voice: str
    issue: str


def draft_of(record: DealLog, week: int, row: int) -> Draft | None:
    """Return the draft of a side's offer in a week with a session; None if priorities had no part.

    The lead adviser drafts below meetings of leaders. The issue is the one that changed most since
    the side's last offer; for a first offer it is the one whose weight differs most from others.
    """
    above = record.now("level", week) == SUMMIT
    names = ("drafter_leader", "draft_leader") if above else ("drafter_lead", "draft_lead")
    voices, factors = (np.asarray(record.history[name][week][row]) for name in names)
    moved = _moved(record, week, row)
    moved = np.abs(np.log(factors)) if moved is None else moved
    closed = np.array([not above and card.leaders_only for card in record.setting.issues.values()])
    moved = np.where((voices >= 0.0) & ~closed, moved, 0.0)
    empty = np.asarray(record.history["offer"][week][row]).max() < SLIGHT
    if empty or record.now("drafted", week, row) <= 0.0 or moved.max() < SLIGHT:
        return None
    issue = int(moved.argmax())
    card = record.cards[row]
    drafter = card.leader if above or not card.lead else card.lead
    return Draft(drafter, record.keys.actors[int(voices[issue])], record.keys.issues[issue])


def drafted(record: DealLog, week: int, row: int) -> str:
    """Return who drafted an offer, as a sentence with a space before it, or nothing."""
    draft = draft_of(record, week, row)
    if draft is None:
        return ""
    actors, issue = record.setting.actors, record.setting.issues[draft.issue]
    text = f" {actors[draft.drafter].title} drafts it"
    if draft.voice != draft.drafter:
        text += f"; the priorities of {actors[draft.voice].title} count most in it"
    return f"{text} ({issue.title})."


def draft_route(graph: Graph, draft: Draft, leader: str) -> list[tuple[str, str]]:
    """Return the edges along which a draft reaches the leader: the best paths within the side.

    The weight of a path is the product of the weights of its edges.
    """
    side = graph.nodes[leader]["side"]
    home = graph.subgraph([key for key, card in graph.nodes(data=True) if card["side"] == side])
    edges: list[tuple[str, str]] = []
    for speaker in dict.fromkeys((draft.voice, draft.drafter)):
        if speaker != leader and nx.has_path(home, speaker, leader):
            path = nx.shortest_path(home, speaker, leader, weight=_length)
            edges += pairwise(path)
    return list(dict.fromkeys(edges))


def _moved(record: DealLog, week: int, row: int) -> Array | None:
    """Return by how much each level of a side's offer moved, or None without an earlier one."""
    now, last = (np.asarray(record.history["offer"][one][row]) for one in (week, week - 1))
    return None if np.isnan(last).any() else np.abs(now - last)


def _length(_speaker: str, _listener: str, card: dict[str, Any]) -> float:
    return -float(np.log(card["weight"])) if card["weight"] > 0.0 else np.inf
