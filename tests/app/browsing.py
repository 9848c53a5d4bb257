"""Helpers for tests in a browser: window sizes, opening pages, waiting for results."""

import re
import shutil
from collections.abc import Callable, Mapping

from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
WAIT = 120_000.0  # milliseconds, enough for a busy machine
SMALL = "?scenario=classroom&worlds=40"
SLIDER = 'input[name="values.cost_scale"]'

type Visit = Callable[..., Page]


class Visitors:
    """Opens pages, each in a separate session, and records all errors on them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def visit(self, path: str, size: str = "wide", dark: bool = False) -> Page:
        """Open a page of the app. path: with slash and query; size: a key of SIZES."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: self._log(message.type, message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        page.on("request", lambda request: self._request(request.url))
        page.goto(self.address + path)
        page.wait_for_selector(".w-nav a")
        return page

    def close(self) -> None:
        """End all sessions."""
        for context in self.contexts:
            context.close()

    def _log(self, kind: str, text: str) -> None:
        if kind == "error":
            self.wrong.append(text)

    def _request(self, url: str) -> None:
        """Check that no request leaves the machine."""
        own = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        if not url.startswith(own):
            self.wrong.append(url)


def reads(page: Page, texts: Mapping[str, str]) -> None:
    """Wait until the parts of a page have the given texts. texts: by selector."""
    page.wait_for_function(
        "texts => Object.entries(texts).every(([name, text]) =>"
        " document.querySelector(name)?.innerText === text)",
        arg=dict(texts),
    )


def fits(page: Page, size: str) -> bool:
    """Say whether a page is no wider than its screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0])


def whole(page: Page) -> list[str]:
    """Wait for the complete picture of Explore, and return its shares and intervals."""
    page.wait_for_selector(".w-picture:not(.w-old) .w-sweep", state="attached")
    return page.locator(".w-bar-text").all_inner_texts()


def settled(page: Page, query: str) -> list[str]:
    """Wait until the URL of Explore has a query and the picture matches it."""
    page.wait_for_url(re.compile(re.escape(query)))
    page.wait_for_selector(".w-picture .w-ghost", state="attached")
    return whole(page)


def slide(page: Page, keys: int = 5) -> None:
    """Move a slider of Explore by a number of steps."""
    page.focus(SLIDER)
    page.eval_on_selector(
        SLIDER,
        "(slider, keys) => { slider.value = Number(slider.value) + keys;"
        " slider.dispatchEvent(new Event('input'));"
        " slider.dispatchEvent(new Event('change')); }",
        keys,
    )
