"""Tests of the Model page: text, numbers, tested limits, history, citation."""

import ast
import re
from html import unescape
from pathlib import Path

import ipyvuetify
import jsonschema
import pytest

from app import model_facts as facts
from app.components.blocks import words_html
from app.inputs.explore_url import MAIN
from app.inputs.scenario_store import ScenarioStore
from app.pages import model
from experiments.diagnose.diagnosis import WORLDS
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.schema import schema
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario
from tests.app.test_components import Shown


def html(shown: Shown) -> str:
    blocks = [w for w in shown.every(ipyvuetify.VuetifyTemplate) if hasattr(w, "unsafe_innerHTML")]
    return " ".join(str(one.unsafe_innerHTML) for one in blocks)


def names(path: Path) -> set[str]:
    """Return the tests of a module, as Class::test or test."""
    tests = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            tests.add(node.name)
        elif isinstance(node, ast.ClassDef):
            inner = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            tests |= {f"{node.name}::{one.name}" for one in inner}
    return tests


def test_limits_name_existing_tests(root: Path) -> None:
    limits = facts.limits()
    assert len(limits) > 10
    for limit in limits:
        file, _, test = limit.test.partition("::")
        assert test in names(root / file), limit.test
        assert limit.says
        assert limit.source


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_rows_of_numbers(name: str) -> None:
    known = load_scenario(name).parameters()
    rows = facts.numbers(load_scenario(name))
    assert [row["name"] for row in rows] == list(known)
    for row in rows:
        assert row["meaning"]
        assert " to " in row["range"]
        assert row["source"] or row["assumed"], row["name"]


def test_the_page_has_all_parts() -> None:
    shown = Shown("/model")
    text = shown.text() + html(shown)
    for title in model.PARTS.values():
        assert title in text
    assert "No forecast." in text
    assert "@software{winset" in text
    assert "share of the first proposer, in tests/test_limits.py" in text
    (numbers,) = shown.find("numbers.vue")
    assert len(numbers.rows) == len(load_scenario(MAIN).parameters())
    shown.change("scenario", "classroom")
    assert shown.paths[-1] == "/model?scenario=classroom"
    (numbers,) = shown.find("numbers.vue")
    assert len(numbers.rows) == len(load_scenario("classroom").parameters())
    shown.context.close()


def test_the_page_shows_the_diagnostics_and_their_command() -> None:
    found = facts.diagnosis()
    shown = Shown("/model")
    text = unescape(html(shown)).replace("\u00a0", " ")
    assert found["command"] in text
    for figure in FIGURES:
        assert figure.meaning in text, figure.key
    shown.context.close()


def test_the_shipped_diagnostics_are_of_the_default_scenario(root: Path) -> None:
    found = facts.diagnosis()
    jsonschema.validate(found, schema())
    assert (found["scenario"], found["edition"]) == (MAIN, 2)
    folder = facts.DIAGNOSIS.parent.relative_to(root).as_posix()
    assert found["command"] == (
        f"python run.py diagnose {MAIN} --worlds {WORLDS} --seed 1 --out {folder}"
    )


def test_without_a_file_the_page_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert facts.diagnosis(tmp_path / "none.json") == {}
    (tmp_path / "old.json").write_text('{"format": "another"}')
    assert facts.diagnosis(tmp_path / "old.json") == {}
    monkeypatch.setattr(facts, "diagnosis", lambda: {})
    shown = Shown("/model")
    assert "There is no file on this yet." in html(shown)
    shown.context.close()


def test_an_unknown_scenario_is_reported() -> None:
    name, (problem,) = model.asked("scenario=../<b>", ScenarioStore())
    assert name == MAIN
    assert "there is no such scenario" in str(problem)


def test_summary_of_the_validation_page(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    assert facts.summary(page) == ""
    page.write_text("# Title\n\nIt did so.\n\n![a](b.png) See [x](y.md).\n\n## More\n\nLong.\n")
    summary = facts.summary(page)
    assert summary.startswith("It did so.")
    assert "Long." not in summary
    assert words_html(summary) == "<p>It did so.</p>\n<p>a See x.</p>"
    page.write_text("# Title\n\n## Summary\n\nIn short.\n\n## More\n\nLong.\n")
    assert facts.summary(page) == "In short."
    page.write_text("# Title\n\n" + "Word. " * 900 + "\n\n" + "Word. " * 900)
    assert len(facts.summary(page)) < facts.LONGEST


def test_the_summary_compares_the_model_with_baselines() -> None:
    summary = facts.summary()
    for part in ("patterns", "persistence", "random walk", "95 % interval"):
        assert part in summary
    rest = facts.VALIDATION.read_text(encoding="utf-8").partition(summary.splitlines()[-1])[2]
    quoted = re.findall(r"[+-]?\.\d+", summary)
    assert len(quoted) > 5
    assert all(number in rest for number in quoted)


def test_texts_are_complete_and_short() -> None:
    texts = facts.texts()
    assert set(texts) <= set(model.PARTS.values())
    assert sum(len(text.split()) for text in texts.values()) < 900  # two screens
    for text in texts.values():
        assert "<" not in text
