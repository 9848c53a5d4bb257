"""What may follow from a move: forks of a game in which the other's mind is drawn from belief.

A player who looked ahead into copies of the true world would read the other's mind off the numbers.
So in every fork what the player cannot know is drawn anew from what it may believe: the other's
resolve from the believed reservation, its values, the thresholds of its groups and the honesty of
back channels from what all expect, and its view of the player from what the player's offers and
refusals would have taught such a mind. What the economy does is kept, since it shows in the pain of
one's own groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from agents.conduct import Conduct, SplitConduct
from agents.roster import seated
from agents.script import Moves, Script
from experiments.engine import LEAST_WIDTH, Progress
from experiments.engines import States, advance
from experiments.game.seats import Seat
from experiments.game.table import Game
from experiments.statistics import Interval, wilson
from model.arrays import Array, Index, Mask
from model.negotiation import Negotiation
from model.phases.talks import SILENT
from model.rules.offers import SMALLEST, exchange, utility
from model.rules.settlement import PROMISE, promised
from model.sides import other_side
from model.state.names import StateName
from model.state.random_streams import RandomStreams, branch_key, log_normal
from model.state.state import DEAL, TRUCE

FUTURES = 300
WEEKS = 26
QUANTILES = (0.05, 0.5, 0.95)
THEN: tuple[StateName, ...] = ("public_gains", "expected", "level")  # what all know of a past week
FAR = 3.0  # standard deviations beyond which no resolve is believed


@dataclass(frozen=True)
class Ahead:
    """What follows from one candidate: shares with intervals, and ranges (5, 50, 95 %) of numbers.

    accepted and ratified: of an offer or an answer of this week; deal, truce: in force after
    `weeks` more weeks. faced and own: the other's tariff and one's own (share); pain and approval
    of one's side; worth: points of the deal in force, 0 without one. All by future in `numbers`.
    """

    name: str
    weeks: int
    accepted: Interval
    ratified: Interval
    deal: Interval
    truce: Interval
    ranges: Mapping[str, tuple[float, float, float]]
    numbers: Mapping[str, Array]


def look_ahead(
    game: Game,
    who: Seat,
    candidates: Mapping[str, Moves],
    futures: int = FUTURES,
    weeks: int = WEEKS,
    staged: Mapping[str, Moves] | None = None,
) -> list[Ahead]:
    """Return what may follow from each candidate move of a seat this week (fork by fork alike).

    The seat makes the move, then the model plays for it too. All candidates meet the same draws of
    the other's mind and the same luck, so that their difference is theirs. The game is untouched.
    staged: moves of the other seats that were made already, of which an offer is seen.
    """
    return live(begin(game, who, candidates, futures, staged), weeks)


@dataclass(frozen=True)
class Begun:
    """Forks of a game that stand in the middle of its week; the game itself may go on meanwhile."""

    negotiation: Negotiation
    who: Seat
    names: tuple[str, ...]
    deals: Array  # of the game so far, as its failures
    failures: Array


def begin(
    game: Game,
    who: Seat,
    candidates: Mapping[str, Moves],
    futures: int = FUTURES,
    staged: Mapping[str, Moves] | None = None,
) -> Begun:
    """Return the forks that `look_ahead` lives, ready to be lived."""
    number = max(futures, LEAST_WIDTH)
    negotiation = forks(game, who, list(candidates.values()), number, staged)
    counts = np.array(game.state("deals")), np.array(game.state("failures"))
    return Begun(negotiation, who, tuple(candidates), *counts)


def live(begun: Begun, weeks: int = WEEKS, progress: Progress | None = None) -> list[Ahead]:
    """Live forks to their end, and return what follows from each candidate.

    progress is called every week with the number of forks, and may raise to end the work.
    """
    negotiation, who, names = begun.negotiation, begun.who, begun.names
    negotiation.close_week()
    store = negotiation.store
    ratified = np.where(store["deals"] > begun.deals, 1.0, 0.0)
    accepted = np.maximum(ratified, np.where(store["failures"] > begun.failures, 1.0, 0.0))
    simulated = 0

    def after(week: int, states: States, places: Index) -> None:
        nonlocal simulated
        simulated = max(simulated, week - begun_at)
        if progress:
            progress(places.size)

    begun_at = negotiation.week
    advance(negotiation, weeks, after=after)
    numbers = _numbers(negotiation, who)
    numbers |= {"accepted": accepted, "ratified": ratified}
    return [
        _ahead(name, simulated, {k: v.reshape(len(names), -1)[row] for k, v in numbers.items()})
        for row, name in enumerate(names)
    ]


def forks(
    game: Game,
    who: Seat,
    moves: list[Moves],
    futures: int,
    staged: Mapping[str, Moves] | None = None,
) -> Negotiation:
    """Return forks of a game in the middle of its week: `futures` for each of the moves, in turn.

    The other side's offer of this week stands as the player sees it.
    """
    old, now = game.negotiation, game.look(who, staged)
    store = old.store.select(np.zeros(len(moves) * futures, dtype=np.intp))
    number = np.tile(np.arange(futures, dtype=np.intp), len(moves))
    streams = RandomStreams(
        old.streams.seed, number, branch_key(0, int(old.streams.numbers[0]), old.week, 1)
    )
    part = np.repeat(np.arange(len(moves), dtype=np.intp), futures)
    scripts = [Script({game.week: move}) for move in moves]
    seats: dict[str, Conduct] = {who.key: SplitConduct(scripts, part)}
    if now.table is not None:
        seats[game.setting.sides[_other(game, who)].leader] = Tabled(game.week, now.table)
    cast = seated(game.setting, seats)
    negotiation = Negotiation(game.setting, cast, store, streams, old.week, opened=True)
    redraw(negotiation, game, who)
    return negotiation


class Tabled(Conduct):
    """Offer in one week what is on the table already; else as the model does."""

    def __init__(self, week: int, package: Array) -> None:
        self.week, self.package = week, package

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct after the week of the offer."""
        return Conduct() if week > self.week else None

    def offer(self, seat: Any, package: Array) -> Array:
        """Return the package that is on the table (issues, R)."""
        if seat.negotiation.week != self.week:
            return package
        table: Array = np.zeros_like(package) + self.package[:, np.newaxis]
        return table


