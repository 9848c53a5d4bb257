"""Split the file of a lesson into head, text and blocks, with line numbers."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.lessons.forms import FORMS, Form
from model.schema.problems import Problem, did_you_mean, written

HEAD = "+++"
FENCE = re.compile(r"^(`{3,}|~{3,})\s*([^\s`]*)\s*$")
POSITION = re.compile(r"\(at line (\d+), column \d+\)")
PLAIN = ("", "text", "toml", "python", "bash")  # fences that are shown as code


@dataclass(frozen=True)
class Block:
    """A part of a file. kind: text, head, or the name of a fence; line: of its first content."""

    kind: str
    line: int
    text: str

    def at(self, key: str = "") -> str:
        """Return the line and kind of the block, or of one of its keys, for messages."""
        pattern = re.compile(rf'^\s*"?{re.escape(key)}"?\s*[=.]') if key else None
        for number, line in enumerate(self.text.splitlines()):
            if pattern and pattern.match(line):
                return f"line {self.line + number}, {self.kind}: {key}"
        return f"line {max(self.line - 1, 1)}, {self.kind}" + (f": {key}" if key else "")


def blocks(text: str, problems: list[Problem]) -> Iterator[Block]:
    """Yield the blocks of a file in order, starting with the head."""
    lines = text.removeprefix("\ufeff").splitlines()
    start = 0
    if lines and lines[0].strip() == HEAD:
        ends = [number for number, line in enumerate(lines) if line.strip() == HEAD][1:]
        if not ends:
            problems.append(Problem("line 1, head", "", f"it has no second line {HEAD}", "Add it."))
            return
        start = ends[0] + 1
        yield Block("head", 2, "\n".join(lines[1 : ends[0]]))
    else:
        remedy = f"Begin with {HEAD}, title, about, sources, {HEAD}."
        problems.append(Problem("line 1", "", f"the file does not begin with {HEAD}", remedy))
    yield from _body(lines, start, problems)


def _body(lines: list[str], start: int, problems: list[Problem]) -> Iterator[Block]:
    """Yield text and fenced blocks, starting at a line."""
    text_start, number = start, start
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            number += 1
            continue
        mark, kind = fence.groups()
        end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == mark), None)
        if end is None:
            position = f"line {number + 1}"
            problems.append(Problem(position, lines[number].strip(), "this block has no end", mark))
            return
        if kind not in PLAIN:
            yield Block("text", text_start + 1, "\n".join(lines[text_start:number]))
            yield Block(kind, number + 2, "\n".join(lines[number + 1 : end]))
            text_start = end + 1
        number = end + 1
    yield Block("text", text_start + 1, "\n".join(lines[text_start:]))


def filled[F: Form](form: type[F], block: Block, problems: list[Problem]) -> F | None:
    """Return the table of a block, or None after adding its problems."""
    try:
        table = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        position = POSITION.search(str(error))
        line = block.line + int(position[1]) - 1 if position else block.line
        why = f"this is not valid TOML: {POSITION.sub('', str(error)).strip()}"
        remedy = 'Write lines as key = value, and texts in quotation marks: "text".'
        problems.append(Problem(f"line {line}, {block.kind}", _line(block, line), why, remedy))
        return None
    try:
        return form.model_validate(table)
    except ValidationError as error:
        details = {str(one["loc"][0]): one for one in reversed(error.errors())}
        problems += [_fault(form, block, key, one) for key, one in reversed(details.items())]
        return None


def unknown(block: Block) -> Problem:
    """Return the problem of an unknown kind of block."""
    remedy = did_you_mean(block.kind, FORMS)
    return Problem(f"line {block.line - 1}", written(block.kind), "no such kind of block", remedy)


def _fault(form: type[Form], block: Block, key: str, details: ErrorDetails) -> Problem:
    """Return the problem of a key, in the words of its declaration."""
    fields: dict[str, Any] = dict(form.model_fields)
    if key not in fields:
        return Problem(block.at(key), _value(details), "no such key", did_you_mean(key, fields))
    why = f"must be {fields[key].description}"
    if details["type"] == "missing":
        return Problem(block.at(key), "", f"it is missing; it {why}")
    return Problem(block.at(key), _value(details), why)


def _value(details: ErrorDetails) -> str:
    value = details["input"]
    return written(list(value) if isinstance(value, list) else value)


def _line(block: Block, line: int) -> str:
    lines = block.text.splitlines()
    index = line - block.line
    return lines[index].strip()[:60] if 0 <= index < len(lines) else ""
