"""Draft packages for a player, and how the player's own side would judge a package."""

from dataclasses import dataclass

import numpy as np

from experiments.game.seats import Seat
from experiments.game.table import Game
from model.arrays import Array
from model.outcomes import comprehensive
from model.rules.curves import at_level
from model.rules.offers import exchange, offer
from model.sides import other_side


@dataclass(frozen=True)
class Feeling:
    """State of a domestic group: its weight, its pain since the start, and its view of a package.

    worth is in points, support is a probability. Both are None without a package.
    """

    key: str
    title: str
    weight: float
    pain: float
    worth: float | None = None
    support: float | None = None


def best_package(game: Game, who: Seat) -> Array:
    """Return the best package (issues,) for a seat that the other side is believed to accept."""
    leader = game.negotiation.leaders[who.row]
    own, theirs = leader.stakes()
    trades = exchange(own, theirs, leader.bends())
    best = leader.best(trades, own, theirs)
    package: Array = offer(trades, own, best, leader.levels())[:, 0]
    return package


def draft(game: Game, who: Seat) -> Array:
    """Return the package (issues,) that the model would offer in this seat in this week."""
    return game.model_offer(who.row)


def adviser_draft(game: Game, who: Seat, adviser: str) -> Array:
    """Return the package (issues,) that an adviser would offer in this seat in this week."""
    return game.adviser_offer(who.row, adviser)


def trial_draft(game: Game, who: Seat) -> Array:
    """Return the package (issues,) that the model would send on trial in this seat this week."""
    return game.model_trial(who.row)


def arrival_chance(game: Game, who: Seat, channel: str) -> float:
    """Return the chance that a trial package through a back channel arrives."""
    for one in game.negotiation.between:
        if one.key == channel and other_side(who.row) in one.routes:
            return float(one.weight(one.routes[other_side(who.row)])[0])
    return 0.0


def last_offer(game: Game, side: int) -> Array | None:
    """Return the last offer of a side in the current talks, or None if there is none."""
    made = game.offers(side)
    return made[-1] if made else None


def midpoint(game: Game, who: Seat) -> Array | None:
    """Return the midpoint of both sides' last offers (issues,), or None until both have offered."""
    mine, theirs = last_offer(game, who.row), last_offer(game, other_side(who.row))
    if mine is None or theirs is None:
        return None
    levels = game.negotiation.leaders[who.row].levels()
    return at_level(0.5 * (mine + theirs), None if levels is None else levels[:, 0])


def asking_price(game: Game, who: Seat, firmness: float) -> float:
    """Return the worth that a person of this firmness would ask for, in points.

    With firmness 0 it is the reservation value. With 1 it is the most that the other side is
    believed to accept, but at least the reservation value.
    """
    now = game.look(who)
    most = now.worth(best_package(game, who))
    return now.reservation + firmness * max(most - now.reservation, 0.0)


def ratification_chance(game: Game, who: Seat, package: Array) -> float:
    """Return the chance that the own side ratifies a package (issues,), as its leader sees it.

    >>> from model.schema.scenario import load_scenario
    >>> game = Game(load_scenario("classroom"), ["north"])
    >>> ratification_chance(game, game.seats[0], np.array([0.0, 1.0, 0.0]))  # always ratified
    1.0
    """
    leader = game.negotiation.leaders[who.row]
    return float(leader.ratify(_wide(game, package))[0])


def is_comprehensive(game: Game, package: Array) -> bool:
    """Return whether a package (issues,) would be a comprehensive deal."""
    return bool(comprehensive(package[:, np.newaxis], game.negotiation.families)[0])


def feelings(game: Game, who: Seat, package: Array | None = None) -> list[Feeling]:
    """Return the domestic groups of a seat's side with their views of a package (issues,)."""
    negotiation = game.negotiation
    leader = negotiation.leaders[who.row]
    groups = []
    for group in negotiation.groups_of(who.row):
        pain = group.pain - negotiation.store.row("pain_at_start", group.group)
        worth = support = None
        if package is not None:
            points = leader.worth_at_home(group, _wide(game, package))
            worth, support = float(points[0]), float(group.support(points)[0])
        weight = float(group.weight[0])
        groups.append(Feeling(group.key, group.title, weight, float(pain[0]), worth, support))
    return sorted(groups, key=lambda feeling: -feeling.weight)


def _wide(game: Game, package: Array) -> Array:
    """Return a package repeated for every world of the negotiation (issues, R)."""
    return np.repeat(np.asarray(package, dtype=float)[:, np.newaxis], game.negotiation.worlds, 1)
