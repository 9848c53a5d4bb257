"""Spoils the text of a scenario file in ways that people, editors and enemies spoil files."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.statistics import keyed_generator
from model.schema.reading import shipped

type Luck = np.random.Generator
type Lines = list[str]

TIMES = (1, 1, 1, 2, 3)  # mutations of one file: most often one, which may pass for good
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


def mutated(number: int) -> str:
    """Return the text of a scenario file that was spoilt, always the same for the same number.

    >>> mutated(3) == mutated(3), mutated(3) == mutated(4)
    (True, False)
    """
    rng = keyed_generator("mutated scenarios", number)
    paths = [*shipped().values()]
    lines = paths[int(rng.integers(len(paths)))].read_text(encoding="utf-8").splitlines()
    for _ in range(pick(rng, TIMES)):
        lines = pick(rng, MUTATIONS)(lines, rng) or lines
    return "\n".join(lines)


def write_mutated(number: int, folder: Path) -> Path:
    """Write a spoilt scenario, and a friend that extends it, so that two files can be a loop."""
    path = folder / "itself.toml"
    path.write_text(mutated(number), encoding="utf-8")
    friend = 'name = "friend"\ntitle = "A friend"\nextends = "itself.toml"\n'
    (folder / "friend.toml").write_text(friend, encoding="utf-8")
    return path


def pick[T](rng: Luck, choices: "tuple[T, ...] | list[T]") -> T:
    """Return one of several."""
    return choices[int(rng.integers(len(choices)))]


def _place(lines: Lines, rng: Luck, pattern: str) -> tuple[int, re.Match[str]] | None:
    """Return a line that fits a pattern, with what fits."""
    found = [(n, hit) for n, line in enumerate(lines) if (hit := re.match(pattern, line))]
    return pick(rng, found) if found else None


def _put(lines: Lines, at: int, *new: str, instead: int = 1) -> Lines:
    return [*lines[:at], *new, *lines[at + instead :]]


def _value(lines: Lines, rng: Luck) -> Lines:
    """Write nonsense for the value of a key, or another value of the file."""
    found = _place(lines, rng, r"(\s*[^#\[=]+=\s*)(.+)")
    if found is None:
        return lines
    others = [hit[2] for line in lines if (hit := re.match(r"(\s*[^#\[=]+=\s*)(.+)", line))]
    kind = pick(rng, (NUMBERS, WORDS, SHAPES, tuple(others)))
    return _put(lines, found[0], found[1][1] + pick(rng, kind))


def _number(lines: Lines, rng: Luck) -> Lines:
    """Write another number for a number, wherever it stands."""
    found = _place(lines, rng, r"(?P<front>.*?[=:]\s*)-?[\d.]+(?P<rest>.*)")
    if found is None:
        return lines
    return _put(lines, found[0], found[1]["front"] + pick(rng, NUMBERS) + found[1]["rest"])


def _key(lines: Lines, rng: Luck) -> Lines:
    """Rename a key, to nonsense, to another key of the file or by one letter."""
    found = _place(lines, rng, r"(\s*)([^#\[=\s]+)(\s*=.*)")
    if found is None:
        return lines
    at, hit = found
    others = tuple(m[1] for line in lines if (m := re.match(r"\s*([\w>\"]+)\s*=", line)))
    name = pick(rng, (hit[2][:-1], hit[2].upper(), pick(rng, NAMES), pick(rng, others)))
    return _put(lines, at, hit[1] + name + hit[3])


def _header(lines: Lines, rng: Luck) -> Lines:
    """Rename one part of a table's heading, or make it the heading of another."""
    found = _place(lines, rng, r"(\[+)(.+?)(\]+.*)")
    if found is None:
        return lines
    at, hit = found
    parts = hit[2].split(".")
    parts[int(rng.integers(len(parts)))] = pick(rng, NAMES)
    others = tuple(m[1] for line in lines if (m := re.match(r"\[+(.+?)\]", line)))
    return _put(lines, at, hit[1] + pick(rng, (".".join(parts), pick(rng, others))) + hit[3])


def _table(lines: Lines, rng: Luck, times: int) -> Lines:
    """Leave out a whole table, or write it twice."""
    heads = [n for n, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
    if len(heads) < 2:
        return lines
    which = int(rng.integers(len(heads) - 1))
    first, stop = heads[which], heads[which + 1]
    return _put(lines, first, *(lines[first:stop] * times), instead=stop - first)


def _line(lines: Lines, rng: Luck, times: int) -> Lines:
    """Leave out a line, or write it twice."""
    if not lines:
        return lines
    at = int(rng.integers(len(lines)))
    return _put(lines, at, *([lines[at]] * times))


def _swapped(lines: Lines, rng: Luck) -> Lines:
    """Exchange two lines."""
    if not lines:
        return lines
    one, two = rng.integers(len(lines), size=2)
    changed = list(lines)
    changed[one], changed[two] = lines[two], lines[one]
    return changed


def _more(lines: Lines, rng: Luck) -> Lines:
    """Put in a line that does not belong."""
    return _put(lines, int(rng.integers(len(lines) + 1)), pick(rng, LINES), instead=0)


def _cut(lines: Lines, rng: Luck) -> Lines:
    """End the file too early, in the midst of a line."""
    text = "\n".join(lines)
    return text[: int(rng.integers(len(text) + 1))].split("\n")


def _letters(lines: Lines, rng: Luck) -> Lines:
    """Change some letters, as a broken disk or a cat does."""
    text = list("\n".join(lines))
    for _ in range(min(len(text), 1 + int(rng.integers(4)))):
        text[int(rng.integers(len(text)))] = chr(int(rng.integers(1, 256)))
    return "".join(text).split("\n")


MUTATIONS: list[Callable[[Lines, Luck], Lines]] = [
    _value, _value, _value, _number, _number, _number, _key, _key, _header, _header, _more, _more,
    lambda lines, rng: _table(lines, rng, 0), lambda lines, rng: _table(lines, rng, 2),
    lambda lines, rng: _line(lines, rng, 0), lambda lines, rng: _line(lines, rng, 2),
    _swapped, _cut, _letters,
]  # fmt: skip
