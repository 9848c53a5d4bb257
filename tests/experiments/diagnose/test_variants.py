"""Scenarios without an actor are valid, and differ only in what belongs to the actor."""

import pytest

from experiments.arms import run_arms, same_outcomes
from experiments.diagnose.variants import removable, silenced, without
from experiments.engine import simulate
from model.schema.scenario import Scenario, load_scenario

SETTING = load_scenario("february_2025")


def test_leaders_cannot_be_removed() -> None:
    leaders = {side.leader for side in SETTING.sides.values()}
    assert set(removable(SETTING)) == set(SETTING.actors) - leaders


@pytest.mark.parametrize("actor", ["scott_bessent", "elon_musk", "zhu_min"])
def test_a_removed_actor_is_nowhere(actor: str) -> None:
    left = without(SETTING, actor)
    assert actor not in left.model_dump_json()
    assert left.issues == SETTING.issues
    assert len(left.actors) == len(SETTING.actors) - 1


def test_the_leader_leads_if_the_lead_is_removed() -> None:
    assert without(SETTING, "scott_bessent").sides["US"].lead == ""
    assert without(SETTING, "elon_musk").sides["US"].lead == "scott_bessent"


def test_sources_and_events_of_the_actor_go_too() -> None:
    content = SETTING.model_dump()
    content["sources"] = {"actors.zhu_min.firmness": "assumption", "talks.rate": "assumption"}
    content["first_edition"] = {"actors.zhu_min.firmness": 0.1}
    content["events"].append(
        {"kind": "parameter", "title": "Lets go", "parameter": "actors.zhu_min.susceptibility",
         "week": 3, "value": 0.5, "source": "assumption"}
    )  # fmt: skip
    left = without(Scenario.model_validate(content), "zhu_min")
    assert set(left.sources) == {"talks.rate"}
    assert left.first_edition == {}
    assert len(left.events) == len(SETTING.events)


@pytest.mark.parametrize("actor", ["peter_navarro", "wang_wentao"])
def test_a_silenced_actor_is_as_if_removed(actor: str) -> None:
    setting = load_scenario("february_2025", {"time.horizon": 50, "talks.rate": 0.6})
    base, muted = run_arms(setting, [{}, silenced(setting, actor)], 12)
    gone = simulate(without(setting, actor), 12).outcomes.reset_index(drop=True)
    assert same_outcomes(muted, gone).all()
    assert not same_outcomes(base, gone).all()


def test_leads_and_intermediaries_cannot_be_silenced_by_numbers() -> None:
    assert silenced(SETTING, "scott_bessent") == {}
    assert silenced(SETTING, "elon_musk") == {}
    assert set(silenced(SETTING, "peter_navarro").values()) == {0.0}


def test_an_actor_without_influence_changes_nothing() -> None:
    """Private random numbers belong to purposes, so those of the others stay the same."""
    content = SETTING.model_dump()
    content["actors"]["stranger"] = {
        "title": "A stranger", "side": "US", "kind": "adviser", "firmness": 0.5, "source": "test",
    }  # fmt: skip
    content["time"]["horizon"] = 12
    setting = Scenario.model_validate(content)
    one, other = simulate(setting, 4, 1), simulate(without(setting, "stranger"), 4, 1)
    assert one.outcomes.equals(other.outcomes)
