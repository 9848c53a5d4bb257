"""`run.py replay` of a game: told in words, held against the outcome of its transcript."""

import dataclasses
from pathlib import Path

import pytest

import run
from experiments.game.table import Game
from experiments.game.transcript import Transcript, as_json, transcript_of
from tests.experiments.game.test_table import CLASSROOM, played

OVER = transcript_of(played(CLASSROOM, ["north"], 0), "Ann")


def answered(
    transcript: Transcript, place: Path, *more: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Return the exit code, and what is printed or told as wrong."""
    place.write_text(as_json(transcript), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run.main(["replay", str(place), *more])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out + printed.err


def test_a_game_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = answered(OVER, tmp_path / "ann.json", capsys=capsys)
    assert code == 0
    assert "in the seat: Leader of North, played by Ann." in told
    assert "Week " in told
    assert "The outcome equals the row of the transcript in all" in told.splitlines()[-1]


def test_another_outcome_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lie = dataclasses.replace(OVER, outcome={**(OVER.outcome or {}), "deals": 9.0}, program="old")
    code, told = answered(lie, tmp_path / "lie.json", capsys=capsys)
    assert code == 1
    assert "differs from the transcript: deals is" in told
    assert told.splitlines()[-1] == "It was played with another version of the program."


def test_a_game_that_was_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    game = Game(CLASSROOM, ["north"])
    game.play({})
    code, told = answered(transcript_of(game), tmp_path / "left.json", capsys=capsys)
    assert code == 0
    assert "It was left after week 1; from there the model moves" in told
    assert told.splitlines()[-1] == "There is no outcome to compare it with."


def test_a_game_has_one_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = answered(OVER, tmp_path / "ann.json", "3", capsys=capsys)
    assert code == run.FAULT
    assert "this is a game in world 0" in told


def test_what_is_no_transcript(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "other.json"
    place.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        run.main(["replay", str(place)])
    assert "this is no transcript of a game" in capsys.readouterr().err


def test_a_folder_needs_the_number_of_a_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run.main(["replay", str(tmp_path)])
    assert "Give the number of one." in capsys.readouterr().err
