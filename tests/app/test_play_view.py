"""Tests of the content of a week in Play: look-ahead, current offers, a deal in force."""

import numpy as np
import pytest

from app.inputs.scenario_store import ScenarioStore
from app.play import outlook, scenes
from app.play.address import asked_of
from app.play.session import Outlook, Play
from app.play.view import picture

CLASS = "/play?scenario=classroom&seat=north&world=1"


def game(search: str) -> Play:
    return Play(asked_of(search.partition("/play")[2], ScenarioStore()))


def test_constant_measures_are_left_out() -> None:
    play = game(CLASS)
    seen: list[Outlook] = []
    play.foresee(seen.append).join()
    titles = [block["title"] for block in outlook.blocks(seen[-1].ahead, "South")]
    assert titles[0].startswith("A deal in force after 25 weeks")
    assert not any("tariff" in title for title in titles)


def test_a_zero_chance_of_signing_is_shown_if_signing_is_possible() -> None:
    play = game("/play?seat=US&world=7")
    play.wait()
    while not play.now.may.offer:
        play.end()
    assert play.signs  # ministers meet
    asks = (play.now.gains > 0.0) * play.now.open_
    play.change("offer", asks.tolist())
    seen: list[Outlook] = []
    play.foresee(seen.append).join()
    ahead = seen[-1].ahead
    assert ahead[0].accepted.estimate == 0.0
    signed = "Signed this week"
    assert signed not in [block["title"] for block in outlook.blocks(ahead, "China")]
    assert outlook.blocks(ahead, "China", play.signs)[0]["title"] == signed


def test_the_own_offer_stays_in_view_until_the_next_one() -> None:
    play = game("/play?seat=US&world=7")
    while not play.now.may.offer:
        play.end()
    made = list(play.moves.offer or ())
    play.end()
    seen = picture(play)
    assert seen.title == "Your last offer, refused"
    assert seen.deal is not None
    assert seen.deal["levels"] == pytest.approx(made)


def test_staged_offers_below_the_walk_away_point_have_a_note() -> None:
    play = game(CLASS)
    assert "below" not in scenes.offered(play)
    play.change("offer", [1.0, 0.0, 0.0])
    assert play.now.worth(np.array([1.0, 0.0, 0.0])) < play.now.reservation
    assert "(below your walk-away point)" in scenes.offered(play)


def test_a_deal_in_force_shows_its_worth_when_it_was_signed() -> None:
    play = game("/play?scenario=classroom&seat=both")
    play.change("offer", [1.0, 1.0, 0.2])
    before = picture(play).deal
    assert before is not None
    assert before["scale"]["signed"] is None
    worth = play.now.worth(np.array([1.0, 1.0, 0.2]))
    play.end()
    assert picture(play).waiting.startswith("Both wait")
    play.lift()
    play.change("accept", True)
    play.end()
    deal = picture(play).deal
    assert deal is not None
    row = play.seat.row
    assert deal["scale"]["signed"] == pytest.approx(
        float(play.game.state("utility")[row]), abs=1e-4
    )
    assert float(play.game.state("utility")[0]) == pytest.approx(worth)
