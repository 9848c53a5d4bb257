"""The stored economy: it is what the solver gives, and it is looked up exactly and fast."""

from pathlib import Path

import numpy as np
import pytest

from model.arrays import Array
from model.economy.data import SERVICES, load_base
from model.economy.grid import AXES, LEVELS, SERIES, WIDTH, EconomyGrid, build, column, solve, store
from model.sides import SIDES

ALL = np.eye(WIDTH)
LOSSES = 2 * len(SERIES)


@pytest.fixture(scope="module")
def grid() -> EconomyGrid:
    return EconomyGrid.load()


def scattered(worlds: int, highest: float = 0.6) -> tuple[Array, Array, Array]:
    """Return tariffs and elasticities of some worlds."""
    rng = np.random.default_rng(5)
    us, cn = rng.uniform(0.0, highest, (2, worlds))
    return us, cn, rng.uniform(2.0, 6.0, worlds)


def look(grid: EconomyGrid, us: Array, cn: Array, eps: Array, family: str = "short") -> Array:
    return grid.compile(ALL, family).at(grid.locate(us, cn, eps))


def test_the_committed_grid_is_what_the_solver_gives(grid: EconomyGrid) -> None:
    """All nodes. If this fails, rebuild: python -m model.economy.grid."""
    for stored, wanted in zip(grid.axes, AXES, strict=True):
        assert np.array_equal(stored, wanted)
    np.testing.assert_allclose(grid.values, build(), rtol=1e-9, atol=1e-9)


def test_the_same_grid_gives_the_same_bytes(grid: EconomyGrid, tmp_path: Path) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for file in (first, second):
        store(grid.values, file)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size < 3_000_000
    with np.load(first) as again:
        assert np.array_equal(again["values"], grid.values)


@pytest.mark.parametrize("family", ["short", "long"])
def test_nothing_is_lost_in_january_2018(grid: EconomyGrid, family: str) -> None:
    base = load_base()
    eps = np.array([2.0, 3.3, 4.0, 6.0])
    us, cn = (np.full(4, at) for at in base.average_2018)
    found = look(grid, us, cn, eps, family)
    np.testing.assert_allclose(found[:LOSSES], 0.0, atol=1e-9)
    for name in ("real_income_us", "real_income_cn", "real_income_row", "trade"):
        np.testing.assert_allclose(found[column(name)], 1.0, rtol=1e-11)
    np.testing.assert_allclose(found[column("exports_us")], 129.997, rtol=1e-11)
    np.testing.assert_allclose(found[column("exports_cn")], 505.165, rtol=1e-11)


def test_nodes_are_returned_exactly(grid: EconomyGrid) -> None:
    us, cn, eps = (axis.ravel() for axis in np.meshgrid(*AXES, indexing="ij"))
    assert np.array_equal(look(grid, us, cn, eps), grid.values[0])
    assert np.array_equal(look(grid, us, cn, eps, "long"), grid.values[1])


def test_between_nodes_the_error_is_small(grid: EconomyGrid) -> None:
    """Against the solver up to 60 %: losses of income and prices, then of exports, in percent."""
    point = scattered(400)
    exact = solve(*point)
    for row, family in enumerate(("short", "long")):
        error = np.abs(look(grid, *point, family) - exact[row])
        for side in SIDES:
            for name in SERIES:
                allowed = 2.5 if name.startswith("exports") else 0.05
                assert error[column(name, side)].max() < allowed, (family, side, name)
                assert error[column(name, side)].mean() < allowed / 5, (family, side, name)


def test_beyond_the_axes_the_edge_counts(grid: EconomyGrid) -> None:
    edge = look(grid, np.array([2.0, 0.0]), np.array([2.0, 0.0]), np.array([2.0, 6.0]))
    beyond = look(grid, np.array([9.0, -0.1]), np.array([2.5, -1.0]), np.array([1.0, 7.0]))
    assert np.array_equal(edge, beyond)


@pytest.mark.parametrize("width", [2, 3, 250, 777])
def test_a_lookup_does_not_depend_on_the_width(grid: EconomyGrid, width: int) -> None:
    rows = np.random.default_rng(1).normal(size=(7, WIDTH))
    surface = grid.compile(rows, "gap")
    point = scattered(1554)
    whole = surface.at(grid.locate(*point))
    assert whole.flags.c_contiguous
    part = surface.at(grid.locate(*(np.ascontiguousarray(x[width : 2 * width]) for x in point)))
    assert np.array_equal(part, whole[:, width : 2 * width])


def test_rows_are_weighted_sums_and_gap_is_long_less_short(grid: EconomyGrid) -> None:
    point = scattered(50)
    rows = np.zeros((1, WIDTH))
    rows[0, column("exports_farm", 0)], rows[0, column("consumer_cost", 1)] = 2.0, -3.0
    short, long = (look(grid, *point, family) for family in ("short", "long"))
    wanted = 2 * short[column("exports_farm", 0)] - 3 * short[column("consumer_cost", 1)]
    corners = grid.locate(*point)
    np.testing.assert_allclose(grid.compile(rows).at(corners)[0], wanted, atol=1e-10)
    np.testing.assert_allclose(look(grid, *point, "gap"), long - short, atol=1e-10)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("family", ["short", "long"])
