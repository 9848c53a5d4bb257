"""Writes a page: one HTML file that holds its figures and style, and asks for nothing outside."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from experiments.report.blocks import Page
from experiments.report.folder import read_folder
from experiments.report.kinds import page
from experiments.results.files import write_whole, writing
from experiments.results.layout import REPORT

TEMPLATES = Path(__file__).parent / "templates"


def report(folder: str | Path) -> Path:
    """Write report.html into a results folder, from what stands there, and return its path.

    The same folder gives the same page, byte for byte.

    Raises:
        ResultsError: no results, changed files, or a folder that cannot be written.
    """
    place = Path(folder)
    return write_page(page(read_folder(place)), place / REPORT)


def write_page(made: Page, path: Path) -> Path:
    """Write a page to a file. Raises ResultsError if its folder cannot be written."""
    content = render(made).encode()
    with writing(path.parent):
        write_whole(path, content)
    return path


def render(made: Page) -> str:
    """Return a page as HTML; every word is escaped, and no line begins with a percent sign."""
    return _template().render(page=made).replace(" %", "\u00a0%")


def templates() -> Environment:
    """Return the templates of reports; whatever is put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _template() -> Template:
    return templates().get_template("page.html.jinja")
