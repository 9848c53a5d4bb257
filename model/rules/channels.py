"""Back channels: who may tell a leader what the other would settle for, and when it is believed.

Information that passes through an interested go-between is coarse (Crawford and Sobel 1982) and is
believed only if the go-between leans far enough to its listener (Kydd 2003).
"""

import networkx as nx
import numpy as np

from model.arrays import Array, Mask
from model.rules.influence import Graph


def messages(misalignment: Array) -> Array:
    """Return how many messages (R,) survive, N(b), with interests b apart (R,) on a unit interval.

    The largest N with 2 N (N - 1) b < 1 (Crawford and Sobel 1982); capped at 1000 for b = 0.

    >>> messages(np.array([0.08, 0.3, 0.0])).tolist()
    [3.0, 1.0, 1000.0]
    """
    safe = np.where(misalignment > 0.0, misalignment, 1.0)
    count = np.ceil(-0.5 + 0.5 * np.sqrt(1.0 + 2.0 / safe))
    return np.where(misalignment > 0.0, np.clip(count, 1.0, 1000.0), 1000.0)


def residual_variance(misalignment: Array) -> Array:
    """Return the variance (R,) that the best equilibrium leaves, 1/(12 N^2) + b^2 (N^2 - 1)/3.

    misalignment b: (R,), in widths of the interval. Of a state uniform on the unit interval
    (Crawford and Sobel 1982): 1/12 when nothing passes.

    >>> residual_variance(np.array([0.3])).round(4).tolist()
    [0.0833]
    """
    count = messages(misalignment)
    squared = count * count
    return 1.0 / (12.0 * squared) + misalignment * misalignment * (squared - 1.0) / 3.0


def believed(bias: Array, error: Array) -> Mask:
    """Return where (R,) a go-between of this bias to its listener tells the truth (Kydd 2003).

    bias: share of the listener's gain that it shares (R,), error: chance that it errs (R,). It
    gains bias per unit when its listener rightly asks for more and loses the settlement when it
    errs, so truth pays iff bias (1 - error) >= error. An unbiased one is never believed.

    >>> believed(np.array([0.3, 0.0]), np.array([0.1, 0.1])).tolist()
    [True, False]
    """
    truthful: Mask = (bias > 0.0) & (bias * (1.0 - error) >= error)
    return truthful


def listeners(graph: Graph, carrier: str, leaders: dict[str, str]) -> dict[str, list[list[str]]]:
    """Return the leaders whom `carrier` may tell about the other side, each with the paths there.

    leaders: leader's key -> side. The carrier must have a tie across sides (it is, or hears,
    somebody of the side it speaks about), and paths of at most two steps to the listener.
    """
    heard = {graph.nodes[speaker]["side"] for speaker in graph.predecessors(carrier)}
    home = graph.nodes[carrier]["side"]
    found = {}
    for leader, side in leaders.items():
        others = {other for other in leaders.values() if other != side}
        if leader != carrier and ({home} | heard) & others:
            paths = list(nx.all_simple_paths(graph, carrier, leader, cutoff=2))
            paths = [path for path in paths if not set(path[1:-1]) & set(leaders)]
            if paths:
                found[leader] = paths
    return found