def test_relief_is_what_ends_when_one_side_goes_back(
    grid: EconomyGrid, side: int, family: str
) -> None:
    us, cn, eps = scattered(60)
    old = np.full(60, load_base().average_2018[side])
    there = (old, cn, eps) if side == 0 else (us, old, eps)
    wanted = look(grid, us, cn, eps, family) - look(grid, there[0], there[1], eps, family)
    relief = grid.relief(ALL, side, family)
    np.testing.assert_allclose(relief.at(grid.locate(us, cn, eps)), wanted, atol=1e-9)
    assert not relief.at(grid.locate(*there)).any()


def test_every_series_and_level_has_its_own_column() -> None:
    places = [column(name, side) for side in SIDES for name in SERIES]
    places += [column(name) for name in LEVELS]
    assert places == list(range(WIDTH))


def test_who_loses_by_whose_tariff(grid: EconomyGrid) -> None:
    """Ten points more by the USA, unanswered, in the short run and at elasticity 4."""
    base = load_base()
    us = base.average_2018[0] + np.array([0.10, 0.0])
    found = look(grid, us, np.full(2, base.average_2018[1]), np.full(2, 4.0))[:, 0]
    assert found[column("consumer_cost", 0)] > 0.05  # real income before the rebate falls
    assert found[column("real_income", 0)] > 0.0  # and after it
    assert found[column("input_cost", 0)] > found[column("consumer_cost", 0)]
    assert found[column("protection", 0)] > 0.0
    assert found[column("exports", 0)] == pytest.approx(0.0, abs=1e-9)
    assert found[column("exports", 1)] > 10.0
    assert found[column("real_income", 1)] > found[column("real_income", 0)]
    assert found[column("consumer_cost", 1)] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("family", ["short", "long"])
def test_dearer_and_less_with_every_step_of_the_tariff(grid: EconomyGrid, family: str) -> None:
    us = AXES[0]
    same = np.full(us.size, 0.21167)
    found = look(grid, us, same, np.full(us.size, 4.0), family)
    for name, side in (("consumer_cost", 0), ("input_cost", 0), ("exports", 1), ("protection", 0)):
        assert np.all(np.diff(found[column(name, side)]) > 0), name
    assert np.all(np.diff(found[column("trade")]) < 0)


def test_in_the_long_run_both_lose_a_war_that_one_may_win(grid: EconomyGrid) -> None:
    """The terms of trade: a small tariff pays if unanswered, a large one answered pays nobody."""
    old = load_base().average_2018
    us = np.array([old[0] + 0.08, 1.0])
    found = look(grid, us, np.array([old[1], 1.0]), np.full(2, 4.0), "long")
    assert found[column("real_income_us"), 0] > 1.0 > found[column("real_income_cn"), 0]
    assert np.all(found[[column("real_income_us"), column("real_income_cn")], 1] < 1.0)
    assert found[column("real_income_row"), 1] > 1.0  # trade is diverted to the third


# Average tariffs of the calendar years, PIIE (Bown), weighted by days.
MEAN_US = {2018: 0.067, 2019: 0.165}
MEAN_CN = {2017: 0.07992, 2019: 0.194}


def test_trade_of_2018_and_2019(grid: EconomyGrid) -> None:
    """US imports fell by 16.6 % from 2018 to 2019, exports by 18.1 % from 2017 (Census).

    A loose case: no growth, no hoarding ahead of tariffs, and answers at once.
    """
    us = np.array([MEAN_US[2018], MEAN_US[2019]])
    cn = np.array([MEAN_CN[2017], MEAN_CN[2019]])
    found = look(grid, us, cn, np.full(2, 4.0))
    imports, exports = found[column("exports_cn")], found[column("exports_us")]
    assert 100 * (imports[1] / imports[0] - 1) == pytest.approx(-16.6, abs=3)
    assert 100 * (exports[1] / exports[0] - 1) == pytest.approx(-18.1, abs=3)


def test_what_the_tariffs_of_2018_cost_their_buyers(grid: EconomyGrid) -> None:
    """Fajgelbaum et al. 2020: 51 bn USD to US buyers, all partners; here China's part alone."""
    found = look(grid, np.full(2, 0.12059), np.full(2, 0.18332), np.full(2, 4.0))
    base = load_base()
    spending = (base.flows[:, 0] * (1 + base.tariff[:, 0])).sum() / 1e3
    customs = base.exports[1] / (base.flows[1, 0, :SERVICES].sum() / 1e3)
    cost = found[column("consumer_cost", 0), 0] / 100 * spending * customs
    assert 30 < cost < 51


def test_a_family_of_series_that_does_not_exist(grid: EconomyGrid) -> None:
    with pytest.raises(ValueError, match=r'"medium"\. Known: short, long, gap\.'):
        grid.compile(ALL, "medium")
