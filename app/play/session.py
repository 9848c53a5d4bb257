"""The game of one visitor: staged moves, the seat at the screen, and the look-ahead."""

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

LONGEST_WAIT = 26  # weeks that one press can skip
TRIED = Order()  # the threat that the look-ahead compares if none is staged
NAMES = tuple(field.name for field in fields(Moves))
THREAT = f"threaten {100 * TRIED.size:.0f} points"
WAYS: dict[str, Due] = {
    "carry it out": "carry_out",
    "put it off": "put_off",
    "back down": "back_down",
}
COMPARED = {"repeat": "last", "meet halfway": "halfway", "ask for most": "best"}
MOST_CANDIDATES = 5
GOES_ON = ("truce", "call", "answer", "deliver", "counsel")  # moves that continue over weeks
STARTS = ("best", "draft", "last", "halfway")
ADVISER = "adviser:"  # before the key of an adviser, as the name of a package to start from


@dataclass(frozen=True)
class Outlook:
    """The look-ahead of some candidates. `of`: the week and moves that it is for."""

    of: object = None
    ahead: tuple[Projection, ...] = ()
    problem: str = ""


class Play:
    """A game and the moves being made in it. Threads of its session must hold `lock`."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.lock = threading.RLock()
        self.latest_task = LatestTask()
        self.game: Game
        self.news: list[Entry] = []
        self.week = 0  # the first week of the news
        self.curtain = False
        self._order: list[Seat] = []
        self._done: dict[str, Moves] = {}
        self._staged: Moves | None = None
        self.restart()

    def restart(self) -> None:
        """Restart the game: the same world with the same random numbers."""
        wanted = self.asked.wanted
        self._begin(
            Game(self.asked.setting, self.asked.seats, wanted.opened.state.seed, wanted.world)
        )

    def resume(self, text: str) -> list[Problem]:
        """Continue a game that the browser stored. Returns its problems, if any."""
        try:
            transcript = read_transcript(text[: LARGEST + 1], "the game stored by the browser")
            game = resume_game(transcript)
        except ResultsError as error:
            return error.problems
        mine = (self.game.setting, self.game.seed, self.game.world)
        if (game.setting, game.seed, game.world) != mine or [s.key for s in game.seats] != [
            s.key for s in self.game.seats
        ]:
            return [Problem("the stored game", "", "it does not belong to this link")]
        self._begin(game)
        return []

    def kept(self) -> str:
        """Return the game as text that the browser stores; "" before the first move."""
        return as_json(transcript_of(self.game)) if self.game.entries or self.game.week > 1 else ""

    # The seat at the screen

    @property
    def seat(self) -> Seat:
        """Return the seat whose moves are being made."""
        return self._order[len(self._done)]

    @property
    def shared(self) -> bool:
        """Say whether two players take turns at the screen."""
        return len(self.game.seats) > 1

    @property
    def last(self) -> bool:
        """Say whether the week ends after the moves of the current seat."""
        return len(self._done) + 1 == len(self.game.seats)

    def lift(self) -> None:
        """Lift the curtain, because the next player is at the screen now."""
        self.curtain = False

    # Staged moves

    @property
    def now(self) -> Situation:
        """Return the situation of the seat at the screen."""
        return self.game.look(self.seat, self._done)

    @property
    def moves(self) -> Moves:
        """Return the moves that would be made if the week ended now, with the offer that is shown.

        A call for a truce or to the other leader continues until it is taken back.
        """
        if self._staged is None:
            goes_on = self.game.continuing_moves(self.seat)
            offer = self.start("last") if self.now.may.offer else None
            self._staged = goes_on if offer is None else replace(goes_on, offer=offer)
        return self._staged

    def start(self, name: str) -> tuple[float, ...] | None:
        """Return a named package to start an offer from, or None if it does not exist yet."""
        who, package = self.seat, None
        if name == "last":
            package = drafts.last_offer(self.game, who.row)
            package = drafts.draft(self.game, who) if package is None else package
        elif name == "best":
            package = drafts.best_package(self.game, who)
        elif name == "draft":
            package = drafts.draft(self.game, who)
        elif name.removeprefix(ADVISER) in self.now.may.drafters:
            package = drafts.adviser_draft(self.game, who, name.removeprefix(ADVISER))
        elif name == "halfway":
            package = drafts.midpoint(self.game, who)
        return None if package is None else tuple(float(v) for v in package * self.now.open_)

    @property
    def package(self) -> Array | None:
        """Return the player's draft, if an offer is due or a trial package is staged."""
        offer = self.moves.trial if self.tests else None
        offer = self.moves.offer if self.now.may.offer else offer
        return None if offer is None else np.array(offer)

    @property
    def tests(self) -> bool:
        """Say whether a trial package is staged, and no offer is due or on the table."""
        return self.moves.channel != "" and not self.now.may.offer and self.now.table is None

    def trial_start(self, name: str) -> tuple[float, ...] | None:
        """Return a named package to start a trial package from, without issues for leaders only."""
        if name == "draft":
            return tuple(drafts.trial_draft(self.game, self.seat).tolist())
        package = self.start(name)
        closed = self.game.negotiation.leaders_only[:, 0]
        return None if package is None else tuple(np.where(closed, 0.0, package).tolist())

    def change(self, name: str, value: Any) -> list[Problem]:
        """Stage one move if it is valid, otherwise return its problems."""
        trial, drafter = self.tests, self.moves.drafter
        if name == "start":
            drafter = _asked(value)
            named = value in STARTS or drafter in self.now.may.drafters
            known = named and (self.now.may.offer or trial)
            package = (self.trial_start(value) if trial else self.start(value)) if known else None
            name, value = "offer", None if package is None else list(package)
        moves = parse_move(self.moves, "trial" if trial and name == "offer" else name, value)
        if moves is not None and self.now.may.offer:
            moves = replace(moves, drafter=drafter)
        if moves is not None and moves.channel in self.now.may.trial and moves.trial is None:
            moves = replace(moves, trial=self.trial_start("draft"))
        if moves is None:
            return [Problem(name[:40], "", "this is not a valid move", "Use the controls.")]
        problems = self.game.faults(self.seat, moves)
        if not problems:
            self._staged = moves
        return problems

    def undo(self, name: str) -> None:
        """Undo one staged move."""
        fresh = self.game.waiting_moves(self.seat)
        if name == "offer" and self.now.may.offer:
            fresh = replace(fresh, offer=self.start("last"))
        if name in NAMES:
            changes: dict[str, Any] = {name: getattr(fresh, name)}
            if name == "offer":
                changes["drafter"] = ""
            if name == "channel":
                changes["trial"] = None
            self._staged = replace(self.moves, **changes)

    def staged(self) -> list[str]:
        """Return the names of staged moves that differ from waiting and from standing orders."""
        fresh = self.game.waiting_moves(self.seat)
        return [name for name in NAMES if getattr(self.moves, name) != getattr(fresh, name)]

    # Time

    def end(self) -> None:
        """End the week, or hand the screen over if another seat still has to move."""
        if self.game.over or self.curtain:
            return
        self._done[self.seat.key] = self.moves
        self._staged = None
        if len(self._done) < len(self.game.seats):
            self.curtain = True
            return
        last = self._order[-1]
        self.week, self.news = self.game.week, self.game.play(self._done)
        self._open(last)

    def wait(self) -> None:
        """Let weeks pass until a seat has a task or there is news."""
        if self.game.over or self.curtain or self.may_wait():
            return
        last, self.week, self.news = self.seat, self.game.week, []
        moves = self.moves
        for _ in range(LONGEST_WAIT):
            self.news += self.game.play({last.key: moves})
            news = any(entry.kind in NEWS for entry in self.news)
            if self.game.over or news or any(self.game.look(s).asked for s in self.game.seats):
                break
            moves = self.game.continuing_moves(last)
        self._open(last)

    def may_wait(self) -> str:
        """Return why weeks cannot be skipped now, or an empty string."""
        if any(self.game.look(seat).asked for seat in self.game.seats):
            return "A seat has a task this week: end the week instead."
        if self._done or set(self.staged()) - set(GOES_ON):
            return "You have staged moves for this week: end the week, or take them back."
        return ""

    # Look-ahead

    def candidates(self) -> dict[str, Moves]:
        """Return the moves to compare: the task, the staged moves, and other possibilities.

        If a threat falls due, its options come first, each with the other staged moves.
        """
        may, waiting = self.now.may, self.game.continuing_moves(self.seat)
        moves_by_name: dict[str, Moves] = {}
        if may.carry_out:
            ways = {name: due for name, due in WAYS.items() if due != "put_off" or may.put_off}
            moves_by_name |= {name: replace(self.moves, due=due) for name, due in ways.items()}
        elif may.offer:
            moves_by_name["your offer"] = self.moves
            for name, start in COMPARED.items():
                package = self.start(start)
                if package is not None:
                    moves_by_name[name] = replace(waiting, offer=package)
        else:
            moves_by_name["refuse" if may.accept else "wait"] = waiting
            moves_by_name["your moves"] = self.moves
        if may.accept:
            moves_by_name["accept"] = replace(self.moves if may.carry_out else waiting, accept=True)
        if may.leave:
            moves_by_name["end the deal"] = replace(waiting, leave=True)
        if may.truce and "wait" in moves_by_name and not toothless(self.game):
            moves_by_name["call for a truce"] = replace(waiting, truce=True)
        if may.trial and not self.moves.channel:
            package = self.trial_start("draft")
            before = moves_by_name.get("wait", waiting)
            moves_by_name["try a package"] = replace(before, channel=may.trial[0], trial=package)
        if "tariff" in may.threaten and not toothless(self.game):
            moves_by_name[THREAT] = replace(moves_by_name.get("repeat", waiting), threat=TRIED)
        return _different(moves_by_name)

    @property
    def signs(self) -> bool:
        """Say whether an agreement is possible this week, through the offer or the answer."""
        return self.now.may.accept or (self.now.may.offer and self.now.level > WORKING)

    def foresee(self, show: Callable[[Outlook], None]) -> threading.Thread:
        """Look ahead from the candidates in a thread. A newer request replaces this one."""
        with self.lock:
            game, who, of = self.game, self.seat, self.view
            candidates = self.candidates() if not game.over else {}

        def outlooks(check: Check) -> Iterator[Outlook]:
            with self.lock:
                check(0)
                if game.over or self.view != of:
                    raise Superseded
                start = prepare_forks(game, who, candidates, staged=self._done)
            yield Outlook(of, tuple(workers.run(check, run_forks, start, WEEKS)))

        def failed(_: Outlook | None, error: Exception | None) -> Outlook:
            why = f"{error}." if error else "The look-ahead could not be simulated."
            return Outlook(of, (), why)

        return present(self.latest_task, outlooks, show, failed)

    @property
    def view(self) -> tuple[object, ...]:
        """Return a key of what is shown: game, week, seat, staged moves."""
        over = self.game.over
        return (id(self.game), self.game.week, over, self.curtain, None if over else self._view())

    def _view(self) -> tuple[object, ...]:
        return (self.seat.key, self.moves)

    def _begin(self, game: Game) -> None:
        self.game = game
        self.week = game.week if game.over else game.week - 1
        self.news = [entry for entry in game.entries if entry.week == self.week]
        self._open(None)

    def _open(self, last: Seat | None) -> None:
        """Open the week. The proposer moves first, otherwise the seat that moved last."""
        self._done, self._staged = {}, None
        seats = self.game.seats
        self._order = sorted(
            seats, key=lambda seat: (not self.game.look(seat).may.offer, seat != last, seat.row)
        )
        self.curtain = last is not None and self.shared and self.seat != last and not self.game.over


def toothless(game: Game) -> bool:
    """Say whether tariffs have no effect in a scenario, so that threats are useless."""
    return game.setting.economy.table == "none"


def _different(candidates: dict[str, Moves]) -> dict[str, Moves]:
    """Return the candidates without duplicates."""
    names = list(candidates)
    different = [
        name
        for number, name in enumerate(names)
        if candidates[name] not in [candidates[before] for before in names[:number]]
    ]
    return {name: candidates[name] for name in different[:MOST_CANDIDATES]}


def _asked(start: Any) -> str:
    """Return the key of the adviser who is asked for a draft by the name of a start, or ""."""
    of_adviser = isinstance(start, str) and start.startswith(ADVISER)
    return start.removeprefix(ADVISER) if of_adviser else ""
