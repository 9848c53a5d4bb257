"""Does one session's work in a thread: at most one task at a time, and the newest wins."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

LONGEST = 60.0  # seconds of work that one task may take
TURN = 0.25  # seconds of work after which a task lets whoever comes before it go first
# Seconds of work up to which a task is short: a picture, a week ahead. It is done at one go, so
# that others who ask for the same find it made. The rest are ranges, claims, small experiments.
LEVELS = (3.0,)
AGING = 30.0  # seconds of waiting after which a task moves up a level: nobody waits for ever
_LOOK = 1.0  # seconds between two looks at one's place in the queue, should a call be missed

type Check = Callable[[int], None]
type Task = Callable[[Check], None]


class Superseded(Exception):
    """A newer task has come, or the session has ended."""


class TooLong(Exception):
    """A task took longer than any may."""


class Turns:
    """Who may work: so many at once, short work before long, and within a level who came first.

    All sessions share the processor. How long work is shows as it goes on (multilevel feedback;
    Corbato and others 1962): a picture that is asked for now comes before the ranges that another
    session has been working at for a while. Pictures are as long as each other, so that to take
    turns at them would end all of them late; who waits long moves up.
    """

    def __init__(self, free: int) -> None:
        self._free = free
        self._queue: dict[object, tuple[int, float]] = {}  # level, since when it waits
        self._changed = threading.Condition()

    @property
    def free(self) -> int:
        """Return how many more could work now."""
        return self._free

    def take(self, worked: float, hold: Callable[[], None]) -> None:
        """Wait for a turn; `hold` is called after each change, and may raise to give up."""
        me = object()
        with self._changed:
            self._queue[me] = (level(worked), time.monotonic())
            try:
                while not (self._free and me is self._next()):
                    self._changed.wait(_LOOK)
                    hold()
                self._free -= 1
            finally:
                del self._queue[me]
                self._changed.notify_all()

    def give(self) -> None:
        """Give a turn back."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def wanted(self, worked: float) -> bool:
        """Say whether anybody waits who comes before one who has worked so long.

        Long work takes turns with its like.
        """
        mine, now = level(worked), time.monotonic()
        queue = tuple(self._queue.values())
        return any(_place(one, now)[0] < mine + (mine == len(LEVELS)) for one in queue)

    def look(self) -> None:
        """Let all who wait look whether they still should."""
        with self._changed:
            self._changed.notify_all()

    def _next(self) -> object:
        now = time.monotonic()
        return min(self._queue, key=lambda one: _place(self._queue[one], now))


def level(worked: float) -> int:
    """Return the level of a task that has worked so many seconds.

    >>> level(0.1), level(2.0), level(60.0)
    (0, 0, 1)
    """
    return sum(worked >= limit for limit in LEVELS)


def _place(waiting: tuple[int, float], now: float) -> tuple[int, float]:
    """Return the place in the queue of one who waits: level, time of coming."""
    own, since = waiting
    return own - int((now - since) / AGING), since


_TURNS = Turns(max(1, (os.cpu_count() or 2) - 1))


class Desk:
    """One session's place of work: one task at a time, which lets others in when they wait."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._lock = threading.Lock()
        self._newest = 0
        self._thread: threading.Thread | None = None

    def ask(self, task: Task) -> threading.Thread:
        """Start a task in a thread, and end the one before at its next check.

        The task is given a check that it must call often, from whatever thread: it waits there
        while it is others' turn, and raises Superseded or TooLong.
        """
        with self._lock:
            self._newest += 1
            number, before = self._newest, self._thread
            thread = threading.Thread(
                target=self._work, args=(task, number, before), daemon=True, name="desk"
            )
            self._thread = thread
            thread.start()
        _TURNS.look()
        return thread

    def close(self) -> None:
        """End the task at its next check."""
        with self._lock:
            self._newest += 1
        _TURNS.look()

    def _work(self, task: Task, number: int, before: threading.Thread | None) -> None:
        try:
            if before:
                before.join()
            self._in_turn(task, number)
        except Superseded:
            pass  # nobody waits for it any more

    def _in_turn(self, task: Task, number: int) -> None:
        """Do the task once a turn is free, unless a newer one has come by then."""

        def hold() -> None:
            self._hold(number)

        hold()
        turns, checking = _TURNS, threading.Lock()
        turns.take(0.0, hold)
        mine, worked, begun = True, 0.0, time.monotonic()

        def check(_: int = 0) -> None:
            nonlocal mine, worked, begun
            with checking:
                hold()
                now = time.monotonic()
                if worked + now - begun > self._longest:
                    raise TooLong
                if now - begun > TURN and turns.wanted(worked + now - begun):
                    worked += now - begun
                    mine = False
                    turns.give()
                    turns.take(worked, hold)
                    mine, begun = True, time.monotonic()

        try:
            hold()
            task(check)
        finally:
            if mine:
                turns.give()

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
