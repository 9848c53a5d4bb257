"""Compares runs world by world: in which outcomes and states they differ, and be it by a bit."""

import numpy as np
import xarray as xr

from experiments.engine import Run
from model.negotiation import Negotiation
from model.state.store import Values

# What is none of a number before there is an offer, a deal, a limit.
OPEN = {
    "agreement", "aspiration", "best_seen", "compliance", "enforcement", "first_seen", "nash_gap",
    "offer", "pareto_gap", "support", "table", "trial",
}  # fmt: skip
FROM_ZERO_TO_ONE = {
    "agreement", "approval", "enforcement", "enforcement_asked", "offer", "opinion", "table",
    "trust", "uncovered", "weight",
}  # fmt: skip
POSITIVE = {"broken", "elasticity", "income", "kept", "resolve", "trade"}
NOT_NEGATIVE = {"belief_variance", "pending", "rally", "relief", "seen_variance", "tariff"}


def same_bits(one: Values, other: Values) -> bool:
    """Return whether two arrays are the same to the last bit, NaN and the sign of 0 included."""
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def unequal(one: Run, other: Run, within: float | None = None) -> set[str]:
    """Return the outcomes and states in which the worlds and weeks that two runs share differ.

    Sides, issues, people and worlds are matched by name. Differing is by a bit or, where it is
    given, by more than `within`.
    """
    worlds = one.outcomes.index.intersection(other.outcomes.index)
    assert len(worlds)
    found = {
        column
        for column in one.outcomes.columns.intersection(other.outcomes.columns)
        if not _same(
            one.outcomes.loc[worlds, column].to_numpy(),
            other.outcomes.loc[worlds, column].to_numpy(),
            within,
        )
    }
    if one.weeks is not None and other.weeks is not None:
        ours, theirs = xr.align(one.weeks, other.weeks, join="inner")
        found |= {
            str(name)
            for name in ours.data_vars
            if name not in theirs or not _same(ours[name].values, theirs[name].values, within)
        }
    return found


def unequal_states(one: Negotiation, other: Negotiation) -> set[str]:
    """Return the states of two negotiations that differ in a bit."""
    ours, theirs = one.store.arrays(), other.store.arrays()
    assert ours.keys() == theirs.keys()
    return {name for name in ours if not same_bits(ours[name], theirs[name])}


def faults(negotiation: Negotiation) -> list[str]:
    """Return what is wrong with the state arrays: their layout, or values that cannot be."""
    store, found = negotiation.store, []
    for name, values in store.arrays().items():
        known = values[np.isfinite(values)]
        if not values.flags.c_contiguous:
            found.append(f"{name} is not C-contiguous")
        if name not in OPEN and known.size < values.size:
            found.append(f"{name} is not finite")
        if name in FROM_ZERO_TO_ONE and not ((known >= 0.0) & (known <= 1.0)).all():
            found.append(f"{name} is not between 0 and 1")
        if name in POSITIVE and not (known > 0.0).all():
            found.append(f"{name} is not positive")
        if name in NOT_NEGATIVE and not (known >= 0.0).all():
            found.append(f"{name} is negative")
    return found


def _same(one: Values, other: Values, within: float | None) -> bool:
    if one.dtype == object:
        return bool(np.array_equal(one, other))
    if within is None:
        return same_bits(one, other)
    return bool(np.allclose(one, other, rtol=0.0, atol=within, equal_nan=True))
