"""What a batch tells while it runs, as plain values for whoever draws them."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a batch is: chunks and worlds there, chunks failed, worlds a second, seconds left.

    rate counts what was run now, not what was there; left is None while nothing is known. note is
    something to tell, such as a worker that died, else "".
    """

    chunks: int
    chunks_done: int
    failed: int
    worlds: int
    worlds_done: int
    rate: float
    left: float | None
    note: str = ""


type Tell = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Tell nobody."""


class Counter:
    """Count chunks and worlds, and tell."""

    def __init__(self, chunks: int, worlds: int, tell: Tell) -> None:
        self._chunks, self._worlds, self._tell = chunks, worlds, tell
        self._chunks_done = self._failed = self._worlds_done = self._now = 0
        self._begun = time.monotonic()

    def there(self, chunks: int, worlds: int) -> None:
        """Count what an earlier run left."""
        self._chunks_done, self._worlds_done = chunks, worlds
        self.note("")

    def done(self, worlds: int) -> None:
        """Count a chunk."""
        self._chunks_done += 1
        self._worlds_done += worlds
        self._now += worlds
        self.note("")

    def failed(self, note: str) -> None:
        """Count a chunk that failed."""
        self._failed += 1
        self.note(note)

    def note(self, text: str) -> None:
        """Tell how far it is, with a note."""
        spent = time.monotonic() - self._begun
        rate = self._now / spent if spent > 0.0 else 0.0
        left = (self._worlds - self._worlds_done) / rate if rate > 0.0 else None
        self._tell(
            Progress(
                self._chunks,
                self._chunks_done,
                self._failed,
                self._worlds,
                self._worlds_done,
                rate,
                left,
                text,
            )
        )
