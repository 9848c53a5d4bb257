"""Count the progress of a batch and report it as plain values."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Progress of a batch: chunks and worlds finished, chunks failed, rate, seconds left.

    rate is in worlds per second and does not count the chunks of an earlier run; left is None as
    long as it is unknown; note is a message, such as that a worker died, or "".
    """

    chunks: int
    chunks_done: int
    failed: int
    worlds: int
    worlds_done: int
    rate: float
    left: float | None
    note: str = ""


type OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Ignore the progress."""


class Counter:
    """Count chunks and worlds, and report them."""

    def __init__(self, chunks: int, worlds: int, on_progress: OnProgress) -> None:
        self._chunks, self._worlds, self._report = chunks, worlds, on_progress
        self._chunks_done = self._failed = self._worlds_done = self._now = 0
        self._begun = time.monotonic()

    def resume(self, chunks: int, worlds: int) -> None:
        """Count the chunks and worlds of an earlier run."""
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
        """Report the progress with a note."""
        spent = time.monotonic() - self._begun
        rate = self._now / spent if spent > 0.0 else 0.0
        left = (self._worlds - self._worlds_done) / rate if rate > 0.0 else None
        self._report(
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
