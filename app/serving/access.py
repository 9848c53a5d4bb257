"""Decide which requests the app answers: allowed hosts, origins and paths, headers, and caps.

A browser sends requests of any web page to a server on the same machine, so listening on this
machine only is no protection against other web sites. docs/serving.md explains the settings.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS, ORIGINS = "WINSET_HOSTS", "WINSET_ORIGINS"
PROXIES, PREFIX = "WINSET_PROXIES", "WINSET_PREFIX"
PER_ADDRESS, PER_COOKIE = "WINSET_SESSIONS_PER_ADDRESS", "WINSET_SESSIONS_PER_COOKIE"
HERE = ("127.0.0.1", "localhost")
FORWARDED = (b"script-name", b"x-script-name", b"x-forwarded-prefix")  # the first would stay set
CONTENT = {  # pages compile templates of components in the browser, which needs unsafe-eval
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in CONTENT.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@dataclass(frozen=True)
class Access:
    """The settings: who may use the server.

    hosts: names in the Host header; origins: further origins of pages, such as
    https://winset.example.org; proxies: addresses whose X-Forwarded headers are trusted; prefix:
    path below which a proxy publishes the app; per_address, per_cookie: most sessions.
    """

    hosts: tuple[str, ...] = HERE
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    prefix: str = ""
    per_address: int = 200
    per_cookie: int = 20

    def host_allowed(self, host: str) -> bool:
        """Say whether a Host header names this server, with any port.

        >>> access = Access()
        >>> [access.host_allowed(one) for one in ("localhost:8765", "evil.example", "")]
        [True, False, False]
        """
        name = re.fullmatch(r"([A-Za-z0-9.-]+)(:\d{1,5})?", host)
        return name is not None and name[1].lower() in self.hosts

    def origin_allowed(self, origin: str, host: str) -> bool:
        """Say whether a page of this origin may use the server under this Host header.

        >>> access = Access()
        >>> access.origin_allowed("http://localhost:8765", "localhost:8765")
        True
        >>> access.origin_allowed("http://localhost:9000", "localhost:8765")
        False
        """
        if origin in self.origins:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        same = parts.netloc.lower() == host.lower() and parts.scheme in ("http", "https")
        return same and not parts.path and self.host_allowed(host)


def access_of(environment: Mapping[str, str] = os.environ) -> Access:
    """Return the settings of the environment.

    >>> access_of({"WINSET_HOSTS": "winset.example.org"}).hosts
    ('127.0.0.1', 'localhost', 'winset.example.org')
    """

    def words(name: str) -> tuple[str, ...]:
        return tuple(word for word in re.split(r"[\s,]+", environment.get(name, "")) if word)

    def number(name: str, default: int) -> int:
        text = environment.get(name, "")
        return int(text) if text.isdecimal() else default

    hosts = tuple(word.lower() for word in words(HOSTS) if "*" not in word)
    return Access(
        (*HERE, *hosts),
        tuple(word.rstrip("/") for word in words(ORIGINS)),
        words(PROXIES),
        environment.get(PREFIX, "").rstrip("/"),
        number(PER_ADDRESS, Access.per_address),
        number(PER_COOKIE, Access.per_cookie),
    )


class Guard:
    """Answer only allowed requests, and add the security headers to all answers.

    Every request must name an allowed host. Requests of other origins are refused; a WebSocket and
    a request that changes something must name their origin. `admit` returns why a WebSocket may
    not open a session, or "".
    """

    def __init__(self, app: ASGIApp, access: Access, admit: Callable[[Scope], str]) -> None:
        self.app, self.access, self.admit = app, access, admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status, why = self._refused(scope)
        if why:
            answer = PlainTextResponse(f"{why}\n", status, HEADERS)
            await answer(scope, receive, send)
            return
        plain = [pair for pair in scope["headers"] if pair[0] not in FORWARDED]
        await self.app({**scope, "headers": plain}, receive, _protected(send))

    def _refused(self, scope: Scope) -> tuple[int, str]:
        """Return the status and the reason of a refusal, or 0 and an empty text."""
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or not self.access.host_allowed(headers["host"]):
            return 421, f"This server does not answer for this host. See {HOSTS}."
        socket = scope["type"] == "websocket"
        changes = socket or scope["method"] not in ("GET", "HEAD")
        origin = headers.get("origin")
        if origin is None and socket:
            return 403, "A WebSocket must name its origin."
        if origin is not None and not self.access.origin_allowed(origin, headers["host"]):
            return 403, f"Pages of this origin cannot use this server. See {ORIGINS}."
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "")
        foreign = site in ("cross-site", "same-site") and (changes or mode != "navigate")
        if foreign and (origin is None or origin not in self.access.origins):
            return 403, "Pages of other sites cannot use this server."
        if socket and (why := self.admit(scope)):
            return 429, why
        return 0, ""


def _protected(send: Send) -> Send:
    """Return a send function that adds the security headers and closes cookies to scripts."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            cookies = [_closed(cookie) for cookie in headers.getlist("set-cookie")]
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", cookie)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return with_headers


def _closed(cookie: str) -> str:
    """Return a cookie that scripts cannot read and other sites do not send.

    >>> _closed("a=1; Path=/; SameSite=none; Secure")
    'a=1; Path=/; Secure; HttpOnly; SameSite=Lax'
    """
    parts = [part.strip() for part in cookie.split(";")]
    kept = [p for p in parts if not re.match(r"(httponly$|samesite=)", p, re.IGNORECASE)]
    return "; ".join([*kept, "HttpOnly", "SameSite=Lax"])
