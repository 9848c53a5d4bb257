"""List the results folders. Visitors choose from this list and never give a path."""

import os
from functools import cache
from pathlib import Path

from experiments.results.errors import ResultsError
from experiments.results.layout import MANIFEST
from experiments.results.untrusted import read_json
from model.schema.problems import Problem, did_you_mean, written

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "WINSET_RESULTS"  # environment variable: another folder for results
MOST = 200  # listed folders


def results() -> Path:
    """Return the folder that contains all results folders."""
    return Path(os.environ.get(VARIABLE) or ROOT / "results")


def names() -> list[str]:
    """Return the names of all results folders, in alphabetical order."""
    return sorted(manifest.parent.name for manifest in results().glob(f"*/{MANIFEST}"))[:MOST]


def comparable(name: str) -> list[str]:
    """Return the names of the other results folders that can be compared with one.

    These are folders of the same kind and, for experiments, of the same experiment.
    """
    what = _what(name)
    return [other for other in names() if other != name and what == _what(other) != ("", "")]


def folder(name: str) -> Path:
    """Return the path of a results folder. Raises ResultsError if the name is not in the list.

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
    """Return the kind and experiment of a results folder, or empty strings if it is unreadable."""
    path = results() / name / MANIFEST
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return "", ""


@cache
def _read(path: Path, _: int) -> tuple[str, str]:
    manifest = read_json(path.parent, path.name)
    if not isinstance(manifest, dict):
        raise ValueError("a manifest must be a table")
    kind = str(manifest.get("kind", ""))
    return kind, str(manifest.get("name", "")) if kind == "experiment" else ""
