"""Who runs the chunks: this process, or a pool of processes on this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from model.tracing.machine import THREADS

WORKER_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    THREADS: "1",  # of the traced engine
}  # of worker processes: as many as there are cores, so that each may use but one


class Workers(NamedTuple):
    """An executor, and how many chunks to give it at a time, so that nobody waits for work."""

    executor: Executor
    slots: int


class Runner(Protocol):
    """Gives hands as often as it is asked: again, when the ones before have broken."""

    def check(self) -> None:
        """Raise ResultsError if it cannot be used; called before any work."""
        ...

    def open(self) -> AbstractContextManager[Workers]:
        """Return hands that are there while the block lasts."""
        ...


@dataclass(frozen=True)
class InProcess:
    """Run chunks one after the other in this process (in a thread, so that Ctrl-C is heard)."""

    def check(self) -> None:
        """Find nothing wrong."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """Give a thread."""
        executor = ThreadPoolExecutor(1)
        try:
            yield Workers(executor, 2)
        finally:
            executor.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Pool:
    """Run chunks in processes of their own, which load the model and nothing that draws."""

    workers: int

    def check(self) -> None:
        """Find nothing wrong."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """Give fresh processes; those that are still at work when the block ends are ended."""
        before = set(multiprocessing.active_children())
        with _environment():
            executor = ProcessPoolExecutor(
                self.workers, multiprocessing.get_context("spawn"), become_worker
            )
            try:
                yield Workers(executor, self.workers + 1)
            finally:
                executor.shutdown(wait=False, cancel_futures=True)
                for child in set(multiprocessing.active_children()) - before:
                    child.terminate()
                    child.join()


def local(workers: int) -> Runner:
    """Return who runs chunks on this machine: this process alone, or so many others.

    >>> local(1), local(2)
    (InProcess(), Pool(workers=2))
    """
    return InProcess() if workers == 1 else Pool(workers)


def become_worker() -> None:
    """Prepare a worker process: deaf to Ctrl-C, and gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[THREADS] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # nobody is left to hear of anything


@contextmanager
def _environment() -> Iterator[None]:
    """Let processes that start now see the workers' environment."""
    before = {name: os.environ.get(name) for name in WORKER_ENVIRONMENT}
    os.environ.update(WORKER_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
