"""The solver of the economy against closed forms, laws and its own inverse."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from model.economy.economy import Equilibrium, NoEquilibrium, equilibrium, short_run

SEED = 20250201


def two_regions(abroad: float = 0.2, size: float = 1.0) -> Array:
    """Return balanced trade of one sector; the first region is `size` times the second."""
    trade = abroad * min(size, 1.0)
    return np.array([[[size - trade], [trade]], [[trade], [1.0 - trade]]])


def one_sided(tariff: Array, foreign: float = 0.0) -> Array:
    """Return tariffs (2, 2, 1, N) of the first region on the second, and `foreign` in return."""
    found = np.zeros((2, 2, 1, tariff.size))
    found[1, 0, 0] = tariff
    found[0, 1, 0] = foreign
    return found


def best_tariff(flows: Array, eps: float, foreign: float = 0.0) -> tuple[float, float]:
    """Return the tariff with the highest real income and the foreign own share there."""
    tariff = np.linspace(0.001, 1.5, 1500)
    found = equilibrium(flows, np.zeros((2, 2, 1)), one_sided(tariff, foreign), np.array([eps]))
    income = found.real_income[0]
    top = int(income.argmax())
    left, peak, right = income[top - 1 : top + 2]
    way = 0.5 * (left - right) / (left - 2 * peak + right)
    own = found.flows[1, 1, 0, top] / (found.flows[1, 1, 0, top] + found.flows[0, 1, 0, top])
    return float(tariff[top] + way * (tariff[1] - tariff[0])), float(own)


def random_world(seed: int, regions: int = 3, sectors: int = 2) -> tuple[Array, Array, Array]:
    """Return flows, tariffs and elasticities of a made-up world with deficits."""
    rng = np.random.default_rng(seed)
    flows = rng.uniform(0.1, 1.0, (regions, regions, sectors))
    flows[np.arange(regions), np.arange(regions)] *= 5
    tariff = rng.uniform(0.0, 0.3, flows.shape)
    tariff[np.arange(regions), np.arange(regions)] = 0.0
    return flows, tariff, rng.uniform(1.0, 8.0, sectors)


def changed(tariff: Array, seed: int, worlds: int = 3) -> Array:
    """Return other tariffs for some worlds, still none at home."""
    rng = np.random.default_rng(seed + 1)
    home = np.eye(tariff.shape[0])[:, :, None, None]
    return rng.uniform(0.0, 1.0, (*tariff.shape, worlds)) * (1 - home)


@pytest.mark.parametrize("solve", [equilibrium, short_run])
def test_no_change_gives_ones(solve: Callable[..., Equilibrium]) -> None:
    flows, tariff, eps = random_world(SEED)
    found = solve(flows, tariff, np.repeat(tariff[..., None], 2, axis=3), eps)
    for ratio in (found.real_income, found.wage, found.price, found.sector_price):
        np.testing.assert_allclose(ratio, 1.0, atol=1e-12)
    np.testing.assert_allclose(found.flows, flows[..., None] * np.ones(2), rtol=1e-12)


@given(seed=st.integers(0, 10_000), regions=st.integers(2, 5))
def test_markets_clear_and_deficits_stay(seed: int, regions: int) -> None:
    flows, tariff, eps = random_world(seed, regions)
    new = changed(tariff, seed)
    found = equilibrium(flows, tariff, new, eps)
    sales = flows.sum(axis=(1, 2))
    np.testing.assert_allclose((found.wage * sales[:, None]).sum(axis=0), sales.sum(), rtol=1e-12)
    sold = found.flows.sum(axis=(1, 2))
    np.testing.assert_allclose(sold, found.wage * sales[:, None], rtol=1e-10)
    deficit = flows.sum(axis=(0, 2)) - sales
    now = found.flows.sum(axis=(0, 2)) - sold
    np.testing.assert_allclose(now, deficit[:, None] * np.ones(3), atol=1e-9 * sales.sum())


@given(seed=st.integers(0, 10_000))
def test_there_and_back_again(seed: int) -> None:
    """A new equilibrium is as good a base as the old one: the way back undoes the way there."""
    flows, tariff, eps = random_world(seed)
    new = changed(tariff, seed, 1)
    there = equilibrium(flows, tariff, new, eps)
    back = equilibrium(there.flows[..., 0], new[..., 0], tariff[..., None], eps)
    np.testing.assert_allclose(back.flows[..., 0], flows, rtol=1e-9)
    np.testing.assert_allclose(back.real_income * there.real_income, 1.0, rtol=1e-9)


@given(seed=st.integers(0, 10_000), unit=st.floats(1e-3, 1e6))
def test_units_and_names_do_not_matter(seed: int, unit: float) -> None:
    flows, tariff, eps = random_world(seed)
    new = changed(tariff, seed)
    plain = equilibrium(flows, tariff, new, eps)
    scaled = equilibrium(flows * unit, tariff, new, eps)
    np.testing.assert_allclose(scaled.real_income, plain.real_income, rtol=1e-10)
    turn = [2, 0, 1]
    pair = np.ix_(turn, turn)
    named = equilibrium(flows[pair], tariff[pair], new[pair], eps)
    np.testing.assert_allclose(named.real_income, plain.real_income[turn], rtol=1e-10)


def test_a_world_does_not_depend_on_the_worlds_beside_it() -> None:
    flows, tariff, eps = random_world(SEED)
    new = changed(tariff, SEED, 9)
    wide = np.repeat(eps[:, None], 9, axis=1)
    whole = equilibrium(flows, tariff, new, wide)
    part = equilibrium(flows, tariff, np.ascontiguousarray(new[..., 3:5]), wide[:, :2].copy())
    assert np.array_equal(whole.real_income[:, 3:5], part.real_income)
    assert np.array_equal(whole.flows[..., 3:5], part.flows)


def test_an_elasticity_per_world_is_that_elasticity_alone() -> None:
    flows, tariff, eps = random_world(SEED)
    new = np.repeat(changed(tariff, SEED, 1), 2, axis=3)
    both = equilibrium(flows, tariff, new, np.array([eps, 2 * eps]).T)
    for world, slope in enumerate((eps, 2 * eps)):
        alone = equilibrium(flows, tariff, new[..., :1], slope)
        np.testing.assert_allclose(both.wage[:, world], alone.wage[:, 0], rtol=1e-11)


@pytest.mark.parametrize("eps", [2.0, 4.0, 6.0])
def test_the_optimal_tariff_is_one_over_elasticity_times_foreign_own_share(eps: float) -> None:
    tariff, own = best_tariff(two_regions(0.3), eps)
    assert tariff == pytest.approx(1 / (eps * own), abs=2e-4)


def test_the_optimal_tariff_of_a_small_economy_is_one_over_the_elasticity() -> None:
    tariff, _ = best_tariff(two_regions(0.3, size=1e-5), 4.0)
    assert tariff == pytest.approx(0.25, abs=2e-4)


def test_two_like_regions_meet_at_the_nash_tariff() -> None:
    """The symmetric Nash tariff answers itself: best against a partner that levies the same."""
    flows, eps, tariff = two_regions(0.3), 4.0, 0.3
    for _ in range(30):
        both = equilibrium(
            flows, np.zeros((2, 2, 1)), one_sided(np.array([tariff]), tariff), np.array([eps])
        )
        tariff = 1 / (eps * both.flows[1, 1, 0, 0])  # sales of a region are 1
    answer, _ = best_tariff(flows, eps, foreign=tariff)
    assert answer == pytest.approx(tariff, abs=2e-4)
    assert both.real_income[0, 0] < 1.0
    np.testing.assert_allclose(both.wage, 1.0, atol=1e-12)


@pytest.mark.parametrize("eps", [1.5, 5.0])
def test_gains_from_trade_follow_from_the_own_share(eps: float) -> None:
    """Arkolakis, Costinot and Rodriguez-Clare 2012: w/P = (own share)^(-1/eps), one sector.

    Revenue adds its part: real income = that x (E'/w) / (E/1).
    """
    flows, tariff, _ = random_world(SEED, 3, 1)
    new = changed(tariff, SEED)
    found = equilibrium(flows, tariff, new, np.array([eps]))
    for home in range(3):
        before = flows[:, home, 0] * (1 + tariff[:, home, 0])
        after = found.flows[:, home, 0] * (1 + new[:, home, 0])
        own = after[home] / after.sum(axis=0) / (before[home] / before.sum())
        real_wage = own ** (-1 / eps)
        np.testing.assert_allclose(found.wage[home] / found.price[home], real_wage, rtol=1e-10)
        spending = after.sum(axis=0) / found.wage[home] / before.sum()
        np.testing.assert_allclose(found.real_income[home], real_wage * spending, rtol=1e-10)


def test_autarky_costs_what_the_formula_says() -> None:
    """8 % of spending on imports at elasticity 5: 1 - .92^(1/5) = 1.65 % (published share)."""
    shut = np.full(2, 1e9)
    found = equilibrium(
        two_regions(0.08), np.zeros((2, 2, 1)), one_sided(shut, 1e9), np.array([5.0])
    )
    np.testing.assert_allclose(found.real_income, 0.92**0.2, rtol=1e-9)


def test_a_sector_that_nobody_buys_stays_empty() -> None:
    flows, tariff, _ = random_world(SEED)
    flows[:, 0, 1] = 0.0
    found = equilibrium(flows, tariff, changed(tariff, SEED), np.array([4.0, 4.0]))
    assert not found.flows[:, 0, 1].any()
    assert np.isfinite(found.real_income).all()


def test_in_the_short_run_buyers_bear_the_tariff() -> None:
    flows = two_regions(0.2)
    found = short_run(flows, np.zeros((2, 2, 1)), one_sided(np.array([0.1, 0.5])), np.array([1.2]))
    dearer = np.array([1.1, 1.5])
    index = 0.8 + 0.2 * dearer**-1.2
    np.testing.assert_allclose(found.price[0], index ** (-1 / 1.2), rtol=1e-12)
    np.testing.assert_allclose(found.flows[1, 0, 0], 0.2 * dearer**-2.2 / index, rtol=1e-12)
    np.testing.assert_allclose(found.flows[0, 1, 0], 0.2, rtol=1e-12)
    assert np.all(found.wage == 1.0)
    assert np.all(found.real_income[0] < 1.0)


def test_in_the_short_run_lost_sales_lie_idle() -> None:
    """Nothing is gained at home beyond what was made: the exporter loses its lost sales."""
    found = short_run(
        two_regions(0.2), np.zeros((2, 2, 1)), one_sided(np.array([0.1, 0.5])), np.array([1.2])
    )
    lost = 0.2 - found.flows[1, 0, 0]
    np.testing.assert_allclose(found.real_income[1], 1.0 - lost, rtol=1e-12)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("tariff", -1.0, "above -1"),
        ("flows", -1.0, "negative"),
        ("elasticity", 0.0, "above 0"),
    ],
)
def test_impossible_numbers_are_refused(place: str, value: float, message: str) -> None:
    flows, tariff, eps = random_world(SEED)
    given_ = {"flows": flows, "tariff": tariff, "elasticity": eps}
    given_[place].flat[1] = value
    with pytest.raises(ValueError, match=message):
        equilibrium(flows, tariff, np.repeat(tariff[..., None], 2, axis=3), eps)


def test_wrong_shapes_are_refused() -> None:
    flows, tariff, eps = random_world(SEED)
    with pytest.raises(ValueError, match="must be"):
        equilibrium(flows, tariff[:2], tariff[..., None], eps)
    with pytest.raises(ValueError, match="one number per sector"):
        equilibrium(flows, tariff, tariff[..., None], eps[:1])
    flows[0] = 0.0
    with pytest.raises(ValueError, match="sell and buy"):
        equilibrium(flows, tariff, tariff[..., None], eps)


def test_an_unsolved_world_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.economy.economy.MOST_STEPS", 3)
    flows, tariff, eps = random_world(SEED)
    new = np.repeat(tariff[..., None], 3, axis=3)
    new[0, 1, :, 2] = 5.0
    with pytest.raises(NoEquilibrium, match=r"in 1 of 3 worlds; the first is world 2 .*5\.00"):
        equilibrium(flows, tariff, new, eps)
