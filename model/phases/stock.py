"""Stock-taking: peaks, sums and counts that are kept at the end of a week."""

from typing import TYPE_CHECKING

import numpy as np

from model.outcomes import DECOUPLED_TRADE

if TYPE_CHECKING:
    from model.negotiation import Negotiation


def take_stock(n: "Negotiation") -> None:
    """Keep peaks and sums."""
    store = n.store
    store["tariff_peak"] = np.maximum(store["tariff_peak"], store["tariff"])
    store["income"] = store["income_level"] / store["income_start"]
    store["income_sum"] = store["income_sum"] + store["income"]
    store["trade"] = store["trade_level"] / store["trade_start"]
    low = store["trade"] < DECOUPLED_TRADE
    store["low_trade_weeks"] = np.where(low, store["low_trade_weeks"] + 1.0, 0.0)
    store["weeks"] = store["weeks"] + 1.0
