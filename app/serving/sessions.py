"""Limit the number of sessions of an address and of a browser."""

import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from solara.server import kernel_context
from solara.server import server as solara_server
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.serving.access import Access

NAME = re.compile(r"[0-9A-Za-z-]{8,64}")  # of a session, as browsers make them
CHANNEL = re.compile(r"/jupyter/api/kernels/([^/]+)/channels")


class Sessions:
    """Admit sessions: a number for each address and for each cookie, abandoned ones included."""

    def __init__(self, access: Access, contexts: Mapping[str, Any] | None = None) -> None:
        self._access = access
        self._contexts = kernel_context.contexts if contexts is None else contexts
        self._addresses: dict[str, str] = {}
        self._lock = threading.Lock()

    def admit(self, scope: Scope) -> str:
        """Return why a WebSocket may not open a session, or ""."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        channel = CHANNEL.fullmatch(path)
        pages = parse_qs(scope["query_string"].decode("ascii", "replace")).get("session_id", [])
        if not channel or len(pages) != 1 or not all(map(NAME.fullmatch, (channel[1], pages[0]))):
            return "This is no session of a page."
        name = channel[1]
        cookie = solara_server.get_session_id_cookie(HTTPConnection(scope).cookies)
        address = scope["client"][0] if scope.get("client") else ""
        with self._lock:
            alive = dict(self._contexts)
            if name in alive:
                return ""  # it comes back, and Solara checks its cookie
            waiting = {n: a for n, a in self._addresses.items() if n in alive}
            same = sum(bool(cookie) and one.session_id == cookie for one in alive.values())
            if same >= self._access.per_cookie:
                return "This browser has too many open pages. Close some of them."
            if sum(one == address for one in waiting.values()) >= self._access.per_address:
                return "This address has too many open pages."
            self._addresses = waiting | {name: address}
        return ""
