"""Tests of Explore's controls: every number has one, with value, unit, range and source."""

import pytest

from app.explore import dials
from app.inputs.explore_url import State, address, read
from app.inputs.scenario_store import MOST_WEEKS, ScenarioStore
from model.schema.mechanisms import MECHANISMS
from model.schema.reading import list_scenarios

SCENARIO_STORE = ScenarioStore()


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_every_number_has_a_slider_in_one_group(name: str) -> None:
    opened = read(f"scenario={name}", SCENARIO_STORE)
    found = [dial for key in dials.groups(opened.own) for dial in dials.group(opened, key)]
    sliders = [dial for dial in found if dial.kind == "number"]
    known = opened.own.parameters()
    assert [dial.name for dial in sliders] == list(known)
    for dial in sliders:
        declared = known[dial.name]
        assert dial.values[dial.place] == dial.values[dial.own] == declared.value
        assert list(dial.values) == sorted(set(dial.values))
        low, high = declared.low, declared.high
        assert low <= dial.values[0] <= dial.values[-1] <= high
        assert dial.meaning == declared.meaning
        assert dial.source == declared.source
        assert len(dial.values) <= 140


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_a_dozen_matter_in_every_scenario(name: str) -> None:
    opened = read(f"scenario={name}", SCENARIO_STORE)
    found = dials.matter(opened)
    assert sum(dial.kind == "number" for dial in found) == 12
    assert not any("{" in dial.label + dial.name for dial in found)


def test_a_changed_value_stands_where_it_is() -> None:
    opened = read("talks.rate=0.1234", SCENARIO_STORE)
    dial = next(dial for dial in dials.matter(opened) if dial.name == "talks.rate")
    assert dial.changed
    assert dial.values[dial.place] == 0.1234
    assert dial.values[dial.own] == 0.25


def test_every_place_of_a_slider_is_legal() -> None:
    opened = read("", SCENARIO_STORE)
    for dial in dials.matter(opened):
        if dial.kind == "number":
            for value in (dial.values[0], dial.values[-1], dial.values[len(dial.values) // 2]):
                assert not read(
                    address(State(), {dial.name: value})[1:], SCENARIO_STORE
                ).problems, dial.name


def test_weeks_end_at_the_cap() -> None:
    opened = read("", SCENARIO_STORE)
    weeks = next(d for d in dials.group(opened, "time") if d.name == "time.horizon")
    assert weeks.values[-1] == MOST_WEEKS


def test_assumptions_are_marked() -> None:
    found = {dial.name: dial.assumed for dial in dials.matter(read("", SCENARIO_STORE))}
    assert found["values.cost_scale"]
    assert not found["talks.rate"]


def test_switches_know_what_is_off() -> None:
    opened = read("off=threats", SCENARIO_STORE)
    found = {dial.name: dial for dial in dials.group(opened, "off")}
    assert list(found) == list(MECHANISMS)
    assert (found["threats"].value, found["threats"].changed) == ("off", True)
    assert (found["madman"].value, found["madman"].changed) == ("on", False)
    assert dials.switched(opened, "threats") == ()
    assert dials.switched(opened, "madman") == ("threats", "madman")


def test_an_unknown_group_is_empty() -> None:
    assert dials.group(read("", SCENARIO_STORE), "nonsense") == []


def test_rules_are_described_and_groups_have_titles() -> None:
    opened = read("sides.US.offering=tit_for_tat&sides.CN.offering=rubinstein", SCENARIO_STORE)
    rules = {dial.name: dial.meaning for dial in dials.group(opened, "rules")}
    assert "tit_for_tat: concede the same share" in rules["sides.US.offering"]
    assert "ac_combi: accept like ac_next" in rules["sides.CN.acceptance"]
    assert "rubinstein: ask for the utility" in rules["sides.CN.offering"]
    assert "constituency: the weighted support of the groups" in rules["sides.US.ratification"]
    assert dials.groups(opened.own)["third"] == "The rest of the world"
