"""Transcripts: a played game replays bit for bit, goes on where it stopped, and lies are told."""

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
    outcome_of,
    replayed,
    resumed,
    seat_titles,
    transcript_of,
    unlike,
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


def spoilt(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Return a file of which something was changed."""
    content = json.loads(text)
    change(content)
    return json.dumps(content)


def refused(text: str | bytes) -> str:
    """Return what is told of a file that is refused."""
    with pytest.raises(ResultsError) as told:
        read_transcript(text, "ann.json")
    assert all(problem.place and problem.why for problem in told.value.problems)
    return str(told.value)


class TestReplay:
    """What was played is lived again."""

    def test_every_state_of_every_week_bit_for_bit(self, games: list[Game]) -> None:
        for game in games:
            run = replayed(again(transcript_of(game)))
            assert run.weeks is not None
            alone = run.weeks.sel(world=5)
            for name in alone.data_vars:
                simulated = np.stack([game.state(str(name), week) for week in range(WEEKS + 1)])
                np.testing.assert_array_equal(simulated, alone[name].to_numpy(), err_msg=str(name))

    def test_on_any_width(self, games: list[Game]) -> None:
        told = again(transcript_of(games[2]))
        numbers = np.array([7, 5, 2], dtype=np.intp)
        wide = run_worlds(FEBRUARY, numbers, 3, {}, EVERYTHING, numbers, seats=told.scripts())
        assert wide.weeks is not None
        for name in wide.weeks.data_vars:
            simulated = np.stack([games[2].state(str(name), week) for week in range(WEEKS + 1)])
            np.testing.assert_array_equal(simulated, wide.weeks[name].sel(world=5).to_numpy())

    def test_the_outcome_is_a_check(self, games: list[Game]) -> None:
        told = again(transcript_of(games[0]))
        run = replayed(told)
        assert unlike(told, run) == []
        assert told.outcome is not None
        assert told.outcome == outcome_of(games[0])
        lie = dataclasses.replace(told, outcome={**told.outcome, "deals": 99.0})
        assert unlike(lie, run) == [f"deals is {told.outcome['deals']}, was 99.0"]

    def test_an_answer_as_the_model_gives_it_is_kept_and_lived_again(self) -> None:
        game = Game(FEBRUARY, ["CN"], 3, 5)
        while not game.over:
            game.play({})
        text = as_json(transcript_of(game))
        assert json.loads(text)["moves"]["xi_jinping"] == {"0": {"answer": None}}
        told = read_transcript(text)
        assert {moves.answer for moves in told.moves["xi_jinping"].values()} == {AS_MODEL}
        assert resumed(told).moves == game.moves
        assert unlike(told, replayed(told)) == []
        assert {row["answer"] for row in csv.DictReader(io.StringIO(as_csv(game)))} == {""}

    def test_a_transcript_of_before_answers_in_kind(self) -> None:
        game = Game(FEBRUARY, ["CN"], 3, 5, {"xi_jinping": Moves()})
        while not game.over:
            game.play({})
        old = as_json(transcript_of(game))
        assert json.loads(old)["moves"]["xi_jinping"] == {}
        told = read_transcript(old)
        assert {moves.answer for moves in told.moves["xi_jinping"].values()} == {1.0}
        assert as_json(transcript_of(resumed(told))) == old

    def test_before_the_first_week_only_orders_hold(self, text: str) -> None:
        early = spoilt(text, lambda c: c["moves"]["north_leader"].update({"0": {"call": True}}))
        assert "before the first week only answer and deliver hold" in refused(early)
        early = spoilt(text, lambda c: c["moves"]["north_leader"].update({"0": {"deliver": 0.5}}))
        assert read_transcript(early).moves["north_leader"][0].deliver == 0.5

    def test_a_game_that_was_left_goes_on_as_if_never_left(self) -> None:
        order = Moves(answer=0.3, threat=Order(size=0.2, fuse=4))
        whole, left = (Game(FEBRUARY, ["US"], 3, 5) for _ in range(2))
        for game in (whole, left):
            game.play({"donald_trump": order})
            game.wait(11, frozenset())
        found = resumed(again(transcript_of(left)))
        assert found.week == left.week
        assert found.moves == left.moves
        for game in (whole, found):
            while not game.over:
                game.play({})
        for name in whole.negotiation.store.states:
            np.testing.assert_array_equal(whole.state(name), found.state(name), err_msg=name)
        assert [e.text for e in whole.entries] == [e.text for e in found.entries]

    def test_of_a_game_that_is_not_over_there_is_no_outcome(self) -> None:
        game = Game(CLASSROOM, ["north"])
        told = again(transcript_of(game))
        assert told.outcome is None
        assert told.weeks == 0
        assert unlike(told, replayed(told)) == []
        assert resumed(told).week == 1

    def test_nobody_in_a_seat_is_a_transcript_too(self) -> None:
        game = Game(CLASSROOM, [])
        while not game.over:
            game.play({})
        told = again(transcript_of(game))
        assert unlike(told, replayed(told)) == []
        assert told.name == "classroom-model-seed1-world0"

    def test_a_seed_of_64_bits_and_levels_keep_every_bit(self) -> None:
        told = transcript_of(Game(CLASSROOM, ["north"], 2**64 - 1, 999_999))
        level = 0.1 + 0.2
        moves = {told.seats[0]: {1: Moves(offer=(level, 1e-300, 1.0))}}
        kept = again(dataclasses.replace(told, moves=moves, weeks=1))
        assert (kept.seed, kept.world) == (2**64 - 1, 999_999)
        assert kept.moves[told.seats[0]][1].offer == (level, 1e-300, 1.0)

    def test_counsel_may_be_taken_back(self) -> None:
        game = Game(FEBRUARY, ["he_lifeng"], 3, 5)
        for said in ((0.9, 0.1, 0.5), None):
            game.play({"he_lifeng": Moves(counsel=said)})
        kept = again(transcript_of(game)).moves["he_lifeng"]
        assert [kept[week].counsel for week in (1, 2)] == [(0.9, 0.1, 0.5), None]


class TestTable:
    """A row a week and seat."""

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

    def test_no_name_that_was_typed(self, text: str) -> None:
        told = read_transcript(text)
        assert told.player == "Ann"
        assert "Ann" not in as_csv(resumed(told))
        assert seat_titles(told) == ["Leader of North"]


class TestRefused:
    """What no game has written."""

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda c: c.update(format="winset transcript 2"), "format"),
            (lambda c: c.update(seed=-1), "seed = -1: must be greater than or equal to 0"),
            (lambda c: c.update(seed=2**64), "seed"),
            (lambda c: c.update(world=1.5), "world = 1.5"),
            (lambda c: c.update(world=True), "world = true"),
            (lambda c: c.update(player="x" * 41), "player"),
            (lambda c: c.update(player="a\u202eb"), "letters and signs"),
            (lambda c: c.update(player="\ud800"), "player"),
            (lambda c: c.update(seats=["nobody"]), "seat = nobody"),
            (lambda c: c.update(seats=["north"]), "is a side"),
            (lambda c: c.update(seats=["north_leader"] * 2), "a seat is played once"),
            (lambda c: c.update(weeks=9999), "weeks = 9999"),
            (lambda c: c.update(weeks=500), "where the scenario ends"),
            (lambda c: c.update(extra=1), "extra"),
            (lambda c: c.pop("seed"), "seed: it is missing"),
            (lambda c: c.pop("scenario"), "scenario: it is missing"),
            (lambda c: c["scenario"].update(title=3), "scenario title"),
            (lambda c: c["scenario"].update(title="\ud800"), "scenario as a whole"),
            (lambda c: c["scenario"].pop("issues"), "scenario [issues]"),
            (lambda c: c["scenario"]["sides"].pop("south"), "scenario"),
            (lambda c: c["moves"].update(ann={}), "nobody plays this seat"),
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
    def test_is_told(
        self, text: str, change: Callable[[dict[str, Any]], object], words: str
    ) -> None:
        assert words in refused(spoilt(text, change))

    def test_all_at_once(self, text: str) -> None:
        told = refused(spoilt(text, lambda c: c.update(seed=-1, world=-1, extra=0)))
        assert told.startswith("ann.json has 3 problems")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "JSON"),
            (b"\xff\xfe\x00", "JSON"),
            (b"[1, 2]", "format"),
            (b"null", "format"),
            (b'{"format": "winset transcript 1", "seed": NaN}', "NaN is no number"),
            (b'{"seed": ' + b"9" * 5000 + b"}", "JSON"),
            (b"[" * 100_000, "JSON"),
            (b" " * (LARGEST + 1), "at most"),
        ],
    )
    def test_what_is_no_transcript(self, content: bytes, words: str) -> None:
        assert words in refused(content)

    def test_a_number_beyond_all_numbers(self, text: str) -> None:
        far = text.replace('"world": 0', '"world": 1e999')
        assert "world" in refused(far)

    def test_moves_against_the_rules_show_when_they_are_played(self, text: str) -> None:
        def break_rules(content: dict[str, Any]) -> None:
            content["moves"]["north_leader"] = {"1": {"leave": True}}

        told = read_transcript(spoilt(text, break_rules))
        with pytest.raises(ResultsError, match="week 1: leave: a deal is ended only if"):
            resumed(told, "ann.json")

    def test_an_outcome_of_what_is_not_over(self, text: str) -> None:
        told = read_transcript(text)
        seat = told.seats[0]
        moves = {seat: {week: Moves() for week in range(1, 3)}}
        with pytest.raises(ResultsError, match="the game was not over after week 2"):
            resumed(dataclasses.replace(told, weeks=2, moves=moves))

    def test_weeks_after_the_end_of_a_game(self) -> None:
        scenario = load_scenario("classroom", {"time.horizon": 20})
        game = Game(scenario, ["north"])
        game.wait(5, frozenset())
        told = transcript_of(game)
        moves = {told.seats[0]: {week: Moves() for week in range(1, 40)}}
        with pytest.raises(ResultsError, match="the game is over"):
            resumed(dataclasses.replace(told, weeks=39, moves=moves))

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ResultsError, match="cannot be read"):
            load_transcript(tmp_path / "none.json")

    def test_a_file_that_is_there(self, tmp_path: Path, text: str) -> None:
        place = tmp_path / "ann.json"
        place.write_text(text, encoding="utf-8")
        assert load_transcript(place).player == "Ann"
