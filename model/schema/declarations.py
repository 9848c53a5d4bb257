"""Declarations of scenario files: type, unit, range, meaning and source of each place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeAliasType,
    Union,
    get_args,
    get_origin,
)

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from model.schema.parameters import ASSUMPTION, NO_UNIT
from model.schema.problems import Place


@dataclass(frozen=True)
class Declaration:
    """One number of a scenario with its unit, range, meaning and source."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    integer: bool
    built_in: bool  # the same in all worlds


@dataclass(frozen=True)
class Slot:
    """The declaration of one place of a scenario file."""

    kind: Any  # the type, without aliases and annotations
    field: FieldInfo | None

    @property
    def numeric(self) -> bool:
        """Return whether this place contains a declared number."""
        return self.kind in (float, int)

    @property
    def meaning(self) -> str:
        """Return the meaning of the place."""
        return (self.field.description or "") if self.field else ""

    @property
    def unit(self) -> str:
        """Return the unit of a declared number."""
        return self._note("unit")

    @property
    def source(self) -> str:
        """Return the source of the default of a declared number."""
        return self._note("source") or ASSUMPTION

    @property
    def built_in(self) -> bool:
        """Return whether a declared number is the same in all worlds and cannot be swept."""
        return bool(self._note("built_in"))

    @property
    def fact(self) -> bool:
        """Return whether a declared number is a fact of history, which no rule of the model reads.

        Such a number is no parameter.
        """
        return bool(self._note("fact"))

    @property
    def first_edition(self) -> Any:
        """Return the value that reproduces the first edition of the model; None if it had it."""
        notes = self.field.json_schema_extra if self.field else None
        return notes.get("first_edition") if isinstance(notes, dict) else None

    @property
    def default(self) -> Any:
        """Return the default, or None if a value must be given."""
        return None if self.field is None or self.field.is_required() else self.field.default

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Return the smallest and the largest valid value of a declared number."""
        marks = self.field.metadata if self.field else []
        low = next(mark.ge for mark in marks if isinstance(mark, Ge))
        high = next(mark.le for mark in marks if isinstance(mark, Le))
        return low, high  # type: ignore[return-value]

    def demand(self) -> str:
        """Return a description of the valid values, such as "a number between 0 and 1"."""
        if self.numeric:
            low, high = self.limits
            noun = "a whole number" if self.kind is int else "a number"
            return f"{noun} between {low:g} and {high:g}"
        if get_origin(self.kind) is Literal:
            return "one of " + ", ".join(f'"{option}"' for option in get_args(self.kind))
        if get_origin(self.kind) is list:
            return "a list"
        plain = {
            str: "text in quotes",
            bool: "true or false",
            date: "a date such as 2025-02-01, of the years 1000 to 2999",
        }
        return plain.get(self.kind, "a table")

    def note(self) -> str:
        """Return the meaning and the unit of the place, in brackets."""
        unit = f"unit: {self.unit}" if self.numeric and self.unit != NO_UNIT else ""
        parts = [part for part in (self.meaning, unit) if part]
        return f" ({'; '.join(parts)})" if parts else ""

    @cached_property
    def inner(self) -> "Slot | None":
        """Return the declaration of each entry of a table of entries or of a list."""
        holds = get_origin(self.kind) in (dict, list)
        return _slot(get_args(self.kind)[-1]) if holds else None

    def _note(self, key: str) -> str:
        notes = self.field.json_schema_extra if self.field else None
        return str(notes.get(key, "")) if isinstance(notes, dict) else ""


class Leaf(NamedTuple):
    """A place with a plain value, and the source of the entry that contains it."""

    place: Place
    slot: Slot
    value: Any
    source: str


def _slot(annotation: Any, field: FieldInfo | None = None) -> Slot:
    """Return the slot of a type without its aliases and annotations."""
    if isinstance(annotation, TypeAliasType):
        return _slot(annotation.__value__, field)
    if get_origin(annotation) is Annotated:
        base, *marks = get_args(annotation)
        own = next((mark for mark in marks if isinstance(mark, FieldInfo)), None)
        return _slot(base, field or own)
    return Slot(annotation, field)


def is_table(kind: Any) -> bool:
    """Return whether a type is a table with declared entries."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def variants(kind: Any) -> dict[str, type[BaseModel]]:
    """Return the tables of a union by what each has as `kind`; nothing for other types."""
    tables = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    return {get_args(slots(table)["kind"].kind)[0]: table for table in tables if is_table(table)}


