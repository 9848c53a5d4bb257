"""Influence of advisers and constituencies on a leader: averaging of opinions on a graph.

Source: Friedkin and Johnsen (1990). An actor's opinion is a weighted mean of the opinions of the
actors to whom it listens and of its own private view. Only edges within a side average opinions;
edges across sides carry signals.
"""

import networkx as nx
import numpy as np

from model.arrays import Array, Mask
from model.schema.scenario import Scenario

type Graph = nx.DiGraph[str]


def graph_of(setting: Scenario) -> Graph:
    """Return the influence graph of a scenario; the weight of u -> v is how much v listens to u.

    Weights between actors come from the scenario. Each constituency with a positive weight has an
    edge to its leader: its share of its side's weight, times `influence.street`.
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
    """Return the weighted mean (stances, R) of the neighbours' opinions, or `own` without any.

    opinions: one (stances, R) per neighbour; weights: one (R,) per neighbour, not negative; own:
    the listener's own view (stances, R); near: whether each neighbour counts (R,), by default yes
    (bounded confidence, Hegselmann and Krause 2002).

    >>> low, high = np.full((1, 2), 0.2), np.full((1, 2), 0.8)
    >>> weights = [np.array([1.0, 0.0]), np.array([3.0, 0.0])]
    >>> listen([low, high], weights, own=low).round(12).tolist()
    [[0.65, 0.2]]
    """
    total, mass = np.zeros_like(own), np.zeros_like(own[0])
    for row, (opinion, weight) in enumerate(zip(opinions, weights, strict=True)):
        effective = weight if near is None else weight * near[row]
        total = total + effective * opinion
        mass = mass + effective
    any_heard = mass > 0.0
    return np.where(any_heard, total / np.where(any_heard, mass, 1.0), own)


def reached(access: Array, counted: Array) -> Array:
    """Return the share of a speaker's weight that reaches its listener, 0 to 1 (R,).

    1 - w (1 - a): a speaker without full access a is heard a part of the time, and the listener
    keeps its own view in the rest. access a: 0 to 1; counted w: degree to which access counts, 0 to
    1. All are (R,). w = 0 returns 1.

    >>> reached(np.array([0.4, 1.0]), np.array([0.5, 0.5])).tolist()
    [0.7, 1.0]
    """
    return 1.0 - counted * (1.0 - access)


def friedkin_johnsen(heard: Array, private: Array, susceptibility: Array) -> Array:
    """Return next week's opinion (stances, R): L h + (1 - L) u (Friedkin and Johnsen 1990).

    heard h: mean opinion of the neighbours; private u: the actor's own view; both (stances, R).
    susceptibility L: (R,), from 0 to 1.

    >>> friedkin_johnsen(np.array([1.0]), np.array([0.0]), np.array([0.7])).tolist()
    [0.7]
    """
    # written as a step from u, so that an actor that hears exactly u keeps it bit for bit
    return private + susceptibility * (heard - private)


def within(opinion: Array, other: Array, bound: Array) -> Mask:
    """Return whether two opinions differ in firmness by at most `bound` (R,).

    opinion, other: (stances, R), firmness first. Source: bounded confidence, Hegselmann and Krause
    2002.

    >>> within(np.array([[0.5, 0.5]]), np.array([[0.7, 0.9]]), np.array([0.25, 0.25])).tolist()
    [True, False]
    """
    near: Mask = np.abs(opinion[0] - other[0]) <= bound
    return near
