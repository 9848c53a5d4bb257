"""Read a results folder for a page: manifest, texts, tables and figures."""

import base64
import csv
import io
import json
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
    FIGURES,
    FINDINGS,
    MANIFEST,
    csv_tables,
    figure,
    figure_names,
)
from experiments.results.manifest import again, read_manifest
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
        path = self.place / name
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def findings(self) -> list[dict[str, Any]]:
        """Return the findings of an experiment. Raises ResultsError if they cannot be read."""
        try:
            findings = json.loads((self.place / FINDINGS).read_text(encoding="utf-8"))
            return [dict(one) for one in findings]
        except (OSError, ValueError, TypeError) as error:
            why = f"the findings cannot be read ({error})"
            raise ResultsError(
                self.place, [Problem(FINDINGS, "", why, again(self.manifest))]
            ) from error

    def tables(self, but: Sequence[str] = ()) -> list[Section]:
        """Return the CSV files of the folder as tables, without the last rows of long ones."""
        return [_table(path) for path in csv_tables(self.place, [*but, FAILED])]

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
        paths = [figure(self.place, name, kind) for kind in KINDS]
        there = [path for path in paths if path.is_file()]
        path = there[-1] if there[0].stat().st_size > LARGE else there[0]
        content = base64.b64encode(path.read_bytes()).decode()
        address = f"data:{KINDS[path.suffix[1:]]};base64,{content}"
        return Shown(name, title, address, f"{FIGURES}/{path.name}")


def read_folder(place: str | Path) -> Folder:
    """Read the manifest of a results folder and check its files without reading large tables.

    Raises:
        ResultsError: no results, or changed or truncated files; reports all problems.
    """
    folder = Path(place)
    manifest = read_manifest(folder)
    problems = damages(folder, manifest)
    if not all(isinstance(arm, dict) and "scenario" in arm for arm in manifest["arms"]):
        problems.append(Problem(f"{MANIFEST} arms", "", "each arm must have a scenario"))
    if problems:
        raise ResultsError(folder, problems)
    return Folder(folder, manifest)


def _table(path: Path) -> Section:
    head, *rows = [*csv.reader(io.StringIO(path.read_text(encoding="utf-8")))] or [[]]
    shown: list[tuple[str, ...]] = [tuple(map(_short, row)) for row in rows[:MOST_ROWS]]
    cut = f"The first {MOST_ROWS} of {len(rows):,} rows. {path.name} has all rows."
    return Section(_plain(path.stem), tuple(head), shown, cut if len(rows) > MOST_ROWS else "")


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
