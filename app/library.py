"""Knows which results folders there are: a visitor chooses from the list and never names a path."""

import os
from pathlib import Path

from experiments.errors import ResultsError
from experiments.manifest import MANIFEST
from model.problems import Problem, did_you_mean, written

ROOT = Path(__file__).resolve().parent.parent
PLACE = "WINSET_RESULTS"  # who starts the app may keep results elsewhere
DEEPEST = 3  # folders within folders that are looked into
MOST = 200  # folders that are listed


def results() -> Path:
    """Return the folder that holds all results folders."""
    return Path(os.environ.get(PLACE) or ROOT / "results")


def names() -> list[str]:
    """Return the names of all results folders, in alphabetical order."""
    found: list[str] = []
    _look(results(), "", DEEPEST, found)
    return sorted(found)[:MOST]


def folder(name: str) -> Path:
    """Return the place of a results folder by its name. Raises ResultsError if none is listed so.

    >>> folder("../model")
    Traceback (most recent call last):
    experiments.errors.ResultsError: results has 1 problem:
      results = "../model": no such results folder. ...
    """
    listed = names()
    if name in listed:
        return results() / name
    remedy = did_you_mean(name[:60], listed) if listed else "There is none yet: run an experiment."
    shown = written(name if len(name) <= 60 else f"{name[:57]}...")
    problem = Problem("results", shown, "no such results folder", remedy)
    raise ResultsError(Path("results"), [problem])


def plain(error: ResultsError) -> tuple[str, ...]:
    """Return what is wrong with results, a line each, without the path to the folder of all."""
    above = f"{results()}{os.sep}"
    return tuple(str(problem).replace(above, "") for problem in error.problems)


def _look(place: Path, name: str, deeper: int, found: list[str]) -> None:
    """Add what lies in a folder: a results folder, or folders of them."""
    try:
        inner = sorted(one for one in place.iterdir() if not one.name.startswith("."))
    except OSError:
        return  # gone, or not ours to read: it is not listed
    if name and any(one.name == MANIFEST for one in inner):
        found.append(name)
        return
    for one in inner:
        if deeper and one.is_dir():
            _look(one, f"{name}/{one.name}" if name else one.name, deeper - 1, found)
