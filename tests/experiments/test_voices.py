"""Counsel and complaints follow from opinions, pain and worth, and from nothing of the other's."""

import numpy as np
import pytest

from experiments.game import drafts, voices
from experiments.game.drafts import Feeling
from experiments.game.table import Game
from experiments.game.voices import Speaker
from model.scenario import load_scenario


@pytest.fixture
def game() -> Game:
    """Return a game of the main scenario with an offer of the other on the table."""
    found = Game(load_scenario("february_2025"), ["US"], 1, 17)
    while found.look(found.seats[0]).table is None:
        found.play({})
    return found


def speaker(firmness: float = 0.5, escalation: float = 0.5, enforcement: float = 0.5) -> Speaker:
    return Speaker("x", "X", "adviser", firmness, escalation, enforcement)


def test_everybody_of_the_side_speaks_and_nobody_else(game: Game) -> None:
    me = game.seats[0]
    told = ", ".join(voice.title for voice in voices.counsel(game, me))
    for card in game.setting.actors.values():
        speaks = card.side == "US" and card.kind in ("adviser", "analyst")
        assert (card.title in told) == speaks


def test_to_an_adviser_the_leader_speaks_first() -> None:
    game = Game(load_scenario("february_2025"), ["scott_bessent"])
    first, *others = voices.speakers(game, game.seats[0])
    assert first.kind == "leader"
    assert "scott_bessent" not in [other.key for other in others]


def test_a_bad_offer_is_refused_by_all_and_a_good_one_splits_them(game: Game) -> None:
    me = game.seats[0]
    assert game.look(me).worth(game.look(me).table) < game.look(me).reservation  # type: ignore[arg-type]
    assert {voice.lean for voice in voices.counsel(game, me)} == {-1}
    good = drafts.best(game, me)
    middle = 0.6 * good
    assert voices.on_offer(game, me, speaker(0.0), middle)[0] == 1
    assert voices.on_offer(game, me, speaker(1.0), middle)[0] == -1
    assert "promises" in voices.on_offer(game, me, speaker(0.0, 0.5, 1.0), np.eye(10)[2])[1][0]


def test_a_draft_is_too_greedy_or_too_soft_or_right() -> None:
    game = Game(load_scenario("classroom"), ["north"])
    me = game.seats[0]
    greedy, soft = np.array([0.0, 1.0, 1.0]), np.array([1.0, 0.4, 0.0])
    assert "cannot accept" in voices.on_draft(game, me, speaker(), greedy)[1][0]
    assert "against ourselves" in voices.on_draft(game, me, speaker(), soft)[1][1]
    fair = np.array([1.0, 1.0, 0.2])
    assert voices.on_draft(game, me, speaker(0.2), fair)[0] == 1
    assert voices.on_draft(game, me, speaker(0.9), fair)[0] == -1


@pytest.mark.parametrize(("taste", "lean"), [(0.9, -1), (0.1, 1), (0.5, 0)])
def test_a_threat_that_is_due_is_met_by_the_taste_for_escalation(taste: float, lean: int) -> None:
    assert voices.on_threat(speaker(0.5, taste), True)[0] == lean
    assert voices.on_threat(speaker(0.5, taste), False)[0] == lean


@pytest.mark.parametrize(
    ("feeling", "words"),
    [
        (Feeling("g", "G", 1.0, 0.8), "bleeding"),
        (Feeling("g", "G", 1.0, 0.2), "feel it"),
        (Feeling("g", "G", 1.0, -0.3), "better off"),
        (Feeling("g", "G", 1.0, 0.8, -1.0, 0.05), "pay for"),
        (Feeling("g", "G", 1.0, 0.8, 1.0, 0.99), "for their offer"),
        (Feeling("g", "G", 1.0, 0.0, 0.0, 0.5), "either way"),
    ],
)
def test_groups_speak_of_the_package_first_and_then_of_their_pain(
    feeling: Feeling, words: str
) -> None:
    said = voices.complaint(feeling, "their offer")
    assert said
    assert words in said[1][0]
    assert voices.complaint(Feeling("g", "G", 1.0, 0.0), "their offer") is None


def test_where_home_is_hurt_all_but_the_firm_ask_for_a_truce() -> None:
    game = Game(load_scenario("february_2025"), ["US"], 1, 17)
    me = game.seats[0]
    while game.look(me).asked or voices.pain(game, me) < voices.HURT:
        game.play({})
    assert "truce" in voices.on_quiet(game, me, speaker(0.5))[1][0]
    assert "truce" not in voices.on_quiet(game, me, speaker(0.9))[1][0]


def test_the_words_change_from_week_to_week_and_nobody_repeats_another() -> None:
    game = Game(load_scenario("february_2025"), ["US"], 1, 17)
    me, heard = game.seats[0], set()
    for _ in range(12):
        said = [voice.text for voice in voices.counsel(game, me) + voices.complaints(game, me)]
        assert len(said) == len(set(said))
        heard |= set(said)
        game.play({})
    assert len(heard) > 20


def test_nothing_of_the_other_side_is_read(game: Game) -> None:
    me = game.seats[0]
    before = voices.counsel(game, me) + voices.complaints(game, me)
    store = game.negotiation.store
    for name in ("reservation", "resolve", "worth", "gains"):
        store.set_row(name, 1, store.row(name, 1) + 1.0)
    for group in game.negotiation.groups_of(1):
        store.set_row("group_threshold", group.group, store["ratification.group_threshold"] + 9.0)
    assert voices.counsel(game, me) + voices.complaints(game, me) == before
