"""Compare the games of a class: results, differences between the moves, and agreements."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine import Run, run_worlds
from experiments.game.debrief import RECORDED, results
from experiments.game.decisions import own_result, pain_weight
from experiments.game.seats import Seat
from experiments.game.table import Game, weeks_played
from experiments.game.transcript import Transcript, outcome_of, resume_game
from experiments.results.errors import ResultsError
from model.arrays import Array
from model.phases.talks import SILENT, WORKING
from model.rules.curves import felt
from model.rules.offers import utility
from model.schema.issues import sentences
from model.schema.problems import Problem

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet reads a cell that begins so as a formula
WHOLE = "Only finished games can be compared. Play it to the end and save it again."
EMPTY = "a deal without concessions"
WIDE_APART = 0.4  # points: offers whose worths differ by this much count as entirely different


@dataclass(frozen=True, eq=False)
class SeatResult:
    """Results of one seat of one game. label: the player's name as typed, or the file name."""

    label: str
    transcript: Transcript
    game: Game
    who: Seat
    own: float
    twin: float
    outcome: dict[str, Any]

    @property
    def case(self) -> str:
        """Return a key that is equal for games with the same scenario, seed, world and seat."""
        game = self.transcript
        setting = game.setting.model_dump_json()
        return f"{game.setting.name}/{hash(setting)}/{game.seed}/{game.world}/{self.who.key}"

    @property
    def worth(self) -> float:
        """Return the worth of the deal in force at the end, in points."""
        return float(self.outcome[f"utility_{self.who.side.lower()}"])

    @property
    def package(self) -> tuple[str, ...]:
        """Return the deal in force at the end as sentences, or nothing without a deal.

        A deal without any concessions is still a deal.
        """
        issues = self.transcript.setting.issues
        levels = {key: self.outcome[f"agreed_{key}"] or 0.0 for key in issues}
        contents = tuple(sentences(issues, levels))
        made = str(self.outcome["outcome"]).endswith("deal")
        return contents or ((EMPTY,) if made else ())


@dataclass(frozen=True)
class Divergence:
    """A week in which the moves of players in the same case differed most, as text."""

    week: int
    kind: str
    score: float
    text: str


def seat_results(transcript: Transcript, file: str, twins: dict[str, Run]) -> list[SeatResult]:
    """Return the results of each seat of a finished game, beside those of the model.

    twins: cache of model-played worlds by case; new ones are added. Raises ResultsError.
    """
    if transcript.outcome is None:
        why = f"the game was stopped after week {transcript.weeks}"
        raise ResultsError(Path(file), [Problem("weeks", str(transcript.weeks), why, WHOLE)])
    game = resume_game(transcript, file)
    outcome = outcome_of(game)
    key = f"{transcript.setting.model_dump_json()}/{transcript.seed}/{transcript.world}"
    if key not in twins:
        world = np.array([transcript.world], dtype=np.intp)
        twins[key] = run_worlds(transcript.setting, world, transcript.seed, {}, RECORDED, world)
    results_of_seats = []
    for who in game.seats:
        weight = pain_weight(game, who)
        pain = [game.state("side_pain", week)[who.row] for week in range(1, weeks_played(game) + 1)]
        own = own_result(game.state("utility")[who.row], np.array([np.mean(pain)]), weight)
        twin = float(results(twins[key], who.row, weight)[0])
        label = transcript.player or Path(file).stem
        result = SeatResult(label, transcript, game, who, float(own[0]), twin, outcome)
        results_of_seats.append(result)
    return results_of_seats


def outcome_differs(one: SeatResult) -> bool:
    """Return whether the outcome of a replay_transcript game differs from that in its transcript.

    This happens if another version of the program wrote the transcript.
    """
    recorded = one.transcript.outcome or {}
    return any(recorded.get(name) != value for name, value in one.outcome.items())


def cases(all_: Sequence[SeatResult]) -> list[list[SeatResult]]:
    """Return the results by case, the largest case first, each sorted by own result, best first."""
    groups: dict[str, list[SeatResult]] = {}
    for one in all_:
        groups.setdefault(one.case, []).append(one)
    ordered = sorted(groups.values(), key=lambda group: -len(group))
    return [sorted(group, key=lambda one: -one.own) for group in ordered]


def divergences(group: Sequence[SeatResult], most: int = 3) -> list[Divergence]:
    """Return the largest differences between the moves of a case, one of each kind of move."""
    last = max(weeks_played(one.game) for one in group)
    candidates = [
        divergence
        for week in range(1, last + 1)
        for divergence in _divergences_of_week(
            [one for one in group if weeks_played(one.game) >= week], week
        )
    ]
    candidates.sort(key=lambda divergence: (-divergence.score, divergence.week))
    kinds: dict[str, Divergence] = {}
    for divergence in candidates:
        kinds.setdefault(divergence.kind, divergence)
    return list(kinds.values())[:most]


