"""Editions: the rules of the first edition can be chosen in a file and as an override."""

from pathlib import Path
from typing import Any

import pytest

from model.schema.editions import completed, first_edition
from model.schema.parameters import Table, number
from model.schema.problems import ScenarioError
from model.schema.scenario import in_first_edition, load_scenario, restored


class Rules(Table):
    """A table with one number of each edition."""

    old: float = number(0.3, 0, 1, "share", "a number of the first edition")
    new: float = number(0.5, 0, 1, "share", "one of the second", first_edition=0.0)


class Whole(Table):
    """A scenario with one table."""

    rules: Rules = Rules()


def test_numbers_of_the_second_edition_become_neutral() -> None:
    content = first_edition(Whole, {"rules": {"old": 0.7, "new": 0.9}})
    assert content == {"rules": {"old": 0.7, "new": 0.0}, "edition": 1}


def test_written_numbers_can_stay() -> None:
    content = first_edition(Whole, {"rules": {"new": 0.9}}, only_missing=True)
    assert content == {"rules": {"new": 0.9}, "edition": 1}


def test_own_values_of_the_first_edition_are_applied() -> None:
    content: dict[str, Any] = {"rules": {"old": 0.7}, "first_edition": {"rules.old": 0.1}}
    assert first_edition(Whole, content)["rules"] == {"old": 0.1, "new": 0.0}


def test_stored_content_without_an_edition_is_of_the_first() -> None:
    assert completed(Whole, {"rules": {}})["edition"] == 1
    assert completed(Whole, {"rules": {}, "edition": 2}) == {"rules": {}, "edition": 2}


def test_the_second_edition_is_the_default() -> None:
    assert load_scenario("february_2025").edition == 2


def test_an_override_chooses_the_edition_before_the_others() -> None:
    scenario = load_scenario("february_2025", {"talks.window": 13, "edition": 1})
    assert (scenario.edition, scenario.talks.window) == (1, 13)
    assert scenario == in_first_edition(load_scenario("february_2025", {"talks.window": 13}))


def test_a_scenario_can_extend_another_in_the_first_edition(tmp_path: Path) -> None:
    file = tmp_path / "old.toml"
    file.write_text(
        'name = "old"\ntitle = "Old"\nextends = "february_2025"\nedition = 1\n', encoding="utf-8"
    )
    first = load_scenario("february_2025", {"edition": 1})
    same = {"name", "title", "description", "extends"}
    assert load_scenario(file).model_dump(exclude=same) == first.model_dump(exclude=same)


def test_results_contain_the_edition() -> None:
    scenario = load_scenario("classroom", {"edition": 1})
    assert restored(scenario.model_dump(mode="json")) == scenario


def test_an_unknown_edition_is_reported() -> None:
    with pytest.raises(ScenarioError, match="edition"):
        load_scenario("classroom", {"edition": 3})


def test_an_unknown_name_of_the_first_edition_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(
        'name = "new"\ntitle = "New"\nextends = "classroom"\n[first_edition]\n"talks.windo" = 2\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"talks\.window"):
        load_scenario(file)
