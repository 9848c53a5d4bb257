"""The debrief of a game: its outcome compared with the model in the same and in other worlds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine import Run, run_worlds
from experiments.game.decisions import FINE, Decision, decisions, own_result, pain_weight
from experiments.game.missed import MissedPackage, missed_packages
from experiments.game.seats import Seat
from experiments.game.table import Game
from experiments.game.transcript import outcome_of
from model.arrays import Array
from model.chronicle import story
from model.sides import other_side

OTHERS = 499
RECORDED = ("side_pain", "weeks")
PART_OTHERS, PART_DECISIONS = 0.25, 0.65  # shares of the work

type Progress = Callable[[float], None]


@dataclass(frozen=True)
class Measure:
    """One measure in the game, in its model-played twin, and in other worlds.

    better: 1 if more is better for the seat, -1 if less is better, 0 if neither. Values are NaN if
    the measure does not exist, such as the week of a deal without a deal.
    """

    key: str
    title: str
    unit: str
    better: int
    mine: float
    twin: float
    others: Array

    @property
    def beaten(self) -> float:
        """Return the share of other worlds that are worse. Ties count half. NaN if unknown.

        >>> Measure("own", "", "", 1, 2.0, 0.0, np.array([1.0, 2.0, 3.0, 4.0])).beaten
        0.375
        """
        known = self.others[~np.isnan(self.others)]
        if np.isnan(self.mine) or not known.size or not self.better:
            return float("nan")
        ahead = self.better * (self.mine - known)
        return float((ahead > 0.0).mean() + 0.5 * (ahead == 0.0).mean())


@dataclass(frozen=True)
class HiddenState:
    """Private state of the other side in the last week, which the seat could not see.

    believed, doubt: mean and standard deviation of the seat's belief about the other's reservation
    value; worth, expected: worth of each full concession to the other side, true and as publicly
    expected, in points.
    """

    resolve: float
    reservation: float
    believed: float
    doubt: float
    worth: Mapping[str, float]
    expected: Mapping[str, float]


@dataclass(frozen=True)
class Debrief:
    """The debrief of a seat. stories: of the game, then of the twin."""

    seat: Seat
    outcome: str
    twin_outcome: str
    stories: tuple[str, str]
    measures: tuple[Measure, ...]
    endings: Mapping[str, int]  # of the other worlds
    decisions: tuple[Decision, ...]
    missed: tuple[MissedPackage, ...]
    hidden: HiddenState

    def measure(self, key: str) -> Measure:
        """Return a measure by key."""
        return next(measure for measure in self.measures if measure.key == key)


def debrief(
    game: Game,
    who: Seat,
    progress: Progress | None = None,
    others: int = OTHERS,
    forks: int = FINE,
) -> Debrief:
    """Return the debrief of a finished game.

    progress: called with the share of the work done; may raise to stop. others: number of other
    model-played worlds; forks: pairs of forks for each decision.
    """
    if not game.over:
        raise ValueError(f"week {game.week}: the game is not over yet")

    def within(start: float, part: float) -> Progress:
        return lambda share: progress(start + part * share) if progress else None

    twin, rest = comparison_runs(game, within(0.0, PART_OTHERS), others)
    weight = pain_weight(game, who)
    mine = pd.DataFrame([outcome_of(game)], index=[game.world])
    simulated = [game.state("side_pain", week)[who.row] for week in range(1, game.week + 1)]
    own = own_result(game.state("utility")[who.row], np.array([np.mean(simulated)]), weight)
    measured = decisions(game, who, within(PART_OTHERS, PART_DECISIONS), fine=forks)
    packages = missed_packages(game, who)
    if progress:
        progress(1.0)
    row, other = _row(mine), _row(twin.outcomes)
    return Debrief(
        who,
        str(row["outcome"]),
        str(other["outcome"]),
        (story(game.setting, row), story(game.setting, other)),
        tuple(_measures(game, who, (mine, own), twin, rest)),
        {str(k): int(n) for k, n in rest.outcomes["outcome"].value_counts().items()},
        tuple(measured),
        tuple(packages),
        hidden_state(game, who),
    )


def comparison_runs(game: Game, progress: Progress, others: int = OTHERS) -> tuple[Run, Run]:
    """Return the model-played twin of a game (same random numbers), and other worlds."""
    numbers = np.arange(others + 1, dtype=np.intp)
    numbers = numbers[numbers != game.world][:others]
    done, whole = 0, game.setting.time.horizon * (others + 1)

    def simulated(worlds: int) -> None:
        nonlocal done
        done += worlds
        progress(min(1.0, done / whole))

    runs = []
    for chosen in (np.array([game.world], dtype=np.intp), numbers):
        run = run_worlds(game.setting, chosen, game.seed, {}, RECORDED, chosen, simulated)
        runs.append(run)
    return runs[0], runs[1]


def results(run: Run, row: int, weight: float) -> Array:
    """Return the own result of a side in every world of a run with records of pain and weeks."""
    assert run.weeks is not None
    pain = run.weeks["side_pain"].to_numpy()[1:, row]
    simulated = run.weeks["weeks"].to_numpy()[-1]
    counted = np.arange(1, len(pain) + 1)[:, np.newaxis] <= simulated
    mean = np.where(counted, pain, 0.0).sum(axis=0) / np.maximum(simulated, 1.0)
    side = list(run.scenario.sides)[row].lower()
    worth = run.outcomes[f"utility_{side}"].to_numpy(dtype=float)
    return own_result(worth, mean, weight)


def _measures(
    game: Game, who: Seat, mine: tuple[pd.DataFrame, Array], twin: Run, rest: Run
) -> list[Measure]:
    me, other = (list(game.setting.sides)[row] for row in (who.row, other_side(who.row)))
    titles = {side: card.named for side, card in game.setting.sides.items()}
    weight = pain_weight(game, who)
    own, same, many = mine[1], results(twin, who.row, weight), results(rest, who.row, weight)
    measures = [
        Measure("own", "Score", "points", 1, float(own[0]), float(same[0]), many),
    ]
    columns = [
        (f"utility_{me.lower()}", "Worth of the deal in force at the end", "points", 1, 1.0),
        ("agreement_week", "Week of the first deal", "week", 0, 1.0),
        (f"tariff_{other.lower()}_final", f"Tariff of {titles[other]} in the end", "%", -1, 100.0),
        (f"tariff_{me.lower()}_final", f"Tariff of {titles[me]} in the end", "%", 0, 100.0),
        (f"real_income_{me.lower()}", f"Real income of {titles[me]}", "% of the start", 1, 1.0),
        (f"approval_{me.lower()}", "Approval of the leader", "%", 1, 100.0),
    ]
    for name, title, unit, better, factor in columns:
        if name not in rest.outcomes:
            continue
        values = [
            factor * pd.to_numeric(table[name]).to_numpy(dtype=float)
            for table in (mine[0], twin.outcomes, rest.outcomes)
        ]
        if all(np.nan_to_num(v).std() == 0.0 and np.nan_to_num(v)[0] == 0.0 for v in values):
            continue  # the measure does not apply to this scenario
        measures.append(
            Measure(name, title, unit, better, float(values[0][0]), float(values[1][0]), values[2])
        )
    return measures


def hidden_state(game: Game, who: Seat) -> HiddenState:
    """Return the private state of the other side, which the seat could not see."""
    me, other = who.row, other_side(who.row)
    issues = list(game.setting.issues)
    worth, public = game.state("gains")[other], game.state("public_gains")[other]
    return HiddenState(
        resolve=float(game.state("resolve")[other]),
        reservation=float(game.state("reservation")[other]),
        believed=float(game.state("expected")[other] + game.state("belief_shift")[me]),
        doubt=float(np.sqrt(game.state("belief_variance")[me])),
        worth=dict(zip(issues, map(float, worth), strict=True)),
        expected=dict(zip(issues, map(float, public), strict=True)),
    )


def _row(table: pd.DataFrame) -> dict[str, Any]:
    """Return the only row as a dict, with NaN for missing weeks."""
    return {
        str(name): float("nan") if value is None else value for name, value in table.iloc[0].items()
    }
