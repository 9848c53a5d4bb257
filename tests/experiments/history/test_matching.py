"""History matching: distances by hand, an emulator of a known surface, waves that repeat."""

import numpy as np
import pandas as pd
import pytest

from experiments.history import ranges
from experiments.history.emulator import Emulator
from experiments.history.implausibility import (
    Moments,
    by_pattern,
    centre,
    count_reproduced,
    draw,
    moments,
)
from experiments.history.matching import (
    Matching,
    Settings,
    constraint_table,
    match,
    plausible_draws,
)
from experiments.history.patterns import PATTERNS, STATISTICS, observations
from model.schema.scenario import load_scenario

NAMES = list(STATISTICS)
SMALL = Settings(points=40, worlds=6, candidates=400, waves=2)


@pytest.fixture(scope="module")
def small() -> Matching:
    return match(SMALL, 1)


def at(mean: float, spread: float, count: int, worlds: int = 16) -> Moments:
    """Return a point with this mean of threats; all other means equal history."""
    observed = observations()
    means = pd.DataFrame({name: [observed[name].value] for name in NAMES})
    means["threats"] = mean
    variances = pd.DataFrame(0.0, index=[0], columns=NAMES)
    variances["threats"] = spread**2
    counts = pd.DataFrame(worlds, index=[0], columns=NAMES)
    counts["threats"] = count
    return Moments(means, variances, counts, worlds)


def test_distances_follow_their_formulas() -> None:
    observed = observations()  # ten threats, error 2, discrepancy 2
    result = at(mean=4.0, spread=2.0, count=16)
    assert centre(result, observed)["threats"].iloc[0] == pytest.approx(6 / np.sqrt(0.25 + 4 + 4))
    assert draw(result, observed)["threats"].iloc[0] == pytest.approx(6 / np.sqrt(4.25 + 4 + 4))
    assert centre(result, observed)["truces"].iloc[0] == 0.0


def test_volatility_lowers_the_draw_distance_but_not_the_centre_distance() -> None:
    observed = observations()
    calm, wild = at(20.0, 1.0, 1000, 1000), at(20.0, 20.0, 1000, 1000)
    assert centre(calm, observed)["threats"].iloc[0] > 3.0
    assert centre(wild, observed)["threats"].iloc[0] > 3.0
    assert draw(wild, observed)["threats"].iloc[0] < 1.0


def test_a_statistic_missing_in_most_worlds_rules_a_point_out() -> None:
    result = centre(at(10.0, 1.0, count=1), observations())
    assert np.isinf(result["threats"].iloc[0])
    assert count_reproduced(result).iloc[0] == len(PATTERNS) - 1
    assert np.isinf(by_pattern(result)["threats and their execution"].iloc[0])


def test_moments_leave_out_worlds_without_a_statistic() -> None:
    table = pd.DataFrame({name: [1.0, np.nan, 3.0, 5.0] for name in NAMES})
    result = moments(table.assign(point=[0, 0, 0, 1]))
    assert result.mean["truces"].tolist() == [2.0, 5.0]
    assert result.count["truces"].tolist() == [2, 1]


def test_the_emulator_fits_a_quadratic_surface() -> None:
    unit = ranges.latin(1400, "emulator test", 1)  # a quadratic in 44 numbers has 1,035 terms
    observed = {name: one for name, one in observations().items() if name in ("truces", "threats")}
    means = pd.DataFrame(
        {
            "truces": 40.0 * (unit[:, 3] - 0.2) ** 2 + 5.0 * unit[:, 7],
            "threats": 60.0 * unit[:, 3],
        }
    )
    result = Moments(means, 0.0 * means, (0.0 * means + 20).astype(int), 20)
    emulator = Emulator(unit, result)
    assert min(emulator.explained.values()) > 0.99
    fresh = np.full((2, unit.shape[1]), 0.5)
    fresh[:, 3] = (0.2, 0.95)
    fresh[:, 7] = (0.4, 0.9)
    assert emulator.plausible(fresh, observed).tolist() == [True, False]


def test_waves_do_not_grow_and_plausible_points_pass_the_cut(small: Matching) -> None:
    assert small.waves["open"].iloc[0] == 1.0
    assert small.waves["open"].iloc[1] <= 1.0
    assert (small.waves["passed"] <= small.waves["possible"]).all()
    passed = (centre(small.moments, observations()).max(axis=1) <= 3.0).to_numpy()
    assert small.points["plausible"].to_numpy().tolist() == passed.tolist()
    assert len(small.points) == 80
    assert list(small.plausible.columns) == ranges.names()


def test_the_same_seed_gives_the_same_draws(small: Matching) -> None:
    again = match(SMALL, 1)
    pd.testing.assert_frame_equal(small.points, again.points)
    assert not small.points.equals(match(SMALL, 2).points)


def test_only_parameters_that_history_moves_are_constrained() -> None:
    unit = ranges.latin(300, "constraint test", 1)
    column = ranges.names().index("coercion.hazard")
    result = constraint_table(ranges.to_parameters(unit[unit[:, column] > 0.5])).set_index("name")
    assert result.loc["coercion.hazard", "constrained"]
    assert result.loc["coercion.hazard", "distance"] == pytest.approx(0.5, abs=0.02)
    assert not result.loc["talks.rate", "constrained"]
    assert not result.loc["retaliation.lag", "constrained"]


def test_the_stored_draws_are_complete_and_within_their_ranges() -> None:
    draws = plausible_draws()
    assert len(draws) >= 150
    assert len(draws.drop_duplicates()) >= 50  # draws with a large weight are in several rows
    assert list(draws.columns) == ranges.names()
    assert draws.notna().all().all()
    result = ranges.ranges()
    assert (draws >= result["low"] * (1 - 1e-5) - 1e-9).all().all()
    assert (draws <= result["high"] * (1 + 1e-5)).all().all()
    here = ranges.shared_names(load_scenario("february_2025"))
    load_scenario("february_2025").checked_sweep(
        {name: draws[name].to_numpy() for name in here}, len(draws)
    )


def test_every_statistic_of_a_pattern_has_an_observation() -> None:
    for of in PATTERNS.values():
        assert all(name in observations() for name in of)
