"""The public API has the documented names and signatures, and imports quickly."""

import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import winset

ROOT = Path(__file__).resolve().parent.parent
SIGNATURES = {
    "build": ["scenario", "worlds", "seed", "sweep", "first", "seats"],
    "fork": ["negotiation", "worlds", "world", "salt"],
    "list_scenarios": [],
    "load_scenario": ["name", "overrides"],
    "replay": ["results", "world"],
    "simulate": ["scenario", "worlds", "seed", "sweep", "record", "first", "progress", "seats"],
}
CLASSES = {"Run", "Scenario"}


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
