"""Provide the data of the Model page: numbers, columns, limits, fit to history, citation."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from app.explore.dials import shown
from app.inputs.explore_url import MAIN
from experiments.diagnose.document import FORMAT
from experiments.report import provenance as report_provenance
from experiments.report.blocks import Part
from experiments.report.folder import Folder
from experiments.results import layout
from experiments.results.manifest import provenance
from model.columns import result_columns
from model.schema.declarations import Declaration
from model.schema.parameters import ASSUMPTION, NO_UNIT
from model.schema.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
TEXTS = Path(__file__).parent / "texts"
VALIDATION = ROOT / "docs" / "validation.md"
DIAGNOSIS = ROOT / "docs" / "diagnostics" / MAIN / layout.DIAGNOSIS
LONGEST = 6000  # characters of a summary


class Limit(NamedTuple):
    """A closed-form result of theory, its source, and the test that checks the model against it."""

    says: str
    source: str
    test: str


def texts() -> dict[str, str]:
    """Return the text of the Model page as a dict from section title to section."""
    whole = (TEXTS / "model.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", whole, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


def limits() -> list[Limit]:
    """Return the tested limits."""
    read = tomllib.loads((TEXTS / "limits.toml").read_text(encoding="utf-8"))
    return [Limit(**one) for one in read["limit"]]


def numbers(scenario: Scenario) -> list[dict[str, Any]]:
    """Return one row for each number of a scenario: meaning, value, unit, range and source."""
    return [_row(declared) for declared in scenario.parameters().values()]


def columns(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return one row for each result column of a scenario: name, unit, type and meaning."""
    declared = result_columns(scenario).values()
    return [(one.name, one.unit, one.kind, one.meaning) for one in declared]


def summary(page: Path = VALIDATION) -> str:
    """Return the beginning of the validation page, or an empty string if there is no such page.

    The summary ends before the second heading after the title, at the end of a paragraph. A
    heading at its very beginning is left out, because the card has a heading.
    """
    if not page.is_file():
        return ""
    text = page.read_text(encoding="utf-8")
    body = re.sub(r"\A# .*\n", "", text).strip()
    heads = [match.start() for match in re.finditer(r"^## ", body, re.MULTILINE)]
    first = 1 if heads and heads[0] == 0 else 0
    cut = body[: heads[first]] if len(heads) > first else body
    short = cut[:LONGEST].rpartition("\n\n")[0] if len(cut) > LONGEST else cut
    return short.partition("\n")[2].strip() if first else short.strip()


def diagnosis(path: Path = DIAGNOSIS) -> dict[str, Any]:
    """Return the content of a file of diagnostics; it is empty if there is no such file.

    A file of another version of Winset, which may have other figures, counts as none.
    """
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found if found.get("format") == FORMAT else {}


def citation() -> Part:
    """Return how to cite the software, with the commit that is running."""
    return report_provenance.citation(Folder(ROOT, {"commit": provenance()["commit"]}))


def _row(declared: Declaration) -> dict[str, Any]:
    return {
        "name": declared.name,
        "meaning": declared.meaning[:1].upper() + declared.meaning[1:],
        "value": shown(declared.value),
        "unit": "" if declared.unit == NO_UNIT else declared.unit,
        "range": f"{shown(declared.low)} to {shown(declared.high)}",
        "source": _beside(declared.source),
        "assumed": ASSUMPTION in declared.source or "judgement" in declared.source,
    }


def _beside(source: str) -> str:
    """Return a source without the leading word "assumption", which the page marks separately.

    >>> _beside("assumption"), _beside("assumption; as in 2018"), _beside("PIIE")
    ('', 'as in 2018', 'PIIE')
    """
    return re.sub(rf"^{ASSUMPTION}([;:,] |$)", "", source)
