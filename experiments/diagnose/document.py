"""The file diagnose.json: its content, its JSON schema, and how the app reads it.

`python -m experiments.diagnose.document` writes the schema to docs/diagnostics/schema.json.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.diagnose.diagnosis import Diagnosis, Findings
from experiments.diagnose.effects import Effect, Removal
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.record import RecordedValue
from experiments.results.manifest import winset_version
from experiments.statistics import Interval

FORMAT = "winset-diagnosis-1"
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "diagnostics" / "schema.json"
FIRST = "first_edition"
type Content = dict[str, Any]


def content(diagnosis: Diagnosis, command: str) -> Content:
    """Return the content of diagnose.json; docs/diagnostics.md describes it.

    command: the command that writes the file again.
    """
    setting = diagnosis.scenario
    return {
        "format": FORMAT,
        "version": winset_version(),
        "scenario": setting.name,
        "title": setting.title,
        "worlds": diagnosis.worlds,
        "seed": diagnosis.seed,
        "command": command,
        **_findings(diagnosis.own),
        FIRST: _findings(diagnosis.first),
    }


def text(found: Content) -> str:
    """Return the content as text; equal content gives equal text."""
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def figures_of(found: Mapping[str, Any]) -> dict[str, Interval]:
    """Return the figures of an edition in the file, by key, without those that are missing.

    found: the whole content, or its part on the first edition.
    """
    figures = {}
    for figure in FIGURES:
        value = found.get(figure.key)
        if value is not None:
            low, high = found["intervals"][figure.key] or (math.nan, math.nan)
            figures[figure.key] = Interval(value, low, high)
    return figures


def schema() -> Content:
    """Return the JSON schema of diagnose.json."""
    own = _schema_of_findings()
    head = {
        "format": {"const": FORMAT},
        "version": {"type": "string", "description": "version of Winset"},
        "scenario": {"type": "string", "description": "name of the scenario"},
        "title": {"type": "string", "description": "title of the scenario"},
        "worlds": {"type": "integer", "description": "number of worlds"},
        "seed": {"type": "integer", "description": "random seed"},
        "command": {"type": "string", "description": "command that writes the file again"},
    }
    first = {
        "type": "object",
        "description": "the same of the scenario with edition = 1",
        "properties": own,
        "required": list(own),
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Winset diagnosis",
        "type": "object",
        "properties": {**head, **own, FIRST: first},
        "required": [*head, *own, FIRST],
        "additionalProperties": False,
    }


def _findings(found: Findings) -> Content:
    """Return what was found about one edition."""
    figures = {figure.key: found.figures.get(figure.key) for figure in FIGURES}
    gated = [figure for figure in FIGURES if figure.gate]
    return {
        "edition": found.edition,
        **{key: value.estimate if value else None for key, value in figures.items()},
        "inert_numbers": list(found.inert.names),
        "numbers_tried": found.inert.tried,
        "intervals": {key: _ends(value) if value else None for key, value in figures.items()},
        "gates": {
            figure.key: {
                "gate": figure.gate.words,
                "met": figure.gate.met(value.estimate) if value else None,
            }
            for figure in gated
            if figure.gate
            for value in (figures[figure.key],)
        },
        "record": [_recorded(one) for one in found.records],
        "mechanisms": [_effect(one) for one in found.effects],
        "actors": [_removal(one) for one in found.removals],
    }


def _ends(value: Interval) -> list[float] | None:
    """Return the ends of an interval, or None if everything was counted."""
    return None if math.isnan(value.low) else [value.low, value.high]


def _all(value: Interval) -> list[float | None]:
    """Return an estimate and the ends of its interval; NaN as None."""
    return [None if math.isnan(end) else end for end in value]


def _by_side(values: Mapping[str, Interval]) -> Content:
    return {side: _all(value) for side, value in values.items()}


def _recorded(one: RecordedValue) -> Content:
    return {
        "package": one.package,
        "when": one.when,
        "week": one.week,
        "acceptable": _all(one.acceptable),
        "acceptable_to": _by_side(one.sides),
        "worth": _by_side(one.worth),
        "reservation": _by_side(one.reservation),
    }


def _effect(one: Effect) -> Content:
    return {
        "mechanism": one.mechanism,
        "agreement": _all(one.agreement),
        "decoupled": _all(one.decoupled),
        "changed": one.changed,
    }


def _removal(one: Removal) -> Content:
    return {
        "actor": one.actor,
        "counts": one.counts,
        "agreement": _all(one.agreement),
        "terms": _by_side(one.terms),
        "pairs": one.pairs,
    }


def _schema_of_findings() -> Content:
    """Return the schema of each key of an edition."""
    gated = [figure.key for figure in FIGURES if figure.gate]
    ends = {"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    whole = {
        "type": "array",
        "items": {"type": ["number", "null"]},
        "minItems": 3,
        "maxItems": 3,
        "description": "estimate, low, high",
    }
    sides = {"type": "object", "additionalProperties": whole}
    name, number, truth = ({"type": kind} for kind in ("string", "number", "boolean"))
    gate = _object({"gate": name, "met": {"type": ["boolean", "null"]}})
    return {
        "edition": {"enum": [1, 2]},
        **{
            figure.key: {"type": ["number", "null"], "description": _described(figure.meaning)}
            for figure in FIGURES
        },
        "inert_numbers": _list(name, "parameters that change no outcome"),
        "numbers_tried": {"type": "integer", "description": "number of parameters that were moved"},
        "intervals": _object(dict.fromkeys((figure.key for figure in FIGURES), ends)),
        "gates": _object(dict.fromkeys(gated, gate)),
        "record": _list(
            _object(
                {
                    "package": name,
                    "when": {"enum": ["start", "date"]},
                    "week": {"type": "integer"},
                    "acceptable": whole,
                    "acceptable_to": sides,
                    "worth": sides,
                    "reservation": sides,
                }
            ),
            "packages of the record: shares of worlds, and means in points",
        ),
        "mechanisms": _list(
            _object({"mechanism": name, "agreement": whole, "decoupled": whole, "changed": number}),
            "effect of switching off each mechanism, largest first, as shares of worlds",
        ),
        "actors": _list(
            _object(
                {
                    "actor": name,
                    "counts": truth,
                    "agreement": whole,
                    "terms": sides,
                    "pairs": {"type": "integer"},
                }
            ),
            "effect of removing each adviser and intermediary, with 99 % intervals",
        ),
    }


def _described(meaning: str) -> str:
    return f"{meaning} null: cannot be measured in this scenario."


def _object(properties: Mapping[str, Any]) -> Content:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Content, description: str) -> Content:
    return {"type": "array", "items": items, "description": description}


if __name__ == "__main__":
    SCHEMA.write_text(text(schema()), encoding="utf-8")
