"""Tests of the controls and the task of a week during threats, truces, deals and debts."""

from dataclasses import replace
from typing import Any

import pytest

from app.play import levers, scenes
from app.play.session import Play
from experiments.game.situation import PendingThreat
from model.state.state import DEAL, TALKS, TRUCE
from tests.app.test_play import CLASS, MAIN, game


@pytest.fixture
def play() -> Play:
    return game(MAIN)


def set_situation(play: Play, patch: pytest.MonkeyPatch, may: dict[str, Any], **facts: Any) -> None:
    """Change the situation that all seats see."""
    now = play.now
    situation = replace(now, may=replace(now.may, **may), **facts)
    patch.setattr(play.game, "look", lambda *who: situation)


def switch(play: Play, name: str) -> str:
    """Return why a switch is disabled, or an empty string."""
    (why,) = (row["why"] for row in levers.switches(play) if row["name"] == name)
    assert isinstance(why, str)
    return why


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("tariff", "You raise"),
        ("control", "You tighten export controls"),
        ("revocation", "follows with a chance of"),
    ],
)
def test_threats_describe_their_execution(
    play: Play, monkeypatch: pytest.MonkeyPatch, kind: str, words: str
) -> None:
    set_situation(
        play, monkeypatch, {"carry_out": True, "put_off": False}, mine=PendingThreat(kind, 0.1, 1)
    )
    out, off, _ = levers.due(play)
    assert words in out["note"]
    assert off["why"] == "Only shortly after a session."
    assert scenes.asked(play.game, play.seat, play.now)[1] == "asked"


@pytest.mark.parametrize(
    ("phase", "why"),
    [(DEAL, "Not while a deal is in force."), (TRUCE, "Not during a truce."), (TALKS, "")],
)
def test_disabled_moves_during_a_deal_or_truce(
    play: Play, monkeypatch: pytest.MonkeyPatch, phase: int, why: str
) -> None:
    free = phase == TALKS
    set_situation(play, monkeypatch, {"gesture": free, "truce": free}, phase=phase, mine=None)
    assert levers.threat(play)["why"] == why
    assert switch(play, "gesture") == why
    assert switch(play, "truce") == why


def test_a_deal_can_be_ended_only_if_something_is_owed(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        set_situation(play, patch, {"leave": True}, phase=DEAL, owed=2.5)
        assert switch(play, "leave") == ""
        owed = [
            row for row in scenes.standing(play.game, play.seat, play.now) if "owe" in row["name"]
        ]
        assert [row["text"] for row in owed] == ["2.5 weeks of delivery"]
    set_situation(play, monkeypatch, {"leave": False}, phase=DEAL, owed=0.0)
    assert "owes something" in switch(play, "leave")
    assert not [r for r in scenes.standing(play.game, play.seat, play.now) if "owe" in r["name"]]


@pytest.mark.parametrize(
    ("mine", "state", "why"),
    [
        (PendingThreat("tariff", 0.1, 3), "", "Not while your threat hangs."),
        (None, "gestures_end", "Your last gesture was not answered: no more of them."),
        (None, "gesture_weeks", "Your last gesture waits for an answer."),
        (None, "", "Your tariff is as low as it can be."),
    ],
)
def test_reasons_for_a_disabled_gesture(
    play: Play, monkeypatch: pytest.MonkeyPatch, mine: PendingThreat | None, state: str, why: str
) -> None:
    set_situation(play, monkeypatch, {"gesture": False}, phase=TALKS, mine=mine)
    monkeypatch.setattr(play.game, "state", lambda name, week=None: [float(name == state), 0.0])
    assert switch(play, "gesture") == why


@pytest.mark.parametrize(
    ("phase", "level", "words"),
    [
        (DEAL, 0, "The deal is in force"),
        (TRUCE, 0, "A truce holds"),
        (TALKS, 1, "somebody else speaks for yours"),
        (TALKS, 0, "No session this week"),
    ],
)
def test_weeks_without_a_task(
    play: Play, monkeypatch: pytest.MonkeyPatch, phase: int, level: int, words: str
) -> None:
    may = {"offer": False, "accept": False, "carry_out": False}
    set_situation(play, monkeypatch, may, phase=phase, level=level, table=None)
    task, tone = scenes.asked(play.game, play.seat, play.now)
    assert words in task
    assert tone == "quiet"


def test_an_offer_that_cannot_be_signed(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = play.now.gains * 0.0
    may = {"offer": False, "accept": False, "carry_out": False}
    set_situation(play, monkeypatch, may, table=offer, level=1)
    task, tone = scenes.asked(play.game, play.seat, play.now)
    assert "nobody can sign at that level" in task
    assert tone == "quiet"


def test_certain_ratification_shows_no_chance(play: Play) -> None:
    sure = game(CLASS)
    assert scenes.home(sure.game, sure.seat, sure.now.gains * 0.0) == "what you sign is ratified"
    assert "chance to be ratified" in scenes.home(play.game, play.seat, play.now.gains * 0.0)
