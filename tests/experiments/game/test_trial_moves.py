"""A leader sends trial packages in a game: rules, replay, look-ahead and debrief."""

import json
from typing import Any

import numpy as np
import pytest

from agents.script import Moves
from experiments.game import past
from experiments.game.decisions import MoveRecorder, decisions
from experiments.game.drafts import arrival_chance, trial_draft
from experiments.game.look_ahead import forks, look_ahead
from experiments.game.table import Game, IllegalMoves
from experiments.game.transcript import (
    as_csv,
    as_json,
    outcome_differences,
    replay_transcript,
    resume_game,
    transcript_of,
)
from experiments.game.transcript_reading import read_transcript
from experiments.results.errors import ResultsError
from model.schema.scenario import load_scenario
from model.sides import other_side

OFTEN: dict[str, Any] = {
    "channels.contact": 1.0, "channels.access": 0.0, "channels.trial": 0.3, "channels.leak": 0.0,
    "edges.elon_musk>han_zheng.weight": 1.0, "edges.han_zheng>xi_jinping.weight": 1.0,
    "edges.han_zheng>elon_musk.weight": 1.0, "edges.elon_musk>donald_trump.weight": 1.0,
    "time.horizon": 10, "talks.rate": 0.2,
}  # fmt: skip


def new_game(seats: list[str] | None = None, **overrides: Any) -> Game:
    """Return a game in which all back channels are in contact every week."""
    return Game(load_scenario("february_2025", OFTEN | overrides), seats or ["US"], 1, 4)


def able(game: Game) -> Game:
    """Play on until the seat can send a trial package."""
    while not game.look(game.seats[0]).may.trial:
        game.play({})
    return game


def package(game: Game, level: float = 0.5) -> tuple[float, ...]:
    """Return a package with one level for all issues that are not for leaders only."""
    return tuple(np.where(game.negotiation.leaders_only[:, 0], 0.0, level).tolist())


def finished(level: float = 0.5) -> Game:
    """Return a finished game in which the seat sends a trial package whenever it can."""
    game = new_game()
    while not game.over:
        who = game.seats[0]
        may = game.look(who).may
        trial = package(game, level if game.week % 2 else level + 0.1)
        moves = Moves(channel="han_zheng", trial=trial) if may.trial else Moves()
        game.play({who.key: moves})
    return game


@pytest.fixture(scope="module")
def game() -> Game:
    return finished()


class TestRules:
    """What may be sent, and when."""

    def test_the_package_is_brought_and_answered_in_the_same_week(self) -> None:
        game = able(new_game())
        week, who = game.week, game.seats[0]
        assert game.look(who).may.trial == ("elon_musk", "han_zheng")
        assert arrival_chance(game, who, "han_zheng") == 1.0
        news = game.play({who.key: Moves(channel="han_zheng", trial=package(game, 1.0))})
        (entry,) = [one for one in news if one.kind == "trial package"]
        assert entry.text.startswith("Han Zheng carries a trial package of the United States")
        assert float(game.state("trial_week")) == week
        assert game.state("trial").tolist() == list(package(game, 1.0))
        assert game.state("clock") == game.state("clock", week - 1) + (game.state("level") > 0.0)

    def test_without_the_move_nothing_is_sent_by_the_seat(self) -> None:
        game = new_game()
        while not game.over:
            game.play({})
        senders = {float(game.state("trial_sender", week)) for week in range(1, 11)}
        assert 0.0 not in senders

    def test_the_draft_is_what_the_model_sends(self) -> None:
        game = able(new_game())
        draft = trial_draft(game, game.seats[0])
        assert not draft[game.negotiation.leaders_only[:, 0]].any()
        before = {name: values.copy() for name, values in game.negotiation.store.arrays().items()}
        trial_draft(game, game.seats[0])
        for name, values in game.negotiation.store.arrays().items():
            assert np.array_equal(values, before[name], equal_nan=True), name
        game.play({game.seats[0].key: Moves(channel="elon_musk")})
        if float(game.state("trial_sender")) == 0.0:  # home would ratify it
            np.testing.assert_allclose(game.state("trial"), draft)

    def test_only_the_side_that_makes_the_next_offer_can_send_one(self) -> None:
        game = new_game(["US"], **{"channels.trial": 1e-9, "talks.rate": 0.5})
        able = set()
        while not game.over:
            may = bool(game.look(game.seats[0]).may.trial)
            game.play({})
            if game.state("agreed") == 0.0:
                assert may == (float(game.state("turn")) == game.seats[0].row)
                able.add(may)
        assert able == {True, False}

    def test_none_in_the_first_edition_and_for_an_adviser(self) -> None:
        none: dict[str, Any] = {"edition": 1, "channels.trial": 0.0}
        for one in (new_game(**none), new_game(["scott_bessent"])):
            for _ in range(4):
                assert one.look(one.seats[0]).may.trial == ()
                one.play({})

    @pytest.mark.parametrize(
        ("moves", "why"),
        [
            (Moves(channel="former_diplomat"), "cannot carry a trial package"),
            (Moves(trial=(0.0,)), "no back channel is named"),
            (Moves(channel="elon_musk", trial=(0.0,)), "one for each issue"),
            (Moves(channel="elon_musk", trial=(1.0,) * 14), "only at summits"),
            (Moves(channel="elon_musk", trial=(2.0,) * 14), "must be between 0 and 1"),
        ],
    )
    def test_moves_against_the_rules_are_refused(self, moves: Moves, why: str) -> None:
        game = able(new_game())
        number = len(game.setting.issues)
        if moves.trial is not None and len(moves.trial) > 1:
            moves = Moves(channel=moves.channel, trial=moves.trial[:1] * number)
        with pytest.raises(IllegalMoves, match=why):
            game.play({game.seats[0].key: moves})


