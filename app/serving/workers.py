"""Works for all sessions in processes of its own, so that no page waits for arithmetic.

Threads of one Python program share one core; worker processes use them all, and what they needed
while they worked is not the server's to keep. The system shares out the cores: pages come first,
then what somebody looks at, then what takes long (`later`).
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

WORKERS = "WINSET_WORKERS"  # how many cores to use; without it all is done in the server's threads
LONGEST = 60.0  # seconds of work that one piece may take
NICE_NOW, NICE_LATER = 5, 15  # how far they stand back for others (Unix)
LATER = 2  # pieces of long work at once, for each core
ATTEMPTS = 3  # times that a piece is begun whose worker was killed
MOST_WAITING = 1000  # pieces asked for at once
# Loaded once for all workers; xarray asks for the last at the first record.
READY = ["app.serving.tasks", "app.lab.trial", "experiments.game.look_ahead", "dask.array"]


class Pool:
    """Some processes that take pieces of work in the order of asking."""

    def __init__(self, number: int, nice: int) -> None:
        self.number, self._nice = number, nice
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._context.set_forkserver_preload(READY)
        self._stop = self._context.RawArray("b", MOST_WAITING)  # who should give up, by place
        self._done = self._context.RawArray("d", MOST_WAITING)  # world-weeks that passed
        self._places: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(MOST_WAITING):
            self._places.put(place)
        self._lock = threading.Lock()
        self._executor = self._opened()

    def do[T](self, check: Check, longest: float, function: Callable[..., T], *args: Any) -> T:
        """Return function(*args, progress) as a worker finds it; check is told the progress."""
        for _ in range(ATTEMPTS - 1):
            executor = self._executor
            with contextlib.suppress(BrokenProcessPool):
                return self._once(executor, check, longest, function, *args)
            self._renew(executor)
        return self._once(self._executor, check, longest, function, *args)

    def close(self) -> None:
        """End all processes, whatever they are at."""
        _end(self._executor)

    def _once[T](
        self,
        executor: ProcessPoolExecutor,
        check: Check,
        longest: float,
        function: Callable[..., T],
        *args: Any,
    ) -> T:
        place = self._place(check)
        self._stop[place], self._done[place] = 0, 0.0
        ended, told = threading.Event(), 0
        try:
            future: Future[T] = executor.submit(_work, place, longest, function, args)
        except BaseException:
            self._places.put(place)
            raise

        def end(_: object) -> None:
            self._places.put(place)
            ended.set()

        future.add_done_callback(end)
        try:
            while not ended.wait(LOOK):
                done = int(self._done[place])
                check(done - told)
                told = done
        except BaseException:
            self._stop[place] = 1
            future.cancel()
            raise
        return future.result()

    def _place(self, check: Check) -> int:
        while True:
            try:
                return self._places.get(timeout=LOOK)
            except queue.Empty:
                check(0)

    def _opened(self) -> ProcessPoolExecutor:
        executor = ProcessPoolExecutor(
            self.number, self._context, _start, (self._nice, self._stop, self._done)
        )
        for _ in range(self.number if self._nice <= NICE_NOW else 0):
            executor.submit(_warm)  # so that all are there before anybody asks
        return executor

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        """Begin with fresh processes, unless another has done so."""
        with self._lock:
            if self._executor is broken:
                _end(broken)
                self._executor = self._opened()


_POOLS: dict[bool, Pool] = {}  # by whether it is for what takes long


def start() -> None:
    """Start the workers that the environment asks for, if any."""
    number = os.environ.get(WORKERS, "")
    if number.isdecimal() and int(number) and not _POOLS:
        _POOLS[False] = Pool(int(number), NICE_NOW)
        _POOLS[True] = Pool(LATER * int(number), NICE_LATER)
        threading.Thread(target=_stop_at_the_end, daemon=True).start()


def stop() -> None:
    """End all workers."""
    while _POOLS:
        _POOLS.popitem()[1].close()


def _stop_at_the_end() -> None:
    threading.main_thread().join()
    stop()  # else the program would wait for what nobody waits for any more


def cores() -> int:
    """Return how many pieces of short work are done at once."""
    pool = _POOLS.get(False)
    return pool.number if pool else 1


def run[T](
    check: Check,
    function: Callable[..., T],
    *args: Any,
    later: bool = False,
    longest: float | None = None,
) -> T:
    """Return function(*args, progress), found by a worker, or here if there are none.

    The function must call progress often, with the world-weeks that passed; check is called with
    them too, and may raise to end the work. later: others' pictures come first; longest: seconds of
    work. Raises what the function raises, and TooLong.
    """
    limit, pool = LONGEST if longest is None else longest, _POOLS.get(later)
    if pool:
        return pool.do(check, limit, function, *args)
    return function(*args, _limited(limit, check))


def _limited(longest: float, told: Check) -> Check:
    """Return a progress that raises TooLong once its thread has worked for so many seconds."""
    begun = time.thread_time()

    def progress(worlds: int) -> None:
        told(worlds)
        if time.thread_time() - begun > longest:
            raise TooLong(longest)

    return progress


def _end(executor: ProcessPoolExecutor) -> None:
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


# What follows is called in a worker

_SHARED: list[Any] = []  # who should give up, world-weeks that passed


def _start(nice: int, stop: Any, done: Any) -> None:
    """Prepare a worker, which stands back for the pages."""
    become_worker()
    if hasattr(os, "nice"):
        os.nice(nice)
    _SHARED[:] = [stop, done]


def _warm() -> None:
    """Load what the first request needs, and record the program of the scenario it is about."""
    from app.serving import tasks

    tasks.warm()


def _work[T](place: int, longest: float, function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Do a piece of work; what passed is written where the parent reads it."""
    stop, done = _SHARED

    def told(worlds: int) -> None:
        if stop[place]:
            raise Superseded
        done[place] += worlds

    told(0)  # some are handed over before their turn, and given up meanwhile
    return function(*args, _limited(longest, told))
