"""The file diagnose.json: its content, and how its figures are read."""

import json
import math
from collections.abc import Mapping
from typing import Any

from experiments.diagnose.diagnosis import Diagnosis, Findings
from experiments.diagnose.effects import Effect, Removal
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.record import RecordedValue
from experiments.results.manifest import winset_version
from experiments.statistics import Interval

FORMAT = "winset-diagnosis-1"
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
        "actors": [{"actor": one.removed, **_removal(one)} for one in found.removals],
        "edges": [{"edge": one.removed, **_removal(one)} for one in found.edges],
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
        "counts": one.counts,
        "agreement": _all(one.agreement),
        "terms": _by_side(one.terms),
        "pairs": one.pairs,
        "content": _by_side(one.content),
        "influence": None if math.isnan(one.influence) else one.influence,
    }
