"""Read a results folder for a page: manifest, texts, tables and figures."""

import base64
import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.report.blocks import Shown
from experiments.results.errors import ResultsError
from experiments.results.folder import damages
from experiments.results.layout import (
    FAILED,
    FINDINGS,
    csv_tables,
    figure,
    figure_names,
)
from experiments.results.manifest import again, read_manifest
from experiments.results.manifest_model import findings_problems
from experiments.results.untrusted import read_bytes, read_json, reason
from experiments.summary import Section
from model.schema.problems import Problem

LARGE = 400_000  # bytes: the PNG is used instead of a larger SVG
MOST_ROWS = 60  # rows of a table on a page; the file has all rows
TITLES = {
    "outcomes": "Outcomes of the talks",
    "tariffs": "Tariffs on each other's goods",
    "agreed": "Contents of agreements",
    "utility_plane": "Worth of agreements to both sides",
    "influence_graph": "Influence between people",
}
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Folder:
    """A results folder whose files agree with its manifest."""

    place: Path
    manifest: dict[str, Any]

    @property
    def kind(self) -> str:
        """Return the kind of results: run, experiment, sensitivity, ..."""
        return str(self.manifest["kind"])

    @property
    def name(self) -> str:
        """Return the name of the scenario, experiment or study."""
        return str(self.manifest.get("name", self.place.name))

    @property
    def about(self) -> dict[str, Any]:
        """Return the description that the job wrote into the manifest."""
        about: dict[str, Any] = self.manifest["about"]
        return about

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """Return the scenario of the first arm, as written in the manifest."""
        arms = self.manifest["arms"]
        scenario: dict[str, Any] = arms[0]["scenario"] if arms else {}
        return scenario

    def words(self, name: str) -> str:
        """Return the content of a text file of the folder, or "" if it does not exist."""
        try:
            return read_bytes(self.place, name).decode(errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise self._unreadable(name, error) from error

    def findings(self) -> list[dict[str, Any]]:
        """Return the findings of an experiment. Raises ResultsError if they cannot be read."""
        try:
            findings: list[dict[str, Any]] = read_json(self.place, FINDINGS)
        except (OSError, ValueError) as error:
            raise self._unreadable(FINDINGS, error) from error
        if problems := findings_problems(findings, FINDINGS, again(self.manifest)):
            raise ResultsError(self.place, problems)
        return findings

    def rows(self, name: str, columns: Sequence[str]) -> list[dict[str, str]]:
        """Return the rows of a CSV file with these columns, or none if there is no such file.

        Raises ResultsError if it cannot be read.
        """
        try:
            rows = list(csv.DictReader(io.StringIO(self.words(name)), restval="", restkey="more"))
        except csv.Error as error:
            raise self._unreadable(name, error) from error
        missing = [column for column in columns if rows and column not in rows[0]]
        if missing:
            raise self._unreadable(name, ValueError(f"no column {', '.join(missing)}"))
        return rows

    def _unreadable(self, name: str, error: Exception) -> ResultsError:
        why = f"it cannot be read ({reason(error)})"
        return ResultsError(self.place, [Problem(name, "", why, again(self.manifest))])

    def tables(self, but: Sequence[str] = ()) -> list[Section]:
        """Return the CSV files of the folder as tables, without the last rows of long ones."""
        names = [path.name for path in csv_tables(self.place, [*but, FAILED])]
        return [self._table(name) for name in names]

    def _table(self, name: str) -> Section:
        try:
            head, *rows = [*csv.reader(io.StringIO(self.words(name)))] or [[]]
        except csv.Error as error:
            raise self._unreadable(name, error) from error
        shown: list[tuple[str, ...]] = [tuple(map(_short, row)) for row in rows[:MOST_ROWS]]
        cut = f"The first {MOST_ROWS} of {len(rows):,} rows. {name} has all rows."
        title = _plain(name.removesuffix(".csv"))
        return Section(title, tuple(head), shown, cut if len(rows) > MOST_ROWS else "")

    def figures(self) -> list[Shown]:
        """Return the figures: first those listed in the manifest, in that order."""
        listed = {str(name): str(title) for name, title in self.about.get("figures", {}).items()}
        order = {name: rank for rank, name in enumerate([*listed, *TITLES])}
        names = figure_names(self.place)
        return [
            self._shown(name, listed.get(name) or TITLES.get(name) or _plain(name))
            for name in sorted(names, key=lambda name: (order.get(name, len(order)), name))
        ]

    def _shown(self, name: str, title: str) -> Shown:
        names = [figure(Path(), name, kind).as_posix() for kind in KINDS]
        there = [file for file in names if os.path.lexists(self.place / file)]
        for file in there:
            try:
                content = read_bytes(self.place, file)
            except OSError as error:
                raise self._unreadable(file, error) from error
            if len(content) <= LARGE:
                break
        address = f"data:{KINDS[file[-3:]]};base64,{base64.b64encode(content).decode()}"
        return Shown(name, title, address, file)


def read_folder(place: str | Path) -> Folder:
    """Read the manifest of a results folder and check its files without reading large tables.

    Raises:
        ResultsError: no results, or changed or truncated files; reports all problems.
    """
    folder = Path(place)
    manifest = read_manifest(folder)
    problems = damages(folder, manifest)
    if problems:
        raise ResultsError(folder, problems)
    return Folder(folder, manifest)


def _short(text: str) -> str:
    """Return a number with four digits, and other text unchanged.

    >>> _short("0.123456789"), _short("truce"), _short("1000")
    ('0.1235', 'truce', '1000')
    """
    try:
        return f"{float(text):.4g}" if "." in text else text
    except ValueError:
        return text


def _plain(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
