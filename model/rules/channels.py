"""Back channels: which leaders they can inform, how precisely, and when they are believed.

Information passed on by an interested intermediary is coarse (Crawford and Sobel 1982). A listener
believes it only if the intermediary is biased far enough towards the listener (Kydd 2003).
"""

import networkx as nx
import numpy as np

from model.arrays import Array, Mask
from model.rules.influence import Graph

LEAST_MISALIGNMENT = 1e-9  # 1000 messages are reached at about 5e-7


def messages(misalignment: Array) -> Array:
    """Return the number of distinct messages N(b) (R,) that an intermediary can convey.

    misalignment b: (R,), distance between the interests of sender and listener on a unit interval.
    N is the largest number with 2 N (N - 1) b < 1 (Crawford and Sobel 1982), at most 1000.

    >>> messages(np.array([0.08, 0.3, 0.0])).tolist()
    [3.0, 1.0, 1000.0]
    """
    safe = np.where(misalignment > 0.0, np.maximum(misalignment, LEAST_MISALIGNMENT), 1.0)
    count = np.ceil(-0.5 + 0.5 * np.sqrt(1.0 + 2.0 / safe))
    return np.where(misalignment > 0.0, np.clip(count, 1.0, 1000.0), 1000.0)


def residual_variance(misalignment: Array) -> Array:
    """Return the residual variance (R,) of the listener's belief in the best equilibrium.

    1/(12 N^2) + b^2 (N^2 - 1)/3 for a state that is uniform on the unit interval (Crawford and
    Sobel 1982); 1/12 if no information passes. misalignment b: (R,), in widths of the interval.

    >>> residual_variance(np.array([0.3])).round(4).tolist()
    [0.0833]
    """
    count = messages(misalignment)
    squared = count * count
    return 1.0 / (12.0 * squared) + misalignment * (misalignment * (squared - 1.0)) / 3.0


def contact_chance(chance: Array, access: Array, counted: Array) -> Array:
    """Return the probability that an intermediary makes contact in a week (R,).

    p (1 + w (2 a - 1)), at most 1. chance p: probability at an access of one half; access a: 0 to
    1; counted w: degree to which access counts, 0 to 1. All are (R,). w = 0 returns p.

    >>> contact_chance(np.full(2, 0.2), np.array([0.5, 0.15]), np.ones(2)).round(12).tolist()
    [0.2, 0.06]
    """
    return np.minimum(chance * (1.0 + counted * (2.0 * access - 1.0)), 1.0)


def believed(bias: Array, error: Array) -> Mask:
    """Return whether an intermediary is truthful and therefore believed (R,) (Kydd 2003).

    bias: share of the listener's gain that the intermediary shares (R,); error: probability that it
    is mistaken (R,). It gains `bias` per unit if its listener rightly asks for more, and loses the
    settlement if it is mistaken, so truth pays iff bias (1 - error) >= error. An unbiased
    intermediary is never believed.

    >>> believed(np.array([0.3, 0.0]), np.array([0.1, 0.1])).tolist()
    [True, False]
    """
    truthful: Mask = (bias > 0.0) & (bias * (1.0 - error) >= error)
    return truthful


def shaded(asked: Array, reservation: Array, bias: Array) -> Array:
    """Return the utility (R,) that a trial package leaves to its sender, in points.

    asked - bias (asked - reservation), or `asked` if that is below the reservation value. asked:
    aspiration of the sender (R,); reservation: its reservation value (R,), both in points; bias:
    share of the listener's gain that the intermediary shares (R,). An unbiased intermediary carries
    what the sender would offer; one that is for the listener alone carries the most that the sender
    could give.

    >>> shaded(np.full(2, 0.5), np.full(2, 0.1), np.array([0.0, 0.25])).tolist()
    [0.5, 0.4]
    """
    return asked - bias * np.maximum(asked - reservation, 0.0)


def routes(graph: Graph, carrier: str, leaders: dict[str, str]) -> dict[str, list[list[str]]]:
    """Return the paths by which `carrier` brings a package of the other side to each leader.

    leaders: side of each leader, by key. The paths are those of `listeners`. If the carrier does
    not belong to the side that sends, a path begins with an actor of that side to whom it listens.
    """
    found: dict[str, list[list[str]]] = {}
    for leader, paths in listeners(graph, carrier, leaders).items():
        senders = {side for side in leaders.values() if side != leaders[leader]}
        if graph.nodes[carrier]["side"] in senders:
            found[leader] = paths
            continue
        givers = [key for key in graph.predecessors(carrier) if graph.nodes[key]["side"] in senders]
        longer = [[giver, *path] for path in paths for giver in givers if giver not in path]
        if longer:
            found[leader] = longer
    return found


def listeners(graph: Graph, carrier: str, leaders: dict[str, str]) -> dict[str, list[list[str]]]:
    """Return the leaders whom `carrier` can inform about the other side, with the paths to each.

    leaders: side of each leader, by key. The carrier must belong to the side that it reports on, or
    listen to an actor of that side. A path has at most two steps and passes through no leader.
    """
    known_sides = {graph.nodes[speaker]["side"] for speaker in graph.predecessors(carrier)}
    known_sides.add(graph.nodes[carrier]["side"])
    paths_to = {}
    for leader, side in leaders.items():
        other_sides = {other for other in leaders.values() if other != side}
        if leader != carrier and known_sides & other_sides:
            paths = list(nx.all_simple_paths(graph, carrier, leader, cutoff=2))
            paths = [path for path in paths if not set(path[1:-1]) & set(leaders)]
            if paths:
                paths_to[leader] = paths
    return paths_to
