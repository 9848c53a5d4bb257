"""The game: one world in which people sit in some seats and the model in the others, by weeks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from agents.script import AS_MODEL, Moves, Script
from experiments.engine import LEAST_WIDTH, build
from experiments.game.rules import faults
from experiments.game.seats import Seat, seat
from experiments.game.situation import Situation, look
from model.arrays import Array
from model.chronicle import Entry, EventLog
from model.negotiation import Negotiation
from model.schema.problems import Problem, WinsetError
from model.schema.scenario import Scenario
from model.sides import SIDES
from model.state.state import NONE
from model.state.store import Values

CALLS = frozenset({"deal", "end of the deal", "involuntary defection", "revocation", "truce"})
FIRST = Moves(answer=AS_MODEL)  # what holds before anybody has moved
HEARD = CALLS | {"end of the truce", "execution", "threat", "tariff", "event", "gesture", "answer"}


class IllegalMoves(WinsetError, ValueError):
    """All that is wrong with the moves of a week, at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class Game:
    """One world of a scenario, played week by week.

    seats: who is played, each a side, a leader or a lead adviser; the model moves for the others.
    orders: what holds before a seat's first move; by default it answers rises as the model would.
    Whoever moves the same in the same world lives the same, bit for bit; nothing here draws from
    the world's luck. Raises ScenarioError.
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
        self._offers: list[list[Array]] = [[], []]  # of each side since the talks began anew
        self._looks: dict[str, Situation] = {}
        self.negotiation.open_week()

    @property
    def week(self) -> int:
        """Return the week that is being played; once all is over, the last that was."""
        return self.negotiation.week

    @property
    def over(self) -> bool:
        """Say whether the world has ended."""
        return not self.negotiation.running

    def state(self, name: str, week: int | None = None) -> Values:
        """Return a state at the end of a week, by default the last that was played to its end."""
        return self._history[name][-1 if week is None else week]

    def offers(self, side: int) -> list[Array]:
        """Return what a side has offered since the talks began (anew), each (issues,)."""
        return list(self._offers[side])

    def look(self, who: Seat, staged: Mapping[str, Moves] | None = None) -> Situation:
        """Return how things stand for a seat in this week, as far as it may know.

        staged: moves of the other seats that were made already, an offer to it among them.
        """
        if staged:
            return look(self, who, staged)
        if who.key not in self._looks:
            self._looks[who.key] = look(self, who, {})
        return self._looks[who.key]

    def faults(self, who: Seat, moves: Moves) -> list[Problem]:
        """Return all that is against the rules in a seat's moves of this week."""
        return faults(self.setting, self.look(who), who, moves)

    def play(self, moves: Mapping[str, Moves]) -> list[Entry]:
        """End the week with the moves of the seats, by person; return what happened in it.

        A seat that is not named waits: its standing orders go on. Raises IllegalMoves, and then
        nothing has happened.
        """
        if self.over:
            raise IllegalMoves([Problem(f"week {self.week}", "", "the game is over")])
        wrong = [p for s in self.seats if s.key in moves for p in self.faults(s, moves[s.key])]
        wrong += [
            Problem(key, "", "nobody plays this seat") for key in moves if key not in self.moves
        ]
        if wrong:
            raise IllegalMoves(wrong)
        for who in self.seats:
            self.moves[who.key][self.week] = moves.get(who.key) or self.waiting(who)
        self.negotiation.close_week()
        return self._end()

    def wait(self, weeks: int, until: frozenset[str] = HEARD) -> list[Entry]:
        """Let weeks pass until a seat is asked for something or hears news; return what happened.

        A call for a truce or to the other leader goes on meanwhile. until: the kinds of news
        (model.chronicle) that end the wait.
        """
        told: list[Entry] = []
        for _ in range(weeks):
            if self.over:
                break
            news = self.play({who.key: self.going_on(who) for who in self.seats})
            told += news
            asked = not self.over and any(self.look(s).asked for s in self.seats)
            if asked or any(entry.kind in until for entry in news):
                break
        return told

    def waiting(self, who: Seat) -> Moves:
        """Return the moves of a seat that waits: its standing orders, and nothing else."""
        last = self.moves[who.key].get(self.week - 1, Moves())
        return Moves(answer=last.answer, deliver=last.deliver, counsel=last.counsel)

    def going_on(self, who: Seat) -> Moves:
        """Return the moves of a seat that lets weeks pass: it waits, and calls as it did before.

        As the model's would: who had to press for a truce each week would hardly ever get one.
        """
        last, may = self.moves[who.key].get(self.week - 1, Moves()), self.look(who).may
        truce, call = last.truce and may.truce, last.call and may.call
        return replace(self.waiting(who), truce=truce, call=call)

    def offered(self, side: int) -> Array:
        """Return what the model's leader of a side would offer now (issues,)."""
        old = self.negotiation
        copy = Negotiation(
            old.setting,
            old.cast,
            old.store.select(np.arange(LEAST_WIDTH, dtype=np.intp)),
            old.streams,
            old.week,
            opened=True,
        )
        package: Array = copy.leaders[side].propose()[:, 0]
        return package

    def _end(self) -> list[Entry]:
        """Note how the week ended, and begin the next."""
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
        """Keep each side's offers; they are forgotten when the talks begin anew."""
        if self.state("clock") == 0.0:
            self._offers = [[], []]
            return
        for side in SIDES:
            last, mine = self.state("offer")[side], self._offers[side]
            if self.state("level") > 0.0 and self.state("turn") != side:  # it is the other's turn
                mine.append(last.copy())


def ended(game: Game) -> bool:
    """Say whether a deal was ever made in a game."""
    return bool(game.state("agreement_week") != NONE)