def redraw(negotiation: Negotiation, game: Game, who: Seat) -> None:
    """Draw the other's mind anew in every world, from what the player may believe."""
    drawn = partial(_normal, negotiation)
    store, me, other = negotiation.store, who.row, other_side(who.row)
    leader, rival = negotiation.leaders[me], negotiation.leaders[other]
    side, issues = negotiation.keys.sides[other], negotiation.keys.issues
    worth = store.row("public_worth", other).copy()
    for row, issue in enumerate(issues):
        worth[row] = worth[row] * log_normal(drawn(f"value/{issue}"), store["values.spread"])
    store.set_row("worth", other, worth)
    wide = store["ratification.group_threshold_spread"]
    for group in negotiation.groups_of(other):
        threshold = store["ratification.group_threshold"] + wide * drawn(f"threshold/{group.key}")
        store.set_row("group_threshold", group.group, threshold)
    for row, key in enumerate(negotiation.keys.actors):
        honest = negotiation.streams.uniform(f"redraw/real/{key}", 0) < store["channels.real"]
        store.set_row("real", row, honest + 0.0)
    capacity = np.exp(store["compliance.capacity_spread"] * drawn("capacity"))
    store["capacity"] = store["compliance.capacity"] * capacity
    doubt = np.sqrt(store.row("belief_variance", me))
    store.set_row(
        "resolve", other, resolve(rival, leader.believed() + doubt * drawn("resolve"), drawn)
    )
    rival.appraise()
    _promise(negotiation, game, other, worth)
    forget(negotiation, other)
    learn(negotiation, game, other)
    _remember(negotiation, game, other, side)


def resolve(rival: Any, wanted: Array, drawn: Any) -> Array:
    """Return the resolve (R,) with which a leader settles for just the `wanted` worth (R,).

    Solves settle_for(q) = a q - t / q + e = wanted for q > 0, and keeps q within three standard
    deviations of what all expect; where resolve does not matter it is as all expect.
    """
    threat, floor = rival.threat_cost(), rival.floor()
    one, none = np.ones_like(threat), np.zeros_like(threat)
    once = rival.settle_for(none, floor, one)
    slope = rival.settle_for(none, floor, one + one) - once
    room = wanted - (once - slope)
    root = np.sqrt(room * room + 4.0 * slope * threat)
    found = np.where(
        slope > 0.0,
        (room + root) / np.maximum(2.0 * slope, SMALLEST),
        threat / np.maximum(-room, SMALLEST),
    )
    spread = rival.parameter("talks.resolve_spread")
    idle = (slope <= 0.0) & (threat <= 0.0)
    found = np.where(idle, log_normal(drawn("idle"), spread), found)
    return np.clip(found, np.exp(-FAR * spread), np.exp(FAR * spread))


def forget(negotiation: Negotiation, other: int) -> None:
    """Let the other believe of the player what all expected before the first session."""
    store = negotiation.store
    spread = store["talks.belief_spread"]
    store.set_row("belief_shift", other, np.zeros_like(spread))
    store.set_row("belief_variance", other, spread * spread)
    issues = len(negotiation.keys.issues)
    store.set_row("seen", other, np.ones((issues, store.width)))
    unknown = np.expm1(store["values.spread"] * store["values.spread"])
    store.set_row("seen_variance", other, np.repeat(unknown[np.newaxis], issues, axis=0))


