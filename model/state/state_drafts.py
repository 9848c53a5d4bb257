"""The states of drafts: how much each issue counts in the packages that a side drafts, and why."""

import numpy as np

from model.arrays import Array
from model.rules import drafts
from model.schema.scenario import Scenario
from model.state.keys import Declarer
from model.state.store import Store

TABLES = ("actors.", "edges.", "influence.")  # tables whose numbers decide about priorities


def declare_drafts(add: Declarer, setting: Scenario) -> None:
    """Declare the weights of the issues in drafts, and whose priorities count most in each."""
    store, keys = add.store, add.keys
    logs = settled_priorities(store, setting)
    degree = store["talks.drafting"]
    shape = (len(keys.sides), len(keys.issues), store.worlds)
    leader, lead = np.ones(shape), np.ones(shape)
    each, share = np.ones((len(keys.actors), *shape[1:])), store["talks.lead_weight"]
    for row, (side, card) in enumerate(setting.sides.items()):
        own = logs[keys.actors.index(card.leader)]
        leader[row] = drafts.factor(own, degree)
        for key in setting.leads_of(side):
            place = keys.actors.index(key)
            each[place] = drafts.factor((1.0 - share) * own + share * logs[place], degree)
        lead[row] = each[keys.actors.index(card.lead)] if card.lead else leader[row]
    add("draft_leader", "side issue", leader, "factor", "weight of each issue in a leader's drafts")
    add("draft_lead", "side issue", lead, "factor", "the same in drafts below meetings of leaders")
    add("draft_as_lead", "actor issue", each, "factor", "the same if this actor leads the talks")
    first, second, others = drafters(store, setting)
    add("drafter_leader", "side issue", first, "actor", "whose priorities count most there, or -1")
    add("drafter_lead", "side issue", second, "actor", "the same below meetings of leaders")
    add("drafter_as_lead", "actor issue", others, "actor", "the same if this actor leads the talks")
    add("drafted", "side", 0.0, "", "whether the side's last offer is the draft, 0 or 1")


def drafters(store: Store, setting: Scenario) -> tuple[Array, Array, Array]:
    """Return whose priorities count most in each issue, at and below meetings of leaders.

    Both are rows of actors (sides, issues, R), -1 if no priorities count. The third array has the
    second one for each actor that can lead the talks (actors, issues, R).
    """
    shape = (len(setting.sides), len(setting.issues), store.worlds)
    leader, lead = np.full(shape, drafts.NOBODY), np.full(shape, drafts.NOBODY)
    width, actors = _width(store), list(setting.actors)
    each = np.full((len(actors), *shape[1:]), drafts.NOBODY)
    if not setting.drafted():
        return leader, lead, each
    logs, degree = _logs(store, setting, width), store["talks.drafting"]
    total = drafts.influence(*voices(store, setting, width))
    share = store["talks.lead_weight"]
    for row, (side, card) in enumerate(setting.sides.items()):
        own = total[actors.index(card.leader)]
        leader[row] = drafts.largest_share(logs, own, degree)
        for key in setting.leads_of(side):
            place = actors.index(key)
            mixed = (1.0 - share) * own + share * total[place]
            each[place] = drafts.largest_share(logs, mixed, degree)
        lead[row] = each[actors.index(card.lead)] if card.lead else leader[row]
    return leader, lead, each


def settled_priorities(store: Store, setting: Scenario) -> Array:
    """Return the logarithms of all actors' priorities at rest (actors, issues, R)."""
    width = _width(store)
    return drafts.at_rest(_logs(store, setting, width), *voices(store, setting, width))


def _width(store: Store) -> int:
    """Return how many worlds differ in priorities and influence: all or 1."""
    return store.worlds if any(name.startswith(TABLES) for name in store.swept()) else 1


def _logs(store: Store, setting: Scenario, width: int) -> Array:
    """Return the logarithms of all actors' own priorities (actors, issues, R)."""
    issues = list(setting.issues)
    private = np.zeros((len(setting.actors), len(issues), width))
    for row, (key, card) in enumerate(setting.actors.items()):
        for issue in card.priorities:
            value = store.of("actors", key, "priorities", issue)[:width]
            private[row, issues.index(issue)] = np.log(value)
    return private


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
