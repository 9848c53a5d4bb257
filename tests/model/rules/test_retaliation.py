"""Answers to tariffs are proportional, and sometimes forgiving."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.rules.retaliation import answer_size
from model.state.random_streams import RandomStreams, log_normal
from tests.pair import pair

SIZES = st.floats(0.0, 1.0)
CHANCES = st.floats(0.001, 0.999)


@given(SIZES, st.floats(0.0, 2.0), CHANCES)
def test_an_answer_is_proportional(size: float, proportion: float, chance: float) -> None:
    one = pair(1.0)
    found = answer_size(pair(size), pair(proportion), pair(0.0), one, pair(chance))
    np.testing.assert_allclose(found, proportion * size)


def test_generosity_forgives_as_often_as_it_says_and_no_more() -> None:
    chance = np.array([0.149, 0.15, 0.151])
    found = answer_size(np.full(3, 0.1), np.ones(3), np.full(3, 0.15), np.ones(3), chance)
    assert found.tolist() == [0.0, 0.1, 0.1]
    assert not answer_size(np.full(3, 0.1), np.ones(3), np.ones(3), np.ones(3), chance).any()


def test_answers_of_many_worlds_have_the_mean_that_theory_gives() -> None:
    """(1 - generosity) x proportion x size: the spread has no part in the mean."""
    worlds = np.arange(20_000, dtype=np.intp)
    streams = RandomStreams(1, worlds)
    full = np.ones(worlds.size)
    factor = log_normal(streams.normal("answer", 0), 0.2 * full)
    chance = streams.uniform("forgive", 0)
    found = answer_size(0.1 * full, 0.9 * full, 0.15 * full, factor, chance)
    assert abs(found.mean() - 0.85 * 0.9 * 0.1) < 0.001
