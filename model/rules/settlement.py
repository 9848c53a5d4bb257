"""Effects of an agreement on the state: entry into force, failed ratification, end of a deal."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Mask, stack
from model.outcomes import comprehensive
from model.rules.curves import Bends, felt
from model.rules.implementation import (
    TALLIES,
    enlarged,
    granted,
    is_relief,
    relieve,
    share_at_signing,
)
from model.rules.offers import exchange, utility
from model.rules.solutions import frontier, nash, nash_point, pareto_gap, remaining_gain
from model.schema.scenario import Scenario
from model.sides import SIDES, other_side
from model.state.names import ParameterName, StateName
from model.state.state import DEAL, NONE, TALKS
from model.state.store import Store


class Promise(NamedTuple):
    """Obligations of a side under a deal, each (R,)."""

    burden: Array  # cost of what the side still has to deliver, in points
    stake: Array  # utility of what the other side gives, in points
    limited: Array  # share of the burden that a capacity limits


PROMISE: tuple[StateName, ...] = ("burden", "stake", "limited")  # the states of a `Promise`
RESTORED: tuple[tuple[StateName, StateName], ...] = (  # and where they are kept during a deal
    ("tariff", "tariff_before"),
    ("controls", "controls_before"),
)

SHARE_AT_SIGNING: tuple[ParameterName, ...] = (  # the arguments of `share_at_signing`
    "implementation.first_share",
    "implementation.phases",
    "implementation.review",
)


def close_deal(store: Store, setting: Scenario, week: int, passed: Mask) -> None:
    """Put the package on the table into force if both sides ratified it; otherwise reset the talks.

    It changes the worlds in focus; passed: whether both sides ratified (R,). Tariff relief at level
    x removes the share x of the tariff above the base, as far as it is granted at signing. A
    failure is an involuntary defection (Putnam 1988): offers and aspirations are reset, beliefs are
    kept. In talks on a second phase, the package enlarges the deal in force, and a failure leaves
    that deal as it is.
    """
    second = passed & (store["second_open"] > 0.0)
    fresh = passed & ~second
    held = np.where(second, store["agreement"], 0.0)
    package = enlarged(held, store["table"])
    _measure(store, setting, passed, second)
    first = passed & (store["agreement_week"] == NONE)
    store["agreement_week"] = np.where(first, week, store["agreement_week"])
    store["deal_week"] = np.where(fresh, week, store["deal_week"])
    store["deals"] = store["deals"] + fresh
    store["second_phases"] = store["second_phases"] + second
    store["phase"] = np.where(passed, DEAL, store["phase"])
    store["truce_weeks"] = np.where(passed, 0.0, store["truce_weeks"])
    _promise(store, setting, package, passed, held)
    store["agreement"] = np.where(passed, package, store["agreement"])
    families: list[str] = [card.family for card in setting.issues.values()]
    whole = np.where(comprehensive(package, families), 1.0, 0.0)
    store["deal_whole"] = np.where(passed, whole, store["deal_whole"])
    store["secret_deal"] = np.where(passed, store["deniable"], store["secret_deal"])
    store["enforcement"] = np.where(passed, store["enforcement_asked"], store["enforcement"])
    store["approval"] = store["approval"] + np.where(passed, store["approval.deal_bonus"], 0.0)
    _begin_deal(store, fresh)
    relieve(store, setting, passed)
    for state in ("pending", "pending_controls", "pending_weeks", "threat_kind"):
        store[state] = np.where(passed, 0.0, store[state])
    store["failures"] = store["failures"] + ~passed
    store["second_open"] = store.zeros()
    _reset(store, ~passed, store["ratification.keep_clock"])


def break_deal(store: Store, setting: Scenario, week: int, fell_short: Array) -> None:
    """End the deal in worlds in which a side fell short of it.

    fell_short: row of that side (0 or 1), or -1 to keep the deal (R,). Tariffs and controls return
    to their levels before the deal, and the talks start again.
    """
    ended = fell_short != NONE
    store["broken_week"] = np.where(ended, week, store["broken_week"])
    store["broken_by"] = np.where(ended, fell_short, store["broken_by"])
    store["phase"] = np.where(ended, TALKS, store["phase"])
    for name, before in RESTORED:
        higher = np.maximum(store[before], store[name])
        store[name] = np.where(ended, higher, store[name])
    store["assured"] = np.where(ended, 0.0, store["assured"])
    store["agreement"] = np.where(ended, np.nan, store["agreement"])
    store["enforcement"] = np.where(ended, np.nan, store["enforcement"])
    store["utility"] = np.where(ended, 0.0, store["utility"])
    for state in ("pareto_gap", "nash_gap", "compliance"):
        store[state] = np.where(ended, np.nan, store[state])
    store["arrears"] = np.where(ended, 0.0, store["arrears"])
    store["second_open"] = np.where(ended, 0.0, store["second_open"])
    store["deal_phase"] = np.where(ended, 0.0, store["deal_phase"])
    _reset(store, ended, store.zeros())


def open_second_phase(store: Store, opens: Mask) -> None:
    """Open talks on what the deal in force left open; opens: worlds in which they begin (R,)."""
    store["second_open"] = np.where(opens, 1.0, store["second_open"])
    _reset(store, opens, store.zeros())


def lower_obligations(store: Store, setting: Scenario, lowered: Mask) -> None:
    """Reduce a deal to what is delivered, and cancel arrears; lowered: worlds (R,)."""
    reduced = reduced_package(store, setting)
    before, signed = store["agreement"], store["signed_gains"]
    curves = [curvature(store, setting, side) for side in SIDES]
    lost = [np.where(lowered, felt(before, one) - felt(reduced, one), 0.0) for one in curves]
    worth = stack(utility(signed[0], lost[0]), utility(signed[1], lost[1]))
    store["utility"] = np.where(lowered, store["utility"] - worth, store["utility"])
    for side, key in enumerate(setting.sides):
        given = felt(reduced, curves[side])
        promise = promised(setting, key, signed[side], given, store["deferred"])
        for name, value in zip(PROMISE, promise, strict=True):
            store.set_row(name, side, np.where(lowered, value, store.row(name, side)))
        left = np.where(
            lowered, store.row("eased", side) * delivered_since_review(store, side), 1.0
        )
        store.set_row("eased", side, np.where(lowered, left, store.row("eased", side)))
    set_phased_stake(store, setting, reduced, lowered)
    store["agreement"] = np.where(lowered, reduced, before)
    store["granted"] = np.where(lowered, 1.0, store["granted"])
    phases = store["implementation.phases"]
    store["deal_phase"] = np.where(lowered, phases, store["deal_phase"])
    relieve(store, setting, lowered)
    for state in ("arrears", *TALLIES):
        store[state] = np.where(lowered, 0.0, store[state])
    store["renegotiations"] = store["renegotiations"] + lowered


def reduced_package(store: Store, setting: Scenario) -> Array:
    """Return the levels of the deal in force that are delivered (issues, R).

    An issue is reduced to the share of its obligations that its owner has delivered since the last
    review, and relief to what is granted in the last phase for what the other side has delivered.
    """
    sides, phases = list(setting.sides), store["implementation.phases"]
    first = share_at_signing(*(store[name] for name in SHARE_AT_SIGNING))
    kept = [delivered_since_review(store, side) for side in SIDES]
    relief = [granted(first, phases, phases, kept[other_side(side)]) for side in SIDES]
    shares = [
        (relief if is_relief(setting, key) else kept)[sides.index(card.owner)]
        for key, card in setting.issues.items()
    ]
    reduced: Array = store["agreement"] * np.stack(shares)
    return reduced


def delivered_since_review(store: Store, side: int) -> Array:
    """Return the mean share of its obligations that a side delivered since the last review (R,).

    It is 1 before the first week.
    """
    weeks, delivered = store["period_weeks"], store.row("period_delivered", side)
    return np.where(weeks > 0.0, delivered / np.maximum(weeks, 1.0), 1.0)


def _measure(store: Store, setting: Scenario, passed: Mask, second: Mask) -> None:
    """Set the utilities of the deal, its Pareto gap and its distance from the Nash point.

    A second phase adds to the utilities of the deal in force; the gaps are then those of the
    package that was added.
    """
    gains, floor, package = store["gains"], store["reservation"], store["table"]
    if setting.curved(store.swept()):
        bend = store["bend"]
        point = stack(*(utility(gains[side], felt(package, bend[side])) for side in SIDES))
        trades = exchange(gains[0], gains[1], Bends(bend[0], bend[1]))
        start = stack(utility(gains[0], trades.start), utility(gains[1], trades.start))
        best, gap = nash_point(trades, start, floor), remaining_gain(trades, start, point)
    else:
        point = stack(utility(gains[0], package), utility(gains[1], package))
        corners = frontier(gains[0], gains[1])
        best, gap = nash(corners, floor), pareto_gap(corners, point)
    offset = point - best
    distance = np.sqrt(offset[0] * offset[0] + offset[1] * offset[1])
    total = np.where(second, store["utility"] + point, point)
    store["utility"] = np.where(passed, total, store["utility"])
    store["pareto_gap"] = np.where(passed, gap, store["pareto_gap"])
    store["nash_gap"] = np.where(passed, distance, store["nash_gap"])


def _promise(store: Store, setting: Scenario, package: Array, passed: Mask, held: Array) -> None:
    """Set the obligations of each side, and what it would lose if the other side stopped.

    held: levels of the deal that a second phase enlarges, 0 without one (issues, R). The worth of
    an issue in an enlarged deal is the mean of what both parts were worth when they were agreed.
    """
    second = passed & (store["second_open"] > 0.0)
    for side, key in enumerate(setting.sides):
        curve = curvature(store, setting, side)
        bend = None if curve is None else store["bend"][side]
        given, before = felt(package, curve), felt(held, curve)
        added, divisor = felt(store["table"], bend), np.where(given > 0.0, given, 1.0)
        gains, old = store["gains_in_full"][side], store["signed_gains"][side]
        mean = np.where(given > 0.0, (old * before + gains * added) / divisor, gains)
        signed = np.where(second, mean, gains)
        store.set_row("signed_gains", side, np.where(passed, signed, old))
        promise = promised(setting, key, signed, given, store["deferred"])
        for name, value in zip(PROMISE, promise, strict=True):
            store.set_row(name, side, np.where(passed, value, store.row(name, side)))
    fresh = passed & ~second
    for state in ("arrears", "delivered_sum", "deal_weeks", *TALLIES):
        store[state] = np.where(fresh, 0.0, store[state])
    set_phased_stake(store, setting, package, passed)


def set_phased_stake(store: Store, setting: Scenario, package: Array, where: Mask) -> None:
    """Set the part of each side's stake that the other grants only for delivery; where: (R,)."""
    first = share_at_signing(*(store[name] for name in SHARE_AT_SIGNING))
    for side, key in enumerate(setting.sides):
        gains, total = store["signed_gains"][side], store.zeros()
        given = felt(package, curvature(store, setting, side))
        for row, (issue, card) in enumerate(setting.issues.items()):
            if card.owner != key and is_relief(setting, issue):
                total = total + np.maximum(gains[row], 0.0) * given[row]
        phased = np.where(where, (1.0 - first) * total, store.row("stake_phased", side))
        store.set_row("stake_phased", side, phased)


