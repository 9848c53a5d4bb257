"""Run the newest task of a session in a thread, and cache results that several sessions need."""

import contextlib
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

from model.schema.problems import WinsetError

LOOK = 0.02  # seconds between two checks whether waiting is still useful: a new task waits for one

type Check = Callable[[int], None]
type Task = Callable[[Check], None]


class Superseded(WinsetError):
    """A newer task replaced this one, or the session ended."""


class TooLong(WinsetError):
    """A job took longer than the limit of `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"This took longer than {self.seconds:.0f} seconds and was stopped"


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TooLong after some CPU seconds, also in code that calls no progress function.

    Only in the main thread of a process, where workers run their jobs, and only on Unix.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TooLong(seconds)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class LatestTask:
    """Runs one task at a time for a session; a new task replaces the old one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0
        self._thread: threading.Thread | None = None

    def ask(self, task: Task) -> threading.Thread:
        """Start a task in a thread. The task before it ends at its next check.

        The task receives a check function, which it must call often and which raises Superseded.
        """
        with self._lock:
            self._newest += 1
            number, before = self._newest, self._thread
            thread = threading.Thread(
                target=self._work, args=(task, number, before), daemon=True, name="latest-task"
            )
            self._thread = thread
            thread.start()
        return thread

    def close(self) -> None:
        """End the task at its next check."""
        with self._lock:
            self._newest += 1

    def _work(self, task: Task, number: int, before: threading.Thread | None) -> None:
        with contextlib.suppress(Superseded):  # nothing waits for this task any more
            if before:
                before.join()
            self._check(number)
            try:
                task(lambda _: self._check(number))
            except KeyError:  # raised when the page was closed before the task updates it
                self._check(number)
                raise

    def _check(self, number: int) -> None:
        with self._lock:
            if number != self._newest:
                raise Superseded


class SingleFlightCache[T]:
    """A cache of a few results, which drops the least recently used one first.

    Concurrent callers of one key share one computation ("single flight").
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._pending: dict[Hashable, threading.Event] = {}

    def get(self, key: Hashable, make: Callable[[], T], check: Check | None = None) -> T:
        """Return the cached result of a key, or compute and cache it.

        A caller waits if another one is computing the same result, and calls `check` meanwhile. If
        that computation is given up, the next caller starts it again.
        """
        while True:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return self._results[key]
                made = self._pending.get(key)
                if made is None:
                    mine = self._pending[key] = threading.Event()
                    break
            if not made.wait(LOOK) and check:
                check(0)
        try:
            result = make()
            with self._lock:
                self._results[key] = result
                while len(self._results) > self._most:
                    self._results.popitem(last=False)
            return result
        finally:
            with self._lock:
                del self._pending[key]
            mine.set()

    def peek(self, key: Hashable) -> T | None:
        """Return the cached result of a key, or None."""
        with self._lock:
            return self._results.get(key)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._results

    def __len__(self) -> int:
        return len(self._results)