class TestTranscript:
    """A game with trial packages is replayed exactly."""

    def test_it_is_written_read_and_resumed_bit_for_bit(self, game: Game) -> None:
        transcript = read_transcript(as_json(transcript_of(game)))
        assert transcript.moves[game.seats[0].key] == game.moves[game.seats[0].key]
        again = resume_game(transcript)
        for week in range(game.week + 1):
            for name in ("trial", "trial_answer", "trial_carrier", "type_belief", "tariff"):
                one, other = game.state(name, week), again.state(name, week)
                assert one.tobytes() == other.tobytes(), (week, name)
        assert float(game.state("trials")) > 1.0

    def test_the_replay_of_its_world_has_the_same_outcome(self, game: Game) -> None:
        transcript = transcript_of(game)
        assert outcome_differences(transcript, replay_transcript(transcript)) == []

    def test_the_table_has_channel_and_levels(self, game: Game) -> None:
        head, *rows = as_csv(game).splitlines()
        assert {"channel", "trial_purchases"} <= set(head.split(","))
        assert any("han_zheng" in row for row in rows)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"channel": "han_zheng", "trial": {"nonsense": 0.5}}, "there is no such issue"),
            ({"channel": 3}, "channel"),
            ({"channel": "han_zheng", "trial": {"purchases": 3.0}}, "purchases"),
        ],
    )
    def test_edited_files_are_refused(self, game: Game, change: dict[str, Any], why: str) -> None:
        content = json.loads(as_json(transcript_of(game)))
        content["moves"]["donald_trump"]["2"] = change
        with pytest.raises(ResultsError, match=why):
            read_transcript(json.dumps(content))


class TestLookAhead:
    """A trial package is a candidate like any other move."""

    def test_futures_differ_only_by_the_trial(self) -> None:
        game = able(new_game())
        who = game.seats[0]
        trial = Moves(channel="han_zheng", trial=package(game, 0.8))
        negotiation = forks(game, who, [trial, Moves()], 60)
        negotiation.close_week()
        sent = negotiation.store["trials"].reshape(2, -1)
        assert (sent[0] == sent[1] + 1.0).all()
        answers = negotiation.store["trial_answer"][:60]
        assert answers.mean() > 0.0
        ahead = look_ahead(game, who, {"try": trial, "wait": Moves()}, 60, 8)
        assert [one.name for one in ahead] == ["try", "wait"]

    def test_the_rival_has_learned_from_the_answers_of_the_seat(self) -> None:
        """The side that sent a trial package knows the answer, so its redrawn belief has it."""
        game = new_game(["US"], **{"channels.trial": 1.0, "channels.real": 1.0, "talks.rate": 0.0})
        who = game.seats[0]
        game.negotiation.store["turn"] = game.negotiation.store.full(1.0)
        for _ in range(20):
            game.play({})
            if float(game.state("trial_sender")) == other_side(who.row):
                break
        assert float(game.state("trial_sender")) == other_side(who.row)
        belief = forks(game, who, [Moves()], 8).store.row("type_belief", other_side(who.row))
        prior = game.state("type_belief", 0)[other_side(who.row)]
        assert np.abs(belief - prior[:, np.newaxis]).max() > 1e-6


class TestDebrief:
    """Trial packages that differ from the model's decision are measured."""

    def test_the_recorder_has_the_share_in_which_the_model_sends_one(self) -> None:
        game = able(new_game())
        recorder = MoveRecorder(game.week)
        number = np.arange(400, dtype=np.intp)
        copies = past.fork(game.negotiation, {game.seats[0].key: recorder}, number)
        copies.close_week()
        assert recorder.seen["channel"] == pytest.approx(1.0 - 0.7**2, abs=0.08)  # two channels

    def test_a_decision_names_the_channel(self, game: Game) -> None:
        found = decisions(game, game.seats[0], lambda _: None, coarse=10, fine=8)
        assert found
        assert any("channel" in one.apart for one in found)
