"""Worlds that were made up, so that the figures of them can be counted by hand."""

from typing import Any

import numpy as np

from experiments.diagnose.observe import CLOSED, OPENED, Observed
from experiments.learning_error import Errors
from model.arrays import Array
from model.schema.scenario import load_scenario

SETTING = load_scenario("february_2025")
ISSUES = len(SETTING.issues)
LEADING = {  # dimensions between week and world
    "agreement": (ISSUES,), "table": (ISSUES,),
    **dict.fromkeys(
        ("approval", "cred_backed", "cred_executed", "executed", "refused", "tariff",
         "threat_kind", "threats", "trust"),
        (2,),
    ),
}  # fmt: skip


def made_up(weeks: int, worlds: int = 1, **states: Any) -> Observed:
    """Return worlds in which nothing happens but what is given: states by name, (week, ..., R).

    A state is the same when the leaders move and at the end of the week. At the start all are 0.
    """
    opened: dict[Any, Array] = {}
    closed: dict[Any, Array] = {}
    for name in (*OPENED, *CLOSED):
        shape = (weeks, *LEADING.get(name, ()), worlds)
        given = np.broadcast_to(np.asarray(states.get(name, 0.0), dtype=np.float64), shape)
        if name in OPENED:
            opened[name] = given
        if name in CLOSED:
            closed[name] = np.concatenate([np.zeros_like(given[:1]), given])
    states = {key: state for key, state in states.items() if key not in (*OPENED, *CLOSED)}
    flags = np.ones((weeks, worlds), dtype=bool)
    room = np.broadcast_to(states.pop("room", True), (weeks, 2, worlds))
    pressed = np.broadcast_to(states.pop("pressed", 0.0), (weeks, 2, worlds))
    running = np.broadcast_to(states.pop("running", flags), (weeks, worlds))
    assert not states, states
    return Observed(
        setting=SETTING,
        running=running,
        opened=opened,
        closed=closed,
        room=room,
        pressed=pressed,
        counted=np.ones((2, worlds)),
        stakes=np.ones((2, worlds)),
        records={},
        offers=np.ones((2, worlds)),
        at_reservation=np.zeros((2, worlds)),
        errors=Errors(*np.ones((14, worlds))),
    )


def by_week(*values: float) -> Array:
    """Return the values of one world by week (week, 1)."""
    return np.array(values, dtype=np.float64)[:, None]
