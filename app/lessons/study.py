"""One learner's lesson at work: its pictures first, then its claims; a moved slider comes first."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from app.explore.findings import CELL_WORLDS, Findings, findings, sweep_ranges
from app.explore.session import NOT_SIMULATED
from app.inputs.explore_url import Opened
from app.inputs.scenario_store import ScenarioStore
from app.lessons.lesson import Check as Claim
from app.lessons.lesson import Lesson, Picture
from app.lessons.measuring import Answer, answer
from app.serving import batching, workers
from app.serving.latest_task import Check, LatestTask, SingleFlightCache
from app.serving.presenter import present
from app.watch.trajectory import Trajectory

KEPT = 60  # runs that are remembered, about 1 MB each
TRAJECTORIES = 6
# Measured claims and pictures depend on the state alone, so a whole class shares them.
_ANSWERS: SingleFlightCache[Answer] = SingleFlightCache(200)
_RUNS: SingleFlightCache[Findings] = SingleFlightCache(KEPT)
_SWEEPS: SingleFlightCache[pd.DataFrame] = SingleFlightCache(KEPT)

type Wanted = Mapping[int, Opened]  # what the learner set each picture to, by its place


@dataclass(frozen=True)
class Seen:
    """What a picture shows: the state that it stands at, and beside it the one it started from."""

    opened: Opened
    now: Findings | None = None
    ghost: Findings | None = None
    sweep: pd.DataFrame | None = None
    trajectory: Trajectory | None = None
    begun: Trajectory | None = None


@dataclass(frozen=True)
class Bench:
    """What is found so far in a lesson, by the place of the part in it."""

    seen: Mapping[int, Seen] = field(default_factory=dict)
    answers: Mapping[int, Answer] = field(default_factory=dict)
    failure: str = ""


@dataclass
class Study:
    """What belongs to one learner, and the results that all remember."""

    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    latest_task: LatestTask = field(default_factory=LatestTask)
    runs: SingleFlightCache[Findings] = field(default_factory=lambda: _RUNS)
    trajectories: SingleFlightCache[Trajectory] = field(
        default_factory=lambda: SingleFlightCache(TRAJECTORIES)
    )
    sweeps: SingleFlightCache[pd.DataFrame] = field(default_factory=lambda: _SWEEPS)

    def work(
        self, lesson: Lesson, wanted: Wanted, before: Bench, show: Callable[[Bench], None]
    ) -> threading.Thread:
        """Make what a lesson shows, one after the other, unless a slider is moved meanwhile."""
        begun = replace(before, failure="")

        def failed(last: Bench | None, error: Exception | None) -> Bench:
            return replace(last or begun, failure=f"{error}." if error else NOT_SIMULATED)

        def benches(check: Check) -> Iterator[Bench]:
            return self.benches(lesson, wanted, begun, check)

        return present(self.latest_task, benches, show, failed)

    def benches(
        self, lesson: Lesson, wanted: Wanted, bench: Bench, check: Check
    ) -> Iterator[Bench]:
        """Yield what is found, more and more of it; what was found before is kept."""
        for place, part in enumerate(lesson.parts):
            if isinstance(part, Picture):
                for seen in self._pictures(part, wanted.get(place, part.opened), check):
                    bench = replace(bench, seen={**bench.seen, place: seen})
                    yield bench
        for place, part in enumerate(lesson.parts):
            if isinstance(part, Claim) and place not in bench.answers:
                key = part.before.state, part.after.state, part.measure, part.demand
                found = _ANSWERS.get(
                    key,
                    partial(answer, part, lambda opened: self.found(opened, check, later=True)),
                    check,
                )
                bench = replace(bench, answers={**bench.answers, place: found})
                yield bench

    def found(self, opened: Opened, check: Check, later: bool = False) -> Findings:
        """Return the worlds of a state; later: what others look at now comes first."""
        state = opened.state

        def made() -> Findings:
            if later:
                told = opened.scenario, state.worlds, state.seed
                return workers.run(check, findings, *told, later=True)
            return batching.findings(opened, check)

        return self.runs.get(state, made, check)

    def _pictures(self, picture: Picture, opened: Opened, check: Check) -> Iterator[Seen]:
        """Yield a picture, without and with the range over the main assumptions."""
        seen, start = Seen(opened), picture.opened
        moved = opened.state != start.state
        if "plane" in picture.show:
            seen = replace(seen, trajectory=self._trajectory(picture, opened, check))
            seen = replace(seen, begun=self._trajectory(picture, start, check) if moved else None)
        if picture.show != ("plane",):
            seen = replace(seen, now=self.found(opened, check))
            seen = replace(seen, ghost=self.found(start, check) if moved else None)
        yield seen
        if picture.sweep:
            key = replace(opened.state, worlds=0)
            sweep = self.sweeps.get(
                key,
                lambda: workers.run(
                    check,
                    sweep_ranges,
                    *(opened.scenario, CELL_WORLDS, opened.state.seed),
                    later=True,
                ),
                check,
            )
            yield replace(seen, sweep=sweep)

    def _trajectory(self, picture: Picture, opened: Opened, check: Check) -> Trajectory:
        key = replace(opened.state, worlds=0), picture.world
        return self.trajectories.get(
            key, lambda: batching.record_trajectory(opened, picture.world, check), check
        )
