"""A Dask scheduler dies in the midst of a batch: what is done is kept, and another one ends it."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.fault_injection.kills import TABLES, WIDTH, study
from experiments.batch.cluster import Cluster
from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.results.errors import ResultsError
from experiments.results.layout import CHUNKS
from tests.experiments.test_batch_cluster import end, free_port, ready, start

# What dask itself warns of when its scheduler is gone has nothing to do with us.
pytestmark = pytest.mark.filterwarnings("ignore:::distributed.*", "ignore::ResourceWarning")
HOST = "127.0.0.1"


def test_a_scheduler_that_is_gone_and_back_costs_no_row(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, port = tmp_path / "run", str(free_port())
    address = f"tcp://{HOST}:{port}"
    told: list[Progress] = []
    with ExitStack() as stack:

        def cluster(name: str) -> None:
            words = ("scheduler", "--host", HOST, "--port", port, "--no-dashboard")
            schedulers.append(start(stack, tmp_path / f"{name}_s", *words))
            for worker in ("one", "two"):
                start(
                    stack, tmp_path / f"{name}_{worker}", "worker", address, "--nthreads", "1",
                    "--no-dashboard", "--local-directory", ".", "--name", worker,
                )  # fmt: skip
            ready(address)

        def tell(progress: Progress) -> None:
            told.append(progress)
            if progress.chunks_done == 2:
                end(schedulers[0])

        schedulers: list = []  # type: ignore[type-arg]
        cluster("first")
        with pytest.raises(ResultsError, match=r"--scheduler = tcp://.*: cannot be reached"):
            run_batch(study(), folder, Cluster(address, timeout=1), on_progress=tell, width=WIDTH)
        kept = len(list((folder / CHUNKS).glob("*.runs.*")))
        assert kept >= 2
        cluster("second")
        run_batch(
            study(), folder, Cluster(address), resume=True, on_progress=told.append, width=WIDTH
        )
    tracebacks = [record for record in caplog.records if record.exc_info]
    assert not tracebacks  # our message is enough
    peace = run_batch(study(), tmp_path / "peace", width=WIDTH)
    for name in TABLES:
        assert (folder / name).read_bytes() == (peace / name).read_bytes()
