"""Says what is wrong with a value in the words of its declaration."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from model.arrays import Array
from model.declarations import Declaration, Slot, is_table, slot_at, slots
from model.problems import Place, Problem, did_you_mean, where, written


def fault(details: ErrorDetails, table: type[BaseModel]) -> Problem:
    """Return what pydantic found wrong with the content of a table as a problem in plain words."""
    place, value = details["loc"], details["input"]
    if place[-1] == "[key]":
        why = "a key must begin with a letter and hold only letters, digits and _"
        example = '"speaker>listener"' if place[0] == "edges" else "farm_states"
        return Problem(where(place[:-1]), "", why, f"Write for example {example}.")
    slot = slot_at(table, place)
    if slot is None:
        return _unknown(place, value, table)
    if details["type"] == "missing":
        why = f"it is missing: {_demanded(slot)}"
        return Problem(where(place), "", why)
    return Problem(where(place), written(value), f"must be {_demanded(slot)}", _remedy(slot, value))


def _demanded(slot: Slot) -> str:
    return f"{slot.demand()} ({slot.meaning})" if slot.meaning else slot.demand()


def _unknown(place: Place, value: object, table: type[BaseModel]) -> Problem:
    """Say that a table has no such entry, and which it has."""
    above = slot_at(table, place[:-1])
    known = list(slots(above.kind)) if above and is_table(above.kind) else []
    noun = "table or entry in a scenario" if len(place) == 1 else "entry in this table"
    return Problem(
        where(place), written(value), f"no such {noun}", did_you_mean(str(place[-1]), known)
    )


def _remedy(slot: Slot, value: object) -> str:
    """Return what would do instead of a value."""
    if get_origin(slot.kind) is Literal and isinstance(value, str):
        return did_you_mean(value, get_args(slot.kind))
    if slot.numeric and slot.default is not None:
        return f"Default: {slot.default:g}."
    if slot.numeric and isinstance(value, int | float) and not isinstance(value, bool):
        low, high = slot.limits
        return f"{low if value < low else high:g} is the nearest."
    return ""


def swept(
    known: Mapping[str, Declaration], sweep: Mapping[str, ArrayLike], worlds: int
) -> tuple[dict[str, Array], list[Problem]]:
    """Return swept numbers as contiguous arrays (worlds,), and all that is wrong with them."""
    arrays: dict[str, Array] = {}
    problems = []
    for name, values in sweep.items():
        found = np.asarray(values)
        problem = _swept_fault(name, known.get(name), found, worlds, known)
        if problem:
            problems.append(problem)
        else:
            arrays[name] = np.ascontiguousarray(found, dtype=np.float64)
    return arrays, problems


def _swept_fault(
    name: str,
    declared: Declaration | None,
    found: Any,
    worlds: int,
    known: Mapping[str, Declaration],
) -> Problem | None:
    if declared is None:
        return Problem(name, "", "no such number in the scenario", did_you_mean(name, known))
    if found.dtype.kind not in "iuf":
        return Problem(name, written(found.tolist()), "must be numbers", f"Unit: {declared.unit}.")
    if found.shape != (worlds,):
        shape = f"an array of shape {found.shape}"
        return Problem(name, shape, f"must be one number for each of {worlds} worlds")
    low, high = declared.low, declared.high
    bad = ~((found >= low) & (found <= high))  # a NaN is bad too
    noun = "a number"
    if declared.integer:
        bad |= found != np.floor(found)
        noun = "a whole number"
    if not bad.any():
        return None
    world = int(np.flatnonzero(bad)[0])
    why = f"must be {noun} between {low:g} and {high:g} {declared.unit}".rstrip()
    place = f"{name} in world {world}"
    return Problem(place, f"{found[world]:g}", f"{why} ({declared.meaning})", "")
