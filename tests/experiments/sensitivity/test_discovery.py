"""Regions: found where they are, judged on unseen points, and none where nothing decides."""

import numpy as np
import pytest

from experiments.sensitivity.designs import Design, latin_hypercube, morris, sobol
from experiments.sensitivity.discovery import Regions, inside, regions
from experiments.statistics import keyed_generator
from model.arrays import Array
from tests.experiments.closed_forms import unit

DESIGNS = {
    "sobol": sobol(unit(3), 256, 1),
    "lhs": latin_hypercube(unit(3), 1000, 1),
    "morris": morris(unit(3), 200, 1),
}


def hits(design: Design, often: float, seldom: float, worlds: int = 8) -> Array:
    """Return an outcome that is common where a is high and b is low."""
    corner = (design.points["a"] > 0.6) & (design.points["b"] < 0.5)
    chance = np.where(corner, often, seldom)
    drawn = keyed_generator("test of regions", 1).random((len(chance), worlds))
    return (drawn < chance[:, None]).astype(np.float64)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_corner_is_found(name: str) -> None:
    found = regions(DESIGNS[name], hits(DESIGNS[name], 0.8, 0.1))
    best = found.table.iloc[0]
    slack = 0.35 if name == "morris" else 0.05  # it knows four levels only
    assert set(best["box"]) == {"a", "b"}
    assert best["box"]["a"][0] == pytest.approx(0.6, abs=slack)
    assert best["box"]["b"][1] == pytest.approx(0.5, abs=0.05)
    assert best["density_low"] < 0.8 < best["density_high"] + 0.05
    assert found.tells
    assert found.explained > 0.6
    assert (found.table["density"][1:] < 0.2).all()


def test_regions_part_the_space_and_share_out_the_outcome() -> None:
    design = DESIGNS["lhs"]
    found = regions(design, hits(design, 0.8, 0.1))
    members = np.array([inside(design.points, box) for box in found.table["box"]])
    assert (members.sum(axis=0) == 1).all()
    assert found.table["points"].sum() == pytest.approx(1.0)
    assert found.table["coverage"].sum() == pytest.approx(1.0)
    mean = (found.table["points"] * found.table["density"]).sum()
    assert mean == pytest.approx(found.everywhere.estimate)


def test_where_nothing_decides_there_is_no_region() -> None:
    design = DESIGNS["lhs"]
    found = regions(design, hits(design, 0.3, 0.3, worlds=400))
    assert not found.tells or found.table["density"].between(0.25, 0.35).all()
    always = regions(design, np.ones((1000, 2)))
    assert always.table["rule"].tolist() == ["everywhere"]
    assert not always.tells
    assert np.isnan(always.explained)


def test_regions_are_the_same_by_their_seed() -> None:
    design = DESIGNS["sobol"]
    values = hits(design, 0.6, 0.2)
    first, again = (regions(design, values, seed=5) for _ in range(2))
    assert isinstance(first, Regions)
    assert first.table.equals(again.table)
    assert not first.table.equals(regions(design, values, seed=6).table)


def test_too_few_blocks_are_refused() -> None:
    design = morris(unit(3), 10, 1)
    with pytest.raises(ValueError, match="10 whole blocks"):
        regions(design, np.ones((40, 2)))


def test_blocks_that_miss_a_world_are_left_out() -> None:
    design = DESIGNS["lhs"]
    values = hits(design, 0.8, 0.1)
    values[:100, 3] = np.nan
    assert regions(design, values).everywhere.estimate == pytest.approx(0.24, abs=0.05)
