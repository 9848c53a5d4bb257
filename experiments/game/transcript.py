"""The transcript of a game: all that plays it again, bit for bit, and its outcome as a check."""

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
from experiments.game.table import Game, IllegalMoves
from experiments.results.errors import ResultsError
from experiments.results.manifest import code_digest
from model.records import outcome_columns
from model.schema.problems import Problem
from model.schema.scenario import Scenario
from model.sides import other_side
from model.state.state import DEAL, TRUCE

FORMAT = "winset transcript 1"
STATES = ("tariff", "side_pain", "approval", "utility")  # by side, in the table
PHASES = {DEAL: "deal", TRUCE: "truce"}


@dataclass(frozen=True, eq=False)
class Transcript:
    """A game as it was played.

    seats: persons; moves: by person and week, 1 to `weeks`, of every week that was played to its
    end, and as week 0 the orders that held before it (`Moves()` where there is none); outcome: the
    row of outcomes of a game that is over; player: a name that somebody typed; program: digest of
    the code that decided the world's path.
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
        """Return the name of a download, without its ending; letters, digits, _ and - only."""
        seats = "-".join(self.seats) or "model"
        return f"{self.setting.name}-{seats}-seed{self.seed}-world{self.world}"

    def scripts(self) -> dict[str, Script]:
        """Return the conducts that move as the transcript says; after its last week, as the model.

        Before the first week anybody waits.
        """
        return {key: Script({0: Moves(), **self.moves[key]}) for key in self.seats}


def transcript_of(game: Game, player: str = "") -> Transcript:
    """Return the transcript of a game, whether it is over or not."""
    weeks = played(game)
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


def played(game: Game) -> int:
    """Return how many weeks of a game were played to their end."""
    return game.week if game.over else game.week - 1


def outcome_of(game: Game) -> dict[str, Any]:
    """Return the row of outcomes of a game that is over: numbers, words, None where there is none.

    The same columns as `simulate(...).outcomes`.
    """
    columns = outcome_columns(game.negotiation)
    return {name: _plain(values[0]) for name, values in columns.items()}


def standing(last: Moves) -> Moves:
    """Return the moves of who waits after a week: the standing orders, and nothing else."""
    return Moves(answer=last.answer, deliver=last.deliver, counsel=last.counsel)


def as_json(transcript: Transcript) -> str:
    """Return a transcript as the text of its file; of the moves only what differs from waiting."""
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
    """Yield each week in which somebody did more than wait, and what."""
    last = Moves()
    for week in sorted(moves):
        now, wait = moves[week], standing(last)
        told = {f.name: getattr(now, f.name) for f in fields(now)}
        told = {name: value for name, value in told.items() if value != getattr(wait, name)}
        if "offer" in told:
            levels = zip(issues, told["offer"], strict=True)
            told["offer"] = {issue: float(level) for issue, level in levels if level != 0.0}
        if told.get("answer") == AS_MODEL:
            told["answer"] = None
        if told.get("threat"):
            told["threat"] = asdict(told["threat"])
        if told.get("counsel"):
            told["counsel"] = [float(value) for value in told["counsel"]]
        if told:
            yield str(week), told
        last = now


def resumed(transcript: Transcript, file: str = "the transcript") -> Game:
    """Return the game as it stood at the end of a transcript, ready to go on.

    Raises ResultsError where a move was against the rules: such a game was not played here.
    """
    orders = {key: moves.get(0, Moves()) for key, moves in transcript.moves.items()}
    game = Game(transcript.setting, transcript.seats, transcript.seed, transcript.world, orders)
    for week in range(1, transcript.weeks + 1):
        moves = {
            who.key: transcript.moves[who.key][week]
            for who in game.seats
            if transcript.moves[who.key][week] != game.waiting(who)
        }
        try:
            game.play(moves)
        except IllegalMoves as wrong:
            found = [replace(p, place=f"week {week}: {p.place}") for p in wrong.problems]
            raise ResultsError(Path(file), found) from wrong
    if transcript.outcome is not None and not game.over:
        why = f"the game was not over after week {transcript.weeks}, and has no outcome"
        raise ResultsError(Path(file), [Problem("outcome", "", why, "Make it null.")])
    return game


def replayed(transcript: Transcript, progress: Progress | None = None) -> Run:
    """Return the world of a transcript lived again, every state recorded.

    After its last week the model moves in all seats. The rules are not looked at: `resumed` does.
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


def unlike(transcript: Transcript, run: Run) -> list[str]:
    """Return in which columns a world lived again differs from what the transcript holds."""
    if transcript.outcome is None:
        return []
    row = pd.DataFrame([dict(transcript.outcome)], index=[transcript.world], dtype=object)
    return differences(run, row, transcript.world)


def as_csv(game: Game) -> str:
    """Return a game as a table: a row a week and seat, its moves and how its side stood after them.

    Tariffs, approval and levels as shares, pain in units of pain, worth of the deal in force in
    points. No name that anybody typed is in it.
    """
    buffer = io.StringIO()
    rows = list(_rows(game))
    writer = csv.DictWriter(buffer, _columns(game.setting), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _columns(setting: Scenario) -> list[str]:
    orders = [f.name for f in fields(Moves) if f.name not in ("offer", "threat", "counsel")]
    return [
        *("scenario", "seed", "world", "seat", "side", "week", "date", "phase"),
        *(f"offer_{issue}" for issue in setting.issues),
        *("threat_kind", "threat_size", "threat_fuse"),
        *orders,
        *("counsel_firmness", "counsel_escalation", "counsel_enforcement"),
        *STATES,
        "tariff_of_other",
    ]


def _rows(game: Game) -> Iterator[dict[str, Any]]:
    for week in range(1, played(game) + 1):
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
    """Return a week's moves as cells; what was not done is empty or false."""
    row: dict[str, Any] = {
        f.name: getattr(moves, f.name)
        for f in fields(moves)
        if f.name not in ("offer", "threat", "counsel")
    }
    row["answer"] = None if moves.answer == AS_MODEL else moves.answer
    if moves.offer is not None:
        row |= {f"offer_{i}": x for i, x in zip(setting.issues, moves.offer, strict=True)}
    if moves.threat:
        row |= {f"threat_{name}": value for name, value in asdict(moves.threat).items()}
    if moves.counsel is not None:
        names = ("firmness", "escalation", "enforcement")
        row |= {f"counsel_{n}": x for n, x in zip(names, moves.counsel, strict=True)}
    return row


def _plain(value: Any) -> Any:
    """Return a value of a table as JSON has it: None for what is no number."""
    found = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(found, float) and math.isnan(found) else found


def seat_titles(transcript: Transcript) -> list[str]:
    """Return the names of those who were played."""
    return [seat(transcript.setting, key).title for key in transcript.seats]
