"""A few worlds for the tests: numbers over two worlds, and a small negotiation to look into."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.engine import build
from model.arrays import Array
from model.negotiation import Negotiation
from model.scenario import load_scenario


def pair(number: float) -> Array:
    """Return one number for each of two worlds."""
    return np.full(2, number)


def talks(
    overrides: Mapping[str, Any] | None = None,
    weeks: int = 0,
    name: str = "february_2025",
    sweep: Mapping[str, Any] | None = None,
) -> Negotiation:
    """Return three worlds of a scenario after some weeks."""
    negotiation = build(load_scenario(name, overrides), worlds=3, seed=5, sweep=sweep)
    for _ in range(weeks):
        negotiation.step()
    return negotiation
