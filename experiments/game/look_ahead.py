"""Look-ahead: simulate what may follow from a move, with the other side's private state redrawn.

Copies of the true world would reveal the other side's private state. Therefore every fork redraws
what the player cannot know from what it may believe: the other leader's resolve from the belief
about its reservation value; its values, the thresholds of its groups and the honesty of back
channels from public expectations; and its beliefs about the player from what such a leader would
have learned from the player's offers and refusals. The economy is kept as it is, since it is
visible in the pain of the player's own groups.
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
from model.rules.curves import felt
from model.rules.learning import NEVER_REFUSED, PRIOR
from model.rules.offers import SMALLEST, exchange, utility
from model.rules.settlement import PROMISE, curvature, promised, set_phased_stake
from model.sides import other_side
from model.state.names import StateName
from model.state.random_streams import RandomStreams, branch_key, log_normal
from model.state.state import DEAL, TRUCE

FUTURES = 300
WEEKS = 26
QUANTILES = (0.05, 0.5, 0.95)
THEN: tuple[StateName, ...] = (  # public in past weeks
    *("public_gains", "public_in_full", "expected", "type_reservation", "level"),
    *("enforcement_asked", "tariff"),
)
BEFORE: tuple[StateName, ...] = ("clock", "offer", "trust")  # the same, at the end of a week before
ORDER: tuple[StateName, ...] = ("order", "measured")  # what a side knows of the other's concessions
FAR = 3.0  # standard deviations: bounds of the resolve


@dataclass(frozen=True)
class Projection:
    """Results of one candidate move: shares with intervals, and quantiles (5, 50, 95 %) of numbers.

    accepted, ratified: an offer or answer of this week; deal, truce: in force after `weeks` more
    weeks. Keys of `ranges` are: faced and own, the tariffs of the other and of the own side
    (shares); pain and approval of the own side; worth of the deal in force in points, 0 without
    one. `numbers` has all values by future.
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
) -> list[Projection]:
    """Return what may follow from each candidate move of a seat this week.

    The seat makes the move; afterwards the model plays for it too. All candidates use the same
    draws of the other side's private state and the same random numbers, so differences between them
    are effects of the moves. The game is not changed. staged: moves that other seats have already
    made this week; an offer among them is visible.
    """
    return run_forks(prepare_forks(game, who, candidates, futures, staged), weeks)


@dataclass(frozen=True)
class PendingLookAhead:
    """Forks of a game in the middle of its week, independent of the game.

    deals, failures: counts in the game so far.
    """

    negotiation: Negotiation
    who: Seat
    names: tuple[str, ...]
    deals: Array
    failures: Array


def prepare_forks(
    game: Game,
    who: Seat,
    candidates: Mapping[str, Moves],
    futures: int = FUTURES,
    staged: Mapping[str, Moves] | None = None,
) -> PendingLookAhead:
    """Return the forks that `look_ahead` simulates."""
    number = max(futures, LEAST_WIDTH)
    negotiation = forks(game, who, list(candidates.values()), number, staged)
    counts = np.array(game.state("deals")), np.array(game.state("failures"))
    return PendingLookAhead(negotiation, who, tuple(candidates), *counts)


def run_forks(
    prepared: PendingLookAhead, weeks: int = WEEKS, progress: Progress | None = None
) -> list[Projection]:
    """Simulate forks to their end, and return the results of each candidate.

    progress: called every week with the number of forks; may raise to stop.
    """
    negotiation, who, names = prepared.negotiation, prepared.who, prepared.names
    negotiation.close_week()
    store = negotiation.store
    ratified = np.where(store["deals"] > prepared.deals, 1.0, 0.0)
    accepted = np.maximum(ratified, np.where(store["failures"] > prepared.failures, 1.0, 0.0))
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
    """Return forks of a game in the middle of its week: `futures` forks for each move, in order.

    The other side's offer of this week is the one that the player sees.
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
        seats[game.setting.sides[_other(game, who)].leader] = FixedOffer(game.week, now.table)
    cast = seated(game.setting, seats)
    negotiation = Negotiation(game.setting, cast, store, streams, old.week, opened=True)
    redraw_hidden_state(negotiation, game, who)
    return negotiation


class FixedOffer(Conduct):
    """Make a given offer in one week, and move as the model does in all others."""

    def __init__(self, week: int, package: Array) -> None:
        self.week, self.package = week, package

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct after the week of the offer."""
        return Conduct() if week > self.week else None

    def offer(self, seat: Any, package: Array) -> Array:
        """Return the given package (issues, R)."""
        if seat.negotiation.week != self.week:
            return package
        table: Array = np.zeros_like(package) + self.package[:, np.newaxis]
        return table


