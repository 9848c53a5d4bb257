"""Takes a lesson's file apart: the head, the text, and the blocks with their lines."""

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
PLACE = re.compile(r"\(at line (\d+), column \d+\)")
PLAIN = ("", "text", "toml", "python", "bash")  # fences that are shown as they stand


@dataclass(frozen=True)
class Block:
    """A piece of a file: kind is text, head, or that of a fence; line: of its first content."""

    kind: str
    line: int
    text: str

    def at(self, key: str = "") -> str:
        """Return where a key of the block stands, as a reader finds it."""
        found = re.compile(rf'^\s*"?{re.escape(key)}"?\s*[=.]') if key else None
        for number, line in enumerate(self.text.splitlines()):
            if found and found.match(line):
                return f"line {self.line + number}, {self.kind}: {key}"
        return f"line {max(self.line - 1, 1)}, {self.kind}" + (f": {key}" if key else "")


def blocks(text: str, problems: list[Problem]) -> Iterator[Block]:
    """Yield the blocks of a file in order, the head first if there is one."""
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
    """Yield text and fenced blocks from a line on."""
    here, number = start, start
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            number += 1
            continue
        mark, kind = fence.groups()
        end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == mark), None)
        if end is None:
            place = f"line {number + 1}"
            problems.append(Problem(place, lines[number].strip(), "this block has no end", mark))
            return
        if kind not in PLAIN:
            yield Block("text", here + 1, "\n".join(lines[here:number]))
            yield Block(kind, number + 2, "\n".join(lines[number + 1 : end]))
            here = end + 1
        number = end + 1
    yield Block("text", here + 1, "\n".join(lines[here:]))


def filled[F: Form](form: type[F], block: Block, problems: list[Problem]) -> F | None:
    """Return a block's table, or nothing, with all that is wrong with it."""
    try:
        table = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        line = block.line + int(place[1]) - 1 if place else block.line
        why = f"this is no TOML: {PLACE.sub('', str(error)).strip()}"
        remedy = 'A line is: key = value; texts stand between " and ".'
        problems.append(Problem(f"line {line}, {block.kind}", _line(block, line), why, remedy))
        return None
    try:
        return form.model_validate(table)
    except ValidationError as error:
        details = {str(one["loc"][0]): one for one in reversed(error.errors())}
        problems += [_fault(form, block, key, one) for key, one in reversed(details.items())]
        return None


def unknown(block: Block) -> Problem:
    """Say that there is no such kind of block."""
    remedy = did_you_mean(block.kind, FORMS)
    return Problem(f"line {block.line - 1}", written(block.kind), "no such kind of block", remedy)


def _fault(form: type[Form], block: Block, key: str, details: ErrorDetails) -> Problem:
    """Return what is wrong with a key in the words of its declaration."""
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
    place = line - block.line
    return lines[place].strip()[:60] if 0 <= place < len(lines) else ""
