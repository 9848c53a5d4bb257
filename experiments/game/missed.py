"""MissedPackage deals: packages, offered or possible, that both sides would have ratified."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from agents.conduct import Conduct
from experiments.game import past
from experiments.game.seats import Seat
from experiments.game.table import Game, weeks_played
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import SILENT, SUMMIT
from model.rules.curves import Bends, felt
from model.rules.offers import exchange, ideal, offer, utility
from model.sides import SIDES, other_side

LIKELY = 0.5  # smallest chance of ratification at which a package counts as ratified
STEPS = 41  # packages on the frontier that are evaluated in a week
BETTER = 0.005  # points: smallest improvement that is reported


@dataclass(frozen=True)
class MissedPackage:
    """A package that both sides had reason to sign and would have ratified.

    by: the side that offered it, -1 if no side did; mine, theirs: its worth to the own and to the
    other side, in points; home: chances of ratification, own side first.
    """

    week: int
    by: int
    package: Array
    mine: float
    theirs: float
    home: tuple[float, float]


def missed_packages(game: Game, who: Seat) -> list[MissedPackage]:
    """Return the best package that was offered in the game and the best possible one, if any.

    A package counts if, in the true state of a week with a session, it was worth at least the
    reservation value to both sides and would have been ratified by each with a chance of at least
    one half, and if it is better for the seat's side than the deal in force at the end. Talks on a
    second phase do not count, since their packages are worth only what the deal left open. No side
    had all this information during the game.
    """
    offered: list[MissedPackage] = []
    possible: list[MissedPackage] = []
    for week in range(1, weeks_played(game) + 1):
        if float(game.state("level", week)) <= SILENT:
            continue
        if float(game.state("second_open", week)) > 0.0:
            continue
        negotiation = past.reopen_week(game, week)
        offered += _good(
            negotiation, who, game.state("table", week)[:, np.newaxis], _maker(game, week)
        )
        possible += _good(negotiation, who, _frontier(negotiation, who), -1)
    floor = float(game.state("utility")[who.row]) + BETTER
    best = [_best(packages, floor) for packages in (offered, possible)]
    reported = [one for one in best if one is not None]
    if len(reported) == 2 and reported[1].mine <= reported[0].mine + BETTER:
        reported = reported[:1]  # no possible package was better than the offered one
    return reported


def _maker(game: Game, week: int) -> int:
    """Return the side whose offer was on the table in a week: the one that has no turn next."""
    return other_side(int(game.state("turn", week)))


def _best(packages: list[MissedPackage], floor: float) -> MissedPackage | None:
    good = [one for one in packages if one.mine > floor]
    return max(good, key=lambda one: one.mine) if good else None


def _frontier(negotiation: Negotiation, who: Seat) -> Array:
    """Return packages on the true frontier (issues, STEPS), with the issues open at this level."""
    store, me = negotiation.store, who.row
    summit = float(store["level"][0]) == SUMMIT
    open_ = np.where(negotiation.leaders_only, float(summit), 1.0)
    own, theirs = (
        np.repeat(store["gains"][side][:, :1] * open_, STEPS, axis=1)
        for side in (me, other_side(me))
    )
    mine, others = (_wide(negotiation.leaders[side].bend()) for side in (me, other_side(me)))
    trades = exchange(own, theirs, Bends(mine, others))
    least, most = (float(utility(own, best)[0]) for best in (ideal(theirs, own), trades.start))
    levels = _wide(store["levels"] if negotiation.stepped else None)
    return offer(trades, own, np.linspace(least, most, STEPS), levels)


def _wide(values: Array | None) -> Array | None:
    """Return the values of the game's world (issues, STEPS), once for each evaluated package."""
    return None if values is None else np.repeat(values[:, :1], STEPS, axis=1)


def _good(negotiation: Negotiation, who: Seat, packages: Array, by: int) -> Iterator[MissedPackage]:
    """Yield the packages (issues, N) that both sides had reason to sign and would have ratified."""
    if np.isnan(packages).any():
        return
    wide = np.repeat(packages, 2, axis=1)  # with a width of one, NumPy sums in another order
    world = np.zeros(wide.shape[1], dtype=np.intp)
    seats: dict[str, Conduct] = {}
    copies = past.fork(negotiation, seats, world)
    worths = [
        utility(copies.store["gains"][side], felt(wide, copies.leaders[side].bend()))
        for side in SIDES
    ]
    chances = [leader.ratify(wide) for leader in copies.leaders]
    floors = copies.store["reservation"]
    good = np.ones(wide.shape[1], dtype=bool)
    for side in SIDES:
        good &= (worths[side] >= floors[side]) & (chances[side] >= LIKELY)
    me = who.row
    for column in np.flatnonzero(good[::2]) * 2:
        yield MissedPackage(
            negotiation.week,
            by,
            wide[:, column].copy(),
            float(worths[me][column]),
            float(worths[other_side(me)][column]),
            (float(chances[me][column]), float(chances[other_side(me)][column])),
        )
