"""Bargaining rules: reservation value, offering rules (aspirations) and acceptance rules."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from model.arrays import Array, Mask, between
from model.rules.offers import TOLERANCE


class Position(NamedTuple):
    """Inputs of an offering rule; every field is (R,), utilities in points."""

    elapsed: Array
    """Share of the negotiation window that is used (0 to 1)."""
    exponent: Array
    """Shape of the concession over time: below 1 late, 1 steady, above 1 early."""
    reservation: Array
    """The side's own reservation value."""
    best: Array
    """Highest utility that the side can expect, given the other's believed reservation value."""
    mirror: Array
    """Share (0 to 1) of its room for concessions that the other has not yet conceded."""
    mirror_weight: Array
    """Weight (0 to 1) of `mirror` relative to the clock."""
    previous: Array
    """The last aspiration; before the first offer, the same as `best`."""
    step: Array
    """Size of one concession, for rules that concede in steps."""
    own_offer_own: Array
    """Utility of the side's own last offer to itself."""
    own_offer_other: Array
    """Estimated utility of the side's own last offer to the other."""
    other_offer_own: Array
    """Utility of the other's last offer to the side itself."""
    other_offer_other: Array
    """Estimated utility of the other's last offer to the other."""
    other_reservation: Array
    """The other's reservation value, as this side believes it to be."""
    offers_made: Array
    """Number of different offers made so far; utilities of offers count only after the first."""
    offers_received: Array
    """Number of different offers received so far."""
    patience: Array
    """Present value of a point received after the next exchange of offers (0 to 1)."""
    stationary: Array
    """Own utility of the side's stationary proposal (Rubinstein); NaN if there is none."""


class Standing(NamedTuple):
    """Inputs of an acceptance rule; every field is (R,), utilities in points."""

    offered: Array
    """Utility of the offer."""
    reservation: Array
    """The side's own reservation value."""
    next_aspiration: Array
    """Aspiration of the side if it made the next offer."""
    best_seen: Array
    """Utility of the best offer received so far, including this one."""
    elapsed: Array
    """Share of the negotiation window that is used (0 to 1)."""
    deadline_share: Array
    """Share of the window after which the deadline counts as near."""
    patience: Array
    """Present value of a point received after the next exchange of offers (0 to 1)."""


type OfferingRule = Callable[[Position], Array]
type AcceptanceRule = Callable[[Standing], Mask]

OFFERING: dict[str, OfferingRule] = {}
"""Offering rules by their name in a scenario; each returns an aspiration (R,) in points."""

BY_OFFERS: set[str] = set()
"""Names of the offering rules that use the utilities of the last offers."""

BY_STEPS = {"zeuthen", "micro"}
"""Names of the offering rules that concede by steps, whatever the other is believed to accept."""

ACCEPTANCE: dict[str, AcceptanceRule] = {}
"""Acceptance rules by their name in a scenario; each returns whether to accept (R,)."""


def offering(name: str, by_offers: bool = False) -> Callable[[OfferingRule], OfferingRule]:
    """Register an offering rule and clip its aspiration to [reservation, best].

    by_offers: whether the rule uses the utilities of the last offers.
    """

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
    """Register an acceptance rule under the name that scenarios use."""

    def register(rule: AcceptanceRule) -> AcceptanceRule:
        ACCEPTANCE[name] = rule
        return rule

    return register


@offering("boulware")
def boulware(position: Position) -> Array:
    """Concede with time according to the exponent, and partly as the other concedes.

    The aspiration is reservation + A (best - reservation), where
    A = (1 - w) (1 - elapsed^(1/exponent)) + w mirror. With an exponent below 1 most concessions are
    made near the end; this strategy is named after Lemuel Boulware. Without mirroring (w = 0) the
    aspiration ends at the reservation value. Source: Faratin, Sierra and Jennings 1998.
    """
    return _by_clock(position, position.exponent)


@offering("linear")
def linear(position: Position) -> Array:
    """Concede in proportion to the time used: boulware with an exponent of 1."""
    return _by_clock(position, np.ones_like(position.exponent))


@offering("conceder")
def conceder(position: Position) -> Array:
    """Concede early: boulware with the exponent replaced by its inverse if it is below 1."""
    return _by_clock(position, np.maximum(position.exponent, 1.0 / position.exponent))


@offering("tit_for_tat")
def tit_for_tat(position: Position) -> Array:
    """Concede the same share of the room as the other has conceded (Faratin et al. 1998)."""
    return _of_room(position, position.mirror)


@offering("rubinstein")
def rubinstein(position: Position) -> Array:
    """Ask for the utility of the stationary proposal (Rubinstein 1982), or `best` without one."""
    return np.where(np.isnan(position.stationary), _top(position), position.stationary)


@offering("zeuthen", by_offers=True)
def zeuthen(position: Position) -> Array:
    """Concede one step if the side's risk limit is not above the other's (Zeuthen 1930).

    The risk limit of a side is (own offer - other's offer) / (own offer - reservation), in its own
    utility. The side whose offer has the smaller product of gains over the two reservation values
    has the lower limit (Harsanyi 1956), so the rule compares products and avoids a division. If
    they are equal, both sides concede.
    """
    own = _surplus(position.own_offer_own, position.reservation) * _surplus(
        position.own_offer_other, position.other_reservation
    )
    other = _surplus(position.other_offer_own, position.reservation) * _surplus(
        position.other_offer_other, position.other_reservation
    )
    both_offered = (position.offers_made > 0) & (position.offers_received > 0)
    return position.previous - np.where(both_offered & (own <= other), position.step, 0.0)


