"""A world told in words: what happened week by week, and its end in one sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.outcomes import COMPREHENSIVE, DECOUPLED, MINI
from model.rules.coercion import CONTROL, TARIFF
from model.schema.entries import Election, ParameterChange, ScheduledTariff, Shock
from model.schema.issues import sentences
from model.schema.scenario import Scenario
from model.sides import SIDES, other_side
from model.state.keys import Keys
from model.state.state import TRUCE
from model.state.store import Values

POINTS = 100.0  # a share as percentage points
LEVELS = ("", "at working level", "between ministers", "between the leaders")


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, who did it, what kind of thing, in words and in numbers."""

    week: int
    actor: str  # a side of the scenario, or "" for nobody's act
    kind: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


type History = Mapping[str, Values | Sequence[Values]]  # each state by week, of one world


class EventLog:
    """Tell one world's history, by what changed from week to week."""

    def __init__(self, setting: Scenario, history: History) -> None:
        self.setting, self.history = setting, history
        self.keys = Keys(setting)
        self.cards = list(setting.sides.values())
        self.titles = [card.named for card in self.cards]

    def now(self, name: str, week: int, row: int | None = None) -> float:
        """Return the value of a state (of a row) in a week."""
        value = self.history[name][week]
        return float(value if row is None else value[row])

    def rose(self, name: str, week: int, row: int | None = None) -> float:
        """Return by how much a state (of a row) changed in a week."""
        return self.now(name, week, row) - self.now(name, week - 1, row)

    def tell(self) -> list[Entry]:
        """Return all that happened, in order."""
        return [
            entry for week in range(1, len(self.history["tariff"])) for entry in self.week(week)
        ]

    def week(self, week: int) -> Iterator[Entry]:
        """Tell what happened in a week, 1 or later."""
        event_logs: tuple[Callable[[int], Iterator[Entry]], ...] = (
            self.events,
            self.threats,
            self.tariffs,
            self.talks,
            self.deals,
            self.truces,
        )
        for event_log in event_logs:
            for entry in event_log(week):
                yield replace(entry, text=capital(entry.text))

    def events(self, week: int) -> Iterator[Entry]:
        """Tell what the scenario lets happen."""
        for row, (_, card) in enumerate(self.setting.of_kind(Shock)):
            if self.rose("happened", week, row) > 0.0:
                yield Entry(week, "", "event", f"{card.title}.")
        for _, change in self.setting.of_kind(ParameterChange):
            row = self.keys.changed.index(change.parameter)
            if change.week == week:
                value = self.now("changed", week, row)
                yield Entry(week, "", "event", f"{change.title} ({change.parameter} is {value:g}).")
        for _, election in self.setting.of_kind(Election):
            if election.week == week:
                yield Entry(week, election.side, "election", f"{election.title}.")
        if self.rose("leaks", week) > 0.0:
            yield Entry(week, "", "leak", "A back channel is found out, and the groups hear of it.")

    def threats(self, week: int) -> Iterator[Entry]:
        """Tell of threats made, put off, carried out and not carried out."""
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            scheduled = [e for _, e in self.setting.of_kind(ScheduledTariff) if e.side == side]
            if self.rose("executed", week, row) > 0.0:
                by_plan = any(event.week == week for event in scheduled)
                text = f"{title} {'acts as announced' if by_plan else 'carries out its threat'}."
                yield Entry(week, side, "execution", text)
            if self.rose("backed_down", week, row) > 0.0:
                yield Entry(week, side, "backing down", f"{title} backs down from its threat.")
            if self.rose("postponed", week, row) > 0.0:
                yield Entry(week, side, "postponement", f"{title} puts its threat off.")
            known = any(week in (event.announced, event.week) for event in scheduled)
            stands = self.now("threat_kind", week, row) > 0.0
            if self.rose("threats", week, row) > 0.0 and (stands or not known):
                yield self._threat(week, row, side, title)
            if self.rose("revoked", week, row) > 0.0:
                card, other = self.cards[row], self.titles[other_side(row)]
                text = f"{card.legislature} ends {card.revocable} with {other}."
                yield Entry(week, side, "revocation", text)
            if self.rose("gestures", week, row) > 0.0:
                text = f"{title} cuts its tariff a little, unasked."
                yield Entry(week, side, "gesture", text)

    def _threat(self, week: int, row: int, side: str, title: str) -> Entry:
        kind = self.now("threat_kind", week, row)
        if kind == 0.0:
            return Entry(week, side, "threat", f"{title} threatens, and drops it the same week.")
        size, fuse = self.now("threat_size", week, row), self.now("threat_weeks", week, row)
        what = f"{POINTS * size:.0f} points of tariff" if kind == TARIFF else self._harm(row, kind)
        text = f"{title} threatens {what}, due in {_weeks(fuse)}."
        return Entry(week, side, "threat", text, {"size": size, "fuse": fuse, "kind": kind})

    def _harm(self, row: int, kind: float) -> str:
        """Return in words what else than a tariff is threatened."""
        return "export controls" if kind == CONTROL else f"to end {self.cards[row].revocable}"

    def tariffs(self, week: int) -> Iterator[Entry]:
        """Tell of tariffs that moved and of answers announced."""
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            moved = self.rose("tariff", week, row)
            if abs(moved) > 5e-4:
                now = self.now("tariff", week, row)
                text = (
                    f"The tariff of {title}: {POINTS * moved:+.1f} points, to {POINTS * now:.1f} %."
                )
                yield Entry(week, side, "tariff", text, {"moved": moved, "tariff": now})
            if self.rose("answers", week, row) > 0.0:
                size = self.now("pending", week, row)
                text = f"{title} announces an answer" + (
                    f" of {POINTS * size:.1f} points." if size > 0.0 else " by export controls."
                )
                yield Entry(week, side, "answer", text, {"size": size})
            controls = self.rose("controls", week, row)
            if controls > 1e-6:
                text = f"{title} tightens its export controls."
                yield Entry(week, side, "controls", text, {"moved": controls})

    def talks(self, week: int) -> Iterator[Entry]:
        """Tell of sessions: who offered, what, and the answer."""
        level = int(self.now("level", week))
        if not level or self.rose("sessions", week) <= 0.0:
            return
        row = other_side(int(self.now("turn", week)))
        package = dict(zip(self.keys.issues, self.history["table"][week], strict=True))
        offered = "; ".join(sentences(self.setting.issues, package)) or "nothing"
        accepted = self.now("agreed", week) > 0.0
        where = LEVELS[level] + (", deniably" if self.now("deniable", week) > 0.0 else "")
        text = (
            f"Session {where}: {self.titles[row]} proposes: {offered}. "
            f"{'Accepted' if accepted else 'Refused'}."
        )
        kind = "summit" if level == len(LEVELS) - 1 else "offer"
        yield Entry(week, self.keys.sides[row], kind, text, {"accepted": float(accepted)})

    def deals(self, week: int) -> Iterator[Entry]:
        """Tell of deals made, refused at home, and ended."""
        if self.rose("failures", week) > 0.0:
            row = int(self.now("refused_by", week))
            text = f"The agreement fails at home in {self.titles[row]}: involuntary defection."
            yield Entry(week, self.keys.sides[row], "involuntary defection", text)
        if self.rose("deals", week) > 0.0:
            whole = self.now("deal_whole", week) > 0.0
            kind = COMPREHENSIVE.key if whole else MINI.key
            yield Entry(week, "", "deal", f"Both sides ratify: a {kind} is in force.")
        if self.rose("broken_week", week) > 0.0:
            row = int(self.now("broken_by", week))
            share = self.now("delivered_sum", week, row) / max(self.now("deal_weeks", week), 1.0)
            why = f"{self.titles[row]} delivered {POINTS * share:.0f} % of what was due"
            if self.rose("revoked", week, row) > 0.0:
                why = f"{self.titles[row]} ended {self.cards[row].revocable}"
            tariffs = any(self.now("tariff", week, side) > 0.0 for side in SIDES)
            text = f"The deal ends: {why}{'; tariffs snap back' if tariffs else ''}."
            yield Entry(week, self.keys.sides[row], "end of the deal", text, {"delivered": share})

    def truces(self, week: int) -> Iterator[Entry]:
        """Tell of truces that begin and run out."""
        if self.rose("truces", week) > 0.0:
            weeks = self.now("truce_weeks", week)
            text = f"Both sides are hurt: a truce of {_weeks(weeks)}."
            yield Entry(week, "", "truce", text, {"weeks": weeks})
        elif self.now("phase", week - 1) == TRUCE and self.now("phase", week) == 0.0:
            yield Entry(week, "", "end of the truce", "The truce runs out.")