def _divergences_of_week(group: Sequence[SeatResult], week: int) -> Iterator[Divergence]:
    """Yield the differences in a week's moves by kind, if at least two seats had that decision."""
    if len(group) < 2:
        return
    moves = [one.game.moves[one.who.key][week] for one in group]
    asked = [_asked(one, week) for one in group]
    answered = [m.accept for m, a in zip(moves, asked, strict=True) if a == "answer"]
    yield from _split("answer", week, answered, "accepted the other's offer", "refused it")
    kinds = {
        "threat": ("made a threat", "made none"),
        "gesture": ("made a gesture", "made none"),
        "truce": ("called for a truce", "did not"),
        "leave": ("ended the deal", "stayed in it"),
        "channel": ("sent a trial package", "sent none"),
    }
    for name, (yes, no) in kinds.items():
        yield from _split(name, week, [bool(getattr(m, name)) for m in moves], yes, no)
    due = [m.due == "carry_out" for m, one in zip(moves, group, strict=True) if _due(one, week)]
    yield from _split("due", week, due, "carried out a threat", "did not")
    offers = [
        (one, one.game.state("table", week))
        for one, a in zip(group, asked, strict=True)
        if a == "offer"
    ]
    yield from _offers(week, offers)


def _asked(one: SeatResult, week: int) -> str:
    """Return whether a side had to offer or to answer in a week, from whose turn is next."""
    level, turn = float(one.game.state("level", week)), float(one.game.state("turn", week))
    if level <= SILENT:
        return ""
    if turn != one.who.row:
        return "offer"
    return "answer" if level > WORKING else ""


def _due(one: SeatResult, week: int) -> bool:
    names = ("executed", "backed_down", "postponed")
    game, row = one.game, one.who.row
    return any(game.state(n, week)[row] > game.state(n, week - 1)[row] for n in names)


def _split(kind: str, week: int, done: Sequence[bool], yes: str, no: str) -> Iterator[Divergence]:
    many, total = sum(done), len(done)
    if 0 < many < total:
        text = f"Week {week}: {many} of {total} {yes}, {total - many} {no}."
        yield Divergence(week, kind, min(many, total - many) / total, text)


def _offers(week: int, offers: Sequence[tuple[SeatResult, Array]]) -> Iterator[Divergence]:
    """Yield the range of the offers of a week, and the issue in which they differ most."""
    if len(offers) < 2:
        return
    packages = np.stack([package for _, package in offers])
    first = offers[0][0]
    gains = first.game.state("gains", week)[first.who.row]
    bend = first.game.state("bend", week)[first.who.row]
    worths = np.array([float(utility(gains, felt(package, bend))) for package in packages])
    wide = packages.max(axis=0) - packages.min(axis=0)
    if wide.max() <= 0.0:
        return
    issue = int((wide * np.abs(gains)).argmax())
    card = list(first.transcript.setting.issues.values())[issue]
    low, high = float(packages[:, issue].min()), float(packages[:, issue].max())
    text = (
        f"Week {week}: {len(offers)} made offers, worth {worths.min():+.2f} to "
        f"{worths.max():+.2f} points to themselves. They differ most in {card.title} "
        f"({100 * low:.0f} to {100 * high:.0f} % of the full concession)."
    )
    yield Divergence(week, "offer", min(0.5, 0.5 * float(np.ptp(worths)) / WIDE_APART), text)


def packages(group: Sequence[SeatResult]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the deals in force at the end with their counts, the most common first."""
    return [(many, package) for package, many in Counter(p.package for p in group).most_common()]


def as_csv(all_: Sequence[SeatResult]) -> str:
    """Return a row per seat of each game: case, own result, the model's, and all outcomes."""
    rows = [
        {
            "player": cell(one.label),
            "scenario": one.transcript.setting.name,
            "seed": one.transcript.seed,
            "world": one.transcript.world,
            "seat": one.who.key,
            "side": one.who.side,
            "own_result": one.own,
            "model_own_result": one.twin,
            "difference": one.own - one.twin,
            **one.outcome,
        }
        for one in all_
    ]
    buffer = io.StringIO()
    pd.DataFrame(rows).to_csv(buffer, index=False, quoting=csv.QUOTE_MINIMAL)
    return buffer.getvalue()


def cell(text: str) -> str:
    """Return typed text as a cell that a spreadsheet does not read as a formula.

    >>> cell("=1+1"), cell("Ann")
    ("'=1+1", 'Ann')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
