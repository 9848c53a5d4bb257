"""A fork copies one world into many that differ from here on, and leaves the first as it was."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import build, finish, fork
from model.negotiation import Negotiation
from model.schema.scenario import Scenario, load_scenario
from tests.bits import same_bits, unequal_states

WEEK = 4
FUTURES = 40
# Drawn for good before the first week, or fixed by the scenario.
PRIVATE = ("resolve", "worth", "public_worth", "group_threshold", "elasticity", "real", "weight")


@pytest.fixture(scope="module")
def hurried() -> Scenario:
    """Return the talks of 2025 in a hurry."""
    numbers: dict[str, Any] = {"time.horizon": 16, "talks.window": 5.0, "talks.rate": 0.7}
    return load_scenario("february_2025", numbers)


def walked(setting: Scenario, weeks: int = WEEK, worlds: int = 3, first: int = 0) -> Negotiation:
    """Return some worlds after some weeks."""
    talks = build(setting, worlds, seed=3, first=first)
    for _ in range(weeks):
        talks.step()
    return talks


@pytest.mark.parametrize("week", [0, WEEK])
def test_all_futures_are_equal_at_first(hurried: Scenario, week: int) -> None:
    parent = walked(hurried, week)
    futures = fork(parent, FUTURES, world=1)
    assert (futures.week, futures.worlds, futures.running) == (week, FUTURES, True)
    assert futures.store.states == parent.store.states
    for name, values in futures.store.arrays().items():
        copies = np.repeat(parent.store[name][..., [1]], FUTURES, axis=-1)
        assert same_bits(values, copies), name


@pytest.mark.parametrize("week", [0, WEEK])
def test_they_differ_from_here_on_but_not_in_what_was_drawn_for_good(
    hurried: Scenario, week: int
) -> None:
    parent = walked(hurried, week)
    futures = fork(parent, FUTURES, world=1)
    outcomes, _ = finish(futures)
    assert not outcomes["agreement_week"].le(week).any()
    for name in ("belief_shift", "aspiration"):
        assert np.unique(futures.store[name], axis=-1).shape[-1] > FUTURES // 2, name
    for private in PRIVATE:
        drawn = parent.store.named(private)[..., [1]]
        assert same_bits(futures.store.named(private), np.repeat(drawn, FUTURES, axis=-1)), private


def test_no_future_is_what_happened(hurried: Scenario) -> None:
    parent = walked(hurried)
    futures = fork(parent, 200, world=1)
    parent.step()
    futures.step()
    beliefs = futures.store["belief_shift"]
    assert np.unique(beliefs, axis=-1).shape[-1] > 10
    for purpose in ("talks", "ratify/US", "contact/elon_musk"):
        happened = parent.streams.uniform(purpose, parent.week)[1]
        assert happened not in futures.streams.uniform(purpose, futures.week)


def test_the_parent_goes_on_as_if_there_were_no_fork(hurried: Scenario) -> None:
    parent, twin = walked(hurried), walked(hurried)
    futures = fork(parent, FUTURES)
    for _ in range(5):
        futures.step()
    assert not unequal_states(parent, twin)
    while twin.running:
        parent.step()
        twin.step()
    assert not unequal_states(parent, twin)
    assert not parent.running


def test_the_same_fork_has_the_same_futures(hurried: Scenario) -> None:
    parent = walked(hurried)
    one, same, other = (fork(parent, FUTURES, 1, salt) for salt in (0, 0, 1))
    few = fork(parent, 5, 1)
    for _ in range(4):
        for futures in (one, same, other, few):
            futures.step()
    assert not unequal_states(one, same)
    assert {"belief_shift", "clock", "aspiration"} <= unequal_states(one, other)
    for name, values in few.store.arrays().items():
        assert same_bits(values, np.ascontiguousarray(one.store[name][..., :5])), name


def test_the_futures_do_not_depend_on_who_ran_beside(hurried: Scenario) -> None:
    among = fork(walked(hurried, worlds=9), FUTURES, world=6)
    alone = fork(walked(hurried, worlds=1, first=6), FUTURES)
    for _ in range(4):
        among.step()
        alone.step()
    assert not unequal_states(among, alone)


def test_another_world_or_week_has_other_futures(hurried: Scenario) -> None:
    parent, later = walked(hurried), walked(hurried, WEEK + 1)
    streams = [
        negotiation.streams.uniform("talks", 9).tolist()
        for negotiation in (fork(parent, 8, 0), fork(parent, 8, 1), fork(later, 8, 0))
    ]
    assert not set(streams[0]) & set(streams[1])
    assert not set(streams[0]) & set(streams[2])


def test_a_future_may_be_forked(hurried: Scenario) -> None:
    parent = walked(hurried)
    futures = fork(parent, 5)
    futures.step()
    again = fork(futures, 5, world=3)
    assert again.week == WEEK + 1
    assert same_bits(again.store["opinion"][..., 0].copy(), futures.store["opinion"][..., 3].copy())
    drawn = again.streams.uniform("talks", 9)
    assert not np.isin(drawn, futures.streams.uniform("talks", 9)).any()
    assert not np.isin(drawn, fork(parent, 5).streams.uniform("talks", 9)).any()


def test_swept_numbers_go_along(hurried: Scenario) -> None:
    windows = np.array([4.0, 9.0, 30.0])
    futures = fork(build(hurried, 3, 3, {"talks.window": windows}), 6, world=2)
    assert futures.store["talks.window"].tolist() == [30.0] * 6
    assert futures.store["talks.rate"].tolist() == [0.7] * 6


def test_a_world_that_has_ended_has_no_future() -> None:
    parent = build("classroom", 2)
    while parent.running:
        parent.step()
    futures = fork(parent, 3)
    assert not futures.running
    outcomes, weeks = finish(futures, record="tariff")
    assert outcomes["outcome"].tolist() == ["mini deal"] * 3
    assert futures.week == 26
    assert weeks is not None


def test_records_of_a_fork_begin_at_its_week(hurried: Scenario) -> None:
    _, weeks = finish(fork(walked(hurried), 3), record="approval")
    assert weeks is not None
    assert weeks["week"].size == 17
    assert weeks["approval"].isel(week=slice(0, WEEK)).isnull().all()
    assert weeks["approval"].isel(week=slice(WEEK, None)).notnull().all()


def test_impossible_forks_are_refused(hurried: Scenario) -> None:
    parent = walked(hurried, weeks=0)
    with pytest.raises(ValueError, match="world 3: must be between 0 and 2"):
        fork(parent, 5, world=3)
    with pytest.raises(ValueError, match="worlds 0: must be at least 1"):
        fork(parent, 0)
