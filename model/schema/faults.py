"""Describe invalid values in the terms of their declaration."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from model.arrays import Array
from model.schema.declarations import Declaration, Slot, is_table, slot_at, slots, variants
from model.schema.problems import Place, Problem, did_you_mean, heading, where, written

_PLAIN = {
    "string_pattern_mismatch": (
        "must begin with a letter and contain only letters, digits and _",
        "Example: farm_states.",
    ),
    "string_too_short": ("must not be empty", 'If no source is known, write "assumption".'),
}
_ARROW = ("must be of the form speaker>listener", 'Example: "adviser>leader".')


def fault(details: ErrorDetails, table: type[BaseModel]) -> Problem:
    """Convert an error of pydantic about the content of a table to a problem in plain words."""
    value, kind = details["input"], details["type"]
    full = details["loc"]  # within a union of tables, with the kind of the table
    if kind.startswith("union_tag"):
        return _no_kind(full, value, table)
    place = _without_kinds(full, table)
    if place[-1] == "[key]":
        why, remedy = _ARROW if place[0] == "edges" else _PLAIN[kind]
        return Problem(heading(place[:-1]), "", f"its name {why}", remedy)
    if kind in _PLAIN:
        return Problem(where(place), written(value), *_PLAIN[kind])
    if kind == "value_error":
        return Problem(heading(place), "", str(details["ctx"]["error"]), "Change one of them.")
    slot = slot_at(table, full)
    if slot is None:
        return _unknown(place, value, slot_at(table, full[:-1]))
    if kind == "missing":
        at = heading(place) if slot.demand() == "a table" else where(place)
        return Problem(at, "", f"it is missing; write {slot.demand()}{slot.note()}")
    why = f"must be {slot.demand()}{slot.note()}"
    return Problem(where(place), written(value), why, _remedy(slot, value))


def _without_kinds(place: Place, table: type[BaseModel]) -> Place:
    """Return a place as it is in the file, which has no level for the kind of a table."""
    kept = [
        part
        for index, part in enumerate(place)
        if not ((above := slot_at(table, place[:index])) and str(part) in variants(above.kind))
    ]
    return tuple(kept)


def _no_kind(place: Place, value: Any, table: type[BaseModel]) -> Problem:
    """Report a table of a union that has no kind, or an unknown one."""
    slot = slot_at(table, place)
    kinds = list(variants(slot.kind)) if slot else []
    listed = ", ".join(f'"{kind}"' for kind in kinds)
    own = value.get("kind") if isinstance(value, dict) else None
    if own is None:
        return Problem(where((*place, "kind")), "", f"it is missing; write one of {listed}")
    hint = did_you_mean(own, kinds).partition("Known")[0] if isinstance(own, str) else ""
    return Problem(where((*place, "kind")), written(own), f"must be one of {listed}", hint)


def _unknown(place: Place, value: object, above: Slot | None) -> Problem:
    """Report an unknown entry of a table, and name the known ones."""
    known = list(slots(above.kind)) if above and is_table(above.kind) else []
    hint = did_you_mean(str(place[-1]), known)
    if isinstance(value, dict):
        return Problem(heading(place), "", "no such table", hint)
    noun = "entry in this table" if len(place) > 1 else "entry in a scenario"
    return Problem(where(place), written(value), f"no such {noun}", hint)


def _remedy(slot: Slot, value: object) -> str:
    """Return a remedy for an invalid value, or ""."""
    if get_origin(slot.kind) is Literal and isinstance(value, str):
        return did_you_mean(value, get_args(slot.kind)).partition("Known")[0]
    if slot.numeric and slot.default is not None:
        return f"Default: {slot.default:g}."
    if slot.numeric and isinstance(value, int | float):
        return _nearest(float(value), *slot.limits)
    return ""


def _nearest(value: float, low: float, high: float) -> str:
    """Return the nearest valid value as a remedy, or "" if there is none."""
    if low <= value <= high or value != value:
        return ""
    return f"The nearest valid value is {low if value < low else high:g}."


def swept(
    known: Mapping[str, Declaration], sweep: Mapping[str, ArrayLike], worlds: int
) -> tuple[dict[str, Array], list[Problem]]:
    """Return swept numbers as contiguous arrays (worlds,), and the problems of the others."""
    arrays: dict[str, Array] = {}
    problems = []
    for name, values in sweep.items():
        if name not in known:
            why = "the scenario has no such number"
            problems.append(Problem(name, "", why, did_you_mean(name, known)))
            continue
        try:
            array = np.asarray(values)
        except ValueError:  # rows of unequal length
            array = np.array(str(values))
        problem = _swept_fault(known[name], array, worlds)
        if problem:
            problems.append(problem)
        else:
            arrays[name] = np.ascontiguousarray(array, dtype=np.float64)
    return arrays, problems


def _swept_fault(declared: Declaration, values: NDArray[Any], worlds: int) -> Problem | None:
    """Return the first problem of a swept number, or None if all its values are valid."""
    name, low, high = declared.name, declared.low, declared.high
    noun = "a whole number" if declared.integer else "a number"
    demand = f"{noun} between {low:g} and {high:g}"
    if values.dtype.kind not in "iuf":
        return Problem(name, written(values.tolist()), f"must be {demand} in each world")
    if values.shape != (worlds,):
        shape = f"an array of shape {values.shape}"
        remedy = f"Use an array of shape ({worlds},)."
        return Problem(name, shape, f"must be {demand} in each world", remedy)
    valid = (values >= low) & (values <= high)  # False for NaN
    if declared.integer:
        valid &= values == np.floor(values)
    if valid.all():
        return None
    world = int(np.argmin(valid))
    value = float(values[world])
    why = f"must be {demand} ({declared.meaning}; unit: {declared.unit})"
    return Problem(f"{name} in world {world}", f"{value:g}", why, _nearest(value, low, high))
