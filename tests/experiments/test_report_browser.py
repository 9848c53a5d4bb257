"""Reports in a browser: no requests, no errors, and readable on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from experiments.engine import Run
from experiments.report.compare import compare
from experiments.report.page import report
from tests.pages import folder_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LEAST = 12  # pixels of the smallest text


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium, or skip with a note in the summary if it is missing."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("NOT TESTED: reports in a browser, since no chromium is installed here")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def written(made: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder_path = tmp_path_factory.mktemp("browser")
    folders = {kind: folder_of(kind, made, folder_path / kind) for kind in ("run", "experiment")}
    paths = {kind: report(folder) for kind, folder in folders.items()}
    return paths | {"comparison": compare(folders["run"], folders["run"]).path}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ["run", "experiment", "comparison"])
def test_a_page_makes_no_requests_and_fits_the_screen(
    browser: "Browser", written: dict[str, Path], name: str, size: dict[str, int]
) -> None:
    page = browser.new_page(viewport=size)  # type: ignore[arg-type]
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(written[name].as_uri())
    page.wait_for_load_state("load")
    outside = [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not outside
    assert not complaints
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    whole = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
    assert page.evaluate(whole)
    small = (
        "Math.min(...[...document.querySelectorAll('p, li, td, th, dd, pre, figcaption, span')]"
        ".map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert page.evaluate(small) >= LEAST
    page.close()


def test_print_shows_folded_parts(browser: "Browser", written: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(written["run"].as_uri())
    folded = (
        "document.querySelector('details table').checkVisibility({contentVisibilityAuto: true})"
    )
    assert not page.evaluate(folded)
    page.emulate_media(media="print")
    page.wait_for_function(folded, timeout=10_000)
    page.close()
