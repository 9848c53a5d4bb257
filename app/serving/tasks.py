"""Define tasks for the workers: each returns a complete result and reports its progress.

Other tasks: sweep_ranges (app.explore.findings), record_trajectory and record_trajectories
(app.watch.trajectory), trial (app.lab.trial) and run_forks (experiments.game.look_ahead). None
of them draws on a page, so that a worker does not load the components.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from app.explore.dials import sliders
from app.explore.findings import RECORD, recorded
from app.inputs.explore_url import MAIN
from app.inputs.scenario_store import MOST_WEEKS, ScenarioStore
from app.serving.latest_task import TooLong, deadline
from app.watch.trajectory import Trajectory, record_trajectory
from experiments.engine import Run, run_worlds, simulate
from experiments.game.comparison import SeatResult, outcome_differs, seat_results
from experiments.game.debrief import Debrief, debrief
from experiments.game.seats import Seat
from experiments.game.table import Game
from experiments.game.transcript import Transcript, outcome_differences, resume_game
from experiments.game.transcript_reading import read_transcript
from experiments.results.errors import ResultsError
from model.arrays import Array, Index
from model.schema.problems import Problem, ScenarioError
from model.schema.scenario import Scenario, load_scenario

STEPS = 50  # of the progress of a debrief
READING = 5.0  # seconds to read an upload; 200 KB take less than one
MOST_KNOWN = 32  # scenarios that a worker remembers
_KNOWN: dict[str, Scenario] = {}

type Progress = Callable[[int], None]


def worlds(
    scenario: Scenario,
    seed: int,
    items: Sequence[tuple[Mapping[str, float], Index]],
    progress: Progress,
) -> list[tuple[pd.DataFrame, dict[str, Array]]]:
    """Return the outcomes and records of worlds that are simulated in one run, for each item.

    items: parameter values that differ from the scenario, and the stream numbers of the worlds.
    """
    scenario = _known(scenario)
    sizes = [streams.size for _, streams in items]
    known = scenario.parameters()
    # what has a slider is swept always, so that one recorded program serves the whole page
    names = sorted({name for numbers, _ in items for name in numbers}.union(sliders(scenario)))
    sweep = {
        name: np.repeat([numbers.get(name, known[name].value) for numbers, _ in items], sizes)
        for name in names
    }
    streams = np.concatenate([streams for _, streams in items])
    checked = scenario.checked_sweep(sweep, streams.size)
    run = run_worlds(scenario, streams, seed, checked, RECORD, progress=progress)
    weeks, end, parts = recorded(run), 0, []
    for (_, own), size in zip(items, sizes, strict=True):
        part = slice(end, end := end + size)
        table = run.outcomes.iloc[part].set_axis(pd.Index(own, name="world"))
        parts.append((table, {name: values[..., part] for name, values in weeks.items()}))
    return parts


def check_upload(file: str, content: bytes, progress: Progress) -> None:
    """Read an uploaded scenario, with a limit on time. Raises ScenarioError."""
    progress(0)
    try:
        with deadline(READING):
            ScenarioStore().add(file, content)
    except TooLong as error:
        problem = Problem("the file", "", str(error), "Use the command line.")
        raise ScenarioError(file[:60], [problem]) from error


def _known(scenario: Scenario) -> Scenario:
    """Return the scenario of an earlier request with the same content, or else this one.

    Each request brings a copy; what is derived from a scenario is kept with the first.
    """
    text = scenario.model_dump_json()
    if len(_KNOWN) >= MOST_KNOWN:
        _KNOWN.clear()
    return _KNOWN.setdefault(text, scenario)


def warm() -> None:
    """Make a worker ready for the scenario that a page opens with: its program is recorded."""
    scenario = load_scenario(MAIN)
    worlds(scenario, 1, [({}, np.arange(2, dtype=np.intp))], lambda _: None)


def completed(scenario: Scenario, worlds: int, seed: int, progress: Progress) -> pd.DataFrame:
    """Return the outcomes of the first worlds of a scenario."""
    return simulate(scenario, worlds, seed, progress=progress).outcomes


def game_trajectory(
    transcript: Transcript, progress: Progress
) -> tuple[Trajectory, list[Problem | str]]:
    """Return the trajectory of a game after checking its moves, and a list of warnings.

    Raises ResultsError.
    """
    problems: list[Problem | str] = []
    setting, world = transcript.setting, transcript.world
    if setting.time.horizon > MOST_WEEKS:
        why = f"at most {MOST_WEEKS} weeks are shown on this page"
        problem = Problem("[time] horizon", str(setting.time.horizon), why, "python run.py replay")
        raise ResultsError(Path(f"{transcript.name}.json"), [problem])
    resume_game(transcript)
    seats = transcript.scripts()
    trajectory = record_trajectory(setting, transcript.seed, world, progress=progress, seats=seats)
    if transcript.outcome is None:
        problems.append(
            f"This game was left after week {transcript.weeks}; the model plays the rest."
        )
    differing = outcome_differences(transcript, trajectory.run)
    if differing:
        why = "this version of the program replays the game differently from its transcript"
        problems.append(Problem(f"world {world}", "", why, "; ".join(differing[:3]) + "."))
    return trajectory, problems


def debriefed(game: Game, who: Seat, others: int, forks: int, progress: Progress) -> Debrief:
    """Return a debrief. `progress` gets 1 for each of the STEPS, and often 0 in between."""
    done = 0

    def report(share: float) -> None:
        nonlocal done
        step = int(STEPS * share)
        progress(step - done)
        done = step

    return debrief(game, who, report, others, forks)


def replay_games(
    files: Sequence[tuple[str, bytes]], progress: Progress
) -> tuple[list[SeatResult], list[Problem]]:
    """Return the games in transcript files, each replayed, and the problems with file names.

    `progress` gets 1 after each replayed game.
    """
    problems: list[Problem] = []
    twins: dict[str, Run] = {}
    games: list[SeatResult] = []
    for name, content in files:
        try:
            transcript = read_transcript(content, name)
            horizon = transcript.setting.time.horizon
            if horizon > MOST_WEEKS:
                why = f"at most {MOST_WEEKS} weeks are simulated on this page"
                raise ResultsError(Path(name), [Problem("[time] horizon", str(horizon), why)])
            plays = seat_results(transcript, name, twins)
        except ResultsError as error:
            shown = error.problems[:3]
            problems += [Problem(f"{name}: {p.place}", p.written, p.why, p.remedy) for p in shown]
        else:
            why = ""
            if not plays:
                why = "nobody played a seat in it, so there is nothing to compare"
            elif outcome_differs(plays[0]):
                why = "this version of the program replays it differently; the replay is compared"
            problems += [Problem(name, "", why)] if why else []
            games += plays
        progress(1)
    return games, problems
