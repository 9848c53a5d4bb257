"""Tests of lost connections and restarted servers: pages continue without a reload.

This works because the URL has the state of every page, the browser stores the moves of a game, and
the server lets a page with an unknown session start again (app.launch.SETTINGS).
"""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute

from tests.app.browsing import SMALL, Visit, reads, settled, slide, whole
from tests.app.test_play_browser import GAME, KEPT, WEEK, end, week
from tests.app.test_play_browser import slide as offer

NEWS = "Session between ministers: South proposes: North opens"


class Connection:
    """The connection between a page and the server, which can be cut and comes back."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.connections: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/channels"), self._pass)

    def _pass(self, connection: WebSocketRoute) -> None:
        connection.connect_to_server()
        self.connections.append(connection)

    def cut(self) -> None:
        """Cut the connection, and wait for a new one."""
        before = len(self.connections)
        self.connections[-1].close(code=1001, reason="lost")
        self._wait(lambda: len(self.connections) > before)

    def forget(self) -> None:
        """Close the session on the server, as a restart of the server does."""
        before = len(self.connections)
        match = re.search(r"kernels/([^/]+)/channels\?session_id=([^&]+)", self.connections[-1].url)
        assert match
        url = f"{self.address}/_solara/api/close/{match[1]}?session_id={match[2]}"
        pairs = [f"{one['name']}={one['value']}" for one in self.page.context.cookies()]
        headers = {"Cookie": "; ".join(pairs)}
        request = urllib.request.Request(url, b"", headers, method="POST")
        urllib.request.urlopen(request).close()
        self.page.evaluate("document.querySelector('#main').dataset.before = 'yes'")
        if len(self.connections) == before:
            self.connections[-1].close(code=1001, reason="lost")
        self.page.wait_for_selector("#main:not([data-before])")

    def _wait(self, ready: Callable[[], bool]) -> None:
        for _ in range(600):
            if ready():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the page did not come back")


def at(visit: Visit, address: str, path: str) -> tuple[Page, Connection]:
    """Open a page whose connection can be cut."""
    page = visit("/model")
    connection = Connection(page, address)
    page.goto(address + path)
    return page, connection


def third_week(page: Page) -> str:
    """Play until the third week, with moves that must be kept, and return the news of the week.

    The parts of a page arrive one after the other: the news and the stored game after the week.
    """
    page.wait_for_selector(WEEK)
    offer(page, "Standards", 40)
    page.wait_for_selector(".p-staged button")
    end(page)
    end(page)
    assert week(page) == 3
    page.wait_for_selector(f".p-news:has-text('{NEWS}')")
    page.wait_for_function(KEPT, arg=2)
    return page.inner_text(".p-news")


def test_a_game_continues_after_a_lost_connection(visit: Visit, address: str) -> None:
    page, connection = at(visit, address, GAME + "north")
    news = third_week(page)
    connection.cut()
    reads(page, {".p-news": news})
    assert week(page) == 3
    end(page)
    assert week(page) == 4


def test_a_game_continues_after_a_lost_session(visit: Visit, address: str) -> None:
    page, connection = at(visit, address, GAME + "north")
    news = third_week(page)
    connection.forget()
    page.wait_for_function("document.querySelector('.p-when b')?.innerText.startsWith('Week 3 ')")
    reads(page, {".p-news": news})
    end(page)
    assert week(page) == 4


@pytest.mark.parametrize("forgotten", [False, True], ids=["cut", "forgotten"])
def test_explore_continues(forgotten: bool, visit: Visit, address: str) -> None:
    page, connection = at(visit, address, "/explore" + SMALL)
    whole(page)
    slide(page)
    shares = settled(page, "values.cost_scale=")
    if forgotten:
        connection.forget()
    else:
        connection.cut()
    assert settled(page, "values.cost_scale=") == shares
    slide(page)
    assert settled(page, "values.cost_scale=1.5")


def test_watch_and_lessons_come_back(visit: Visit, address: str) -> None:
    page, connection = at(visit, address, "/watch?scenario=classroom&world=3&week=4")
    page.wait_for_selector(".t-player")
    connection.forget()
    page.wait_for_selector(".t-player")
    assert "Week 4" in page.inner_text(".t-now")
    page.goto(address + "/lessons?lesson=tied_hands")
    page.wait_for_selector(".l-ask")
    connection.forget()
    page.wait_for_selector(".l-ask")
