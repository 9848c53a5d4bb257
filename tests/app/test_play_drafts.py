"""Play: an adviser is asked for a draft, which fills the sliders of the offer."""

import pytest

from agents.script import Moves
from app.inputs.scenario_store import ScenarioStore
from app.play import scenes
from app.play.address import asked_of
from app.play.debriefing import _offer
from app.play.session import ADVISER, Play
from app.play.view import picture
from experiments.game.decisions import Decision
from experiments.game.drafts import adviser_draft

SEARCH = "seat=US&world=4&time.horizon=12&talks.rate=0.9"
NAVARRO = f"{ADVISER}peter_navarro"


@pytest.fixture
def play() -> Play:
    """Return a game in a week in which an offer is due."""
    play = Play(asked_of(SEARCH, ScenarioStore()))
    while not play.now.may.offer:
        play.end()
    return play


def test_a_draft_fills_the_offer_and_is_noted(play: Play) -> None:
    assert play.change("start", NAVARRO) == []
    expected = adviser_draft(play.game, play.seat, "peter_navarro") * play.now.open_
    assert play.moves.offer == tuple(expected.tolist())
    assert play.moves.drafter == "peter_navarro"
    text = scenes.staged(play)[0]["text"]
    assert text.startswith("Offer from a draft of Peter Navarro: ")
    shown = picture(play).deal
    assert shown is not None
    asked = {row["name"]: row["asked"] for row in shown["starts"] if "asked" in row}
    assert asked[NAVARRO]
    assert sum(asked.values()) == 1


def test_changed_levels_keep_the_note_and_another_start_drops_it(play: Play) -> None:
    play.change("start", NAVARRO)
    levels = list(play.moves.offer or ())
    levels[0] = 0.5
    assert play.change("offer", levels) == []
    assert play.moves.drafter == "peter_navarro"
    play.change("start", "best")
    assert play.moves.drafter == ""
    play.change("start", NAVARRO)
    play.undo("offer")
    assert play.moves.drafter == ""


@pytest.mark.parametrize("start", ["adviser:he_lifeng", "adviser:", "adviser:x", ["adviser"], 3])
def test_nobody_else_is_asked(play: Play, start: object) -> None:
    before = play.moves
    assert play.change("start", start) != []
    assert play.moves == before


def test_the_debrief_names_the_drafter(play: Play) -> None:
    offer = play.start(NAVARRO)
    assert offer is not None
    moves = Moves(offer=offer, drafter="peter_navarro")
    decision = Decision(1, moves, {"offer": 1.0}, {"offer": offer})
    said, _ = _offer(play.game.setting, decision)
    assert said.startswith("You offered, from a draft of Peter Navarro: ")
