"""The chronicle of a world: its events week by week as sentences, and a summary sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from model.chronicle_deals import POINTS, Entry
from model.chronicle_drafts import drafted
from model.chronicle_trials import TrialLog
from model.outcomes import COMPREHENSIVE, DECOUPLED, MINI
from model.rules.coercion import CONTROL, TARIFF
from model.rules.implementation import enlarged
from model.rules.ratification import BY_GROUPS
from model.schema.entries import Election, ParameterChange, ScheduledTariff, Shock
from model.schema.issues import sentences
from model.schema.scenario import Scenario
from model.sides import SIDES, other_side
from model.state.state import TRUCE

__all__ = ["LEVELS", "POINTS", "Entry", "EventLog", "capital", "story"]

LEVELS = ("", "at working level", "between ministers", "between the leaders")


class EventLog(TrialLog):
    """Describe the history of one world, from the changes of its states between weeks."""

    def tell(self) -> list[Entry]:
        """Return all events in order."""
        return [
            entry for week in range(1, len(self.history["tariff"])) for entry in self.week(week)
        ]

    def week(self, week: int) -> Iterator[Entry]:
        """Yield the events of a week (1 or later)."""
        sections: tuple[Callable[[int], Iterator[Entry]], ...] = (
            self.events,
            self.threats,
            self.tariffs,
            self.talks,
            self.votes,
            self.deals,
            self.payments,
            self.trials,
            self.implementation,
            self.truces,
        )
        for section in sections:
            for entry in section(week):
                yield replace(entry, text=capital(entry.text))

    def events(self, week: int) -> Iterator[Entry]:
        """Yield shocks, elections and leaks."""
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
                yield self._election(week, election)
        if self.rose("leaks", week) > 0.0:
            text = "A back channel is exposed, and the groups at home learn about it."
            yield Entry(week, "", "leak", text)

    def _election(self, week: int, election: Election) -> Entry:
        row = self.keys.sides.index(election.side)
        change = self.rose("quota", week, row) if election.quota_change else 0.0
        text = f"{election.title}."
        if change:
            verb = "rises" if change > 0.0 else "falls"
            quota = POINTS * self.now("quota", week, row)
            text += f" The quota at home {verb} to {quota:.0f} % in {self.titles[row]}."
        return Entry(week, election.side, "election", text, {"quota": change})

    def threats(self, week: int) -> Iterator[Entry]:
        """Yield threats that are made, postponed, executed or dropped, and gestures."""
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            scheduled = [e for _, e in self.setting.of_kind(ScheduledTariff) if e.side == side]
            if self.rose("executed", week, row) > 0.0:
                by_plan = any(event.week == week for event in scheduled)
                text = f"{title} {'acts as announced' if by_plan else 'carries out its threat'}."
                yield Entry(week, side, "execution", text)
            if self.rose("backed_down", week, row) > 0.0:
                yield Entry(week, side, "backing down", f"{title} backs down from its threat.")
            if self.rose("postponed", week, row) > 0.0:
                yield Entry(week, side, "postponement", f"{title} postpones its threat.")
            by_schedule = any(week in (event.announced, event.week) for event in scheduled)
            pending = self.now("threat_kind", week, row) > 0.0
            made = self.rose("threats", week, row)
            if made > 0.0 and (pending or made > by_schedule):
                yield self._threat(week, row, side, title)
            if self.rose("revoked", week, row) > 0.0:
                card, other = self.cards[row], self.titles[other_side(row)]
                text = f"{card.legislature} ends {card.revocable} with {other}."
                yield Entry(week, side, "revocation", text)
            if self.rose("gestures", week, row) > 0.0:
                text = f"{title} makes a small unilateral tariff cut."
                yield Entry(week, side, "gesture", text)

    def _threat(self, week: int, row: int, side: str, title: str) -> Entry:
        kind = self.now("threat_kind", week, row)
        if kind == 0.0:
            text = f"{title} makes a threat and drops it in the same week."
            return Entry(week, side, "threat", text)
        size, fuse = self.now("threat_size", week, row), self.now("threat_weeks", week, row)
        measure = f"a tariff rise of {POINTS * size:.0f} points"
        if kind != TARIFF:
            measure = self._other_measure(row, kind)
        text = f"{title} threatens {measure}, due in {_weeks(fuse)}."
        return Entry(week, side, "threat", text, {"size": size, "fuse": fuse, "kind": kind})

    def _other_measure(self, row: int, kind: float) -> str:
        """Return the description of a threat of export controls or of revocation."""
        return "export controls" if kind == CONTROL else f"to end {self.cards[row].revocable}"

    def tariffs(self, week: int) -> Iterator[Entry]:
        """Yield changes of tariffs and controls, and announced answers."""
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            moved = self.rose("tariff", week, row)
            if abs(moved) > 5e-4:
                now = self.now("tariff", week, row)
                verb = "rises" if moved > 0.0 else "falls"
                text = (
                    f"The tariff of {title} {verb} by {POINTS * abs(moved):.1f} points to"
                    f" {POINTS * now:.1f} %."
                )
                yield Entry(week, side, "tariff", text, {"moved": moved, "tariff": now})
            if self.rose("answers", week, row) > 0.0:
                size = self.now("pending", week, row)
                text = f"{title} announces retaliation" + (
                    f" of {POINTS * size:.1f} points." if size > 0.0 else " by export controls."
                )
                yield Entry(week, side, "answer", text, {"size": size})
            controls = self.rose("controls", week, row)
            if controls > 1e-6:
                text = f"{title} tightens its export controls."
                yield Entry(week, side, "controls", text, {"moved": controls})

    def talks(self, week: int) -> Iterator[Entry]:
        """Yield the session of the week: the side that offers, its package, and the answer."""
        level = int(self.now("level", week))
        if not level or self.rose("sessions", week) <= 0.0:
            return
        row = other_side(int(self.now("turn", week)))
        levels, second = self.history["table"][week], self.now("second_open", week - 1) > 0.0
        if second:  # what is negotiated is what the deal left open
            levels = enlarged(np.asarray(self.history["agreement"][week - 1]), np.asarray(levels))
        package = dict(zip(self.keys.issues, levels, strict=True))
        offered = "; ".join(sentences(self.setting.issues, package)) or "nothing"
        accepted = self.now("agreed", week) > 0.0
        level_name = LEVELS[level] + (" (deniable)" if self.now("deniable", week) > 0.0 else "")
        answer = "Accepted" if accepted else "Refused"
        if self.now("tentative", week, row) > 0.0:
            answer = "Not to be signed, because home would refuse it"
        tried = " what a trial package contained" if self.now("from_trial", week) > 0.0 else ""
        text = (
            f"Session {level_name}{' on a second phase' if second else ''}: "
            f"{self.titles[row]} proposes{tried}: {offered}.{drafted(self, week, row)} {answer}."
        )
        kind = "summit" if level == len(LEVELS) - 1 else "offer"
        yield Entry(week, self.keys.sides[row], kind, text, {"accepted": float(accepted)})

    def votes(self, week: int) -> Iterator[Entry]:
        """Yield how the groups of each side voted on an agreement, if they vote."""
        if self.rose("sessions", week) <= 0.0 or self.now("agreed", week) <= 0.0:
            return
        for row, (side, card) in enumerate(self.setting.sides.items()):
            if card.ratification in BY_GROUPS:
                yield self._vote(week, row, side, card.ratification)

    def _vote(self, week: int, row: int, side: str, mode: str) -> Entry:
        groups = self.setting.constituencies
        members = [(at, g) for at, g in enumerate(groups.values()) if g.side == side]
        lists: dict[bool, list[str]] = {True: [], False: []}
        total = 0.0
        for at, group in sorted(members, key=lambda one: -self.now("support", week, one[0])):
            support = self.now("support", week, at)
            weight = self.now("voice", week, at) if mode == "constituency" else 1.0 / len(members)
            total += weight * support
            paid = self.now("payment", week - 1, at)
            extra = f", side payment {paid:.2f}" if paid > 0.0 else ""
            text = (
                f"{group.title} ({POINTS * weight:.0f} %, support {POINTS * support:.0f} %{extra})"
            )
            lists[support >= 0.5].append(text)
        swing, quota = self.now("swing", week, row), self.now("quota", week, row)
        text = (
            f"{self.titles[row]} votes. For: {'; '.join(lists[True]) or 'nobody'}. Against:"
            f" {'; '.join(lists[False]) or 'nobody'}. Support {POINTS * total:.0f} %, quota"
            f" {POINTS * quota:.0f} %, swing of opinion {abs(swing):.1f} standard deviations"
            f" {'against' if swing > 0.0 else 'for'} it."
        )
        return Entry(week, side, "vote", text, {"support": total, "quota": quota})

    def payments(self, week: int) -> Iterator[Entry]:
        """Yield compensation for an agreement, and side payments after a failure at home."""
        for row, side in enumerate(self.keys.sides):
            if self.now("compensated", week, row) > 0.0:
                size = self.rose("compensation", week, row)
                text = (
                    f"{self.titles[row]} compensates groups at home that would block the agreement"
                    f" ({size:.2f} points)."
                )
                yield Entry(week, side, "compensation", text, {"size": size})
            if self.now("returned", week, row) > 0.0:
                paid = [
                    f"{group.title} ({self.rose('payment', week, at):.2f} points)"
                    for at, group in enumerate(self.setting.constituencies.values())
                    if group.side == side and self.rose("payment", week, at) > 0.0
                ]
                text = (
                    f"{self.titles[row]} will return with a side payment to {' and '.join(paid)}."
                )
                yield Entry(week, side, "side payment", text)

    def deals(self, week: int) -> Iterator[Entry]:
        """Yield deals and second phases that enter into force or fail at home, and ended deals."""
        if self.rose("failures", week) > 0.0:
            row = int(self.now("refused_by", week))
            failed = f"{self.titles[row]} fails"
            if all(self.now("refused", week, side) > 0.0 for side in SIDES):
                failed = "Both sides fail"
            text = f"{failed} to ratify the agreement: involuntary defection."
            if self.now("second_open", week - 1) > 0.0:
                text = f"{text[:-1]}. The deal stays in force without a second phase."
            yield Entry(week, self.keys.sides[row], "involuntary defection", text)
        if self.rose("deals", week) > 0.0:
            whole = self.now("deal_whole", week) > 0.0
            kind = COMPREHENSIVE.key if whole else MINI.key
            text = f"Both sides ratify: a {kind} is in force."
            relief = self._relief(week)
            if relief and any(self.now("granted", week, row) < 1.0 for row in SIDES):
                text += f" Phase 1 enters into force: {relief}."
            yield Entry(week, "", "deal", text)
        if self.rose("second_phases", week) > 0.0:
            agreed = self._in_force(week)
            text = f"Both sides ratify a second phase of the deal, which now says: {agreed}."
            yield Entry(week, "", "second phase", text)
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
        """Yield truces that begin or end."""
        if self.rose("truces", week) > 0.0:
            weeks = self.now("truce_weeks", week)
            text = f"Both sides are in pain and agree on a truce of {_weeks(weeks)}."
            yield Entry(week, "", "truce", text, {"weeks": weeks})
        elif self.now("phase", week - 1) == TRUCE and self.now("phase", week) == 0.0:
            yield Entry(week, "", "end of the truce", "The truce ends.")


def capital(text: str) -> str:
    """Return a sentence with a capital first letter.

    >>> capital("the United States backs down.")
    'The United States backs down.'
    """
    return text[:1].upper() + text[1:]


def _weeks(number: float) -> str:
    return f"{number:.0f} week{'' if round(number) == 1 else 's'}"


def story(setting: Scenario, row: Mapping[str, Any]) -> str:
    """Return a summary of a world in one sentence, from its row of outcomes.

    Example: "Mini deal in week 31, broken in week 70 after China fell short by 40 %; in the end a
    stalemate with tariffs of 31 % (United States) and 28 % (China)." Tariffs are left out if all
    are 0.
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
    course, end = ", ".join(parts), f"{row['outcome']}{_tariffs(setting, row)}."
    return capital(f"{course}; in the end {_article(end)}{end}" if course else end)


