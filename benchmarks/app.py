"""Measures how soon Explore answers a slider, and how many weeks a second Watch shows."""

from collections.abc import Iterator

from app.explore.speed import redraw
from app.state import WORLDS
from app.watch.speed import frames_a_second
from benchmarks.table import Row, at_most, show

HALF = at_most(0.5)  # seconds: from the release of a slider to its picture


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure the app's own part; the browser's comes on top."""
    found = redraw()
    yield f"The app, {WORLDS} worlds of its first scenario, medians"
    yield Row("a slider's picture, by the clock", found.whole, "s", HALF)
    yield Row("  of which the processor worked", found.busy, "s of CPU", HALF)
    yield Row("Watch, all pictures of a week made ready", frames_a_second(), "weeks/s")


if __name__ == "__main__":
    main()
