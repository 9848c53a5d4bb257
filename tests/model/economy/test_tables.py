"""Data files that come with the program: read when they are as they came, else told in words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.history import record
from model.economy.data import FOLDER
from model.economy.tables import SUMS, check, content, renew, rows
from model.schema.problems import ScenarioError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "data"))


@pytest.mark.parametrize("folder", [FOLDER, record.DATA], ids=lambda folder: folder.parent.name)
def test_the_sums_of_the_project_are_those_of_its_tables(folder: Path) -> None:
    assert (folder / SUMS).read_bytes() == renew(folder)
    check(folder)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-9],
        lambda whole: whole.replace(b"1", b"2", 1),
        lambda whole: whole.replace(b"\n", b"", 1),
        lambda whole: b"\xff\xfe" + whole,
    ],
    ids=["cut", "changed", "joined", "foreign"],
)
def test_a_table_that_was_changed_is_told(data: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = data / "sectors.csv"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ScenarioError, match=r"sectors\.csv has 1 problem") as told:
        rows(path)
    assert "its SHA-256 = " in str(told.value)
    assert "which has the checksum " in str(told.value)
    assert "git checkout -- " in str(told.value)


def test_a_table_of_another_system_is_read_all_the_same(data: Path) -> None:
    path = data / "anchors.csv"
    before = rows(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert rows(path) == before


def test_a_table_that_is_gone_unknown_or_has_no_sums_is_told(data: Path) -> None:
    (data / "more.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ScenarioError, match=r"more\.csv: it has no checksum of this file"):
        content(data / "more.csv")
    (data / "input_use.csv").unlink()
    with pytest.raises(ScenarioError, match=r"input_use\.csv has(.|\n)*No such file"):
        check(data)
    (data / SUMS).write_text("nothing of the kind\n")
    with pytest.raises(ScenarioError, match=r"it is not a list of checksums"):
        content(data / "anchors.csv")


def test_a_change_that_is_meant_is_read_when_its_sum_is_renewed(data: Path) -> None:
    path = data / "anchors.csv"
    path.write_bytes(path.read_bytes().replace(b"2017", b"2016"))
    (data / SUMS).write_bytes(renew(data))
    assert any("2016" in str(row) for row in rows(path))
