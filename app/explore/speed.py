"""Measures how long Explore takes from the release of a slider to the numbers of its picture."""

import statistics
import time
from typing import NamedTuple

from app.explore import figures
from app.explore.session import Session
from app.state import WORLDS, read


class Redraw(NamedTuple):
    """Seconds from release until a first and until the whole picture can be drawn, medians.

    busy: of the whole one, the seconds that the processor worked for it; on an idle machine that is
    all of them.
    """

    first: float
    whole: float
    busy: float


def redraw(repeats: int = 5, worlds: int = WORLDS) -> Redraw:
    """Return how long a redraw takes: every time another value, the unchanged scenario known.

    The browser's part, some hundredths of a second, is not in it. first equals whole where a coarse
    picture would not come sooner.
    """
    session = Session()
    firsts, wholes, worked = [], [], []
    for turn in range(-2, repeats):  # two to warm up and to learn the pace
        start, begun = time.perf_counter(), time.process_time()
        search = f"worlds={worlds}&values.cost_scale={1.1 + turn / 100:.2f}"
        times = []
        for view in session.views(read(search, session.shelf), _never):
            if view.now is None or view.opened is None:
                continue
            figures.bars(view.now, view.ghost)
            figures.contents(view.now, view.ghost)
            times.append(time.perf_counter() - start)
            if view.now.worlds == worlds:
                break
        if turn >= 0:
            firsts.append(times[0])
            wholes.append(times[-1])
            worked.append(time.process_time() - begun)
    return Redraw(*map(statistics.median, (firsts, wholes, worked)))


def _never(_: int) -> None:
    """Let the work go on."""
