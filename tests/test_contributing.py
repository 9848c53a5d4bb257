"""What contributors and citing authors read is complete and agrees with the project."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import winset
from experiments.results.manifest import winset_version
from tests.documents import ROOT, dead_links

GUIDES = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*_*.yml"))
SECTIONS = [
    "Summary",
    "Statement of need",
    "State of the field",
    "Software design",
    "Research impact statement",
    "AI usage disclosure",
    "Acknowledgements",
    "References",
]


def parsed(path: Path) -> Any:
    """Read a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def paper() -> tuple[dict[str, Any], str]:
    """Read the paper: its metadata and its text."""
    _, front, text = (ROOT / "paper.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), text


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_has_a_title_and_no_dead_links(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").startswith("# ")
    assert not list(dead_links(ROOT / name))


def test_the_changelog_starts_with_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert winset_version() in sections[0]
    kinds = re.findall(r"^### (.+)$", changelog, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}", name) for name in sections[1:])


def test_the_public_module_has_the_version() -> None:
    assert winset.__version__ == winset_version()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_lists_every_target() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.+)$", rules, re.MULTILINE)[0].split()
    said = [
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for command in (["make", "help"], ["make"])
    ]
    lines = dict(re.findall(r"^make (\w+) +(\S.*)$", said[0], re.MULTILINE))
    assert list(lines) == targets
    assert said[0] == said[1]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_complete(path: Path) -> None:
    form = parsed(path)
    assert form.keys() == {"name", "description", "labels", "body"}
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked) > 0
    assert all(part["attributes"]["label"] for part in asked)


def test_there_are_forms_for_bugs_features_and_questions() -> None:
    names = [path.stem for path in FORMS]
    assert names == ["bug_report", "feature_request", "model_question"]
    assert parsed(FORMS[0].with_name("config.yml")) == {"blank_issues_enabled": True}


def test_the_citation_is_complete() -> None:
    citation = parsed(ROOT / "CITATION.cff")
    required = {"cff-version", "message", "type", "title", "abstract", "authors", "license"}
    assert required <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    for work in citation["references"]:
        assert {"type", "title", "authors", "year"} <= work.keys(), work


def test_the_metadata_is_complete() -> None:
    codemeta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    required = {"@context", "@type", "name", "description", "version", "license", "author"}
    assert required <= codemeta.keys()
    assert codemeta["@type"] == "SoftwareSourceCode"
    for name in (codemeta["readme"], codemeta["softwareHelp"]["url"]):
        assert (ROOT / name).is_file()


def test_the_paper_has_its_metadata_and_sections(paper: tuple[dict[str, Any], str]) -> None:
    front, text = paper
    assert front.keys() == {"title", "tags", "authors", "affiliations", "date", "bibliography"}
    assert re.findall(r"^# (.+)$", text, re.MULTILINE) == SECTIONS
    assert 750 <= len(text.split()) <= 1750


def test_the_paper_cites_its_bibliography_and_nothing_else(
    paper: tuple[dict[str, Any], str],
) -> None:
    entries = (ROOT / paper[0]["bibliography"]).read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(\w+),$", entries, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert set(re.findall(r"@(\w+)", paper[1])) == set(keys)


def test_works_in_the_citation_are_in_the_bibliography() -> None:
    entries = (ROOT / "paper.bib").read_text(encoding="utf-8")
    for work in parsed(ROOT / "CITATION.cff")["references"]:
        assert work.get("doi", str(work["year"])) in entries, work["title"]
