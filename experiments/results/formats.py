"""Name the formats of results folders, and map the names in older formats to those of today."""

import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.results.errors import ResultsError
from experiments.results.layout import CHANCE, MANIFEST, RUNS
from model.schema.problems import Problem

FORMAT = "winset results 3"
NAME = "winset results "


@dataclass(frozen=True)
class OldNames:
    """What files and columns are called in an older format, by their names of today."""

    version: str  # of Winset, that wrote it
    until: str  # the first version that will not read it
    files: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)  # by the file of today

    def file(self, name: str) -> str:
        """Return what a file is called in the folder."""
        return self.files.get(name, name)

    def column(self, file: str, name: str) -> str:
        """Return what a column of a file is called in the folder."""
        return self.columns.get(file, {}).get(name, name)

    def today(self, file: str, names: list[str]) -> list[str]:
        """Return what the columns of a file are called today."""
        new = {old: today for today, old in self.columns.get(file, {}).items()}
        return [new.get(name, name) for name in names]


# Version 0.2 renamed the column `luck` to `stream` in runs.parquet, and luck.parquet to
# chance.parquet with its columns.
OLD_FORMATS = {
    "winset results 2": OldNames(
        "0.1",
        "0.3",
        {CHANCE: "luck.parquet"},
        {
            RUNS: {"stream": "luck"},
            CHANCE: {
                "chance": "luck",
                "chance_low": "luck_low",
                "chance_high": "luck_high",
            },
        },
    )
}
SAME = OldNames("", "")


def names_of(manifest: dict[str, Any]) -> OldNames:
    """Return the names that a folder uses."""
    return OLD_FORMATS.get(str(manifest["format"]), SAME)


def check_format(folder: Path, manifest: Any) -> None:
    """Warn of a folder in an older format, and refuse one that this version cannot read.

    Raises:
        ResultsError: the format is unknown; the message says which version can read it.
    """
    named = manifest.get("format") if isinstance(manifest, dict) else None
    old = OLD_FORMATS.get(named) if isinstance(named, str) else None
    if old:
        renamed = ", ".join(f"{before} is now {today}" for today, before in old.files.items())
        for file, columns in old.columns.items():
            pairs = ", ".join(f"{before} is now {today}" for today, before in columns.items())
            renamed += f"; in {file}, {pairs}"
        warnings.warn(
            f"{folder} has the format {named!r} of version {old.version}: {renamed}. It is read "
            f"under the new names. Version {old.until} will no longer read it: run it again, or "
            f"keep version {old.version}.",
            DeprecationWarning,
            stacklevel=3,
        )
    elif named != FORMAT:
        known = manifest if isinstance(manifest, dict) else {}
        why = f"must be {json.dumps(FORMAT)}; {_writer(named, str(known.get('winset', '')))}"
        at = f" (commit {str(known['commit'])[:12]})" if known.get("commit") else ""
        remedy = f"Read it with that one{at}, or run again."
        raise ResultsError(folder, [Problem(f"{MANIFEST} format", json.dumps(named), why, remedy)])


def _writer(named: object, version: str = "") -> str:
    """Return in words which version wrote a format, and so can read it.

    >>> _writer("winset results 1"), _writer("winset results 9", "0.4.0")
    ('a version of Winset before 0.1 wrote it', 'a later version of Winset (0.4.0) wrote it')
    >>> _writer("theirs 3")
    'another program wrote it'
    """
    number = str(named).removeprefix(NAME)
    if not str(named).startswith(NAME) or not number.isdecimal():
        return "another program wrote it"
    if int(number) < int(FORMAT.removeprefix(NAME)):
        return "a version of Winset before 0.1 wrote it"
    return f"a later version of Winset{f' ({version})' if version else ''} wrote it"
