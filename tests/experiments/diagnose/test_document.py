"""The file of a diagnosis: its keys, its schema, and the tables that are made of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import run
from experiments.diagnose.diagnosis import Diagnosis, diagnose
from experiments.diagnose.document import content, figures_of, text
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.schema import PAGE, schema
from experiments.diagnose.sections import figure_section, sections
from experiments.results.manifest import winset_version
from model.schema.scenario import Scenario, load_scenario, restored

COMMAND = "python run.py diagnose three_advisers"
TOTALS: dict[str, list[int]] = {}


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    TOTALS[title] = [total, 0]

    def advance(amount: int) -> None:
        TOTALS[title][1] += amount

    yield advance


@pytest.fixture(scope="module")
def setting() -> Scenario:
    base = load_scenario("three_advisers", {"time.horizon": 5, "talks.rate": 0.9})
    package = {
        "title": "A draft",
        "date": "2900-01-01",
        "levels": dict.fromkeys(base.issues, 0.5),
        "source": "assumption",
    }
    return restored(base.model_dump(mode="json") | {"record": {"draft": package}})


@pytest.fixture(scope="module")
def diagnosis(setting: Scenario) -> Diagnosis:
    return diagnose(setting, 3, 1, stage)


@pytest.fixture(scope="module")
def found(diagnosis: Diagnosis) -> dict[str, Any]:
    return content(diagnosis, COMMAND)


def test_the_file_has_what_is_promised(found: dict[str, Any]) -> None:
    for part in (found, found["first_edition"]):
        for figure in FIGURES:
            assert part[figure.key] is None or isinstance(part[figure.key], float)
            assert (part["intervals"][figure.key] is None) or len(
                part["intervals"][figure.key]
            ) == 2
        assert isinstance(part["inert_numbers"], list)
    assert (found["edition"], found["first_edition"]["edition"]) == (2, 1)
    assert (found["scenario"], found["worlds"], found["seed"]) == ("three_advisers", 3, 1)
    assert found["version"] == winset_version()
    assert found["command"] == COMMAND
    assert found["record_package_acceptable"] is not None
    assert found["record_package_acceptable_at_start"] == found["record_package_acceptable"]


def test_it_is_valid_and_the_published_schema_is_up_to_date(found: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(text(found)), schema())
    assert PAGE.read_text(encoding="utf-8") == text(schema()), (
        "Run `python -m experiments.diagnose.schema`."
    )


def test_gates_say_whether_they_are_met(found: dict[str, Any]) -> None:
    for figure in FIGURES:
        if figure.gate:
            gate, value = found["gates"][figure.key], found[figure.key]
            assert gate["gate"] == figure.gate.words
            assert gate["met"] == (None if value is None else figure.gate.met(value))


def test_figures_are_read_back(diagnosis: Diagnosis, found: dict[str, Any]) -> None:
    again = figures_of(json.loads(text(found)))
    assert again.keys() == diagnosis.own.figures.keys()
    for key, value in diagnosis.own.figures.items():
        assert again[key] == pytest.approx(value, nan_ok=True)


def test_progress_reaches_the_total_of_the_weeks(diagnosis: Diagnosis) -> None:
    assert TOTALS["edition 1: weeks"] == [3, 3]
    assert set(TOTALS) == {
        f"edition {edition}: {part}"
        for edition in (1, 2)
        for part in ("weeks", "numbers", "mechanisms, actors and edges")
    }


def test_the_tables(diagnosis: Diagnosis) -> None:
    first, *others = sections(diagnosis)
    assert first.columns == ("figure", "edition 1", "as it is", "gate", "finding")
    assert [row[-1] for row in first.rows] == [figure.finding for figure in FIGURES]
    titles = [section.title for section in others]
    assert titles[0] == "Packages of the historical record in three_advisers, edition 1"
    assert "What carries the system in three_advisers, as it is" in titles
    assert titles[-1] == "Inert numbers of three_advisers"
    for section in others:
        assert all(len(row) == len(section.columns) for row in section.rows)


def test_a_scenario_of_the_first_edition_has_one_column() -> None:
    setting = load_scenario("split_the_pie", {"edition": 1, "time.horizon": 4})
    diagnosis = diagnose(setting, 2, 1, stage)
    first, *_ = sections(diagnosis)
    assert first.columns == ("figure", "edition 1", "gate", "finding")
    found = content(diagnosis, COMMAND)
    assert text(found) == text(content(diagnose(setting, 2, 1, stage), COMMAND))
    assert all(found[key] == value for key, value in found["first_edition"].items())


def test_what_cannot_be_measured_is_a_dash() -> None:
    section = figure_section("nothing", {"edition 1": {}}, 2, 1)
    assert {row[1] for row in section.rows} == {"-"}


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["diagnose", "split_the_pie", "--worlds", "3", "--set", "time.horizon=4"]
    with pytest.raises(SystemExit) as caught:
        run.main([*words, "--out", str(tmp_path)])
    assert not caught.value.code
    printed = capsys.readouterr().out
    assert "Diagnostics of split_the_pie" in printed
    assert "Written to" in printed
    found = json.loads((tmp_path / "diagnose.json").read_text(encoding="utf-8"))
    assert found["command"].split() == [
        "python", "run.py", "diagnose", "split_the_pie", "--worlds", "3", "--seed", "1",
        "--set", "time.horizon=4", "--out", str(tmp_path),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_written_is_refused_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("taken")
    with pytest.raises(SystemExit) as caught:
        run.main(["diagnose", "february_2025", "--out", str(tmp_path / "file")])
    assert caught.value.code == run.FAULT
    assert "cannot be written" in capsys.readouterr().err
