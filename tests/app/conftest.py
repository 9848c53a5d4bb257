"""What all tests of the app share: small results, one server, one browser, a folder of pictures.

WINSET_PICTURES names a folder that keeps the screenshots; else they lie in pytest's own. All of it
lives as long as the tests of this folder run: a second playwright beside it would not start.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.inputs import results_index
from app.launch import free_port, server
from tests.app import laboratory
from tests.app.browsing import CHROMIUM, FLAGS, Visit, Visitors


@pytest.fixture(scope="package")
def results_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with small results folders, which tests read and never change."""
    return laboratory.fill(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium; where there is none, say so in the summary and skip."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM HERE: NO PAGE OF THE APP IS TESTED; install chromium")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="package")
def address(results_place: Path) -> Iterator[str]:
    """Start the app, whose results folders are the small ones, and return its address."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(results_index.PLACE, str(results_place))
            found, _ = stack.enter_context(server(free_port()))
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return what opens a page in a session of its own; in the end nothing may have gone wrong."""
    visitors = Visitors(browser, address)
    yield visitors.visit
    visitors.close()
    assert not visitors.wrong


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of screenshots."""
    wanted = os.environ.get("WINSET_PICTURES")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
