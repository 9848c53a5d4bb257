"""Designs: balanced, within their ranges, the same by seed; a bad one is refused at once."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from experiments.sensitivity.designs import Design, grid, latin_hypercube, morris, sobol
from experiments.sensitivity.ranges import ParameterRange, chosen, default_ranges, ranges
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario
from tests.experiments.closed_forms import unit

WEEKS = ParameterRange("retaliation.lag", 1.0, 4.0, True, "")
RATE = ParameterRange("talks.rate", 0.15, 0.4, False, "")
BOTH = [WEEKS, RATE]
type Make = Callable[[Sequence[ParameterRange], int, int], Design]
MAKES = pytest.mark.parametrize("make", [latin_hypercube, sobol, morris])


def told(error: ScenarioError) -> str:
    return " | ".join(map(str, error.problems))


@MAKES
@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_a_design_is_the_same_by_its_seed_and_another_by_another(make: Make, seed: int) -> None:
    first = make(BOTH, 16, seed).points
    assert first.equals(make(BOTH, 16, seed).points)
    assert not first.equals(make(BOTH, 16, seed // 2 + 5).points)


@MAKES
def test_values_keep_to_their_ranges_and_whole_numbers_are_whole(make: Make) -> None:
    design = make(BOTH, 64, 1)
    points = design.points
    assert set(points["retaliation.lag"]) == {1.0, 2.0, 3.0, 4.0}
    assert points["talks.rate"].between(0.15, 0.4).all()
    assert list(points.columns) == design.names
    assert points.index.tolist() == list(range(len(points)))
    assert len(points) == design.blocks * design.block


@pytest.mark.parametrize("make", [latin_hypercube, sobol])
def test_whole_numbers_are_met_equally_often(make: Make) -> None:
    points = make(BOTH, 256, 1).points["retaliation.lag"]
    shares = points.value_counts(normalize=True)
    assert np.allclose(shares, 0.25, atol=0.02)


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    points = latin_hypercube(unit(3), 50, 1).points
    for name in points:
        assert sorted((points[name] * 50).astype(int)) == list(range(50))


def test_sobol_points_differ_from_the_first_in_one_parameter() -> None:
    design = sobol(unit(3), 8, 1)
    rows = design.points.to_numpy().reshape(8, 5, 3)
    changed = rows[:, 1:4] != rows[:, :1]
    assert (changed == np.eye(3, dtype=bool)).all()


def test_morris_moves_one_parameter_a_step() -> None:
    design = morris(unit(4), 10, 1)
    steps = np.diff(design.points.to_numpy().reshape(10, 5, 4), axis=1)
    assert ((np.abs(steps) > 0.0).sum(axis=2) == 1).all()
    assert np.allclose(np.abs(steps).max(axis=2), 2 / 3)


def test_a_grid_holds_every_combination() -> None:
    points = grid(BOTH, 10).points
    assert len(points) == 4 * 10  # of the whole number there are but four
    assert not points.duplicated().any()
    named = grid(BOTH, {"retaliation.lag": [1.0, 3.0], "talks.rate": [0.2]}).points
    assert named.to_numpy().tolist() == [[1.0, 0.2], [3.0, 0.2]]


def test_the_beginning_of_a_design_is_its_first_blocks() -> None:
    design = sobol(unit(2), 16, 1)
    part = design.beginning(4)
    assert part.points.equals(design.points.iloc[:16])
    assert part.nominal.shape == (16, 2)
    assert part.blocks == 4


@pytest.mark.parametrize(
    ("samples", "remedy"), [(100, "64 or 128 would do."), (3, "2 or 4 would do.")]
)
def test_samples_must_be_a_power_of_two(samples: int, remedy: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        sobol(BOTH, samples, 1)
    assert remedy in told(caught.value)


def test_all_that_is_wrong_with_a_design_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        sobol(BOTH[:1], 100, 1)
    text = told(caught.value)
    assert "at least 2 must vary" in text
    assert "power of two" in text
    with pytest.raises(ScenarioError, match="at most 10,000,000"):
        sobol(BOTH, 2**40, 1)
    with pytest.raises(ScenarioError, match="at least 2"):
        morris(BOTH, 1, 1)
    with pytest.raises(ScenarioError, match=r"level = 9: must be a whole number between 1 and 4"):
        grid(BOTH, {"retaliation.lag": [9.0], "talks.rate": [0.2]})
    with pytest.raises(ScenarioError, match="has no level"):
        grid(BOTH, {"talks.rate": [0.2]})
    with pytest.raises(ScenarioError, match="levels"):
        grid(BOTH, 0)


def test_all_that_is_wrong_with_the_ranges_is_told_at_once(setting: Scenario) -> None:
    wanted = {
        "talks.windw": None,
        "talks.window": (52.0, 13.0),
        "talks.rate": (0.2, 1.5),
        "retaliation.lag": (1.0, 2.5),
        "values.spread": (0.1, float("nan")),
        "economy.elasticity_spread": (0.2, 0.2),
        "trust.memory": (-2.0, -1.0),
    }
    built_in = next(name for name, one in setting.parameters().items() if one.built_in)
    with pytest.raises(ScenarioError) as caught:
        ranges(setting, {**wanted, built_in: None})
    problems = {problem.place: str(problem) for problem in caught.value.problems}
    assert len(problems) == len(wanted) + 1
    assert 'Did you mean "talks.window"?' in problems["talks.windw"]
    assert "Write 13:52." in problems["talks.window"]
    assert "within the declared 0 to 1" in problems["talks.rate"]
    assert "0.2:1 would do." in problems["talks.rate"]
    assert "whole numbers" in problems["retaliation.lag"]
    assert "must be numbers" in problems["values.spread"]
    assert "below the high end" in problems["economy.elasticity_spread"]
    assert problems["trust.memory"].endswith("; unit: share per week).")
    assert "built into the economy" in problems[built_in]


def test_what_a_switched_off_mechanism_holds_is_not_varied() -> None:
    off = load_scenario("february_2025", {"off": ["truce", "legacy_mistrust"]})
    with pytest.raises(ScenarioError, match="switches off fixes it at 0"):
        ranges(off, {"truce.scale": (0.5, 2.0)})
    names = {one.name for one in default_ranges(off)}
    assert "truce.scale" not in names
    assert "sides.US.record_observations" not in names


def test_the_default_set_lies_around_the_scenarios_own_values() -> None:
    for name in ("february_2025", "trade_war_2018", "classroom"):
        scenario = load_scenario(name)
        known = scenario.parameters()
        found = default_ranges(scenario)
        assert len(found) >= 2
        assert ranges(scenario, {one.name: (one.low, one.high) for one in found})
        assert all(one.low <= known[one.name].value <= one.high for one in found)
        assert all(one.why for one in found)
    assert 12 <= len(default_ranges(load_scenario("february_2025"))) <= 20


def test_parameters_are_read_from_the_command_line(setting: Scenario) -> None:
    found = chosen(setting, "talks.window=13:26, trust.memory, talks.rate")
    assert [(one.low, one.high) for one in found] == [(13.0, 26.0), (0.5, 1.0), (0.15, 0.4)]
    assert chosen(setting, " ") == default_ranges(setting)
    with pytest.raises(ScenarioError) as caught:
        chosen(setting, "talks.window=13,talks.rate,talks.rate,=1:2,talks.caution=a:b,nothing")
    text = told(caught.value)
    assert text.count("must have the form NAME or NAME=LOW:HIGH") == 3
    assert "is given twice" in text
    assert "no such number" in text


def test_a_sobol_design_of_one_sample_is_told_to_be_too_small() -> None:
    with pytest.raises(ScenarioError, match="samples = 1: must be at least 2"):
        sobol(BOTH, 1, 1)
