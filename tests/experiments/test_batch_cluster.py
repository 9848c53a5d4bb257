"""A real Dask cluster in empty folders: its workers get the code, one dies, no row is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from experiments.batch.cluster import Cluster, _Sealed
from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.results.errors import ResultsError
from model.tracing import machine
from tests.batches import long_study

LONG_WIDTH = 800
DASK = [sys.executable, "-P", "-m", "dask"]
# What dask itself warns of on the way has nothing to do with us.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed.*")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def start(stack: ExitStack, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a process of a cluster in an empty folder, with all that it starts itself."""
    folder.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*DASK, *words], cwd=folder, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, whether it still runs or not."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler, and its two workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        host, port = "127.0.0.1", address.rpartition(":")[2]
        start(stack, tmp_path / "s", "scheduler", "--host", host, "--port", port, "--no-dashboard")
        workers = [
            start(stack, tmp_path / name, "worker", address, "--nthreads", "1", "--no-dashboard",
                  "--local-directory", ".", "--name", name)
            for name in ("one", "two")
        ]  # fmt: skip
        yield address, workers


def ready(address: str) -> None:
    """Wait until both workers are there."""
    from distributed import Client

    last = time.monotonic() + 60
    while True:
        try:
            client = Client(address, timeout=5, set_as_default=False)  # type: ignore[no-untyped-call]
            break
        except OSError:
            assert time.monotonic() < last
    with client:
        client.wait_for_workers(2, timeout=60)


def test_a_cluster_without_the_code_loses_a_worker_and_no_row(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    ready(address)
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if progress.chunks_done == 2:
            end(workers[0])

    runner = Cluster(address)
    with runner.open() as there:  # the workers have been started without this setting
        assert there.executor.submit(machine.threads).result(60) == 1
    folder = run_batch(long_study(), tmp_path / "run", runner, on_progress=tell, width=LONG_WIDTH)
    here = run_batch(long_study(), tmp_path / "here", width=LONG_WIDTH)
    assert told[-1].chunks_done == 8
    for name in ("runs.parquet", "weeks.parquet"):
        assert (folder / name).read_bytes() == (here / name).read_bytes()


def test_no_scheduler_is_told_within_seconds_and_nothing_is_begun(tmp_path: Path) -> None:
    begun = time.monotonic()
    runner = Cluster(f"tcp://127.0.0.1:{free_port()}", timeout=1)
    with pytest.raises(ResultsError, match=r"--scheduler = tcp://.*: cannot be reached"):
        run_batch(long_study(), tmp_path / "run", runner, width=LONG_WIDTH)
    assert time.monotonic() - begun < 15
    assert not (tmp_path / "run").exists()


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"--scheduler = nonsense://x: cannot be reached"):
        run_batch(long_study(), tmp_path / "run", Cluster("nonsense://x", timeout=1))


def test_a_call_of_a_worker_runs_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.THREADS, "3")
    with ThreadPoolExecutor(1) as worker:
        assert _Sealed(worker).submit(machine.threads).result(60) == 1
        assert worker.submit(machine.threads).result(60) == 3
    assert machine.threads() == 3
