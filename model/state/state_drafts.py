"""The states of drafts: how much each issue counts in the packages that a side drafts."""

import numpy as np

from model.arrays import Array
from model.rules import drafts
from model.schema.scenario import Scenario
from model.state.keys import Declarer
from model.state.store import Store

TABLES = ("actors.", "edges.", "influence.")  # tables whose numbers decide about priorities


def declare_drafts(add: Declarer, setting: Scenario) -> None:
    """Declare the weights of the issues in the drafts of leaders and of lead advisers."""
    store, keys = add.store, add.keys
    logs = settled_priorities(store, setting)
    degree = store["talks.drafting"]
    shape = (len(keys.sides), len(keys.issues), store.worlds)
    leader, lead = np.ones(shape), np.ones(shape)
    for row, card in enumerate(setting.sides.values()):
        own = logs[keys.actors.index(card.leader)]
        leader[row] = drafts.factor(own, degree)
        if card.lead:
            share = store["talks.lead_weight"]
            his = logs[keys.actors.index(card.lead)]
            own = (1.0 - share) * own + share * his
        lead[row] = drafts.factor(own, degree)
    add("draft_leader", "side issue", leader, "factor", "weight of each issue in a leader's drafts")
    add("draft_lead", "side issue", lead, "factor", "the same in drafts below meetings of leaders")


def settled_priorities(store: Store, setting: Scenario) -> Array:
    """Return the logarithms of all actors' priorities at rest (actors, issues, R)."""
    width = 1 if not any(name.startswith(TABLES) for name in store.swept()) else store.worlds
    actors, issues = list(setting.actors), list(setting.issues)
    private = np.zeros((len(actors), len(issues), width))
    for row, (key, card) in enumerate(setting.actors.items()):
        for issue in card.priorities:
            value = store.of("actors", key, "priorities", issue)[:width]
            private[row, issues.index(issue)] = np.log(value)
    return drafts.at_rest(private, *voices(store, setting, width))


def voices(
    store: Store, setting: Scenario, width: int
) -> tuple[Array, dict[tuple[int, int], Array]]:
    """Return the susceptibility of all actors (actors, R) and the weights of the edges at home.

    Only edges within a side average priorities, as they average other opinions.
    """
    actors = list(setting.actors)
    susceptible = [store.of("actors", key, "susceptibility")[:width] for key in actors]
    weights: dict[tuple[int, int], Array] = {}
    for name in setting.edges:
        speaker, listener = name.split(">")
        if setting.actors[speaker].side == setting.actors[listener].side:
            place = (actors.index(speaker), actors.index(listener))
            weights[place] = store.of("edges", name, "weight")[:width]
    return np.stack(susceptible), weights
