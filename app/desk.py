"""Does one session's work in a thread: at most one task at a time, and the newest wins."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

LONGEST = 60.0  # seconds that one task may take
# All sessions share the processor, and nothing else: so many tasks run at once, the rest wait.
_TURNS = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))
_PATIENCE = 0.05  # seconds between two looks at whether one's turn has come
TURN = 2.0  # seconds after which a polite task lets another one have its turn

type Check = Callable[[int], None]
type Task = Callable[[Check], None]


class Superseded(Exception):
    """A newer task has come, or the session has ended."""


class TooLong(Exception):
    """A task took longer than any may."""


class Desk:
    """One session's place of work; a polite one lets others in while a long task is done."""

    def __init__(self, longest: float = LONGEST, polite: bool = False) -> None:
        self._longest = longest
        self._polite = polite
        self._lock = threading.Lock()
        self._newest = 0
        self._thread: threading.Thread | None = None

    def ask(self, task: Task) -> threading.Thread:
        """Start a task in a thread, and end the one before at its next check.

        The task is given a check that it must call often: it raises Superseded or TooLong there.
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
        try:
            if before:
                before.join()
            self._in_turn(task, number)
        except Superseded:
            pass  # nobody waits for it any more

    def _in_turn(self, task: Task, number: int) -> None:
        """Do the task once a turn is free, unless a newer one has come by then."""
        self._take(number)
        mine = True
        try:
            self._hold(number)
            start = time.monotonic()
            end, over = start + self._longest, start + TURN

            def check(_: int = 0) -> None:
                nonlocal mine, over
                self._hold(number)
                now = time.monotonic()
                if now > end:
                    raise TooLong
                if self._polite and now > over:
                    mine = False
                    _TURNS.release()
                    time.sleep(2 * _PATIENCE)  # whoever waits sees by then that it is free
                    self._take(number)
                    mine, over = True, time.monotonic() + TURN

            task(check)
        finally:
            if mine:
                _TURNS.release()

    def _take(self, number: int) -> None:
        """Wait for a turn, unless a newer task comes."""
        while not _TURNS.acquire(timeout=_PATIENCE):
            self._hold(number)

    def _hold(self, number: int) -> None:
        with self._lock:
            if number != self._newest:
                raise Superseded


class Memory[T]:
    """A few results, the least used forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, or make it and keep it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def peek(self, key: Hashable) -> T | None:
        """Return what is kept under a key, if anything."""
        with self._lock:
            return self._kept.get(key)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)
