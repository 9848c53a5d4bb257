"""The game: one world, played week by week by people in some seats and the model in the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from agents.conduct import Conduct
from agents.script import AS_MODEL, Moves, Script
from experiments.engine import LEAST_WIDTH, build
from experiments.game.rules import faults
from experiments.game.seats import Seat, seat
from experiments.game.situation import Situation, look
from model.arrays import Array
from model.chronicle import Entry, EventLog
from model.negotiation import Negotiation
from model.phases.trials import in_private
from model.rules import drafts
from model.schema.problems import Problem, WinsetError
from model.schema.scenario import Scenario
from model.sides import SIDES
from model.state.state import NONE
from model.state.state_drafts import settled_priorities
from model.state.store import Values

CALLS = frozenset(
    {
        *("deal", "second phase", "renegotiation", "end of the deal"),
        *("involuntary defection", "revocation", "truce"),
    }
)
FIRST = Moves(answer=AS_MODEL)  # orders before the first move
NEWS = CALLS | {
    *("end of the truce", "execution", "threat", "tariff", "event", "gesture", "answer"),
    *("review", "implementation", "trial package"),
}


class IllegalMoves(WinsetError, ValueError):
    """All violations of the rules in the moves of a week."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class Game:
    """One world of a scenario, played week by week.

    seats: the played seats, each a side, a leader or a lead adviser; the model moves in all others.
    orders: standing orders before a seat's first move; by default it answers rises as the model
    would. The same moves in the same world give the same result, bit for bit, because a game draws
    no additional random numbers. Raises ScenarioError.
    """

    def __init__(
        self,
        setting: Scenario,
        seats: Sequence[str],
        seed: int = 1,
        world: int = 0,
        orders: Mapping[str, Moves] | None = None,
    ) -> None:
        self.setting, self.seed, self.world = setting, seed, world
        self.seats: tuple[Seat, ...] = tuple(seat(setting, name) for name in seats)
        self.moves: dict[str, dict[int, Moves]] = {
            s.key: {0: (orders or {}).get(s.key, FIRST)} for s in self.seats
        }
        scripts = {key: Script(moves) for key, moves in self.moves.items()}
        self.negotiation: Negotiation = build(setting, 1, seed, first=world, seats=scripts)
        self.entries: list[Entry] = []
        self._history: dict[str, list[Values]] = {
            name: [values[..., 0].copy()]
            for name, values in self.negotiation.store.arrays().items()
        }
        self._event_log = EventLog(setting, self._history)
        self._offers: list[list[Array]] = [[], []]  # of each side in the current talks
        self._looks: dict[str, Situation] = {}
        self.negotiation.open_week()

    @property
    def week(self) -> int:
        """Return the current week, or the last week once the game is over."""
        return self.negotiation.week

    @property
    def over(self) -> bool:
        """Return whether the game is over."""
        return not self.negotiation.running

    def state(self, name: str, week: int | None = None) -> Values:
        """Return a state at the end of a week, by default of the last completed week."""
        return self._history[name][-1 if week is None else week]

    def offers(self, side: int) -> list[Array]:
        """Return the offers of a side in the current talks, each (issues,)."""
        return list(self._offers[side])

    def look(self, who: Seat, staged: Mapping[str, Moves] | None = None) -> Situation:
        """Return the situation of a seat in this week, with only what it may know.

        staged: moves that other seats have already made this week, possibly with an offer to it.
        """
        if staged:
            return look(self, who, staged)
        if who.key not in self._looks:
            self._looks[who.key] = look(self, who, {})
        return self._looks[who.key]

    def faults(self, who: Seat, moves: Moves) -> list[Problem]:
        """Return all violations of the rules in a seat's moves of this week."""
        return faults(self.setting, self.look(who), who, moves)

    def play(self, moves: Mapping[str, Moves]) -> list[Entry]:
        """End the week with the moves of the seats, by person, and return the events of the week.

        A seat without moves waits: its standing orders continue. Raises IllegalMoves and then
        changes nothing.
        """
        if self.over:
            raise IllegalMoves([Problem(f"week {self.week}", "", "the game is over")])
        wrong = [p for s in self.seats if s.key in moves for p in self.faults(s, moves[s.key])]
        wrong += [
            Problem(key, "", "this seat is not played") for key in moves if key not in self.moves
        ]
        if wrong:
            raise IllegalMoves(wrong)
        for who in self.seats:
            self.moves[who.key][self.week] = moves.get(who.key) or self.waiting_moves(who)
        self.negotiation.close_week()
        return self._end()

    def wait(self, weeks: int, until: frozenset[str] = NEWS) -> list[Entry]:
        """Let weeks pass until a seat has to move or there is news, and return the events.

        A call for a truce or to the other leader continues meanwhile. until: the kinds of events
        (model.chronicle) that end the wait.
        """
        events: list[Entry] = []
        for _ in range(weeks):
            if self.over:
                break
            news = self.play({who.key: self.continuing_moves(who) for who in self.seats})
            events += news
            asked = not self.over and any(self.look(s).asked for s in self.seats)
            if asked or any(entry.kind in until for entry in news):
                break
        return events

    def waiting_moves(self, who: Seat) -> Moves:
        """Return the moves of a seat that waits: only its standing orders."""
        last = self.moves[who.key].get(self.week - 1, Moves())
        return Moves(answer=last.answer, deliver=last.deliver, counsel=last.counsel)

    def continuing_moves(self, who: Seat) -> Moves:
        """Return the moves of a seat that lets weeks pass: it waits and repeats its calls.

        The model does the same: a truce would be rare if both had to call for it anew every week.
        """
        last, may = self.moves[who.key].get(self.week - 1, Moves()), self.look(who).may
        truce, call = last.truce and may.truce, last.call and may.call
        return replace(self.waiting_moves(who), truce=truce, call=call)

    def model_offer(self, side: int) -> Array:
        """Return the package that the model would offer for a side this week (issues,)."""
        package: Array = self._copy().leaders[side].propose()[:, 0]
        return package

    def adviser_offer(self, side: int, adviser: str) -> Array:
        """Return the package that the model would offer if an adviser drafted it (issues,).

        It asks for as much as the model's offer, in the order of the adviser's priorities.
        """
        copy = self._copy()
        logs = settled_priorities(copy.store, copy.setting)[copy.keys.actors.index(adviser)]
        weights = drafts.factor(logs, copy.store["talks.drafting"])
        for name in ("draft_lead", "draft_leader"):
            copy.store.set_row(name, side, weights)
        package: Array = copy.leaders[side].propose()[:, 0]
        return package

    def model_trial(self, side: int) -> Array:
        """Return the package that the model would send on trial for a side this week (issues,)."""
        copy = self._copy()
        leader = copy.leaders[side]
        leader.conduct = Conduct()
        with in_private(copy.store):
            package: Array = leader.trial_package()[0][:, 0]
        return package

    def _copy(self) -> Negotiation:
        """Return a copy of the negotiation in the middle of its week."""
        old = self.negotiation
        return Negotiation(
            old.setting,
            old.cast,
            old.store.select(np.arange(LEAST_WIDTH, dtype=np.intp)),
            old.streams,
            old.week,
            opened=True,
        )

    def _end(self) -> list[Entry]:
        """Record the end of the week and open the next one."""
        store = self.negotiation.store
        for name, values in store.arrays().items():
            self._history[name].append(values[..., 0].copy())
        self._note_offers()
        news = list(self._news())
        self.entries += news
        self._looks.clear()
        self.negotiation.open_week()
        return news

    def _news(self) -> Iterator[Entry]:
        yield from self._event_log.week(len(self._history["tariff"]) - 1)

    def _note_offers(self) -> None:
        """Record the offers of both sides. The list is cleared when new talks begin."""
        if self.state("clock") == 0.0:
            self._offers = [[], []]
            return
        for side in SIDES:
            last, mine = self.state("offer")[side], self._offers[side]
            if self.state("level") > 0.0 and self.state("turn") != side:  # it is the other's turn
                mine.append(last.copy())


def deal_was_made(game: Game) -> bool:
    """Return whether a deal was ever made in a game."""
    return bool(game.state("agreement_week") != NONE)


def weeks_played(game: Game) -> int:
    """Return the number of completed weeks of a game."""
    return game.week if game.over else game.week - 1
