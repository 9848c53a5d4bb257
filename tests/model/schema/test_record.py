"""Packages of the historical record: facts to compare with, which are no parameters."""

from datetime import date

import pytest

from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario

WAR = load_scenario("trade_war_2018")


def test_phase_one_is_in_the_record() -> None:
    package = WAR.record["phase_one"]
    assert package.date == date(2019, 12, 13)
    assert set(package.levels) == set(WAR.issues)
    assert package.level("purchases") == 1.0
    assert package.level("no part of it") == 0.0


def test_levels_are_no_parameters() -> None:
    assert not any(name.startswith("record") for name in WAR.parameters())
    with pytest.raises(ScenarioError, match="no such number"):
        WAR.checked_sweep({"record.phase_one.levels.purchases": [0.0, 1.0]}, 2)


def test_a_level_can_be_set_and_is_checked() -> None:
    name = "record.phase_one.levels.purchases"
    assert (
        load_scenario("trade_war_2018", {name: 0.5}).record["phase_one"].levels["purchases"] == 0.5
    )
    with pytest.raises(ScenarioError, match="must be a number between 0 and 1"):
        load_scenario("trade_war_2018", {name: 1.5})


def test_an_event_cannot_change_it() -> None:
    content = WAR.model_dump()
    content["events"].append(
        {
            "kind": "parameter",
            "title": "Another past",
            "parameter": "record.phase_one.levels.purchases",
            "week": 3,
            "value": 0.5,
            "source": "assumption",
        }
    )
    with pytest.raises(ValueError, match="no such parameter"):
        Scenario.model_validate(content)
