"""Ends of one visitor's game: nonsense changes nothing, and looking ahead is never silent."""

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
    """Return a game in a week in which nobody is asked for anything."""
    play = game(search)
    while play.may_wait():
        play.end()
    return play


def test_where_no_offer_is_asked_for_there_is_none_to_start_from() -> None:
    play = waiting(MAIN)
    before = play.moves
    assert play.package is None
    assert play.start("everything") is None
    for name in ("last", "best", "draft", "halfway", "everything", 7):
        assert "cannot be read as a move" in str(play.change("start", name)[0])
    play.undo("offer")
    play.undo("everything")
    assert play.moves == before
    assert play.staged() == []


def test_an_offer_starts_from_what_there_is() -> None:
    play = game(CLASS + "north")
    for name in ("best", "draft", "last"):
        assert play.change("start", name) == []
        assert play.package is not None
        assert tuple(play.package) == play.start(name)
    assert play.start("last") == play.start("draft")  # nothing was offered before
    assert play.start("halfway") is None


def test_what_is_done_once_is_not_waited_with() -> None:
    play = waiting(MAIN)
    assert play.change("gesture", True) == []
    week = play.game.week
    assert "end the week, or take it back" in play.may_wait()
    play.wait()
    assert play.game.week == week
    play.undo("gesture")
    play.wait()
    assert play.game.week > week


def test_one_press_lets_no_more_weeks_pass_than_it_says() -> None:
    play = waiting("scenario=classroom&world=1&seat=north&talks.rate=0&time.horizon=60")
    week = play.game.week
    play.wait()
    assert play.game.week == week + LONGEST_WAIT
    assert play.news == []


def test_nobody_moves_behind_the_curtain_nor_after_the_end() -> None:
    play = game(CLASS + "both&time.horizon=2")
    play.end()
    assert play.curtain
    here, staged = play.here, play.moves
    for press in (play.end, play.wait):
        press()
        assert (play.here, play.moves, play.game.week) == (here, staged, 1)
    while not play.game.over:
        play.lift()
        play.end()
    view = play.view
    for press in (play.end, play.wait):
        press()
        assert play.view == view


def test_after_the_end_nothing_may_follow() -> None:
    play = game(CLASS + "north&time.horizon=1")
    play.end()
    seen: list[Outlook] = []
    play.foresee(seen.append).join(WAIT)
    assert play.game.over
    assert seen == []


def test_offers_that_are_the_same_are_compared_once() -> None:
    play = game(CLASS + "north")
    found = play.candidates()
    assert "your offer" in found
    assert len(set(found.values())) == len(found)
    assert play.change("start", "best") == []
    assert "ask for most" not in play.candidates()  # it is your offer


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    found: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: found.append(hook.exc_type))
    return found


@pytest.mark.parametrize(
    ("error", "told", "logged"),
    [
        (TooLong(60.0), "This took longer than 60 seconds and was stopped.", []),
        (ZeroDivisionError(), "What may follow could not be simulated.", [ZeroDivisionError]),
        (Superseded(), None, []),
    ],
    ids=["too long", "a fault", "a newer wish"],
)
def test_looking_ahead_ends_in_words(
    error: Exception,
    told: str | None,
    logged: list[object],
    faults: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(*_: object) -> None:
        raise error

    monkeypatch.setattr("app.serving.workers.run", ends)
    play, seen = game(CLASS + "north"), list[Outlook]()
    play.foresee(seen.append).join(WAIT)
    assert [one.problem for one in seen] == ([] if told is None else [told])
    assert all(one.of == play.view and not one.ahead for one in seen)
    assert faults == logged


def test_what_has_changed_meanwhile_is_not_looked_ahead_from() -> None:
    play, seen = game(CLASS + "north"), list[Outlook]()
    with play.lock:
        thread = play.foresee(seen.append)
        assert play.change("offer", [0.5, 0.5, 0.5]) == []
    thread.join(WAIT)
    assert not thread.is_alive()
    assert seen == []
