"""Knows which results folders there are: a visitor chooses from the list and never names a path."""

import os
from pathlib import Path

from experiments.errors import ResultsError
from experiments.manifest import MANIFEST
from model.problems import Problem, did_you_mean, written

ROOT = Path(__file__).resolve().parent.parent
PLACE = "WINSET_RESULTS"  # who starts the app may keep results elsewhere
MOST = 200  # folders that are listed


def results() -> Path:
    """Return the folder that holds all results folders."""
    return Path(os.environ.get(PLACE) or ROOT / "results")


def names() -> list[str]:
    """Return the names of all results folders, in alphabetical order."""
    return sorted(found.parent.name for found in results().glob(f"*/{MANIFEST}"))[:MOST]


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