def redraw_hidden_state(negotiation: Negotiation, game: Game, who: Seat) -> None:
    """Redraw the other side's private state in every world, from what the player may believe."""
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
    reset_beliefs(negotiation, other)
    learn_from_history(negotiation, game, other)
    _remember(negotiation, game, other, side)


def resolve(rival: Any, wanted: Array, drawn: Any) -> Array:
    """Return the resolve (R,) for which a leader's reservation value equals `wanted` (R,).

    Solves settle_for(q) = a q - t / q + e = wanted for q > 0, and limits q to three standard
    deviations of its prior. If resolve has no effect, it is drawn from its prior.
    """
    threat, floor = rival.heeded_threat(), rival.floor()
    one, none = np.ones_like(threat), np.zeros_like(threat)
    once = rival.settle_for(none, floor, one)
    slope = rival.settle_for(none, floor, one + one) - once
    room = wanted - (once - slope)
    root = np.sqrt(room * room + 4.0 * slope * threat)
    solution = np.where(
        slope > 0.0,
        (room + root) / np.maximum(2.0 * slope, SMALLEST),
        threat / np.maximum(-room, SMALLEST),
    )
    spread = rival.parameter("talks.resolve_spread")
    idle = (slope <= 0.0) & (threat <= 0.0)
    result = np.where(idle, log_normal(drawn("idle"), spread), solution)
    return np.clip(result, np.exp(-FAR * spread), np.exp(FAR * spread))


def reset_beliefs(negotiation: Negotiation, other: int) -> None:
    """Reset the other side's beliefs about the player to the public prior."""
    store = negotiation.store
    spread = store["talks.belief_spread"]
    store.set_row("belief_shift", other, np.zeros_like(spread))
    store.set_row("belief_variance", other, spread * spread)
    issues = len(negotiation.keys.issues)
    store.set_row("seen", other, np.ones((issues, store.width)))
    unknown = np.expm1(store["values.spread"] * store["values.spread"])
    store.set_row("seen_variance", other, np.repeat(unknown[np.newaxis], issues, axis=0))
    store.set_row("type_belief", other, PRIOR + store.zeros())
    store.set_row("type_margin", other, store.full(NEVER_REFUSED, len(PRIOR)))
    for name in ORDER:
        store.set_row(name, other, store.zeros(issues))


def learn_from_history(negotiation: Negotiation, game: Game, other: int) -> None:
    """Update the other side's beliefs about the player from all offers and refusals so far.

    The redrawn private state determines what it learns. Both sides know the offers and refusals,
    and the answers to trial packages. Messages of back channels are unknown to the player and left
    out. The worth of issues in a week follows the public expectation of that week.
    """
    store, rival = negotiation.store, negotiation.leaders[other]
    names: tuple[StateName, ...] = (*THEN, *BEFORE)
    now = {name: store[name].copy() for name in names}
    public = store.row("public_worth", other)
    factor = store.row("worth", other) / np.where(public != 0.0, public, 1.0)
    for week in range(1, game.week):
        sender = game.state("trial_sender", week)
        answered = bool(game.state("trial_week", week) == week and sender == other)
        talked = bool(game.state("level", week) > SILENT)
        if not (talked or answered):
            continue
        for name in THEN:
            store[name] = _wide(game.state(name, week), store.width)
        for name in BEFORE:
            store[name] = _wide(game.state(name, week - 1), store.width)
        in_full = store.row("public_in_full", other) * factor
        counted = rival.as_counted(in_full, rival.delivered(), rival.week())
        store.set_row("gains", other, counted)
        if talked:
            _learn_from_session(rival, game, week)
        if answered:
            warm = np.full(store.width, bool(game.state("trial_answer", week) > 0.0))
            package = _wide(game.state("trial", week), store.width)
            rival.hear_answer(package, warm, store.full(True))
    for name, values in now.items():
        store[name] = values
    rival.appraise()
    rival.update_belief()


