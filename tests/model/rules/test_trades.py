"""Efficient trades of curved values: limits, optimality, levels, and the compiled version."""

import numpy as np
import pytest

from model.arrays import Array
from model.rules.curves import Bends, at_level, felt, mixed_bend
from model.rules.offers import best_given, exchange, offer, utility
from model.rules.solutions import (
    egalitarian,
    frontier,
    kalai_smorodinsky,
    nash,
    nash_point,
    pareto_gap,
    remaining_gain,
)
from model.rules.trades import Aim, Curves, best_trades, fairest_trades, gain_of, loss_of
from model.tracing import kernel
from tests.model.table import contested

WORLDS = 60
KINDS = ("all", "some", "full", "tiny", "none", "ties")


def curves(kind: str, issues: int = 7, worlds: int = WORLDS) -> Curves:
    """Return trades of a kind: all bend, some do, fully, hardly or not, or with many ties."""
    rng = np.random.default_rng(KINDS.index(kind))
    loss, gain = rng.lognormal(-2.0, 0.8, (2, issues, worlds)) * (
        rng.random((issues, worlds)) < 0.85
    )
    rise, fade = rng.random((2, issues, worlds))
    if kind == "some":
        rise, fade = rise * (rng.random(rise.shape) < 0.6), fade * (rng.random(fade.shape) < 0.6)
    elif kind == "full":
        rise, fade = np.round(rise), np.ones_like(fade)
    elif kind == "tiny":
        rise, fade = 1e-10 * rise, 1e-11 * fade
    elif kind == "none":
        rise, fade = np.zeros_like(rise), np.zeros_like(fade)
    elif kind == "ties":
        loss, gain, rise = np.ceil(10.0 * loss) / 10.0, np.ceil(10.0 * gain) / 10.0, np.round(rise)
        fade = np.zeros_like(fade)
    on = (loss > 0.0) & (gain > 0.0)
    return Curves(loss * on, gain * on, rise, fade)


def aims(trades: Curves, loss: float, gain: float) -> Aim:
    """Return aims from below nothing to beyond all, one for each world."""
    worlds = trades.loss.shape[1]
    first, second = np.full(worlds, loss), np.full(worlds, gain)
    most = first * trades.loss.sum(axis=0) + second * trades.gain.sum(axis=0)
    return Aim(first, second, np.linspace(-0.1, 1.1, worlds) * most)


def made(trades: Curves, aim: Aim, shares: Array) -> Array:
    total: Array = aim.loss * loss_of(trades, shares).sum(axis=0)
    return total + aim.gain * gain_of(trades, shares).sum(axis=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.0, 1.0), (1.0, 2.0)])
