"""Back channels: how coarse cheap talk is, who is believed, and who can reach whom."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from model.rules.channels import believed, listeners, messages, residual_variance
from model.rules.influence import Graph, graph_of
from model.schema.scenario import load_scenario
from tests.pair import pair

BIASES = st.floats(0.001, 1.0)
LEADERS = {"donald_trump": "US", "xi_jinping": "CN"}


def partition(steps: int, misalignment: float) -> Array:
    """Return the ends of the intervals of the equilibrium with so many messages.

    a_i = i/N + 2 b i (i - N): a sender whose interest lies b above the listener's pools high
    states (Crawford and Sobel 1982, section 4).
    """
    place = np.arange(steps + 1.0)
    return place / steps + 2.0 * misalignment * place * (place - steps)


class TestCheapTalk:
    """A state uniform on the unit interval, told by somebody who wants more than the listener."""

    @given(BIASES)
    def test_no_finer_equilibrium_exists(self, misalignment: float) -> None:
        count = int(messages(pair(misalignment))[0])
        assert np.all(np.diff(partition(count, misalignment)) > 0.0)
        finer = np.diff(partition(count + 1, misalignment))
        assert np.any(finer <= 1e-9)

    @given(BIASES)
    def test_at_each_end_the_sender_does_not_mind_which_message_it_sends(
        self, misalignment: float
    ) -> None:
        ends = partition(int(messages(pair(misalignment))[0]), misalignment)
        answers = 0.5 * (ends[:-1] + ends[1:])  # the listener's best answer to each message
        wanted = ends[1:-1] + misalignment
        np.testing.assert_allclose(wanted - answers[:-1], answers[1:] - wanted, atol=1e-12)

    @given(BIASES)
    def test_what_remains_unknown_is_the_variance_within_messages(
        self, misalignment: float
    ) -> None:
        ends = partition(int(messages(pair(misalignment))[0]), misalignment)
        within = (np.diff(ends) ** 3).sum() / 12.0
        np.testing.assert_allclose(residual_variance(pair(misalignment)), within, rtol=1e-9)

    def test_the_truth_passes_between_friends_and_nothing_between_foes(self) -> None:
        remains = residual_variance(np.array([0.0, 0.26, 1.0]))
        assert remains[0] < 1e-6
        np.testing.assert_allclose(remains[1:], 1.0 / 12.0)

    @given(BIASES, BIASES)
    def test_the_further_apart_the_less_is_told(self, one: float, other: float) -> None:
        near, far = min(one, other), max(one, other)
        assert messages(pair(near))[0] >= messages(pair(far))[0]
        assert residual_variance(pair(near))[0] <= residual_variance(pair(far))[0] + 1e-15


class TestBelief:
    """A go-between is believed if it leans far enough to its listener (Kydd 2003)."""

    @given(st.floats(0.0, 1.0), st.floats(0.0, 0.99))
    def test_it_is_believed_from_a_bound_of_bias_on(self, bias: float, error: float) -> None:
        bound = error / (1.0 - error)
        if abs(bias - bound) > 1e-12 and bias > 0.0:
            assert believed(pair(bias), pair(error))[0] == (bias >= bound)

    @given(st.floats(0.0, 1.0))
    def test_an_unbiased_one_never_is(self, error: float) -> None:
        assert not believed(pair(0.0), pair(error)).any()

    def test_nobody_believes_one_that_is_always_wrong(self) -> None:
        assert not believed(pair(1.0), pair(1.0)).any()


class TestPaths:
    """Who may tell a leader about the other side, and through whom."""

    def test_the_channels_of_february_2025(self) -> None:
        graph = graph_of(load_scenario("february_2025"))
        found = {
            carrier: listeners(graph, carrier, LEADERS)
            for carrier in ("elon_musk", "han_zheng", "former_diplomat", "wendy_cutler")
        }
        assert found == {
            "elon_musk": {
                "donald_trump": [["elon_musk", "donald_trump"]],
                "xi_jinping": [["elon_musk", "han_zheng", "xi_jinping"]],
            },
            "han_zheng": {
                "donald_trump": [["han_zheng", "elon_musk", "donald_trump"]],
                "xi_jinping": [["han_zheng", "xi_jinping"]],
            },
            "former_diplomat": {
                "donald_trump": [["former_diplomat", "michael_pillsbury", "donald_trump"]]
            },
            "wendy_cutler": {},
        }

    @pytest.fixture
    def graph(self) -> Graph:
        """Return a graph with one carrier, two ways to the first leader, a long one to the second.

        a and b lead the sides A and B.
        """
        graph: Graph = nx.DiGraph()
        for node, side in {"a": "A", "x": "A", "y": "A", "go": "A", "b": "B", "z": "B"}.items():
            graph.add_node(node, side=side)
        for edge in [("go", "x"), ("x", "a"), ("go", "y"), ("y", "x"), ("go", "a"), ("a", "b")]:
            graph.add_edge(*edge, weight=0.5)
        return graph

    def test_all_ways_of_two_steps_count(self, graph: Graph) -> None:
        graph.add_edge("z", "go", weight=1.0)  # now it has somebody to speak about
        found = listeners(graph, "go", {"a": "A", "b": "B"})
        assert sorted(found["a"]) == [["go", "a"], ["go", "x", "a"]]

    def test_no_message_goes_through_the_other_leader(self, graph: Graph) -> None:
        assert "b" not in listeners(graph, "go", {"a": "A", "b": "B"})

    def test_one_who_hears_nobody_across_has_nothing_to_tell_at_home(self, graph: Graph) -> None:
        assert listeners(graph, "go", {"a": "A", "b": "B"}) == {}


def test_no_more_messages_are_counted_than_a_thousand() -> None:
    assert messages(np.array([1e-9, 1e-5, 0.24])).tolist() == [1000.0, 224.0, 2.0]


def test_truth_that_just_pays_is_told() -> None:
    assert believed(np.array([1.0, 1.0, 0.0]), np.array([0.5, 0.51, 0.0])).tolist() == [
        True,
        False,
        False,
    ]


def test_who_hears_its_own_side_speaks_of_it_across_the_table() -> None:
    graph: Graph = nx.DiGraph()
    for node, side in {"a": "A", "b": "B", "friend": "B", "envoy": "B"}.items():
        graph.add_node(node, side=side)
    graph.add_edge("friend", "envoy")
    graph.add_edge("envoy", "a")
    found = listeners(graph, "envoy", {"a": "A", "b": "B"})
    assert found == {"a": [["envoy", "a"]]}


def test_a_leader_may_be_a_channel_of_its_own() -> None:
    graph: Graph = nx.DiGraph()
    for node, side in {"a": "A", "b": "B", "envoy": "A"}.items():
        graph.add_node(node, side=side)
    graph.add_edge("b", "envoy")
    graph.add_edge("envoy", "a")
    assert listeners(graph, "b", {"a": "A", "b": "B"}) == {"a": [["b", "envoy", "a"]]}


def test_a_misalignment_of_next_to_nothing_overflows_nowhere() -> None:
    tiny = np.array([5e-324, 1e-310, 1e-9, 0.0])
    assert messages(tiny).tolist() == [1000.0] * 4
