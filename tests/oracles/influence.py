"""Opinions to which listening on an influence graph converges, in closed form.

An independent closed form that tests compare the model with.
"""

import numpy as np

from model.arrays import Array
from model.rules.influence import Graph


def settled(weights: Array, susceptibility: Array, private: Array) -> Array:
    """Return the opinions (actors,) to which repeated listening converges: (I - L W)^-1 (I - L) u.

    weights W: (actors, actors), row v holds the weights that v gives to the others and sums to 1;
    susceptibility L and private opinions u: (actors,). Source: Friedkin and Johnsen (1990).

    >>> each_other = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> settled(each_other, np.array([0.5, 0.0]), np.array([0.0, 1.0])).tolist()
    [0.5, 1.0]
    """
    identity = np.eye(len(private))
    own = (1.0 - susceptibility) * private
    result: Array = np.linalg.solve(identity - susceptibility[:, None] * weights, own)
    return result


def weight_matrix(graph: Graph, nodes: list[str]) -> Array:
    """Return the weights W (nodes, nodes) of the edges within a side; each row sums to 1.

    Row v holds the weights that v gives to the other nodes. A node that listens to no other node
    has weight 1 on itself, so it keeps its own view.

    >>> import networkx as nx
    >>> graph: Graph = nx.DiGraph()
    >>> graph.add_nodes_from(["adviser", "leader"], side="US")
    >>> graph.add_edge("adviser", "leader", weight=0.4)
    >>> weight_matrix(graph, ["adviser", "leader"]).tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    rows = {node: row for row, node in enumerate(nodes)}
    matrix = np.zeros((len(nodes), len(nodes)))
    for speaker, listener, data in graph.edges(data=True):
        if graph.nodes[speaker]["side"] == graph.nodes[listener]["side"]:
            matrix[rows[listener], rows[speaker]] = data["weight"]
    mass = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, mass, out=np.eye(len(nodes)), where=mass > 0)
