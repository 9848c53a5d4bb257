"""What an agreement does: a deal in force, or a failure at home that starts the talks anew."""

import numpy as np

from model.arrays import Array, Mask
from model.offers import utility
from model.scenario import Scenario
from model.solutions import frontier, nash, pareto_gap
from model.state import DEAL
from model.store import Store


def close_deal(store: Store, setting: Scenario, week: int, passed: Mask) -> None:
    """Put the package on the table in force where both sides ratified it, else reset the talks.

    Works on the worlds in focus; passed: (R,). Tariff relief at level x lifts the share x of what
    stands above the base; a failure is involuntary defection (Putnam 1988): what was offered and
    asked for is forgotten, what was learned is not.
    """
    package = store["table"]
    _measure(store, package, passed)
    store["phase"] = np.where(passed, DEAL, store["phase"])
    store["agreement_week"] = np.where(passed, float(week), store["agreement_week"])
    store["agreement"] = np.where(passed, package, store["agreement"])
    store["enforcement"] = np.where(passed, store["enforcement_asked"], store["enforcement"])
    store["approval"] = store["approval"] + np.where(passed, store["approval.deal_bonus"], 0.0)
    _deliver(store, setting, package, passed)
    _reset(store, ~passed)


def _measure(store: Store, package: Array, passed: Mask) -> None:
    """Set what the deal is worth, what it leaves on the table, and how far the Nash point is."""
    gains, floor = store["gains"], store["reservation"]
    point = np.stack([utility(gains[0], package), utility(gains[1], package)])
    corners = frontier(gains[0], gains[1])
    apart = point - nash(corners, floor)
    distance = np.sqrt(apart[0] * apart[0] + apart[1] * apart[1])
    store["utility"] = np.where(passed, point, store["utility"])
    store["pareto_gap"] = np.where(passed, pareto_gap(corners, point), store["pareto_gap"])
    store["nash_gap"] = np.where(passed, distance, store["nash_gap"])


def _deliver(store: Store, setting: Scenario, package: Array, passed: Mask) -> None:
    """Lower tariffs and controls as agreed, and drop what was announced in answer."""
    sides = list(setting.sides)
    for row, card in enumerate(setting.issues.values()):
        level = np.where(passed, package[row], 0.0)
        if card.tariff:
            side = sides.index(card.owner)
            tariff, base = store.row("tariff", side), store[f"sides.{card.owner}.tariff_base"]
            store.set_row("tariff", side, tariff - level * np.maximum(tariff - base, 0.0))
        if card.relieves == "export_controls":
            store["controls"] = store["controls"] * (1.0 - level)
    store["pending"] = np.where(passed, 0.0, store["pending"])


def _reset(store: Store, failed: Mask) -> None:
    """Start the talks anew after an involuntary defection."""
    store["failures"] = store["failures"] + failed
    store["clock"] = np.where(failed, 0.0, store["clock"])
    store["aspiration"] = np.where(failed, np.inf, store["aspiration"])
    store["first_seen"] = np.where(failed, np.nan, store["first_seen"])
    store["best_seen"] = np.where(failed, -np.inf, store["best_seen"])
    store["offers"] = np.where(failed, 0.0, store["offers"])
    store["offer"] = np.where(failed, np.nan, store["offer"])
