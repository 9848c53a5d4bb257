"""Influence of advisers and constituencies on a leader: opinions that settle on a graph.

Friedkin and Johnsen (1990): an actor's opinion is a mix of what those whom it listens to think and
of its own private view. Only edges within a side average opinions; across sides they carry signals.
"""

import networkx as nx
import numpy as np

from model.arrays import Array, Mask
from model.schema.scenario import Scenario

type Graph = nx.DiGraph[str]


def graph_of(setting: Scenario) -> Graph:
    """Return the influence graph of a scenario: u -> v with a weight says how much v listens to u.

    Every constituency has an edge to its leader, weighted by its share of the leader's open ear;
    the weights of the others are the scenario's.
    """
    graph: Graph = nx.DiGraph()
    for key, actor in setting.actors.items():
        graph.add_node(key, title=actor.title, side=actor.side, kind=actor.kind)
    for name, edge in setting.edges.items():
        speaker, listener = name.split(">")
        graph.add_edge(speaker, listener, weight=edge.weight, channel=edge.channel)
    for key, group in setting.constituencies.items():
        graph.add_node(key, title=group.title, side=group.side, kind="constituency")
        if group.side in setting.sides and group.weight > 0.0:
            total = sum(g.weight for g in setting.constituencies.values() if g.side == group.side)
            weight = setting.influence.street * group.weight / total
            leader = setting.sides[group.side].leader
            graph.add_edge(key, leader, weight=weight, channel="pressure at home")
    return graph


def listen(
    opinions: list[Array], weights: list[Array], own: Array, near: list[Mask] | None = None
) -> Array:
    """Return the weighted mean (stances, R) of the neighbours' opinions; `own` if none counts.

    opinions: one (stances, R) a neighbour; weights: one (R,) a neighbour, not negative; own: the
    listener's own view (stances, R); near: in which worlds (R,) the neighbour counts at all
    (bounded confidence, Hegselmann and Krause 2002), everywhere if not given.

    >>> low, high = np.full((1, 2), 0.2), np.full((1, 2), 0.8)
    >>> weights = [np.array([1.0, 0.0]), np.array([3.0, 0.0])]
    >>> listen([low, high], weights, own=low).round(12).tolist()
    [[0.65, 0.2]]
    """
    total, mass = np.zeros(own.shape), np.zeros(own.shape[-1])
    for place, (opinion, weight) in enumerate(zip(opinions, weights, strict=True)):
        counted = weight if near is None else weight * near[place]
        total += counted * opinion
        mass += counted
    heard = mass > 0.0
    if heard.all():
        return total / mass
    return np.where(heard, total / np.where(heard, mass, 1.0), own)


def friedkin_johnsen(heard: Array, private: Array, susceptibility: Array) -> Array:
    """Return the next opinion L w z + (1 - L) u (Friedkin and Johnsen 1990).

    heard, private: (stances, R); susceptibility L: (R,) between 0 and 1.

    >>> friedkin_johnsen(np.array([1.0]), np.array([0.0]), np.array([0.7])).tolist()
    [0.7]
    """
    # as a move from u, so that who hears just that stays at it to the last bit
    return private + susceptibility * (heard - private)


def within(opinion: Array, other: Array, bound: Array) -> Mask:
    """Return where (R,) two opinions differ in firmness by at most `bound` (R,).

    opinion, other: (stances, R), firmness first. Bounded confidence, Hegselmann and Krause 2002.

    >>> within(np.array([[0.5, 0.5]]), np.array([[0.7, 0.9]]), np.array([0.25, 0.25])).tolist()
    [True, False]
    """
    near: Mask = np.abs(opinion[0] - other[0]) <= bound
    return near
