"""Finds the experiments of the catalogue by name."""

import importlib
import pkgutil
from pathlib import Path

import experiments.catalogue as folder
from experiments.errors import ResultsError
from experiments.experiment import Experiment
from model.problems import Problem, did_you_mean


def catalogue() -> dict[str, Experiment]:
    """Return every experiment by its name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return {name: load(name) for name in names}


def load(name: str) -> Experiment:
    """Return an experiment by its name. Raises ResultsError if there is none of that name."""
    known = [module.name for module in pkgutil.iter_modules(folder.__path__)]
    if name not in known:
        problem = Problem("name", name, "no such experiment", did_you_mean(name, known))
        raise ResultsError(Path("the catalogue of experiments"), [problem])
    found: Experiment = importlib.import_module(f"{folder.__name__}.{name}").EXPERIMENT
    return found
