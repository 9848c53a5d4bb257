"""Mutate the text of a scenario file in ways that people, editors and attackers might."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.statistics import keyed_generator
from model.schema.reading import shipped

type Random = np.random.Generator
type Lines = list[str]

TIMES = (1, 1, 1, 2, 3)  # numbers of mutations of a file; a single one may give a valid file
NUMBERS = (
    "nan", "inf", "-inf", "-1", "0", "-0.0", "1e308", "-1e308", "1e-320", "1e400", "0.5", "1", "2",
    "7.5", "260", "521", "9223372036854775808", "1" * 400, "1" * 5000, "0x" + "f" * 5000, "1_000",
    "0b1", "01", "1e", "+1", "1.",
)  # fmt: skip
WORDS = (
    '""', '" "', '"US"', '"A"', '"nobody"', '"boulware"', '"<script>alert(1)</script>"', '"../.."',
    '"\\u0000"', '"\\u202Etxt"', '"é😀"', '"{amount:999999999f}"', '"{amount.__class__}"', '"{"',
    '"' + "x" * 100_000 + '"', '"' + "x" * 5000 + '.toml"', '"a\\u0000.toml"', '"/etc/passwd"',
    '"' + "../" * 2000 + 'x.toml"', "'''\n\n'''", "'", '"unclosed', "bare", "true", "false",
)  # fmt: skip
SHAPES = (
    "[]", "{}", "[[]]", "{ a = 1 }", "[1, 'x', {}]", "2025-02-01", "9999-12-31", "0001-01-01",
    "2025-02-30", "12:00:00", "2025-02-01T00:00:00Z", "[" * 100 + "]" * 100,
    "[" * 5000, "[" * 3000 + "]" * 3000, "[" + "1," * 20_000 + "]", '["US", "US"]', "",
)  # fmt: skip
NAMES = (
    "", "x", "name", "title", "weight", "rate", "é", '""', '"a b"', "a.b", "a" * 5000, "__class__",
    "US", "us", "row", "model_config", "-1", '"a>b"', '"a>a"', "source", "week",
)  # fmt: skip
LINES = (
    "extends = 'itself.toml'", "extends = 'friend.toml'", "extends = 'classroom'", "extends = '.'",
    "extends = ['classroom']", "[talks]", "[talks]\nrate = 2", "[sides.US]", "[sides.third]",
    "[[events]]", "[[shocks]]", "[[sides]]", "[a.b.c.d.e]", "[" + ".".join(["a"] * 3000) + "]",
    "off = ['threats', 'nothing']", "]", "=", "\x00", "\ufeff", "talks.rate = 0.5",
    "[sources]\n'talks.nothing' = 'a book'", "a" * 100_000, "#" * 100_000,
)  # fmt: skip


def mutated_scenario(number: int) -> str:
    """Return the text of a mutated scenario file, always the same for the same number.

    >>> mutated_scenario(3) == mutated_scenario(3), mutated_scenario(3) == mutated_scenario(4)
    (True, False)
    """
    rng = keyed_generator("mutated scenarios", number)
    paths = [*shipped().values()]
    lines = paths[int(rng.integers(len(paths)))].read_text(encoding="utf-8").splitlines()
    for _ in range(pick(rng, TIMES)):
        lines = pick(rng, MUTATIONS)(lines, rng) or lines
    return "\n".join(lines)


def write_mutated(number: int, folder: Path) -> Path:
    """Write a mutated scenario, and a second file that extends it, so that a cycle is possible."""
    path = folder / "itself.toml"
    path.write_text(mutated_scenario(number), encoding="utf-8")
    friend = 'name = "friend"\ntitle = "A friend"\nextends = "itself.toml"\n'
    (folder / "friend.toml").write_text(friend, encoding="utf-8")
    return path


def pick[T](rng: Random, choices: "tuple[T, ...] | list[T]") -> T:
    """Return a random choice."""
    return choices[int(rng.integers(len(choices)))]


def _random_match(lines: Lines, rng: Random, pattern: str) -> tuple[int, re.Match[str]] | None:
    """Return the number of a random line that matches a pattern, with the match."""
    matches = [(n, hit) for n, line in enumerate(lines) if (hit := re.match(pattern, line))]
    return pick(rng, matches) if matches else None


def _put(lines: Lines, at: int, *new: str, instead: int = 1) -> Lines:
    return [*lines[:at], *new, *lines[at + instead :]]


def _value(lines: Lines, rng: Random) -> Lines:
    """Replace the value of a key by an invalid value or by another value of the file."""
    match = _random_match(lines, rng, r"(\s*[^#\[=]+=\s*)(.+)")
    if match is None:
        return lines
    others = [hit[2] for line in lines if (hit := re.match(r"(\s*[^#\[=]+=\s*)(.+)", line))]
    kind = pick(rng, (NUMBERS, WORDS, SHAPES, tuple(others)))
    return _put(lines, match[0], match[1][1] + pick(rng, kind))


def _number(lines: Lines, rng: Random) -> Lines:
    """Replace a number anywhere in the file by another number."""
    match = _random_match(lines, rng, r"(?P<front>.*?[=:]\s*)-?[\d.]+(?P<rest>.*)")
    if match is None:
        return lines
    return _put(lines, match[0], match[1]["front"] + pick(rng, NUMBERS) + match[1]["rest"])


def _key(lines: Lines, rng: Random) -> Lines:
    """Rename a key: to an invalid name, to another key of the file, or by one letter."""
    match = _random_match(lines, rng, r"(\s*)([^#\[=\s]+)(\s*=.*)")
    if match is None:
        return lines
    at, hit = match
    others = tuple(m[1] for line in lines if (m := re.match(r"\s*([\w>\"]+)\s*=", line)))
    name = pick(rng, (hit[2][:-1], hit[2].upper(), pick(rng, NAMES), pick(rng, others)))
    return _put(lines, at, hit[1] + name + hit[3])


def _header(lines: Lines, rng: Random) -> Lines:
    """Rename one part of a table header, or replace it by the header of another table."""
    match = _random_match(lines, rng, r"(\[+)(.+?)(\]+.*)")
    if match is None:
        return lines
    at, hit = match
    parts = hit[2].split(".")
    parts[int(rng.integers(len(parts)))] = pick(rng, NAMES)
    others = tuple(m[1] for line in lines if (m := re.match(r"\[+(.+?)\]", line)))
    return _put(lines, at, hit[1] + pick(rng, (".".join(parts), pick(rng, others))) + hit[3])


def _table(lines: Lines, rng: Random, times: int) -> Lines:
    """Remove a table, or write it twice."""
    heads = [n for n, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
    if len(heads) < 2:
        return lines
    which = int(rng.integers(len(heads) - 1))
    first, stop = heads[which], heads[which + 1]
    return _put(lines, first, *(lines[first:stop] * times), instead=stop - first)


def _line(lines: Lines, rng: Random, times: int) -> Lines:
    """Remove a line, or write it twice."""
    if not lines:
        return lines
    at = int(rng.integers(len(lines)))
    return _put(lines, at, *([lines[at]] * times))


def _swap(lines: Lines, rng: Random) -> Lines:
    """Swap two lines."""
    if not lines:
        return lines
    one, two = rng.integers(len(lines), size=2)
    changed = list(lines)
    changed[one], changed[two] = lines[two], lines[one]
    return changed


def _insert(lines: Lines, rng: Random) -> Lines:
    """Insert a line that does not belong into the file."""
    return _put(lines, int(rng.integers(len(lines) + 1)), pick(rng, LINES), instead=0)


def _cut(lines: Lines, rng: Random) -> Lines:
    """Truncate the file, possibly in the middle of a line."""
    text = "\n".join(lines)
    return text[: int(rng.integers(len(text) + 1))].split("\n")


def _letters(lines: Lines, rng: Random) -> Lines:
    """Change some characters."""
    text = list("\n".join(lines))
    for _ in range(min(len(text), 1 + int(rng.integers(4)))):
        text[int(rng.integers(len(text)))] = chr(int(rng.integers(1, 256)))
    return "".join(text).split("\n")


MUTATIONS: list[Callable[[Lines, Random], Lines]] = [
    _value, _value, _value, _number, _number, _number, _key, _key, _header, _header,
    _insert, _insert,
    lambda lines, rng: _table(lines, rng, 0), lambda lines, rng: _table(lines, rng, 2),
    lambda lines, rng: _line(lines, rng, 0), lambda lines, rng: _line(lines, rng, 2),
    _swap, _cut, _letters,
]  # fmt: skip
