"""One visitor's game: what is staged this week, who is at the screen, and what may follow."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from agents.script import Due, Moves, Order
from app.play.address import Asked
from app.play.parse_moves import parse_move
from app.serving import workers
from app.serving.latest_task import Check, LatestTask, Superseded
from app.serving.presenter import present
from experiments.game import drafts
from experiments.game.look_ahead import WEEKS, Projection, prepare_forks, run_forks
from experiments.game.seats import Seat
from experiments.game.situation import Situation
from experiments.game.table import NEWS, Game
from experiments.game.transcript import as_json, resume_game, transcript_of
from experiments.game.transcript_reading import LARGEST, read_transcript
from experiments.results.errors import ResultsError
from model.arrays import Array
from model.chronicle import Entry
from model.phases.talks import WORKING
from model.schema.problems import Problem

LONGEST_WAIT = 26  # weeks that one press lets pass
TRIED = Order()  # the threat that is looked at where none is staged
NAMES = tuple(field.name for field in fields(Moves))
THREAT = f"threaten {100 * TRIED.size:.0f} points"
WAYS: dict[str, Due] = {
    "carry it out": "carry_out",
    "put it off": "put_off",
    "back down": "back_down",
}
COMPARED = {"repeat": "last", "meet halfway": "halfway", "ask for most": "best"}
MOST_CANDIDATES = 5
GOES_ON = ("truce", "call", "answer", "deliver", "counsel")  # what holds while weeks pass
STARTS = ("best", "draft", "last", "halfway")


@dataclass(frozen=True)
class Outlook:
    """What may follow from some candidates; of which week and moves it is."""

    of: object = None
    ahead: tuple[Projection, ...] = ()
    problem: str = ""


class Play:
    """A game and what is being done in it; used by one session, whose threads take turns."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.lock = threading.RLock()
        self.latest_task = LatestTask()
        self.game: Game
        self.news: list[Entry] = []
        self.week = 0  # from which on the news are
        self.curtain = False
        self._order: list[Seat] = []
        self._done: dict[str, Moves] = {}
        self._staged: Moves | None = None
        self.restart()

    def restart(self) -> None:
        """Begin the game anew: the same world, the same luck."""
        wanted = self.asked.wanted
        self._begin(
            Game(self.asked.setting, self.asked.seats, wanted.opened.state.seed, wanted.world)
        )

    def resume(self, text: str) -> list[Problem]:
        """Go on with the game that a browser kept; what is wrong with it is returned."""
        try:
            transcript = read_transcript(text[: LARGEST + 1], "the game that the browser kept")
            game = resume_game(transcript)
        except ResultsError as error:
            return error.problems
        mine = (self.game.setting, self.game.seed, self.game.world)
        if (game.setting, game.seed, game.world) != mine or [s.key for s in game.seats] != [
            s.key for s in self.game.seats
        ]:
            return [Problem("the game that was kept", "", "it is another than this link's")]
        self._begin(game)
        return []

    def kept(self) -> str:
        """Return what a browser keeps so that a reload goes on here; nothing before a move."""
        return as_json(transcript_of(self.game)) if self.game.entries or self.game.week > 1 else ""

    # Who is at the screen

    @property
    def here(self) -> Seat:
        """Return whose moves are being made."""
        return self._order[len(self._done)]

    @property
    def shared(self) -> bool:
        """Say whether two people take turns at the screen."""
        return len(self.game.seats) > 1

    @property
    def last(self) -> bool:
        """Say whether the week ends once who is at the screen has moved."""
        return len(self._done) + 1 == len(self.game.seats)

    def lift(self) -> None:
        """Lift the curtain: who is asked for sits at the screen now."""
        self.curtain = False

    # What is staged

    @property
    def now(self) -> Situation:
        """Return how things stand for whom is at the screen."""
        return self.game.look(self.here, self._done)

    @property
    def moves(self) -> Moves:
        """Return the moves that would be made if the week ended now; an offer as it is shown.

        A call for a truce or to the other leader goes on until it is taken back.
        """
        if self._staged is None:
            goes_on = self.game.continuing_moves(self.here)
            offer = self.start("last") if self.now.may.offer else None
            self._staged = goes_on if offer is None else replace(goes_on, offer=offer)
        return self._staged

    def start(self, name: str) -> tuple[float, ...] | None:
        """Return a package to start from, by name; None if there is none such yet."""
        who, found = self.here, None
        if name == "last":
            found = drafts.last_offer(self.game, who.row)
            found = drafts.draft(self.game, who) if found is None else found
        elif name == "best":
            found = drafts.best_package(self.game, who)
        elif name == "draft":
            found = drafts.draft(self.game, who)
        elif name == "halfway":
            found = drafts.midpoint(self.game, who)
        return None if found is None else tuple(float(v) for v in found * self.now.open_)

    @property
    def package(self) -> Array | None:
        """Return one's own draft, where one is asked for an offer."""
        offer = self.moves.offer
        return np.array(offer) if self.now.may.offer and offer is not None else None

    def change(self, name: str, value: Any) -> list[Problem]:
        """Stage one move, if it is legal; else return what is wrong with it."""
        if name == "start":
            package = self.start(value) if value in STARTS and self.now.may.offer else None
            name, value = "offer", None if package is None else list(package)
        moves = parse_move(self.moves, name, value)
        if moves is None:
            return [Problem(name[:40], "", "this cannot be read as a move", "Use the controls.")]
        problems = self.game.faults(self.here, moves)
        if not problems:
            self._staged = moves
        return problems

    def undo(self, name: str) -> None:
        """Take one staged move back, as if it had not been thought of."""
        fresh = self.game.waiting_moves(self.here)
        if name == "offer" and self.now.may.offer:
            fresh = replace(fresh, offer=self.start("last"))
        if name in NAMES:
            changes: dict[str, Any] = {name: getattr(fresh, name)}
            self._staged = replace(self.moves, **changes)

    def staged(self) -> list[str]:
        """Return the names of what is staged, beside waiting and the orders that stand."""
        fresh = self.game.waiting_moves(self.here)
        return [name for name in NAMES if getattr(self.moves, name) != getattr(fresh, name)]

    # Time

    def end(self) -> None:
        """End the week, or hand the screen over if somebody else has yet to move."""
        if self.game.over or self.curtain:
            return
        self._done[self.here.key] = self.moves
        self._staged = None
        if len(self._done) < len(self.game.seats):
            self.curtain = True
            return
        last = self._order[-1]
        self.week, self.news = self.game.week, self.game.play(self._done)
        self._open(last)

    def wait(self) -> None:
        """Let weeks pass until somebody is asked for something or hears news."""
        if self.game.over or self.curtain or self.may_wait():
            return
        last, self.week, self.news = self.here, self.game.week, []
        moves = self.moves
        for _ in range(LONGEST_WAIT):
            self.news += self.game.play({last.key: moves})
            news = any(entry.kind in NEWS for entry in self.news)
            if self.game.over or news or any(self.game.look(s).asked for s in self.game.seats):
                break
            moves = self.game.continuing_moves(last)
        self._open(last)

    def may_wait(self) -> str:
        """Return why one may not let weeks pass now, nothing if one may."""
        if any(self.game.look(seat).asked for seat in self.game.seats):
            return "Somebody is asked for something this week: end the week instead."
        if self._done or set(self.staged()) - set(GOES_ON):
            return "What you have staged is done once: end the week, or take it back."
        return ""

    # What may follow

    def candidates(self) -> dict[str, Moves]:
        """Return the moves that are compared: what is asked for, what is staged, what else may be.

        A threat that falls due comes first: what becomes of it, beside all else that is staged.
        """
        may, waiting = self.now.may, self.game.continuing_moves(self.here)
        found: dict[str, Moves] = {}
        if may.carry_out:
            ways = {name: due for name, due in WAYS.items() if due != "put_off" or may.put_off}
            found |= {name: replace(self.moves, due=due) for name, due in ways.items()}
        elif may.offer:
            found["your offer"] = self.moves
            for name, start in COMPARED.items():
                package = self.start(start)
                if package is not None:
                    found[name] = replace(waiting, offer=package)
        else:
            found["refuse" if may.accept else "wait"] = waiting
            found["your moves"] = self.moves
        if may.accept:
            found["accept"] = replace(self.moves if may.carry_out else waiting, accept=True)
        if may.leave:
            found["end the deal"] = replace(waiting, leave=True)
        if may.truce and "wait" in found and not toothless(self.game):
            found["call for a truce"] = replace(waiting, truce=True)
        if "tariff" in may.threaten and not toothless(self.game):
            found[THREAT] = replace(found.get("repeat", waiting), threat=TRIED)
        return _different(found)

    @property
    def signs(self) -> bool:
        """Say whether something may be signed this week, by one's offer or one's answer."""
        return self.now.may.accept or (self.now.may.offer and self.now.level > WORKING)

    def foresee(self, show: Callable[[Outlook], None]) -> threading.Thread:
        """Look ahead from the candidates in the session's thread, unless a newer wish comes."""
        with self.lock:
            game, who, of = self.game, self.here, self.view
            candidates = self.candidates() if not game.over else {}

        def outlooks(check: Check) -> Iterator[Outlook]:
            with self.lock:
                check(0)
                if game.over or self.view != of:
                    raise Superseded
                prepared = prepare_forks(game, who, candidates, staged=self._done)
            yield Outlook(of, tuple(workers.run(check, run_forks, prepared, WEEKS)))

        def failed(_: Outlook | None, error: Exception | None) -> Outlook:
            why = f"{error}." if error else "What may follow could not be simulated."
            return Outlook(of, (), why)

        return present(self.latest_task, outlooks, show, failed)

    @property
    def view(self) -> tuple[object, ...]:
        """Return what decides what is shown: game, week, person, what is staged."""
        over = self.game.over
        return (id(self.game), self.game.week, over, self.curtain, None if over else self._view())

    def _view(self) -> tuple[object, ...]:
        return (self.here.key, self.moves)

    def _begin(self, game: Game) -> None:
        self.game = game
        self.week = game.week if game.over else game.week - 1
        self.news = [entry for entry in game.entries if entry.week == self.week]
        self._open(None)

    def _open(self, last: Seat | None) -> None:
        """Open the week: who proposes sits first, else who sat there last."""
        self._done, self._staged = {}, None
        seats = self.game.seats
        self._order = sorted(
            seats, key=lambda seat: (not self.game.look(seat).may.offer, seat != last, seat.row)
        )
        self.curtain = last is not None and self.shared and self.here != last and not self.game.over


def toothless(game: Game) -> bool:
    """Say whether no tariff hurts anybody in a scenario, so that threats are for nothing."""
    return game.setting.economy.table == "none"


def _different(candidates: dict[str, Moves]) -> dict[str, Moves]:
    """Return the candidates of which no earlier one is the same."""
    names = list(candidates)
    different = [
        name
        for place, name in enumerate(names)
        if candidates[name] not in [candidates[before] for before in names[:place]]
    ]
    return {name: candidates[name] for name in different[:MOST_CANDIDATES]}
