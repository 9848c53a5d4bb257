"""Utility of issues to a side: the stakes of its groups, scaled by the state of the week.

A leader's value of an issue is the weighted sum of the gains and losses of the groups at home
(Grossman and Helpman 1994). Losses may weigh more than gains (Tversky and Kahneman 1992).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.arrays import Array


def side_value(stakes: Array, weights: Array, loss_aversion: Array) -> Array:
    """Return a side's value of one issue, in points (R,): sum w p, losses times loss_aversion.

    stakes p: points of each group at level 1 (groups, R); weights w: (groups, R), summing to 1;
    loss_aversion: factor of at least 1 (R,).

    >>> side_value(np.array([[0.4], [-0.2]]), np.array([[0.5], [0.5]]), np.array([2.0])).tolist()
    [0.0]
    """
    total = np.zeros_like(loss_aversion)
    for row in range(stakes.shape[0]):
        stake = stakes[row]
        total = total + weights[row] * np.where(stake < 0.0, loss_aversion * stake, stake)
    return total


STRUCTURAL = ("investment", "technology and structure")  # families of structural concessions


@dataclass(frozen=True)
class Kind:
    """The kind of an issue for one side: which state variables scale its utility."""

    received: bool  # the other side owns the issue
    tariff: bool  # it is relief of the owner's tariff
    netted: bool  # it counts only above the exports that tariff relief restores
    controls: bool  # it lifts the owner's export controls
    structural: bool = False  # a structural concession, which costs more in a weak economy


@dataclass(frozen=True)
class Week:
    """The state variables of a week that scale the utility of issues to a side, each (R,)."""

    relief: Array  # pain that the other's tariff above its base causes this side, in unit pain
    pain_weight: Array  # points per unit of pain over the political horizon
    own_tariff: Array  # own tariff above its base, as a share of its level at the start
    uncovered: Array  # share of a purchase promise above the exports that relief restores
    own_controls: Array  # own export controls, as a share of their level at the start
    other_controls: Array  # the other's export controls, as a share of their level at the start
    hardening: Array | float = 1.0  # cost of structural concessions relative to the start


def marginal(static: Array, kinds: Sequence[Kind], delivered: Array, week: Week) -> Array:
    """Return the marginal utilities of the issues to a side, in points (issues, R).

    For an issue that the other side gives it is b d, for an issue that the side itself gives -c.
    static: the value of each issue at level 1 (issues, R), b or -c in points; for received tariff
    relief a factor of the pain relieved. delivered d: share of each issue that the side expects to
    receive (issues, R). The tariff in force scales tariff relief for both sides: the receiver's
    utility is the pain relieved, and the owner's cost grows with the tariff.
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
            continue
        if kind.tariff:
            worth *= week.own_tariff
        elif kind.controls:
            worth *= week.own_controls
        if kind.structural:
            worth *= week.hardening
    return gains


def hardening(rate: Array, start: Array, now: Array, followed: Array) -> Array:
    """Return the cost of structural concessions relative to their cost at the start (R,).

    (1 + h (w0 + f (w - w0))) / (1 + h w0): a weak economy hardens. rate h: extra cost per unit of
    weakness; start w0 and now w: weakness of the economy at the start and this week; followed f:
    share of the change of weakness that costs follow, 0 to 1. All are (R,). f = 0 returns 1: costs
    keep the value of the start.

    >>> hardening(*(np.array([v]) for v in (0.5, 0.0, 0.4, 1.0))).tolist()
    [1.2]
    """
    return (1.0 + rate * (start + followed * (now - start))) / (1.0 + rate * start)


def tariff_above_base(tariff: Array, base: Array, start: Array) -> Array:
    """Return a tariff above its base relative to its level at the start, at least 0 (R,).

    (tariff - base) / (start - base); tariff, base, start: (R,), as shares of the import price. If
    the start is at the base, the tariff above the base is measured in units of ten points instead.

    >>> tariff_above_base(*(np.array([v]) for v in (0.3, 0.1, 0.2))).round(6).tolist()
    [2.0]
    """
    room = start - base
    return np.maximum(tariff - base, 0.0) / np.where(room > 0.0, room, 0.10)


def as_intended(
    gains: Array,
    received: Array,
    deferred: Array,
    intent: Array,
    weight: Array,
    forfeited: Array,
) -> Array:
    """Return marginal utilities as a side counts them if it may not keep its promises.

    An issue of the side itself is worth -c (1 - weight def (1 - sigma)): what is delivered after
    signing costs only as much as the side intends to deliver (Downs, Rocke and Barsoom 1996). An
    issue of the other side is worth b (1 - forfeited): shirking may lose a part of it. Together
    they are the gradient of the value of a package to a side that will choose between delivery and
    shirking by a logit, as in `compliance.willingness`. In points (issues, R).

    gains: marginal utilities at full cost (issues, R); received: whether the other side owns the
    issue (issues, 1); deferred def: share delivered after signing (issues, R); intent sigma: share
    of its promises that the side intends to keep (R,); weight: 0 (full cost) to 1 (R,); forfeited:
    expected share of what the other gives that shirking loses, 0 to 1 (R,).

    >>> gains, received = np.array([[-0.4], [0.4]]), np.array([[False], [True]])
    >>> one, half = np.ones(1), np.array([0.5])
    >>> as_intended(gains, received, np.ones((2, 1)), half, one, 0.5 * half).round(3).tolist()
    [[-0.2], [0.3]]
    """
    own = weight * deferred * (gains < 0.0) * (1.0 - intent)
    counted: Array = gains * (1.0 - np.where(received, forfeited * (gains > 0.0), own))
    return counted


def guarantee(
    gains: Array, received: Array, delivered: Array, at_risk: Array, trust: Array, share: Array
) -> Array:
    """Return the worth of the own tariff as a guarantee of what the other promises, points (R,).

    psi (1 - T) sum_k b_k r_k (Williamson 1983). It is lost with full relief of the tariff. gains:
    marginal utilities b d (issues, R); received: whether the other side owns the issue (issues, 1);
    delivered d: share that the side expects to receive (issues, R); at_risk r: level that is
    delivered after signing, def_k x_k (issues, R); trust T: 0 to 1 (R,); share psi (R,).

    >>> gains, received = np.array([[0.4]]), np.array([[True]])
    >>> half, one = np.array([0.5]), np.ones((1, 1))
    >>> guarantee(gains, received, one * 0.8, one, half, half).tolist()
    [0.125]
    """
    divisor = np.where(delivered > 0.0, delivered, 1.0)
    worth = np.where(received, np.maximum(gains, 0.0) / divisor, 0.0)
    total: Array = (worth * at_risk).sum(axis=0)
    return share * (1.0 - trust) * total
