"""Packages that a player may start from, and what its own home would say to a package."""

from dataclasses import dataclass

import numpy as np

from experiments.game.seats import Seat
from experiments.game.table import Game
from model.arrays import Array
from model.outcomes import comprehensive
from model.rules.offers import exchange, offer
from model.sides import other_side


@dataclass(frozen=True)
class Feeling:
    """How a group at home stands: its weight, pain since the start, and view of a package.

    worth in points, support as a chance; both None without a package.
    """

    key: str
    title: str
    weight: float
    pain: float
    worth: float | None = None
    support: float | None = None


def best(game: Game, who: Seat) -> Array:
    """Return the package (issues,) that gives one most, if the other bears what is believed."""
    leader = game.negotiation.leaders[who.row]
    own, theirs = leader.stakes()
    trades = exchange(own, theirs)
    package: Array = offer(trades, own, leader.best(trades, own, theirs))[:, 0]
    return package


def draft(game: Game, who: Seat) -> Array:
    """Return the package (issues,) that the model would offer in this seat now."""
    return game.offered(who.row)


def last(game: Game, side: int) -> Array | None:
    """Return what a side offered last since the talks began (anew), None before that."""
    made = game.offers(side)
    return made[-1] if made else None


def halfway(game: Game, who: Seat) -> Array | None:
    """Return the middle between both sides' last offers (issues,), None before both made one."""
    mine, theirs = last(game, who.row), last(game, other_side(who.row))
    return None if mine is None or theirs is None else 0.5 * (mine + theirs)


def asked(game: Game, who: Seat, firmness: float) -> float:
    """Return what somebody as firm as that would ask for, in points, at least the reservation.

    With firmness 0 just the reservation, with 1 the most that the other is believed to bear.
    """
    now = game.look(who)
    most = now.worth(best(game, who))
    return now.reservation + firmness * max(most - now.reservation, 0.0)


def at_home(game: Game, who: Seat, package: Array) -> float:
    """Return the chance that a package (issues,) passes at one's own home, as its leader sees it.

    >>> from model.schema.scenario import load_scenario
    >>> game = Game(load_scenario("classroom"), ["north"])
    >>> at_home(game, game.seats[0], np.array([0.0, 1.0, 0.0]))  # there all is ratified
    1.0
    """
    leader = game.negotiation.leaders[who.row]
    return float(leader.ratify(_wide(game, package))[0])


def whole(game: Game, package: Array) -> bool:
    """Say whether a package (issues,) would be a comprehensive deal."""
    return bool(comprehensive(package[:, np.newaxis], game.negotiation.families)[0])


def feelings(game: Game, who: Seat, package: Array | None = None) -> list[Feeling]:
    """Return how the groups at one's own home stand, and how they take a package (issues,)."""
    negotiation = game.negotiation
    leader = negotiation.leaders[who.row]
    found = []
    for group in negotiation.groups_of(who.row):
        pain = group.pain - negotiation.store.row("pain_at_start", group.group)
        worth = support = None
        if package is not None:
            points = leader.worth_to(group, _wide(game, package))
            worth, support = float(points[0]), float(group.support(points)[0])
        told = Feeling(
            group.key, group.title, float(group.weight[0]), float(pain[0]), worth, support
        )
        found.append(told)
    return sorted(found, key=lambda feeling: -feeling.weight)


def _wide(game: Game, package: Array) -> Array:
    """Return a package in every world that stands beside the one that is played (issues, R)."""
    return np.repeat(np.asarray(package, dtype=float)[:, np.newaxis], game.negotiation.worlds, 1)