def _learn_from_session(rival: Any, game: Game, week: int) -> None:
    """Update the other side's beliefs from the session of a past week."""
    width = rival.store.width
    table = _wide(game.state("table", week), width)
    if game.state("turn", week) == rival.side_row:  # the side that answered has the next turn
        rival.listen_to(table)
    else:
        refused = np.full(width, bool(game.state("agreed", week) == 0.0))
        rival.be_refused(table, refused)


def _wide(values: Array, worlds: int) -> Array:
    """Return a state of the game, repeated for every fork (..., R)."""
    return np.repeat(np.asarray(values, dtype=float)[..., np.newaxis], worlds, axis=-1)


def _remember(negotiation: Negotiation, game: Game, other: int, side: str) -> None:
    """Reevaluate past offers, and the other side's last one, by its redrawn private state."""
    store, rival = negotiation.store, negotiation.leaders[other]
    own, theirs = rival.stakes()
    had, made = game.offers(other_side(other)), game.offers(other)
    bends = rival.bends()
    worths = [
        utility(own, felt(np.repeat(package[:, np.newaxis], store.width, axis=1), bends.own))
        for package in had
    ]
    first = worths[0] if worths else np.full(store.width, np.nan)
    best = np.max(worths, axis=0) if worths else np.full(store.width, -np.inf)
    store.set_row("first_seen", other, first)
    store.set_row("best_seen", other, best)
    asked_for = felt(store.row("offer", other), bends.own)
    last = utility(own, asked_for) if made else np.full(store.width, np.inf)
    store.set_row("aspiration", other, last)
    store.set_row("asked_from", other, store.row("reservation", other))
    store.set_row("best", other, rival.best(exchange(own, theirs, bends), own, theirs))
    asked = rival.aspire(own, theirs, store["clock"])
    gap = np.maximum(asked - worths[-1], 0.0) if worths else np.zeros(store.width)
    store.set_row("gap", other, gap)


def _promise(negotiation: Negotiation, game: Game, other: int, worth: Array) -> None:
    """Reevaluate the other side's obligations in a deal in force, as of the signing."""
    store, side = negotiation.store, negotiation.keys.sides[other]
    if game.state("phase") != DEAL:
        return
    signed = int(game.state("deal_week"))
    public = store.row("public_worth", other)
    factor = worth / np.where(public != 0.0, public, 1.0)
    gains = game.state("public_in_full", signed)[other][:, np.newaxis] * factor
    given = felt(store["agreement"], curvature(store, negotiation.setting, other))
    due = promised(negotiation.setting, side, gains, given, store["deferred"])
    for name, value in zip(PROMISE, due, strict=True):
        store.set_row(name, other, value)
    store.set_row("signed_gains", other, gains)
    set_phased_stake(store, negotiation.setting, store["agreement"], store.full(True))


def _normal(negotiation: Negotiation, purpose: str) -> Array:
    """Return a standard normal for each fork, the same for every candidate (R,)."""
    return negotiation.streams.normal(f"redraw/{purpose}", 0)


def _other(game: Game, who: Seat) -> str:
    return list(game.setting.sides)[other_side(who.row)]


def _numbers(negotiation: Negotiation, who: Seat) -> dict[str, Array]:
    """Return the results of the futures by name, each (R,)."""
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


def _ahead(name: str, weeks: int, numbers: Mapping[str, Array]) -> Projection:
    ranges = {}
    for key in ("faced", "own", "pain", "approval", "worth"):
        low, middle, high = np.quantile(numbers[key], QUANTILES)
        ranges[key] = (float(low), float(middle), float(high))
    accepted, ratified, deal, truce = (
        wilson(int(numbers[key].sum()), numbers[key].size)
        for key in ("accepted", "ratified", "deal", "truce")
    )
    return Projection(name, weeks, accepted, ratified, deal, truce, ranges, dict(numbers))
