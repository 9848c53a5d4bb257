"""Reservations: leaders weigh the issues and set what they would settle for."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def appraise(n: "Negotiation") -> None:
    """Set demands for enforcement, the worth of each issue, and the reservations."""
    store = n.store
    asked = 0.5 * (n.leaders[0].opinion[2] + n.leaders[1].opinion[2])
    lowest, highest = store["enforcement.lowest"], store["enforcement.highest"]
    store["enforcement_asked"] = np.maximum(np.minimum(asked, highest), lowest)
    for leader in n.leaders:
        leader.appraise()
    for leader in n.leaders:
        leader.update_belief()
