"""The transcript of a game: everything needed to replay it bit for bit, and its outcome."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from agents.script import AS_MODEL, Moves, Script
from experiments.chronicles import differences
from experiments.engine import EVERYTHING, Progress, Run, run_worlds
from experiments.game.seats import seat
from experiments.game.table import Game, IllegalMoves, weeks_played
from experiments.results.errors import ResultsError
from experiments.results.manifest import code_digest
from model.records import outcome_columns
from model.schema.problems import Problem
from model.schema.scenario import Scenario
from model.sides import other_side
from model.state.state import DEAL, TRUCE

FORMAT = "winset transcript 1"
STATES = ("tariff", "side_pain", "approval", "utility")  # by side, in the table
PACKAGES = ("offer", "trial")  # moves that are packages
ALONE = (*PACKAGES, "threat", "counsel")  # moves with columns of their own in the table
PHASES = {DEAL: "deal", TRUCE: "truce"}


@dataclass(frozen=True, eq=False)
class Transcript:
    """Record of a game.

    seats: persons; moves: by person and week, for all completed weeks 1 to `weeks`, and as week 0
    the standing orders before the first week (`Moves()` if there are none); outcome: the row of
    outcomes of a finished game; player: the name that the player typed; program: digest of the code
    that simulated the world.
    """

    setting: Scenario
    seed: int
    world: int
    seats: tuple[str, ...]
    moves: Mapping[str, Mapping[int, Moves]]
    weeks: int
    outcome: Mapping[str, Any] | None
    player: str = ""
    program: str = ""

    @property
    def name(self) -> str:
        """Return the file name of a download without extension: letters, digits, _ and - only."""
        seats = "-".join(self.seats) or "model"
        return f"{self.setting.name}-{seats}-seed{self.seed}-world{self.world}"

    def scripts(self) -> dict[str, Script]:
        """Return conducts that repeat the moves of the transcript and then move as the model does.

        A seat without orders for week 0 waits before the first week.
        """
        return {key: Script({0: Moves(), **self.moves[key]}) for key in self.seats}


def transcript_of(game: Game, player: str = "") -> Transcript:
    """Return the transcript of a game, finished or not."""
    weeks = weeks_played(game)
    moves = {
        who.key: {week: game.moves[who.key][week] for week in range(weeks + 1)}
        for who in game.seats
    }
    return Transcript(
        game.setting,
        game.seed,
        game.world,
        tuple(who.key for who in game.seats),
        moves,
        weeks,
        outcome_of(game) if game.over else None,
        player,
        code_digest(),
    )


def outcome_of(game: Game) -> dict[str, Any]:
    """Return the row of outcomes of a finished game, with None for missing values.

    The columns are those of `simulate(...).outcomes`.
    """
    columns = outcome_columns(game.negotiation)
    return {name: _plain(values[0]) for name, values in columns.items()}


def standing_orders(last: Moves) -> Moves:
    """Return the moves of a seat that waits after a week: only its standing orders."""
    return Moves(
        answer=last.answer,
        deliver=last.deliver,
        renegotiate=last.renegotiate,
        counsel=last.counsel,
    )


def as_json(transcript: Transcript) -> str:
    """Return the text of a transcript file, with only those moves that differ from waiting."""
    issues = list(transcript.setting.issues)
    content = {
        "format": FORMAT,
        "program": transcript.program,
        "player": transcript.player,
        "seed": transcript.seed,
        "world": transcript.world,
        "seats": list(transcript.seats),
        "weeks": transcript.weeks,
        "moves": {key: dict(_weeks(transcript.moves[key], issues)) for key in transcript.seats},
        "outcome": transcript.outcome and dict(transcript.outcome),
        "scenario": transcript.setting.model_dump(mode="json"),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _weeks(moves: Mapping[int, Moves], issues: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each week in which a seat did more than wait, with its moves."""
    last = Moves()
    for week in sorted(moves):
        now, wait = moves[week], standing_orders(last)
        entry = {f.name: getattr(now, f.name) for f in fields(now)}
        entry = {name: value for name, value in entry.items() if value != getattr(wait, name)}
        for name in PACKAGES:
            if entry.get(name) is not None:
                levels = zip(issues, entry[name], strict=True)
                entry[name] = {issue: float(level) for issue, level in levels if level != 0.0}
        if entry.get("answer") == AS_MODEL:
            entry["answer"] = None
        if entry.get("threat"):
            entry["threat"] = asdict(entry["threat"])
        if entry.get("counsel"):
            entry["counsel"] = [float(value) for value in entry["counsel"]]
        if entry:
            yield str(week), entry
        last = now


