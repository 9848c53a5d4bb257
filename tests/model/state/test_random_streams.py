"""Random numbers depend on the seed, the world, the purpose and the week only."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from model.arrays import Array, Index
from model.state.random_streams import LANES, RandomStreams, branch_key, log_normal, purpose_key

MANY = np.arange(4000, dtype=np.intp)
WEEKS = st.integers(0, 519)


def numbers(*worlds: int) -> Index:
    """Return the numbers of some worlds."""
    return np.array(worlds, dtype=np.intp)


def weeks(streams: RandomStreams, purpose: str, count: int) -> Array:
    """Return the uniforms of the first weeks, (weeks, R)."""
    return np.stack([streams.uniform(purpose, week) for week in range(count)])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 2**64 - 1), WEEKS)
def test_neighbours_order_and_gaps_do_not_matter(worlds: list[int], seed: int, week: int) -> None:
    together = RandomStreams(seed, numbers(*worlds)).uniform("talks", week)
    alone = [RandomStreams(seed, numbers(world)).uniform("talks", week)[0] for world in worlds]
    np.testing.assert_array_equal(together, alone)


def test_far_and_near_numbers_take_the_same_way() -> None:
    near = RandomStreams(3, MANY).uniform("talks", 7)
    far = RandomStreams(3, numbers(0, 2**40, 3999)).uniform("talks", 7)
    np.testing.assert_array_equal(far[[0, 2]], near[[0, 3999]])


def test_the_order_of_weeks_and_purposes_does_not_matter() -> None:
    forwards, backwards = RandomStreams(1, MANY[:9]), RandomStreams(1, MANY[:9])
    calls = [(purpose, week) for week in range(3 * LANES) for purpose in ("talks", "ratify/US")]
    there = {call: forwards.uniform(*call) for call in calls}
    back = {call: backwards.uniform(*call) for call in reversed(calls)}
    for call in calls:
        np.testing.assert_array_equal(there[call], back[call])


def test_select_keeps_each_world_its_luck() -> None:
    index = numbers(5, 2, 2)
    streams = RandomStreams(1, MANY[:9], branch=11)
    np.testing.assert_array_equal(
        streams.select(index).uniform("talks", 6), streams.uniform("talks", 6)[index]
    )


def test_nothing_is_drawn_twice() -> None:
    streams, other_seed = RandomStreams(1, MANY[:50]), RandomStreams(2, MANY[:50])
    branches = [RandomStreams(1, MANY[:50], branch) for branch in (1, 2)]
    drawn = np.concatenate(
        [weeks(streams, name, 2 * LANES) for name in ("talks", "contact/elon_musk", "")]
        + [weeks(one, "talks", 2 * LANES) for one in (other_seed, *branches)]
    )
    assert np.unique(drawn).size == drawn.size


def test_it_is_uniform_in_every_week_of_a_block() -> None:
    streams = RandomStreams(2025, MANY)
    for week in range(LANES + 1):
        assert kstest(streams.uniform("talks", week), "uniform").pvalue > 0.01
        assert kstest(streams.normal("talks", week), "norm").pvalue > 0.01


def test_purposes_weeks_seeds_and_branches_are_independent() -> None:
    streams = RandomStreams(2025, MANY)
    rows = [
        *weeks(streams, "talks", 2 * LANES),
        streams.uniform("ratify/US", 0),
        streams.uniform("ratify/CN", 0),
        RandomStreams(2026, MANY).uniform("talks", 0),
        RandomStreams(2025, MANY, branch=1).uniform("talks", 0),
        np.roll(streams.uniform("talks", 0), 1),
    ]
    apart = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(apart).max() < 4.5 / np.sqrt(MANY.size)  # sd of a chance correlation


def test_it_never_reaches_the_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = np.array([[0, 2**64 - 1, 0, 2**64 - 1]] * 2, dtype=np.uint64)
    monkeypatch.setattr(RandomStreams, "_raw", lambda *_: raw)
    streams = RandomStreams(1, MANY[:2])
    for week in range(2):
        drawn = streams.uniform("talks", week)
        assert np.all((drawn > 0.0) & (drawn < 1.0))
        assert np.isfinite(streams.normal("talks", week)).all()


def test_what_was_drawn_cannot_be_spoilt() -> None:
    with pytest.raises(ValueError, match="read-only"):
        RandomStreams(1, MANY[:2]).uniform("talks", 0)[0] = 0.5


def test_the_drawn_numbers_stay_as_they_are() -> None:
    """Results that are kept must be found again: these bits are promised."""
    assert purpose_key("talks") == 12234490167737572705
    assert branch_key(0, 1, 2, 3) == 14038712960944673257
    drawn = RandomStreams(1, numbers(0, 1)).uniform("talks", 0)
    assert [number.hex() for number in drawn.tolist()] == [
        "0x1.3190320f14141p-1",
        "0x1.e4113bc9b3883p-1",
    ]
    drawn = RandomStreams(7, numbers(3, 4), branch=9).uniform("ratify/US", 5)
    assert [number.hex() for number in drawn.tolist()] == [
        "0x1.6c65f0d62a7c6p-2",
        "0x1.d29ba839a1794p-3",
    ]


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_is_a_64_bit_number(seed: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 2"):
        RandomStreams(seed, MANY[:2])


def test_every_fork_has_a_branch_of_its_own() -> None:
    keys = {
        branch_key(branch, world, week, salt)
        for branch in (0, 5)
        for world in (0, 1)
        for week in (0, 12)
        for salt in (0, 1)
    }
    assert len(keys) == 16
    assert 0 not in keys


@given(st.floats(0.0, 1.0))
def test_log_normal_factors_have_mean_one(spread: float) -> None:
    normal = RandomStreams(7, MANY).normal("value", 0)
    mirrored = np.concatenate([normal, -normal])  # antithetic: less noise in the mean
    factors = log_normal(mirrored, np.full(mirrored.size, spread))
    assert np.all(factors > 0.0)
    assert abs(factors.mean() - 1.0) < 0.06


def test_threads_that_share_a_luck_draw_what_one_would() -> None:
    shared = RandomStreams(7, np.arange(400, dtype=np.intp))
    names = [f"purpose {number}" for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda name: shared.uniform(name, 9).copy(), names * 4))
    alone = [RandomStreams(7, np.arange(400, dtype=np.intp)).uniform(name, 9) for name in names]
    for drawn, own in zip(found, alone * 4, strict=True):
        assert drawn.tobytes() == own.tobytes()


def test_numbers_that_were_forgotten_are_drawn_again() -> None:
    streams = RandomStreams(1, MANY)
    before = streams.uniform("talks", 3)
    streams.forget()
    assert streams.uniform("talks", 3) is not before
    assert np.array_equal(streams.uniform("talks", 3), before)
