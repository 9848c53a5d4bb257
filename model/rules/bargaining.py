"""How a side bargains: what it settles for, what it asks for, and when it says yes."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from model.arrays import Array, Mask, between
from model.rules.offers import TOLERANCE


class Position(NamedTuple):
    """What a side looks at when it decides how much to ask for; every field is (R,).

    Worths are in points. `elapsed` is the share of the negotiation window that is used (0 to 1).
    """

    elapsed: Array
    exponent: Array
    """Shape of the concession over time: below 1 late, 1 steady, above 1 early."""
    reservation: Array
    best: Array
    """The most that can be hoped for, given what the other is believed to settle for."""
    mirror: Array
    """Share (0 to 1) of its room that the other has not yet conceded."""
    mirror_weight: Array
    """Weight (0 to 1) of that against the clock."""
    previous: Array
    """The last aspiration; before the first offer, the best."""
    step: Array
    """Size of one concession of the rules that go by steps."""
    own_offer_own: Array
    """Worth to oneself of one's own last offer."""
    own_offer_other: Array
    """Worth to the other, as estimated, of one's own last offer."""
    other_offer_own: Array
    other_offer_other: Array
    other_reservation: Array
    """The other's reservation, as believed."""
    offers_made: Array
    """Number of different offers made so far; the worths above count only after the first."""
    offers_received: Array
    patience: Array
    """What a point after the next exchange of offers is worth now (0 to 1)."""
    stationary: Array
    """Own worth of one's stationary proposal (Rubinstein); NaN where there is none."""


class Standing(NamedTuple):
    """What a side looks at when it answers an offer; every field is (R,), worths in points."""

    offered: Array
    reservation: Array
    next_aspiration: Array
    """What one would ask for oneself if one made the next offer."""
    best_seen: Array
    """Worth of the best offer received so far, this one included."""
    elapsed: Array
    deadline_share: Array
    """Share of the window after which the deadline counts as near."""
    patience: Array


type OfferingRule = Callable[[Position], Array]
type AcceptanceRule = Callable[[Standing], Mask]

OFFERING: dict[str, OfferingRule] = {}
"""Every offering rule by its name in a scenario; each gives an aspiration (R,) in points."""

BY_OFFERS: set[str] = set()
"""The offering rules that look at what the last offers were worth."""

ACCEPTANCE: dict[str, AcceptanceRule] = {}
"""Every acceptance rule by its name in a scenario; each says where (R,) to say yes."""


def offering(name: str, by_offers: bool = False) -> Callable[[OfferingRule], OfferingRule]:
    """Register an offering rule, and keep what it asks between the reservation and the best."""

    def register(rule: OfferingRule) -> OfferingRule:
        @wraps(rule)
        def bounded(position: Position) -> Array:
            return between(rule(position), position.reservation, _top(position))

        OFFERING[name] = bounded
        if by_offers:
            BY_OFFERS.add(name)
        return bounded

    return register


def acceptance(name: str) -> Callable[[AcceptanceRule], AcceptanceRule]:
    """Register an acceptance rule."""

    def register(rule: AcceptanceRule) -> AcceptanceRule:
        ACCEPTANCE[name] = rule
        return rule

    return register


@offering("boulware")
def boulware(position: Position) -> Array:
    """Concede with the clock, by the exponent as it is, and in part as the other does.

    A = (1 - w) (1 - elapsed^(1/exponent)) + w mirror; asks reservation + A (best - reservation).
    With an exponent below 1 most is conceded near the end, which has the name of Lemuel Boulware.
    Without mirroring (w = 0) it ends at the reservation. Faratin, Sierra and Jennings 1998.
    """
    return _by_clock(position, position.exponent)


@offering("linear")
def linear(position: Position) -> Array:
    """Concede in proportion to the time used: boulware with an exponent of 1."""
    return _by_clock(position, np.ones_like(position.exponent))


@offering("conceder")
def conceder(position: Position) -> Array:
    """Concede early: boulware with the exponent turned round (1/exponent) where it is below 1."""
    return _by_clock(position, np.maximum(position.exponent, 1.0 / position.exponent))


@offering("tit_for_tat")
def tit_for_tat(position: Position) -> Array:
    """Concede the share of one's room that the other conceded of its own (Faratin et al. 1998)."""
    return _of_room(position, position.mirror)


@offering("rubinstein")
def rubinstein(position: Position) -> Array:
    """Ask for what one's stationary proposal is worth (Rubinstein 1982); if none, for the best."""
    return np.where(np.isnan(position.stationary), _top(position), position.stationary)


@offering("zeuthen", by_offers=True)
def zeuthen(position: Position) -> Array:
    """Concede a step if one can risk a breakdown less than the other (Zeuthen 1930, Harsanyi 1956).

    A side's risk limit is (own offer - other's offer) / (own offer - reservation), in its worths.
    The lower one is on the side whose offer has the smaller product of the two sides' gains over
    their reservations, so products are compared, and nothing is divided. Equal: both concede.
    """
    own = _surplus(position.own_offer_own, position.reservation) * _surplus(
        position.own_offer_other, position.other_reservation
    )
    other = _surplus(position.other_offer_own, position.reservation) * _surplus(
        position.other_offer_other, position.other_reservation
    )
    begun = (position.offers_made > 0) & (position.offers_received > 0)
    return position.previous - np.where(begun & (own <= other), position.step, 0.0)


