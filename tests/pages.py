"""Results folders made by hand, and a reader of pages, for the tests of reports and comparisons."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from experiments.engine import Run
from experiments.results.folder import write_results
from experiments.results.manifest import as_json, read_manifest

HOSTILE = "<script>alert('&')</script>\"><img src=http://evil.example/x>"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="800"><title>A figure</title>'
    '<rect width="640" height="400" fill="#0072B2"/></svg>'
)
VOID = {"meta", "img", "br", "hr", "link", "input", "line", "circle", "path"}
CLAIMS = ("supported", "not supported", "built in")


class Reader(HTMLParser):
    """Reads a page: its tags in balance, what it loads and links to, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name in ("src", "srcset", "data", "poster", "action", "background"):
                self.loaded.append(value or "")
            if name in ("href", "xlink:href"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} was never opened"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def finding(verdict: str) -> dict[str, Any]:
    each = [[1.0, 0.5, 1.5]] * 8 + [[None, None, None]]
    return {
        "claim": f"A claim {HOSTILE} {verdict}",
        "verdict": verdict,
        "effect": [1.25, 0.75, 1.75],
        "unit": "% of worlds",
        "each": each,
        "held": 8,
        "detail": "Beside it.",
        "sentence": "In one line.",
    }


ABOUT: dict[str, dict[str, Any]] = {
    "run": {},
    "experiment": {
        "title": f"Title {HOSTILE}",
        "question": f"Question {HOSTILE}?",
        "hypothesis": "Hypothesis.",
        "expected": "Expected.",
        "scenario": "february_2025",
        "sources": [f"Fearon 1994 {HOSTILE}"],
        "caveats": ["A caveat."],
        "limits": "Limits: as told.",
        "settings": {"time.horizon": 8},
        "factors": {"cost": {"title": "Cost", "levels": [{"label": "high", "settings": {"a": 1}}]}},
        "cells": [{"cost": "high"}],
        "contexts": [{"values.cost_scale": 0.8}, {"values.cost_scale": 1.2}],
        "measures": {"deal": {"title": "Deal", "unit": "% of worlds"}},
        "figures": {"findings": "Found", "outcomes": "How it ends"},
        "cards": ["findings"],
    },
    "sensitivity": {"method": "sobol", "samples": 8, "numbers": [{"name": "talks.rate"}]},
    "history": {},
    "forecast": {"title": "A forecast"},
}
CSV = "cost,values.cost_scale,measure,unit,estimate,low,high\nhigh,,deal,%,40.0,30.0,50.0\n"


def folder_of(kind: str, run: Run, place: Path) -> Path:
    """Return a results folder of a kind, with a figure, a summary and a table."""
    write_results(run, place, f"python run.py {kind} {HOSTILE}")
    manifest = read_manifest(place) | {"kind": kind, "about": ABOUT[kind], "name": f"n {HOSTILE}"}
    (place / "manifest.json").write_bytes(as_json(manifest))
    (place / "figures").mkdir()
    for name in ("outcomes", "findings"):
        (place / "figures" / f"{name}.svg").write_text(SVG)
    (place / "summary.txt").write_text(f"Summary {HOSTILE}")
    (place / "cells.csv").write_text(CSV)
    (place / "findings.json").write_text(json.dumps([finding(verdict) for verdict in CLAIMS]))
    return place
