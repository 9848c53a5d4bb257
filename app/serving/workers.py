"""Run jobs for all sessions in worker processes, so that pages stay responsive.

Threads of one Python process share one core; worker processes use all cores, and their memory does
not stay with the server. The operating system divides the cores by priority: pages first, then jobs
that a visitor waits for, then long jobs (`later`).
"""

import contextlib
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from app.serving.latest_task import LOOK, Check, Superseded, TooLong
from experiments.batch.runners import become_worker

WORKERS = "WINSET_WORKERS"  # number of cores; without it, jobs run in the server's threads
LONGEST = 60.0  # seconds that one job may take
NICE_NOW, NICE_LATER = 5, 15  # niceness of the processes (Unix)
LATER = 2  # concurrent long jobs for each core
ATTEMPTS = 3  # to run a job whose worker is killed
MOST_WAITING = 1000  # jobs at the same time
# Loaded once for all workers; xarray imports the last one for the first record.
READY = ["app.serving.tasks", "app.lab.trial", "experiments.game.look_ahead", "dask.array"]


class Pool:
    """A pool of processes that run jobs in the order of submission."""

    def __init__(self, number: int, nice: int) -> None:
        self.number, self._nice = number, nice
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._context.set_forkserver_preload(READY)
        self._stop = self._context.RawArray("b", MOST_WAITING)  # jobs to stop, by slot
        self._done = self._context.RawArray("d", MOST_WAITING)  # simulated world-weeks, by slot
        self._slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(MOST_WAITING):
            self._slots.put(slot)
        self._lock = threading.Lock()
        self._executor = self._opened()

    def do[T](self, check: Check, longest: float, function: Callable[..., T], *args: Any) -> T:
        """Return function(*args, progress), computed by a worker. `check` receives the progress."""
        for _ in range(ATTEMPTS - 1):
            executor = self._executor
            with contextlib.suppress(BrokenProcessPool):
                return self._once(executor, check, longest, function, *args)
            self._renew(executor)
        return self._once(self._executor, check, longest, function, *args)

    def close(self) -> None:
        """Terminate all processes, including running jobs."""
        _end(self._executor)

    def _once[T](
        self,
        executor: ProcessPoolExecutor,
        check: Check,
        longest: float,
        function: Callable[..., T],
        *args: Any,
    ) -> T:
        slot = self._slot(check)
        self._stop[slot], self._done[slot] = 0, 0.0
        ended, reported = threading.Event(), 0
        try:
            future: Future[T] = executor.submit(_work, slot, longest, function, args)
        except BaseException:
            self._slots.put(slot)
            raise

        def end(_: object) -> None:
            self._slots.put(slot)
            ended.set()

        future.add_done_callback(end)
        try:
            while not ended.wait(LOOK):
                done = int(self._done[slot])
                check(done - reported)
                reported = done
        except BaseException:
            self._stop[slot] = 1
            future.cancel()
            raise
        return future.result()

    def _slot(self, check: Check) -> int:
        while True:
            try:
                return self._slots.get(timeout=LOOK)
            except queue.Empty:
                check(0)

    def _opened(self) -> ProcessPoolExecutor:
        executor = ProcessPoolExecutor(
            self.number, self._context, _start, (self._nice, self._stop, self._done)
        )
        for _ in range(self.number if self._nice <= NICE_NOW else 0):
            executor.submit(_warm)  # start all processes before the first request
        return executor

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        """Start new processes, unless another thread did so."""
        with self._lock:
            if self._executor is broken:
                _end(broken)
                self._executor = self._opened()


_POOLS: dict[bool, Pool] = {}  # the key says whether the pool is for long jobs


def start() -> None:
    """Start as many workers as the environment variable says, if it is set."""
    number = os.environ.get(WORKERS, "")
    if number.isdecimal() and int(number) and not _POOLS:
        _POOLS[False] = Pool(int(number), NICE_NOW)
        _POOLS[True] = Pool(LATER * int(number), NICE_LATER)
        threading.Thread(target=_stop_at_the_end, daemon=True).start()


def stop() -> None:
    """Stop all workers."""
    while _POOLS:
        _POOLS.popitem()[1].close()


def _stop_at_the_end() -> None:
    threading.main_thread().join()
    stop()  # otherwise the program would wait for jobs that are no longer needed


def cores() -> int:
    """Return how many short jobs can run at the same time."""
    pool = _POOLS.get(False)
    return pool.number if pool else 1


def run[T](
    check: Check,
    function: Callable[..., T],
    *args: Any,
    later: bool = False,
    longest: float | None = None,
) -> T:
    """Return function(*args, progress), computed by a worker, or in this thread without workers.

    The function must call `progress` often, with the number of world-weeks simulated since the last
    call. `check` gets the same number, and may raise to stop the job. later: low priority;
    longest: limit in seconds. Raises the exceptions of the function, and TooLong.
    """
    limit, pool = LONGEST if longest is None else longest, _POOLS.get(later)
    if pool:
        return pool.do(check, limit, function, *args)
    return function(*args, _limited(limit, check))


def _limited(longest: float, check: Check) -> Check:
    """Return a progress function that raises TooLong after `longest` seconds of CPU time."""
    begun = time.thread_time()

    def progress(worlds: int) -> None:
        check(worlds)
        if time.thread_time() - begun > longest:
            raise TooLong(longest)

    return progress


def _end(executor: ProcessPoolExecutor) -> None:
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


# The functions below run in a worker process.

_SHARED: list[Any] = []  # jobs to stop, and simulated world-weeks, by slot


def _start(nice: int, stop: Any, done: Any) -> None:
    """Prepare a worker process, with a lower priority than the pages."""
    become_worker()
    if hasattr(os, "nice"):
        os.nice(nice)
    _SHARED[:] = [stop, done]


def _warm() -> None:
    """Import the tasks, and record the program of the default scenario for the first request."""
    from app.serving import tasks

    tasks.warm()


def _work[T](slot: int, longest: float, function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Run a job, and write its progress into memory that is shared with the parent process."""
    stop, done = _SHARED

    def report(worlds: int) -> None:
        if stop[slot]:
            raise Superseded
        done[slot] += worlds

    report(0)  # a job can be cancelled while it waits in the queue
    return function(*args, _limited(longest, report))
