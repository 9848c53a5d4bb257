"""The games of a class beside each other: results, where the moves part, what was agreed."""

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
from experiments.game.past import weeks
from experiments.game.seats import Seat
from experiments.game.table import Game
from experiments.game.transcript import Transcript, outcome_of, resumed
from experiments.results.errors import ResultsError
from model.arrays import Array
from model.phases.talks import SILENT, WORKING
from model.rules.offers import utility
from model.schema.issues import sentences
from model.schema.problems import Problem

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one
WHOLE = "Only games that are over can be compared: play it to its end, and save it again."
EMPTY = "a deal in which nothing is given"
WIDE_APART = 0.4  # points between two offers' worths that count as wholly different


@dataclass(frozen=True, eq=False)
class Played:
    """One seat of one game: who played it (as typed, or the file's name), and its results."""

    label: str
    transcript: Transcript
    game: Game
    who: Seat
    own: float
    twin: float
    outcome: dict[str, Any]

    @property
    def case(self) -> str:
        """Return what all play who face the same: scenario, luck, seat."""
        told = self.transcript
        setting = told.setting.model_dump_json()
        return f"{told.setting.name}/{hash(setting)}/{told.seed}/{told.world}/{self.who.key}"

    @property
    def worth(self) -> float:
        """Return the worth of the deal in force at the end, points."""
        return float(self.outcome[f"utility_{self.who.side.lower()}"])

    @property
    def package(self) -> tuple[str, ...]:
        """Return the deal that is in force at the end as sentences; nothing without one.

        A deal may hold nothing, and is one all the same.
        """
        issues = self.transcript.setting.issues
        levels = {key: self.outcome[f"agreed_{key}"] or 0.0 for key in issues}
        found = tuple(sentences(issues, levels))
        made = str(self.outcome["outcome"]).endswith("deal")
        return found or ((EMPTY,) if made else ())


@dataclass(frozen=True)
class Parting:
    """A week in which those who face the same case moved most differently, in words."""

    week: int
    kind: str
    score: float
    text: str


def played(transcript: Transcript, file: str, twins: dict[str, Run]) -> list[Played]:
    """Return the seats of a game that is over, with their results beside the model's.

    twins: model-played worlds by case, which are kept for the next. Raises ResultsError.
    """
    if transcript.outcome is None:
        why = f"the game was left after week {transcript.weeks}"
        raise ResultsError(Path(file), [Problem("weeks", str(transcript.weeks), why, WHOLE)])
    game = resumed(transcript, file)
    outcome = outcome_of(game)
    key = f"{transcript.setting.model_dump_json()}/{transcript.seed}/{transcript.world}"
    if key not in twins:
        world = np.array([transcript.world], dtype=np.intp)
        twins[key] = run_worlds(transcript.setting, world, transcript.seed, {}, RECORDED, world)
    found = []
    for who in game.seats:
        weight = pain_weight(game, who)
        pain = [game.state("side_pain", week)[who.row] for week in range(1, weeks(game) + 1)]
        own = own_result(game.state("utility")[who.row], np.array([np.mean(pain)]), weight)
        twin = float(results(twins[key], who.row, weight)[0])
        label = transcript.player or Path(file).stem
        found.append(Played(label, transcript, game, who, float(own[0]), twin, outcome))
    return found


def changed(one: Played) -> bool:
    """Say whether this version of the program lives a game otherwise than its transcript says."""
    told = one.transcript.outcome or {}
    return any(told.get(name) != value for name, value in one.outcome.items())


def cases(all_: Sequence[Played]) -> list[list[Played]]:
    """Return the plays by case, the most played first, each sorted by own result, best first."""
    groups: dict[str, list[Played]] = {}
    for one in all_:
        groups.setdefault(one.case, []).append(one)
    ordered = sorted(groups.values(), key=lambda group: -len(group))
    return [sorted(group, key=lambda one: -one.own) for group in ordered]


def partings(group: Sequence[Played], most: int = 3) -> list[Parting]:
    """Return where the moves of a case parted most, the widest of each kind of move first."""
    last = max(weeks(one.game) for one in group)
    found = [
        parting
        for week in range(1, last + 1)
        for parting in _partings([one for one in group if weeks(one.game) >= week], week)
    ]
    found.sort(key=lambda parting: (-parting.score, parting.week))
    kinds: dict[str, Parting] = {}
    for parting in found:
        kinds.setdefault(parting.kind, parting)
    return list(kinds.values())[:most]


def _partings(group: Sequence[Played], week: int) -> Iterator[Parting]:
    """Yield how the moves of a week parted, by kind, where at least two had the same to decide."""
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


def _asked(one: Played, week: int) -> str:
    """Return whether a side was to offer or to answer in a week: whose turn is next tells it."""
    level, turn = float(one.game.state("level", week)), float(one.game.state("turn", week))
    if level <= SILENT:
        return ""
    if turn != one.who.row:
        return "offer"
    return "answer" if level > WORKING else ""


def _due(one: Played, week: int) -> bool:
    names = ("executed", "backed_down", "postponed")
    game, row = one.game, one.who.row
    return any(game.state(n, week)[row] > game.state(n, week - 1)[row] for n in names)


def _split(kind: str, week: int, done: Sequence[bool], yes: str, no: str) -> Iterator[Parting]:
    many, total = sum(done), len(done)
    if 0 < many < total:
        text = f"Week {week}: {many} of {total} {yes}, {total - many} {no}."
        yield Parting(week, kind, min(many, total - many) / total, text)


def _offers(week: int, offers: Sequence[tuple[Played, Array]]) -> Iterator[Parting]:
    """Yield how far the offers of a week lie apart, and in which issue most."""
    if len(offers) < 2:
        return
    packages = np.stack([package for _, package in offers])
    first = offers[0][0]
    gains = first.game.state("gains", week)[first.who.row]
    worths = np.array([float(utility(gains, package)) for package in packages])
    wide = packages.max(axis=0) - packages.min(axis=0)
    if wide.max() <= 0.0:
        return
    place = int((wide * np.abs(gains)).argmax())
    card = list(first.transcript.setting.issues.values())[place]
    low, high = float(packages[:, place].min()), float(packages[:, place].max())
    text = (
        f"Week {week}: {len(offers)} made offers, worth from {worths.min():+.2f} to "
        f"{worths.max():+.2f} points to themselves; they differ most in {card.title} "
        f"({100 * low:.0f} to {100 * high:.0f} % of all that could be given)."
    )
    yield Parting(week, "offer", min(0.5, 0.5 * float(np.ptp(worths)) / WIDE_APART), text)


def packages(group: Sequence[Played]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the deals in force at the end, with how many reached each; the commonest first."""
    return [(many, package) for package, many in Counter(p.package for p in group).most_common()]


def as_csv(all_: Sequence[Played]) -> str:
    """Return a row a seat of a game: case, own result, the model's, and all outcomes."""
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
    """Return what somebody typed as a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell("Ann")
    ("'=1+1", 'Ann')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
