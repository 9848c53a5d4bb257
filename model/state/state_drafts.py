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
    first, second = drafters(store, setting)
    add("drafter_leader", "side issue", first, "-", "whose priorities count most there, or -1")
    add("drafter_lead", "side issue", second, "-", "the same below meetings of leaders")
    counts = (store["public_worth"] != 0.0).all(axis=0)  # issues that both sides care about
    spread = np.stack([drafts.variance(np.log(weights), counts) for weights in lead])
    add(
        "draft_variance",
        "side",
        spread,
        "factor squared",
        "log variance of these weights over the issues",
    )
    add("drafted", "side", 0.0, "0 or 1", "whether the side's last offer is the draft, 0 or 1")


def drafters(store: Store, setting: Scenario) -> tuple[Array, Array]:
    """Return whose priorities count most in each issue, at and below meetings of leaders.

    Both are rows of actors (sides, issues, R), -1 if no priorities count.
    """
    shape = (len(setting.sides), len(setting.issues), store.worlds)
    leader, lead = np.full(shape, drafts.NOBODY), np.full(shape, drafts.NOBODY)
    if not setting.drafted():
        return leader, lead
    width, actors = _width(store), list(setting.actors)
    logs, degree = _logs(store, setting, width), store["talks.drafting"]
    total = drafts.influence(*voices(store, setting, width))
    for row, card in enumerate(setting.sides.values()):
        own = total[actors.index(card.leader)]
        leader[row] = drafts.largest_share(logs, own, degree)
        if card.lead:
            share = store["talks.lead_weight"]
            own = (1.0 - share) * own + share * total[actors.index(card.lead)]
        lead[row] = drafts.largest_share(logs, own, degree)
    return leader, lead


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
