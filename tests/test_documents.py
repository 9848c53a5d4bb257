"""The documents do what they say: their commands run as they stand, their links lead somewhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agents.conduct import Conduct
from model.outcomes import OUTCOMES, Outcome, ranked
from run import app
from tests.documents import COMMANDS, ROOT, Block, arguments, blocks, dead_links, links_of, pages

MARKS = {"sh": {"fast", "whole", "tests", "slow"}, "python": {"fast"}}
IN_RECIPES = {"sh": {"recipe"}, "python": {"recipe", "file", "append"}}  # test_recipes runs them
LESSON = re.compile(r"\d\d_\w+\.md")  # found by the page Lessons
LINKED = [*pages(), *sorted((ROOT / "app" / "texts").rglob("*.md"))]
PAGES = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return a copy of the checkout without environment and results, for commands that write."""
    patterns = shutil.ignore_patterns(".*", "__pycache__")

    def left_out(folder: str, names: list[str]) -> set[str]:
        return patterns(folder, names) | ({"results"} if Path(folder) == ROOT else set())

    return Path(shutil.copytree(ROOT, tmp_path / "winset", ignore=left_out))


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """Return the variables under which `python` is the one that runs the tests."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}


def run(command: list[str], folder: Path, shell: dict[str, str]) -> str:
    """Run a command and return what it said; fail with all that it said."""
    done = subprocess.run(
        command, cwd=folder, env=shell, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@PAGES
def test_fast_blocks_run_as_they_stand(page: Path, scratch: Path, shell: dict[str, str]) -> None:
    for block in blocks(page):
        if block.mark == "fast":
            run(arguments(block), scratch, shell)


@PAGES
def test_the_command_line_knows_what_slow_blocks_name(page: Path, shell: dict[str, str]) -> None:
    slow = "".join(block.text for block in blocks(page) if block.mark == "slow")
    for command, options in re.findall(r"^python run\.py (\w+)(.*)$", slow, re.MULTILINE):
        known = run(["python", "run.py", command, "--help"], ROOT, {**shell, "COLUMNS": "200"})
        assert not [name for name in re.findall(r"--[\w-]+", options) if name not in known]


@PAGES
def test_sentences_name_commands_that_there_are(page: Path) -> None:
    known = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}
    named = set(re.findall(r"`python run\.py (\w+)", page.read_text(encoding="utf-8")))
    assert named <= known


@PAGES
def test_every_block_of_commands_is_held_by_some_test(page: Path) -> None:
    commands = [block for block in blocks(page) if block.language in COMMANDS]
    held = MARKS | (IN_RECIPES if page.name == "recipes.md" else {})
    assert not [block for block in commands if block.mark not in held[block.language]]


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    assert not list(dead_links(page))


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A: `b`, c\n[x](gone.md) ![y](no.png) [z](#a-b-c) [w](#d) <img src='n.png'>\n"
    )
    assert list(dead_links(page)) == ["gone.md", "no.png", "n.png", "#d"]


def test_every_document_can_be_found_from_the_readme() -> None:
    found, new = set(), {ROOT / "README.md"}
    while new:
        found |= new
        links = {(page.parent / path).resolve() for page in new for path, _ in links_of(page)}
        new = {path for path in links if path.suffix == ".md"} - found
    lost = [page for page in pages() if page not in found and not LESSON.match(page.name)]
    assert not [str(page.relative_to(ROOT)) for page in lost]


def test_the_readme_gives_the_two_commands() -> None:
    given = blocks(ROOT / "README.md")
    assert Block("sh", "whole", "make run\n") in given
    assert Block("sh", "tests", "make test\n") in given


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.slug)
def test_the_glossary_defines_each_outcome_as_its_declaration_does(outcome: Outcome) -> None:
    row = f"| **{outcome.key}** | {outcome.definition} |\n"
    assert row in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_the_glossary_lists_the_outcomes_in_order_of_precedence() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = page.partition("## How a world ends")[2].partition("\n## ")[0]
    keys = re.findall(r"^\| \*\*(.+?)\*\* \|", section, re.MULTILINE)
    assert keys == [outcome.key for outcome in OUTCOMES]


@pytest.mark.parametrize("page", ["README.md", "docs/ODD.md"])
def test_a_page_that_lists_the_outcomes_lists_all(page: str) -> None:
    words = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert not [outcome.key for outcome in OUTCOMES if outcome.key not in words]


def test_the_readme_lists_the_outcomes_in_the_order_of_figures() -> None:
    words = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"The outcomes are: {', '.join(outcome.key for outcome in ranked())}." in words


def test_the_glossary_has_one_entry_a_word() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| \*\*(.+?)\*\* \| [A-Z].*\. \|$", page, re.MULTILINE)
    assert len(words) == len(set(words)) == page.count("\n| **")
    played = "seat conduct moves game look-ahead future briefing transcript debrief"
    assert set(played.split()) <= set(words)


def test_the_page_on_seats_names_every_method_of_a_conduct() -> None:
    table = (ROOT / "docs" / "seats.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\|[^|]*\| `(\w+)` \|", table, re.MULTILINE))
    assert named | {"as_model"} == {name for name in vars(Conduct) if not name.startswith("_")}
