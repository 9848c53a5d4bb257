"""Tests of Watch sessions: problems with a world or game always lead to a message."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.inputs import results_index
from app.inputs.scenario_store import MOST_WEEKS
from app.play import games
from app.serving.latest_task import TooLong
from app.watch.address import wanted_of
from app.watch.session import WatchSession, WatchView
from experiments.engine import simulate
from experiments.game.table import Game
from experiments.game.transcript import Transcript, transcript_of
from experiments.results.folder import write_results
from model.schema.scenario import load_scenario

SEARCH = "scenario=classroom&worlds=20&time.horizon=6&world=2"
LONG = load_scenario("classroom", {"time.horizon": MOST_WEEKS + 1})


def never(_: int) -> None:
    """Never raise."""


def shown(search: str) -> list[WatchView]:
    """Return all views until the work ends."""
    session, views = WatchSession(), list[WatchView]()
    session.work(wanted_of(search, session.scenario_store), views.append).join()
    return views


def left(horizon: int) -> Transcript:
    """Return a game that the player left after the first week."""
    game = Game(load_scenario("classroom", {"time.horizon": horizon}), ["north"])
    game.play({})
    return transcript_of(game)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path))
    return tmp_path


def test_a_world_that_changed_is_shown_with_a_warning(results: Path) -> None:
    run = simulate("classroom", 6, 4)
    run.outcomes.loc[3, "weeks_to_deal"] = 99.0
    write_results(run, results / "old")
    assert shown("results=old&world=2")[-1].problems == ()
    last = shown("results=old&world=3")[-1]
    assert last.trajectory is not None
    (problem,) = last.problems
    assert "simulates the world differently from the folder. weeks_to_deal is" in str(problem)


def test_a_folder_with_too_many_weeks_is_refused_with_the_command(results: Path) -> None:
    write_results(simulate(LONG, 1, 1), results / "long")
    last = shown("results=long")[-1]
    assert last.trajectory is None
    assert f"at most {MOST_WEEKS} weeks" in str(last.problems[0])
    assert "python run.py replay results/long 0" in str(last.problems[0])


def test_a_game_that_was_left_is_shown_with_a_warning() -> None:
    (only,) = shown(f"game={games.keep(left(6))}")
    assert only.trajectory is not None
    assert only.trajectory.last == 6
    assert only.choice is None
    assert "left after week 1" in str(only.problems[0])


def test_a_game_with_too_many_weeks_is_refused() -> None:
    (only,) = shown(f"game={games.keep(left(MOST_WEEKS + 1))}")
    assert only.trajectory is None
    assert f"{MOST_WEEKS + 1}: at most {MOST_WEEKS} weeks are shown on this page" in str(
        only.problems[0]
    )


def test_the_trajectory_stays_if_the_picks_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TooLong(60.0)

    monkeypatch.setattr("app.watch.session.tasks.completed", slow)
    first, last = shown(SEARCH + "&seed=71")
    assert first.busy
    assert first.trajectory is not None
    assert (last.trajectory, last.busy) == (first.trajectory, "")
    assert last.problems == ("This took longer than 60 seconds and was stopped.",)


def test_a_crash_leads_to_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: faults.append(hook.exc_type))
    monkeypatch.setattr("app.serving.batching.record_trajectory", broken)
    (only,) = shown(SEARCH)
    assert only.problems == ("This world could not be simulated.",)
    assert not only.busy
    assert faults == [ZeroDivisionError]


def test_a_superseded_request_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_: object, __: int, check: Callable[[int], None]) -> None:
        begun.set()
        while True:
            check(0)

    session, views = WatchSession(), list[WatchView]()
    with monkeypatch.context() as patch:
        patch.setattr("app.serving.batching.record_trajectory", endless)
        thread = session.work(wanted_of(SEARCH, session.scenario_store), views.append)
        assert begun.wait(30.0)
    session.latest_task.close()
    thread.join(30.0)
    assert not thread.is_alive()
    assert views == []


def test_trajectories_and_picks_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    session = WatchSession()
    wanted = wanted_of(SEARCH + "&seed=72", session.scenario_store)
    first = list(session.views(wanted, never))
    monkeypatch.setattr("app.serving.batching.record_trajectory", None)
    monkeypatch.setattr("app.watch.session.tasks.completed", None)
    (again,) = session.views(wanted, never)
    assert (again.trajectory, again.choice) == (first[-1].trajectory, first[-1].choice)
