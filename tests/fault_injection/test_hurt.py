"""Batches that are killed, files that are damaged, disks that are full, clocks that go astray."""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fault_injection.disk import try_disk
from benchmarks.fault_injection.files import REFUSED, cases, judge_file
from benchmarks.fault_injection.kills import TABLES, WIDTH, study, try_kills
from experiments.batch.merge import merge
from experiments.batch.run import Shard, run_batch
from experiments.batch.runners import Workers
from experiments.results.errors import ResultsError
from experiments.results.layout import CHUNKS

DATA = (
    "SHA256SUMS",
    "economy_grid.npz",
    "tariffs.csv",
    "plausible_draws.csv",
    "anchors.csv",
    "sectors.csv",
)
HASHED = ("runs.parquet", "weeks.parquet", "chunks/000000", *DATA)


def test_killed_batches_go_on_to_the_same_bytes() -> None:
    tally = try_kills(range(2))
    assert tally.faults == []
    assert tally.verdicts.total() == 2


def test_full_disks_stop_a_batch_in_words_and_lose_nothing() -> None:
    tally = try_disk(range(2))
    assert tally.faults == []
    assert tally.verdicts == {"stopped with a message, then resumed to the same bytes": 2}


def test_damaged_files_are_told_or_made_anew(tmp_path: Path) -> None:
    some = cases(tmp_path)[::12]  # the command tries them all
    found = {(case.file, case.damage): judge_file(case, tmp_path / "damaged") for case in some}
    assert {case: faults for case, (_, faults) in found.items() if faults} == {}
    silent = {file for (file, _), (verdict, _) in found.items() if verdict.startswith("unused")}
    assert not any(file.startswith(HASHED) for file in silent)
    assert {verdict for verdict, _ in found.values()} >= {
        REFUSED,
        "regenerated with the same bytes",
    }


def test_an_incomplete_description_gives_a_clear_error(tmp_path: Path) -> None:
    run_batch(study(), tmp_path / "part", shard=Shard(1, 2), width=WIDTH)
    path = tmp_path / "part" / CHUNKS / "study.json"
    content = json.loads(path.read_text())
    del content["chunks"]
    path.write_text(json.dumps(content))
    with pytest.raises(ResultsError, match=r"study\.json: it lacks: chunks"):
        merge(tmp_path / "part")


def test_no_clock_decides_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed = run_batch(study(), tmp_path / "undisturbed", width=WIDTH)
    hours = iter(range(10**6, 0, -1))
    monkeypatch.setattr(time, "time", lambda: 3600.0 * next(hours))  # each look an hour earlier
    folder = tmp_path / "astray"
    run_batch(study(), folder, shard=Shard(2, 2), width=WIDTH)
    for number, path in enumerate(sorted((folder / CHUNKS).iterdir())):
        os.utime(path, (0, 4 * 10**9 if number % 2 else 0))  # of 1970, and of 2096
    run_batch(study(), folder, resume=True, width=WIDTH)
    for name in TABLES:
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()


class Broken(Executor):
    """Breaks before it has been given anything."""

    def submit(self, fn: Any, /, *given: Any, **named: Any) -> Future[Any]:
        raise BrokenExecutor("gone")


class Idle:
    """Opens executors that have broken while they had nothing to do."""

    def check(self) -> None:
        """Find nothing wrong."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        yield Workers(Broken(), 2)


def test_executors_that_break_with_nothing_in_hand_do_not_hang(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"die while they are idle(.|\n)*--resume"):
        run_batch(study(), tmp_path / "idle", Idle(), width=WIDTH)
