"""What one visitor's Watch shows where a world cannot be filmed, or not as it was: always words."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.inputs import results_index
from app.inputs.scenario_store import MOST_WEEKS
from app.play import games
from app.serving.latest_task import TooLong
from app.watch.address import wanted_of
from app.watch.session import Screening, Showing
from experiments.engine import simulate
from experiments.game.table import Game
from experiments.game.transcript import Transcript, transcript_of
from experiments.results.folder import write_results
from model.schema.scenario import load_scenario

SEARCH = "scenario=classroom&worlds=20&time.horizon=6&world=2"
LONG = load_scenario("classroom", {"time.horizon": MOST_WEEKS + 1})


def never(_: int) -> None:
    """Go on."""


def shown(search: str) -> list[Showing]:
    """Return all that is shown until the work has ended."""
    screening, found = Screening(), list[Showing]()
    screening.work(wanted_of(search, screening.scenario_store), found.append).join()
    return found


def left(horizon: int) -> Transcript:
    """Return a game that was left after its first week."""
    game = Game(load_scenario("classroom", {"time.horizon": horizon}), ["north"])
    game.play({})
    return transcript_of(game)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(results_index.PLACE, str(tmp_path))
    return tmp_path


def test_a_world_that_is_now_another_is_shown_and_it_is_said(place: Path) -> None:
    run = simulate("classroom", 6, 4)
    run.outcomes.loc[3, "weeks_to_deal"] = 99.0
    write_results(run, place / "old")
    assert shown("results=old&world=2")[-1].problems == ()
    last = shown("results=old&world=3")[-1]
    assert last.trajectory is not None
    (problem,) = last.problems
    assert "lives the world otherwise than the folder says. weeks_to_deal is" in str(problem)


def test_a_folder_of_more_weeks_than_a_page_shows_names_the_command(place: Path) -> None:
    write_results(simulate(LONG, 1, 1), place / "long")
    last = shown("results=long")[-1]
    assert last.trajectory is None
    assert f"at most {MOST_WEEKS} weeks" in str(last.problems[0])
    assert "python run.py replay results/long 0" in str(last.problems[0])


def test_a_game_that_was_left_is_shown_to_its_end_and_it_is_said() -> None:
    (only,) = shown(f"game={games.keep(left(6))}")
    assert only.trajectory is not None
    assert only.trajectory.last == 6
    assert only.choice is None
    assert "left after week 1" in str(only.problems[0])


def test_a_game_of_more_weeks_than_a_page_shows_is_refused() -> None:
    (only,) = shown(f"game={games.keep(left(MOST_WEEKS + 1))}")
    assert only.trajectory is None
    assert f"{MOST_WEEKS + 1}: at most {MOST_WEEKS} weeks are shown on this page" in str(
        only.problems[0]
    )


def test_the_film_stays_where_the_choice_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TooLong(60.0)

    monkeypatch.setattr("app.watch.session.tasks.completed", slow)
    first, last = shown(SEARCH + "&seed=71")
    assert first.busy
    assert first.trajectory is not None
    assert (last.trajectory, last.busy) == (first.trajectory, "")
    assert last.problems == ("This took longer than 60 seconds and was stopped.",)


def test_a_fault_is_told_and_not_only_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: faults.append(hook.exc_type))
    monkeypatch.setattr("app.serving.batching.record_trajectory", broken)
    (only,) = shown(SEARCH)
    assert only.problems == ("This world could not be simulated.",)
    assert not only.busy
    assert faults == [ZeroDivisionError]


def test_an_older_wish_says_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_: object, __: int, check: Callable[[int], None]) -> None:
        begun.set()
        while True:
            check(0)

    screening, found = Screening(), list[Showing]()
    with monkeypatch.context() as patch:
        patch.setattr("app.serving.batching.record_trajectory", endless)
        thread = screening.work(wanted_of(SEARCH, screening.scenario_store), found.append)
        assert begun.wait(30.0)
    screening.latest_task.close()
    thread.join(30.0)
    assert not thread.is_alive()
    assert found == []


def test_what_was_filmed_and_chosen_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screening = Screening()
    wanted = wanted_of(SEARCH + "&seed=72", screening.scenario_store)
    first = list(screening.showings(wanted, never))
    monkeypatch.setattr("app.serving.batching.record_trajectory", None)
    monkeypatch.setattr("app.watch.session.tasks.completed", None)
    (again,) = screening.showings(wanted, never)
    assert (again.trajectory, again.choice) == (first[-1].trajectory, first[-1].choice)
