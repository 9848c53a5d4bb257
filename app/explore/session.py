"""One visitor's Explore: the scenarios, the work, the few results kept, and what is shown."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from app.explore.findings import CELL_WORLDS, Findings, sweep_ranges
from app.inputs.explore_url import Opened, State, address, differences, read
from app.inputs.scenario_store import ScenarioStore
from app.serving import batching, tasks, workers
from app.serving.latest_task import LatestTask, SingleFlightCache, TooLong
from app.serving.presenter import present

NOT_SIMULATED = "This could not be simulated."
KEPT = 60  # results of single runs that are remembered, about 1 MB each


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

    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    latest_task: LatestTask = field(default_factory=LatestTask)
    ahead: LatestTask = field(default_factory=LatestTask)  # for what may be asked for next
    runs: SingleFlightCache[Findings] = field(default_factory=lambda: SingleFlightCache(KEPT))
    sweeps: SingleFlightCache[pd.DataFrame] = field(default_factory=lambda: SingleFlightCache(KEPT))

    def opening(self, file: str, content: bytes) -> str:
        """Take an uploaded scenario and return the address that opens it.

        A variant of a shipped scenario goes into the address whole, so that its link can be passed
        on; any other lives in this session only. Raises ScenarioError.
        """
        workers.run(lambda _: None, tasks.check_upload, file, content)
        name = self.scenario_store.add(file, content)
        base = self.scenario_store.extended(name)
        if base:
            changes = differences(self.scenario_store.load(base), self.scenario_store.load(name))
            if changes is not None:
                return address(State(base, tuple(sorted(changes.items()))))
        return address(State(name))

    def expect(self, search: str) -> threading.Thread:
        """Begin with the worlds of an address that may be asked for next, unless others wait.

        A thumb that rests on its slider is about to be let go; the newest place counts.
        """

        def task(check: Callable[[int], None]) -> None:
            if batching.batcher().idle:
                with contextlib.suppress(TooLong):  # the request itself reports it
                    self._found(read(search, self.scenario_store), check)

        return self.ahead.ask(task)

    def close(self) -> None:
        """End all work."""
        self.latest_task.close()
        self.ahead.close()

    def work(self, opened: Opened, show: Callable[[View], None]) -> threading.Thread:
        """Make the pictures of a state, one after the other, unless a newer state comes."""

        def failed(last: View | None, error: Exception | None) -> View:
            why = f"{error}: choose fewer worlds or weeks." if error else NOT_SIMULATED
            return replace(last or View(opened), busy="", failure=why)

        return present(self.latest_task, lambda check: self.views(opened, check), show, failed)

    def views(self, opened: Opened, check: Callable[[int], None]) -> Iterator[View]:
        """Yield the pictures of a state: without and with the sweep."""
        state = opened.state
        now, ghost = self._found(opened, check), None
        if state.changes:  # compared with the unchanged scenario and the same random numbers
            bare = replace(state, changes=())
            ghost = self._found(replace(opened, state=bare, scenario=opened.own), check)
        view = View(opened, now, ghost)
        yield replace(view, busy="Sweeping the main assumptions …")
        sweep = self.sweeps.get(
            replace(state, worlds=0),
            lambda: workers.run(
                check, sweep_ranges, opened.scenario, CELL_WORLDS, state.seed, later=True
            ),
            check,
        )
        yield replace(view, sweep=sweep, busy="")

    def _found(self, opened: Opened, check: Callable[[int], None]) -> Findings:
        return self.runs.get(opened.state, lambda: batching.findings(opened, check), check)


# What is simulated depends on the state alone, so that all visitors remember it together.
_RUNS: SingleFlightCache[Findings] = SingleFlightCache(KEPT)
_SWEEPS: SingleFlightCache[pd.DataFrame] = SingleFlightCache(KEPT)


def visitor() -> Session:
    """Return a session that shares results, and nothing else, with all others."""
    return Session(runs=_RUNS, sweeps=_SWEEPS)
