"""A line that breaks, a server that forgets, in the middle of things: the page goes on by itself.

What makes that so: the address holds the state of every page, the browser keeps a game's moves, and
the server lets a page that it does not know any more begin again (app.launch.SETTINGS).
"""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute

from tests.app.browsing import SMALL, Visit, reads, settled, slide, whole
from tests.app.test_play_browser import GAME, KEPT, WEEK, end, week
from tests.app.test_play_browser import slide as offer

TOLD = "Session between ministers: South proposes: North opens"


class Line:
    """The line between a page and the server, which can be cut; it comes back by itself."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.lines: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/channels"), self._pass)

    def _pass(self, line: WebSocketRoute) -> None:
        line.connect_to_server()
        self.lines.append(line)

    def cut(self) -> None:
        """Cut the line, and wait until there is another."""
        before = len(self.lines)
        self.lines[-1].close(code=1001, reason="lost")
        self._wait(lambda: len(self.lines) > before)

    def forget(self) -> None:
        """Let the server forget the session, as one that was started anew has forgotten all."""
        before = len(self.lines)
        found = re.search(r"kernels/([^/]+)/channels\?session_id=([^&]+)", self.lines[-1].url)
        assert found
        place = f"{self.address}/_solara/api/close/{found[1]}?session_id={found[2]}"
        urllib.request.urlopen(urllib.request.Request(place, data=b"", method="POST")).close()
        self.page.evaluate("document.querySelector('#main').dataset.before = 'yes'")
        if len(self.lines) == before:
            self.lines[-1].close(code=1001, reason="lost")
        self.page.wait_for_selector("#main:not([data-before])")

    def _wait(self, ready: Callable[[], bool]) -> None:
        for _ in range(600):
            if ready():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the page did not come back")


def at(visit: Visit, address: str, path: str) -> tuple[Page, Line]:
    """Open a page whose line can be cut."""
    page = visit("/model")
    line = Line(page, address)
    page.goto(address + path)
    return page, line


def third_week(page: Page) -> str:
    """Play until the third week, with moves that are to be remembered; return what is told then.

    The parts of a page come one after the other: what is told, and what is kept, after the week.
    """
    page.wait_for_selector(WEEK)
    offer(page, "Standards", 40)
    page.wait_for_selector(".p-staged button")
    end(page)
    end(page)
    assert week(page) == 3
    page.wait_for_selector(f".p-news:has-text('{TOLD}')")
    page.wait_for_function(KEPT, arg=2)
    return page.inner_text(".p-news")


def test_a_line_that_breaks_in_a_game_leaves_the_game_as_it_is(visit: Visit, address: str) -> None:
    page, line = at(visit, address, GAME + "north")
    news = third_week(page)
    line.cut()
    reads(page, {".p-news": news})
    assert week(page) == 3
    end(page)
    assert week(page) == 4


def test_a_game_goes_on_though_the_server_forgot_it(visit: Visit, address: str) -> None:
    page, line = at(visit, address, GAME + "north")
    news = third_week(page)
    line.forget()
    page.wait_for_function("document.querySelector('.p-when b')?.innerText.startsWith('Week 3 ')")
    reads(page, {".p-news": news})
    end(page)
    assert week(page) == 4


@pytest.mark.parametrize("forgotten", [False, True], ids=["cut", "forgotten"])
def test_explore_goes_on_where_it_was(forgotten: bool, visit: Visit, address: str) -> None:
    page, line = at(visit, address, "/explore" + SMALL)
    whole(page)
    slide(page)
    told = settled(page, "values.cost_scale=")
    if forgotten:
        line.forget()
    else:
        line.cut()
    assert settled(page, "values.cost_scale=") == told
    slide(page)
    assert settled(page, "values.cost_scale=1.5")


def test_watch_and_lessons_come_back(visit: Visit, address: str) -> None:
    page, line = at(visit, address, "/watch?scenario=classroom&world=3&week=4")
    page.wait_for_selector(".t-player")
    line.forget()
    page.wait_for_selector(".t-player")
    assert "Week 4" in page.inner_text(".t-now")
    page.goto(address + "/lessons?lesson=tied_hands")
    page.wait_for_selector(".l-ask")
    line.forget()
    page.wait_for_selector(".l-ask")
