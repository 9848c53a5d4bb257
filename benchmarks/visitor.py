"""A simulated visitor of the app: uses the protocol of a page in a browser, but draws nothing.

It stores the parts of a page and their properties that the server sends, sends events like those of
a user, and waits for changes that a user would see. It needs far fewer resources than a browser, so
many visitors can run on one machine.
"""

import itertools
import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

TRACE = "Traceback (most recent call last)"
PATIENCE = 60.0  # seconds after which a visitor gives up

_NAMES = itertools.count(1)

type Part = dict[str, Any]


class Starved(Exception):
    """No response before the timeout, or a lost connection."""


class Visitor:
    """One tab of a browser, with a session of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.parts: dict[str, Part] = {}
        self.failures: list[str] = []
        self._changed = threading.Condition()
        self._stack = ExitStack()
        self._kernel = self._page = self._cookie = ""
        self._left = False

    def open(self, path: str) -> None:
        """Open a page of the app in a new session. path: with leading slash and query."""
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            self._cookie = str(answer.headers["set-cookie"]).partition(";")[0]
            answer.read()
        self._kernel, self._page = _name(), _name()
        place = f"/jupyter/api/kernels/{self._kernel}/channels?session_id={self._page}"
        line = connect(
            self.address.replace("http", "ws", 1) + place,
            origin=Origin(self.address),
            additional_headers={"Cookie": self._cookie},
            max_size=None,
            compression=None,
        )
        self._line = self._stack.enter_context(line)
        self.parts, self._left = {}, False
        threading.Thread(target=self._listen, args=(self._line, self.parts), daemon=True).start()
        control = _name()
        themes: dict[str, Any] = {"light": {}, "dark": {}}
        args = {"path": path, "dark": False, "themes": themes, "appName": None}
        self._send("comm_open", comm_id=control, target_name="solara.control", data={})
        self._send("comm_msg", comm_id=control, data={"method": "run", "args": args})

    def close(self, politely: bool = True) -> None:
        """Close the tab. politely: notify the server, as a browser does unless it is cut off."""
        self._left = True
        if politely and self._kernel:
            place = f"/_solara/api/close/{self._kernel}?session_id={self._page}"
            headers = {"Cookie": self._cookie, "Origin": self.address}
            request = urllib.request.Request(self.address + place, b"", headers, method="POST")
            with urllib.request.urlopen(request, timeout=PATIENCE):
                pass
        self._stack.close()

    def find(self, *names: str, where: Callable[[Part], bool] | None = None) -> Part | None:
        """Return the most recent part of the page that has all properties of these names."""
        with self._changed:
            for part in reversed(self.parts.values()):
                if all(name in part for name in names) and (where is None or where(part)):
                    return part
        return None

    def tell(self, part: Part, event: str, data: Any) -> None:
        """Send an event with its data to a part of the page."""
        content = {"event": event, "data": data}
        self._send("comm_msg", comm_id=part["id"], data={"method": "custom", "content": content})

    def until(self, seen: Callable[[], Any]) -> Any:
        """Wait until `seen` returns something true, and return that. Raises Starved."""
        end = time.monotonic() + PATIENCE
        with self._changed:
            while not (result := seen()):
                left = end - time.monotonic()
                if left <= 0 or self.failures:
                    raise Starved(self.failures[-1] if self.failures else "no response")
                self._changed.wait(min(left, 1.0))
        return result

    def _send(self, kind: str, **content: Any) -> None:
        header = {"msg_id": _name(), "msg_type": kind, "session": self._page}
        header |= {"username": "", "version": "5.2", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._line.send(json.dumps(message | {"buffers": [], "channel": "shell"}))

    def _listen(self, line: Any, parts: dict[str, Part]) -> None:
        """Process the messages of the server until the connection ends."""
        try:
            for message in line:
                if not isinstance(message, str):
                    continue  # a file
                if TRACE in message:
                    self.failures.append(f"a traceback: {message[-400:]}")
                self._take(json.loads(message), parts)
        except ConnectionClosed:
            pass
        with self._changed:
            if parts is self.parts and not self._left:
                self.failures.append("the connection was lost")
            self._changed.notify_all()

    def _take(self, message: dict[str, Any], parts: dict[str, Part]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind not in {"comm_open", "comm_msg", "comm_close"}:
            return
        name = content["comm_id"]
        with self._changed:
            if kind == "comm_open":
                parts[name] = content["data"].get("state", {}) | {"id": name, "was_old": 0.0}
            elif kind == "comm_close":
                parts.pop(name, None)
            elif content["data"].get("method") == "update" and name in parts:
                parts[name] |= content["data"]["state"]
            part = parts.get(name, {})
            if "w-old" in str(part.get("class_", "")):
                part["was_old"] = time.monotonic()
            self._changed.notify_all()


def _name() -> str:
    """Return an identifier that is unique on this machine, in the form that browsers use."""
    return f"{next(_NAMES):08x}-0000-4000-8000-{os.getpid():012x}"
