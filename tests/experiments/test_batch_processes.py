"""Batches as real processes: workers and whole batches are killed, and no row is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path

import pytest

from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import WORKER_ENVIRONMENT, Pool
from experiments.results.errors import ResultsError
from tests.batches import CHUNKS, drawing, long_study

LONG_WIDTH = 800
TABLES = ("runs.parquet", "weeks.parquet")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the long study, run at one go in this process."""
    return run_batch(long_study(), tmp_path_factory.mktemp("whole"), width=LONG_WIDTH)


@contextmanager
def started(root: Path, folder: Path, workers: int) -> Iterator[subprocess.Popen[str]]:
    """Give a batch in a process of its own; it is gone when the block ends."""
    command = [sys.executable, "-m", "tests.batches", str(folder), str(workers), "anew"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def reached(process: subprocess.Popen[str], chunks: int) -> list[int]:
    """Wait until so many chunks are done; return the workers' process numbers."""
    assert process.stdout
    for line in process.stdout:
        done, *workers = line.split()
        if int(done) >= chunks:
            return [int(number) for number in workers]
    raise AssertionError("the batch ended too early")


def gone(number: int) -> bool:
    """Say whether a process that is not our child is gone, or only waits to be counted."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_pool_survives_the_death_of_a_worker(whole: Path, tmp_path: Path) -> None:
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if progress.chunks_done == 2 and not progress.note and len(told) < 6:
            child = active_children()[0]
            assert child.pid
            os.kill(child.pid, signal.SIGKILL)

    folder = run_batch(long_study(), tmp_path / "pool", Pool(2), on_progress=tell, width=LONG_WIDTH)
    assert contents(folder) == contents(whole)
    assert any("a worker died" in progress.note for progress in told)
    assert told[-1].chunks_done == CHUNKS
    assert not active_children()


def test_workers_have_their_environment_and_draw_nothing() -> None:
    before = dict(os.environ)
    with Pool(1).open() as workers:
        found = {n: workers.executor.submit(os.getenv, n).result() for n in WORKER_ENVIRONMENT}
        loaded = workers.executor.submit(drawing).result()
    assert found == WORKER_ENVIRONMENT
    assert dict(os.environ) == before
    assert not loaded


def test_who_has_set_threads_finds_them_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    with Pool(1).open():
        assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "3"


@pytest.mark.parametrize("chunks", [1, 6])
def test_a_batch_that_was_killed_goes_on(
    root: Path, whole: Path, tmp_path: Path, chunks: int
) -> None:
    with started(root, tmp_path / "killed", 1) as process:
        reached(process, chunks)
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    told: list[Progress] = []
    folder = tmp_path / "killed"
    with pytest.raises(ResultsError, match="--resume"):
        run_batch(long_study(), folder, width=LONG_WIDTH)
    run_batch(long_study(), folder, resume=True, on_progress=told.append, width=LONG_WIDTH)
    assert told[0].chunks_done >= chunks
    assert contents(folder) == contents(whole)
    assert {path.name for path in folder.iterdir()} == {
        *TABLES,
        "manifest.json",
        "ro-crate-metadata.json",
    }


def test_workers_of_a_batch_that_was_killed_end(root: Path, tmp_path: Path) -> None:
    with started(root, tmp_path / "killed", 2) as process:
        workers = reached(process, 1)
        assert len(workers) == 2
        process.kill()
    end = time.monotonic() + 60
    while not all(map(gone, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert all(map(gone, workers))


def test_ctrl_c_keeps_what_is_done(root: Path, whole: Path, tmp_path: Path) -> None:
    with started(root, tmp_path / "stopped", 1) as process:
        reached(process, 1)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 130
    assert "8 chunks are kept in" in rest.splitlines()[-1]
    assert "with --resume to continue." in rest
    folder = run_batch(long_study(), tmp_path / "stopped", resume=True, width=LONG_WIDTH)
    assert contents(folder) == contents(whole)
