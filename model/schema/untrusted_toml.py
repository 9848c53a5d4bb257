"""Check the size of a TOML text before it is parsed, because parsing a large key takes very long.

Python's parser needs time that grows with the square of the number of parts of a key: 100 KB of
"a.a.a" took a minute.
"""

import re
import tomllib
from typing import Any

from model.schema.problems import Problem, WinsetError

LARGEST = 1_000_000  # bytes; the largest shipped scenario has 40,000
MOST_LINES = 20_000
MOST_TABLES = 2_000
DEEPEST = 16  # parts of a key; scenarios have at most four
LONGEST_LINE = 20_000  # characters
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
DEEP_KEY = re.compile(rf"(?<![\w-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{DEEPEST}}}")
HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


class TooMuchError(WinsetError, ValueError):
    """A text that is not parsed, with the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def loads(text: str) -> dict[str, Any]:
    """Parse a TOML text, like tomllib. Raises TooMuchError if it is too large or too deep."""
    if problem := too_much(text):
        raise TooMuchError(problem)
    return tomllib.loads(text)


def too_much(text: str) -> Problem | None:
    """Return why a TOML text is not parsed, or None.

    >>> too_much("a.b.c = 1")
    >>> print(too_much(".".join("a" * 20) + " = 1"))
    line 1: a key has more than 16 parts. Use at most three levels of tables.
    """
    if len(text) > LARGEST:
        why = f"it has {len(text):,} characters, at most {LARGEST:,} are read"
        return Problem("the file", "", why, "Split it with extends.")
    lines = text.count("\n") + 1
    if lines > MOST_LINES:
        why = f"it has {lines:,} lines, at most {MOST_LINES:,} are read"
        return Problem("the file", "", why, "Split it with extends.")
    tables = sum(1 for _ in HEADER.finditer(text))
    if tables > MOST_TABLES:
        why = f"it has {tables:,} tables, at most {MOST_TABLES:,} are read"
        return Problem("the file", "", why, "Split it with extends.")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            why = f"it has {len(line):,} characters, at most {LONGEST_LINE:,} are read"
            return Problem(f"line {number}", "", why, "Split the line.")
        comment = line.lstrip().startswith("#")
        if not comment and line.count(".") >= DEEPEST and DEEP_KEY.search(line):
            why = f"a key has more than {DEEPEST} parts"
            return Problem(f"line {number}", "", why, "Use at most three levels of tables.")
    return None
