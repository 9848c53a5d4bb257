"""The public API has the documented names and signatures, and imports quickly."""

import importlib
import inspect
import pickle
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import winset
from model.schema.problems import Problem

ROOT = Path(__file__).resolve().parent.parent
SIGNATURES = {
    "build": ["scenario", "worlds", "seed", "sweep", "first", "seats", "engine"],
    "fork": ["negotiation", "worlds", "world", "salt"],
    "list_scenarios": [],
    "load_scenario": ["name", "overrides"],
    "replay": ["results", "world"],
    "simulate": [
        *("scenario", "worlds", "seed", "sweep", "record", "first", "progress", "seats", "engine")
    ],
}
ERRORS = {"BatchInterrupted", "DataError", "ResultsError", "ScenarioError", "WinsetError"}
CLASSES = ERRORS | {"Run", "Scenario"}


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_public_names_are_exactly_these() -> None:
    assert set(winset.__all__) == SIGNATURES.keys() | CLASSES | {"__version__"}
    assert dir(winset) == winset.__all__


@pytest.mark.parametrize("name", winset.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert isinstance(getattr(winset, name), str) or getattr(winset, name).__doc__


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_do_not_change_by_accident(name: str) -> None:
    assert list(inspect.signature(getattr(winset, name)).parameters) == SIGNATURES[name]


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_errors_have_one_base(name: str) -> None:
    assert issubclass(getattr(winset, name), winset.WinsetError)


def test_every_exception_of_the_project_has_that_base() -> None:
    found = {}
    for top in ("model", "agents", "experiments", "app"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if re.search(r"^class \w+\(.*(Error|Exception)\b.*\):", path.read_text(), re.MULTILINE):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                for name, value in vars(importlib.import_module(module)).items():
                    if isinstance(value, type) and value.__module__ == module:
                        found[f"{module}.{name}"] = value
    errors = {name: one for name, one in found.items() if issubclass(one, BaseException)}
    assert {"app.lessons.reading.LessonError", "model.economy.economy.NoEquilibrium"} <= set(errors)
    assert not [name for name, one in errors.items() if not issubclass(one, winset.WinsetError)]


def test_errors_can_be_pickled() -> None:
    problems = [Problem("[talks] rate", "2", "must be between 0 and 1")]
    for error in (
        winset.ScenarioError("own.toml", problems),
        winset.DataError("sectors.csv", problems),
        winset.ResultsError(Path("results/a"), problems),
        winset.BatchInterrupted(Path("results/a"), 3, 8),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_the_version_is_that_of_the_project() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert winset.__version__ == declared


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'winset' has no attribute 'simulat'"):
        getattr(winset, "simulat")  # noqa: B009 - mypy would refuse winset.simulat


def test_importing_it_loads_no_other_library() -> None:
    code = "import sys, winset; sys.exit(bool({'numpy', 'mesa', 'pandas'} & set(sys.modules)))"
    assert python(code).returncode == 0


def test_one_line_simulates_worlds_and_shows_their_outcomes() -> None:
    code = (
        "import winset; print(winset.simulate('february_2025', worlds=50, seed=1).outcomes.head())"
    )
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "outcome" in done.stdout


def test_results_of_the_api_can_be_replayed(tmp_path: Path) -> None:
    from experiments.results.folder import write_results

    run = winset.simulate("classroom", worlds=4, seed=3)
    write_results(run, tmp_path)
    again: winset.Run = winset.replay(tmp_path, 2)
    assert again.outcomes.equals(run.outcomes.loc[[2]])
