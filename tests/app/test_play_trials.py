"""Play: a trial package is staged, changed, taken back and sent."""

import pytest

from app.inputs.scenario_store import ScenarioStore
from app.play import levers, scenes
from app.play.address import asked_of
from app.play.session import Play
from app.play.view import picture

SEARCH = (
    "seat=US&world=4&channels.contact=1&channels.access=0&time.horizon=12&talks.rate=0.2"
    "&edges.han_zheng>elon_musk.weight=0.4"
)


@pytest.fixture
def play() -> Play:
    """Return a game in a week in which a trial package can be sent, and no offer is due."""
    play = Play(asked_of(SEARCH, ScenarioStore()))
    while not play.now.may.trial or play.now.may.offer or play.now.table is not None:
        play.end()
    return play


def test_it_is_staged_with_the_draft_of_the_staff(play: Play) -> None:
    row = levers.trial(play)
    assert row is not None
    assert (row["why"], row["on"]) == ("", False)
    assert [key for key, _ in row["channels"]] == ["elon_musk", "han_zheng"]
    assert "arrives in 18 %" in row["channels"][0][1]  # 0.5 x 0.35
    assert play.change("channel", "han_zheng") == []
    assert play.moves.trial == play.trial_start("draft")
    assert [one["name"] for one in scenes.staged(play)] == ["channel"]
    assert "Trial package through Han Zheng" in scenes.staged(play)[0]["text"]
    assert "end the week, or take them back" in play.may_wait()


def test_its_levels_are_changed_with_the_sliders_of_an_offer(play: Play) -> None:
    assert play.change("channel", "elon_musk") == []
    shown = picture(play)
    assert shown.title == "Your trial package"
    assert shown.deal is not None
    assert shown.deal["starts"]
    levels = [0.0] * len(play.game.setting.issues)
    assert play.change("offer", levels) == []
    assert (play.moves.trial, play.moves.offer) == (tuple(levels), None)
    assert play.change("start", "best") == []
    assert play.moves.trial == play.trial_start("best")
    assert "only at summits" in str(play.change("offer", [1.0] * len(levels))[0])


def test_it_is_taken_back_whole(play: Play) -> None:
    before = play.moves
    play.change("channel", "elon_musk")
    play.undo("channel")
    assert play.moves == before
    play.change("channel", "elon_musk")
    play.change("channel", "")
    assert play.moves == before
    assert play.package is None


def test_a_channel_that_is_not_in_contact_is_refused(play: Play) -> None:
    before = play.moves
    assert "cannot carry a trial package" in str(play.change("channel", "former_diplomat")[0])
    assert "not a valid move" in str(play.change("channel", 3)[0])
    assert play.moves == before


def test_the_look_ahead_compares_it(play: Play) -> None:
    moves = play.candidates()["try a package"]
    assert moves.channel == "elon_musk"
    assert moves.trial == play.trial_start("draft")


def test_the_reason_is_given_if_none_can_be_sent() -> None:
    play = Play(asked_of(SEARCH, ScenarioStore()))
    reasons = set()
    while not play.game.over:
        row = levers.trial(play)
        assert row is not None
        assert (row["why"] == "") == bool(play.now.may.trial)
        reasons.add(row["why"])
        play.end()
    assert "China makes the next offer, so it is its turn to test a package." in reasons
    idle = Play(asked_of("seat=US&channels.trial=0", ScenarioStore()))
    assert levers.trial(idle) is None
