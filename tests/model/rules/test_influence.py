"""Opinions settle where Friedkin and Johnsen say, by algebra and by listening week after week."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.arrays import Array
from model.rules.influence import friedkin_johnsen, graph_of, listen, within
from model.schema.scenario import load_scenario
from tests.oracles.influence import settled, weight_matrix

SHARES = st.floats(0.0, 1.0)
SETTING = load_scenario("february_2025")


def crowd(actors: int, seed: int) -> tuple[Array, Array, Array]:
    """Return weights (rows summing to 1), susceptibilities and private views of some actors."""
    rng = np.random.default_rng(seed)
    weights = rng.random((actors, actors)) * (rng.random((actors, actors)) < 0.6)
    np.fill_diagonal(weights, 0.0)
    weights[weights.sum(axis=1) == 0.0, 0] = 1.0
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights, rng.uniform(0.2, 0.85, actors), rng.random(actors)


def iterated(weights: Array, susceptibility: Array, private: Array, weeks: int) -> Array:
    """Return the opinions after weeks of listening by the rules that the model uses."""
    everybody = range(private.size)
    opinions = [np.full((1, 2), view) for view in private]
    for _ in range(weeks):
        own = [np.full((1, 2), view) for view in private]
        heard = [
            listen(opinions, [np.full(2, share) for share in weights[v]], own[v]) for v in everybody
        ]
        opinions = [
            friedkin_johnsen(heard[v], own[v], np.full(2, susceptibility[v])) for v in everybody
        ]
    return np.array([opinion[0, 0] for opinion in opinions])


class TestListening:
    """What one hears in a week."""

    @given(
        arrays(np.float64, (3, 3, 2), elements=SHARES), arrays(np.float64, (3, 2), elements=SHARES)
    )
    def test_it_lies_among_those_heard(self, opinions: Array, weights: Array) -> None:
        heard = listen(list(opinions), list(weights), np.full((3, 2), 0.5))
        among = np.concatenate([opinions, np.full((1, 3, 2), 0.5)])
        assert np.all(heard >= among.min(axis=0) - 1e-12)
        assert np.all(heard <= among.max(axis=0) + 1e-12)

    def test_one_without_weight_is_not_heard(self) -> None:
        low, high = np.full((3, 2), 0.2), np.full((3, 2), 0.8)
        heard = listen([low, high], [np.array([1.0, 0.0]), np.array([0.0, 2.0])], low)
        np.testing.assert_allclose(heard, [[0.2, 0.8]] * 3)

    def test_who_hears_nobody_keeps_its_own_view(self) -> None:
        own, other, weight = np.full((3, 2), 0.7), np.full((3, 2), 0.1), np.ones(2)
        heard = listen([other], [weight], own, [np.array([True, False])])
        assert heard.tolist() == [[0.1, 0.7]] * 3
        assert listen([other], [np.zeros(2)], own).tolist() == own.tolist()
        assert listen([], [], own).tolist() == own.tolist()

    def test_nearness_is_in_firmness_and_counts_its_bound(self) -> None:
        mine, others = np.array([[0.5] * 3, [0.0] * 3]), np.array([[0.75, 0.24, 0.5], [1.0] * 3])
        assert within(mine, others, np.full(3, 0.25)).tolist() == [True, False, True]

    @given(SHARES, SHARES)
    def test_whoever_is_not_susceptible_stays_exactly_where_it_is(
        self, heard: float, own: float
    ) -> None:
        at = friedkin_johnsen(np.full(2, heard), np.full(2, own), np.zeros(2))
        assert at.tolist() == [own, own]


class TestSettled:
    """Where repeated listening ends: z = (I - L W)^-1 (I - L) u."""

    @pytest.mark.parametrize("seed", range(2))
    def test_it_is_where_the_weeks_lead(self, seed: int) -> None:
        weights, susceptibility, private = crowd(6, seed)
        expected = settled(weights, susceptibility, private)
        found = iterated(weights, susceptibility, private, 150)
        np.testing.assert_allclose(found, expected, atol=1e-9)

    @pytest.mark.parametrize("seed", range(2))
    def test_an_adviser_s_pull_on_the_leader_is_an_entry_of_v(self, seed: int) -> None:
        """D z_leader / d u_adviser = V[leader, adviser], V = (I - L W)^-1 (I - L)."""
        weights, susceptibility, private = crowd(5, seed)
        reach = np.linalg.inv(np.eye(5) - np.diag(susceptibility) @ weights)
        reach = reach @ np.diag(1.0 - susceptibility)
        np.testing.assert_allclose(reach.sum(axis=1), 1.0)  # every opinion is a mean of views
        step = 0.01
        for adviser in range(1, 5):
            moved = private.copy()
            moved[adviser] += step
            slope = iterated(weights, susceptibility, moved, 150)[0]
            slope = (slope - iterated(weights, susceptibility, private, 150)[0]) / step
            assert slope == pytest.approx(reach[0, adviser], abs=1e-7)

    def test_wholly_open_minds_agree_as_degroot_says(self) -> None:
        """L = I: the limit weighs first opinions by the left eigenvector of W (DeGroot 1974)."""
        weights, _, private = crowd(5, 3)
        weights = 0.5 * (weights + np.full((5, 5), 0.2))  # everybody hears everybody: no cycles
        values, vectors = np.linalg.eig(weights.T)
        power = np.real(vectors[:, np.argmax(np.real(values))])
        consensus = float((power / power.sum() * private).sum())
        opinions = [np.full((1, 2), view) for view in private]
        for _ in range(60):
            opinions = [
                friedkin_johnsen(
                    listen(opinions, [np.full(2, share) for share in row], own), own, np.ones(2)
                )
                for row, own in zip(weights, opinions, strict=True)
            ]
        np.testing.assert_allclose(np.array(opinions)[:, 0, 0], consensus, atol=1e-9)
        with pytest.raises(np.linalg.LinAlgError):  # so it cannot be had by algebra
            settled(np.array([[0.0, 1.0], [1.0, 0.0]]), np.ones(2), private[:2])


class TestGraph:
    """The influence graph of a scenario."""

    def test_it_holds_everybody_and_every_edge(self) -> None:
        graph = graph_of(SETTING)
        assert set(graph) == {*SETTING.actors, *SETTING.constituencies}
        assert all(graph.has_edge(*name.split(">")) for name in SETTING.edges)
        assert graph.nodes["elon_musk"] == {
            "title": "Elon Musk",
            "side": "US",
            "kind": "intermediary",
        }
        assert graph.edges["scott_bessent", "donald_trump"]["weight"] == 0.80

    def test_the_groups_share_the_leader_s_open_ear(self) -> None:
        graph = graph_of(SETTING)
        for side in SETTING.sides.values():
            street = [
                data["weight"]
                for speaker, _, data in graph.in_edges(side.leader, data=True)
                if graph.nodes[speaker]["kind"] == "constituency"
            ]
            assert sum(street) == pytest.approx(SETTING.influence.street)
        assert graph.edges["consumers", "donald_trump"]["weight"] == pytest.approx(0.3 * 0.25)
        assert not list(graph.successors("allies"))  # an observer has no vote

    def test_only_groups_of_a_side_with_a_weight_are_heard(self) -> None:
        numbers = {"constituencies.consumers.weight": 0.0, "constituencies.finance.weight": 0.5}
        mute = load_scenario("february_2025", numbers)
        graph = graph_of(mute)
        assert not list(graph.successors("consumers"))
        speakers = {s for s, t in graph.edges if graph.nodes[s]["kind"] == "constituency"}
        voting = {k for k, g in mute.constituencies.items() if g.side in mute.sides}
        assert speakers == voting - {"consumers"}
        heard = {g.title: graph.edges[k, mute.sides[g.side].leader]["weight"]
                 for k, g in mute.constituencies.items() if k in speakers}  # fmt: skip
        home = [g for g in mute.constituencies.values() if g.side == "US"]
        for group in (g for g in home if g.weight > 0.0):
            share = group.weight / sum(g.weight for g in home)
            assert heard[group.title] == pytest.approx(mute.influence.street * share)

    def test_each_opinion_has_its_weight(self) -> None:
        own = np.full((3, 2), 0.5)
        with pytest.raises(ValueError, match="zip"):
            listen([own, own], [np.ones(2)], own)

    def test_opinions_do_not_cross_the_table(self) -> None:
        graph = graph_of(SETTING)
        nodes = list(graph)
        matrix = weight_matrix(graph, nodes)
        side = np.array([graph.nodes[node]["side"] for node in nodes])
        assert not matrix[side[:, None] != side[None, :]].any()
        np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
        hears_itself = np.diag(matrix) > 0.0
        assert {nodes[row] for row in np.flatnonzero(~hears_itself)} == {
            listener
            for speaker, listener in graph.edges
            if graph.nodes[speaker]["side"] == graph.nodes[listener]["side"]
        }

    def test_a_row_says_what_each_is_given(self) -> None:
        graph: nx.DiGraph[str] = nx.DiGraph()
        for node, home in {"boss": "A", "one": "A", "two": "A", "far": "B"}.items():
            graph.add_node(node, side=home)
        for speaker, weight in {"one": 0.6, "two": 0.2, "far": 0.9}.items():
            graph.add_edge(speaker, "boss", weight=weight)
        matrix = weight_matrix(graph, ["boss", "one", "two", "far"])
        np.testing.assert_allclose(matrix[0], [0.0, 0.75, 0.25, 0.0])
        np.testing.assert_array_equal(matrix[1:], np.eye(4)[1:])  # who hears nobody hears itself
