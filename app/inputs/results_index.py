"""Knows which results folders there are: a visitor chooses from the list and never names a path."""

import json
import os
from functools import cache
from pathlib import Path

from experiments.results.errors import ResultsError
from experiments.results.layout import MANIFEST
from model.schema.problems import Problem, did_you_mean, written

ROOT = Path(__file__).resolve().parents[2]
PLACE = "WINSET_RESULTS"  # who starts the app may keep results elsewhere
MOST = 200  # folders that are listed


def results() -> Path:
    """Return the folder that holds all results folders."""
    return Path(os.environ.get(PLACE) or ROOT / "results")


def names() -> list[str]:
    """Return the names of all results folders, in alphabetical order."""
    return sorted(found.parent.name for found in results().glob(f"*/{MANIFEST}"))[:MOST]


def comparable(name: str) -> list[str]:
    """Return the other results that can be compared with one: its kind, or its experiment again."""
    what = _what(name)
    return [other for other in names() if other != name and what == _what(other) != ("", "")]


def folder(name: str) -> Path:
    """Return the place of a results folder by its name. Raises ResultsError if none is listed so.

    >>> folder("../model")
    Traceback (most recent call last):
    experiments.results.errors.ResultsError: results has 1 problem:
      results = "../model": no such results folder. ...
    """
    listed = names()
    if name in listed:
        return results() / name
    remedy = did_you_mean(name[:60], listed) if listed else "There is none yet: run an experiment."
    shown = written(name if len(name) <= 60 else f"{name[:57]}...")
    problem = Problem("results", shown, "no such results folder", remedy)
    raise ResultsError(Path("results"), [problem])


def _what(name: str) -> tuple[str, str]:
    """Return of which kind results are, and of which experiment; nothing if it cannot be read."""
    path = results() / name / MANIFEST
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return "", ""


@cache
def _read(path: Path, _: int) -> tuple[str, str]:
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise ValueError("a manifest is a table")
    kind = str(told.get("kind", ""))
    return kind, str(told.get("name", "")) if kind == "experiment" else ""
