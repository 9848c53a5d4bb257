"""Produce the outcomes of the worlds, and record chosen states week by week."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from model.arrays import Array, Index
from model.outcomes import (
    AGREED,
    COMPREHENSIVE,
    MINI,
    FinalState,
    classify,
    comprehensive,
    outcome_keys,
)
from model.schema.entries import Shock
from model.schema.problems import Problem, ScenarioError, did_you_mean, written
from model.state.names import StateName
from model.state.state import DEAL, NONE, TRUCE
from model.state.store import Store, Values

if TYPE_CHECKING:
    from model.negotiation import Negotiation

PERCENT = 100.0
LOW_TRADE_WEEKS = 26.0
# States that are columns of their own name: of each side, or of the world
COUNTED: tuple[StateName, ...] = ("threats", "executed")
STANDING: tuple[StateName, ...] = ("trust", "approval")
TIMES: tuple[StateName, ...] = ("truces", "summits", "sessions", "leaks")
SIDE_HISTORY: tuple[StateName, ...] = (
    "answers",
    "backed_down",
    "postponed",
    "gestures",
    "revoked",
    "delivered_sum",
    "compensation",
)


def outcome_columns(negotiation: "Negotiation") -> dict[str, Values]:
    """Return the outcome of each world by column name, each (R,).

    model/columns.py declares the columns with units and meanings, in the same order.
    """
    store, keys = negotiation.store, negotiation.keys
    deal = store["phase"] == DEAL
    revoked = (store["revoked"] > 0.0).any(axis=0)
    package = np.where(np.isnan(store["agreement"]), 0.0, store["agreement"])
    families: list[str] = [card.family for card in negotiation.setting.issues.values()]
    number = classify(
        FinalState(
            in_force=deal,
            comprehensive=comprehensive(package, families),
            truce=store["phase"] == TRUCE,
            decoupled=(store["low_trade_weeks"] >= LOW_TRADE_WEEKS) | revoked,
            tariff=store.row("tariff", 0),
        )
    )
    week = store["agreement_week"]
    columns: dict[str, Values] = {
        "outcome": np.array(outcome_keys(), dtype=object)[number],
        "agreement_week": np.where(week == NONE, np.nan, week),
    }
    columns |= _by_side(keys.sides, "tariff", "_peak", store["tariff_peak"])
    columns |= _by_side(keys.sides, "tariff", "_final", store["tariff"])
    simulated = np.maximum(store["weeks"], 1.0)
    columns |= _by_side(
        keys.regions, "real_income", "", PERCENT * (store["income_sum"] / simulated - 1.0)
    )
    columns |= _by_side(keys.sides, "utility", "", store["utility"])
    columns["enforcement"] = store["enforcement"]
    simulated = store["deal_weeks"]
    kept = np.where(
        store["burden"].max(axis=0) > 0.0, store["delivered_sum"].min(axis=0), simulated
    )
    columns["compliance"] = np.where(simulated > 0.0, kept / np.maximum(simulated, 1.0), np.nan)
    for name in COUNTED:
        columns |= _by_side(keys.sides, name, "", store[name])
    columns["involuntary_defections"] = store["failures"]
    for name in STANDING:
        columns |= _by_side(keys.sides, name, "", store[name])
    columns["pareto_gap"] = store["pareto_gap"]
    columns["nash_gap"] = store["nash_gap"]
    for row, issue in enumerate(keys.issues):
        columns[f"agreed_{issue}"] = store.row("agreement", row)
    return columns | _history(negotiation)


def _history(negotiation: "Negotiation") -> dict[str, Values]:
    """Return the columns on threats, truces, deals and channels by name, each (R,)."""
    store, sides = negotiation.store, np.array([*negotiation.keys.sides, ""], dtype=object)
    broken = store["broken_week"]
    columns: dict[str, Values] = {
        "deals": store["deals"],
        "last_deal": np.array(["", MINI.key, COMPREHENSIVE.key], dtype=object)[
            np.where(store["deals"] > 0.0, 1 + (store["deal_whole"] > 0.0), 0)
        ],
        "broken_week": np.where(broken == NONE, np.nan, broken),
        "broken_by": sides[store["broken_by"].astype(int)],
        "refused_by": sides[store["refused_by"].astype(int)],
        "structural": _structural(negotiation),
        "stance_abroad": negotiation.stance_abroad(),
    }
    for name in TIMES:
        columns[name] = store[name]
    trials, warm = store["trials"], store["warm_trials"]
    columns["trials"] = trials
    columns["warm_trials"] = np.where(trials > 0.0, warm / np.maximum(trials, 1.0), np.nan)
    columns["trial_deal"] = store["trial_deal"] > 0.0
    for name in SIDE_HISTORY:
        columns |= _by_side(negotiation.keys.sides, name, "", store[name])
    columns["deal_weeks"] = store["deal_weeks"]
    for row, (_, card) in enumerate(negotiation.setting.of_kind(Shock)):
        columns[f"shock_{card.key}"] = store.row("happened", row)
    return columns


def _structural(negotiation: "Negotiation") -> Values:
    """Return whether a deal in force has technology or structure at 0.3 or more (R,)."""
    structural = np.zeros(negotiation.worlds, dtype=bool)
    for row, family in enumerate(negotiation.families):
        if family == "technology and structure":
            structural = structural | (negotiation.store.row("agreement", row) >= AGREED)
    return structural


def _by_side(names: Sequence[str], start: str, end: str, values: Array) -> dict[str, Values]:
    return {f"{start}_{name.lower()}{end}": values[row] for row, name in enumerate(names)}


class Recorder:
    """Record chosen states of the worlds for every week, from the start (week 0) to the horizon."""

    def __init__(self, names: Sequence[str], store: Store, weeks: int, worlds: int) -> None:
        unknown = [name for name in names if name not in store.states]
        if unknown:
            raise ScenarioError("record", [_unknown(name, store) for name in unknown])
        known = [cast("StateName", name) for name in names]
        self.states = {name: store.states[name] for name in known}
        self.values = {
            name: np.full((weeks + 1, *store[name].shape[:-1], worlds), np.nan) for name in known
        }

    def write(self, week: int, store: "Store | Any", places: Index) -> None:
        """Record the state of the first worlds in a week, at their places in the record.

        store: gives a state by its name, of these worlds first.
        """
        for name, values in self.values.items():
            values[week][..., places] = store[name][..., : places.size]

    def rest(self, week: int, places: Index) -> None:
        """Repeat the last state of worlds that have ended, up to the last week."""
        for values in self.values.values():
            values[week + 1 :, ..., places] = values[week][None, ..., places]


def _unknown(name: str, store: Store) -> Problem:
    return Problem("record", written(name), "no such state", did_you_mean(name, store.states, 60))


def coordinates(negotiation: "Negotiation", dims: Sequence[str]) -> dict[str, Any]:
    """Return the names along the dimensions of a record."""
    return {dim: negotiation.keys.names(dim) for dim in dims}
