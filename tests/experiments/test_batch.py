"""Batches in one process: the same bytes however they are cut short, and what is refused."""

import dataclasses
import errno
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.batch import merge as merging
from experiments.batch import plan as planning
from experiments.batch.merge import merge
from experiments.batch.progress import Progress
from experiments.batch.run import Shard, run_batch
from experiments.columns import SWEEP
from experiments.engine import Run
from experiments.engines import Used
from experiments.results.errors import BatchInterrupted, ResultsError
from experiments.results.files import TEMPORARY, sha256, write_whole
from experiments.results.folder import add_tables, read_results, write_results
from experiments.results.replay import replay_row
from experiments.study import run_study
from tests.batches import WIDTH, small_study

TABLES = ("runs.parquet", "weeks.parquet")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small study, run at one go. Tests must not change it."""
    return run_batch(small_study(), tmp_path_factory.mktemp("batch") / "whole", width=WIDTH)


def partly(folder: Path, *parts: int) -> Path:
    """Run some of the five chunks."""
    for part in parts:
        run_batch(small_study(), folder, shard=Shard(part, 5), width=WIDTH)
    return folder


def test_the_tables_are_those_of_the_study_in_memory(whole: Path) -> None:
    found = read_results(whole)
    expected = run_study(small_study())
    pd.testing.assert_frame_equal(
        found.outcomes[expected.columns], expected, check_dtype=False, check_column_type=False
    )
    assert found.manifest["arms"][1]["name"] == "two"
    assert (found.manifest["worlds"], found.manifest["points"]) == (30, 3)
    assert not (whole / "chunks").exists()
    assert found.failed.empty


@pytest.mark.parametrize("world", [0, 3, 14, 19, 20, 27, 29])
def test_any_row_can_be_replayed(whole: Path, world: int) -> None:
    found = read_results(whole, columns=())
    again = replay_row(found, world)
    kept = found.row(world)
    assert again.outcomes.index.tolist() == [world]
    shared = kept[again.outcomes.columns]
    pd.testing.assert_frame_equal(shared, again.outcomes, check_exact=True, check_dtype=False)
    assert kept.drop(columns=again.outcomes.columns).isna().all(axis=None)
    assert again.weeks is not None


def test_a_missing_number_is_told_as_the_arm_s_own(whole: Path) -> None:
    rates = read_results(whole).sweep["talks.rate"]
    own = small_study().arms[0].scenario.parameters()["talks.rate"].value
    assert rates.tolist() == [0.4] * 10 + [own] * 10 + [0.7] * 10


def test_some_columns_of_many_are_read(whole: Path) -> None:
    found = read_results(whole, columns=["outcome", SWEEP + "talks.rate"])
    assert found.outcomes.columns.tolist() == ["arm", "point", "stream", "outcome"]
    assert list(found.sweep) == ["talks.rate"]
    with pytest.raises(ResultsError, match="Did you mean"):
        read_results(whole, columns=["outcom"])


def test_tables_can_be_added(tmp_path: Path) -> None:
    folder = run_batch(small_study(), tmp_path / "more", width=WIDTH)
    table = pd.DataFrame({"index": [0.5, np.nan]})
    add_tables(folder, {"indices.parquet": table})
    pd.testing.assert_frame_equal(read_results(folder).table("indices.parquet"), table)
    with pytest.raises(ResultsError, match="no such table"):
        read_results(folder).table("index.parquet")


def test_shards_joined_give_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    folder = partly(tmp_path / "shards", 3, 1, 5)
    with pytest.raises(ResultsError, match=r"2 of 5 chunks are missing: 1, 3\. Run their shards"):
        merge(folder)
    partly(folder, 2, 4)
    merge(folder, "python run.py merge")
    assert contents(folder) == contents(whole)
    assert read_results(folder).manifest["command"] == "python run.py merge"


def test_no_shards_to_join(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"study\.json: missing"):
        merge(tmp_path)


def test_what_is_there_is_not_run_again(whole: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    folder = partly(tmp_path / "part", 1, 2)
    with pytest.raises(ResultsError, match="--resume"):
        run_batch(small_study(), folder, width=WIDTH)
    run_batch(small_study(), folder, resume=True, on_progress=told.append, width=WIDTH)
    assert [progress.chunks_done for progress in told] == [2, 3, 4, 5]
    assert [progress.worlds_done for progress in told] == [16, 20, 28, 30]
    assert told[-1].left == 0.0
    assert contents(folder) == contents(whole)
    del told[:]
    assert run_batch(small_study(), folder, on_progress=told.append, width=WIDTH) == folder
    assert not told


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("kind", "damage"),
    [("runs", cut), ("weeks", flip), ("runs", lambda path: path.write_bytes(b""))],
    ids=["cut", "a bit flipped", "empty"],
)
def test_only_a_damaged_chunk_is_run_again(
    whole: Path, tmp_path: Path, damage: Callable[[Path], object], kind: str
) -> None:
    folder = partly(tmp_path / "part", 1, 2, 3)
    (path,) = (folder / "chunks").glob(f"000001.{kind}.*")
    damage(path)
    told: list[Progress] = []
    run_batch(small_study(), folder, resume=True, on_progress=told.append, width=WIDTH)
    assert told[0].chunks_done == 2
    assert told[1].note == f"chunks/{path.name} was changed or truncated: its chunk runs again"
    assert contents(folder) == contents(whole)


def snapshot(folder: Path) -> dict[str, bytes]:
    paths = sorted(folder.rglob("*"))
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def foreign_file(folder: Path) -> None:
    (folder / "chunks" / "notes.txt").write_text("mine")


def chunk_of_another_study(folder: Path) -> None:
    other = folder.parent / "other"
    run_batch(small_study(seed=4), other, shard=Shard(4, 4), width=WIDTH)
    (path,) = (other / "chunks").glob("000003.runs.*")
    path.rename(folder / "chunks" / path.name)


def another_code(folder: Path) -> None:
    path = folder / "chunks" / "study.json"
    study = json.loads(path.read_text())
    study["identity"]["code"] = "0" * 64
    study["identity"]["versions"] = {"numpy": "1.0"}
    path.write_text(json.dumps(study))


def no_table(folder: Path) -> None:
    name = f"000003.runs.{sha256(b'no table')[:16]}.parquet"
    (folder / "chunks" / name).write_bytes(b"no table")


def no_file(folder: Path) -> None:
    (folder / "chunks" / f"000003.runs.{'0' * 16}.parquet").mkdir()


def no_json(folder: Path) -> None:
    (folder / "chunks" / "study.json").write_text("{")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "foreign file": (foreign_file, r"chunks/notes\.txt: is not a chunk of a study\. Remove it"),
    "another study's chunk": (chunk_of_another_study, "is a chunk of another study"),
    "another version": (
        another_code,
        r"code = .000(.|\n)* versions\.numpy = .1\.0.: must be",
    ),
    "no table, under its own hash": (no_table, "is a chunk of another study"),
    "no file": (no_file, r"000003\.runs\..*: cannot be read \(Is a directory\)"),
    "no json": (no_json, "cannot be read as JSON"),
}


@pytest.mark.parametrize(("spoil", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_folder_that_was_meddled_with_is_refused_and_left(
    tmp_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    folder = partly(tmp_path / "part", 1)
    spoil(folder)
    before = snapshot(folder)
    with pytest.raises(ResultsError, match=message):
        run_batch(small_study(), folder, resume=True, width=WIDTH)
    assert snapshot(folder) == before


@pytest.mark.parametrize("resume", [True, False])
def test_a_folder_of_something_else_is_refused_and_left(
    whole: Path, tmp_path: Path, resume: bool
) -> None:
    before = snapshot(whole)
    with pytest.raises(ResultsError, match=r"seed = 3: must be 4(.|\n)*remove this one"):
        run_batch(small_study(seed=4), whole, resume=resume, width=WIDTH)
    assert snapshot(whole) == before
    (tmp_path / "novel.txt").write_text("It was a dark and stormy night.")
    with pytest.raises(
        ResultsError, match=r"folder = novel\.txt: the folder contains something else"
    ):
        run_batch(small_study(), tmp_path, resume=resume, width=WIDTH)
    assert {path.name for path in tmp_path.iterdir()} == {"novel.txt"}


def test_a_run_that_was_no_study_is_refused_and_left(made: Run, tmp_path: Path) -> None:
    folder = write_results(made, tmp_path / "run")
    before = snapshot(folder)
    with pytest.raises(ResultsError, match="another run, which is not a study"):
        run_batch(small_study(), folder, width=WIDTH)
    assert snapshot(folder) == before


def test_what_was_damaged_is_joined_again_while_its_chunks_are_there(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "joined"
    # as if it had been killed before its chunks were taken away
    monkeypatch.setattr("experiments.batch.merge.shutil.rmtree", lambda path: None)
    run_batch(small_study(), folder, width=WIDTH)
    monkeypatch.undo()
    (folder / f"{TEMPORARY}of_a_join_that_was_killed").write_bytes(b"half")
    cut(folder / "runs.parquet")
    told: list[Progress] = []
    run_batch(small_study(), folder, resume=True, on_progress=told.append, width=WIDTH)
    assert [progress.chunks_done for progress in told] == [5]  # none was run again
    assert contents(folder) == contents(whole)
    assert {path.name for path in folder.iterdir()} == {path.name for path in whole.iterdir()}


def test_weeks_by_point_are_those_of_the_study_in_memory_however_it_is_cut(tmp_path: Path) -> None:
    study = dataclasses.replace(small_study(), by_point=True)
    one, many = (run_batch(study, tmp_path / str(w), width=w) / TABLES[1] for w in (1000, 4))
    weeks, pieces = pd.read_parquet(one), pd.read_parquet(many)
    assert set(weeks["point"]) == {0, 1, 2}
    pd.testing.assert_frame_equal(weeks, pieces)


def test_a_whole_folder_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = run_batch(small_study(), tmp_path / "changed", width=WIDTH)
    cut(folder / "runs.parquet")
    with pytest.raises(ResultsError, match=r"runs\.parquet sha256"):
        run_batch(small_study(), folder, width=WIDTH)


def test_a_full_disk_is_named_and_what_is_done_is_kept(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [4]

    def fill(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_whole(path, content)

    monkeypatch.setattr("experiments.batch.folder.write_whole", fill)
    with pytest.raises(ResultsError, match=r"the disk is full.*Free some space, then .* --resume"):
        run_batch(small_study(), tmp_path / "full", width=WIDTH)
    monkeypatch.undo()
    assert len(list((tmp_path / "full" / "chunks").glob("*.runs.*"))) == 2
    run_batch(small_study(), tmp_path / "full", resume=True, width=WIDTH)
    assert contents(tmp_path / "full") == contents(whole)


@pytest.mark.parametrize("step", ["_write_runs", "_write_weeks", "write_manifest"])
@pytest.mark.parametrize("after", [True, False])
def test_a_join_that_was_stopped_is_done_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    real = getattr(merging, step)

    def stop(*given: object) -> None:
        if after:
            real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(merging, step, stop)
    with pytest.raises(BatchInterrupted, match="5 of 5 chunks are kept"):
        run_batch(small_study(), tmp_path / "join", width=WIDTH)
    monkeypatch.undo()
    run_batch(small_study(), tmp_path / "join", resume=True, width=WIDTH)
    assert contents(tmp_path / "join") == contents(whole)
    assert not (tmp_path / "join" / "chunks").exists()


def test_what_is_resumed_keeps_its_engine(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_numba(study: object) -> Used:
        return Used("numpy", "The machine cannot be compiled.")

    assert read_results(whole).manifest["engine"] == "traced"
    with monkeypatch.context() as patch:
        patch.setattr(planning, "engine_of", without_numba)
        partly(tmp_path / "numpy", 1, 3)
    begun = partly(tmp_path / "traced", 1, 3)
    with monkeypatch.context() as patch:
        patch.setattr(planning, "engine_of", without_numba)
        resumed = run_batch(small_study(), begun, width=WIDTH, resume=True)
        assert contents(resumed) == contents(whole)
        assert run_batch(small_study(), resumed, width=WIDTH) == resumed  # left as it is
    other = run_batch(small_study(), tmp_path / "numpy", width=WIDTH, resume=True)
    manifest = read_results(other).manifest
    assert (manifest["engine"], manifest["engine_reason"]) == (
        "numpy", "The machine cannot be compiled.",
    )  # fmt: skip
    assert replay_row(read_results(other), 3).engine == "numpy"