def resume_game(transcript: Transcript, file: str = "the transcript") -> Game:
    """Return the game in its state at the end of a transcript, ready to be continued.

    Raises ResultsError if a move violates the rules, which means that the file was edited.
    """
    orders = {key: moves.get(0, Moves()) for key, moves in transcript.moves.items()}
    game = Game(transcript.setting, transcript.seats, transcript.seed, transcript.world, orders)
    for week in range(1, transcript.weeks + 1):
        moves = {
            who.key: transcript.moves[who.key][week]
            for who in game.seats
            if transcript.moves[who.key][week] != game.waiting_moves(who)
        }
        try:
            game.play(moves)
        except IllegalMoves as wrong:
            problems = [replace(p, place=f"week {week}: {p.place}") for p in wrong.problems]
            raise ResultsError(Path(file), problems) from wrong
    if transcript.outcome is not None and not game.over:
        why = f"the game was not over after week {transcript.weeks} and has no outcome"
        raise ResultsError(Path(file), [Problem("outcome", "", why, "Set it to null.")])
    return game


def replay_transcript(transcript: Transcript, progress: Progress | None = None) -> Run:
    """Return a replay of the world of a transcript with records of all states.

    After its last week the model moves in all seats. The rules are not checked here; use
    `resume_game` for that.
    """
    world = np.array([transcript.world], dtype=np.intp)
    return run_worlds(
        transcript.setting,
        world,
        transcript.seed,
        {},
        EVERYTHING,
        world,
        progress,
        transcript.scripts(),
    )


def outcome_differences(transcript: Transcript, run: Run) -> list[str]:
    """Return the columns in which a replay differs from the outcome in the transcript."""
    if transcript.outcome is None:
        return []
    row = pd.DataFrame([dict(transcript.outcome)], index=[transcript.world], dtype=object)
    return differences(run, row, transcript.world)


def as_csv(game: Game) -> str:
    """Return a game as CSV: a row per week and seat with its moves and the state of its side.

    Tariffs, approval and levels are shares, pain is in units of pain, the worth of the deal in
    force is in points. The table does not contain the player's name.
    """
    buffer = io.StringIO()
    rows = list(_rows(game))
    writer = csv.DictWriter(buffer, _columns(game.setting), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _columns(setting: Scenario) -> list[str]:
    orders = [f.name for f in fields(Moves) if f.name not in ALONE]
    return [
        *("scenario", "seed", "world", "seat", "side", "week", "date", "phase"),
        *(f"offer_{issue}" for issue in setting.issues),
        *("threat_kind", "threat_size", "threat_fuse"),
        *orders,
        *("counsel_firmness", "counsel_escalation", "counsel_enforcement"),
        *(f"trial_{issue}" for issue in setting.issues),
        *STATES,
        "tariff_of_other",
    ]


def _rows(game: Game) -> Iterator[dict[str, Any]]:
    for week in range(1, weeks_played(game) + 1):
        day = game.setting.start + timedelta(weeks=week)
        for who in game.seats:
            moves = game.moves[who.key][week]
            front = (game.setting.name, game.seed, game.world, who.key, who.side, week, day)
            names = ("scenario", "seed", "world", "seat", "side", "week", "date")
            row: dict[str, Any] = dict(zip(names, front, strict=True))
            row["phase"] = PHASES.get(float(game.state("phase", week)), "talks")
            row |= _moves(moves, game.setting)
            row |= {name: float(game.state(name, week)[who.row]) for name in STATES}
            row["tariff_of_other"] = float(game.state("tariff", week)[other_side(who.row)])
            yield row


def _moves(moves: Moves, setting: Scenario) -> dict[str, Any]:
    """Return a week's moves as cells. Moves that were not made are empty or false."""
    row: dict[str, Any] = {
        f.name: getattr(moves, f.name) for f in fields(moves) if f.name not in ALONE
    }
    row["answer"] = None if moves.answer == AS_MODEL else moves.answer
    for name in PACKAGES:
        package = getattr(moves, name)
        if package is not None:
            row |= {f"{name}_{i}": x for i, x in zip(setting.issues, package, strict=True)}
    if moves.threat:
        row |= {f"threat_{name}": value for name, value in asdict(moves.threat).items()}
    if moves.counsel is not None:
        names = ("firmness", "escalation", "enforcement")
        row |= {f"counsel_{n}": x for n, x in zip(names, moves.counsel, strict=True)}
    return row


def _plain(value: Any) -> Any:
    """Return a value of a table as a JSON value, with None for NaN."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and math.isnan(plain) else plain


def seat_titles(transcript: Transcript) -> list[str]:
    """Return the names of the played people."""
    return [seat(transcript.setting, key).title for key in transcript.seats]