def capital(text: str) -> str:
    """Return a sentence with a capital at its head.

    >>> capital("the United States backs down.")
    'The United States backs down.'
    """
    return text[:1].upper() + text[1:]


def _weeks(number: float) -> str:
    return f"{number:.0f} week{'' if round(number) == 1 else 's'}"


def story(setting: Scenario, row: Mapping[str, Any]) -> str:
    """Return a world's end in one sentence, from its row of outcomes.

    "Mini deal in week 31, broken in week 70 after China delivered 60 % of what was due; stalemate
    with tariffs of 31 % (United States) and 28 % (China)." Where there are none they are left out.
    """
    titles = {side: card.named for side, card in setting.sides.items()}
    parts = []
    if row["involuntary_defections"] > 0.0:
        parts.append(f"failed at home in {titles.get(row['refused_by'], 'one of the sides')}")
    if row["deals"] > 0.0:
        parts.append(_deals(titles, row))
    if row["truces"] > 0.0:
        parts.append("a truce" if row["truces"] == 1.0 else f"{row['truces']:.0f} truces")
    for side, card in setting.sides.items():
        if row[f"revoked_{side.lower()}"] > 0.0:
            parts.append(f"{card.revocable} ended by {card.named}")
    told, end = ", ".join(parts), f"{row['outcome']}{_tariffs(setting, row)}."
    return capital(f"{told}; in the end {_article(end)}{end}" if told else end)


