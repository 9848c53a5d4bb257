"""Fixtures for all tests of the app: small results, one server, one browser, screenshots.

WINSET_PICTURES names a folder for the screenshots; the default is a temporary folder. Server and
browser run for all tests of this folder, because a second playwright would not start.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.inputs import results_index
from app.launch import free_port, server
from tests.app import sample_results
from tests.app.browsing import CHROMIUM, FLAGS, Visit, Visitors


@pytest.fixture(scope="package")
def results_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with small results folders, which tests must not change."""
    return sample_results.fill(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip the test with a note in the summary if it is missing."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM HERE: NO PAGE OF THE APP IS TESTED; install chromium")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def address(results_folder: Path) -> Iterator[str]:
    """Start the app with the small results folders, and return its address."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(results_index.VARIABLE, str(results_folder))
            url, _ = stack.enter_context(server(free_port()))
        yield url


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return a function that opens pages in new sessions. Fails at the end if a page had errors."""
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
