"""Measure the response time of a slider in Explore, and the frame rate of Watch."""

import os
from collections.abc import Iterator
from unittest.mock import patch

from app.explore.speed import redraw
from app.inputs.explore_url import WORLDS
from app.serving import workers
from app.watch.speed import weeks_per_second
from benchmarks.table import Row, at_most, show

HALF = at_most(0.5)  # seconds from the release of a slider to its picture
REST = 0.3  # seconds that a slider rests before it is released


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure the time of the app; the time of the browser is additional."""
    with patch.dict(os.environ, {workers.WORKERS: str(os.cpu_count() or 1)}):
        workers.start()  # like the server
    rested, clicked = redraw(REST), redraw()
    workers.stop()
    yield f"The app, {WORLDS} worlds of its first scenario, medians"
    yield Row(f"picture after a slider move, with a rest of {REST} s", rested, "s", HALF)
    yield Row("  without a rest (click or key)", clicked, "s", HALF)
    yield Row("Watch, preparing all pictures of a week", weeks_per_second(), "weeks/s")


if __name__ == "__main__":
    main()
