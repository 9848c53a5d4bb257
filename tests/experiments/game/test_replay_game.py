"""`run.py replay` of a game: text output, and comparison with the outcome of the transcript."""

import dataclasses
from pathlib import Path

import pytest

import run
from experiments.game.table import Game
from experiments.game.transcript import Transcript, as_json, transcript_of
from tests.experiments.game.test_table import CLASSROOM, played

OVER = transcript_of(played(CLASSROOM, ["north"], 0), "Ann")


def answered(
    transcript: Transcript, path: Path, *more: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Return the exit code and everything that was printed."""
    path.write_text(as_json(transcript), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run.main(["replay", str(path), *more])
    output = capsys.readouterr()
    return int(ended.value.code or 0), output.out + output.err


def test_a_replay_prints_the_game(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = answered(OVER, tmp_path / "ann.json", capsys=capsys)
    assert code == 0
    assert "seats: Leader of North, played by Ann." in printed
    assert "Week " in printed
    assert "The outcome equals the row of the transcript in all" in printed.splitlines()[-1]


def test_a_different_outcome_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lie = dataclasses.replace(OVER, outcome={**(OVER.outcome or {}), "deals": 9.0}, program="old")
    code, printed = answered(lie, tmp_path / "lie.json", capsys=capsys)
    assert code == 1
    assert "differs from the transcript: deals is" in printed
    assert printed.splitlines()[-1] == "It was played with another version of the code."


def test_an_unfinished_game_is_continued_by_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game = Game(CLASSROOM, ["north"])
    game.play({})
    code, printed = answered(transcript_of(game), tmp_path / "left.json", capsys=capsys)
    assert code == 0
    assert "It was left after week 1; from then on the model moves" in printed
    assert printed.splitlines()[-1] == "There is no outcome to compare with."


def test_another_world_of_a_game_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = answered(OVER, tmp_path / "ann.json", "3", capsys=capsys)
    assert code == run.FAULT
    assert "this is a game in world 0" in printed


def test_a_file_that_is_not_a_transcript_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        run.main(["replay", str(path)])
    assert "this is not a transcript of a game" in capsys.readouterr().err


def test_a_folder_needs_the_number_of_a_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run.main(["replay", str(tmp_path)])
    assert "Give the number of a world." in capsys.readouterr().err
