"""Describe single worlds: replay them with every state recorded, and list dated events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine import EVERYTHING, Run, run_worlds
from model.chronicle import Entry, EventLog, story
from model.outcomes import outcome_keys

KEY_LINES = 12
WIDTH = 116  # of a key line, in characters
KINDS = (
    "deal",
    "end of the deal",
    "second phase",
    "renegotiation",
    "involuntary defection",
    "side payment",
    "compensation",
    "revocation",
    "truce",
    "end of the truce",
    "review",
    "execution",
    "backing down",
    "threat",
    "election",
    "event",
    "answer",
    "summit",
    "postponement",
    "gesture",
    "trial package",
    "leak",
    "implementation",
    "controls",
    "tariff",
    "vote",
    "offer",
)  # most important first: decides which lines of a long chronicle are shown


@dataclass(frozen=True)
class Chronicle:
    """The story of one world: its number, its outcome, a summary sentence, and all events."""

    world: int
    outcome: str
    sentence: str
    entries: Sequence[Entry]


def chronicle(run: Run, world: int) -> Chronicle:
    """Return a world's chronicle; the run must have every state recorded."""
    if run.weeks is None or not {"tariff", "sessions"} <= set(run.weeks.data_vars):
        raise ValueError("a chronicle needs a run with every state recorded by week")
    alone = run.weeks.sel(world=world)
    history = {str(name): values.to_numpy() for name, values in alone.data_vars.items()}
    row = _row(run.outcomes, world)
    entries = EventLog(run.scenario, history).tell()
    return Chronicle(world, str(row["outcome"]), story(run.scenario, row), entries)


def examples(run: Run) -> list[Chronicle]:
    """Return the chronicle of the first world of each outcome that occurs."""
    outcomes = run.outcomes["outcome"].to_numpy()
    matches = (np.flatnonzero(outcomes == outcome) for outcome in outcome_keys())
    first = [int(rows[0]) for rows in matches if rows.size]
    rows = np.array(first, dtype=np.intp)
    worlds = run.outcomes.index.to_numpy(dtype=np.intp)[rows]
    swept = {name: values[rows] for name, values in run.sweep.items()}
    engine = run.engine or "auto"
    again = run_worlds(run.scenario, worlds, run.seed, swept, EVERYTHING, worlds, engine=engine)
    return [chronicle(again, int(world)) for world in worlds]


def without_offers(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without refused offers; summits stay."""
    return [entry for entry in entries if entry.kind != "offer" or entry.numbers["accepted"]]


def lines(entries: Sequence[Entry], start: date) -> list[str]:
    """Return one line per entry, with week and date.

    >>> lines([Entry(2, "", "event", "A flood.")], date(2025, 2, 1))
    ['Week   2, 15 Feb 2025: A flood.']
    """
    days = [start + timedelta(weeks=entry.week) for entry in entries]
    return [
        f"Week {entry.week:3d}, {day:%d %b %Y}: {entry.text}"
        for entry, day in zip(entries, days, strict=True)
    ]


def key_lines(record: Chronicle, start: date, most: int = KEY_LINES) -> list[str]:
    """Return the most important lines, at most `most`, in order."""
    entries = [entry for entry in record.entries if entry.kind != "offer"]
    ranked = sorted(range(len(entries)), key=lambda index: KINDS.index(entries[index].kind))
    chosen = [entries[index] for index in sorted(ranked[:most])]
    return [shorten(line, WIDTH, placeholder=" ...") for line in lines(chosen, start)]


def compact(record: Chronicle, start: date) -> str:
    """Return the summary sentence of a chronicle and its key lines, for the screen."""
    shown = key_lines(record, start)
    return "\n".join([f"World {record.world}. {record.sentence}", *(f"  {line}" for line in shown)])


def as_file(run: Run, chronicles: Sequence[Chronicle]) -> str:
    """Return full chronicles, without refused offers, as the text of a file."""
    parts = [
        f"One world of each outcome of {run.scenario.name}, seed {run.seed}: the first of its kind."
    ]
    for record in chronicles:
        body = lines(without_offers(record.entries), run.scenario.start)
        parts.append("\n".join([f"World {record.world}: {record.outcome}", record.sentence, *body]))
    return "\n\n".join(parts) + "\n"


def differences(again: Run, outcomes: pd.DataFrame, world: int) -> list[str]:
    """Return the columns in which a replayed world differs from its row of results, as text.

    A column of another arm is missing in this row.
    """
    simulated, kept = _row(again.outcomes, world), _row(outcomes, world)
    return [
        f"{name} is {simulated.get(name, 'absent')}, was {kept.get(name, 'absent')}"
        for name in [*simulated, *(name for name in kept if name not in simulated)]
        if not _same(simulated.get(name), kept.get(name))
    ]


def _row(outcomes: pd.DataFrame, world: int) -> dict[str, Any]:
    return {str(name): outcomes.at[world, name] for name in outcomes.columns}


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (pd.isna(one) and pd.isna(other)))
