"""Runners of chunks: this process, or a pool of processes on this machine."""

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
}  # of worker processes: there is one for each core, so that each uses one thread


class Workers(NamedTuple):
    """An executor, and how many chunks to submit at a time, so that no worker is idle."""

    executor: Executor
    slots: int


class Runner(Protocol):
    """Provide workers, and new ones if the first have died."""

    def check(self) -> None:
        """Raise ResultsError if there can be no workers; called before any work."""
        ...

    def open(self) -> AbstractContextManager[Workers]:
        """Return workers that exist during the block."""
        ...


@dataclass(frozen=True)
class InProcess:
    """Run chunks one after the other in this process (in a thread, so that Ctrl-C works)."""

    def check(self) -> None:
        """Do nothing: there is always a thread or a process."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """Yield a thread."""
        executor = ThreadPoolExecutor(1)
        try:
            yield Workers(executor, 2)
        finally:
            executor.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Pool:
    """Run chunks in worker processes, which import the model but no drawing library."""

    workers: int

    def check(self) -> None:
        """Do nothing: there is always a thread or a process."""

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """Yield new processes; those still running when the block ends are terminated."""
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
    """Return a runner on this machine: this process, or so many worker processes.

    >>> local(1), local(2)
    (InProcess(), Pool(workers=2))
    """
    return InProcess() if workers == 1 else Pool(workers)


def become_worker() -> None:
    """Prepare a worker process: it ignores Ctrl-C, and ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[THREADS] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # without cleanup: the parent is gone


@contextmanager
def _environment() -> Iterator[None]:
    """Set the environment variables of workers for processes that start now."""
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
