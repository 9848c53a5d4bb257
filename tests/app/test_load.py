"""A few visitors at once, as the load test has thirty: all are served, and turns are fair."""

import threading
import time
from collections.abc import Callable

import pytest

from app.desk import AGING, Desk, Turns
from benchmarks.app_load import crowd

WAIT = 30.0


def test_a_few_visitors_at_once_are_all_served(address: str) -> None:
    report = crowd(address, 3, 4.0, pause=0.1)
    assert report.failures == []
    assert len(report.acts) == 3
    assert all(report.acts.values())
    assert {"open Explore", "open Watch", "open Play"} <= set(report.waits)


class Queue:
    """Some who wait for the one turn, in threads; in which order they got it."""

    def __init__(self) -> None:
        self.turns, self.order = Turns(1), list[str]()
        self.turns.take(0.0, _never)
        self.threads: list[threading.Thread] = []

    def wait(self, name: str, worked: float) -> None:
        """Let somebody wait, and see that it does."""

        def work() -> None:
            self.turns.take(worked, _never)
            self.order.append(name)
            self.turns.give()

        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()
        time.sleep(0.05)

    def let(self) -> list[str]:
        """Give the turn back, and return in which order it was taken."""
        self.turns.give()
        for thread in self.threads:
            thread.join(WAIT)
        return self.order


def test_short_work_goes_before_long() -> None:
    queue = Queue()
    queue.wait("ranges", 3.0)
    queue.wait("picture", 0.0)
    queue.wait("week ahead", 1.0)
    assert queue.let() == ["picture", "week ahead", "ranges"]


def test_who_worked_as_much_goes_in_the_order_of_coming() -> None:
    queue = Queue()
    for name in "abc":
        queue.wait(name, 0.0)
    assert queue.let() == list("abc")


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.AGING", AGING / 3000)
    queue = Queue()
    queue.wait("ranges", 3.0)
    queue.wait("picture", 0.0)
    assert queue.let() == ["ranges", "picture"]


def test_one_who_gives_up_is_out_of_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(1)
    monkeypatch.setattr("app.desk._TURNS", turns)
    begun, go = threading.Event(), threading.Event()

    def long(check: Callable[[int], None]) -> None:
        begun.set()
        go.wait(WAIT)

    first, second = Desk(), Desk()
    thread = first.ask(long)
    assert begun.wait(WAIT)
    waiting = second.ask(lambda check: None)
    second.close()
    waiting.join(WAIT)
    assert not waiting.is_alive()
    assert not turns.wanted(WAIT)
    go.set()
    thread.join(WAIT)
    assert turns.free == 1


def _never() -> None:
    """Never give up."""
