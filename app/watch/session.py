"""The Watch session of a visitor: simulate the chosen world, and find worlds worth watching."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from app.inputs import results_index
from app.inputs.scenario_store import MOST_WEEKS, ScenarioStore
from app.serving import batching, tasks, workers
from app.serving.latest_task import Check, LatestTask, SingleFlightCache
from app.serving.presenter import present
from app.watch.address import Wanted
from app.watch.picks import Pick, failures, picks
from app.watch.trajectory import Trajectory, record_trajectory
from experiments.chronicles import differences
from experiments.results.errors import ResultsError
from experiments.results.folder import Results, read_results
from model.schema.problems import Problem

KEPT = 4  # trajectories in the cache of a session, about 1 MB each
MOST_ROWS = 20_000  # worlds of a results folder that are searched for picks


@dataclass(frozen=True)
class Choice:
    """Worlds worth watching, and all worlds in which a deal failed at home."""

    picks: tuple[Pick, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True)
class WatchView:
    """The content of the page. The trajectory is of the last world until the new one is ready."""

    wanted: Wanted | None = None  # the world of the trajectory
    trajectory: Trajectory | None = None
    choice: Choice | None = None
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


# Shared, because picks depend on the state only. Those of results folders are kept per session.
_CHOICES: SingleFlightCache[Choice] = SingleFlightCache(60)


@dataclass
class WatchSession:
    """The state of one visitor. The picks of a scenario are cached for all visitors."""

    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    latest_task: LatestTask = field(default_factory=LatestTask)
    trajectories: SingleFlightCache[Trajectory] = field(
        default_factory=lambda: SingleFlightCache(KEPT)
    )
    choices: SingleFlightCache[Choice] = field(default_factory=lambda: SingleFlightCache(KEPT))
    folders: SingleFlightCache[Results] = field(default_factory=lambda: SingleFlightCache(2))

    def work(self, wanted: Wanted, show: Callable[[WatchView], None]) -> threading.Thread:
        """Show a world, then the worlds worth watching. A newer request replaces this one."""

        def failed(last: WatchView | None, error: Exception | None) -> WatchView:
            problems: tuple[Problem | str, ...] = ("This world could not be simulated.",)
            if isinstance(error, ResultsError):
                problems = tuple(error.problems)
            elif error:
                problems = (f"{error}.",)
            return replace(last or WatchView(wanted), busy="", problems=problems)

        def views(check: Check) -> Iterator[WatchView]:
            return self.views(wanted, check)

        return present(self.latest_task, views, show, failed, (ResultsError,))

    def views(self, wanted: Wanted, check: Check) -> Iterator[WatchView]:
        """Yield a view with the trajectory of a world, then one with worlds worth watching."""
        problems: list[Problem | str] = []
        trajectory = self.trajectories.get(
            wanted.key, lambda: self._trajectory(wanted, check, problems), check
        )
        view = WatchView(wanted, trajectory, problems=tuple(problems))
        if wanted.game:
            yield view
            return
        choices = self.choices if wanted.results else _CHOICES
        if wanted.source not in choices:
            yield replace(view, busy="Looking for worlds worth watching …")
        choice = choices.get(wanted.source, lambda: _choice(self._outcomes(wanted, check)), check)
        yield replace(view, choice=choice)

    def _trajectory(
        self, wanted: Wanted, check: Check, problems: list[Problem | str]
    ) -> Trajectory:
        if wanted.transcript is not None:
            trajectory, warnings = workers.run(check, tasks.game_trajectory, wanted.transcript)
            problems += warnings
            return trajectory
        if not wanted.results:
            return batching.record_trajectory(wanted.opened, wanted.world, check)
        folder = self._folder(wanted)
        scenario, seed, swept, stream = folder.setting_of(wanted.world)
        if scenario.time.horizon > MOST_WEEKS:
            why = f"at most {MOST_WEEKS} weeks are shown on this page"
            remedy = f"python run.py replay results/{wanted.results} {wanted.world}"
            problem = Problem("[time] horizon", str(scenario.time.horizon), why, remedy)
            raise ResultsError(results_index.results() / wanted.results, [problem])
        replayed = workers.run(
            check, record_trajectory, scenario, seed, wanted.world, swept, stream
        )
        unlike = differences(replayed.run, folder.row(wanted.world), wanted.world)
        if unlike:
            why = "this version of the program simulates the world differently from the folder"
            problems.append(Problem(f"world {wanted.world}", "", why, "; ".join(unlike[:3]) + "."))
        return replayed

    def _folder(self, wanted: Wanted) -> Results:
        """Return a results folder by its name, which is already checked against the list."""
        path = results_index.results() / wanted.results
        return self.folders.get(wanted.results, lambda: read_results(path))

    def _outcomes(self, wanted: Wanted, check: Check) -> pd.DataFrame:
        if wanted.results:
            return self._folder(wanted).outcomes.iloc[:MOST_ROWS]
        state = wanted.opened.state
        run = wanted.opened.scenario, state.worlds, state.seed
        return workers.run(check, tasks.completed, *run, later=True)


def _choice(outcomes: pd.DataFrame) -> Choice:
    return Choice(tuple(picks(outcomes)), tuple(failures(outcomes)))
