"""Check that old names and idioms are gone from documents, docstrings, strings and comments."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("agents", "app", "benchmarks", "docs", "experiments", "model", "start", "tests")
TEXTS = {".css", ".html", ".jinja", ".md", ".sh", ".toml", ".vue", ".yaml", ".yml"}
CODE = {".js", ".mjs", ".py", ".vue"}
SKIPPED = ("CHANGELOG.md", "tests/test_vocabulary.py")

# Class names that were replaced: wrong as a name in code, and as code in a text (`Luck`, Luck()).
RENAMED = {
    "Luck": "RandomStreams",
    "Memory": "SingleFlightCache",
    "Film": "Trajectory",
    "Teller": "EventLog",
    "Desk": "LatestTask",
    "Gathering": "Batcher",
    "Wish": "Request",
    "Shelf": "ScenarioStore",
    "Hands": "Workers",
    "Drive": "ChunkScheduler",
    "Parted": "SplitConduct",
    "Told": "EventHandler",
}
# Words and idioms (regular expressions): wrong in any text. A space matches any white space.
PHRASES = {
    "luck": "seed, random numbers or chance",
    "kept draws?": "plausible draws (not ruled out yet)",
    "retellings?": "replay",
    "bad days?": "fault injection",
    "(?:is|are|was|were|be|been|being) told": "the verb of what happens: receives, shows, reports",
    "told of": "knows of",
    "what became of": "the outcome of",
    "by whom": "who, in the active voice",
    "otherwise than": "differently from",
    "whoever": "anyone who, or the noun",
    "nobody heard": "no news, or the active voice",
    "by itself alone": "alone",
    "(?:is|are) no more": "is gone, or no longer",
    "of which there": "which has, or a number of",
    "(?<!-)(?:re)?lived": "simulated or replayed",
    "reliv(?:e|es|ing)": "replay",
    "stands? in": "is in, or replaces",
}
# Exceptions: (file, phrase as it is in the text, why). Real titles of cited works belong here.
ALLOWED: tuple[tuple[str, str, str], ...] = (
    (
        "experiments/results/formats.py",
        "luck",
        "names in folders of version 0.1",
    ),
    ("tests/experiments/results/test_formats.py", "luck", "the names in folders of version 0.1"),
)

OLD = "|".join(RENAMED)
AS_CODE = re.compile(rf"`(?:{OLD})\b|\b(?:{OLD})(?=\()")
WORDS = [
    (re.compile(rf"\b{phrase.replace(' ', r'\s+')}\b", re.IGNORECASE), say)
    for phrase, say in PHRASES.items()
]


class Text(NamedTuple):
    """A piece of text with the line on which it begins."""

    line: int
    words: str


class Name(NamedTuple):
    """A name in code with its line."""

    line: int
    name: str


def folders() -> list[str]:
    """Return the folders that are checked on their own, two levels deep, and "." for the root."""
    found = {"."}
    for source in SOURCES:
        for path in files_under(ROOT / source):
            parts = path.relative_to(ROOT).parts
            found.add("/".join(parts[: min(2, len(parts) - 1)]))
    return sorted(found)


def files_under(folder: Path) -> Iterator[Path]:
    """Yield the source and text files in a folder and its subfolders."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(ROOT).parts[:-1])
        if path.is_file() and not hidden and path.suffix in TEXTS | CODE:
            yield path


def files_of(folder: str) -> Iterator[Path]:
    """Yield the files that belong to a folder of `folders`."""
    top = ROOT / folder
    if folder == ".":
        yield from (path for path in sorted(top.iterdir()) if path.suffix in TEXTS | CODE)
        return
    for path in files_under(top):
        if folder.count("/") or path.parent == top:
            yield path


def texts(name: str, content: str) -> Iterator[Text]:
    """Yield the texts of a file: the strings and comments of Python code, otherwise all of it."""
    if name.endswith(".py"):
        yield from strings(content)
        yield from comments(content)
    else:
        yield Text(1, content)


def strings(content: str) -> Iterator[Text]:
    """Yield the string literals of Python code, docstrings too; parts of one literal are joined."""
    tree = ast.parse(content)
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            ]
            yield Text(node.lineno, "".join(parts))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner
        ):
            yield Text(node.lineno, node.value)


def comments(content: str) -> Iterator[Text]:
    """Yield the comments of Python code; those on adjacent lines are joined by a line break."""
    start, last, lines = 0, -1, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1 and lines:
            yield Text(start, "\n".join(lines))
            lines = []
        start = start if lines else token.start[0]
        last = token.start[0]
        lines.append(token.string.lstrip("#"))
    if lines:
        yield Text(start, "\n".join(lines))


def names(name: str, content: str) -> Iterator[Name]:
    """Yield the names in Python code that are one of the replaced class names."""
    if name.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(content).readline):
            if token.type == tokenize.NAME and token.string in RENAMED:
                yield Name(token.start[0], token.string)


def complaints(name: str, content: str) -> Iterator[str]:
    """Yield the problems of a file: place, phrase and suggestion. name: its path in the project."""
    for line, old in names(name, content):
        yield f"{name}:{line}: the name {old}: now {RENAMED[old]}"
    for text in texts(name, content):
        for found in AS_CODE.finditer(text.words):
            yield f"{name}:{_line(text, found)}: {found[0]!r}: now {RENAMED[found[0].strip('`')]}"
        for pattern, suggestion in WORDS:
            for found in pattern.finditer(text.words):
                if not allowed(name, text.words, found):
                    phrase = " ".join(found[0].split())
                    yield f"{name}:{_line(text, found)}: {phrase!r}: say {suggestion}"


def allowed(name: str, words: str, found: re.Match[str]) -> bool:
    """Return whether an exception covers a phrase: it lies within the exception's own text."""
    near = words[max(0, found.start() - 100) : found.end() + 100]
    return any(
        file == name and found[0] in phrase and phrase in near for file, phrase, _ in ALLOWED
    )


def _line(text: Text, found: re.Match[str]) -> int:
    return text.line + text.words.count("\n", 0, found.start())


def complaints_of(folder: str) -> Iterator[str]:
    """Yield the problems of all files of a folder."""
    for path in files_of(folder):
        name = path.relative_to(ROOT).as_posix()
        if name not in SKIPPED:
            yield from complaints(name, path.read_text(encoding="utf-8", errors="replace"))


@pytest.mark.parametrize("folder", folders())
def test_no_old_names_or_idioms(folder: str) -> None:
    found = list(complaints_of(folder))
    assert not found, f"{len(found)} old names or idioms in {folder}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.py", '"""A caption."""\n# a comment\n# of luck\n', "a.py:3"),
        ("a.py", 'x = f"{1} is " "told"\n', "a.py:1"),
        ("a.py", "x = 'what became\\nof it'\n", "a.py:1"),
        ("a.py", "def told() -> None:\n    x = Luck(1)\n", "a.py:2"),
        ("a.md", "One.\n\nThe world was\nlived twice.\n", "a.md:4"),
        ("a.md", "See `Film` there.\n", "a.md:1"),
        ("a.vue", "<p>Whoever reads this</p>\n", "a.vue:1"),
    ],
)
def test_an_old_word_is_reported_with_its_line(name: str, content: str, place: str) -> None:
    (complaint,) = complaints(name, content)
    assert complaint.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", "told = lived = 1  # plucky, short-lived, delivered\n"),
        ("a.md", "Memory for each visitor. Hands off! The film of a week.\n"),
    ],
)
def test_similar_words_are_no_problem(name: str, content: str) -> None:
    assert not list(complaints(name, content))
