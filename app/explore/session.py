"""One visitor's Explore: the scenarios, the work, the few results kept, and what is shown."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from app.desk import LONGEST, Desk, Memory, Superseded, TooLong
from app.explore.findings import CELL_WORLDS, Findings, findings, sweep_ranges
from app.shelf import Shelf
from app.state import Opened, State, address, differences
from model.scenario import Scenario

KEPT = 60  # results of single runs that are remembered, about 1 MB each
FIRST = 100  # worlds of a first, coarser picture
SOON = 0.5  # seconds after which a picture should stand
WORTH = 0.5  # a coarse picture pays if it takes at most this part of the whole one's time


@dataclass(frozen=True)
class View:
    """What the page shows; the picture may be of an older state while the new one is worked on."""

    opened: Opened | None = None  # of which the picture is
    now: Findings | None = None
    ghost: Findings | None = None
    sweep: pd.DataFrame | None = None
    busy: str = ""
    failure: str = ""


@dataclass
class Session:
    """What belongs to one visitor; results may be remembered for all (`visitor`)."""

    shelf: Shelf = field(default_factory=Shelf)
    desk: Desk = field(default_factory=Desk)
    runs: Memory[Findings] = field(default_factory=lambda: Memory(KEPT))
    sweeps: Memory[pd.DataFrame] = field(default_factory=lambda: Memory(KEPT))

    pace: dict[tuple[str, int], float] = field(default_factory=dict)  # seconds by run

    def opening(self, file: str, content: bytes) -> str:
        """Take an uploaded scenario and return the address that opens it.

        A variant of a shipped scenario goes into the address whole, so that its link can be passed
        on; any other lives in this session only. Raises ScenarioError.
        """
        name = self.shelf.add(file, content)
        base = self.shelf.extended(name)
        if base:
            changes = differences(self.shelf.load(base), self.shelf.load(name))
            if changes is not None:
                return address(State(base, tuple(sorted(changes.items()))))
        return address(State(name))

    def work(self, opened: Opened, show: Callable[[View], None]) -> threading.Thread:
        """Make the pictures of a state, one after the other, unless a newer state comes."""

        def task(check: Callable[[int], None]) -> None:
            ended = False
            view = View(opened)
            try:
                for view in self.views(opened, check):
                    check(0)
                    show(view)
                ended = True
            except TooLong:
                why = f"This took longer than {LONGEST:.0f} seconds and was stopped: choose fewer"
                show(replace(view, busy="", failure=f"{why} worlds or weeks."))
                ended = True
            except Superseded:
                ended = True
                raise
            finally:
                if not ended:
                    show(replace(view, busy="", failure="This could not be simulated."))

        return self.desk.ask(task)

    def views(self, opened: Opened, check: Callable[[int], None]) -> Iterator[View]:
        """Yield the pictures of a state: coarse if that is sooner, whole, then with the sweep."""
        state, bare = opened.state, replace(opened.state, changes=())
        kept = state in self.runs and bare in self.runs
        view = View(opened)
        if not kept and state.worlds > FIRST and self.coarse_pays(state):
            view = self._coarse(opened, check)
            yield replace(view, busy=f"First {FIRST} worlds; simulating all {state.worlds:,} …")
        view = self._run(opened, state, check)
        yield replace(view, busy="Sweeping the main assumptions …")
        sweep = self.sweeps.get(
            replace(state, worlds=0),
            lambda: sweep_ranges(opened.scenario, CELL_WORLDS, state.seed, check),
        )
        yield replace(view, sweep=sweep, busy="")

    def coarse_pays(self, state: State) -> bool:
        """Say whether a coarse picture comes enough sooner than the whole one to be drawn first.

        A week costs much the same whatever the number of worlds, so that this is measured.
        """
        first = self.pace.get((state.scenario, FIRST))
        whole = self.pace.get((state.scenario, state.worlds))
        if first is None or whole is None:
            return True
        return whole > SOON and first <= WORTH * whole

    def _coarse(self, opened: Opened, check: Callable[[int], None]) -> View:
        """Return the picture of the first worlds; their ghost comes from the whole one if kept."""
        state = opened.state
        bare = replace(state, changes=())
        if not state.changes or bare not in self.runs:
            return self._run(opened, replace(state, worlds=FIRST), check)
        now = self._found(opened.scenario, replace(state, worlds=FIRST), check)
        ghost = self._found(opened.own, bare, check)
        return View(opened, now, replace(ghost, outcomes=ghost.outcomes.iloc[:FIRST]))

    def _run(self, opened: Opened, state: State, check: Callable[[int], None]) -> View:
        """Return the picture of a state beside the unchanged scenario with the same luck."""
        now = self._found(opened.scenario, state, check)
        if not state.changes:
            return View(opened, now)
        return View(opened, now, self._found(opened.own, replace(state, changes=()), check))

    def _found(self, scenario: Scenario, state: State, check: Callable[[int], None]) -> Findings:
        def made() -> Findings:
            start = time.thread_time()  # others' turns meanwhile are not its own
            found = findings(scenario, state.worlds, state.seed, check)
            self.pace[state.scenario, state.worlds] = time.thread_time() - start
            return found

        return self.runs.get(state, made)


# What is simulated depends on the state alone, so that all visitors remember it together.
_RUNS: Memory[Findings] = Memory(KEPT)
_SWEEPS: Memory[pd.DataFrame] = Memory(KEPT)
_PACE: dict[tuple[str, int], float] = {}


def visitor() -> Session:
    """Return a session that shares results, and nothing else, with all others."""
    return Session(runs=_RUNS, sweeps=_SWEEPS, pace=_PACE)
