"""Run the chunks of a study on a Dask cluster, and send this project to its workers."""

import logging
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.batch.runners import Workers
from experiments.results.errors import ResultsError
from experiments.results.manifest import ROOT, code_digest, deciding_versions
from model.schema.problems import Problem
from model.tracing.machine import one_thread

if TYPE_CHECKING:
    from distributed import Client

SENT = ("model", "agents", "experiments")
ASIDE = ("__pycache__", "tests")
CODE = "winset"  # folder of the code on a worker
PATIENCE = 60.0  # seconds for workers to restart with the code that was sent
QUEUE = 2  # chunks for each thread of a worker, so that no thread waits for this process


@dataclass(frozen=True)
class Cluster:
    """Run chunks on the workers of a Dask scheduler, which survives the death of a worker."""

    address: str
    timeout: float = 5.0

    def check(self) -> None:
        """Connect, send the code to workers that lack it, and refuse workers that differ."""
        with self._client() as client:
            _equip(client, self._refused)

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """Yield the executor of the cluster."""
        with self._client() as client:
            _equip(client, self._refused)
            threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
            executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
            try:
                yield Workers(_Sealed(executor), QUEUE * threads)
            finally:
                if client.status == "running":  # otherwise the scheduler is lost
                    executor.shutdown(wait=False)

    @contextmanager
    def _client(self) -> Iterator["Client"]:
        try:
            from distributed import Client
        except ImportError as error:
            remedy = "Install the extra: python -m pip install distributed."
            raise self._refused("needs the package distributed", remedy) from error
        _quiet()
        try:
            client = Client(  # type: ignore[no-untyped-call]
                self.address, timeout=self.timeout, set_as_default=False
            )
        except (OSError, ValueError) as error:
            why = f"cannot be reached ({error or type(error).__name__})"
            remedy = "Start one with: dask scheduler. Write its address as tcp://HOST:8786."
            raise self._refused(why, remedy) from error
        with client:
            yield client

    def _refused(self, why: str, remedy: str) -> ResultsError:
        return ResultsError(
            Path("the command line"), [Problem("--scheduler", self.address, why, remedy)]
        )


class _Call:
    """A call that is made when it is unpickled."""

    def __init__(self, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
        self._whole = (function, given)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._whole


def in_one_thread(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Call a function whose runs use one thread: a worker has a thread for each of its cores."""
    with one_thread():
        return function(*given)


class _Sealed(Executor):
    """Send calls as bytes that only a worker unpickles: the scheduler lacks this project."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[..., Any], /, *given: Any, **_: Any) -> Future[Any]:
        """Send a call. Raises BrokenExecutor if the scheduler is lost."""
        from distributed.client import ClosedClientError

        try:
            return self._inner.submit(pickle.loads, pickle.dumps(_Call(in_one_thread, (fn, given))))
        except ClosedClientError as error:
            raise BrokenExecutor(str(error)) from error


def facts() -> dict[str, Any]:
    """Return what must be equal on all workers: the code, and versions that affect results."""
    return {"code": code_digest()} | deciding_versions()


def _equip(client: "Client", refused: Any) -> None:
    """Send the project to the cluster if a worker lacks it or has another version."""
    workers = _workers(client)
    if not workers:
        raise refused("has no workers", "Start some with: dask worker and the same address.")
    if all(known.get("code") == code_digest() for known in workers.values()):
        unlike = _unlike(workers)
    else:
        _send(client)
        client.wait_for_workers(len(workers), timeout=PATIENCE)
        unlike = _unlike(_workers(client))
    if unlike:
        remedy = "Install requirements.txt on all workers (and start them with a nanny)."
        raise refused(f"has workers whose results could differ: {'; '.join(unlike)}", remedy)


def _workers(client: "Client") -> dict[str, dict[str, Any]]:
    """Return the facts of each worker by address; empty for a worker without the code."""
    answers = client.run(facts, on_error="return")
    return {
        str(address): answer if isinstance(answer, dict) else {}
        for address, answer in answers.items()
    }


def _unlike(workers: dict[str, dict[str, Any]]) -> list[str]:
    """Return how workers differ from this process, as text."""
    return [
        f"{address} has {name} {known.get(name, 'absent')!s:.12}, not {wanted:.12}"
        for address, known in workers.items()
        for name, wanted in facts().items()
        if known.get(name) != wanted
    ]


def _send(client: "Client") -> None:
    """Send the project to all workers, also to later ones, and restart them with it."""
    from distributed.diagnostics.plugin import UploadDirectory

    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / CODE
        for top in SENT:
            shutil.copytree(ROOT / top, code / top, ignore=shutil.ignore_patterns(*ASIDE))
        plugin = UploadDirectory(  # type: ignore[no-untyped-call]
            str(code), restart_workers=True, update_path=True, mode="workers"
        )
        client.register_plugin(plugin)


def _quiet() -> None:
    """Keep the cluster's library from printing errors for which there is a message."""
    for name in list(logging.root.manager.loggerDict):  # the library gives each its own level
        if name.split(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
