"""Transcripts: exact replay, resumed games, and errors in edited files."""

import csv
import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.script import AS_MODEL, Moves, Order
from experiments.engine import EVERYTHING, run_worlds
from experiments.game.table import Game
from experiments.game.transcript import (
    Transcript,
    as_csv,
    as_json,
    outcome_differences,
    outcome_of,
    replay_transcript,
    resume_game,
    seat_titles,
    transcript_of,
)
from experiments.game.transcript_reading import LARGEST, load_transcript, read_transcript
from experiments.results.errors import ResultsError
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import CLASSROOM, FEBRUARY, played

WEEKS = FEBRUARY.time.horizon
GAMES = [["US"], ["he_lifeng"], ["CN", "scott_bessent"]]


@pytest.fixture(scope="module")
def games() -> list[Game]:
    """Return games in which every kind of move was made."""
    return [played(FEBRUARY, names) for names in GAMES]


@pytest.fixture(scope="module")
def text() -> str:
    """Return the file of a small game."""
    return as_json(transcript_of(played(CLASSROOM, ["north"], 0), "Ann"))


def again(transcript: Transcript) -> Transcript:
    """Return a transcript that was written and read."""
    return read_transcript(as_json(transcript))


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Return the text of a file after a change."""
    content = json.loads(text)
    change(content)
    return json.dumps(content)


def message_for(text: str | bytes) -> str:
    """Return the error message for a refused file."""
    with pytest.raises(ResultsError) as error:
        read_transcript(text, "ann.json")
    assert all(problem.place and problem.why for problem in error.value.problems)
    return str(error.value)


class TestReplay:
    """Replays of played games."""

    def test_a_replay_equals_the_game_in_every_state_and_week(self, games: list[Game]) -> None:
        for game in games:
            run = replay_transcript(again(transcript_of(game)))
            assert run.weeks is not None
            alone = run.weeks.sel(world=5)
            for name in alone.data_vars:
                simulated = np.stack([game.state(str(name), week) for week in range(WEEKS + 1)])
                np.testing.assert_array_equal(simulated, alone[name].to_numpy(), err_msg=str(name))

    def test_a_replay_does_not_depend_on_the_number_of_worlds(self, games: list[Game]) -> None:
        transcript = again(transcript_of(games[2]))
        numbers = np.array([7, 5, 2], dtype=np.intp)
        wide = run_worlds(FEBRUARY, numbers, 3, {}, EVERYTHING, numbers, seats=transcript.scripts())
        assert wide.weeks is not None
        for name in wide.weeks.data_vars:
            simulated = np.stack([games[2].state(str(name), week) for week in range(WEEKS + 1)])
            np.testing.assert_array_equal(simulated, wide.weeks[name].sel(world=5).to_numpy())

    def test_a_replay_is_compared_with_the_outcome(self, games: list[Game]) -> None:
        transcript = again(transcript_of(games[0]))
        run = replay_transcript(transcript)
        assert outcome_differences(transcript, run) == []
        assert transcript.outcome is not None
        assert transcript.outcome == outcome_of(games[0])
        lie = dataclasses.replace(transcript, outcome={**transcript.outcome, "deals": 99.0})
        assert outcome_differences(lie, run) == [
            f"deals is {transcript.outcome['deals']}, was 99.0"
        ]

    def test_answers_by_the_model_are_stored_and_replayed(self) -> None:
        game = Game(FEBRUARY, ["CN"], 3, 5)
        while not game.over:
            game.play({})
        text = as_json(transcript_of(game))
        assert json.loads(text)["moves"]["xi_jinping"] == {"0": {"answer": None}}
        transcript = read_transcript(text)
        assert {moves.answer for moves in transcript.moves["xi_jinping"].values()} == {AS_MODEL}
        assert resume_game(transcript).moves == game.moves
        assert outcome_differences(transcript, replay_transcript(transcript)) == []
        assert {row["answer"] for row in csv.DictReader(io.StringIO(as_csv(game)))} == {""}

    def test_a_transcript_without_orders_answers_in_kind(self) -> None:
        game = Game(FEBRUARY, ["CN"], 3, 5, {"xi_jinping": Moves()})
        while not game.over:
            game.play({})
        old = as_json(transcript_of(game))
        assert json.loads(old)["moves"]["xi_jinping"] == {}
        transcript = read_transcript(old)
        assert {moves.answer for moves in transcript.moves["xi_jinping"].values()} == {1.0}
        assert as_json(transcript_of(resume_game(transcript))) == old

    def test_week_0_has_only_standing_orders(self, text: str) -> None:
        early = edited(text, lambda c: c["moves"]["north_leader"].update({"0": {"call": True}}))
        assert "week 0 may contain only answer and deliver" in message_for(early)
        early = edited(text, lambda c: c["moves"]["north_leader"].update({"0": {"deliver": 0.5}}))
        assert read_transcript(early).moves["north_leader"][0].deliver == 0.5

    def test_a_resumed_game_continues_like_an_uninterrupted_one(self) -> None:
        order = Moves(answer=0.3, threat=Order(size=0.2, fuse=4))
        whole, left = (Game(FEBRUARY, ["US"], 3, 5) for _ in range(2))
        for game in (whole, left):
            game.play({"donald_trump": order})
            game.wait(11, frozenset())
        resumed = resume_game(again(transcript_of(left)))
        assert resumed.week == left.week
        assert resumed.moves == left.moves
        for game in (whole, resumed):
            while not game.over:
                game.play({})
        for name in whole.negotiation.store.states:
            np.testing.assert_array_equal(whole.state(name), resumed.state(name), err_msg=name)
        assert [e.text for e in whole.entries] == [e.text for e in resumed.entries]

    def test_an_unfinished_game_has_no_outcome(self) -> None:
        game = Game(CLASSROOM, ["north"])
        transcript = again(transcript_of(game))
        assert transcript.outcome is None
        assert transcript.weeks == 0
        assert outcome_differences(transcript, replay_transcript(transcript)) == []
        assert resume_game(transcript).week == 1

    def test_a_game_without_seats_has_a_transcript(self) -> None:
        game = Game(CLASSROOM, [])
        while not game.over:
            game.play({})
        transcript = again(transcript_of(game))
        assert outcome_differences(transcript, replay_transcript(transcript)) == []
        assert transcript.name == "classroom-model-seed1-world0"

    def test_large_seeds_and_levels_are_stored_exactly(self) -> None:
        transcript = transcript_of(Game(CLASSROOM, ["north"], 2**64 - 1, 999_999))
        level = 0.1 + 0.2
        moves = {transcript.seats[0]: {1: Moves(offer=(level, 1e-300, 1.0))}}
        read = again(dataclasses.replace(transcript, moves=moves, weeks=1))
        assert (read.seed, read.world) == (2**64 - 1, 999_999)
        assert read.moves[transcript.seats[0]][1].offer == (level, 1e-300, 1.0)

    def test_counsel_can_be_withdrawn(self) -> None:
        game = Game(FEBRUARY, ["he_lifeng"], 3, 5)
        for counsel in ((0.9, 0.1, 0.5), None):
            game.play({"he_lifeng": Moves(counsel=counsel)})
        read = again(transcript_of(game)).moves["he_lifeng"]
        assert [read[week].counsel for week in (1, 2)] == [(0.9, 0.1, 0.5), None]


class TestTable:
    """The CSV table with a row per week and seat."""

    def test_moves_and_states(self, games: list[Game]) -> None:
        rows = list(csv.DictReader(io.StringIO(as_csv(games[2]))))
        assert len(rows) == 2 * WEEKS
        assert [row["seat"] for row in rows[:2]] == ["xi_jinping", "scott_bessent"]
        last = rows[-1]
        assert float(last["tariff"]) == games[2].state("tariff")[0]
        assert float(last["tariff_of_other"]) == games[2].state("tariff")[1]
        assert float(last["counsel_firmness"]) == 0.9
        assert any(row["offer_purchases"] for row in rows)
        assert any(row["threat_kind"] for row in rows)
        assert {row["phase"] for row in rows} <= {"talks", "deal", "truce"}

    def test_the_table_does_not_contain_the_players_name(self, text: str) -> None:
        transcript = read_transcript(text)
        assert transcript.player == "Ann"
        assert "Ann" not in as_csv(resume_game(transcript))
        assert seat_titles(transcript) == ["Leader of North"]


class TestRefused:
    """Files that no game has written."""

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda c: c.update(format="winset transcript 2"), "format"),
            (lambda c: c.update(seed=-1), "seed = -1: must be greater than or equal to 0"),
            (lambda c: c.update(seed=2**64), "seed"),
            (lambda c: c.update(world=1.5), "world = 1.5"),
            (lambda c: c.update(world=True), "world = true"),
            (lambda c: c.update(player="x" * 41), "player"),
            (lambda c: c.update(player="a\u202eb"), "printable characters"),
            (lambda c: c.update(player="\ud800"), "half of a character"),
            (lambda c: c.update(seats=["nobody"]), "seat = nobody"),
            (lambda c: c.update(seats=["north"]), "is a side"),
            (lambda c: c.update(seats=["north_leader"] * 2), "a seat may be listed only once"),
            (lambda c: c.update(weeks=9999), "weeks = 9999"),
            (lambda c: c.update(weeks=500), "the last week of the scenario"),
            (lambda c: c.update(extra=1), "extra"),
            (lambda c: c.pop("seed"), "seed: it is missing"),
            (lambda c: c.pop("scenario"), "scenario: it is missing"),
            (lambda c: c["scenario"].update(title=3), "scenario title"),
            (lambda c: c["scenario"].update(title="\ud800"), "half of a character"),
            (lambda c: c["scenario"].pop("issues"), "scenario [issues]"),
            (lambda c: c["scenario"]["sides"].pop("south"), "scenario"),
            (lambda c: c["moves"].update(ann={}), "this seat is not played"),
            (lambda c: c["moves"]["north_leader"].update({"999": {}}), "a week of the game"),
            (lambda c: c["moves"]["north_leader"].update({"-1": {}}), "a week of the game"),
            (lambda c: c["moves"]["north_leader"].update({"²": {}}), "a week of the game"),
            (lambda c: c["moves"]["north_leader"].update({"1": {"bribe": 1}}), "bribe"),
            (lambda c: c["moves"]["north_leader"].update({"1": {"answer": 2.5}}), "answer = 2.5"),
            (lambda c: c["moves"]["north_leader"].update({"1": {"accept": 1}}), "accept = 1"),
            (
                lambda c: c["moves"]["north_leader"].update({"1": {"offer": {"moon": 0.5}}}),
                "no such issue",
            ),
            (
                lambda c: c["moves"]["north_leader"].update({"1": {"offer": {"tariff": 1.01}}}),
                "1.01",
            ),
            (
                lambda c: c["moves"]["north_leader"].update(
                    {"1": {"threat": {"kind": "war", "size": 0.1, "fuse": 3}}}
                ),
                "war",
            ),
            (lambda c: c.update(outcome={"a": [1]}), "outcome"),
        ],
    )
    def test_each_error_has_its_message(
        self, text: str, change: Callable[[dict[str, Any]], object], words: str
    ) -> None:
        assert words in message_for(edited(text, change))

    def test_all_errors_are_reported_at_once(self, text: str) -> None:
        message = message_for(edited(text, lambda c: c.update(seed=-1, world=-1, extra=0)))
        assert message.startswith("ann.json has 3 problems")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "JSON"),
            (b"\xff\xfe\x00", "JSON"),
            (b"[1, 2]", "format"),
            (b"null", "format"),
            (b'{"format": "winset transcript 1", "seed": NaN}', "NaN is not a valid"),
            (b'{"seed": ' + b"9" * 5000 + b"}", "JSON"),
            (b"[" * 100_000, "JSON"),
            (b" " * (LARGEST + 1), "at most"),
        ],
    )
    def test_a_file_that_is_not_a_transcript_is_refused(self, content: bytes, words: str) -> None:
        assert words in message_for(content)

    def test_a_number_too_large_for_a_float_is_refused(self, text: str) -> None:
        far = text.replace('"world": 0', '"world": 1e999')
        assert "world" in message_for(far)

    def test_moves_against_the_rules_are_detected_on_replay(self, text: str) -> None:
        def break_rules(content: dict[str, Any]) -> None:
            content["moves"]["north_leader"] = {"1": {"leave": True}}

        transcript = read_transcript(edited(text, break_rules))
        with pytest.raises(ResultsError, match="week 1: leave: a deal can be ended only if"):
            resume_game(transcript, "ann.json")

    def test_an_unfinished_game_with_an_outcome_is_refused(self, text: str) -> None:
        transcript = read_transcript(text)
        seat = transcript.seats[0]
        moves = {seat: {week: Moves() for week in range(1, 3)}}
        with pytest.raises(ResultsError, match="the game was not over after week 2"):
            resume_game(dataclasses.replace(transcript, weeks=2, moves=moves))

    def test_weeks_after_the_end_are_refused(self) -> None:
        scenario = load_scenario("classroom", {"time.horizon": 20})
        game = Game(scenario, ["north"])
        game.wait(5, frozenset())
        transcript = transcript_of(game)
        moves = {transcript.seats[0]: {week: Moves() for week in range(1, 40)}}
        with pytest.raises(ResultsError, match="the game is over"):
            resume_game(dataclasses.replace(transcript, weeks=39, moves=moves))

    def test_a_missing_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ResultsError, match="cannot be read"):
            load_transcript(tmp_path / "none.json")

    def test_a_transcript_is_read_from_a_file(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "ann.json"
        path.write_text(text, encoding="utf-8")
        assert load_transcript(path).player == "Ann"
