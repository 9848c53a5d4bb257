"""The base of the economy: its tables, its tariffs and what an average tariff means by sector."""

import csv
from pathlib import Path

import numpy as np
import pytest

from model.economy.data import (
    FOLDER,
    MANUFACTURES,
    REGIONS,
    SECTORS,
    SERVICES,
    average,
    load_base,
    tariffs,
)
from model.economy.economy import equilibrium
from model.sides import SIDES, other_side

LANES = {0: (1, 0), 1: (0, 1)}  # side that levies: (exporter, importer)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.csv")), ids=lambda file: file.name)
def test_every_row_has_a_source(file: Path) -> None:
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    assert all(row["source"] for row in rows)


def test_the_base_is_the_world_of_2017() -> None:
    base = load_base()
    assert base.flows.shape == (len(REGIONS), len(REGIONS), len(SECTORS))
    assert np.all(base.flows > 0)
    # goods that crossed between the sides in the OECD table, bn USD
    assert base.flows[1, 0, :SERVICES].sum() / 1e3 == pytest.approx(367.8, abs=0.1)
    assert base.flows[0, 1, :SERVICES].sum() / 1e3 == pytest.approx(102.9, abs=0.1)
    np.testing.assert_allclose(base.exports, [129.997, 505.165])
    np.testing.assert_allclose(base.input_use.sum(axis=1), 1.0, atol=2e-4)
    assert not base.input_use[:, [0, 1, SERVICES]].any()
    assert SECTORS[MANUFACTURES[0]] == "electronics"
    assert SECTORS[MANUFACTURES[-1]] == "consumer_goods"


def test_elasticities_have_a_mean_of_one_over_trade_between_the_sides() -> None:
    base = load_base()
    both = base.flows[0, 1, :SERVICES] + base.flows[1, 0, :SERVICES]
    assert (both * base.elasticity[:SERVICES]).sum() / both.sum() == pytest.approx(1.0)
    assert base.elasticity.min() > 0.7
    assert base.elasticity.max() < 1.4


def test_averages_are_those_of_piie() -> None:
    base = load_base()
    np.testing.assert_allclose(average(base.flows, base.tariff), [0.03092, 0.07992])
    np.testing.assert_allclose(average(base.flows, base.tariff_2025), [0.20737, 0.21167])
    for lane in LANES.values():
        assert np.all(base.tariff_2025[lane] >= base.tariff[lane])
    other = np.ones((3, 3), dtype=bool)
    other[0, 1] = other[1, 0] = False
    assert np.array_equal(base.tariff[other], base.tariff_2025[other])
    assert not base.tariff[..., SERVICES].any()


def test_sector_tariffs_average_to_what_was_asked() -> None:
    base = load_base()
    us = np.array([0.0, 0.01, 0.03092, 0.1, 0.20737, 0.31, 1.7])
    cn = us[::-1].copy()
    np.testing.assert_allclose(
        average(base.flows, tariffs(base, us, cn)), np.array([us, cn]), rtol=1e-12
    )


@pytest.mark.parametrize("side", SIDES)
def test_tariffs_pass_through_both_dates(side: int) -> None:
    base = load_base()
    steps = np.array([0.0, base.average_2018[side], base.average_2025[side], 0.5])
    asked = [np.full(4, at) for at in base.average_2018]
    asked[side] = steps
    rates = tariffs(base, *asked)[LANES[side]]
    assert not rates[:, 0].any()
    np.testing.assert_allclose(rates[:, 1], base.tariff[LANES[side]])
    np.testing.assert_allclose(rates[:, 2], base.tariff_2025[LANES[side]])
    rise = rates[:, 3] - rates[:, 2]
    np.testing.assert_allclose(rise[:SERVICES], 0.5 - steps[2])
    assert rise[SERVICES] == 0.0
    untouched = tariffs(base, *asked)[LANES[other_side(side)]]
    np.testing.assert_allclose(
        untouched, base.tariff[LANES[other_side(side)]][:, None] * np.ones(4)
    )


def test_the_best_uniform_tariff_is_near_the_published_one() -> None:
    """Ignatenko et al. 2025: 19 % on all partners, unanswered (194 countries, another model)."""
    base = load_base()
    steps = np.linspace(0.02, 0.5, 49)
    wanted = np.repeat(base.tariff[..., None], steps.size, axis=3)
    wanted[1:, 0, :SERVICES] = steps
    found = equilibrium(base.flows, base.tariff, wanted, base.elasticity * 4)
    assert steps[found.real_income[0].argmax()] == pytest.approx(0.19, abs=0.06)
