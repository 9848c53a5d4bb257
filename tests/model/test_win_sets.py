"""Tests of the win-sets: weights, swings, elections, checks at home, and side payments."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import build, simulate
from experiments.home_failures import observe
from model.rules.ratification import (
    constituency,
    expected_chance,
    foreseen,
    mobilised,
    side_payments,
    swing,
)
from model.schema.scenario import load_scenario
from tests.worlds import talks

NEUTRAL = {"edition": 1}
BY_GROUPS = {
    "edition": 1,
    "sides.US.ratification": "constituency",
    "sides.CN.ratification": "constituency",
}
WORLDS = 60


def _outcomes(changes: dict[str, Any], worlds: int = WORLDS) -> Any:
    setting = load_scenario("february_2025", changes)
    return simulate(setting, worlds, 1, engine="traced").outcomes


def test_without_losses_or_response_weights_are_the_base_weights() -> None:
    weights = np.array([[0.6], [0.4]])
    assert (mobilised(weights, np.array([[3.0], [0.0]]), np.zeros(1)) == weights).all()
    equal = mobilised(weights, np.ones((2, 1)), np.ones(1))
    assert np.allclose(equal, weights)


def test_a_strong_response_gives_all_weight_to_the_group_that_loses_most() -> None:
    weights = mobilised(np.full((3, 1), 1 / 3), np.array([[9.0], [5.0], [0.0]]), np.full(1, 5.0))
    assert weights[0, 0] > 0.999
    assert weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.95])
def test_swing_is_stationary_with_the_given_correlation(persistence: float) -> None:
    draws = np.random.default_rng(1).standard_normal((40, 20_000))
    rho = np.full(20_000, persistence)
    before = draws[0]
    for drawn in draws[1:]:
        now = swing(before, drawn, rho)
        before, last = now, before
    assert now.std() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(now, last)[0, 1] == pytest.approx(persistence, abs=0.03)


def test_a_swing_without_persistence_decides_as_the_draw_of_the_week() -> None:
    n = talks(BY_GROUPS, weeks=3)
    for row, side in enumerate(n.keys.sides):
        drawn = n.streams.normal(f"ratify/{side}", n.week)
        assert (n.store.row("swing", row) == drawn).all()


def test_forecasts_of_the_leader_are_calibrated() -> None:
    generator = np.random.default_rng(2)
    actual, error = generator.standard_normal((2, 100_000))
    insight, chance = np.full(100_000, 0.6), np.full(100_000, 0.7)
    expected = expected_chance(chance, foreseen(actual, error, insight), insight)
    passes = actual < 0.5244005127080407  # the 70 % point
    assert expected.mean() == pytest.approx(0.7, abs=0.01)
    for low in (0.2, 0.5, 0.8):
        near = np.abs(expected - low) < 0.05
        assert passes[near].mean() == pytest.approx(low, abs=0.03)


def test_side_payments_carry_the_package_and_leave_out_expensive_groups() -> None:
    generator = np.random.default_rng(3)
    weights = generator.dirichlet(np.ones(6), size=500).T
    support = generator.random((6, 500)) * 0.4
    missing = generator.random((6, 500))
    gained = 0.9 - support
    paid = side_payments(missing, gained, support, weights, np.full(500, 0.5))
    after = np.where(paid > 0.0, 0.9, support)
    assert (constituency(after, weights, np.full(500, 0.5), np.zeros(500)) == 1.0).all()
    dearest = np.where(paid > 0.0, missing, 0.0).max(axis=0)
    cheapest_unpaid = np.where(paid > 0.0, np.inf, missing).min(axis=0)
    assert (dearest <= cheapest_unpaid).all()
    nothing = side_payments(missing, gained, support, weights, np.zeros(500))
    assert (nothing == 0.0).all()


def test_an_election_changes_quota_and_thresholds_from_its_week_on() -> None:
    setting = load_scenario("february_2025", {"ratification.shared_shift": 0.0})
    row = next(at for at, event in enumerate(setting.events) if event.kind == "election")
    changes = {
        "ratification.shared_shift": 0.0,
        f"events.{row}.week": 4,
        f"events.{row}.quota_change": 0.2,
        f"events.{row}.threshold_change": 0.3,
    }
    n = talks(changes)
    seen = []
    for _ in range(5):
        n.step()
        seen.append((n.store["quota"][:, 0].tolist(), n.store["threshold_shift"][:, 0].tolist()))
    before, after = ([0.5, 0.5], [0.0, 0.0]), ([0.7, 0.5], [0.3, 0.0])
    assert seen == [before] * 3 + [after] * 2


@pytest.mark.parametrize(
    "changes", [{"ratification.group_threshold": 0.4}, {"ratification.quota": 0.8}]
)
def test_group_thresholds_and_quota_change_outcomes(changes: dict[str, Any]) -> None:
    before, after = _outcomes({}), _outcomes(changes)
    assert (before["outcome"] != after["outcome"]).any()
    assert after["deals"].sum() < before["deals"].sum()


def test_a_group_threshold_of_its_own_changes_the_support_of_this_group_only() -> None:
    base, harder = (talks({"constituencies.finance.threshold": value}) for value in (0.0, 0.5))
    change = harder.store["group_threshold"] - base.store["group_threshold"]
    row = base.keys.groups.index("finance")
    assert change[row] == pytest.approx(0.5)
    assert (np.delete(change, row, axis=0) == 0.0).all()


def test_a_leader_who_foresees_everything_does_not_fail_at_home() -> None:
    sure = BY_GROUPS | {"ratification.least_chance": 0.5, "ratification.insight": 1.0}
    assert _outcomes(BY_GROUPS)["involuntary_defections"].sum() > 0
    assert _outcomes(sure)["involuntary_defections"].sum() == 0


def test_consulted_groups_keep_own_proposals_from_failing() -> None:
    own = {}
    for share in (0.0, 1.0):
        changes = {"time.horizon": 60, "ratification.consultation": share}
        own[share] = observe(load_scenario("february_2025", changes), 150, 1).own.sum()
    assert own[1.0] == 0 < own[0.0]


def test_leaders_whose_homes_refuse_everything_sign_nothing() -> None:
    stubborn = {"ratification.quota": 1.0, "ratification.vote_spread": 0.0}
    outcomes = _outcomes(stubborn)
    assert outcomes["deals"].sum() == 0
    assert outcomes["involuntary_defections"].sum() == 0


def test_checks_at_home_make_failures_rarer_and_own_failures_rarer_still() -> None:
    checked = load_scenario("february_2025", {"time.horizon": 60})
    unchecked = load_scenario(
        "february_2025", {"time.horizon": 60, "ratification.least_chance": 0.0}
    )
    with_check, without = (observe(setting, 150, 1) for setting in (checked, unchecked))
    assert with_check.failed.sum() < 0.6 * without.failed.sum()
    assert with_check.own.sum() < 0.5 * without.own.sum()


def test_the_clock_keeps_its_share_after_a_failure() -> None:
    clocks = {}
    for share in (0.0, 1.0):
        n = build(
            load_scenario("february_2025", BY_GROUPS | {"ratification.keep_clock": share}),
            WORLDS,
            1,
        )
        for _ in range(40):
            failures = n.store["failures"].copy()
            n.step()
            failed = n.store["failures"] > failures
            if failed.any():
                clocks[share] = n.store["clock"][failed]
                break
    assert (clocks[0.0] == 0.0).all()
    assert (clocks[1.0] > 0.0).all()


def test_a_side_payment_lowers_thresholds_costs_the_leader_and_gives_the_turn() -> None:
    n = build(
        load_scenario("february_2025", {"ratification.payment": 1.0, "coercion.ultimatum": 0.0}),
        200,
        1,
    )
    for _ in range(60):
        n.step()
        returned = n.store["returned"]
        if (returned.sum(axis=0) == 1.0).any():
            break
    one = returned.sum(axis=0) == 1.0
    side = int(returned[:, one][1, 0])
    world = int(np.flatnonzero(one)[0])
    leader: Any = n.leaders[side]
    assert leader.promised_payments()[world] > 0.0
    groups = [group for group in n.groups_of(side) if n.store.row("payment", group.group)[world]]
    shift = n.store.row("threshold_shift", side)[world]
    for group in groups:
        drawn = n.store.row("group_threshold", group.group)[world]
        assert group.threshold[world] < drawn + shift
    n.open_week()
    assert n.store["turn"][world] == side
