"""Measures how soon Explore answers a slider, and how many weeks a second Watch shows."""

import os
from collections.abc import Iterator
from unittest.mock import patch

from app.explore.speed import redraw
from app.inputs.explore_url import WORLDS
from app.serving import workers
from app.watch.speed import frames_a_second
from benchmarks.table import Row, at_most, show

HALF = at_most(0.5)  # seconds: from the release of a slider to its picture
REST = 0.3  # seconds that a thumb rests before it is let go


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure the app's own part; the browser's comes on top."""
    with patch.dict(os.environ, {workers.WORKERS: str(os.cpu_count() or 1)}):
        workers.start()  # as the server does
    rested, clicked = redraw(REST), redraw()
    workers.stop()
    yield f"The app, {WORLDS} worlds of its first scenario, medians"
    yield Row(f"a slider's picture, after a rest of {REST} s", rested, "s", HALF)
    yield Row("  without a rest: a click, a key", clicked, "s", HALF)
    yield Row("Watch, all pictures of a week made ready", frames_a_second(), "weeks/s")


if __name__ == "__main__":
    main()
