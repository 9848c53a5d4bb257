"""Compute a lesson for a learner: pictures first, then claims. Moved sliders have priority."""

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

KEPT = 60  # runs in the cache, about 1 MB each
TRAJECTORIES = 6
# Claims and pictures depend on the state only, so a whole class shares them.
_ANSWERS: SingleFlightCache[Answer] = SingleFlightCache(200)
_RUNS: SingleFlightCache[Findings] = SingleFlightCache(KEPT)
_SWEEPS: SingleFlightCache[pd.DataFrame] = SingleFlightCache(KEPT)

type Wanted = Mapping[int, Opened]  # the learner's state of each picture, by part number


@dataclass(frozen=True)
class Seen:
    """The content of a picture: the results of its current state, and of its initial state."""

    opened: Opened
    now: Findings | None = None
    ghost: Findings | None = None
    sweep: pd.DataFrame | None = None
    trajectory: Trajectory | None = None
    begun: Trajectory | None = None


@dataclass(frozen=True)
class LessonResults:
    """The results of a lesson so far, by part number."""

    seen: Mapping[int, Seen] = field(default_factory=dict)
    answers: Mapping[int, Answer] = field(default_factory=dict)
    failure: str = ""


@dataclass
class Study:
    """The state of one learner, with caches that all learners share."""

    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    latest_task: LatestTask = field(default_factory=LatestTask)
    runs: SingleFlightCache[Findings] = field(default_factory=lambda: _RUNS)
    trajectories: SingleFlightCache[Trajectory] = field(
        default_factory=lambda: SingleFlightCache(TRAJECTORIES)
    )
    sweeps: SingleFlightCache[pd.DataFrame] = field(default_factory=lambda: _SWEEPS)

    def work(
        self,
        lesson: Lesson,
        wanted: Wanted,
        before: LessonResults,
        show: Callable[[LessonResults], None],
    ) -> threading.Thread:
        """Compute the parts of a lesson one by one. A newer request replaces this one."""
        begun = replace(before, failure="")

        def failed(last: LessonResults | None, error: Exception | None) -> LessonResults:
            return replace(last or begun, failure=f"{error}." if error else NOT_SIMULATED)

        def results(check: Check) -> Iterator[LessonResults]:
            return self.results(lesson, wanted, begun, check)

        return present(self.latest_task, results, show, failed)

    def results(
        self, lesson: Lesson, wanted: Wanted, latest: LessonResults, check: Check
    ) -> Iterator[LessonResults]:
        """Yield the results as they grow, starting from the given ones."""
        for index, part in enumerate(lesson.parts):
            if isinstance(part, Picture):
                for seen in self._pictures(part, wanted.get(index, part.opened), check):
                    latest = replace(latest, seen={**latest.seen, index: seen})
                    yield latest
        for index, part in enumerate(lesson.parts):
            if isinstance(part, Claim) and index not in latest.answers:
                key = part.before.state, part.after.state, part.measure, part.demand
                measured = _ANSWERS.get(
                    key,
                    partial(answer, part, lambda opened: self.findings(opened, check, later=True)),
                    check,
                )
                latest = replace(latest, answers={**latest.answers, index: measured})
                yield latest

    def findings(self, opened: Opened, check: Check, later: bool = False) -> Findings:
        """Return the results of a state. later: with low priority."""
        state = opened.state

        def made() -> Findings:
            if later:
                run = opened.scenario, state.worlds, state.seed
                return workers.run(check, findings, *run, later=True)
            return batching.findings(opened, check)

        return self.runs.get(state, made, check)

    def _pictures(self, picture: Picture, opened: Opened, check: Check) -> Iterator[Seen]:
        """Yield a picture, first without and then with the range over the main assumptions."""
        seen, start = Seen(opened), picture.opened
        moved = opened.state != start.state
        if "plane" in picture.show:
            seen = replace(seen, trajectory=self._trajectory(picture, opened, check))
            seen = replace(seen, begun=self._trajectory(picture, start, check) if moved else None)
        if picture.show != ("plane",):
            seen = replace(seen, now=self.findings(opened, check))
            seen = replace(seen, ghost=self.findings(start, check) if moved else None)
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
