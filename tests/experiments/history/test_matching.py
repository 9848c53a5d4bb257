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
    draw,
    moments,
    reproduced,
)
from experiments.history.matching import Matching, Settings, constrained, match, plausible_draws
from experiments.history.patterns import PATTERNS, STATISTICS, observations
from model.schema.scenario import load_scenario

NAMES = list(STATISTICS)
SMALL = Settings(points=40, worlds=6, candidates=400, waves=2)


@pytest.fixture(scope="module")
def small() -> Matching:
    return match(SMALL, 1)


def at(mean: float, spread: float, count: int, worlds: int = 16) -> Moments:
    """Return a point whose worlds have the threats of this mean, and else those of history."""
    seen = observations()
    means = pd.DataFrame({name: [seen[name].value] for name in NAMES})
    means["threats"] = mean
    variances = pd.DataFrame(0.0, index=[0], columns=NAMES)
    variances["threats"] = spread**2
    counts = pd.DataFrame(worlds, index=[0], columns=NAMES)
    counts["threats"] = count
    return Moments(means, variances, counts, worlds)


def test_distances_are_as_written() -> None:
    seen = observations()  # ten threats, error 2, discrepancy 2
    found = at(mean=4.0, spread=2.0, count=16)
    assert centre(found, seen)["threats"].iloc[0] == pytest.approx(6 / np.sqrt(0.25 + 4 + 4))
    assert draw(found, seen)["threats"].iloc[0] == pytest.approx(6 / np.sqrt(4.25 + 4 + 4))
    assert centre(found, seen)["truces"].iloc[0] == 0.0


def test_a_volatile_point_is_no_nearer_but_history_may_be_its_draw() -> None:
    seen = observations()
    calm, wild = at(20.0, 1.0, 1000, 1000), at(20.0, 20.0, 1000, 1000)
    assert centre(calm, seen)["threats"].iloc[0] > 3.0
    assert centre(wild, seen)["threats"].iloc[0] > 3.0
    assert draw(wild, seen)["threats"].iloc[0] < 1.0


def test_what_history_has_must_not_be_missing() -> None:
    found = centre(at(10.0, 1.0, count=1), observations())
    assert np.isinf(found["threats"].iloc[0])
    assert reproduced(found).iloc[0] == 11
    assert np.isinf(by_pattern(found)["threats and their execution"].iloc[0])


def test_moments_leave_out_worlds_without_a_statistic() -> None:
    table = pd.DataFrame({name: [1.0, np.nan, 3.0, 5.0] for name in NAMES})
    found = moments(table.assign(point=[0, 0, 0, 1]))
    assert found.mean["truces"].tolist() == [2.0, 5.0]
    assert found.count["truces"].tolist() == [2, 1]


def test_the_emulator_finds_a_quadratic_surface() -> None:
    unit = ranges.latin(700, "emulator test", 1)  # a quadratic in 32 numbers has 560 terms
    seen = {name: one for name, one in observations().items() if name in ("truces", "threats")}
    means = pd.DataFrame(
        {
            "truces": 40.0 * (unit[:, 3] - 0.2) ** 2 + 5.0 * unit[:, 7],
            "threats": 60.0 * unit[:, 3],
        }
    )
    found = Moments(means, 0.0 * means, (0.0 * means + 20).astype(int), 20)
    emulator = Emulator(unit, found)
    assert min(emulator.explained.values()) > 0.99
    fresh = np.full((2, unit.shape[1]), 0.5)
    fresh[:, 3] = (0.2, 0.95)
    fresh[:, 7] = (0.4, 0.9)
    assert emulator.plausible(fresh, seen).tolist() == [True, False]


def test_waves_shrink_and_keep_what_passes(small: Matching) -> None:
    assert small.waves["open"].iloc[0] == 1.0
    assert small.waves["open"].iloc[1] <= 1.0
    assert (small.waves["passed"] <= small.waves["possible"]).all()
    passed = (centre(small.found, observations()).max(axis=1) <= 3.0).to_numpy()
    assert small.points["kept"].to_numpy().tolist() == passed.tolist()
    assert len(small.points) == 80
    assert list(small.kept.columns) == ranges.names()


def test_the_same_seed_gives_the_same_draws(small: Matching) -> None:
    again = match(SMALL, 1)
    pd.testing.assert_frame_equal(small.points, again.points)
    assert not small.points.equals(match(SMALL, 2).points)


def test_a_number_that_history_moves_is_told_from_one_that_it_does_not() -> None:
    unit = ranges.latin(300, "constraint test", 1)
    place = ranges.names().index("coercion.hazard")
    found = constrained(ranges.scaled(unit[unit[:, place] > 0.5])).set_index("name")
    assert found.loc["coercion.hazard", "told"]
    assert found.loc["coercion.hazard", "distance"] == pytest.approx(0.5, abs=0.02)
    assert not found.loc["talks.rate", "told"]
    assert not found.loc["retaliation.lag", "told"]


def test_the_stored_draws_are_whole_and_within_their_ranges() -> None:
    kept = plausible_draws()
    assert len(kept) >= 300
    assert list(kept.columns) == ranges.names()
    assert kept.notna().all().all()
    found = ranges.ranges()
    assert (kept >= found["low"] * (1 - 1e-5) - 1e-9).all().all()
    assert (kept <= found["high"] * (1 + 1e-5)).all().all()
    here = ranges.shared(load_scenario("february_2025"))
    load_scenario("february_2025").checked_sweep(
        {name: kept[name].to_numpy() for name in here}, len(kept)
    )


def test_every_pattern_can_rule_a_point_out() -> None:
    for of in PATTERNS.values():
        assert all(name in observations() for name in of)
