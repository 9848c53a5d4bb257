"""Tests of game sessions: invalid input changes nothing, and failures lead to a message."""

import threading

import pytest

from app.inputs.scenario_store import ScenarioStore
from app.play.address import asked_of
from app.play.session import LONGEST_WAIT, Outlook, Play
from app.serving.latest_task import Superseded, TooLong

CLASS = "scenario=classroom&world=1&seat="
MAIN = "seat=US&world=17"
WAIT = 60.0


def game(search: str) -> Play:
    return Play(asked_of(search, ScenarioStore()))


def waiting(search: str) -> Play:
    """Return a game in a week without a task."""
    play = game(search)
    while play.may_wait():
        play.end()
    return play


def test_no_starting_points_without_an_offer_to_make() -> None:
    play = waiting(MAIN)
    before = play.moves
    assert play.package is None
    assert play.start("everything") is None
    for name in ("last", "best", "draft", "halfway", "everything", 7):
        assert "not a valid move" in str(play.change("start", name)[0])
    play.undo("offer")
    play.undo("everything")
    assert play.moves == before
    assert play.staged() == []


def test_starting_points_of_the_first_offer() -> None:
    play = game(CLASS + "north")
    for name in ("best", "draft", "last"):
        assert play.change("start", name) == []
        assert play.package is not None
        assert tuple(play.package) == play.start(name)
    assert play.start("last") == play.start("draft")  # there was no offer before
    assert play.start("halfway") is None


def test_no_waiting_with_staged_moves() -> None:
    play = waiting(MAIN)
    assert play.change("gesture", True) == []
    week = play.game.week
    assert "end the week, or take them back" in play.may_wait()
    play.wait()
    assert play.game.week == week
    play.undo("gesture")
    play.wait()
    assert play.game.week > week


def test_waiting_is_limited() -> None:
    play = waiting("scenario=classroom&world=1&seat=north&talks.rate=0&time.horizon=60")
    week = play.game.week
    play.wait()
    assert play.game.week == week + LONGEST_WAIT
    assert play.news == []


def test_no_moves_behind_the_curtain_or_after_the_end() -> None:
    play = game(CLASS + "both&time.horizon=2")
    play.end()
    assert play.curtain
    seat, staged = play.seat, play.moves
    for press in (play.end, play.wait):
        press()
        assert (play.seat, play.moves, play.game.week) == (seat, staged, 1)
    while not play.game.over:
        play.lift()
        play.end()
    view = play.view
    for press in (play.end, play.wait):
        press()
        assert play.view == view


def test_no_look_ahead_after_the_end() -> None:
    play = game(CLASS + "north&time.horizon=1")
    play.end()
    seen: list[Outlook] = []
    play.foresee(seen.append).join(WAIT)
    assert play.game.over
    assert seen == []


def test_equal_candidates_are_compared_once() -> None:
    play = game(CLASS + "north")
    candidates = play.candidates()
    assert "your offer" in candidates
    assert len(set(candidates.values())) == len(candidates)
    assert play.change("start", "best") == []
    assert "ask for most" not in play.candidates()  # equal to the own offer


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    types: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: types.append(hook.exc_type))
    return types


@pytest.mark.parametrize(
    ("error", "message", "logged"),
    [
        (TooLong(60.0), "This took longer than 60 seconds and was stopped.", []),
        (ZeroDivisionError(), "The look-ahead could not be simulated.", [ZeroDivisionError]),
        (Superseded(), None, []),
    ],
    ids=["too long", "a crash", "a newer request"],
)
def test_failures_of_the_look_ahead_lead_to_a_message(
    error: Exception,
    message: str | None,
    logged: list[object],
    faults: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(*_: object) -> None:
        raise error

    monkeypatch.setattr("app.serving.workers.run", ends)
    play, seen = game(CLASS + "north"), list[Outlook]()
    play.foresee(seen.append).join(WAIT)
    assert [one.problem for one in seen] == ([] if message is None else [message])
    assert all(one.of == play.view and not one.ahead for one in seen)
    assert faults == logged


def test_an_outdated_look_ahead_shows_nothing() -> None:
    play, seen = game(CLASS + "north"), list[Outlook]()
    with play.lock:
        thread = play.foresee(seen.append)
        assert play.change("offer", [0.5, 0.5, 0.5]) == []
    thread.join(WAIT)
    assert not thread.is_alive()
    assert seen == []
