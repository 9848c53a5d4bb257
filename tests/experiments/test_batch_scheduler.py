"""Chunks that raise or kill their worker: they have their row, and all others are done."""

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import Workers
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from tests.batches import WIDTH, small_study


class Fragile(Executor):
    """Works at once, and breaks at some chunks: whatever it is given from then on is lost."""

    def __init__(self, killers: set[int]) -> None:
        self.killers, self.broken = killers, False

    def submit(self, fn: Any, /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        (job,) = given
        self.broken = self.broken or job.number in self.killers
        if self.broken:
            future.set_exception(BrokenExecutor("a process ended abruptly"))
        elif job.number == 2:
            future.set_exception(ArithmeticError("the sum is off"))
        else:
            future.set_result(fn(job))
        return future


class Runner:
    """Opens fragile executors, and knows how often."""

    def __init__(self, killers: set[int], slots: int) -> None:
        self.killers, self.slots, self.opened = killers, slots, 0

    def check(self) -> None:
        """Find nothing wrong."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        self.opened += 1
        yield Workers(Fragile(self.killers), self.slots)


def test_a_chunk_that_raises_is_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    told: list[Progress] = []
    folder = run_batch(
        small_study(), tmp_path, Runner(set(), 1), on_progress=told.append, width=WIDTH
    )
    found = read_results(folder)
    (row,) = found.failed.to_dict("records")
    assert (row["chunk"], row["arm"], row["first"], row["last"]) == (2, "one", 16, 19)
    assert row["error"] == "ArithmeticError: the sum is off"
    assert "ArithmeticError" in row["traceback"]
    assert len(found.outcomes) == 26
    assert (told[-1].chunks_done, told[-1].failed) == (4, 1)
    with pytest.raises(ResultsError, match=r"world = 17: its chunk failed, see failed\.csv"):
        found.setting_of(17)
    again = run_batch(small_study(), folder, resume=True, width=WIDTH)
    assert read_results(again).failed.empty
    assert not (folder / "failed.csv").exists()
    assert len(read_results(again).outcomes) == 30


@pytest.mark.parametrize("slots", [1, 3])
def test_a_chunk_that_kills_is_given_up_and_none_with_it(tmp_path: Path, slots: int) -> None:
    told: list[Progress] = []
    runner = Runner({1}, slots)
    folder = run_batch(small_study(), tmp_path, runner, on_progress=told.append, width=WIDTH)
    found = read_results(folder)
    assert found.failed["chunk"].tolist() == [1, 2]
    assert "died 3 times with this chunk" in found.failed["error"][0]
    assert runner.opened == 4
    assert any("a worker died; its chunks run again: 1" in p.note for p in told)


class Refusing(Runner):
    """Does nothing but raise."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        yield Workers(Raising(set()), 1)


class Raising(Fragile):
    def submit(self, fn: Any, /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(MemoryError("too wide"))
        return future


def test_a_study_of_which_every_chunk_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ResultsError, match="every chunk failed, the first with MemoryError: too wid"
    ):
        run_batch(small_study(), tmp_path, Refusing(set(), 1), width=WIDTH)
    assert len(list((tmp_path / "chunks").glob("*.failed.json"))) == 5


def test_workers_that_die_at_everything_are_told(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"every worker process died(.|\n)*--workers 1"):
        run_batch(small_study(), tmp_path, Runner({0, 1, 2, 3, 4}, 3), width=WIDTH)