@offering("micro")
def micro(position: Position) -> Array:
    """Concede one step if the other has made at least as many different offers (de Jonge 2022)."""
    matched = (position.offers_made > 0) & (position.offers_made <= position.offers_received)
    return position.previous - np.where(matched, position.step, 0.0)


@acceptance("ac_next")
def ac_next(standing: Standing) -> Mask:
    """Accept an offer that reaches both the reservation value and the side's next aspiration.

    Source: Baarslag et al. 2013.
    """
    return _at_least(standing.offered, np.maximum(standing.reservation, standing.next_aspiration))


@acceptance("ac_combi")
def ac_combi(standing: Standing) -> Mask:
    """Accept like ac_next; near the deadline also accept the best offer received so far.

    That offer must still reach the reservation value. The deadline is near once the elapsed share
    of the window reaches `deadline_share`. Source: Baarslag, Hindriks and Jonker 2013.
    """
    near_deadline = standing.elapsed >= standing.deadline_share
    best = _at_least(standing.offered, np.maximum(standing.reservation, standing.best_seen))
    return ac_next(standing) | (near_deadline & best)


@acceptance("rubinstein")
def ac_rubinstein(standing: Standing) -> Mask:
    """Accept an offer that is worth at least the discounted value of the side's own next proposal.

    offered - reservation >= patience (next aspiration - reservation) (Rubinstein 1982).
    """
    room = np.maximum(standing.next_aspiration - standing.reservation, 0.0)
    return _at_least(standing.offered, standing.reservation + standing.patience * room)


def exponent(base: Array, slope: Array, firmness: Array) -> Array:
    """Return the concession exponent (R,) of a side, given its firmness (0 to 1).

    base exp(-slope (firmness - 1/2)): a firmer side concedes later.

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
    """Return the reservation value (R,), in points: the lowest utility that a side accepts.

    -threat_cost / resolve + enforcement enforcement_cost
        + resolve anticipation max(0, threshold + spread Phi^-1(target))

    All inputs are (R,). threat_cost: expected cost of the other's threats in points, which counts
    less for a side with more resolve. enforcement (0 to 1) costs sovereignty: enforcement_cost
    points at 1. A side that anticipates ratification (anticipation from 0 to 1) asks for the
    utility that is ratified with probability `target` (strictly between 0 and 1), given the
    ratification threshold and its spread in points (Iida 1993, Putnam 1988).

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


def heeded(threat_cost: Array, anticipation: Array, foresight: Array, consistency: Array) -> Array:
    """Return the part of a threat's expected cost that moves a leader, in points (R,).

    (1 - kappa a (1 - nu)) q C. A leader that anticipates ratification (a, 0 to 1) counts the cost
    of no agreement only as far as home counts it (foresight nu, 0 to 1; Putnam 1988, Iida 1993).
    With a = kappa = 1 and nu = 0, a threat that home ignores does not move the leader. consistency
    kappa (0 to 1) scales the correction; it is 0 in the first edition, in which a leader counted
    the cost in full although home ignored it. threat_cost q C: points (R,).

    >>> one, none = np.ones(2), np.zeros(2)
    >>> heeded(one, one * 0.5, none, one), heeded(one, one * 0.5, one, one)
    (array([0.5, 0.5]), array([1., 1.]))
    """
    return threat_cost * (1.0 - consistency * anticipation * (1.0 - foresight))


def delivered(deferred: Array, trust: Array, snapback: Array, enforcement: Array) -> Array:
    """Return the share of an issue that a side can expect to receive, from 0 to 1 (Kydd 2000).

    1 - deferred (1 - trust) (1 - snapback enforcement), all from 0 to 1. The part delivered after
    signing is lost if the other breaks its promise, unless enforcement makes it good.

    >>> delivered(np.ones(2), np.full(2, 0.65), np.full(2, 0.6), np.array([0.0, 0.5])).round(12)
    array([0.65 , 0.755])
    """
    return 1.0 - deferred * (1.0 - trust) * (1.0 - snapback * enforcement)


def _top(position: Position) -> Array:
    """Return the highest possible aspiration: `best`, but at least the reservation value."""
    return np.maximum(position.best, position.reservation)


def _of_room(position: Position, share: Array) -> Array:
    """Return the utility at a share (0 to 1) of the distance from the reservation to the best."""
    return position.reservation + (_top(position) - position.reservation) * share


def _by_clock(position: Position, exponent: Array) -> Array:
    """Return the aspiration given the elapsed time, mixed with what the other has not conceded."""
    time_left = 1.0 - position.elapsed ** (1.0 / exponent)
    weight = position.mirror_weight
    return _of_room(position, (1.0 - weight) * time_left + weight * position.mirror)


def _surplus(worth: Array, reservation: Array) -> Array:
    """Return by how much a utility exceeds a reservation value; 0 below it."""
    return np.maximum(worth - reservation, 0.0)


def _at_least(worth: Array, floor: Array) -> Mask:
    """Return whether a utility reaches a floor; equality counts."""
    return worth >= floor - TOLERANCE
