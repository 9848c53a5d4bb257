"""Tells a world that was lived again, of a results folder or a game, and whether it is the same."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.chronicles import chronicle, differences, lines, without_offers
from experiments.engine import Run
from experiments.game.transcript import (
    outcome_differences,
    replay_transcript,
    resume_game,
    seat_titles,
)
from experiments.game.transcript_reading import load_transcript
from experiments.jobs.base import Job, Show, Stage
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from experiments.results.layout import RUNS
from experiments.results.manifest import code_digest
from experiments.results.replay import replay_row
from model.schema.problems import Problem


@dataclass(frozen=True)
class ReplayResult:
    """What is told of a world, a line each, and whether it ended as it once did."""

    lines: Sequence[str]
    same: bool


@dataclass(frozen=True)
class ReplayJob(Job[ReplayResult]):
    """Replay a world of a results folder by its number, or the game of a transcript.

    every: Include the refused offers.
    """

    source: Path
    world: int | None = None
    every: bool = False

    def run(self, show: Show, stage: Stage) -> ReplayResult:
        """Replay the world and compare its outcome. Raises ResultsError."""
        with stage("replay", 1) as advance:
            result = _replayed(self.source, self.world, self.every)
            advance(1)
        return result


def _replayed(place: Path, world: int | None, every: bool) -> ReplayResult:
    if os.path.isfile(place):  # which is False, too, where no file can have the name
        return _game(place, world, every)
    if world is None:
        raise ResultsError(place, [_unnamed(place)])
    found = read_results(place, columns=())  # one row is read of what may be a million
    run = replay_row(found, world)
    head = f"World {world} of {place}: scenario {run.scenario.name}, seed {run.seed}."
    heads = [head]
    if run.engine != found.engine:
        why = f"{run.reason} NumPy replays it, so that the last bits may differ."
        heads.append(f"The {found.engine} engine made this folder. {why}")
    differing = differences(run, found.row(world), world)
    return _told(run, world, every, heads, differing, RUNS)


def _unnamed(place: Path) -> Problem:
    """Return what is wrong with a place that was given without a world."""
    if os.path.isdir(place):
        why = "a results folder holds many worlds"
        return Problem("world", "", why, "Give the number of one.")
    remedy = "Give a game that Play has saved, or a results folder and the number of a world."
    return Problem("file", "", "there is no such file or folder", remedy)


def _game(place: Path, world: int | None, every: bool) -> ReplayResult:
    """Live a game again; that its moves were within the rules is looked at first."""
    transcript = load_transcript(place)
    if world not in (None, transcript.world):
        why = f"this is a game in world {transcript.world}"
        raise ResultsError(place, [Problem("world", str(world), why, "Leave it out.")])
    resume_game(transcript, str(place))
    run = replay_transcript(transcript)
    seats = " and ".join(seat_titles(transcript)) or "nobody"
    who = f", played by {transcript.player}" if transcript.player else ""
    head = [
        f"Game of {place}: scenario {run.scenario.name}, seed {run.seed}, world "
        f"{transcript.world}; in the seat: {seats}{who}."
    ]
    if transcript.outcome is None:
        head.append(
            f"It was left after week {transcript.weeks}; from there the model moves in all seats."
        )
        told = _told(run, transcript.world, every, head, [], "")
        return ReplayResult([*told.lines[:-1], "There is no outcome to compare it with."], True)
    differing = outcome_differences(transcript, run)
    told = _told(run, transcript.world, every, head, differing, "the transcript")
    if told.same or transcript.program == code_digest():
        return told
    return ReplayResult([*told.lines, "It was played with another version of the program."], False)


def _told(
    run: Run, world: int, every: bool, head: list[str], differing: list[str], row: str
) -> ReplayResult:
    told = chronicle(run, world)
    entries = told.entries if every else without_offers(told.entries)
    if differing:
        end = f"The outcome differs from {row}: {'; '.join(differing)}."
    else:
        end = f"The outcome equals the row of {row} in all {run.outcomes.shape[1]} columns."
    body = lines(entries, run.scenario.start)
    return ReplayResult([*head, told.sentence, "", *body, "", end], not differing)
