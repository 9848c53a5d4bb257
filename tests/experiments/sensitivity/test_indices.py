"""Indices agree with closed forms after the noise is subtracted."""

import numpy as np
import pytest

from experiments.sensitivity import indices as module
from experiments.sensitivity.designs import Design, grid, latin_hypercube, morris, sobol
from experiments.sensitivity.indices import indices, noise, second_order
from tests.experiments.closed_forms import (
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    ISHIGAMI_VARIANCE,
    additive,
    angles,
    ishigami,
    near,
    unit,
    worlds,
)


@pytest.fixture(scope="module")
def saltelli() -> Design:
    return sobol(angles(), 1024, 1)


def test_sobol_indices_of_ishigami(saltelli: Design) -> None:
    found = indices(saltelli, worlds(saltelli, ishigami))
    assert near(found["first"], ISHIGAMI_FIRST, 0.03)
    assert near(found["total"], ISHIGAMI_TOTAL, 0.03)
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["total_free"].isna().all()  # one world per point does not identify the noise
    assert ((found["total_low"] < ISHIGAMI_TOTAL) & (found["total_high"] > ISHIGAMI_TOTAL)).all()


def test_sobol_indices_of_a_sum_are_shares_of_its_variance() -> None:
    design = sobol(unit(3), 512, 1)
    found = indices(design, worlds(design, additive(3.0, 2.0, 0.0)))
    assert near(found["first"], [9 / 13, 4 / 13, 0.0], 0.02)
    assert near(found["total"], [9 / 13, 4 / 13, 0.0], 0.02)


def test_luck_is_taken_off_the_sobol_indices(saltelli: Design) -> None:
    noisy = worlds(saltelli, ishigami, replicates=4, chance=4.0)
    found = indices(saltelli, noisy)
    bias = 16 / 4 / (ISHIGAMI_VARIANCE + 16 / 4)  # added by noise to each total index
    assert near(found["total"], (1 - bias) * ISHIGAMI_TOTAL + bias, 0.05)
    assert near(found["first"], (1 - bias) * ISHIGAMI_FIRST, 0.05)
    assert near(found["total_free"], ISHIGAMI_TOTAL, 0.06)
    assert near(found["first_free"], ISHIGAMI_FIRST, 0.06)
    assert (found["total_low"] > ISHIGAMI_TOTAL).any()  # SALib's intervals know nothing of it


def test_intervals_free_of_luck_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(30):
        design = sobol(angles(), 128, seed)
        found = indices(design, worlds(design, ishigami, replicates=4, chance=3.0), seed)
        low, high = found["total_free_low"], found["total_free_high"]
        held.append((low <= ISHIGAMI_TOTAL) & (high >= ISHIGAMI_TOTAL))
    assert 0.9 <= np.mean(held) <= 1.0


def test_luck_that_all_points_share_changes_no_index(saltelli: Design) -> None:
    plain = worlds(saltelli, ishigami, replicates=3, chance=1.0)
    shifted = indices(saltelli, plain + np.array([0.0, 50.0, -80.0]))
    same = ["first_free", "total_free", "total"]
    assert np.allclose(indices(saltelli, plain)[same], shifted[same], atol=1e-9)


def test_where_only_luck_varies_there_is_no_index() -> None:
    design = sobol(unit(2), 64, 1)
    found = indices(design, worlds(design, additive(0.0, 0.0), replicates=6, chance=1.0))
    assert found[["first_free", "total_free"]].isna().all(axis=None)
    still = indices(design, np.ones((len(design.points), 3)))
    assert still.isna().all(axis=None)


def test_the_second_order_of_ishigami() -> None:
    design = sobol(angles(), 1024, 1, second_order=True)
    found = second_order(design, worlds(design, ishigami)).set_index(["parameter", "other"])
    assert near(found["second"], [0.0, 0.2437, 0.0], 0.06)
    assert near(indices(design, worlds(design, ishigami))["first"], ISHIGAMI_FIRST, 0.03)
    with pytest.raises(ValueError, match="second order"):
        second_order(sobol(angles(), 8, 1), np.zeros((40, 1)))


