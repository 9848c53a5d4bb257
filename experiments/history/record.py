"""The historical record of 2018-20, read from the data files and put on a weekly grid.

Week w is the state at the end of the w-th week after 1 January 2018. An event belongs to the week
of its day and is visible at the end of that week.
"""

import io
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.history.course import Course
from model.arrays import Array, Mask
from model.economy.tables import content
from model.schema.scenario import load_scenario

DATA = Path(__file__).parent / "data"
SCENARIO = "trade_war_2018"
START = date(2018, 1, 1)
WEEKS = 111  # to 14 February 2020
SIDES = ("us", "cn")
DAYS = 7


def week_of(day: date | str) -> int:
    """Return the week of a day. The first week is 1; the start itself is 0.

    >>> week_of("2018-01-01"), week_of("2018-01-08"), week_of("2018-01-09"), week_of("2020-02-14")
    (0, 1, 2, 111)
    """
    chosen = date.fromisoformat(day) if isinstance(day, str) else day
    return -((START - chosen).days // DAYS)


@cache
def table(name: str) -> pd.DataFrame:
    """Return a data file by its name without ending. Callers must not change the table.

    Raises ScenarioError if the checksum of the file is wrong.
    """
    return pd.read_csv(io.BytesIO(content(DATA / f"{name}.csv")))


def totals() -> Array:
    """Return the average tariffs of both sides in percent (week, side), with all changes."""
    known = table("tariffs")
    path = np.zeros((WEEKS + 1, len(SIDES)))
    for day, us, cn in zip(known["date"], known["us_percent"], known["cn_percent"], strict=True):
        path[week_of(day) :] = (us, cn)
    return path


def conflict_path() -> Array:
    """Return the tariffs in percent (week, side), with only the steps of the conflict."""
    known = table("tariffs")
    path = np.repeat(totals()[:1], WEEKS + 1, axis=0)
    for day, us, cn in zip(known["date"], known["us_step"], known["cn_step"], strict=True):
        path[week_of(day) :] += (us, cn)
    return path


def _spells(begins: pd.Series, ends: pd.Series) -> Mask:
    inside = np.zeros(WEEKS + 1, dtype=bool)
    for first, last in zip(begins, ends, strict=True):
        inside[week_of(first) : week_of(last)] = True
    return inside


def course() -> Course:
    """Return history as one world, in the same form as simulated worlds."""
    truces, deals, threats = table("truces"), table("deals"), table("threats")
    counted = truces[truces["counts"] == 1]
    signed = deals.loc[deals["stage"] == "signed", "date"].iloc[0]
    deal = np.arange(WEEKS + 1) >= week_of(signed)
    made = threats[threats["counts"] == 1]
    number = [[float((made["side"] == side.upper()).sum())] for side in SIDES]
    done = [[float(made.loc[made["side"] == side.upper(), "executed"].sum())] for side in SIDES]
    one = table("phase_one").set_index("item")["value"]
    return Course(
        tariff=conflict_path()[..., None],
        truce=_spells(counted["begins"], counted["ends"])[:, None],
        deal=deal[:, None],
        threats=np.array(number),
        executed=np.array(done),
        package=table("positions")["phase_one"].to_numpy(dtype=np.float64)[:, None],
        compliance=np.array([float(one["kept"])]),
        accepts=verdicts()[..., None],
    )


def verdicts() -> Array:
    """Return whether each side agreed to each package of the record, 1 or 0 (package, side)."""
    setting = load_scenario(SCENARIO)
    return np.array(
        [
            [float(side not in package.refused_by) for side in setting.sides]
            for package in setting.record.values()
        ]
    )
