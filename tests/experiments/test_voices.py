"""Counsel and complaints follow from opinions, pain and worth, and from nothing of the other's."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.game import drafts, voices
from experiments.game.drafts import Feeling
from experiments.game.situation import PendingThreat
from experiments.game.table import Game
from experiments.game.voices import Speaker
from model.schema.scenario import load_scenario
from model.state.state import DEAL, TRUCE


@pytest.fixture
def game() -> Game:
    """Return a game of the main scenario with an offer of the other on the table."""
    found = Game(load_scenario("february_2025"), ["US"], 1, 17)
    while found.look(found.seats[0]).table is None:
        found.play({})
    return found


def speaker(firmness: float = 0.5, escalation: float = 0.5, enforcement: float = 0.5) -> Speaker:
    return Speaker("x", "X", "adviser", firmness, escalation, enforcement)


def known(game: Game, patch: pytest.MonkeyPatch, **facts: Any) -> None:
    """Change the situation that a game shows to a seat."""
    now = replace(game.look(game.seats[0]), **facts)
    patch.setattr(game, "look", lambda who: now)


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
    good = drafts.best_package(game, me)
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


def test_a_stretch_pleases_the_firm_and_worries_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    game = Game(load_scenario("classroom"), ["north"])
    me, all_of_it = game.seats[0], np.array([0.0, 1.0, 1.0])
    now = game.look(me)
    known(game, monkeypatch, believed=now.worth_to_other(all_of_it) + 0.1, doubt=0.1)
    assert "Let them squirm" in voices.on_draft(game, me, speaker(0.9), all_of_it)[1][0]
    assert voices.on_draft(game, me, speaker(0.5), all_of_it)[0] == 0


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


@pytest.mark.parametrize(
    ("phase", "owed", "enforcement", "lean", "words"),
    [
        (DEAL, 0.0, 0.9, 1, "Keep our word"),
        (DEAL, 2.0, 0.9, -1, "End the deal"),
        (DEAL, 2.0, 0.1, 1, "Patience"),
        (TRUCE, 2.0, 0.9, 0, "Use the truce"),
    ],
)
def test_in_a_deal_only_who_is_owed_and_strict_would_end_it(
    game: Game,
    monkeypatch: pytest.MonkeyPatch,
    phase: int,
    owed: float,
    enforcement: float,
    lean: int,
    words: str,
) -> None:
    known(game, monkeypatch, phase=phase, owed=owed)
    said = voices.on_quiet(game, game.seats[0], speaker(0.5, 0.5, enforcement))
    assert said[0] == lean
    assert words in said[1][0]


@pytest.mark.parametrize(
    ("opinion", "lean", "idle", "threatened"),
    [(0.9, -1, "No hurry", "Answer it"), (0.1, 1, "costs somebody", "time enough"),
     (0.5, 0, "Nothing presses", "whether they mean it")],
)  # fmt: skip
def test_a_quiet_week_and_a_threat_of_theirs_find_hawks_and_doves(
    game: Game,
    monkeypatch: pytest.MonkeyPatch,
    opinion: float,
    lean: int,
    idle: str,
    threatened: str,
) -> None:
    me, one = game.seats[0], speaker(opinion, opinion)
    may = replace(game.look(me).may, truce=False)
    known(game, monkeypatch, may=may, theirs=None)
    assert voices.on_quiet(game, me, one)[0] == lean
    assert idle in voices.on_quiet(game, me, one)[1][0]
    known(game, monkeypatch, theirs=PendingThreat("tariff", 0.1, 1))
    said = voices.on_quiet(game, me, one)
    assert said[0] == lean
    assert threatened in said[1][0]
    assert "1 week " in f"{said[1][0]} ".replace(".", " ").replace("1 Week", "1 week")


def test_a_threat_that_is_due_comes_before_an_offer_and_a_draft_before_silence(game: Game) -> None:
    me = game.seats[0]
    now, draft = game.look(me), drafts.best_package(game, me)
    people = voices.speakers(game, me)
    assert now.table is not None
    due = replace(now, may=replace(now.may, carry_out=True, put_off=False, offer=True))
    wordings = {text for one in people for text in voices.on_threat(one, False)[1]}
    assert {voice.text for voice in voices.counsel(game, me, draft, due)} <= wordings
    turn = replace(now, table=None, may=replace(now.may, carry_out=False, offer=True))
    wordings = {text for one in people for text in voices.on_draft(game, me, one, draft)[1]}
    assert {voice.text for voice in voices.counsel(game, me, draft, turn)} <= wordings
    wordings = {text for one in people for text in voices.on_quiet(game, me, one)[1]}
    assert {voice.text for voice in voices.counsel(game, me, None, turn)} <= wordings


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
