"""Tests of Explore's sessions: the newest task wins, caches are limited, failures are shown."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.explore import session as sessions
from app.explore.session import Session, View
from app.inputs.explore_url import read
from app.serving.latest_task import LatestTask, SingleFlightCache, Superseded

WAIT = 30.0
SEARCH = "scenario=classroom&worlds=150"


def never(_: int) -> None:
    return None


def views(session: Session, search: str) -> list[View]:
    return list(session.views(read(search, session.scenario_store), never))


def test_the_picture_comes_first_and_the_sweep_later() -> None:
    found = views(Session(), SEARCH)
    assert [view.now and view.now.worlds for view in found] == [150, 150]
    assert [bool(view.busy) for view in found] == [True, False]
    assert [view.sweep is None for view in found] == [True, False]


def test_the_ghost_is_the_unchanged_scenario_with_the_same_seed() -> None:
    session = Session()
    bare = views(session, SEARCH)[-1]
    view = views(session, SEARCH + "&talks.rate=0.9")[0]
    assert view.ghost is not None
    assert bare.now is not None
    assert view.ghost.outcomes.equals(bare.now.outcomes)
    assert bare.ghost is None


def test_results_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    first = views(session, SEARCH)
    monkeypatch.setattr("app.serving.batching.findings", None)
    monkeypatch.setattr(sessions, "sweep_ranges", None)
    again = views(session, SEARCH)
    assert again[-1].now is first[-1].now
    assert again[-1].sweep is first[-1].sweep


def test_the_value_of_a_resting_slider_is_simulated_before_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session()
    session.expect(SEARCH).join(WAIT)
    monkeypatch.setattr("app.serving.batching.findings", None)
    assert next(session.views(read(SEARCH, session.scenario_store), never)).now is not None


def test_the_newest_resting_value_counts_and_the_release_uses_it() -> None:
    session = Session()
    session.expect("worlds=2000").join(0.2)
    session.expect(SEARCH)
    found = next(session.views(read(SEARCH, session.scenario_store), never)).now
    session.close()
    assert found is session.runs.peek(read(SEARCH, session.scenario_store).state)
    assert read("worlds=2000", session.scenario_store).state not in session.runs


def test_a_resting_value_does_not_block_others(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    monkeypatch.setattr("app.serving.batching.batcher", lambda: type("Busy", (), {"idle": False}))
    session.expect(SEARCH).join(WAIT)
    assert len(session.runs) == 0


def test_a_resting_value_that_takes_too_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: faults.append(hook.exc_type))
    monkeypatch.setattr("app.serving.workers.LONGEST", 0.0)
    session = Session()
    session.expect(SEARCH).join(WAIT)
    assert not faults
    assert len(session.runs) == 0


def test_a_newer_state_stops_the_older_one() -> None:
    session, shown, done = Session(), [], threading.Event()

    def show(view: View) -> None:
        shown.append(view)
        if view.opened and view.opened.state.seed == 2 and not view.busy:
            done.set()

    session.work(read("worlds=2000", session.scenario_store), show)
    session.work(read("scenario=split_the_pie&worlds=20&seed=2", session.scenario_store), show)
    assert done.wait(WAIT)
    assert {view.opened.state.seed for view in shown if view.opened} == {2}


def test_a_crash_leads_to_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.serving.batching.findings", broken)
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: faults.append(hook.exc_type))
    session, shown = Session(), list[Any]()
    session.work(read("", session.scenario_store), shown.append).join(WAIT)
    assert shown[-1].failure == "This could not be simulated."
    assert not shown[-1].busy
    assert faults == [ZeroDivisionError]


def test_a_timeout_leads_to_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.serving.workers.LONGEST", 0.0)
    session, shown = Session(), list[Any]()
    session.work(read("", session.scenario_store), shown.append).join(WAIT)
    assert "choose fewer worlds or weeks" in shown[-1].failure


def test_closing_stops_the_task() -> None:
    latest_task, started, ends = LatestTask(), threading.Event(), []

    def task(check: Callable[[int], None]) -> None:
        started.set()
        try:
            while True:
                check(0)
        except Superseded:
            ends.append("superseded")
            raise

    thread = latest_task.ask(task)
    assert started.wait(WAIT)
    latest_task.close()
    thread.join(WAIT)
    assert ends == ["superseded"]


@pytest.mark.parametrize("closed", [True, False])
def test_closing_a_page_during_an_update_is_no_error(
    monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    latest_task, faults = LatestTask(), list[object]()
    monkeypatch.setattr(threading, "excepthook", lambda hook: faults.append(hook.exc_type))

    def task(_: Callable[[int], None]) -> None:
        if closed:
            latest_task.close()
        raise KeyError

    latest_task.ask(task).join(WAIT)
    assert faults == ([] if closed else [KeyError])


def test_the_cache_is_limited_and_drops_the_least_recently_used() -> None:
    cache = SingleFlightCache[int](2)
    for key in (1, 2, 1, 3):
        cache.get(key, lambda key=key: 10 * key)  # type: ignore[misc]
    assert len(cache) == 2
    assert 1 in cache
    assert 2 not in cache


def test_concurrent_callers_share_one_computation() -> None:
    cache, go, made = SingleFlightCache[int](2), threading.Event(), []

    def make() -> int:
        made.append(1)
        assert go.wait(WAIT)
        return 7

    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(cache.get("key", make))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(WAIT)
    assert found == [7, 7, 7]
    assert made == [1]


def test_waiting_callers_can_give_up_or_take_over() -> None:
    cache, begun, go = SingleFlightCache[int](2), threading.Event(), threading.Event()

    def give_up() -> int:
        begun.set()
        assert go.wait(WAIT)
        raise Superseded

    def first() -> None:
        with pytest.raises(Superseded):
            cache.get("key", give_up)

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(WAIT)

    def superseded(_: int) -> None:
        raise Superseded

    with pytest.raises(Superseded):
        cache.get("key", lambda: 8, superseded)
    assert len(cache) == 0
    go.set()
    assert cache.get("key", lambda: 9, never) == 9
    thread.join(WAIT)


def test_sessions_share_nothing() -> None:
    one, other = Session(), Session()
    views(one, "scenario=split_the_pie&worlds=20")
    assert len(one.runs) == 1
    assert len(other.runs) == 0
