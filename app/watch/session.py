"""One visitor's Watch: finds worlds worth watching, films the chosen one, remembers a few."""

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

KEPT = 4  # films that a session remembers, about 1 MB each
MOST_ROWS = 20_000  # worlds of a results folder among which picks are made


@dataclass(frozen=True)
class Choice:
    """Worlds worth watching, and all in which a deal failed at home."""

    picks: tuple[Pick, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True)
class Showing:
    """What the page shows; the film may be of an older world while the new one is worked on."""

    wanted: Wanted | None = None  # of which the film is
    trajectory: Trajectory | None = None
    choice: Choice | None = None
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


# They depend on the state alone; a results folder may be written anew.
_CHOICES: SingleFlightCache[Choice] = SingleFlightCache(60)


@dataclass
class Screening:
    """What belongs to one visitor; choices among a scenario's worlds are remembered for all."""

    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    latest_task: LatestTask = field(default_factory=LatestTask)
    trajectories: SingleFlightCache[Trajectory] = field(
        default_factory=lambda: SingleFlightCache(KEPT)
    )
    choices: SingleFlightCache[Choice] = field(default_factory=lambda: SingleFlightCache(KEPT))
    folders: SingleFlightCache[Results] = field(default_factory=lambda: SingleFlightCache(2))

    def work(self, wanted: Wanted, show: Callable[[Showing], None]) -> threading.Thread:
        """Film a world, then find those worth watching beside it, unless a newer wish comes."""

        def failed(last: Showing | None, error: Exception | None) -> Showing:
            problems: tuple[Problem | str, ...] = ("This world could not be simulated.",)
            if isinstance(error, ResultsError):
                problems = tuple(error.problems)
            elif error:
                problems = (f"{error}.",)
            return replace(last or Showing(wanted), busy="", problems=problems)

        def showings(check: Check) -> Iterator[Showing]:
            return self.showings(wanted, check)

        return present(self.latest_task, showings, show, failed, (ResultsError,))

    def showings(self, wanted: Wanted, check: Check) -> Iterator[Showing]:
        """Yield the film of a world, and then with the worlds worth watching."""
        problems: list[Problem | str] = []
        found = self.trajectories.get(
            wanted.key, lambda: self._trajectory(wanted, check, problems), check
        )
        showing = Showing(wanted, found, problems=tuple(problems))
        if wanted.game:
            yield showing
            return
        choices = self.choices if wanted.results else _CHOICES
        if wanted.source not in choices:
            yield replace(showing, busy="Looking for worlds worth watching …")
        choice = choices.get(wanted.source, lambda: _choice(self._outcomes(wanted, check)), check)
        yield replace(showing, choice=choice)

    def _trajectory(
        self, wanted: Wanted, check: Check, problems: list[Problem | str]
    ) -> Trajectory:
        if wanted.transcript is not None:
            found, told = workers.run(check, tasks.played_film, wanted.transcript)
            problems += told
            return found
        if not wanted.results:
            return batching.record_trajectory(wanted.opened, wanted.world, check)
        folder = self._folder(wanted)
        scenario, seed, swept, stream = folder.setting_of(wanted.world)
        if scenario.time.horizon > MOST_WEEKS:
            why = f"at most {MOST_WEEKS} weeks are shown on this page"
            remedy = f"python run.py replay results/{wanted.results} {wanted.world}"
            problem = Problem("[time] horizon", str(scenario.time.horizon), why, remedy)
            raise ResultsError(results_index.results() / wanted.results, [problem])
        again = workers.run(check, record_trajectory, scenario, seed, wanted.world, swept, stream)
        unlike = differences(again.run, folder.row(wanted.world), wanted.world)
        if unlike:
            why = "this version of the program lives the world otherwise than the folder says"
            problems.append(Problem(f"world {wanted.world}", "", why, "; ".join(unlike[:3]) + "."))
        return again

    def _folder(self, wanted: Wanted) -> Results:
        """Return a results folder by its name in the list; the name was checked against it."""
        place = results_index.results() / wanted.results
        return self.folders.get(wanted.results, lambda: read_results(place))

    def _outcomes(self, wanted: Wanted, check: Check) -> pd.DataFrame:
        if wanted.results:
            return self._folder(wanted).outcomes.iloc[:MOST_ROWS]
        state = wanted.opened.state
        told = wanted.opened.scenario, state.worlds, state.seed
        return workers.run(check, tasks.completed, *told, later=True)


def _choice(outcomes: pd.DataFrame) -> Choice:
    return Choice(tuple(picks(outcomes)), tuple(failures(outcomes)))
