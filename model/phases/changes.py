"""Changes of parameters: a scenario gives some parameters another value from a given week on."""

from typing import TYPE_CHECKING

import numpy as np

from model.schema.entries import ParameterChange

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def change_parameters(n: "Negotiation") -> None:
    """Set each parameter that the scenario changes to its value of this week.

    The value depends on the week alone, not on what was set before, so that a world that goes on
    from a recorded week has it too. Of two changes that are due, the later one counts.
    """
    store = n.store
    for row, name in enumerate(n.keys.changed):
        value = store.at_start(name)
        latest = np.zeros_like(value)
        for event, card in n.setting.of_kind(ParameterChange):
            if card.parameter == name:
                week = store.of("events", event, "week")
                due = (week <= n.week) & (week >= latest)
                value = np.where(due, store.of("events", event, "value"), value)
                latest = np.where(due, week, latest)
        store.change(name, value)
        store.set_row("changed", row, value)
