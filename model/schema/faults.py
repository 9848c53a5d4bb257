"""Says what is wrong with a value in the words of its declaration."""

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
        "must begin with a letter and hold only letters, digits and _",
        "Write for example farm_states.",
    ),
    "string_too_short": ("must not be empty", 'Where no source is known write "assumption".'),
}
_ARROW = ("must be of the form speaker>listener", 'Write for example "adviser>leader".')


def fault(details: ErrorDetails, table: type[BaseModel]) -> Problem:
    """Return what pydantic found wrong with the content of a table as a problem in plain words."""
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
        return Problem(heading(place), "", str(details["ctx"]["error"]), "Change one of the two.")
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
    """Say that a table of a union has no kind, or an unknown one."""
    slot = slot_at(table, place)
    kinds = list(variants(slot.kind)) if slot else []
    listed = ", ".join(f'"{kind}"' for kind in kinds)
    own = value.get("kind") if isinstance(value, dict) else None
    if own is None:
        return Problem(where((*place, "kind")), "", f"it is missing; write one of {listed}")
    hint = did_you_mean(own, kinds).partition("Known")[0] if isinstance(own, str) else ""
    return Problem(where((*place, "kind")), written(own), f"must be one of {listed}", hint)


def _unknown(place: Place, value: object, above: Slot | None) -> Problem:
    """Say that a table has no such entry, and which it has."""
    known = list(slots(above.kind)) if above and is_table(above.kind) else []
    hint = did_you_mean(str(place[-1]), known)
    if isinstance(value, dict):
        return Problem(heading(place), "", "no such table", hint)
    noun = "entry in this table" if len(place) > 1 else "entry in a scenario"
    return Problem(where(place), written(value), f"no such {noun}", hint)


def _remedy(slot: Slot, value: object) -> str:
    """Return what would do instead of a value."""
    if get_origin(slot.kind) is Literal and isinstance(value, str):
        return did_you_mean(value, get_args(slot.kind)).partition("Known")[0]
    if slot.numeric and slot.default is not None:
        return f"Default: {slot.default:g}."
    if slot.numeric and isinstance(value, int | float):
        return _nearest(float(value), *slot.limits)
    return ""


def _nearest(value: float, low: float, high: float) -> str:
    """Return the nearest value that would do, if one can be told."""
    if low <= value <= high or value != value:
        return ""
    return f"{low if value < low else high:g} would do."


def swept(
    known: Mapping[str, Declaration], sweep: Mapping[str, ArrayLike], worlds: int
) -> tuple[dict[str, Array], list[Problem]]:
    """Return swept numbers as contiguous arrays (worlds,), and all that is wrong with them."""
    arrays: dict[str, Array] = {}
    problems = []
    for name, values in sweep.items():
        if name not in known:
            why = "there is no such number in the scenario"
            problems.append(Problem(name, "", why, did_you_mean(name, known)))
            continue
        try:
            found = np.asarray(values)
        except ValueError:  # rows of unequal length
            found = np.array(str(values))
        problem = _swept_fault(known[name], found, worlds)
        if problem:
            problems.append(problem)
        else:
            arrays[name] = np.ascontiguousarray(found, dtype=np.float64)
    return arrays, problems


def _swept_fault(declared: Declaration, found: NDArray[Any], worlds: int) -> Problem | None:
    name, low, high = declared.name, declared.low, declared.high
    noun = "a whole number" if declared.integer else "a number"
    demand = f"{noun} between {low:g} and {high:g}"
    if found.dtype.kind not in "iuf":
        return Problem(name, written(found.tolist()), f"must be {demand} in each world")
    if found.shape != (worlds,):
        shape = f"an array of shape {found.shape}"
        return Problem(name, shape, f"must be {demand} in each world", f"Shape: ({worlds},).")
    good = (found >= low) & (found <= high)  # a NaN is not
    if declared.integer:
        good &= found == np.floor(found)
    if good.all():
        return None
    world = int(np.argmin(good))
    value = float(found[world])
    why = f"must be {demand} ({declared.meaning}; unit: {declared.unit})"
    return Problem(f"{name} in world {world}", f"{value:g}", why, _nearest(value, low, high))
