"""Packages to start from: the model's own, the last of each side, and the middle between them."""

import numpy as np
import pytest

from agents.script import Moves
from experiments.game.drafts import draft, halfway, last, whole
from experiments.game.table import Game, ended
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import BEST, CLASSROOM

ALL_MINE = (0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def game() -> Game:
    """Return a game in which both have offered: the north all it could wish for."""
    found = Game(CLASSROOM, ["north"])
    me = found.seats[0]
    assert halfway(found, me) is None
    assert last(found, me.row) is None
    while last(found, 0) is None or last(found, 1) is None:
        asked = found.look(me).may.offer
        found.play({me.key: Moves(offer=ALL_MINE if asked else None)})
    return found


def test_the_middle_lies_between_the_last_offers_of_both(game: Game) -> None:
    me = game.seats[0]
    theirs = last(game, 1)
    assert theirs is not None
    mine, middle = last(game, 0), halfway(game, me)
    assert mine is not None
    assert mine.tolist() == list(ALL_MINE)
    assert middle is not None
    assert middle == pytest.approx((mine + theirs) / 2)


def test_the_draft_is_what_the_model_offers_if_nobody_else_does() -> None:
    game = Game(CLASSROOM, ["north"])
    me = game.seats[0]
    while not game.look(me).may.offer:
        game.play({})
    drafted = draft(game, me)
    game.play({})
    made = last(game, me.row)
    assert made is not None
    assert made == pytest.approx(drafted)


def test_whole_is_what_reaches_into_several_families_of_issues() -> None:
    game = Game(load_scenario("february_2025"), ["US"])
    cards = game.setting.issues.values()
    families = {card.family for card in cards}
    assert whole(game, np.ones(len(cards)))
    assert not whole(game, np.zeros(len(cards)))
    assert not any(
        whole(game, np.array([float(card.family == one) for card in cards])) for one in families
    )


def test_a_game_has_ended_in_a_deal_once_one_was_made(game: Game) -> None:
    assert not ended(game)
    agreed = Game(CLASSROOM, ["north"])
    me = agreed.seats[0]
    while not agreed.over:
        asked = agreed.look(me).may.offer
        agreed.play({me.key: Moves(offer=BEST if asked else None)})
    assert ended(agreed)
    assert agreed.wait(3, frozenset()) == []
