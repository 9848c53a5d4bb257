"""Measures how long Explore takes from the release of a slider to the numbers of its picture."""

import statistics
import time
from typing import NamedTuple

from app.explore import figures
from app.explore.session import Session
from app.state import WORLDS, read


class Redraw(NamedTuple):
    """Seconds from release until the picture can be drawn, medians.

    busy: of these, the seconds that the processor worked for it; on an idle machine that is all.
    """

    whole: float
    busy: float


def redraw(repeats: int = 5, worlds: int = WORLDS) -> Redraw:
    """Return how long a redraw takes: every time another value, the unchanged scenario known.

    The browser's part, some hundredths of a second, is not in it.
    """
    session = Session()
    wholes, worked = [], []
    for turn in range(-1, repeats):  # one to warm up
        start, begun = time.perf_counter(), time.process_time()
        search = f"worlds={worlds}&values.cost_scale={1.1 + turn / 100:.2f}"
        view = next(session.views(read(search, session.shelf), _never))
        assert view.now is not None
        figures.bars(view.now, view.ghost)
        figures.contents(view.now, view.ghost)
        if turn >= 0:
            wholes.append(time.perf_counter() - start)
            worked.append(time.process_time() - begun)
    return Redraw(statistics.median(wholes), statistics.median(worked))


def _never(_: int) -> None:
    """Let the work go on."""
