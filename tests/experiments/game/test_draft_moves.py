"""A seat asks an adviser for a draft: what it contains, the rules, and the transcript."""

from typing import Any

import numpy as np
import pytest

from agents.script import Moves
from experiments.game.drafts import adviser_draft, draft
from experiments.game.table import Game, IllegalMoves
from experiments.game.transcript import (
    as_csv,
    as_json,
    outcome_differences,
    replay_transcript,
    transcript_of,
)
from experiments.game.transcript_reading import read_transcript
from model.arrays import Array
from model.rules.curves import felt
from model.rules.offers import utility
from model.schema.scenario import load_scenario

NUMBERS = {"time.horizon": 8, "talks.rate": 0.9}


def due(seat: str = "US", **overrides: Any) -> Game:
    """Return a game in a week in which an offer of the seat is due."""
    game = Game(load_scenario("february_2025", NUMBERS | overrides), [seat], 1, 4)
    while not game.look(game.seats[0]).may.offer:
        game.play({})
    return game


def worth(game: Game, package: Array) -> float:
    """Return what a package is worth to the seat as it counts offers, in points."""
    leader = game.negotiation.leaders[game.seats[0].row]
    own, _ = leader.stakes()
    wide = np.repeat(package[:, np.newaxis], game.negotiation.worlds, axis=1)
    return float(utility(own, felt(wide, leader.bends().own))[0])


def test_advisers_of_the_own_side_can_be_asked() -> None:
    game = due()
    asked = game.look(game.seats[0]).may.drafters
    assert {"scott_bessent", "peter_navarro"} <= set(asked)
    for key in asked:
        card = game.setting.actors[key]
        assert (card.side, card.kind) == ("US", "adviser")
    lead = due("scott_bessent")
    assert "scott_bessent" not in lead.look(lead.seats[0]).may.drafters


def test_nobody_can_be_asked_without_an_offer_or_drafts() -> None:
    game = due("US", **{"talks.drafting": 0.0})
    assert game.look(game.seats[0]).may.drafters == ()
    game = Game(load_scenario("february_2025", NUMBERS), ["US"], 1, 4)
    while game.look(game.seats[0]).may.offer:
        game.play({})
    assert game.look(game.seats[0]).may.drafters == ()


def test_drafts_ask_for_as_much_in_another_order() -> None:
    game = due()
    who, before = game.seats[0], game.negotiation.store["draft_lead"].copy()
    found = {key: adviser_draft(game, who, key) for key in game.look(who).may.drafters}
    assert (game.negotiation.store["draft_lead"] == before).all()
    for package in found.values():
        assert worth(game, package) == pytest.approx(worth(game, draft(game, who)), abs=1e-9)
    packages = list(found.values())
    assert max(np.abs(one - packages[0]).max() for one in packages) > 0.01
    assert all(((one >= 0.0) & (one <= 1.0)).all() for one in packages)


def test_an_adviser_asks_first_for_what_it_wants() -> None:
    row = list(load_scenario("february_2025").issues).index("purchases")
    levels = []
    for priority in (0.1, 10.0):
        name = "actors.peter_navarro.priorities.purchases"
        game = due("US", **{name: priority})
        levels.append(adviser_draft(game, game.seats[0], "peter_navarro")[row])
    assert levels[0] < levels[1]


def test_rules_refuse_other_drafters() -> None:
    game = due()
    who = game.seats[0]
    offer = tuple(draft(game, who).tolist())
    for moves, why in (
        (Moves(offer=offer, drafter="he_lifeng"), "only an adviser of one's own side"),
        (Moves(drafter="scott_bessent"), "a draft is for an offer"),
    ):
        with pytest.raises(IllegalMoves, match=why):
            game.play({who.key: moves})


def test_a_transcript_keeps_who_was_asked() -> None:
    game = due()
    who, week = game.seats[0], game.week
    offer = tuple(adviser_draft(game, who, "peter_navarro").tolist())
    game.play({who.key: Moves(offer=offer, drafter="peter_navarro")})
    while not game.over:
        game.play({})
    again = read_transcript(as_json(transcript_of(game)))
    assert again.moves[who.key][week].drafter == "peter_navarro"
    assert outcome_differences(again, replay_transcript(again)) == []
    assert "peter_navarro" in as_csv(game)
