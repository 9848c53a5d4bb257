"""Turn docstrings, which are written as plain text and Markdown, into reStructuredText."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx

SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields|Notes?|Examples?):\n +\S")
CODE = re.compile(r"(`[^`\n]+`)")
SPECIAL = re.compile(r"([\\*|_`])")
GENERATED = "Alias for field number"  # what Python writes for the field of a named tuple


def setup(app: Sphinx) -> None:
    """Convert every docstring before the extension for Google style reads it."""
    app.connect("autodoc-process-docstring", process, priority=400)
    app.connect("autodoc-process-signature", shorten)


def process(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Convert the lines of a docstring in place; a table of a scenario also gets its fields."""
    text = "" if lines and lines[0].startswith(GENERATED) else "\n".join(lines)
    converted = convert(text)
    if isinstance(obj, type) and issubclass(obj, BaseModel):
        converted += "\n" + "\n".join(fields(obj)) + "\n"
    lines[:] = converted.splitlines()


def shorten(
    app: Sphinx, what: str, name: str, obj: object, options: object, signature: str, result: str
) -> tuple[str, str] | None:
    """Leave out the signature of a table, whose fields are listed, and make others valid Python."""
    if isinstance(obj, type) and issubclass(obj, BaseModel):
        return "", result
    return (signature.replace("<factory>", "..."), result) if signature else None


def convert(text: str) -> str:
    r"""Return a docstring as reStructuredText: only code, lists and sections keep a meaning.

    >>> print(convert("Return a*b of\nall `row`s.\n\n- a - b\n  c\n- d"), end="")
    Return a\*b of all ``row``\ s.
    <BLANKLINE>
    * a - b c
    * d
    """
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(_block(block) for block in blocks if block.strip()) + "\n"


def fields(table: type[BaseModel]) -> Iterator[str]:
    """Yield a list of a table's fields: name, meaning, and for a number its unit and range."""
    for name, field in table.model_fields.items():
        extra: Any = field.json_schema_extra
        unit = f" ({extra['unit']})" if isinstance(extra, dict) and "unit" in extra else ""
        yield f"* ``{name}``{unit}: {_inline(field.description or '')}"


def _block(block: str) -> str:
    if block.lstrip().startswith(">>>"):
        return block
    if SECTION.match(block):
        prose, *rest = re.split(r"(?=\n +>>> )", block, maxsplit=1)
        examples = "".join(rest)
        return "\n".join(_inline(line) for line in prose.splitlines()) + examples
    lines = [line.strip() for line in block.splitlines()]
    if lines[0].startswith("- "):
        items = re.split(r"\n- ", "\n".join(lines)[2:])
        return "\n".join(f"* {_inline(' '.join(item.split()))}" for item in items)
    if all(line.startswith("    ") for line in block.splitlines()):
        return "::\n\n" + block
    return _inline(" ".join(lines))


def _inline(text: str) -> str:
    """Escape what has a meaning in reStructuredText, and mark inline code."""
    parts = CODE.split(text)
    for place, prose in enumerate(parts):
        if place % 2:
            parts[place] = f"`{prose}`"
            continue
        parts[place] = SPECIAL.sub(r"\\\1", prose)
        if place and prose[:1].isalnum():
            parts[place] = "\\ " + parts[place]  # a blank that is not shown must end the code
    return "".join(parts)
