"""Find the experiments of the catalogue by name."""

import ast
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import experiments.catalogue as folder
from experiments.results.errors import ResultsError
from model.schema.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from experiments.factorial.experiment import Experiment


def names() -> list[str]:
    """Return the names of all experiments, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(folder.__path__))


def catalogue() -> dict[str, "Experiment"]:
    """Return every experiment by its name, in alphabetical order."""
    return {name: load(name) for name in names()}


def questions() -> dict[str, str]:
    """Return the question of every experiment by its name, read from its source.

    Importing an experiment takes seconds, because it imports everything that computes the answer.
    """
    return {name: _question(Path(folder.__path__[0], f"{name}.py")) for name in names()}


def load(name: str) -> "Experiment":
    """Return an experiment by its name. Raises ResultsError if there is none."""
    if name not in names():
        problem = Problem("name", name, "no such experiment", did_you_mean(name, names()))
        raise ResultsError(Path("the catalogue of experiments"), [problem])
    experiment: Experiment = importlib.import_module(f"{folder.__name__}.{name}").EXPERIMENT
    return experiment


def _question(path: Path) -> str:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    words = (word for node in nodes if isinstance(node, ast.Call) for word in node.keywords)
    return str(next(ast.literal_eval(word.value) for word in words if word.arg == "question"))
