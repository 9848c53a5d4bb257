"""Measure agreements that fail at home: whose proposal failed, and what followed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.engine import build
from experiments.statistics import Interval
from model.arrays import Array
from model.schema.scenario import Scenario

Z95 = 1.959963984540054
FOLLOW_UP = 13  # weeks

type Marks = NDArray[np.bool_]


class HomeFailures(NamedTuple):
    """Shares of all failures at home, each with its 95 % interval over worlds.

    own: the home that refused is that of the side that proposed the package; offered: the sides
    meet again and one makes an offer within the follow-up; agreed: both leaders agree again within
    it; deal: a deal is in force within it. The last three are shares of the failures with a whole
    follow-up before the horizon.
    """

    failures: int
    worlds: int
    own: Interval
    offered: Interval
    agreed: Interval
    deal: Interval


class Weeks(NamedTuple):
    """What happened in each week of each world (weeks, R)."""

    failed: Marks
    own: Marks
    offered: Marks
    agreed: Marks
    deal: Marks


def home_failures(
    scenario: Scenario | str, worlds: int = 500, seed: int = 1, follow_up: int = FOLLOW_UP
) -> HomeFailures:
    """Simulate worlds week by week with NumPy, and measure their failures at home.

    Args:
        scenario: A scenario, or the name of one.
        worlds: Number of worlds.
        seed: Random seed.
        follow_up: Weeks after a failure in which a new offer counts.
    """
    weeks = observe(scenario, worlds, seed)
    whole = np.zeros_like(weeks.failed)
    whole[: max(len(whole) - follow_up, 0)] = True
    base = weeks.failed & whole
    offered, agreed, deal = (
        ratio(base & soon(mark, follow_up), base)
        for mark in (weeks.offered, weeks.agreed, weeks.deal)
    )
    own = ratio(weeks.own, weeks.failed)
    return HomeFailures(int(weeks.failed.sum()), worlds, own, offered, agreed, deal)


def observe(scenario: Scenario | str, worlds: int, seed: int) -> Weeks:
    """Return what happened at home in each week of simulated worlds."""
    negotiation = build(scenario, worlds, seed)
    store, rows = negotiation.store, []
    while negotiation.running:
        failures, sessions, deals = (
            store[name].copy() for name in ("failures", "sessions", "deals")
        )
        negotiation.step()
        failed, offered = store["failures"] > failures, store["sessions"] > sessions
        proposer = 1.0 - store["turn"]  # the answerer has the next turn until next week
        agreed = offered & (store["agreed"] > 0.0)
        own = failed & (store["refused_by"] == proposer)
        marks = (failed, own, offered, agreed, store["deals"] > deals)
        rows.append([mark[:worlds] for mark in marks])
    return Weeks(*(np.stack(marks) for marks in zip(*rows, strict=True)))


def soon(marks: Marks, weeks: int) -> Marks:
    """Return whether something happens in the weeks after each week (weeks, R), at most `weeks`.

    >>> soon(np.array([[False], [False], [True], [False]]), 1).ravel().tolist()
    [False, True, False, False]
    """
    before = np.vstack([np.zeros((1, marks.shape[1]), dtype=np.intp), marks.cumsum(axis=0)])
    last = np.minimum(np.arange(1, len(marks) + 1) + weeks, len(marks))
    found: Marks = before[last] > before[1:]
    return found


def ratio(part: Marks, whole: Marks) -> Interval:
    """Return the share of events (weeks, R) of one kind, with its 95 % interval; NaN without any.

    Events of one world depend on each other, so the interval is that of a ratio of sums over
    worlds (linearised).

    >>> whole = np.ones((1, 100), dtype=bool)
    >>> [round(value, 2) for value in ratio(np.arange(100)[None, :] < 50, whole)]
    [0.5, 0.4, 0.6]
    """
    parts: Array = part.sum(axis=0).astype(np.float64)
    wholes: Array = whole.sum(axis=0).astype(np.float64)
    total = float(wholes.sum())
    if not total:
        return Interval(np.nan, np.nan, np.nan)
    share = float(parts.sum()) / total
    worlds = len(wholes)
    residual = parts - share * wholes
    spread = float((residual * residual).sum()) * worlds / max(worlds - 1, 1)
    half = Z95 * float(np.sqrt(spread)) / total
    return Interval(share, max(share - half, 0.0), min(share + half, 1.0))
