"""What a package is worth to a side: the stakes of its groups, scaled by the state of the week.

A leader's value of an issue is the weighted sum of what the groups at home gain and lose by it
(Grossman and Helpman 1994); losses may loom larger (Tversky and Kahneman 1992).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.arrays import Array


def side_value(stakes: Array, weights: Array, loss_aversion: Array) -> Array:
    """Return a side's value of one issue in points (R,): sum w p, losses times loss aversion.

    stakes p: points of each group at level 1 (groups, R); weights w: (groups, R), summing to 1;
    loss_aversion: at least 1 (R,).

    >>> side_value(np.array([[0.4], [-0.2]]), np.array([[0.5], [0.5]]), np.array([2.0])).tolist()
    [0.0]
    """
    total = np.zeros_like(loss_aversion)
    for row in range(stakes.shape[0]):
        stake = stakes[row]
        total = total + weights[row] * np.where(stake < 0.0, loss_aversion * stake, stake)
    return total


@dataclass(frozen=True)
class Kind:
    """Say how an issue's worth to a side depends on the week."""

    received: bool  # the other side owns the issue
    tariff: bool  # it is relief of the owner's tariff
    netted: bool  # it counts only above the exports that tariff relief restores
    controls: bool  # it lifts the owner's export controls


@dataclass(frozen=True)
class Week:
    """Hold what the worth of issues depends on in a week, each (R,)."""

    relief: Array  # pain of this side that the other's tariff causes above its base, in unit pain
    pain_weight: Array  # points for a unit of pain over the political horizon
    own_tariff: Array  # own tariff above its base, as a share of that at the start
    uncovered: Array  # share of a purchase promise above the exports that relief restores
    own_controls: Array  # own export controls, as a share of those at the start
    other_controls: Array


def marginal(static: Array, kinds: Sequence[Kind], delivered: Array, week: Week) -> Array:
    """Return the marginal utilities g (issues, R): + b d where the other gives, - c at one's own.

    static: the issues' values at level 1 (issues, R), for received tariff relief a factor of the
    pain relieved; delivered: d (issues, R). What is in force scales relief on both sides of the
    table: its worth to the receiver is the pain relieved, its cost to the owner grows with it.
    """
    received = np.array([[kind.received] for kind in kinds])
    gains: Array = np.where(received, static * delivered, static)
    for worth, kind in zip(gains, kinds, strict=True):
        if kind.received:
            if kind.tariff:
                worth *= week.pain_weight
                worth *= week.relief
            elif kind.netted:
                worth *= week.uncovered
            elif kind.controls:
                worth *= week.other_controls
        elif kind.tariff:
            worth *= week.own_tariff
        elif kind.controls:
            worth *= week.own_controls
    return gains


def tariff_above_base(tariff: Array, base: Array, start: Array) -> Array:
    """Return a tariff above its base as a share of that at the start, not negative (R,).

    tariff, base, start: (R,), as shares of the import price. Where the start is at the base the
    tariff in force above it counts in units of ten points.

    >>> tariff_above_base(*(np.array([v]) for v in (0.3, 0.1, 0.2))).round(6).tolist()
    [2.0]
    """
    room = start - base
    return np.maximum(tariff - base, 0.0) / np.where(room > 0.0, room, 0.10)
