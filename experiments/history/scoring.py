"""Scores of forecasts of 2018-20 against history: by horizon, by week and by dated question.

Baselines are fitted without the year that follows the origin (leave one year out), but may use the
weeks after that year. The model forecasts by analogues (`analogues`). With draws of the prior, it
uses no information about history after the origin. With the plausible draws it does, because they
were selected with all of 2018-20.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.history import record
from experiments.history.analogues import forecast
from experiments.history.baselines import BASELINES
from experiments.history.course import Course
from experiments.history.patterns import MOVE
from experiments.history.scores import brier_score, chance, fair_crps, log_score
from experiments.statistics import keyed_generator
from model.arrays import Array, Mask

HORIZONS = (4, 13, 26, 39, 52, 78, 104)
EVERY = 4  # weeks from one origin to the next
QUARTER = 13  # weeks for which the weekly event is scored, from one origin each
YEAR = 52
LATE = 78  # last origin: later ones leave too few weeks to score
CALIBRATED, OPEN = "model, plausible draws", "model, prior draws"


def training_weeks(origin: int) -> Mask:
    """Return the weeks (week,) to which a baseline may be fitted: all except the year after."""
    known = np.ones(record.WEEKS, dtype=bool)
    known[origin : origin + YEAR] = False
    return known


def forecasts(pools: Mapping[str, Course], worlds: int, seed: int) -> dict[str, dict[int, Array]]:
    """Return paths in percent (weeks from the origin on, side, worlds) by forecaster and origin.

    pools: the model's courses by name of the forecaster; worlds: number of paths per baseline.
    """
    origins = sorted({*range(0, LATE + 1, EVERY), *range(0, record.WEEKS - QUARTER + 1, QUARTER)})
    made: dict[str, dict[int, Array]] = {}
    for name, pool in pools.items():
        made[name] = {origin: forecast(pool, origin) for origin in origins}
    for name, baseline in BASELINES.items():
        made[name] = {
            origin: baseline(
                training_weeks(origin),
                origin,
                record.WEEKS - origin,
                worlds,
                keyed_generator(f"{name} from {origin}", seed),
            )
            for origin in origins
        }
    return made


def crps_table(made: Mapping[str, Mapping[int, Array]]) -> pd.DataFrame:
    """Return the fair CRPS in points: columns forecaster, origin, weeks (ahead), side, crps."""
    truth, rows = record.totals(), []
    for name, by_origin in made.items():
        for origin, paths in by_origin.items():
            if origin % EVERY:
                continue
            for ahead in HORIZONS:
                if origin + ahead > record.WEEKS:
                    continue
                scores = fair_crps(paths[ahead], truth[origin + ahead])
                rows += [
                    (name, origin, ahead, side, float(score))
                    for side, score in zip(record.SIDES, scores, strict=True)
                ]
    return pd.DataFrame(rows, columns=["forecaster", "origin", "weeks", "side", "crps"])


def event_table(made: Mapping[str, Mapping[int, Array]]) -> pd.DataFrame:
    """Return the log score in nats of the weekly event that a side's tariff moves.

    Every 13 weeks each forecaster states the probability of a move of half a point or more, for
    each of the next 13 weeks and each side. Columns: forecaster, origin, week, side, log_score.
    """
    happened = np.abs(np.diff(record.conflict_path(), axis=0)) >= MOVE
    rows = []
    for name, by_origin in made.items():
        for origin, paths in by_origin.items():
            if origin % QUARTER:
                continue
            ahead = min(QUARTER, record.WEEKS - origin)
            moved = np.abs(np.diff(paths[: ahead + 1], axis=0)) >= MOVE
            scores = log_score(chance(moved), happened[origin : origin + ahead])
            rows += [
                (name, origin, origin + week + 1, side, float(scores[week, row]))
                for week in range(ahead)
                for row, side in enumerate(record.SIDES)
            ]
    return pd.DataFrame(rows, columns=["forecaster", "origin", "week", "side", "log_score"])


def answer(tariff: Array, truce: Mask, deal: Mask, event: str, level: float, week: int) -> Mask:
    """Return whether a dated event has happened by a week (R,), from courses since the start.

    tariff: percent (week, side, R); truce, deal: (week, R). Raises ValueError for an unknown event.
    """
    side = int(event.startswith("cn_"))
    if event.endswith("_tariff_at_least"):
        return np.asarray((tariff[: week + 1, side] >= level).any(axis=0))
    if event.endswith("_rises_at_least"):
        rises = np.diff(tariff[: week + 1, side], axis=0) >= MOVE
        return np.asarray(rises.sum(axis=0) >= level)
    spells = {"truce_made": truce, "deal_signed": deal}
    if event not in spells:
        raise ValueError(f"questions.csv: unknown event {event}")
    return np.asarray(spells[event][: week + 1].any(axis=0))


def question_table(
    made: Mapping[str, Mapping[int, Array]], pools: Mapping[str, Course]
) -> pd.DataFrame:
    """Return the Brier score of each dated question asked in January 2018.

    Baselines have no truces and deals, so only the model answers questions about them. Columns:
    forecaster, event, level, by_date, probability, happened, brier.
    """
    past = record.course()
    rows = []
    for question in record.table("questions").to_dict("records"):
        event, level, day = str(question["event"]), float(question["level"]), question["by_date"]
        week = record.week_of(day)
        rises = event.endswith("_rises_at_least")  # counts only steps of the conflict
        path = past.tariff if rises else record.totals()[..., None]
        truth = bool(answer(path, past.truce, past.deal, event, level, week)[0])
        for name, by_origin in made.items():
            if name not in pools and event in ("truce_made", "deal_signed"):
                continue
            none = np.zeros((record.WEEKS + 1, by_origin[0].shape[-1]), dtype=bool)
            truce, deal = (pools[name].truce, pools[name].deal) if name in pools else (none, none)
            probability = float(chance(answer(by_origin[0], truce, deal, event, level, week)))
            rows.append((name, event, level, day, probability, truth))
    columns = ["forecaster", "event", "level", "by_date", "probability", "happened"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(brier=brier_score(table["probability"], table["happened"]))
