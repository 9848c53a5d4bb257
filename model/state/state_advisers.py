"""The states of advisers: change of their access, errors of judgement, who leads the talks."""

import numpy as np

from model.arrays import unit
from model.rules import advisers
from model.schema.scenario import Scenario
from model.state.keys import Declarer
from model.state.random_streams import RandomStreams

NOBODY = -1.0  # no adviser leads the talks
ADVISES = ("adviser", "analyst")  # kinds of actors whose judgement has an error


def declare_advisers(add: Declarer, setting: Scenario, streams: RandomStreams) -> None:
    """Declare access and leads, and add the errors of judgement to the advisers' firmness."""
    actors = add.keys.actors
    leads = [actors.index(c.lead) if c.lead else NOBODY for c in setting.sides.values()]
    add("access_change", "actor", 0.0, "0 to 1", "change of an actor's access since the start")
    add("lead_actor", "side", np.array(leads)[:, np.newaxis] + 0.0, "actor", "row of the lead")
    add("lead_changes", "side", 0.0, "times", "changes of the lead negotiator")
    add("gap_before", "side", -1.0, "points", "gap after the last answer, -1 before the first")
    for side in setting.sides:
        _err(add, setting, streams, side)


def _err(add: Declarer, setting: Scenario, streams: RandomStreams, side: str) -> None:
    store, actors = add.store, setting.actors
    rows = [
        row
        for row, card in enumerate(actors.values())
        if card.side == side and card.kind in ADVISES
    ]
    if not rows:
        return
    names = list(actors)
    firmness = store["conviction"][rows, 0]
    own = np.stack([streams.normal(f"judgement/{names[row]}", 0) for row in rows])
    common = streams.normal(f"groupthink/{side}", 0)
    alike = store["influence.groupthink"] * advisers.likeness(firmness)
    wrong = advisers.errors(own, common, alike, store["influence.judgement_error"])
    for state in ("conviction", "opinion"):
        values = store[state].copy()
        values[rows, 0] = unit(values[rows, 0] + wrong)
        store[state] = values
