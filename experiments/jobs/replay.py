"""The job of `replay`: replay a world or a game, print it, and compare the outcome."""

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
    """The lines that describe a world, and whether it ended as before."""

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


def _replayed(source: Path, world: int | None, every: bool) -> ReplayResult:
    if os.path.isfile(source):  # also False for names that no file can have
        return _game(source, world, every)
    if world is None:
        raise ResultsError(source, [_unnamed(source)])
    results = read_results(source, columns=())  # only one row is read later
    run = replay_row(results, world)
    heads = [f"World {world} of {source}: scenario {run.scenario.name}, seed {run.seed}."]
    if run.engine != results.engine:
        why = f"{run.reason} NumPy replays it, so that the last bits may differ."
        heads.append(f"The {results.engine} engine made this folder. {why}")
    differing = differences(run, results.row(world), world)
    return _described(run, world, every, heads, differing, RUNS)


def _unnamed(source: Path) -> Problem:
    """Return the problem of a path that was given without a world."""
    if os.path.isdir(source):
        why = "a results folder contains many worlds"
        return Problem("world", "", why, "Give the number of a world.")
    remedy = "Choose a game saved by Play, or a results folder and the number of a world."
    return Problem("file", "", "there is no such file or folder", remedy)


def _game(source: Path, world: int | None, every: bool) -> ReplayResult:
    """Replay a game, after a check that its moves are within the rules."""
    transcript = load_transcript(source)
    if world not in (None, transcript.world):
        why = f"this is a game in world {transcript.world}"
        raise ResultsError(source, [Problem("world", str(world), why, "Leave it out.")])
    resume_game(transcript, str(source))
    run = replay_transcript(transcript)
    seats = " and ".join(seat_titles(transcript)) or "none"
    who = f", played by {transcript.player}" if transcript.player else ""
    head = [
        f"Game of {source}: scenario {run.scenario.name}, seed {run.seed}, world "
        f"{transcript.world}; seats: {seats}{who}."
    ]
    if transcript.outcome is None:
        head.append(
            f"It was left after week {transcript.weeks}; from then on the model moves in all seats."
        )
        result = _described(run, transcript.world, every, head, [], "")
        return ReplayResult([*result.lines[:-1], "There is no outcome to compare with."], True)
    differing = outcome_differences(transcript, run)
    result = _described(run, transcript.world, every, head, differing, "the transcript")
    if result.same or transcript.program == code_digest():
        return result
    return ReplayResult([*result.lines, "It was played with another version of the code."], False)


def _described(
    run: Run, world: int, every: bool, head: list[str], differing: list[str], row: str
) -> ReplayResult:
    story = chronicle(run, world)
    entries = story.entries if every else without_offers(story.entries)
    if differing:
        end = f"The outcome differs from {row}: {'; '.join(differing)}."
    else:
        end = f"The outcome equals the row of {row} in all {run.outcomes.shape[1]} columns."
    body = lines(entries, run.scenario.start)
    return ReplayResult([*head, story.sentence, "", *body, "", end], not differing)
