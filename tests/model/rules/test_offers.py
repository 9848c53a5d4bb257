"""Offers are the best that can be made: against a linear programme, and by laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from model.rules.offers import best_given, exchange, ideal, offer, utility
from model.rules.solutions import frontier, pareto_gap
from tests.model.table import contested, largest, values

SEEDS = range(8)


def floors(own: Array, seed: int) -> Array:
    """Return a floor (R,) for each world between one's worst and one's best utility."""
    share = np.random.default_rng(seed).random(own.shape[1])
    low, high = np.minimum(own, 0.0).sum(axis=0), np.maximum(own, 0.0).sum(axis=0)
    floor: Array = low + share * (high - low)
    return floor


@pytest.mark.parametrize("seed", SEEDS)
def test_an_offer_is_the_optimum_of_the_linear_programme(seed: int) -> None:
    own, other = contested(seed, issues=1 + seed, worlds=20)
    floor = floors(own, seed)
    package = offer(exchange(own, other), own, floor)
    best = [largest(other[:, w], own[:, w][np.newaxis], floor[w : w + 1]) for w in range(20)]
    np.testing.assert_allclose(utility(other, package), best, atol=1e-9)
    np.testing.assert_allclose(utility(own, package), floor, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_given_a_floor_is_the_optimum_of_the_linear_programme(seed: int) -> None:
    own, other = contested(seed, issues=1 + seed, worlds=20)
    floor = floors(other, seed)
    worth, feasible = best_given(exchange(own, other), own, other, floor)
    assert feasible.all()
    best = [largest(own[:, w], other[:, w][np.newaxis], floor[w : w + 1]) for w in range(20)]
    np.testing.assert_allclose(worth, best, atol=1e-9)


@given(values(), st.floats(-2.0, 2.0))
def test_an_offer_keeps_its_laws(sides: tuple[Array, Array], level: float) -> None:
    own, other = sides
    floor = np.full(2, level)
    package = offer(exchange(own, other), own, floor)
    worth = utility(own, package)
    assert ((package >= 0) & (package <= 1)).all()
    assert (((package > 0) & (package < 1)).sum(axis=0) <= 1).all()
    highest = utility(own, ideal(own, other))
    assert (worth >= np.minimum(floor, highest) - 1e-12).all()
    binding = np.abs(worth - np.minimum(floor, highest)) < 1e-12
    all_given = utility(other, package) >= np.maximum(other, 0.0).sum(axis=0) - 1e-12
    assert (binding | all_given).all()
    points = np.stack([worth, utility(other, package)])
    assert (pareto_gap(frontier(own, other), points) < 1e-9).all()


@given(values(), st.floats(-2.0, 2.0), st.floats(0.0, 2.0))
def test_who_asks_for_more_offers_less(
    sides: tuple[Array, Array], level: float, more: float
) -> None:
    own, other = sides
    trades = exchange(own, other)
    modest = offer(trades, own, np.full(2, level))
    greedy = offer(trades, own, np.full(2, level + more))
    assert (utility(other, greedy) <= utility(other, modest) + 1e-12).all()
    assert (utility(own, greedy) >= utility(own, modest) - 1e-12).all()


@given(values(), st.floats(-2.0, 2.0))
def test_best_given_undoes_offer(sides: tuple[Array, Array], level: float) -> None:
    own, other = sides
    trades = exchange(own, other)
    package = offer(trades, own, np.full(2, level))
    worth, feasible = best_given(trades, own, other, utility(other, package))
    assert feasible.all()
    np.testing.assert_allclose(worth, utility(own, package), atol=1e-9)


@given(values(), st.floats(-1.0, 1.0), st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_scale_of_a_side_changes_no_offer(
    sides: tuple[Array, Array], level: float, scale: float
) -> None:
    own, other = sides
    floor = np.full(2, level)
    plain = offer(exchange(own, other), own, floor)
    own_scaled = offer(exchange(scale * own, other), scale * own, scale * floor)
    other_scaled = offer(exchange(own, scale * other), own, floor)
    np.testing.assert_array_equal(own_scaled, plain)
    np.testing.assert_array_equal(other_scaled, plain)


@given(values(), st.floats(-1.0, 1.0), st.integers(0, 6))
def test_an_issue_without_weight_changes_nothing(
    sides: tuple[Array, Array], level: float, place: int
) -> None:
    own, other = sides
    place = min(place, len(own))
    floor = np.full(2, level)
    plain = offer(exchange(own, other), own, floor)
    own, other = np.insert(own, place, 0.0, axis=0), np.insert(other, place, 0.0, axis=0)
    wider = offer(exchange(own, other), own, floor)
    np.testing.assert_array_equal(np.delete(wider, place, axis=0), plain)
    assert (wider[place] == 0).all()


def test_an_impossible_floor_is_answered_with_the_ideal() -> None:
    own, other = contested(1, issues=5, worlds=50)
    package = offer(exchange(own, other), own, np.full(50, np.inf))
    np.testing.assert_array_equal(package, ideal(own, other))


def test_without_a_floor_all_is_given() -> None:
    own, other = contested(1, issues=5, worlds=50)
    package = offer(exchange(own, other), own, np.full(50, -np.inf))
    np.testing.assert_array_equal(package, ideal(other, own))


def test_a_floor_that_the_other_cannot_reach_is_infeasible() -> None:
    own, other = contested(2, issues=5, worlds=50)
    highest = np.maximum(other, 0.0).sum(axis=0)
    trades = exchange(own, other)
    worth, feasible = best_given(trades, own, other, highest + 1e-6)
    assert not feasible.any()
    np.testing.assert_allclose(worth, utility(own, ideal(other, own)), atol=1e-12)
    assert best_given(trades, own, other, highest)[1].all()


def test_who_already_has_enough_need_not_be_given_more() -> None:
    own, other = contested(3, issues=5, worlds=50)
    has = utility(other, ideal(own, other))
    worth, feasible = best_given(exchange(own, other), own, other, has - 0.3)
    assert feasible.all()
    np.testing.assert_allclose(worth, utility(own, ideal(own, other)), atol=1e-12)


def test_equal_trades_keep_the_order_of_the_scenario() -> None:
    own, other = np.full((4, 2), -0.1), np.full((4, 2), 0.2)
    other[3] = 0.4
    assert exchange(own, other).place[:, 0].tolist() == [1, 2, 3, 0]


def test_issues_that_nobody_fights_over_come_last() -> None:
    own = np.array([[0.1, 0.1], [-0.1, -0.1], [0.0, 0.0], [-0.2, -0.2]])
    other = np.array([[0.3, 0.3], [-0.3, -0.3], [-0.1, -0.1], [0.2, 0.2]])
    trades = exchange(own, other)
    assert trades.loss[:, 0].tolist() == [0.2, 0.0, 0.0, 0.0]
    assert trades.gain[:, 0].tolist() == [0.2, 0.0, 0.0, 0.0]
    assert trades.start[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("issues", [1, 7, 8, 10, 20])
def test_a_world_does_not_depend_on_its_neighbours(issues: int) -> None:
    own, other = contested(issues, issues, worlds=1000)
    floor = floors(own, issues)
    trades = exchange(own, other)
    package, (best, feasible) = (
        offer(trades, own, floor),
        best_given(trades, own, other, -floor),
    )
    for first in (0, 431, 998):
        few = np.s_[..., first : first + 2]
        own_few, other_few = own[few].copy(), other[few].copy()
        trades_few = exchange(own_few, other_few)
        for whole, part in zip(trades, trades_few, strict=True):
            assert part.flags.c_contiguous
            np.testing.assert_array_equal(part, whole[few])
        np.testing.assert_array_equal(offer(trades_few, own_few, floor[few]), package[few])
        best_few, feasible_few = best_given(trades_few, own_few, other_few, -floor[few])
        np.testing.assert_array_equal(best_few, best[few])
        np.testing.assert_array_equal(feasible_few, feasible[few])
