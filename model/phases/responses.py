"""Responses of the economy: trade, incomes and the pain of each group follow the tariffs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def feel(n: "Negotiation") -> None:
    """Let trade, incomes and pain respond to the tariffs and controls in force."""
    n.economy.feel(n.store)
