"""Problems of a scenario in five parts: file, place, what was written, why not, what would do."""

import difflib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

type Place = tuple[str | int, ...]

# What is not shown and may change how a terminal shows the rest: control characters but for the end
# of a line and the tab, the separators of lines and paragraphs, and orders to write backwards.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was written ("" if nothing), why not, what would do."""

    place: str
    written: str
    why: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the sentence that a reader gets.

        >>> print(Problem("[talks] rate", "2", "must be between 0 and 1", "Default: 0.25."))
        [talks] rate = 2: must be between 0 and 1. Default: 0.25.
        """
        head = f"{self.place} = {self.written}" if self.written else self.place
        return f"{head}: {self.why}. {self.remedy}".rstrip()


class WinsetError(Exception):
    """Base class of all errors that Winset raises on purpose."""


class ProblemsError(WinsetError, ValueError):
    """Input that cannot be used, with all its problems.

    subject: What has the problems, such as a file or a folder.
    """

    def __init__(self, subject: object, problems: Sequence[Problem]) -> None:
        super().__init__(subject, problems)
        self.subject = subject
        self.problems = list(problems)

    def __str__(self) -> str:
        """Return the whole text, a line for each problem."""
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return "\n  ".join([f"{self.subject} has {count}:", *map(str, self.problems)])


class ScenarioError(ProblemsError):
    """A scenario, an override or a sweep that cannot be used, with all its problems."""

    @property
    def file(self) -> str:
        """Return the name of the file, or what else has the problems."""
        return str(self.subject)


class DataError(ScenarioError):
    """A data file of the project that is missing or differs from its checksum."""


def shown(path: Path) -> str:
    """Return a path as a reader knows it: from the working folder if it lies in there."""
    full = Path(os.path.realpath(path))  # goes on where links run in a circle
    return (full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full).as_posix()


def visible(text: str) -> str:
    r"""Return a text with its hidden characters spelt out, so that none can act.

    >>> print(visible("red: \x1b[31m"))
    red: \u001b[31m
    """
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def where(place: Place) -> str:
    """Return a place in a scenario file as its author wrote it.

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
    """Return a table of a scenario file as its author would head it.

    >>> heading(("edges", "a>b"))
    '[edges."a>b"]'
    """
    return f"[{'.'.join(_key(part) for part in place)}]"


def _key(part: str | int) -> str:
    text = _short(str(part))
    return text if text.replace("_", "").replace("-", "").isalnum() else json.dumps(text)


def written(value: object) -> str:
    """Return a value as it stands in a TOML file, cut short if long.

    >>> written("bolware"), written(True), written(1.7), written({"a": 1})
    ('"bolware"', 'true', '1.7', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "digits without end"
    return _short(text)


def _short(text: str) -> str:
    text = visible(text).replace("\n", "\\n")
    return text if len(text) <= 60 else f"{text[:57]}..."


def did_you_mean(name: str, known: Iterable[str], most: int = 24) -> str:
    """Return what a name may have meant, and the names that are known (of its table, if dotted).

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
