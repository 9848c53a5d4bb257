"""Connections of browsers: an incomplete request is closed soon, and an address has a few only."""

import asyncio
from collections import Counter

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0  # seconds from the start of a request until its last byte is there
PER_ADDRESS = 256  # open connections without a WebSocket
OPEN: Counter[str] = Counter()  # by address


class Connection(H11Protocol):
    """An HTTP connection of uvicorn, with a limit on time and on their number.

    uvicorn itself limits only the time between requests.
    """

    _address = ""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, unless its address has too many."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else "?"
        OPEN[self._address] += 1
        if OPEN[self._address] > PER_ADDRESS:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        if self._timer is None and not self._complete():
            self._wait()
        super().data_received(data)
        if self._complete():
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._leave()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over; from now on, pings find out whether it is alive."""
        self._leave()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Wait for the next request; a body that was not read is not waited for."""
        super().on_response_complete()
        self._stop()

    def _complete(self) -> bool:
        """Say whether no part of a request is missing."""
        return self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(PATIENCE, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave(self) -> None:
        self._stop()
        if self._address:
            OPEN[self._address] -= 1
            if OPEN[self._address] <= 0:
                del OPEN[self._address]
            self._address = ""
