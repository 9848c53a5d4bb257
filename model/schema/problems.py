"""Problems of a scenario file in five parts: file, place, value, reason and remedy."""

import difflib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST = 50  # problems that an error lists

type Place = tuple[str | int, ...]

# Invisible characters that may change what a terminal shows: control characters except newline and
# tab, line and paragraph separators, and marks that reverse the direction of text.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Problem:
    """One problem: its place, the value written there ("" if none), the reason and a remedy."""

    place: str
    written: str
    why: str
    remedy: str = ""
    stands_for: int = 1  # problems: more than one if they are only counted

    def __str__(self) -> str:
        """Return the problem as a message.

        >>> print(Problem("[talks] rate", "2", "must be between 0 and 1", "Default: 0.25."))
        [talks] rate = 2: must be between 0 and 1. Default: 0.25.
        """
        head = f"{self.place} = {self.written}" if self.written else self.place
        return f"{head}: {self.why}. {self.remedy}".rstrip()


def at_most(problems: Sequence[Problem], more: int = 0) -> list[Problem]:
    """Return the first problems, and one that counts the others and `more`.

    >>> [str(one) for one in at_most([Problem("here", "", "wrong")] * 70)][-1]
    'further problems: 20 more are not listed. Correct the first ones and try again.'
    """
    rest = sum(one.stands_for for one in problems[MOST:]) + more
    if not rest or (not more and len(problems) == MOST + 1 and rest > 1):  # counted already
        return list(problems)
    why, remedy = f"{rest:,} more are not listed", "Correct the first ones and try again."
    return [*problems[:MOST], Problem("further problems", "", why, remedy, rest)]


class WinsetError(Exception):
    """Base class of all errors that Winset raises on purpose."""


class ProblemsError(WinsetError, ValueError):
    """Input that cannot be used, with its problems: the first ones if there are very many.

    subject: What has the problems, such as a file or a folder.
    """

    def __init__(self, subject: object, problems: Sequence[Problem]) -> None:
        problems = at_most(problems)
        super().__init__(subject, problems)
        self.subject = subject
        self.problems = problems

    def __str__(self) -> str:
        """Return the whole message, with one line per problem."""
        number = sum(problem.stands_for for problem in self.problems)
        count = "1 problem" if number == 1 else f"{number:,} problems"
        return "\n  ".join([f"{self.subject} has {count}:", *map(str, self.problems)])


class ScenarioError(ProblemsError):
    """A scenario, an override or a sweep that cannot be used, with all its problems."""

    @property
    def file(self) -> str:
        """Name of the file, the override or the sweep that has the problems."""
        return str(self.subject)


class DataError(ScenarioError):
    """A data file of the project that is missing or differs from its checksum."""


def shown(path: Path) -> str:
    """Return a path for messages, relative to the working folder if it is inside it."""
    full = Path(os.path.realpath(path))  # unlike resolve(), accepts circular links
    return (full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full).as_posix()


def visible(text: str) -> str:
    r"""Return a text with its invisible characters replaced by escape sequences.

    >>> print(visible("red: \x1b[31m"))
    red: \u001b[31m
    """
    return HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def where(place: Place) -> str:
    """Return a place in a scenario file in the notation of the file.

    >>> where(("talks", "window")), where(("edges", "a>b", "weight")), where(("events", 0, "size"))
    ('[talks] window', '[edges."a>b"] weight', '[[events]] (no. 1) size')
    """
    *tables, last = place
    if not tables:
        return _key(last)
    if isinstance(last, int):
        return f"{tables[0]} (no. {last + 1})"
    if len(tables) == 2 and isinstance(tables[1], int):
        return f"[[{tables[0]}]] (no. {tables[1] + 1}) {_key(last)}"
    return f"{heading(tuple(tables))} {_key(last)}"


def heading(place: Place) -> str:
    """Return the heading of a table in the notation of the file.

    >>> heading(("edges", "a>b"))
    '[edges."a>b"]'
    """
    return f"[{'.'.join(_key(part) for part in place)}]"


def _key(part: str | int) -> str:
    text = _short(str(part))
    return text if text.replace("_", "").replace("-", "").isalnum() else json.dumps(text)


def written(value: object) -> str:
    """Return a value in the notation of TOML, shortened if it is long.

    >>> written("bolware"), written(True), written(1.7), written({"a": 1})
    ('"bolware"', 'true', '1.7', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    except ValueError:  # Python does not print whole numbers of more than 4,300 digits
        return "a number with too many digits"
    return _short(text)


def _short(text: str) -> str:
    text = visible(text).replace("\n", "\\n")
    return text if len(text) <= 60 else f"{text[:57]}..."


def did_you_mean(name: str, known: Iterable[str], most: int = 24) -> str:
    """Return a remedy for an unknown name: the most similar known name, and the known names.

    For a dotted name only the names of the same table are listed, at most `most` of them.

    >>> did_you_mean("bolware", ["boulware", "linear"])
    'Did you mean "boulware"? Known: boulware, linear.'
    >>> did_you_mean("talks.windw", ["talks.window", "talks.rate", "time.horizon"])
    'Did you mean "talks.window"? Known: talks.window, talks.rate.'
    """
    names = list(known)
    lower = {option.lower(): option for option in names}
    close = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    hint = f'Did you mean "{_short(lower[close[0]])}"? ' if close else ""
    table = (lower[close[0]] if close else name).rpartition(".")[0]
    names = [option for option in names if option.rpartition(".")[0] == table] or names
    listed = ", ".join(map(_short, names[:most])) or "none"
    listed += ", ..." if len(names) > most else ""
    return f"{hint}Known: {listed}."
