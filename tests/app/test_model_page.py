"""Model: its text, every number of a scenario, limits whose tests exist, history, citation."""

import ast
import re
from pathlib import Path

import ipyvuetify
import pytest

from app import model_facts as facts
from app.components.blocks import words_html
from app.inputs.explore_url import MAIN
from app.inputs.scenario_store import ScenarioStore
from app.pages import model
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario
from tests.app.test_components import Shown


def html(shown: Shown) -> str:
    blocks = [w for w in shown.every(ipyvuetify.VuetifyTemplate) if hasattr(w, "unsafe_innerHTML")]
    return " ".join(str(one.unsafe_innerHTML) for one in blocks)


def names(path: Path) -> set[str]:
    """Return the tests of a module, as Class::test or test."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            inner = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            found |= {f"{node.name}::{one.name}" for one in inner}
    return found


def test_every_limit_names_a_test_that_exists(root: Path) -> None:
    found = facts.limits()
    assert len(found) > 10
    for limit in found:
        file, _, test = limit.test.partition("::")
        assert test in names(root / file), limit.test
        assert limit.says
        assert limit.source


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_every_number_has_a_row_with_unit_range_and_source(name: str) -> None:
    known = load_scenario(name).parameters()
    rows = facts.numbers(load_scenario(name))
    assert [row["name"] for row in rows] == list(known)
    for row in rows:
        assert row["meaning"]
        assert " to " in row["range"]
        assert row["source"] or row["assumed"], row["name"]


def test_the_page_says_all_parts() -> None:
    shown = Shown("/model")
    said = shown.text() + html(shown)
    for title in model.PARTS.values():
        assert title in said
    assert "No forecast." in said
    assert "@software{winset" in said
    assert "share of the first proposer, in tests/test_limits.py" in said
    (numbers,) = shown.find("numbers.vue")
    assert len(numbers.rows) == len(load_scenario(MAIN).parameters())
    shown.change("scenario", "classroom")
    assert shown.paths[-1] == "/model?scenario=classroom"
    (numbers,) = shown.find("numbers.vue")
    assert len(numbers.rows) == len(load_scenario("classroom").parameters())
    shown.context.close()


def test_an_unknown_scenario_is_told() -> None:
    name, (problem,) = model.asked("scenario=../<b>", ScenarioStore())
    assert name == MAIN
    assert "there is no such scenario" in str(problem)


def test_history_is_its_page_s_beginning_or_said_to_be_missing(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    assert facts.summary(page) == ""
    page.write_text("# Title\n\nIt did so.\n\n![a](b.png) See [x](y.md).\n\n## More\n\nLong.\n")
    told = facts.summary(page)
    assert told.startswith("It did so.")
    assert "Long." not in told
    assert words_html(told) == "<p>It did so.</p>\n<p>a See x.</p>"
    page.write_text("# Title\n\n## Summary\n\nIn short.\n\n## More\n\nLong.\n")
    assert facts.summary(page) == "In short."
    page.write_text("# Title\n\n" + "Word. " * 900 + "\n\n" + "Word. " * 900)
    assert len(facts.summary(page)) < facts.LONGEST


def test_history_tells_how_well_it_did_and_against_whom() -> None:
    told = facts.summary()
    for part in ("patterns", "persistence", "random walk", "95 % interval"):
        assert part in told
    rest = facts.VALIDATION.read_text(encoding="utf-8").partition(told.splitlines()[-1])[2]
    quoted = re.findall(r"[+-]?\.\d+", told)
    assert len(quoted) > 5
    assert all(number in rest for number in quoted)


def test_the_texts_are_plain_and_whole() -> None:
    found = facts.texts()
    assert set(found) <= set(model.PARTS.values())
    assert sum(len(text.split()) for text in found.values()) < 900  # two screens
    for text in found.values():
        assert "<" not in text
