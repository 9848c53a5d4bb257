"""The code keeps its rules: sizes, captions, layers, random numbers, bits, and lists that agree."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from experiments.results.manifest import winset_version
from tests import house
from tests.house import Module

ROOT = Path(__file__).resolve().parent.parent
Rule = Callable[[Module], Iterator[str]]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Read the project's declaration."""
    declared: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return declared


def pins(name: str) -> dict[str, Requirement]:
    """Read a list of pins without their hashes."""
    wanted = [Requirement(line) for line, _ in pins_with_hashes(name)]
    return {canonicalize_name(one.name): one for one in wanted}


def pins_with_hashes(name: str) -> list[tuple[str, list[str]]]:
    """Read the pins of a file, each with its hashes."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [re.split(r"\s+--hash=", line) for line in text.splitlines()]
    return [(line.strip(), [one.strip() for one in hashes]) for line, *hashes in lines]


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    complaints = [text for module in house.modules(ROOT) for text in rule(module)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("rule", "name", "broken"),
    [
        (house.sizes, "model.a", "x = 1\n" * 401),
        (house.sizes, "model.a", "def f():\n" + "    x = 1\n" * 50),
        (house.captions, "model.a", "x = 1"),
        (house.captions, "model.a", '"""A caption over\ntwo lines."""'),
        (house.floors, "model.a", "from agents import leader"),
        (house.floors, "agents.a", "import experiments.engine"),
        (house.floors, "experiments.a", "import app"),
        (house.floors, "experiments.a", "from run import main"),
        (house.floors, "experiments.a", "import winset"),
        (house.floors, "app.a", "from winset import simulate"),
        (house.floors, "winset", "from app.launch import serve"),
        (house.floors, "winset", "from commands.terminal import show"),
        (house.floors, "model.a", "from tests import house"),
        (house.libraries, "experiments.engine", "import matplotlib.pyplot as plt"),
        (house.libraries, "agents.leader", "import networkx as nx"),
        (house.libraries, "experiments.batch", "from rich.progress import track"),
        (house.random_numbers, "tests.test_a", "import random"),
        (house.random_numbers, "model.a", "from numpy.random import rand"),
        (house.random_numbers, "model.a", "np.random.seed(1)"),
        (house.random_numbers, "tests.test_a", "np.random.default_rng()"),
        (house.random_numbers, "agents.a", "self.model.random.choice(x)"),
        (house.random_numbers, "agents.a", "self.rng.normal()"),
        (house.random_numbers, "model.a", "self.agents.shuffle_do('step')"),
        (house.printing, "experiments.a", "print(1)"),
        (house.purity, "model.a", "import math"),
        (house.purity, "model.a", "datetime.now()"),
        (house.purity, "model.a", "x @ y"),
        (house.purity, "agents.a", "np.einsum('ij,jk', x, y)"),
        (house.branching, "agents.a", "heard.all()"),
        (house.branching, "model.rules.a", "x.any()"),
        (house.branching, "model.phases.a", "n.store.width"),
        (house.purity, "model.a", "np.argsort(x)"),
        (house.sides, "agents.a", "x[1 - self.side_row]"),
        (house.sides, "app.a", "for side in (0, 1):\n    pass"),
        (house.sides, "model.a", "x = [side for side in (0, 1)]"),
    ],
)
def test_a_broken_module_is_complained_of(rule: Rule, name: str, broken: str) -> None:
    assert len(list(rule(house.parse(name, broken)))) == 1


def test_no_modules_import_each_other() -> None:
    assert house.cycle(house.modules(ROOT)) == []


def test_modules_that_import_each_other_are_found() -> None:
    circle = [
        house.parse("a.one", "from a import two"),
        house.parse("a.two", "def f():\n    from a.three import g"),
        house.parse("a.three", "import a.one"),
    ]
    assert set(house.cycle(circle)) == {"a.one", "a.two", "a.three"}
    typed = "if TYPE_CHECKING:\n    from a.three import g\nelse:\n    pass"
    assert house.cycle([circle[0], house.parse("a.two", typed), circle[2]]) == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for top in house.FLOORS for path in (ROOT / top).rglob("*.py")}
    folders = {folder for folder in folders if folder.name != "__pycache__"}
    folders = {folder for folder in folders if folder.name != "__pycache__"}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_workers_load_no_drawing_library() -> None:
    code = "import sys, experiments.engine; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pins_are_exact_and_name_no_address(name: str) -> None:
    for line, hashes in pins_with_hashes(name):
        assert re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.]+( ; .+)?", line), line
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), line


def test_pins_are_installed_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (install,) = re.findall(r"^INSTALL := (.*)$", makefile, re.MULTILINE)
    assert "--require-hashes" in install
    assert "-m pip check" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])]
)
def test_pins_lie_within_the_declared_ranges(
    name: str, extras: list[str], project: dict[str, Any]
) -> None:
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    pinned = pins(name)
    for requirement in map(Requirement, wanted):
        (version,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(version.version), requirement


def test_developers_have_the_same_pins_as_users() -> None:
    developers = pins("requirements-dev.txt")
    for name, pin in pins("requirements.txt").items():
        assert developers[name].specifier == pin.specifier, name


def test_declarations_agree(project: dict[str, Any]) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == codemeta["version"] == winset_version()
    assert project["license"] == citation["license"] == codemeta["license"].rpartition("/")[2]
    assert project["keywords"] == citation["keywords"] == codemeta["keywords"]
    assert project["description"] == codemeta["description"]
    assert project["requires-python"] == codemeta["programmingLanguage"]["version"]
    assert codemeta["dateModified"] == citation["date-released"].isoformat()
    authors = [author["name"] for author in project["authors"]]
    assert authors == [author["name"] for author in citation["authors"]]
    assert authors == [author["name"] for author in codemeta["author"]]
    chosen = (ROOT / ".python-version").read_text().strip()
    assert SpecifierSet(project["requires-python"]).contains(chosen)


def test_developers_have_the_packages_of_the_documentation_site(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    assert set(extras["docs"]) <= set(extras["dev"])


def test_the_page_on_libraries_names_each_of_them(project: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "libraries.md").read_text()
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    missing = [
        name for name in (Requirement(text).name for text in wanted) if f"`{name}`" not in page
    ]
    assert not missing
