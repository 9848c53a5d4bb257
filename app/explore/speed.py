"""Measure the time from the release of a slider in Explore to the numbers of its picture."""

import statistics
import threading
import time

from app.explore import figures
from app.explore.session import Session, View
from app.inputs.explore_url import WORLDS, read

SETTLED = 0.05  # seconds after which a thumb counts as resting (controls.vue)
LONGEST = 120.0  # seconds after which nothing more is waited for


def redraw(rest: float = 0.0, repeats: int = 5, worlds: int = WORLDS) -> float:
    """Return the seconds from the release of a slider until its picture can be drawn, the median.

    rest: seconds that the thumb rested before it was let go. Each time it is another value, the
    unchanged scenario is known, and the sweep of the value before goes on, as when somebody tries
    one value after the other. The browser's part, some hundredths of a second, is not in it.
    Raises TimeoutError.
    """
    session, waits = Session(), []
    for turn in range(-1, repeats):  # one to warm up
        search = f"worlds={worlds}&values.cost_scale={1.1 + turn / 100:.2f}"
        if rest:
            time.sleep(min(rest, SETTLED))
            session.expect(search)
            time.sleep(max(rest - SETTLED, 0.0))
        waits.append(_picture(session, search))
    session.close()
    return statistics.median(waits[1:])


def _picture(session: Session, search: str) -> float:
    drawn = threading.Event()

    def show(view: View) -> None:
        if view.now and not drawn.is_set():
            figures.bars(view.now, view.ghost)
            figures.contents(view.now, view.ghost)
            drawn.set()

    start = time.perf_counter()
    session.work(read(search, session.scenario_store), show)
    if not drawn.wait(LONGEST):
        raise TimeoutError(search)
    return time.perf_counter() - start
