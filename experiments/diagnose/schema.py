"""The JSON schema of diagnose.json: `python -m experiments.diagnose.schema` publishes it.

It is written to docs/diagnostics/schema.json.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.diagnose.document import FIRST, FORMAT, text
from experiments.diagnose.figures import FIGURES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "diagnostics" / "schema.json"
NAME, NUMBER, WHOLE, TRUTH = ({"type": k} for k in ("string", "number", "integer", "boolean"))
ENDS = {"type": ["array", "null"], "items": NUMBER, "minItems": 2, "maxItems": 2}
INTERVAL = {
    "type": "array",
    "items": {"type": ["number", "null"]},
    "minItems": 3,
    "maxItems": 3,
    "description": "estimate, low, high",
}
SIDES = {"type": "object", "additionalProperties": INTERVAL}
REMOVED = {
    "counts": TRUTH, "agreement": INTERVAL, "terms": SIDES, "pairs": WHOLE, "content": SIDES,
    "influence": {"type": ["number", "null"]},
}  # fmt: skip

type Schema = dict[str, Any]


def schema() -> Schema:
    """Return the JSON schema of diagnose.json."""
    head = {
        "format": {"const": FORMAT},
        "version": NAME | {"description": "version of Winset"},
        "scenario": NAME | {"description": "name of the scenario"},
        "title": NAME | {"description": "title of the scenario"},
        "worlds": WHOLE | {"description": "number of worlds"},
        "seed": WHOLE | {"description": "random seed"},
        "command": NAME | {"description": "command that writes the file again"},
    }
    own = _findings()
    first = _object(own) | {"description": "the same of the scenario with edition = 1"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Winset diagnosis",
        **_object({**head, **own, FIRST: first}),
    }


def _findings() -> Schema:
    """Return the schema of each key of an edition."""
    gate = _object({"gate": NAME, "met": {"type": ["boolean", "null"]}})
    return {
        "edition": {"enum": [1, 2]},
        **{
            figure.key: {
                "type": ["number", "null"],
                "description": f"{figure.meaning} null: cannot be measured in this scenario.",
            }
            for figure in FIGURES
        },
        "inert_numbers": _list(NAME, "parameters that change no outcome"),
        "numbers_tried": WHOLE | {"description": "number of parameters that were moved"},
        "intervals": _object({figure.key: ENDS for figure in FIGURES}),
        "gates": _object({figure.key: gate for figure in FIGURES if figure.gate}),
        "record": _list(_recorded(), "packages of the record: shares of worlds, and mean points"),
        "mechanisms": _list(
            _object({"mechanism": NAME, "agreement": INTERVAL, "decoupled": INTERVAL,
                     "changed": NUMBER}),
            "effect of switching off each mechanism, largest first, as shares of worlds",
        ),
        "actors": _list(
            _object({"actor": NAME, **REMOVED}),
            "effect of removing each adviser and intermediary, with 99 % intervals; influence: on "
            "the leader of its side",
        ),
        "edges": _list(
            _object({"edge": NAME, **REMOVED}),
            "the same for each edge; influence: of its speaker on the leader, through the edge",
        ),
    }  # fmt: skip


def _recorded() -> Schema:
    """Return the schema of the value of a package in one week."""
    return _object(
        {
            "package": NAME,
            "when": {"enum": ["start", "date"]},
            "week": WHOLE,
            "acceptable": INTERVAL,
            "acceptable_to": SIDES,
            "worth": SIDES,
            "reservation": SIDES,
        }
    )


def _object(properties: Mapping[str, Any]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


if __name__ == "__main__":
    PAGE.write_text(text(schema()), encoding="utf-8")