def test_blocks_that_miss_a_world_are_left_out(saltelli: Design) -> None:
    whole = worlds(saltelli, ishigami, replicates=2, chance=1.0)
    torn = whole.copy()
    torn[saltelli.block * 512 + 2, 1] = np.nan
    kept = np.delete(whole.reshape(1024, 5, 2), 512, axis=0).reshape(-1, 2)
    smaller = indices(saltelli, torn)
    assert np.allclose(smaller["first"], indices(saltelli, kept)["first"])
    with pytest.raises(ValueError, match="whole blocks"):
        indices(saltelli, np.full((len(saltelli.points), 2), np.nan))


def test_morris_effects_of_a_sum_are_its_weights() -> None:
    design = morris(unit(3, 10.0, 20.0), 20, 1)
    found = indices(design, worlds(design, additive(0.2, -0.5, 0.0)))
    assert near(found["mu"], [2.0, -5.0, 0.0], 1e-9)  # over the whole range of ten
    assert near(found["mu_star"], [2.0, 5.0, 0.0], 1e-9)
    assert near(found["sigma"], [0.0, 0.0, 0.0], 1e-9)
    assert found["noise"].isna().all()


def test_morris_tells_what_luck_alone_would_give() -> None:
    design = morris(unit(4), 400, 1)
    found = indices(design, worlds(design, additive(5.0, 2.0, 0.0, 0.0), replicates=8, chance=1.0))
    spread = 1.5 * np.sqrt(2 / 8)  # of a difference of two means of eight, over a step of 2/3
    assert near(found["noise"], np.full(4, np.sqrt(2 / np.pi) * spread), 0.05)
    assert near(found["mu_star"][2:], found["noise"][2:], 0.06)
    assert near(found["sigma"], np.full(4, spread), 0.08)
    assert ((found["sigma_low"] <= spread) & (found["sigma_high"] >= spread)).mean() >= 0.75
    assert (found["mu_star_low"][:2] > found["noise"][:2]).all()


def test_morris_effects_agree_with_salib(monkeypatch: pytest.MonkeyPatch) -> None:
    design = morris(angles(), 30, 1)
    values = worlds(design, ishigami, replicates=2, chance=1.0)
    blocks = values.reshape(30, 4, 2)
    found = indices(design, values)
    own = module.elementary_effects(design, design.nominal, blocks).mean(axis=-1)
    assert np.allclose(own.mean(axis=0), found["mu"])
    assert np.allclose(np.abs(own).mean(axis=0), found["mu_star"])
    assert np.allclose(own.std(axis=0, ddof=1), found["sigma"])


def test_first_orders_on_a_latin_hypercube() -> None:
    design = latin_hypercube(angles(), 2000, 1)
    found = indices(design, worlds(design, ishigami))
    assert near(found["first"], ISHIGAMI_FIRST, 0.04)
    noisy = indices(design, worlds(design, ishigami, replicates=3, chance=4.0))
    assert near(noisy["first_free"], ISHIGAMI_FIRST, 0.05)
    assert (noisy["first"][:2] < ISHIGAMI_FIRST[:2] - 0.03).all()
    assert indices(design, np.ones((2000, 2))).isna().all(axis=None)


def test_how_much_is_luck() -> None:
    design = sobol(angles(), 512, 1)
    found = noise(worlds(design, ishigami, replicates=8, chance=3.0), design.block)
    assert found.across == pytest.approx(ISHIGAMI_VARIANCE, rel=0.08)
    still = worlds(design, lambda x: 0.0 * x[0], replicates=40, chance=3.0)
    alone = noise(still, design.block)
    assert alone.within == pytest.approx(still.var(axis=1, ddof=1).mean())
    assert alone.chance.estimate == pytest.approx(1.0, abs=0.01)
    assert noise(worlds(design, ishigami, replicates=2), design.block).chance.estimate < 1e-9
    assert np.isnan(noise(worlds(design, ishigami), design.block).chance.estimate)
    assert np.isnan(noise(np.ones((20, 2)), 1).chance.estimate)


def test_indices_are_the_same_by_their_seed(saltelli: Design) -> None:
    values = worlds(saltelli, ishigami, replicates=2, chance=1.0)
    for seed in (0, 1):
        assert indices(saltelli, values, seed).equals(indices(saltelli, values, seed))


def test_a_grid_gives_no_indices() -> None:
    with pytest.raises(ValueError, match="grid design gives no indices"):
        indices(grid(unit(2), 3), np.zeros((9, 1)))
