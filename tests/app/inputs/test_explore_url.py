"""Tests of Explore's URLs: states round-trip, and invalid values open the closest valid state."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.inputs.explore_url import (
    HORIZON,
    LONGEST_ADDRESS,
    MOST_WORLDS,
    State,
    address,
    differences,
    options,
    read,
    text_of,
)
from app.inputs.scenario_store import MOST_WEEKS, ScenarioStore
from model.schema.mechanisms import MECHANISMS
from model.schema.scenario import load_scenario

SCENARIO_STORE = ScenarioStore()
NUMBERS = load_scenario("february_2025").parameters()


def search(state: State) -> str:
    return address(state).removeprefix("?")


@given(
    name=some.sampled_from(sorted(NUMBERS)),
    share=some.floats(0, 1),
    worlds=some.integers(10, MOST_WORLDS),
    seed=some.integers(0, 2**64 - 1),
)
def test_urls_round_trip(name: str, share: float, worlds: int, seed: int) -> None:
    declared = NUMBERS[name]
    high = MOST_WEEKS if name == HORIZON else declared.high
    value = declared.low + share * (high - declared.low)
    value = int(value) if declared.integer else value
    changes = () if value == declared.value else ((name, value),)
    state = State("february_2025", changes, worlds, seed)
    opened = read(search(state), SCENARIO_STORE)
    assert opened.state == state or opened.problems  # some pairs of numbers are inconsistent
    assert opened.scenario.parameters()[name].value in {value, declared.value}


@given(some.floats(allow_nan=False))
def test_numbers_round_trip(value: float) -> None:
    assert float(text_of(value)) == value


def test_words_switches_and_lists_round_trip() -> None:
    changes: dict[str, Any] = {
        "off": ("threats", "madman"),
        "sides.US.lead": "howard_lutnick",
        "time.stop_at_agreement": True,
    }
    opened = read(address(State(), changes)[1:], SCENARIO_STORE)
    assert not opened.problems
    assert opened.state.changed == changes
    assert opened.scenario.off == ["threats", "madman"]
    assert opened.scenario.sides["US"].lead == "howard_lutnick"
    assert opened.own.sides["US"].lead == "scott_bessent"
    assert read(search(opened.state), SCENARIO_STORE).state == opened.state


@pytest.mark.parametrize(
    ("link", "message", "name", "value"),
    [
        ("talks.rate=7", "must be a number between 0 and 1", "talks.rate", 1.0),
        ("talks.rate=-1", "Opened: 0.", "talks.rate", 0.0),
        ("talks.rate=inf", "Opened: 1.", "talks.rate", 1.0),
        ("talks.rate=nan", "Left at 0.25.", "talks.rate", 0.25),
        ("talks.rate=often", "Left at 0.25.", "talks.rate", 0.25),
        ("talks.rate=.3&talks.rate=.4", "twice. The first counts.", "talks.rate", 0.3),
        ("talks.rat=.3", 'Did you mean "talks.rate"?', "talks.rate", 0.25),
        ("time.horizon=30.5", "must be a whole number", "time.horizon", 30),
        ("time.horizon=400", "at most 260 weeks", "time.horizon", MOST_WEEKS),
    ],
)
def test_invalid_numbers_are_reported_and_replaced(
    link: str, message: str, name: str, value: float
) -> None:
    opened = read(link, SCENARIO_STORE)
    assert len(opened.problems) == 1
    assert message in str(opened.problems[0])
    assert opened.scenario.parameters()[name].value == value


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("scenario=februry_2025", 'Did you mean "february_2025"?'),
        ("scenario=upload-12345678", "another session"),
        ("scenario=../../../etc/passwd", "no such scenario"),
        ("worlds=1000000", f"must be between 10 and {MOST_WORLDS}"),
        ("worlds=lots", "must be a whole number"),
        ("seed=-1", "Opened: 0."),
        ("off=threats,thunder", "no such mechanism"),
        ("sides.US.lead=xi_jinping", "is not one of the choices"),
        ("sides.US.offering=bolware", 'Did you mean "boulware"?'),
        ("sides.US.title=Us", "no such value can be changed"),
        ("time.stop_at_agreement=perhaps", "must be true or false"),
        ("enforcement.lowest=1&enforcement.highest=0.1", "Left out."),
        ("x" * (LONGEST_ADDRESS + 1), "characters long"),
    ],
)
def test_invalid_values_are_reported_and_a_valid_state_opened(link: str, message: str) -> None:
    opened = read(link, SCENARIO_STORE)
    assert message in "\n".join(map(str, opened.problems))
    assert not read(search(opened.state), SCENARIO_STORE).problems


def test_all_problems_are_reported_at_once() -> None:
    assert len(read("scenario=x&worlds=0&seed=x&a=1&talks.rate=2", SCENARIO_STORE).problems) == 5


def test_too_many_worlds_are_reduced_to_the_maximum() -> None:
    opened = read("worlds=5000", SCENARIO_STORE)
    assert opened.state.worlds == MOST_WORLDS
    assert str(MOST_WORLDS) in str(opened.problems[0])
    assert "run.py simulate" in str(opened.problems[0])


def test_a_change_to_the_default_is_no_change() -> None:
    assert read("talks.rate=0.25&off=", SCENARIO_STORE).state == State()


def test_differences_between_scenarios() -> None:
    own, other = load_scenario("february_2025"), load_scenario("hawks_lead")
    changes = differences(own, other)
    assert changes == {"sides.CN.lead": "wang_wentao", "sides.US.lead": "howard_lutnick"}
    assert differences(own, load_scenario("classroom")) is None


def test_advisers_of_a_side_can_lead() -> None:
    leads = options("sides.US.lead", load_scenario("february_2025"))
    assert leads is not None
    assert leads[0] == ""
    assert "scott_bessent" in leads
    assert "he_lifeng" not in leads
    assert options("talks.rate", load_scenario("february_2025")) is None


def test_a_link_can_switch_off_every_mechanism() -> None:
    opened = read("off=" + ",".join(MECHANISMS), SCENARIO_STORE)
    assert not opened.problems
    assert opened.scenario.off == list(MECHANISMS)


def test_a_state_is_never_infinite() -> None:
    opened = read("values.cost_scale=1e999", SCENARIO_STORE)
    assert math.isfinite(opened.scenario.values.cost_scale)
