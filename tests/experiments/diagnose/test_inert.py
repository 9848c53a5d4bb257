"""Inert numbers are those that no outcome depends on."""

from experiments.diagnose import inert as search
from experiments.diagnose.inert import HOME, changed_worlds, ends, inert
from experiments.engine import simulate
from model.schema.mechanisms import neutral
from model.schema.scenario import load_scenario

SETTING = load_scenario("classroom", {"time.horizon": 12})


def test_numbers_that_act_and_numbers_that_do_not() -> None:
    found = inert(SETTING, 4)
    assert "talks.step" in found.names  # only rules that concede by steps read it
    assert "talks.window" not in found.names
    assert "time.horizon" not in found.names
    off = neutral(SETTING.off, list(SETTING.sides))
    assert found.tried == len(SETTING.parameters()) - len(off)
    assert len(set(found.names)) == len(found.names) < found.tried


def test_what_is_found_is_true_in_a_run_of_its_own() -> None:
    for name in ("talks.step", "ratification.quota"):
        other = load_scenario("classroom", {"time.horizon": 12, name: 0.2})
        assert simulate(other, 4).outcomes.equals(simulate(SETTING, 4).outcomes)


def test_mechanisms_that_are_off_are_left_out() -> None:
    quiet = load_scenario("classroom", {"time.horizon": 4, "off": ["threats"]})
    assert inert(quiet, 2).tried == len(quiet.parameters()) - 1
    assert "coercion.hazard" not in inert(quiet, 2).names


def test_numbers_of_the_economy_are_tried_too() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 8})
    name = "constituencies.farm_states.exposure.exports_farm"
    numbers = setting.parameters()
    assert numbers[name].built_in
    assert search._unmoved_built_in(setting, [numbers[name]], 2, 1) == []


def test_ends_of_the_range() -> None:
    numbers = SETTING.parameters()
    assert ends(numbers["talks.window"]) == [1.0, 260.0]
    assert ends(numbers["time.horizon"]) == [1.0]
    full = load_scenario("classroom", {"talks.mirror": 0.0}).parameters()["talks.mirror"]
    assert ends(full) == [full.high]


def test_quota_and_thresholds_matter_where_groups_ratify() -> None:
    modes = {f"sides.{side}.ratification": "constituency" for side in SETTING.sides}
    voting = load_scenario("classroom", {"time.horizon": 40, "talks.rate": 0.8, **modes})
    assert changed_worlds(voting, HOME, 20).any()
    assert not changed_worlds(SETTING, HOME, 20).any()
