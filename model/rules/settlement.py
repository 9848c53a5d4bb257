"""Effects of an agreement on the state: entry into force, failed ratification, end of a deal."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Mask, stack
from model.outcomes import comprehensive
from model.rules.offers import utility
from model.rules.solutions import frontier, nash, pareto_gap
from model.schema.scenario import Scenario
from model.state.names import StateName
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


def close_deal(store: Store, setting: Scenario, week: int, passed: Mask) -> None:
    """Put the package on the table into force if both sides ratified it; otherwise reset the talks.

    It changes the worlds in focus; passed: whether both sides ratified (R,). Tariff relief at level
    x removes the share x of the tariff above the base. A failure is an involuntary defection
    (Putnam 1988): offers and aspirations are reset, beliefs are kept.
    """
    package = store["table"]
    _measure(store, package, passed)
    first = passed & (store["agreement_week"] == NONE)
    store["agreement_week"] = np.where(first, week, store["agreement_week"])
    store["deal_week"] = np.where(passed, week, store["deal_week"])
    store["deals"] = store["deals"] + passed
    store["phase"] = np.where(passed, DEAL, store["phase"])
    store["truce_weeks"] = np.where(passed, 0.0, store["truce_weeks"])
    store["agreement"] = np.where(passed, package, store["agreement"])
    families: list[str] = [card.family for card in setting.issues.values()]
    whole = np.where(comprehensive(package, families), 1.0, 0.0)
    store["deal_whole"] = np.where(passed, whole, store["deal_whole"])
    store["secret_deal"] = np.where(passed, store["deniable"], store["secret_deal"])
    store["enforcement"] = np.where(passed, store["enforcement_asked"], store["enforcement"])
    store["approval"] = store["approval"] + np.where(passed, store["approval.deal_bonus"], 0.0)
    _promise(store, setting, package, passed)
    _deliver(store, setting, package, passed)
    store["failures"] = store["failures"] + ~passed
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
    _reset(store, ended, store.zeros())


def _measure(store: Store, package: Array, passed: Mask) -> None:
    """Set the utilities of the deal, its Pareto gap and its distance from the Nash point."""
    gains, floor = store["gains"], store["reservation"]
    point = stack(utility(gains[0], package), utility(gains[1], package))
    corners = frontier(gains[0], gains[1])
    offset = point - nash(corners, floor)
    distance = np.sqrt(offset[0] * offset[0] + offset[1] * offset[1])
    store["utility"] = np.where(passed, point, store["utility"])
    store["pareto_gap"] = np.where(passed, pareto_gap(corners, point), store["pareto_gap"])
    store["nash_gap"] = np.where(passed, distance, store["nash_gap"])


def _promise(store: Store, setting: Scenario, package: Array, passed: Mask) -> None:
    """Set the obligations of each side, and what it would lose if the other side stopped."""
    for side, key in enumerate(setting.sides):
        promise = promised(setting, key, store["gains"][side], package, store["deferred"])
        for name, value in zip(PROMISE, promise, strict=True):
            store.set_row(name, side, np.where(passed, value, store.row(name, side)))
    for state in ("arrears", "delivered_sum"):
        store[state] = np.where(passed, 0.0, store[state])
    store["deal_weeks"] = np.where(passed, 0.0, store["deal_weeks"])


def promised(
    setting: Scenario, side: str, gains: Array, package: Array, deferred: Array
) -> Promise:
    """Return the obligations of a side under a deal.

    gains: marginal utilities of the side when the deal was made, in points (issues, R); package:
    levels from 0 to 1 (issues, R); deferred: share of each issue delivered after signing
    (issues, R).
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


def _deliver(store: Store, setting: Scenario, package: Array, passed: Mask) -> None:
    """Lower tariffs and controls as agreed, and cancel pending threats and announced answers."""
    sides = list(setting.sides)
    for name, before in RESTORED:
        store[before] = np.where(passed, store[name], store[before])
    for row, card in enumerate(setting.issues.values()):
        level, side = np.where(passed, package[row], 0.0), sides.index(card.owner)
        if card.tariff:
            tariff, base = store.row("tariff", side), store.of("sides", card.owner, "tariff_base")
            base = base + store.row("revoked", side) * store["revocation.size"]
            store.set_row("tariff", side, tariff - level * np.maximum(tariff - base, 0.0))
        if card.relieves == "export_controls":
            store.set_row("controls", side, store.row("controls", side) * (1.0 - level))
        if card.relieves == "revocation":
            store["assured"] = np.where(passed, level, store["assured"])
    for state in ("pending", "pending_controls", "pending_weeks", "threat_kind"):
        store[state] = np.where(passed, 0.0, store[state])


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
