"""The recipes work as they stand: in a copy of the checkout their blocks do what they promise."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import house
from tests.documents import ROOT, Block, arguments, in_text

PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
COPIED = (
    "model",
    "agents",
    "experiments",
    "app",
    "run.py",
    "commands",
    "docs/columns.md",
    "docs/parameters.md",
    "pyproject.toml",
    "CITATION.cff",
)
# Files that the commands of a recipe write, which the recipe names.
GENERATED = {
    "An outcome": {"docs/columns.md"},
    "A result column": {"docs/columns.md"},
    "A kind of event": {"docs/parameters.md"},
}
# How many files a reader of a recipe edits, if more than one.
TOUCHED = {
    "A kind of agent": 2,  # the file, and its line in the roster
    "A result column": 2,  # its declaration, and its values
    "A kind of event": 3,  # its declaration, the phase that applies it, and a scenario with one
    "A phase": 2,  # the file, and its line in the week
}
CACHES = {"__pycache__", ".ruff_cache"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what a recipe may touch or run."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "results").mkdir()
    return tmp_path


def said(blocks: list[Block], folder: Path, check: bool = False) -> str:
    """Return what the recipe's commands say, on one line, each blank as wide as any other.

    check: whether each command must succeed.
    """
    words = ""
    for block in blocks:
        if block.mark == "recipe":
            command = [re.sub(r"^python(?= )", sys.executable, word, flags=re.MULTILINE)
                       for word in arguments(block)]  # fmt: skip
            command[0] = sys.executable if command[0] == "python" else command[0]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            words += done.stdout + (done.stderr if done.returncode else "")
            assert not (check and done.returncode), words
    return " ".join(words.split())


def applied(block: Block, folder: Path) -> None:
    """Do to the file of a block what the block says."""
    path = folder / block.place
    if block.mark == "file":
        assert not path.exists()
        path.write_text(block.text, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if block.mark == "append":
        path.write_text(f"{text}\n\n{block.text}", encoding="utf-8")
        return
    for old, new in re.findall(r"^-(.*\n)((?:\+.*\n)*)", block.text, re.MULTILINE):
        assert text.count(old) == 1, old
        text = text.replace(old, re.sub(r"^\+", "", new, flags=re.MULTILINE))
    path.write_text(text, encoding="utf-8")


def places(text: str) -> set[str]:
    """Return the files that a recipe tells its reader to write or to change."""
    return {b.place for b in in_text(text) if b.mark in ("file", "append", "change")}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files of a checkout by path, without results and caches."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        place.as_posix(): path.read_bytes()
        for place, path in files.items()
        if place.parts[0] != "results" and not CACHES.intersection(place.parts)
    }


def test_the_recipes_are_complete() -> None:
    assert list(RECIPES) == [
        "A scenario",
        "An experiment",
        "An issue",
        "A rule",
        "A kind of agent",
        "A plot",
        "An outcome",
        "A result column",
        "A kind of event",
        "A page",
        "A phase",
    ]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_shows_what_it_promises(name: str, checkout: Path) -> None:
    blocks, original = in_text(RECIPES[name]), contents(checkout)
    seen = [
        " ".join(line.split()) for b in blocks if b.mark == "seen" for line in b.text.splitlines()
    ]
    assert seen
    if any(block.mark == "change" for block in blocks):  # no new name that would fail without
        before = said(blocks, checkout)
        assert [line for line in seen if line not in before], "it was there without the recipe"
    for block in blocks:
        if block.mark in ("file", "append", "change"):
            applied(block, checkout)
    after = said(blocks, checkout, check=True)
    assert not [line for line in seen if line not in after], after
    now = contents(checkout)
    changed = {path for path in {*original, *now} if original.get(path) != now.get(path)}
    generated = GENERATED.get(name, set())
    assert changed == places(RECIPES[name]) | generated
    assert not [path for path in generated if f"`{path}`" not in RECIPES[name]]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_keeps_the_rules_of_the_house(name: str, checkout: Path) -> None:
    blocks = [b for b in in_text(RECIPES[name]) if b.mark in ("file", "append", "change")]
    for block in blocks:
        applied(block, checkout)
    places = [block.place for block in blocks if block.place.endswith(".py")]
    for place in places:
        dotted = place.removesuffix(".py").replace("/", ".")
        module = house.parse(dotted, (checkout / place).read_text(encoding="utf-8"))
        assert not [text for rule in house.RULES for text in rule(module)]
    for verb in (["check"], ["format", "--check"]) if places else ():
        command = [sys.executable, "-m", "ruff", *verb, *places]
        done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_recipe_touches_few_places() -> None:
    for name, text in RECIPES.items():
        assert len(places(text)) == TOUCHED.get(name, 1), name