def learn(negotiation: Negotiation, game: Game, other: int) -> None:
    """Let the other learn of the player, by its mind as drawn, from all offers and refusals so far.

    Both sides know these; what back channels told it besides nobody knows, and it is left out.
    What issues were worth in a week is read from what all expected then.
    """
    store, rival = negotiation.store, negotiation.leaders[other]
    kept: tuple[StateName, ...] = (*THEN, "clock")
    now = {name: store[name].copy() for name in kept}
    public = store.row("public_worth", other)
    factor = store.row("worth", other) / np.where(public != 0.0, public, 1.0)
    for week in range(1, game.week):
        if game.state("level", week) <= SILENT:
            continue
        for name in THEN:
            store[name] = _wide(game.state(name, week), store.width)
        store["clock"] = _wide(game.state("clock", week - 1), store.width)
        store.set_row("gains", other, store.row("public_gains", other) * factor)
        table = _wide(game.state("table", week), store.width)
        if game.state("turn", week) == other:  # it is the turn of who answered
            rival.listen_to(table)
        else:
            refused = np.full(store.width, bool(game.state("agreed", week) == 0.0))
            rival.be_refused(table, refused)
    for name, values in now.items():
        store[name] = values
    rival.appraise()


def _wide(values: Array, worlds: int) -> Array:
    """Return a state of the played world in every fork (..., R)."""
    return np.repeat(np.asarray(values, dtype=float)[..., np.newaxis], worlds, axis=-1)


def _remember(negotiation: Negotiation, game: Game, other: int, side: str) -> None:
    """Weigh the offers that the other had, and its own last, by its mind as drawn."""
    store, rival = negotiation.store, negotiation.leaders[other]
    own, theirs = rival.stakes()
    had, made = game.offers(other_side(other)), game.offers(other)
    worths = [
        utility(own, np.repeat(package[:, np.newaxis], store.width, axis=1)) for package in had
    ]
    first = worths[0] if worths else np.full(store.width, np.nan)
    best = np.max(worths, axis=0) if worths else np.full(store.width, -np.inf)
    store.set_row("first_seen", other, first)
    store.set_row("best_seen", other, best)
    last = utility(own, store.row("offer", other)) if made else np.full(store.width, np.inf)
    store.set_row("aspiration", other, last)
    store.set_row("best", other, rival.best(exchange(own, theirs), own, theirs))
    asked = rival.aspire(own, theirs, store["clock"])
    gap = np.maximum(asked - worths[-1], 0.0) if worths else np.zeros(store.width)
    store.set_row("gap", other, gap)


def _promise(negotiation: Negotiation, game: Game, other: int, worth: Array) -> None:
    """Weigh what a deal in force asks of the other by its mind as drawn, as of the signing."""
    store, side = negotiation.store, negotiation.keys.sides[other]
    if game.state("phase") != DEAL:
        return
    signed = int(game.state("deal_week"))
    public = store.row("public_worth", other)
    factor = worth / np.where(public != 0.0, public, 1.0)
    gains = game.state("public_gains", signed)[other][:, np.newaxis] * factor
    due = promised(negotiation.setting, side, gains, store["agreement"], store["deferred"])
    for name, value in zip(PROMISE, due, strict=True):
        store.set_row(name, other, value)


def _normal(negotiation: Negotiation, purpose: str) -> Array:
    """Return a standard normal for each fork, the same for every candidate (R,)."""
    return negotiation.streams.normal(f"redraw/{purpose}", 0)


def _other(game: Game, who: Seat) -> str:
    return list(game.setting.sides)[other_side(who.row)]


def _numbers(negotiation: Negotiation, who: Seat) -> dict[str, Array]:
    """Return what a player asks of the futures, by name, each (R,)."""
    store, me = negotiation.store, who.row
    phase: Array = store["phase"]
    in_force: Mask = phase == DEAL
    return {
        "deal": in_force + 0.0,
        "truce": (phase == TRUCE) + 0.0,
        "faced": store.row("tariff", other_side(me)),
        "own": store.row("tariff", me),
        "pain": store.row("side_pain", me),
        "approval": store.row("approval", me),
        "worth": np.where(in_force, store.row("utility", me), 0.0),
    }


def _ahead(name: str, weeks: int, numbers: Mapping[str, Array]) -> Ahead:
    ranges = {}
    for key in ("faced", "own", "pain", "approval", "worth"):
        low, middle, high = np.quantile(numbers[key], QUANTILES)
        ranges[key] = (float(low), float(middle), float(high))
    accepted, ratified, deal, truce = (
        wilson(int(numbers[key].sum()), numbers[key].size)
        for key in ("accepted", "ratified", "deal", "truce")
    )
    return Ahead(name, weeks, accepted, ratified, deal, truce, ranges, dict(numbers))