@offering("micro")
def micro(position: Position) -> Array:
    """Concede a step if the other has made as many different offers as oneself (de Jonge 2022)."""
    matched = (position.offers_made > 0) & (position.offers_made <= position.offers_received)
    return position.previous - np.where(matched, position.step, 0.0)


@acceptance("ac_next")
def ac_next(standing: Standing) -> Mask:
    """Accept what is worth one's reservation and next aspiration (Baarslag et al. 2013)."""
    return _at_least(standing.offered, np.maximum(standing.reservation, standing.next_aspiration))


@acceptance("ac_combi")
def ac_combi(standing: Standing) -> Mask:
    """Accept as ac_next does; near the deadline also the best offer seen, from the reservation up.

    Baarslag, Hindriks and Jonker 2013. The deadline is near from a share of the window on.
    """
    near = standing.elapsed >= standing.deadline_share
    best = _at_least(standing.offered, np.maximum(standing.reservation, standing.best_seen))
    return ac_next(standing) | (near & best)


@acceptance("rubinstein")
def ac_rubinstein(standing: Standing) -> Mask:
    """Accept what is worth at least what waiting for one's own next proposal is (Rubinstein 1982).

    offered - reservation >= patience (next aspiration - reservation).
    """
    room = np.maximum(standing.next_aspiration - standing.reservation, 0.0)
    return _at_least(standing.offered, standing.reservation + standing.patience * room)


def exponent(base: Array, slope: Array, firmness: Array) -> Array:
    """Return the concession exponent (R,) of a side with a firmness from 0 to 1.

    base exp(-slope (firmness - 1/2)): the firmer, the later the concessions.

    >>> exponent(np.array([0.5, 0.5]), np.array([2.0, 2.0]), np.array([0.5, 1.0])).round(4)
    array([0.5   , 0.1839])
    """
    return base * np.exp(-slope * (firmness - 0.5))


def reservation(
    threat_cost: Array,
    enforcement: Array,
    enforcement_cost: Array,
    resolve: Array,
    anticipation: Array,
    threshold: Array,
    spread: Array,
    target: Array,
) -> Array:
    """Return the least (R,), in points, that a side settles for, all inputs (R,).

    -threat_cost / resolve + enforcement enforcement_cost
        + resolve anticipation max(0, threshold + spread Phi^-1(target))

    What the other's threats would cost (points) weighs less on the resolute; enforcement (0 to 1)
    costs sovereignty (points at 1); and a side that foresees ratification (anticipation 0 to 1)
    wants the worth that is ratified with the probability `target` (between 0 and 1, without the
    ends), given the threshold and its spread in points (Iida 1993, Putnam 1988).

    >>> one, none = np.ones(2), np.zeros(2)
    >>> reservation(one * 0.1, one, one * 0.15, one, none, none, one, one * 0.7).round(12)
    array([0.05, 0.05])
    """
    ratifiable = np.maximum(threshold + spread * ndtri(target), 0.0)
    return (
        -threat_cost / resolve
        + enforcement * enforcement_cost
        + resolve * anticipation * ratifiable
    )


def delivered(deferred: Array, trust: Array, snapback: Array, enforcement: Array) -> Array:
    """Return the share of an issue that one may count on, all from 0 to 1 (Kydd 2000).

    1 - deferred (1 - trust) (1 - snapback enforcement): what is delivered after signing is lost if
    the other breaks its word, unless enforcement takes it back.

    >>> delivered(np.ones(2), np.full(2, 0.65), np.full(2, 0.6), np.array([0.0, 0.5])).round(12)
    array([0.65 , 0.755])
    """
    return 1.0 - deferred * (1.0 - trust) * (1.0 - snapback * enforcement)


def _top(position: Position) -> Array:
    """Return the most that can be asked for: the best, but no less than the reservation."""
    return np.maximum(position.best, position.reservation)


def _of_room(position: Position, share: Array) -> Array:
    """Return the worth a share (0 to 1) of the way up from the reservation to the best."""
    return position.reservation + (_top(position) - position.reservation) * share


def _by_clock(position: Position, exponent: Array) -> Array:
    """Return the aspiration after the time used, mixed with what the other has not conceded."""
    time = 1.0 - position.elapsed ** (1.0 / exponent)
    weight = position.mirror_weight
    return _of_room(position, (1.0 - weight) * time + weight * position.mirror)


def _surplus(worth: Array, reservation: Array) -> Array:
    """Return how far a worth lies above a reservation; 0 below it."""
    return np.maximum(worth - reservation, 0.0)


def _at_least(worth: Array, floor: Array) -> Mask:
    """Say where a worth reaches a floor, equality included."""
    return worth >= floor - TOLERANCE
