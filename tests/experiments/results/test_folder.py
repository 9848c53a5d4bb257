"""Runs kept as files: what is written is read back, and what was tampered with is refused."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.engine import Run, simulate
from experiments.results.errors import ResultsError
from experiments.results.files import write_whole
from experiments.results.folder import FRONT, add_files, read_results, write_results
from experiments.results.replay import replay


@pytest.fixture
def folder(made: Run, tmp_path: Path) -> Path:
    return write_results(made, tmp_path / "run", "python run.py simulate made")


def test_what_is_written_is_read_back(made: Run, folder: Path) -> None:
    found = read_results(folder)
    outcomes = found.outcomes.drop(columns=FRONT)
    pd.testing.assert_frame_equal(outcomes, made.outcomes, check_column_type=False)
    assert found.outcomes["stream"].tolist() == made.outcomes.index.tolist()
    assert set(found.outcomes["arm"]) == {"february_2025"}
    assert found.sweep.keys() == made.sweep.keys()
    np.testing.assert_array_equal(found.sweep["talks.window"], made.sweep["talks.window"])
    assert found.scenario == made.scenario
    assert found.seed == 7
    assert found.weeks is not None


def test_the_same_run_gives_the_same_bytes(made: Run, folder: Path, tmp_path: Path) -> None:
    again = write_results(made, tmp_path / "again", "python run.py simulate made")
    for name in ("runs.parquet", "weeks.parquet", "manifest.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_the_manifest_says_what_decides_the_numbers(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["command"] == "python run.py simulate made"
    assert (manifest["seed"], manifest["worlds"], manifest["swept"]) == (7, 12, ["talks.window"])
    assert manifest["versions"]["numpy"] == np.__version__
    assert [arm["scenario"]["name"] for arm in manifest["arms"]] == ["february_2025"]
    assert (manifest["kind"], len(manifest["code"])) == ("run", 64)
    assert manifest["processor"]["machine"]


def test_a_world_is_replayed_from_the_folder(tmp_path: Path) -> None:
    run = simulate("february_2025", 4, 5, {"talks.rate": np.array([0.2, 0.3, 0.4, 0.9])})
    folder = write_results(run, tmp_path)
    alone = replay(folder, 3).outcomes
    pd.testing.assert_frame_equal(alone, run.outcomes.loc[[3]], check_exact=True)


def test_texts_are_added_and_vouched_for(made: Run, tmp_path: Path) -> None:
    write_results(made, tmp_path)
    tables = dict(read_results(tmp_path).manifest["files"])
    (path,) = add_files(tmp_path, {"summary.txt": "Ünder assumptions.\n"})
    assert path.read_text(encoding="utf-8") == "Ünder assumptions.\n"
    files = read_results(tmp_path).manifest["files"]
    assert files == tables | {"summary.txt": hashlib.sha256(path.read_bytes()).hexdigest()}
    path.write_text("Certain.\n")
    with pytest.raises(ResultsError, match=r"summary\.txt sha256"):
        read_results(tmp_path)


def test_a_run_without_weeks_removes_those_of_an_earlier_one(made: Run, folder: Path) -> None:
    write_results(replace(made, weeks=None), folder)
    assert read_results(folder).weeks is None
    assert not (folder / "weeks.parquet").exists()


def test_further_tables_are_kept_and_vouched_for(made: Run, tmp_path: Path) -> None:
    table = pd.DataFrame({"cell": [1, 2]})
    write_results(made, tmp_path, more={"sweep.parquet": table})
    pd.testing.assert_frame_equal(read_results(tmp_path).table("sweep.parquet"), table)
    (tmp_path / "sweep.parquet").unlink()
    with pytest.raises(ResultsError, match=r"sweep\.parquet"):
        read_results(tmp_path)


def _edit(key: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))

    return change


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "its run was stopped"),
    "manifest cut": (lambda f: (f / "manifest.json").write_text("{"), "cannot be read as JSON"),
    "manifest a list": (lambda f: (f / "manifest.json").write_text("[]"), "another program"),
    "foreign": (_edit("format", "theirs 3"), '"theirs 3": must be "winset results 3"; another'),
    "seed a word": (_edit("seed", "one"), 'manifest.json seed = "one"'),
    "no files": (_edit("files", {}), r"must list runs\.parquet"),
    "file gone": (lambda f: (f / "weeks.parquet").unlink(), r"weeks\.parquet: manifest"),
    "file changed": (
        lambda f: (f / "runs.parquet").write_bytes(b"PAR1"),
        "was changed or truncated",
    ),
    "column promised": (_edit("swept", ["talks.rate"]), r"column = sweep:talks\.rate: missing"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_folder_is_refused_in_words(
    folder: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(folder)
    with pytest.raises(ResultsError, match=message) as caught:
        read_results(folder)
    assert str(folder) in str(caught.value)


def test_no_table_at_all_is_told(made: Run, folder: Path) -> None:
    (folder / "runs.parquet").write_bytes(b"no table")
    _edit("files", {"runs.parquet": hashlib.sha256(b"no table").hexdigest()})(folder)
    with pytest.raises(ResultsError, match=r"cannot be read as a Parquet table"):
        read_results(folder)


def test_all_problems_are_told_at_once(folder: Path) -> None:
    (folder / "weeks.parquet").unlink()
    (folder / "runs.parquet").write_bytes(b"")
    with pytest.raises(ResultsError, match="has 2 problems"):
        read_results(folder)


def test_no_such_folder_and_no_such_world(folder: Path) -> None:
    with pytest.raises(ResultsError, match="no such folder"):
        read_results(folder / "nowhere")
    with pytest.raises(ResultsError, match=r"world = 12: no such world\. .* 0 and 11"):
        read_results(folder).setting_of(12)


def test_a_scenario_of_another_version_is_told(folder: Path) -> None:
    _edit("arms", [{"name": "old", "scenario": {"name": "old"}}])(folder)
    with pytest.raises(ResultsError, match="this version cannot run it"):
        _ = read_results(folder).scenario


def test_a_folder_that_cannot_be_written_is_told(made: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ResultsError, match="cannot be written"):
        write_results(made, tmp_path / "taken")


def test_a_write_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table"
    write_whole(path, b"old")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
