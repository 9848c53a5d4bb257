"""Tests of the economy from exposures: limits, both engines, and a comparison with the grid."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.engine import simulate
from model.arrays import Array
from model.economy.exposure import income_losses, long_run_income_loss, lost_sales
from model.economy.grid import WIDTH, EconomyGrid, column
from model.schema.problems import ScenarioError
from model.schema.scenario import load_scenario
from tests.bits import unequal

# Goods trade in percent of GDP, 2017: exports to the other side from model/data/anchors.csv over
# GDP of 19,480 and 12,310 bn USD (World Bank)
TRADE = {"US": (0.667, 2.593), "CN": (4.104, 1.056)}
LATE_2019 = (np.array([0.21044]), np.array([0.21838]))
RISE_2019 = (np.array([0.21044 - 0.03092]), np.array([0.21838 - 0.07992]))
SHORT = np.array([1.2])
RECORD = ("tariff", "raw_pain", "relief", "group_relief", "income_level", "trade_level", "offer")

ANY_PAIR = """
extends = "classroom"
name = "pair"
title = "A pair without trade data"
off = ["summits", "shirking"]

[economy]
table = "exposure"

[sides.north]
exports_share = 1.0
imports_share = 2.0

[sides.south]
exports_share = 10.0
imports_share = 5.0

[constituencies.north_exporters]
exposure = { exports = 1.0, uncertainty = 0.01 }

[constituencies.north_rivals]
exposure = { consumer_cost = 1.0 }

[constituencies.south_exporters]
exposure = { exports = 1.0 }

[constituencies.south_planners]
exposure = { real_income = 1.0 }
"""


def _pair(folder: Path, **overrides: Any) -> Any:
    path = folder / "pair.toml"
    path.write_text(ANY_PAIR, encoding="utf-8")
    return load_scenario(path, overrides)


def _grid(name: str, side: int, family: str = "short") -> float:
    """Return a loss of the grid under the tariffs of late 2019, in percent."""
    grid, row = EconomyGrid.load(), np.zeros((1, WIDTH))
    row[0, column(name, side)] = 1.0
    at = grid.locate(*LATE_2019, np.array([4.0]))
    return float(grid.compile(row, family).at(at)[0, 0])


def _say(text: str) -> None:
    """Print a line, which pytest shows with -s."""
    sys.stdout.write(f"{text}\n")


def test_no_tariff_rise_costs_nothing() -> None:
    none = np.zeros(1)
    for loss in income_losses(none, none, np.array([3.0]), np.array([4.0]), SHORT):
        assert loss.item() == 0.0


def test_losses_are_linear_for_small_tariffs_and_never_fall() -> None:
    assert lost_sales(np.array([1e-6]), SHORT).item() == pytest.approx(2.2e-6, rel=1e-4)
    rises = np.linspace(0.0, 10.0, 500)
    losses: list[Array] = [lost_sales(rises, np.full(500, slope)) for slope in (0.6, 1.2, 4.0)]
    losses += list(income_losses(rises, rises, np.ones(500), np.ones(500), np.full(500, 1.2)))
    for loss in losses:
        assert (np.diff(loss) >= -1e-9).all()
    assert all(loss.max() <= 1.0 for loss in losses[:3])  # no more than all sales


def test_the_comparison_with_the_solved_model_for_the_us_and_china() -> None:
    _say("losses under the tariffs of late 2019, percent: exposures against the Armington grid")
    for side, key in enumerate(TRADE):
        exports, imports = TRADE[key]
        other = RISE_2019[1 - side]
        stopped = 100 * lost_sales(other, SHORT).item()
        grid = _grid("exports", side)
        args = (RISE_2019[side], other, np.array([imports]), np.array([exports]))
        income = income_losses(*args, SHORT)[2].item()
        long = long_run_income_loss(*args, np.array([4.0])).item()
        _say(f"{key}: exports {stopped:.2f} / {grid:.2f}, difference {stopped - grid:+.2f}")
        _say(f"{key}: income, short run {income:.3f} / {_grid('real_income', side):.3f}")
        _say(f"{key}: income, long run {long:.3f} / {_grid('real_income', side, 'long'):.3f}")
        assert stopped == pytest.approx(grid, rel=0.15)
        # Without other countries and home buyers, all lost sales are idle: an upper bound.
        assert income > _grid("real_income", side)
    us, cn = (
        income_losses(RISE_2019[i], RISE_2019[1 - i], np.array([m]), np.array([x]), SHORT)[2].item()
        for i, (x, m) in enumerate(TRADE.values())
    )
    assert us < cn  # as in the grid, China loses more


def test_both_engines_give_the_same(tmp_path: Path) -> None:
    scenario = _pair(tmp_path, **{"coercion.hazard": 0.3})
    one, other = (
        simulate(scenario, 20, 1, record=RECORD, engine=name) for name in ("numpy", "traced")
    )
    assert not unequal(one, other, within=1e-9)
    assert one.outcomes["real_income_south"].min() < 1  # tariffs were raised and cost something


def test_more_exports_at_risk_bring_more_pain(tmp_path: Path) -> None:
    lost = []
    for share in (2.0, 20.0):
        scenario = _pair(tmp_path, **{"sides.south.exports_share": share, "coercion.hazard": 0.3})
        run = simulate(scenario, 50, 1, engine="numpy")
        lost.append(run.outcomes["real_income_south"].min())
    assert lost[1] < lost[0]


def test_missing_exposures_and_unknown_series_are_reported_together(tmp_path: Path) -> None:
    path = tmp_path / "pair.toml"
    text = ANY_PAIR.replace("exports_share = 10.0\nimports_share = 5.0", "")
    path.write_text(text.replace("real_income = 1.0", "exports_farm = 1.0"), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    assert "needs the trade of each side" in str(error.value)
    assert "no such series" in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("economy.unit_loss", 0.1),
        ("sides.north.exports_share", 30.0),
        ("sides.north.imports_share", 30.0),
        ("sides.south.exports_share", 40.0),
        ("sides.south.imports_share", 50.0),
    ],
)
def test_every_number_moves_an_outcome_and_may_differ_by_world(
    tmp_path: Path, name: str, value: float
) -> None:
    scenario = _pair(tmp_path, **{"coercion.hazard": 0.3})
    before = simulate(scenario, 20, 1)
    after = simulate(scenario, 20, 1, sweep={name: np.full(20, value)})
    assert unequal(before, after) & set(before.outcomes.columns)
