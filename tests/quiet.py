"""Small negotiations in which nothing happens by itself, for the tests of single phases."""

from typing import Any

import numpy as np

from experiments.engine import build
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.threats import THREAT
from model.rules.settlement import close_deal
from model.schema.scenario import load_scenario
from model.state.names import StateName

ACTING = ("threats", "ultimatum", "retaliation", "gestures", "summits", "truce", "revocation",
          "snapback", "shirking", "slack", "exposure", "shocks", "deniability",
          "intended_compliance", "guarantees", "phasing", "implementation_sessions",
          "renegotiation", "second_phase")  # fmt: skip
US, CN = 0, 1


def quiet(worlds: int = 4, overrides: dict[str, Any] | None = None, on: str = "") -> Negotiation:
    """Return talks at week 0 in which nothing happens by itself but what is `on`.

    The rules are those of the first edition, unless an override sets numbers of the second.
    """
    numbers = {"edition": 1, "talks.rate": 0.0, "events.0.size": 0.0, "coercion.fuse_spread": 0.0}
    off = [name for name in ACTING if name not in on.split()]
    return build(load_scenario("february_2025", numbers | {"off": off} | (overrides or {})), worlds)


def force(n: Negotiation, name: str, value: float) -> None:
    """Set a parameter, also past what a scenario may say."""
    n.store.declare(name, (), np.full(n.worlds, value), "-", "forced")


def threatened(n: Negotiation, side: int, kind: float, size: float = 0.2) -> None:
    """Let a side's threat fall due in the coming call."""
    values = (kind, size, 1.0)
    for name, value in zip(THREAT, values, strict=True):
        n.store.set_row(name, side, np.full(n.worlds, value))


def signed(n: Negotiation, level: float = 1.0) -> None:
    """Put a package with all issues at a level in force."""
    n.store["table"] = np.full_like(n.store["table"], level)
    n.store["enforcement_asked"] = np.full(n.worlds, 0.5)
    close_deal(n.store, n.setting, n.week, np.ones(n.worlds, dtype=bool))


def before(n: Negotiation, *names: StateName) -> list[Array]:
    """Return copies of states."""
    return [n.store[name].copy() for name in names]
