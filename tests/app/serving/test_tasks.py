"""What workers remember of the scenarios that requests bring."""

from copy import deepcopy

import pytest

from app.inputs.scenario_store import ScenarioStore
from app.serving import tasks
from model.schema.scenario import load_scenario


def test_a_worker_knows_a_scenario_that_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_KNOWN", {})
    setting = load_scenario("classroom")
    assert tasks._known(setting) is setting
    assert tasks._known(deepcopy(setting)) is setting
    other = load_scenario("classroom", {"talks.window": 20.0})
    assert tasks._known(other) is other


def test_a_worker_forgets_scenarios_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {str(number): load_scenario("classroom") for number in range(tasks.MOST_KNOWN)}
    monkeypatch.setattr(tasks, "_KNOWN", known)
    tasks._known(load_scenario("classroom"))
    assert len(known) == 1


def test_shipped_scenarios_are_read_once_for_all_sessions() -> None:
    one, other = ScenarioStore(), ScenarioStore()
    assert one.load("classroom") is other.load("classroom")
    assert one.load("classroom") == load_scenario("classroom")
    assert one.load("classroom", {"talks.window": 20.0}).talks.window == 20.0
