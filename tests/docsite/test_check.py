"""The check of the built site finds broken links and addresses of other servers."""

from pathlib import Path

import pytest

from docsite.check import problems


def site(folder: Path, body: str, css: str = "") -> Path:
    """Write a site of two pages and a style sheet."""
    (folder / "index.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    (folder / "other.html").write_text('<h1 id="top">Other</h1>', encoding="utf-8")
    (folder / "style.css").write_text(css, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "body",
    [
        '<a href="other.html#top">x</a>',
        '<a href="https://example.org/paper">x</a>',
        '<p id="here"><a href="#here">x</a>',
        '<link rel="stylesheet" href="style.css"><img src="data:image/png;base64,AA==">',
    ],
)
def test_a_good_site_has_no_problems(body: str, tmp_path: Path) -> None:
    assert problems(site(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="no.html">x</a>', "links to no.html, which does not exist"),
        ('<a href="other.html#no">x</a>', "other.html#no, but the page has no such anchor"),
        ('<a href="#no">x</a>', "#no, but the page has no such anchor"),
        ('<img src="no.png">', "links to no.png, which does not exist"),
        ('<script src="https://example.org/a.js"></script>', "from another server"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "from another server"),
        ('<img src="https://example.org/a.png">', "from another server"),
    ],
)
def test_a_broken_site_is_reported(body: str, problem: str, tmp_path: Path) -> None:
    (found,) = problems(site(tmp_path, body))
    assert problem in found


def test_a_font_of_another_server_is_reported(tmp_path: Path) -> None:
    css = "@font-face { src: url('https://example.org/font.woff2') }"
    (found,) = problems(site(tmp_path, "", css))
    assert found == "style.css: loads https://example.org/font.woff2 from another server"


def test_an_empty_site_is_reported(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}: there are no pages"]