@cache
def slots(table: type[BaseModel]) -> dict[str, Slot]:
    """Return the declaration of each place of a table, by key."""
    return {key: _slot(field.annotation, field) for key, field in table.model_fields.items()}


def slot_at(table: type[BaseModel], place: Place) -> Slot | None:
    """Return the declaration of a place, or None if there is no such place."""
    slot: Slot | None = Slot(table, None)
    for part in place:
        if slot is None:
            return None
        if kinds := variants(slot.kind):
            slot = _of_a_kind(kinds, str(part))
        else:
            slot = slots(slot.kind).get(str(part)) if is_table(slot.kind) else slot.inner
    return slot


def _of_a_kind(kinds: Mapping[str, type[BaseModel]], part: str) -> Slot | None:
    """Return the table of a kind, or the entry of this name of the first kind that has one."""
    if part in kinds:
        return Slot(kinds[part], None)
    return next((slots(table)[part] for table in kinds.values() if part in slots(table)), None)


def leaves(
    table: type[BaseModel], content: Mapping[str, Any], place: Place = (), source: str = ""
) -> Iterator[Leaf]:
    """Yield each place of a table that has a plain value; the value is None if not written."""
    own = content.get("source")
    source = own if isinstance(own, str) else source
    for key, slot in slots(table).items():
        yield from _leaves(slot, content.get(key), (*place, key), source)


def _leaves(slot: Slot, value: Any, place: Place, source: str) -> Iterator[Leaf]:
    inner, kinds = slot.inner, variants(slot.kind)
    content = value if isinstance(value, dict) else {}
    if kinds:
        kind = content.get("kind")
        if isinstance(kind, str) and kind in kinds:
            yield from leaves(kinds[kind], content, place, source)
    elif is_table(slot.kind):
        yield from leaves(slot.kind, content, place, source)
    elif inner is None or (get_origin(slot.kind) is list and not _holds_tables(inner)):
        yield Leaf(place, slot, value, source)
    else:
        rows = value if isinstance(value, list) else ()
        items = value.items() if isinstance(value, dict) else enumerate(rows)
        for key, item in items:
            yield from _leaves(inner, item, (*place, key), source)


def _holds_tables(slot: Slot) -> bool:
    return is_table(slot.kind) or bool(variants(slot.kind))


def dotted(place: Place) -> str:
    """Return the dotted name of a place.

    >>> dotted(("sides", "US", "kappa"))
    'sides.US.kappa'
    """
    return ".".join(map(str, place))


def declarations(
    table: type[BaseModel], content: Mapping[str, Any], sources: Mapping[str, str]
) -> dict[str, Declaration]:
    """Return the declaration of every parameter in a complete table, by dotted name.

    Parameters are all numbers that are not facts of history. The source of a number is the first of
    these that exists: its entry in `sources`, the source of its declaration (if it has the default
    value), the source of its entry, "assumption".
    """
    declared = {}
    for place, slot, value, entry_source in leaves(table, content):
        if not slot.numeric or slot.fact:
            continue
        name = dotted(place)
        by_default = value == slot.default
        source = sources.get(name) or (slot.source if by_default else entry_source or ASSUMPTION)
        low, high = slot.limits
        declared[name] = Declaration(
            name, value, slot.unit, low, high, slot.meaning, source, slot.kind is int, slot.built_in
        )
    return declared
