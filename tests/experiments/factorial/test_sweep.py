"""Sweeps: each cell is what a run of its own would give, with the same random numbers."""

import numpy as np
import pandas as pd
import pytest

from experiments import engine
from experiments.engine import simulate
from experiments.factorial.sweep import AGREEMENT, cell_shares, dominant, ranges, swept
from model.outcomes import OUTCOMES
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario

FACTORS = {"values.cost_scale": (0.8, 1.2), "talks.window": (6.0, 12.0)}


@pytest.mark.parametrize("chunk", [4000, 25])
def test_a_cell_is_bit_for_bit_a_run_of_its_own(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CHUNK", chunk)
    setting = load_scenario("february_2025", {"time.horizon": 25})
    found = swept(setting, FACTORS, 10, 4)
    assert len(found) == 4 * 10
    for cost in (0.8, 1.2):
        values = {"values.cost_scale": np.full(10, cost), "talks.window": np.full(10, 12.0)}
        alone = simulate(setting, 10, 4, values).outcomes
        cell = found[(found["values.cost_scale"] == cost) & (found["talks.window"] == 12.0)]
        pd.testing.assert_frame_equal(
            cell[alone.columns].reset_index(drop=True),
            alone.reset_index(drop=True),
            check_exact=True,
        )
        assert cell["world"].tolist() == list(range(10))


def test_a_level_out_of_range_is_refused(setting: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"values\.cost_scale"):
        swept(setting, {"values.cost_scale": (1.0, 99.0)}, 5, 1)


def test_progress_counts_every_week_of_every_world(setting: Scenario) -> None:
    simulated: list[int] = []
    swept(setting, FACTORS, 5, 1, simulated.append)
    assert sum(simulated) == 4 * 5 * setting.time.horizon


def test_shares_and_ranges_by_hand() -> None:
    outcomes = pd.DataFrame(
        {
            "rate": [1.0, 1.0, 2.0, 2.0],
            "outcome": ["mini deal", "stalemate", "mini deal", "mini deal"],
            "agreement_week": [3.0, np.nan, 4.0, 5.0],
        }
    )
    cells = cell_shares(outcomes, ["rate"])
    assert len(cells) == 2 * (len(OUTCOMES) + 1)
    spread = ranges(cells)
    lowest, highest = spread["lowest"], spread["highest"]
    assert (lowest["mini deal"], highest["mini deal"]) == (0.5, 1.0)
    assert (lowest[AGREEMENT], highest[AGREEMENT]) == (0.5, 1.0)
    assert (lowest["stalemate"], highest["stalemate"]) == (0.0, 0.5)
    assert (cells["low"] <= cells["share"]).all()
    assert (cells["share"] <= cells["high"]).all()


def test_the_dominant_assumptions_are_swept_around_the_scenarios_own() -> None:
    assert dominant(load_scenario("february_2025")) == {
        "values.cost_scale": [0.8, 1.0, 1.2],
        "talks.window": [13.0, 26.0, 52.0],
        "talks.rate": [0.15, 0.25, 0.4],
    }


def test_the_levels_stay_within_their_bounds() -> None:
    certain = load_scenario("february_2025", {"talks.rate": 1.0, "values.cost_scale": 2.0})
    assert dominant(certain)["talks.rate"] == [0.6, 1.0]
    assert dominant(certain)["values.cost_scale"] == [1.6, 2.0]