def test_an_aim_is_reached_exactly(kind: str, weights: tuple[float, float]) -> None:
    trades = curves(kind)
    aim = aims(trades, *weights)
    shares = best_trades(trades, aim)
    assert ((shares >= 0.0) & (shares <= 1.0)).all()
    most = made(trades, aim, np.ones_like(shares))
    np.testing.assert_allclose(
        made(trades, aim, shares), np.clip(aim.total, 0.0, most), rtol=0.0, atol=1e-12
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_package_with_the_same_loss_gives_more(kind: str) -> None:
    trades = curves(kind, 4, 12)
    aim = aims(trades, 1.0, 0.0)
    shares = best_trades(trades, aim)
    lost, gained = loss_of(trades, shares).sum(axis=0), gain_of(trades, shares).sum(axis=0)
    rng = np.random.default_rng(1)
    for spread in (0.01, 0.1, 1.0):
        for _ in range(500):
            tried = np.clip(shares + spread * rng.uniform(-1.0, 1.0, shares.shape), 0.0, 1.0)
            cheaper = loss_of(trades, tried).sum(axis=0) <= lost + 1e-15
            assert (gain_of(trades, tried).sum(axis=0)[cheaper] <= gained[cheaper] + 1e-12).all()


def test_marginal_gains_per_loss_are_equal_where_an_issue_is_in_part() -> None:
    trades = curves("all")
    shares = best_trades(trades, aims(trades, 1.0, 0.0))
    inside = (shares > 0.0) & (shares < 1.0) & (trades.loss > 0.0)
    assert inside.sum() > 2 * WORLDS
    gain = trades.gain * ((1.0 + trades.fade) - 2.0 * trades.fade * shares)
    loss = trades.loss * ((1.0 - trades.rise) + 2.0 * trades.rise * shares)
    price = np.where(inside, gain / np.where(inside, loss, 1.0), np.nan)
    worlds = inside.any(axis=0)
    low, high = np.nanmin(price[:, worlds], axis=0), np.nanmax(price[:, worlds], axis=0)
    np.testing.assert_allclose(low, high, rtol=1e-9)


def test_two_equal_issues_are_given_in_half() -> None:
    half = np.full((2, 3), 0.5)
    for rise, fade in ((0.5, 0.0), (0.0, 0.5), (1.0, 1.0)):
        trades = Curves(half, half, np.full((2, 3), rise), np.full((2, 3), fade))
        total = loss_of(trades, half).sum(axis=0)
        shares = best_trades(trades, Aim(np.ones(3), np.zeros(3), total))
        np.testing.assert_allclose(shares, 0.5, atol=1e-12)


def test_without_curvature_it_is_the_fractional_knapsack() -> None:
    own, other = contested(3, 6, WORLDS)
    floor = np.linspace(-1.0, 0.3, WORLDS)
    linear, flat = exchange(own, other), np.zeros_like(own)
    bent = exchange(own, other, Bends(flat, flat))
    package = offer(linear, own, floor)
    np.testing.assert_array_equal(offer(bent, own, floor), package)
    best, feasible = best_given(linear, own, other, floor)
    found = best_given(bent, own, other, floor)
    np.testing.assert_allclose(found[0], best, atol=1e-12)
    np.testing.assert_array_equal(found[1], feasible)
    hardly = np.full_like(own, 1e-7)
    near = exchange(own, other, Bends(np.sign(own) * hardly, np.sign(other) * hardly))
    np.testing.assert_allclose(
        utility(other, offer(near, own, floor)), utility(other, package), atol=1e-6
    )


@pytest.mark.parametrize("seed", range(4))
def test_an_offer_is_worth_the_aspiration_and_best_given_undoes_it(seed: int) -> None:
    own, other = contested(seed, 8, WORLDS)
    rng = np.random.default_rng(seed)
    bends = Bends(np.sign(own) * rng.random(own.shape), np.sign(other) * rng.random(own.shape))
    trades = exchange(own, other, bends)
    most, least = np.maximum(own, 0.0).sum(axis=0), np.minimum(own, 0.0).sum(axis=0)
    floor = least + rng.random(WORLDS) * (most - least)
    package = offer(trades, own, floor)
    np.testing.assert_allclose(utility(own, felt(package, bends.own)), floor, atol=1e-12)
    worth, feasible = best_given(trades, own, other, utility(other, felt(package, bends.other)))
    assert feasible.all()
    np.testing.assert_allclose(worth, floor, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_world_does_not_depend_on_its_neighbours(kind: str) -> None:
    trades = curves(kind)
    aim = aims(trades, 1.0, 0.0)
    levels = np.where(np.arange(7)[:, np.newaxis] % 2 == 0, 3.0, 0.0) + np.zeros((7, WORLDS))
    for grid in (None, levels):
        whole = best_trades(trades, aim, grid)
        for first in (0, 17, WORLDS - 2):
            few = np.s_[..., first : first + 2]
            part = Curves(*(rows[few].copy() for rows in trades))
            goal = Aim(*(row[few].copy() for row in aim))
            shares = best_trades(part, goal, None if grid is None else grid[few].copy())
            np.testing.assert_array_equal(shares, whole[few])


# The compiled version


def compiled(trades: Curves, aim: tuple[Array, Array, Array], levels: Array | None = None) -> Array:
    """Return the shares by the machine; of the largest product, if the third part is empty."""
    number, worlds = trades.loss.shape
    third = np.zeros(worlds) if aim[2].size == 0 else aim[2]
    flags = (aim[2].size == 0) + 2 * (levels is not None)
    rows = [*trades, *([] if levels is None else [levels]), np.stack([*aim[:2], third])]
    memory = np.vstack([*rows, np.zeros((number, worlds))])
    code = np.array([[kernel.CODES["trade"], 0, number, flags, 0]], dtype=np.int32)
    nothing = np.zeros(1)
    kernel.load()(
        code, np.arange(len(memory), dtype=np.int32), nothing, memory,
        np.zeros((1, 1, 4), np.uint64), 0, np.zeros(1, np.int64), 0.0, worlds, *[nothing] * 4,
    )  # fmt: skip
    found: Array = memory[-number:]
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stepped", [False, True])
def test_the_machine_makes_the_same_trades(kind: str, stepped: bool) -> None:
    trades = curves(kind, worlds=300)
    levels = np.random.default_rng(2).integers(0, 5, trades.loss.shape).astype(float)
    grid = levels if stepped else None
    for weights in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        aim = aims(trades, *weights)
        np.testing.assert_allclose(
            best_trades(trades, aim, grid), compiled(trades, aim, grid), atol=1e-9
        )
    own, other = 0.6 * trades.loss.sum(axis=0), -0.3 * trades.gain.sum(axis=0)
    np.testing.assert_allclose(
        fairest_trades(trades, own, other), compiled(trades, (own, other, np.zeros(0))), atol=1e-9
    )


# Levels


@pytest.mark.parametrize("kind", KINDS)
def test_issues_with_levels_stop_at_one_and_the_aspiration_is_met(kind: str) -> None:
    trades = curves(kind)
    aim = aims(trades, 1.0, 0.0)
    levels = np.array([0.0, 2.0, 3.0, 5.0, 0.0, 2.0, 11.0])[:, np.newaxis] + np.zeros((7, WORLDS))
    shares = best_trades(trades, aim, levels)
    np.testing.assert_allclose(shares, at_level(shares, levels), atol=1e-9)
    lost = loss_of(trades, shares).sum(axis=0)
    assert (lost <= np.maximum(aim.total, 0.0) + 1e-9).all()
    free = best_trades(trades, aim)
    gained = gain_of(trades, shares).sum(axis=0)
    assert (gained <= gain_of(trades, free).sum(axis=0) + 1e-9).all()
    rounded = np.where(levels >= 2.0, np.floor(free * (levels - 1.0)) / (levels - 1.0), free)
    assert gained.mean() >= gain_of(trades, rounded).sum(axis=0).mean() - 1e-9


# Wish to win


def test_the_bend_of_the_wish_to_win_is_that_of_the_sum() -> None:
    own, other = np.array([[-0.2, 0.3]]), np.array([[0.3, -0.1]])
    bends = (np.array([[-0.5, 0.5]]), np.array([[0.4, -0.5]]))
    weight, levels = np.full(2, 0.2), np.linspace(0.0, 1.0, 9)[:, np.newaxis, np.newaxis]
    total = (1.0 + weight) * own - weight * other
    mixed = mixed_bend(own, other, bends, weight)
    for level in levels:
        package = level + np.zeros_like(own)
        parts = (1.0 + weight) * own * felt(package, bends[0])
        parts = parts - weight * other * felt(package, bends[1])
        np.testing.assert_allclose(total * felt(package, mixed), parts, atol=1e-12)


def test_a_cost_that_would_become_concave_counts_linearly() -> None:
    own, other = np.array([[-0.01]]), np.array([[1.0]])
    bends = (np.array([[-0.5]]), np.array([[1.0]]))
    assert mixed_bend(own, other, bends, np.array([0.5])).tolist() == [[0.0]]


# Solutions


def test_the_nash_point_and_the_gap_agree_with_a_fine_frontier() -> None:
    own, other = contested(5, 6, WORLDS)
    rng = np.random.default_rng(5)
    bends = Bends(np.sign(own) * rng.random(own.shape), np.sign(other) * rng.random(own.shape))
    trades = exchange(own, other, bends)
    start = np.stack([utility(own, trades.start), utility(other, trades.start)])
    least = np.stack([np.minimum(own, 0.0).sum(axis=0), np.minimum(other, 0.0).sum(axis=0)])
    floors = least + 0.4 * (start - least)
    floors[1] = least[1] + 0.3 * (np.maximum(other, 0.0).sum(axis=0) - least[1])
    coarse = frontier(own, other, bends)
    exact = nash_point(trades, start, floors)
    size = np.maximum(own, 0.0).sum(axis=0) - least[0]
    assert (np.abs(nash(coarse, floors) - exact) / size < 0.03).all()  # at the next corner
    product = np.prod(exact - floors, axis=0)
    for corner in zip(*coarse, strict=True):
        gains = np.stack(corner) - floors
        assert ((gains < 0.0).any(axis=0) | (np.prod(gains, axis=0) <= product + 1e-12)).all()
    wasted = exact - 0.1 * size
    np.testing.assert_allclose(remaining_gain(trades, start, wasted), 0.1 * size, atol=1e-9)
    np.testing.assert_allclose(pareto_gap(coarse, wasted), 0.1 * size, atol=2e-3)
    for solution in (egalitarian, kalai_smorodinsky):
        assert (remaining_gain(trades, start, solution(coarse, floors)) < 2e-3 * size).all()
