"""Draft packages: the model's own, the last of each side, and their midpoint."""

import numpy as np
import pytest

from agents.script import Moves
from experiments.game.drafts import draft, is_comprehensive, last_offer, midpoint
from experiments.game.table import Game, deal_was_made
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import BEST, CLASSROOM

ALL_MINE = (0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def game() -> Game:
    """Return a game in which both sides have offered; the north asked for everything."""
    game = Game(CLASSROOM, ["north"])
    me = game.seats[0]
    assert midpoint(game, me) is None
    assert last_offer(game, me.row) is None
    while last_offer(game, 0) is None or last_offer(game, 1) is None:
        asked = game.look(me).may.offer
        game.play({me.key: Moves(offer=ALL_MINE if asked else None)})
    return game


def test_the_midpoint_is_between_the_last_offers_of_both_sides(game: Game) -> None:
    me = game.seats[0]
    theirs = last_offer(game, 1)
    assert theirs is not None
    mine, middle = last_offer(game, 0), midpoint(game, me)
    assert mine is not None
    assert mine.tolist() == list(ALL_MINE)
    assert middle is not None
    assert middle == pytest.approx((mine + theirs) / 2)


def test_the_draft_equals_the_offer_that_the_model_makes() -> None:
    game = Game(CLASSROOM, ["north"])
    me = game.seats[0]
    while not game.look(me).may.offer:
        game.play({})
    drafted = draft(game, me)
    game.play({})
    made = last_offer(game, me.row)
    assert made is not None
    assert made == pytest.approx(drafted)


def test_a_comprehensive_package_has_issues_of_several_families() -> None:
    game = Game(load_scenario("february_2025"), ["US"])
    cards = game.setting.issues.values()
    families = {card.family for card in cards}
    assert is_comprehensive(game, np.ones(len(cards)))
    assert not is_comprehensive(game, np.zeros(len(cards)))
    assert not any(
        is_comprehensive(game, np.array([float(card.family == one) for card in cards]))
        for one in families
    )


def test_deal_was_made_is_true_after_a_deal(game: Game) -> None:
    assert not deal_was_made(game)
    agreed = Game(CLASSROOM, ["north"])
    me = agreed.seats[0]
    while not agreed.over:
        asked = agreed.look(me).may.offer
        agreed.play({me.key: Moves(offer=BEST if asked else None)})
    assert deal_was_made(agreed)
    assert agreed.wait(3, frozenset()) == []
