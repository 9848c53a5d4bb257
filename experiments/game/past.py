"""Restore a past week of a game up to the point at which the seats move, and fork it."""

import numpy as np

from agents.conduct import Conduct
from agents.roster import seated
from experiments.engine import LEAST_WIDTH
from experiments.game.seats import Seat
from experiments.game.situation import trial_channels
from experiments.game.table import Game
from model.arrays import Index
from model.negotiation import Negotiation
from model.phases.talks import SILENT, SUMMIT, WORKING
from model.rules.coercion import NONE
from model.sides import other_side
from model.state.random_streams import RandomStreams, branch_key
from model.state.state import DEAL, TALKS

SALT = 2  # of the forks made here; look-ahead uses another


def reopen_week(game: Game, week: int) -> Negotiation:
    """Return the true world of a game in the middle of a week (1 or later), before any move."""
    played = game.negotiation
    store = played.store.select(np.arange(LEAST_WIDTH, dtype=np.intp))
    for name in store.states:
        before = game.state(name, week - 1)[..., np.newaxis]
        store[name] = np.repeat(before, LEAST_WIDTH, axis=-1)
    negotiation = Negotiation(game.setting, played.cast, store, played.streams, week - 1)
    negotiation.open_week()
    return negotiation


def fork(
    negotiation: Negotiation, seats: dict[str, Conduct], number: Index, salt: int = SALT
) -> Negotiation:
    """Return copies of the first world of a negotiation that has opened its week.

    number: number of the random stream of each copy (R,). Equal numbers give the same random
    numbers from this week on.
    """
    old = negotiation.streams
    key = branch_key(old.branch, int(old.numbers[0]), negotiation.week, salt)
    store = negotiation.store.select(np.zeros(number.size, dtype=np.intp))
    cast = seated(negotiation.setting, seats)
    return Negotiation(
        negotiation.setting,
        cast,
        store,
        RandomStreams(old.seed, number, key),
        negotiation.week,
        opened=True,
    )


def open_decisions(negotiation: Negotiation, game: Game, who: Seat) -> dict[str, bool]:
    """Return whether a seat has each kind of decision in an opened week, by name."""
    store, me = negotiation.store, who.row
    level, turn, phase = (float(store[name][0]) for name in ("level", "turn", "phase"))
    table = level > SILENT and _speaks(game, who, level)
    free = phase == TALKS and not who.leads
    pending = float(store.row("threat_kind", me)[0]) != NONE
    week = negotiation.week
    struck = game.state("executed", week) > game.state("executed", week - 1)
    due = free and pending and float(store.row("threat_weeks", me)[0]) <= 1.0
    return {
        "offer": table and turn == me,
        "answer": table and turn != me and level > WORKING,
        "due": due,
        "threat": free and not pending,
        "gesture": free and not pending,
        "truce": free,
        "retaliation": not who.leads and bool(struck[other_side(me)]),
        "leave": phase == DEAL
        and not who.leads
        and float(store.row("arrears", other_side(me))[0]) > 0.0,
        "channel": bool(trial_channels(negotiation, who)),
    }


def _speaks(game: Game, who: Seat, level: float) -> bool:
    """Return whether a seat speaks for its side in a session of this level."""
    if who.leads:
        return level < SUMMIT
    lead = game.setting.sides[who.side].lead
    return level == SUMMIT or all(seat.key != lead for seat in game.seats)