def _article(end: str) -> str:
    """Return the article for an outcome in a sentence.

    >>> _article("mini deal."), _article("escalated stalemate."), _article("decoupled.")
    ('a ', 'an ', '')
    """
    return "" if end.startswith(DECOUPLED.key) else "an " if end[0] in "aeiou" else "a "


def _tariffs(setting: Scenario, row: Mapping[str, Any]) -> str:
    """Return the final tariffs in words, or "" if all are 0."""
    final = {
        card.title: row[f"tariff_{side.lower()}_final"] for side, card in setting.sides.items()
    }
    if not any(final.values()):
        return ""
    return " with tariffs of " + " and ".join(
        f"{POINTS * value:.0f} % ({title})" for title, value in final.items()
    )


def _deals(titles: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """Return the part of the summary about deals: the first, the last, and its end."""
    number, last, week = row["deals"], row["last_deal"], row["agreement_week"]
    text = f"{last} in week {week:.0f}"
    if number > 1.0:
        text = f"first deal in week {week:.0f}, {number:.0f} in all, the last a {last}"
    if not np.isnan(row["broken_week"]):
        side = str(row["broken_by"])
        text += f", broken in week {row['broken_week']:.0f}"
        if row[f"revoked_{side.lower()}"] > 0.0:  # revocation ended the deal, or came before
            return text
        text += f" after {titles[side]} fell short"
        share = row[f"delivered_sum_{side.lower()}"] / max(row["deal_weeks"], 1.0)
        if np.isnan(row["enforcement"]) and row["deal_weeks"] > 0.0:
            text += f" by {POINTS * (1.0 - share):.0f} %"
    return text
