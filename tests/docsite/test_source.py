"""The source of the site has a page for every document, module and linked file."""

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from docsite import api, lessons, source
from docsite.docstrings import convert, fields
from docsite.links import page, targets
from tests.documents import pages as documents


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the source of the site."""
    folder = tmp_path_factory.mktemp("site") / "source"
    source.write(folder)
    return folder


def test_every_document_and_what_it_links_to_has_a_page(site: Path, root: Path) -> None:
    for document in documents():
        path = document.relative_to(root).as_posix()
        for name in (path, *targets(path)):
            assert (site / page(name)).is_file(), name


def test_every_public_module_is_in_the_reference(site: Path, root: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (site / "api").iterdir())
    for package in api.PACKAGES:
        paths = (root / package).rglob("*.py")
        for path in (path for path in paths if path.parent.name != "__pycache__"):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            name = name.removesuffix(".__init__")
            private = name.rpartition(".")[2].startswith("_")
            assert (f".. automodule:: {name}\n" in text) != private, name


def test_the_public_module_has_a_page_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "winset.py").write_text('"""The public API."""\n', encoding="utf-8")
    known = api.modules(tmp_path)
    assert [one.caption for one in known] == ["The public API."]
    assert ".. automodule:: winset\n" in api.pages(known)["api/winset.md"]


def test_the_navigation_names_every_document(site: Path) -> None:
    text = (site / "index.md").read_text(encoding="utf-8")
    listed = {line.rpartition("<")[2].rstrip(">") for line in text.splitlines()}
    folders = {path.parent for path in site.rglob("README.md")}
    for path in site.glob("**/*.md"):
        name = path.relative_to(site)
        if name.parts[0] in {"source", "project", "api"} or name.stem == "index":
            continue
        inside = path.parent in folders and path.stem != "README"
        assert inside or name.with_suffix("").as_posix() in listed, name


def test_a_lesson_becomes_a_page_without_its_settings() -> None:
    front = 'title = "Hands"\nminutes = 10\nabout = "Why."\nsources = ["Putnam 1988"]\n'
    question = 'question = "What?"\nchoices = ["A", "B"]\nright = 2\nbecause = "So."\n'
    text = lessons.readable(f"+++\n{front}+++\n\n## One\n\n```prediction\n{question}```\n")
    assert tomllib.loads(front)["title"] in text.splitlines()[0]
    assert "**What?**\n\n1. A\n2. B\n\nAnswer: 2. So.\n" in text
    assert text.endswith("## Sources\n\n- Putnam 1988\n")


def test_a_file_with_fences_is_shown_whole(site: Path) -> None:
    text = (site / page("docs/tutorials/own_scenario.py")).read_text(encoding="utf-8")
    assert text.startswith(source.ORPHAN + "# docs/tutorials/own_scenario.py\n\n```python\n")


@pytest.mark.parametrize(
    ("docstring", "converted"),
    [
        ("", "\n"),
        ("a_ |b| *c", "a\\_ \\|b\\| \\*c\n"),
        (
            "Return x.\n\nRaises:\n    Error: if `x`.",
            "Return x.\n\nRaises:\n    Error: if ``x``.\n",
        ),
        ("Return x:\n\n    y = x", "Return x:\n\n::\n\n    y = x\n"),
        ("Examples:\n    >>> x_ = 1 * 2", "Examples:\n    >>> x_ = 1 * 2\n"),
        (">>> 1 * 2\n2", ">>> 1 * 2\n2\n"),
    ],
)
def test_a_docstring_becomes_restructured_text(docstring: str, converted: str) -> None:
    assert convert(docstring) == converted


def test_a_table_lists_its_fields() -> None:
    class Table(BaseModel):
        """A table."""

        name: str = Field("", description="the name")
        window: int = Field(26, description="length", json_schema_extra={"unit": "weeks"})

    assert list(fields(Table)) == ["* ``name``: the name", "* ``window`` (weeks): length"]
