"""Editions of the model: `edition = 1` sets the rules of the second edition to neutral values.

Each number of the second edition declares the value at which the first edition is reproduced. A
scenario can add further values in its table `first_edition`, by dotted name, for example the way in
which a side ratified.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from model.schema.declarations import leaves
from model.schema.problems import Place
from model.schema.reading import changed


def first_edition(
    table: type[BaseModel], content: Mapping[str, Any], only_missing: bool = False
) -> dict[str, Any]:
    """Return a scenario's content with the rules of the first edition.

    table: the declaration of the whole content. only_missing: whether numbers of the second edition
    that are written in the content keep their values, and its table `first_edition` is not applied.
    """
    new: dict[str, Any] = {**content, "edition": 1}
    for leaf in leaves(table, content):
        value = leaf.slot.first_edition
        if value is not None and not (only_missing and leaf.value is not None):
            new = changed(new, leaf.place, value)
    own = content.get("first_edition")
    if isinstance(own, dict) and not only_missing:
        for name, value in own.items():
            new = changed(new, _place(name), value)
    return new


def completed(table: type[BaseModel], content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored content of a scenario; content without an edition is of the first.

    Results and transcripts of versions before 0.3 contain no edition.
    """
    if "edition" in content:
        return dict(content)
    return first_edition(table, content, only_missing=True)


def _place(name: str) -> Place:
    """Return the place of a dotted name."""
    return tuple(int(part) if part.isdigit() else part for part in name.split("."))
