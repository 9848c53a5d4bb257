"""Does one session's work in a thread: at most one task at a time, and the newest wins."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from model.schema.problems import WinsetError

LOOK = 0.05  # seconds between two looks of one who waits whether it still should

type Check = Callable[[int], None]
type Task = Callable[[Check], None]


class Superseded(WinsetError):
    """A newer task has come, or the session has ended."""


class TooLong(WinsetError):
    """A piece of work took longer than any may; seconds: how long that is."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"This took longer than {self.seconds:.0f} seconds and was stopped"


class LatestTask:
    """One session's place of work: one task at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0
        self._thread: threading.Thread | None = None

    def ask(self, task: Task) -> threading.Thread:
        """Start a task in a thread, and end the one before at its next check.

        The task is given a check that it must call often, which raises Superseded.
        """
        with self._lock:
            self._newest += 1
            number, before = self._newest, self._thread
            thread = threading.Thread(
                target=self._work, args=(task, number, before), daemon=True, name="desk"
            )
            self._thread = thread
            thread.start()
        return thread

    def close(self) -> None:
        """End the task at its next check."""
        with self._lock:
            self._newest += 1

    def _work(self, task: Task, number: int, before: threading.Thread | None) -> None:
        with contextlib.suppress(Superseded):  # nobody waits for it any more
            if before:
                before.join()
            self._hold(number)
            try:
                task(lambda _: self._hold(number))
            except KeyError:  # so ends showing something to a page that is closed meanwhile
                self._hold(number)
                raise

    def _hold(self, number: int) -> None:
        with self._lock:
            if number != self._newest:
                raise Superseded


class SingleFlightCache[T]:
    """A few results, the least used forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}

    def get(self, key: Hashable, make: Callable[[], T], check: Check | None = None) -> T:
        """Return what is kept under a key, or make it and keep it.

        Who asks for what another is making waits for it, and calls check meanwhile; if that one
        gives up, the next makes it.
        """
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                made = self._making.get(key)
                if made is None:
                    mine = self._making[key] = threading.Event()
                    break
            if not made.wait(LOOK) and check:
                check(0)
        try:
            found = make()
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return found
        finally:
            with self._lock:
                del self._making[key]
            mine.set()

    def peek(self, key: Hashable) -> T | None:
        """Return what is kept under a key, if anything."""
        with self._lock:
            return self._kept.get(key)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)