def _article(end: str) -> str:
    """Return the article that an end needs in a sentence.

    >>> _article("mini deal."), _article("escalated stalemate."), _article("decoupled.")
    ('a ', 'an ', '')
    """
    return "" if end.startswith(DECOUPLED.key) else "an " if end[0] in "aeiou" else "a "


def _tariffs(setting: Scenario, row: Mapping[str, Any]) -> str:
    """Return how high the tariffs are in the end; nothing where there are none."""
    final = {
        card.title: row[f"tariff_{side.lower()}_final"] for side, card in setting.sides.items()
    }
    if not any(final.values()):
        return ""
    return " with tariffs of " + " and ".join(
        f"{POINTS * value:.0f} % ({title})" for title, value in final.items()
    )


def _deals(titles: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """Return the part of the story about deals: the first, the last, and how it ended."""
    number, last, week = row["deals"], row["last_deal"], row["agreement_week"]
    text = f"{last} in week {week:.0f}"
    if number > 1.0:
        text = f"first deal in week {week:.0f}, {number:.0f} in all, the last a {last}"
    if not np.isnan(row["broken_week"]):
        side = str(row["broken_by"])
        text += f", broken in week {row['broken_week']:.0f}"
        if row[f"revoked_{side.lower()}"] > 0.0:  # by that, or before it: the chronicle tells
            return text
        text += f" after {titles[side]} fell short"
        share = row[f"delivered_sum_{side.lower()}"] / max(row["deal_weeks"], 1.0)
        if np.isnan(row["enforcement"]) and row["deal_weeks"] > 0.0:
            text += f" by {POINTS * (1.0 - share):.0f} %"
    return text
