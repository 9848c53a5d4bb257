"""What an agreement does: a deal in force, a failure at home, the end of a deal not kept."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Mask
from model.outcomes import comprehensive
from model.rules.offers import utility
from model.rules.solutions import frontier, nash, pareto_gap
from model.schema.scenario import Scenario
from model.state.state import DEAL, NONE, TALKS
from model.state.store import Store


class Promise(NamedTuple):
    """What a side still has to deliver, what it would lose, points; what meets a capacity (R,)."""

    burden: Array
    stake: Array
    limited: Array  # share of the burden


def close_deal(store: Store, setting: Scenario, week: int, passed: Mask) -> None:
    """Put the package on the table in force where both sides ratified it, else reset the talks.

    Works on the worlds in focus; passed: (R,). Tariff relief at level x lifts the share x of what
    stands above the base; a failure is involuntary defection (Putnam 1988): what was offered and
    asked for is forgotten, what was learned is not.
    """
    package = store["table"]
    _measure(store, package, passed)
    first = passed & (store["agreement_week"] == NONE)
    store["agreement_week"] = np.where(first, float(week), store["agreement_week"])
    store["deal_week"] = np.where(passed, float(week), store["deal_week"])
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
    _reset(store, ~passed)


def break_deal(store: Store, setting: Scenario, week: int, fell_short: Array) -> None:
    """End the deal where a side (0 or 1, -1 none) fell short of it (R,): all is as before it.

    Tariffs and controls snap back, the talks start anew.
    """
    ended = fell_short != NONE
    store["broken_week"] = np.where(ended, float(week), store["broken_week"])
    store["broken_by"] = np.where(ended, fell_short, store["broken_by"])
    store["phase"] = np.where(ended, TALKS, store["phase"])
    for name in ("tariff", "controls"):
        before = np.maximum(store[f"{name}_before"], store[name])
        store[name] = np.where(ended, before, store[name])
    store["assured"] = np.where(ended, 0.0, store["assured"])
    store["agreement"] = np.where(ended, np.nan, store["agreement"])
    store["enforcement"] = np.where(ended, np.nan, store["enforcement"])
    store["utility"] = np.where(ended, 0.0, store["utility"])
    for name in ("pareto_gap", "nash_gap", "compliance"):
        store[name] = np.where(ended, np.nan, store[name])
    store["arrears"] = np.where(ended, 0.0, store["arrears"])
    _reset(store, ended)


def _measure(store: Store, package: Array, passed: Mask) -> None:
    """Set what the deal is worth, what it leaves on the table, and how far the Nash point is."""
    gains, floor = store["gains"], store["reservation"]
    point = np.array([utility(gains[0], package), utility(gains[1], package)])
    corners = frontier(gains[0], gains[1])
    apart = point - nash(corners, floor)
    distance = np.sqrt(apart[0] * apart[0] + apart[1] * apart[1])
    store["utility"] = np.where(passed, point, store["utility"])
    store["pareto_gap"] = np.where(passed, pareto_gap(corners, point), store["pareto_gap"])
    store["nash_gap"] = np.where(passed, distance, store["nash_gap"])


def _promise(store: Store, setting: Scenario, package: Array, passed: Mask) -> None:
    """Set what each side still has to deliver, and what it would lose if the other stopped."""
    for side, name in enumerate(setting.sides):
        promise = promised(setting, name, store["gains"][side], package, store["deferred"])
        for state, value in promise._asdict().items():
            store.set_row(state, side, np.where(passed, value, store.row(state, side)))
    for state in ("arrears", "delivered_sum"):
        store[state] = np.where(passed, 0.0, store[state])
    store["deal_weeks"] = np.where(passed, 0.0, store["deal_weeks"])


def promised(
    setting: Scenario, side: str, gains: Array, package: Array, deferred: Array
) -> Promise:
    """Return what a deal asks of a side, by its marginal utilities (issues, R) when it was made.

    package and deferred: (issues, R), as shares.
    """
    burden, stake, limited = (np.zeros(gains.shape[-1]) for _ in range(3))
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
    """Lower tariffs and controls as agreed, and drop threats and what was announced in answer."""
    sides = list(setting.sides)
    for name in ("tariff", "controls"):
        store[f"{name}_before"] = np.where(passed, store[name], store[f"{name}_before"])
    for row, card in enumerate(setting.issues.values()):
        level, side = np.where(passed, package[row], 0.0), sides.index(card.owner)
        if card.tariff:
            tariff, base = store.row("tariff", side), store[f"sides.{card.owner}.tariff_base"]
            base = base + store.row("revoked", side) * store["revocation.size"]
            store.set_row("tariff", side, tariff - level * np.maximum(tariff - base, 0.0))
        if card.relieves == "export_controls":
            store.set_row("controls", side, store.row("controls", side) * (1.0 - level))
        if card.relieves == "revocation":
            store["assured"] = np.where(passed, level, store["assured"])
    for name in ("pending", "pending_controls", "pending_weeks", "threat_kind"):
        store[name] = np.where(passed, 0.0, store[name])


def _reset(store: Store, failed: Mask) -> None:
    """Start the talks anew."""
    store["clock"] = np.where(failed, 0.0, store["clock"])
    store["aspiration"] = np.where(failed, np.inf, store["aspiration"])
    store["first_seen"] = np.where(failed, np.nan, store["first_seen"])
    store["best_seen"] = np.where(failed, -np.inf, store["best_seen"])
    store["offers"] = np.where(failed, 0.0, store["offers"])
    store["offer"] = np.where(failed, np.nan, store["offer"])
