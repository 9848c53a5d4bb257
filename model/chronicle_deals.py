"""Events of deals in force in the chronicle: sessions, reviews, phases and renegotiation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from model.rules.implementation import is_relief
from model.schema.issues import SLIGHT, sentences
from model.schema.scenario import Scenario
from model.sides import SIDES
from model.state.keys import Keys
from model.state.store import Values

POINTS = 100.0  # a share as percentage points


@dataclass(frozen=True)
class Entry:
    """One event: week, side that acts, kind, sentence and numbers."""

    week: int
    actor: str  # a side of the scenario, or "" if no single side acts
    kind: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


type History = Mapping[str, Values | Sequence[Values]]  # each state by week, of one world


class DealLog:
    """Describe what happens in a deal in force, from the changes of states between weeks."""

    def __init__(self, setting: Scenario, history: History) -> None:
        self.setting, self.history = setting, history
        self.keys = Keys(setting)
        self.cards = list(setting.sides.values())
        self.titles = [card.named for card in self.cards]

    def now(self, name: str, week: int, row: int | None = None) -> float:
        """Return the value of a state, or of one row of it, in a week."""
        value = self.history[name][week]
        return float(value if row is None else value[row])

    def rose(self, name: str, week: int, row: int | None = None) -> float:
        """Return the change of a state, or of one row of it, in a week."""
        return self.now(name, week, row) - self.now(name, week - 1, row)

    def implementation(self, week: int) -> Iterator[Entry]:
        """Yield sessions, renegotiations and reviews of a deal in force."""
        if self.rose("implementations", week) > 0.0:
            owed = [self.now("arrears", week - 1, row) for row in SIDES]
            text = "The sides meet to implement the deal"
            text += " and settle arrears." if max(owed) > 0.0 else "."
            yield Entry(week, "", "implementation", text)
        if self.rose("renegotiations", week) > 0.0:
            row = int(self.now("asked_by", week))
            text = (
                f"{self.titles[row]} would end the deal and first asks to renegotiate it. Both "
                f"obligations are reduced to what is delivered: {self._in_force(week)}."
            )
            yield Entry(week, self.keys.sides[row], "renegotiation", text)
        if self.rose("reviews", week) > 0.0:
            yield self._review(week)

    def _review(self, week: int) -> Entry:
        """Return a review of a deal: what was delivered, and the relief that follows from it."""
        weeks = self.now("period_weeks", week - 1) + 1.0
        shares, done = {}, []
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            kept = self.now("period_delivered", week - 1, row) + self.now("compliance", week, row)
            shares[side] = kept / weeks
            if self.now("burden", week, row) > 0.0:
                done.append(f"{title} has delivered {POINTS * kept / weeks:.0f} %")
        text = f"Review of the deal: {' and '.join(done) or 'nothing was due'}."
        relief = self._relief(week)
        if relief and self.rose("deal_phase", week) > 0.0:
            number = self.now("deal_phase", week)
            text += f" Phase {number:.0f} enters into force: {relief}."
        elif relief and any(self.rose("granted", week, row) != 0.0 for row in SIDES):
            text += f" Relief is adapted: {relief}."
        if self.rose("second_open", week) > 0.0:
            text += " Talks on a second phase begin."
        return Entry(week, "", "review", text, shares)

    def _relief(self, week: int) -> str:
        """Return the shares of the agreed relief that are granted, or "" if none is agreed."""
        levels = dict(zip(self.keys.issues, self.history["agreement"][week], strict=True))
        parts = []
        for row, (side, title) in enumerate(zip(self.keys.sides, self.titles, strict=True)):
            agreed = [
                key
                for key, level in levels.items()
                if is_relief(self.setting, key)
                and self.setting.issues[key].owner == side
                and level >= SLIGHT
            ]
            if agreed:
                share = POINTS * self.now("granted", week, row)
                parts.append(f"{title} grants {share:.0f} % of the agreed relief")
        return " and ".join(parts)

    def _in_force(self, week: int) -> str:
        """Return the package in force in words."""
        package = dict(zip(self.keys.issues, self.history["agreement"][week], strict=True))
        return "; ".join(sentences(self.setting.issues, package)) or "nothing"
