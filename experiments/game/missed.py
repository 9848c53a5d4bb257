"""What was on the table, or could have been, that both sides would have ratified."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from agents.conduct import Conduct
from experiments.game import past
from experiments.game.seats import Seat
from experiments.game.table import Game
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import SILENT, SUMMIT
from model.rules.offers import exchange, offer, utility
from model.sides import SIDES, other_side

LIKELY = 0.5  # chance at home from which a package counts as one that would have passed
STEPS = 41  # packages on the frontier that are tried in a week
BETTER = 0.005  # points by which a package must beat what one has, to be told


@dataclass(frozen=True)
class Missed:
    """A package that both would have had reason to sign and to ratify.

    by: the side that offered it, -1 if nobody did; mine, theirs: its worth to both, points; home:
    both chances that it is ratified at home, own side first.
    """

    week: int
    by: int
    package: Array
    mine: float
    theirs: float
    home: tuple[float, float]


def missed(game: Game, who: Seat) -> list[Missed]:
    """Return the best package offered in the game, and the best that was possible: at most two.

    A package counts if it was worth at least the reservation to both sides in a week of a session,
    would have been ratified by each with a chance of at least one half, as things truly stood, and
    is better for the seat's side than the deal in force at the end. Nobody knew all this then.
    """
    offered: list[Missed] = []
    possible: list[Missed] = []
    for week in range(1, past.weeks(game) + 1):
        if float(game.state("level", week)) <= SILENT:
            continue
        negotiation = past.opened(game, week)
        offered += _good(
            negotiation, who, game.state("table", week)[:, np.newaxis], _maker(game, week)
        )
        possible += _good(negotiation, who, _frontier(negotiation, who), -1)
    floor = float(game.state("utility")[who.row]) + BETTER
    found = [_best(list_, floor) for list_ in (offered, possible)]
    told = [one for one in found if one is not None]
    if len(told) == 2 and told[1].mine <= told[0].mine + BETTER:
        told = told[:1]  # no better one was possible than what was offered
    return told


def _maker(game: Game, week: int) -> int:
    """Return whose offer was on the table in a week: whose turn it is no more."""
    return other_side(int(game.state("turn", week)))


def _best(found: list[Missed], floor: float) -> Missed | None:
    good = [one for one in found if one.mine > floor]
    return max(good, key=lambda one: one.mine) if good else None


def _frontier(negotiation: Negotiation, who: Seat) -> Array:
    """Return packages of the true frontier (issues, STEPS), of what is open at this level."""
    store, me = negotiation.store, who.row
    summit = float(store["level"][0]) == SUMMIT
    open_ = np.where(negotiation.leaders_only, float(summit), 1.0)
    own, theirs = (
        np.repeat(store["gains"][side][:, :1] * open_, STEPS, axis=1)
        for side in (me, other_side(me))
    )
    trades = exchange(own, theirs)
    most = float(utility(own, trades.start)[0])
    least = most - float(trades.loss.sum(axis=0)[0])
    return offer(trades, own, np.linspace(least, most, STEPS))


def _good(negotiation: Negotiation, who: Seat, packages: Array, by: int) -> Iterator[Missed]:
    """Yield the packages (issues, N) that both sides had reason to sign and would have ratified."""
    if np.isnan(packages).any():
        return
    wide = np.repeat(packages, 2, axis=1)  # a width of one sums in another order
    place = np.zeros(wide.shape[1], dtype=np.intp)
    seats: dict[str, Conduct] = {}
    copies = past.branched(negotiation, seats, place)
    worths = [utility(copies.store["gains"][side], wide) for side in SIDES]
    chances = [leader.ratify(wide) for leader in copies.leaders]
    floors = copies.store["reservation"]
    good = np.ones(wide.shape[1], dtype=bool)
    for side in SIDES:
        good &= (worths[side] >= floors[side]) & (chances[side] >= LIKELY)
    me = who.row
    for spot in np.flatnonzero(good[::2]) * 2:
        yield Missed(
            negotiation.week,
            by,
            wide[:, spot].copy(),
            float(worths[me][spot]),
            float(worths[other_side(me)][spot]),
            (float(chances[me][spot]), float(chances[other_side(me)][spot])),
        )
