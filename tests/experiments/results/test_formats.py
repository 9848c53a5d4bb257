"""Results folders of version 0.1 are read under the new names, with a warning."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

from experiments.engine import Run, simulate
from experiments.report.differences import common_measures, read_worlds
from experiments.report.page import report
from experiments.results.errors import ResultsError
from experiments.results.files import file_sha256
from experiments.results.folder import Results, add_files, add_tables, read_results, write_results
from experiments.results.formats import FORMAT
from experiments.results.replay import replay

OLD = "winset results 2"
NOT_TODAY = ("columns", "winset")  # entries of the manifest that format 2 does not have
CHANCE = pd.DataFrame(
    {"measure": ["truce"], "chance": [0.9], "chance_low": [0.8], "chance_high": [0.95]}
)


def rename(path: Path, new: Path, names: dict[str, str]) -> None:
    """Rename the columns of a Parquet file, and the file."""
    table = pyarrow.parquet.read_table(path)
    path.unlink()
    columns = [names.get(name, name) for name in table.column_names]
    pyarrow.parquet.write_table(table.rename_columns(columns), new)


def aged(folder: Path) -> Path:
    """Turn a results folder into one as version 0.1 wrote it."""
    rename(folder / "runs.parquet", folder / "runs.parquet", {"stream": "luck"})
    old = {str(name): str(name).replace("chance", "luck") for name in CHANCE}
    rename(folder / "chance.parquet", folder / "luck.parquet", old)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    names = [name.replace("chance", "luck") for name in manifest["files"]]
    manifest["files"] = {name: file_sha256(folder / name) for name in names}
    manifest = {key: value for key, value in manifest.items() if key not in NOT_TODAY}
    path.write_text(json.dumps(manifest | {"format": OLD}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("classroom", 5, 2)


@pytest.fixture
def today(run: Run, tmp_path: Path) -> Path:
    write_results(run, tmp_path / "today", "python run.py simulate classroom")
    add_tables(tmp_path / "today", {"chance.parquet": CHANCE})
    return tmp_path / "today"


@pytest.fixture
def old(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    write_results(run, folder, "python run.py simulate classroom")
    add_tables(folder, {"chance.parquet": CHANCE})
    return aged(folder)


def read(folder: Path, columns: list[str] | None = None) -> Results:
    """Read an old folder, which warns."""
    with pytest.warns(DeprecationWarning, match=r"of version 0\.1"):
        return read_results(folder, columns)


def test_it_really_has_the_old_names(old: Path) -> None:
    assert "luck" in pyarrow.parquet.read_schema(old / "runs.parquet").names
    assert "stream" not in pyarrow.parquet.read_schema(old / "runs.parquet").names
    assert (old / "luck.parquet").exists()
    assert not (old / "chance.parquet").exists()


def test_the_warning_says_what_changed_and_until_when_it_is_read(old: Path) -> None:
    with pytest.warns(DeprecationWarning, match="winset results 2") as caught:
        read_results(old)
    text = str(caught[0].message)
    assert f"{OLD!r} of version 0.1" in text
    assert "luck.parquet is now chance.parquet" in text
    assert "in runs.parquet, luck is now stream" in text
    assert "luck_low is now chance_low" in text
    assert "Version 0.3 will no longer read it" in text


def test_tables_have_the_new_names_and_the_same_values(old: Path, today: Path) -> None:
    results, now = read(old), read_results(today)
    pd.testing.assert_frame_equal(results.outcomes, now.outcomes)
    pd.testing.assert_frame_equal(results.table("chance.parquet"), CHANCE)
    pd.testing.assert_frame_equal(results.row(3), now.row(3))
    assert results.setting_of(3)[3] == 3
    some = read(old, ["outcome"]).outcomes
    assert list(some.columns) == ["arm", "point", "stream", "outcome"]


@pytest.mark.filterwarnings("ignore:.*of version 0.1:DeprecationWarning")
def test_it_is_replayed_compared_and_reported(old: Path, today: Path, run: Run) -> None:
    pd.testing.assert_frame_equal(replay(old, 2).outcomes, run.outcomes.loc[[2]], check_exact=True)
    measures = common_measures(old, today)
    pd.testing.assert_frame_equal(read_worlds(old, measures), read_worlds(today, measures))
    assert report(old).is_file()


@pytest.mark.filterwarnings("ignore:.*of version 0.1:DeprecationWarning")
def test_nothing_is_added_to_it(old: Path) -> None:
    before = (old / "manifest.json").read_bytes()
    with pytest.raises(ResultsError, match="to add files to it"):
        add_files(old, {"summary.txt": "More.\n"})
    assert (old / "manifest.json").read_bytes() == before
    assert not (old / "summary.txt").exists()


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"format": "winset results 1"}, r"a version of Winset before 0\.1 wrote it"),
        (
            {"format": "winset results 9", "winset": "0.7.0", "commit": "abcdef1234567890"},
            r"later version of Winset \(0\.7\.0\) wrote it.*with that one \(commit abcdef1\w*\)",
        ),
        ({"format": "theirs"}, "another program wrote it"),
        ({"format": ["winset results 2"]}, "another program wrote it"),
    ],
)
def test_a_folder_that_cannot_be_read_says_which_version_can(
    today: Path, entries: dict[str, object], message: str
) -> None:
    path = today / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | entries), encoding="utf-8")
    with pytest.raises(ResultsError, match=message) as caught:
        read_results(today)
    assert f'must be "{FORMAT}"' in str(caught.value)


def test_an_outcome_that_is_not_declared_is_refused(run: Run, tmp_path: Path) -> None:
    strange = run.outcomes.assign(outcome=["armistice", *run.outcomes["outcome"][1:]])
    folder = write_results(Run(run.scenario, run.seed, strange), tmp_path)
    with pytest.raises(ResultsError, match=r"outcome = armistice: no outcome of this version"):
        read_results(folder)
