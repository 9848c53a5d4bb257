"""Write a page as one HTML file with embedded figures and styles and no external resources."""

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
    """Write report.html into a results folder, from the files in it, and return its path.

    The same folder gives the same page, byte for byte.

    Raises:
        ResultsError: no results, changed files, or a folder that cannot be written.
    """
    place = Path(folder)
    return write_page(page(read_folder(place)), place / REPORT)


def write_page(page_to_write: Page, path: Path) -> Path:
    """Write a page to a file. Raises ResultsError if its folder cannot be written."""
    content = render(page_to_write).encode()
    with writing(path.parent):
        write_whole(path, content)
    return path


def render(page_to_write: Page) -> str:
    """Return a page as HTML with escaped text and non-breaking spaces before percent signs."""
    return _template().render(page=page_to_write).replace(" %", "\u00a0%")


def templates() -> Environment:
    """Return the environment with the templates of reports, which escapes all values."""
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
