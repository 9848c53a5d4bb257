"""Tests of who can use the server: hosts, origins, paths, headers, cookies, sessions."""

import contextlib
import http.client
import itertools
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from app.launch import free_port
from app.serving import connections
from app.serving.access import HEADERS, Access, access_of
from app.serving.sessions import Sessions

NUMBERS = itertools.count()


def ask(
    address: str, path: str = "/model", method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    """Send a request with these headers, and return the answer."""
    line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request(method, path, headers=given)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


def channel(address: str, origin: str | None, **headers: str) -> ClientConnection:
    """Open the channel of a new session."""
    name = f"{next(NUMBERS):08d}-0000-4000-8000-000000000000"
    place = f"/jupyter/api/kernels/{name}/channels?session_id={name}"
    url = address.replace("http", "ws", 1) + place
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    host = {k: v for k, v in given.items() if k == "Host"}
    if host:  # the client sends its own Host header, so name the host in the URL
        at, port = address.removeprefix("http://").split(":")
        line = socket.create_connection((at, int(port)))
        url = f"ws://{host['Host']}:{port}{place}"
        return connect(url, sock=line, origin=Origin(origin) if origin else None)
    return connect(url, origin=Origin(origin) if origin else None, additional_headers=given)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", ""])
def test_other_hosts_are_refused(host: str, address: str) -> None:
    answer = ask(address, Host=host)
    assert answer.status == 421
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_rebound_name_opens_no_channel(address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        channel(address, None, Host="evil.example")
    assert refused.value.response.status_code == 421


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "http://evil.example", "null", None])
def test_other_pages_open_no_channel(origin: str | None, address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        channel(address, origin)
    assert refused.value.response.status_code == 403


def test_its_own_pages_open_a_channel(address: str) -> None:
    with channel(address, address):
        pass


def test_other_pages_read_and_close_nothing(address: str) -> None:
    assert ask(address, Origin="http://127.0.0.1:1").status == 403
    assert ask(address, Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors").status == 403
    assert ask(address, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200
    place = "/_solara/api/close/00000000-0000?session_id=1"
    assert ask(address, place, "POST", Origin="http://evil.example").status == 403
    assert ask(address, place, "POST").status == 404  # no such session


@pytest.mark.parametrize(
    "path",
    [
        "/resourcez",
        "/resourcez?verbose",
        "/metrics",
        "/jupyter/api/kernels/1",
        "/jupyter/nbextensions/",
        "/jupyter/nbextensions/jupyter-vuetify/",
        "/jupyter/nbextensions/jupyter-vuetify/../../../../etc/passwd",
        "/static/",
        "/static/public/x",
        "/static/../../../../../../etc/passwd",
        "/static/assets/%2e%2e/%2e%2e/settings.py",
        "/_solara/cdn/%2e%2e/%2e%2e/x",
        "/_solara/cdn/other@1.0/x.js",
        "/_solara/api/evict/x",
        "/one/two",
    ],
)
def test_other_endpoints_are_closed(path: str, address: str) -> None:
    assert ask(address, path).status in (404, 405)


def test_headers_protect_every_answer(address: str) -> None:
    for path in ("/model", "/readyz", "/static/assets/favicon.svg", "/nowhere/at/all"):
        answer = ask(address, path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "frame-ancestors 'none'" in HEADERS["content-security-policy"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_cookies_stay_here(name: str, address: str) -> None:
    cookies = ask(address, Host=name).headers.get_all("set-cookie") or []
    assert cookies
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies)


def test_a_header_does_not_move_the_app(address: str) -> None:
    for name in ("Script_Name", "X_Script_Name"):
        ask(address, **{name: "/evil"})
    line = http.client.HTTPConnection(address.removeprefix("http://"))
    line.request("GET", "/model")
    assert b"/evil" not in line.getresponse().read()
    line.close()


def test_settings_allow_a_proxy() -> None:
    access = access_of(
        {
            "WINSET_HOSTS": "winset.example.org, *",
            "WINSET_ORIGINS": "https://other.example.org/",
            "WINSET_PREFIX": "/winset/",
            "WINSET_SESSIONS_PER_COOKIE": "3",
        }
    )
    assert access.host_allowed("winset.example.org")
    assert not access.host_allowed("evil.example.org")
    assert access.origin_allowed("https://winset.example.org", "winset.example.org")
    assert access.origin_allowed("https://other.example.org", "localhost")
    assert not access.origin_allowed("https://other.example.org.evil.org", "localhost")
    assert (access.prefix, access.per_cookie) == ("/winset", 3)


def _scope(number: int = 1, cookie: str = "", **more: Any) -> Scope:
    name = f"{number:08d}-0000"
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    if cookie:
        headers.append((b"cookie", f"solara-session-id={cookie}".encode()))
    return {
        "type": "websocket",
        "path": f"/jupyter/api/kernels/{name}/channels",
        "query_string": b"session_id=" + name.encode(),
        "client": ("10.0.0.1", 1),
        "headers": headers,
    } | more


def _sessions(access: Access, alive: dict[str, Any], count: int, cookie: str) -> Iterator[str]:
    sessions = Sessions(access, alive)
    for number in range(count):
        why = sessions.admit(_scope(number, cookie))
        yield why
        if not why:
            alive[f"{number:08d}-0000"] = SimpleNamespace(session_id=cookie)


def test_a_cookie_has_a_few_sessions() -> None:
    alive: dict[str, Any] = {}
    answers = list(_sessions(Access(per_cookie=3), alive, 5, "one"))
    assert [bool(why) for why in answers] == [False, False, False, True, True]
    assert Sessions(Access(per_cookie=3), alive).admit(_scope(0, "one")) == ""  # it comes back


def test_an_address_has_a_few_sessions() -> None:
    alive: dict[str, Any] = {}
    answers = list(_sessions(Access(per_address=2), alive, 4, ""))
    assert [bool(why) for why in answers] == [False, False, True, True]


@pytest.mark.parametrize(
    "more",
    [
        {"path": "/jupyter/api/kernels/x/channels"},
        {"path": "/jupyter/api/kernels/00000001-0000/shell"},
        {"query_string": b""},
        {"query_string": b"session_id=../../x"},
    ],
)
def test_a_strange_session_is_refused(more: Mapping[str, Any]) -> None:
    assert Sessions(Access(), {}).admit(_scope(**more))


@pytest.fixture
def small_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Run a server with short timeouts and small caps, and return its address."""
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(connections, "PER_ADDRESS", 5)

    async def hello(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("hello")(scope, receive, send)

    config = uvicorn.Config(
        hello,
        port=free_port(),
        http=connections.Connection,
        timeout_keep_alive=1,
        lifespan="off",
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield "127.0.0.1", config.port
    server.should_exit = True
    thread.join()


def test_a_half_sent_request_is_closed(small_server: tuple[str, int]) -> None:
    parts = [b"", b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\n"]
    parts += [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"]
    begun = time.monotonic()
    lines = [socket.create_connection(small_server, timeout=10) for _ in parts]
    for line, part in zip(lines, parts, strict=True):
        line.sendall(part)
    for line in lines:
        with line, contextlib.suppress(ConnectionResetError):
            while line.recv(1000):
                pass
    assert time.monotonic() - begun < 5
    assert not connections.OPEN


def test_a_slow_request_does_not_gain_time(small_server: tuple[str, int]) -> None:
    with socket.create_connection(small_server, timeout=10) as line:
        begun = time.monotonic()
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(100):
                line.sendall(b"a")
                time.sleep(0.05)
        assert time.monotonic() - begun < 3


def test_a_complete_request_keeps_its_connection(small_server: tuple[str, int]) -> None:
    line = http.client.HTTPConnection(*small_server)
    for _ in range(3):
        line.request("GET", "/")
        assert line.getresponse().read() == b"hello"
        time.sleep(0.6)  # longer than a request may take
    line.close()


def test_an_address_has_a_few_connections(small_server: tuple[str, int]) -> None:
    lines = [socket.create_connection(small_server, timeout=10) for _ in range(5)]
    time.sleep(0.1)
    more = socket.create_connection(small_server, timeout=10)
    with more, contextlib.suppress(ConnectionResetError):
        assert more.recv(1) == b""
    for line in lines:
        line.close()
    time.sleep(0.1)
    later = http.client.HTTPConnection(*small_server)
    later.request("GET", "/")
    assert later.getresponse().read() == b"hello"
    later.close()
