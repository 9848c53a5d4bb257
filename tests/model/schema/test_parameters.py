"""Every number is declared once, with a unit, a range, a meaning and a source, and held to them."""

import numpy as np
import pytest
from pydantic import ValidationError

from model.schema import (
    parameters,
    parameters_deals,
    parameters_home,
    parameters_talks,
)
from model.schema.declarations import Declaration
from model.schema.faults import swept
from model.schema.parameters import Table
from model.schema.scenario import Scenario, load_scenario

MODULES = (parameters, parameters_deals, parameters_home, parameters_talks)
GROUPS = list(
    dict.fromkeys(
        group
        for module in MODULES
        for group in vars(module).values()
        if isinstance(group, type) and issubclass(group, Table) and group is not Table
    )
)
SETTING = load_scenario("february_2025")
DECLARED = SETTING.parameters()
PLACEHOLDERS = {"", "none", "todo", "tbd", "?"}


def test_every_group_of_parameters_is_a_table_of_a_scenario() -> None:
    tables = {field.annotation for field in Scenario.model_fields.values()}
    assert len(GROUPS) == 12
    assert set(GROUPS) <= tables


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_a_group_stands_on_its_defaults(group: type[Table]) -> None:
    assert group() == group.model_validate({})


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_a_group_refuses_what_it_does_not_know(group: type[Table]) -> None:
    with pytest.raises(ValidationError):
        group.model_validate({"unheard_of": 1})


@pytest.mark.parametrize("number", DECLARED.values(), ids=lambda number: number.name)
def test_a_number_says_all_about_itself(number: Declaration) -> None:
    for text in (number.unit, number.meaning, number.source):
        assert text.strip().lower() not in PLACEHOLDERS
    assert number.low < number.high
    assert number.low <= number.value <= number.high


@pytest.mark.parametrize("number", DECLARED.values(), ids=lambda number: number.name)
def test_a_swept_number_is_held_to_its_range(number: Declaration) -> None:
    edges = [number.low, number.high]
    arrays, problems = swept(DECLARED, {number.name: edges}, 2)
    assert arrays[number.name].tolist() == edges
    assert not problems
    for bad in (np.nextafter(number.high, np.inf), np.nextafter(number.low, -np.inf), np.nan):
        arrays, problems = swept(DECLARED, {number.name: [number.value, bad]}, 2)
        assert not arrays
        assert problems[0].place == f"{number.name} in world 1"


def test_the_names_are_the_tables_and_lines_of_a_scenario_file() -> None:
    expected = {
        "time.horizon", "talks.window", "values.cost_scale", "sides.US.kappa",
        "actors.donald_trump.firmness", "constituencies.farm_states.weight",
        "constituencies.farm_states.exposure.exports_farm", "issues.purchases.deferred",
        "issues.purchases.stakes.farm_states", "edges.scott_bessent>donald_trump.weight",
        "events.0.size",
    }  # fmt: skip
    assert expected <= set(DECLARED)
    assert all(name == number.name for name, number in DECLARED.items())


def test_a_switch_is_no_number() -> None:
    assert "talks.learning" not in DECLARED
    assert "issues.purchases.tariff" not in DECLARED


def test_whole_numbers_are_told_apart() -> None:
    whole = {name for name, number in DECLARED.items() if number.integer}
    dates = {"events.0.announced", *(f"events.{row}.week" for row in range(6))}
    levels = {f"issues.{key}.levels" for key in SETTING.issues}
    assert whole == levels | {"time.horizon", "retaliation.lag", "implementation.phases"} | dates


class TestSource:
    """A number's source is the nearest one that speaks of it."""

    def test_of_a_default_is_that_of_its_declaration(self) -> None:
        assert "Faratin-Sierra-Jennings 1998" in DECLARED["talks.mirror"].source

    def test_of_an_entry_is_the_entrys(self) -> None:
        source = DECLARED["actors.donald_trump.firmness"].source
        assert source == SETTING.actors["donald_trump"].source

    def test_of_a_stake_is_the_issues(self) -> None:
        source = DECLARED["issues.purchases.stakes.farm_states"].source
        assert source == SETTING.issues["purchases"].source

    def test_by_name_comes_first(self) -> None:
        assert DECLARED["sides.US.tariff"].source == SETTING.sources["sides.US.tariff"]

    def test_of_an_overridden_parameter_is_not_that_of_its_default(self) -> None:
        changed = load_scenario("february_2025", {"talks.mirror": 0.1}).parameters()
        assert changed["talks.mirror"].source == "assumption"