def curvature(store: Store, setting: Scenario, side: int) -> Array | None:
    """Return the curvature of a side's worth of whole issues (issues, R); None if linear."""
    return store["curvature"][side] if setting.curved(store.swept()) else None


def promised(
    setting: Scenario, side: str, gains: Array, package: Array, deferred: Array
) -> Promise:
    """Return the obligations of a side under a deal.

    gains: marginal utilities of the side when the deal was made, in points (issues, R); package:
    levels from 0 to 1 (issues, R), as `curves.felt` by the side; deferred: share of each issue
    delivered after signing (issues, R).
    """
    burden = stake = limited = np.zeros_like(gains[0])
    for row, card in enumerate(setting.issues.values()):
        if card.owner == side:
            due = np.maximum(-gains[row], 0.0) * package[row] * deferred[row]
            burden = burden + due
            if card.counts_above:
                limited = limited + due
        else:
            stake = stake + np.maximum(gains[row], 0.0) * package[row]
    part = np.where(burden > 0.0, limited / np.where(burden > 0.0, burden, 1.0), 0.0)
    return Promise(burden, stake, part)


def _begin_deal(store: Store, fresh: Mask) -> None:
    """Keep the tariffs and controls from before a new deal, and begin its first phase (R,)."""
    for name, before in RESTORED:
        store[before] = np.where(fresh, store[name], store[before])
    first = share_at_signing(*(store[name] for name in SHARE_AT_SIGNING))
    store["granted"] = np.where(fresh, first, store["granted"])
    store["eased"] = np.where(fresh, 1.0, store["eased"])
    store["deal_phase"] = np.where(fresh, 1.0, store["deal_phase"])
    store["review_weeks"] = np.where(fresh, store["implementation.review"], store["review_weeks"])


def _reset(store: Store, failed: Mask, kept: Array) -> None:
    """Reset offers, aspirations and the clock of the talks in the worlds `failed` (R,).

    kept: share of the clock that is kept (R,).
    """
    store["clock"] = np.where(failed, kept * store["clock"], store["clock"])
    store["aspiration"] = np.where(failed, np.inf, store["aspiration"])
    store["first_seen"] = np.where(failed, np.nan, store["first_seen"])
    store["best_seen"] = np.where(failed, -np.inf, store["best_seen"])
    store["offers"] = np.where(failed, 0.0, store["offers"])
    store["offer"] = np.where(failed, np.nan, store["offer"])
