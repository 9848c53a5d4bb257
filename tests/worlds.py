"""A few worlds of a scenario for the tests to look into."""

from collections.abc import Mapping
from typing import Any

from experiments.engine import build
from model.negotiation import Negotiation
from model.schema.scenario import load_scenario


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
