"""Tests of results folders that others wrote: hostile manifests, names, links, devices, pipes."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.inputs import results_index
from benchmarks.fault_injection.readers import READERS, SLOW, try_reader, write_experiment
from experiments.report.folder import read_folder
from experiments.report.page import report
from experiments.results import untrusted
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from experiments.results.layout import CELLS, FIGURES, FINDINGS, MANIFEST, SUMMARY

FUZZ = int(os.environ.get("WINSET_FUZZ", "150"))  # inputs for each reader


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return the folder of an experiment."""
    return write_experiment(tmp_path / "one")


@pytest.mark.parametrize("name", READERS)
def test_mutated_files_are_refused_in_words_or_read(name: str) -> None:
    tally = try_reader(name, range(FUZZ))
    assert tally.faults == []
    assert tally.slowest < SLOW
    assert len(tally.verdicts) == 2


DEEP = "[" * 200_000


@pytest.mark.parametrize("text", [DEEP, "[" * 900 + "]" * 900, '{"a":' * 5000, "", '"\\ud800"'])
def test_one_bad_manifest_leaves_the_other_folders(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path))
    write_experiment(tmp_path / "one")
    write_experiment(tmp_path / "two")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / MANIFEST).write_text(text)
    assert results_index.comparable("one") == ["two"]
    with pytest.raises(ResultsError, match="cannot be read as JSON"):
        read_folder(tmp_path / "x")


def _change(place: Path, **entries: Any) -> None:
    content = json.loads((place / MANIFEST).read_text())
    (place / MANIFEST).write_text(json.dumps(content | entries))


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"points": "many"}, 'points = "many"'),
        ({"points": 0}, "points = 0"),
        ({"worlds": 1e300}, "worlds"),
        ({"seed": -1}, "seed = -1"),
        ({"about": {"figures": ["one"]}}, "about.figures"),
        ({"about": {"figures": {"../../one": "x"}}}, "leads outside the folder"),
        ({"about": {"cards": [{"x": 1}]}}, r"cards"),
        ({"about": {"factors": {"a": 1}}}, r"factors"),
        ({"arms": [{"name": "a", "scenario": "classroom"}]}, r"scenario = "),
        ({"arms": [{"name": "a", "scenario": {"time": 3}}]}, "time = 3"),
        ({"arms": []}, "arms"),
        ({"versions": ["1"]}, "versions"),
        ({"processor": {"simd": 7}}, "simd = 7"),
        ({"columns": {"a": 1}}, "columns"),
        ({"command": ["rm"]}, "command"),
        ({"swept": list(range(1000))}, "950 more"),
    ],
)
def test_entries_of_another_type_are_named(entries: dict[str, Any], told: str, place: Path) -> None:
    _change(place, **entries)
    for reader in (report, read_results):
        with pytest.raises(ResultsError, match=told) as refused:
            reader(place)
        assert len(str(refused.value)) < 10_000


NAMES = ("../secret", "/etc/passwd", "/dev/zero", "a/../../secret", "C:\\secret", "a\x00b", "")


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_in_the_folder(name: str, place: Path) -> None:
    (place.parent / "secret").write_text("secret")
    files = json.loads((place / MANIFEST).read_text())["files"]
    _change(place, files=files | {name: "0" * 64})
    with pytest.raises(ResultsError, match=r"leads outside|is no file name"):
        report(place)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(untrusted.LARGEST + 1)


STRANGE: dict[str, Callable[[Path], object]] = {
    "a link outside": lambda path: path.symlink_to("/etc/passwd"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "a circle": lambda path: path.symlink_to(path.name),
    "a large file": _sparse,
}


@pytest.mark.parametrize(
    "file", [MANIFEST, SUMMARY, CELLS, FINDINGS, f"{FIGURES}/one.png", "a.csv"]
)
@pytest.mark.parametrize("strange", STRANGE)
def test_only_regular_files_inside_are_read(strange: str, file: str, place: Path) -> None:
    if file in (SUMMARY, "a.csv"):
        _change(place, kind="study")  # the kind whose report shows this file
    path = place / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    STRANGE[strange](path)
    with pytest.raises(ResultsError):
        report(place)
    assert not (place / "report.html").exists()


@pytest.mark.parametrize("strange", ["a link outside", "a link to a device", "a pipe"])
def test_listed_files_are_regular(strange: str, place: Path) -> None:
    files = json.loads((place / MANIFEST).read_text())["files"]
    _change(place, files=files | {"more.parquet": "0" * 64})
    STRANGE[strange](place / "more.parquet")
    with pytest.raises(ResultsError, match=r"more\.parquet: .* (outside|regular)"):
        read_results(place)


def test_links_inside_the_folder_are_read(place: Path) -> None:
    (place / "real.txt").write_text("the summary")
    (place / SUMMARY).symlink_to("real.txt")
    _change(place, kind="study")
    assert "the summary" in report(place).read_text()
