"""Measure how well the sides learn about each other, compared with what all expect of them.

A side has beliefs about the other's weights of the issues and about its reservation value. Both
have true values in each simulated world, so their errors can be compared with those of the prior.
Errors are averaged over worlds, and intervals come from a bootstrap of worlds.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from agents.conduct import Conduct
from experiments.engine import build
from experiments.engines import NUMPY
from experiments.statistics import Interval, keyed_generator
from model.arrays import Array
from model.schema.scenario import Scenario, load_scenario
from model.sides import SIDES, other_side
from model.state.store import Store

EQUAL = 1e-9  # points or log units: beliefs and values that differ by less count as equal
WIDTHS = 2.0  # standard deviations beyond which a true value is outside the belief
RESAMPLES = 999


@dataclass(frozen=True)
class Errors:
    """Sums of the errors of one side's beliefs in each world, every field (worlds,).

    Logarithms are natural; reservation values are in points. An issue counts if its weight is
    uncertain, that is, if it has a public value other than 0.
    """

    learners: Array
    """Number of sides that are counted, 1 or 2."""
    issues: Array
    """Number of issues with a weight to learn."""
    learned_log: Array
    """Squared log errors of the learned weights, summed over issues."""
    prior_log: Array
    """The same for the weights that all expect, which are 1."""
    learned_reservation: Array
    """Squared error of the believed reservation value of the other."""
    prior_reservation: Array
    """Squared error of the reservation value that all expect."""
    week_issues: Array
    """Number of issues that both the public and the other side value this week."""
    week_learned_log: Array
    """As `learned_log`, for the utility of this week as the other side counts it.

    It differs from the weight by how far the other side intends to keep its promises.
    """
    week_prior_log: Array
    """As `prior_log`, for that utility."""
    week_outside: Array
    """Number of issues for which that utility is outside two standard deviations of the weight."""
    beliefs: Array
    """Number of uncertain beliefs: the weights and the reservation value."""
    outside: Array
    """How many true values are more than two standard deviations from these beliefs."""
    reservation_outside: Array
    """Whether the reservation value is one of them, 0 or 1."""
    uncertain_reservation: Array
    """Whether the reservation value is uncertain, 0 or 1."""

    def __add__(self, other: "Errors") -> "Errors":
        """Return the sums of two sides or of two weeks."""
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Errors(*(first + second for first, second in pairs))


@dataclass(frozen=True)
class Learning:
    """The errors of both sides at the end of each world and by week, and the offers they made."""

    sides: tuple[str, str]
    end: tuple[Errors, Errors]
    weekly: tuple[tuple[Errors, Errors], ...]
    offers: Array
    """Number of offers of each side in each world (sides, worlds)."""
    at_reservation: Array
    """How many of them ask for no more than the side's own reservation value (sides, worlds)."""

    def total(self) -> Errors:
        """Return the errors of both sides together at the end."""
        return self.end[0] + self.end[1]


def measure_learning(
    scenario: Scenario | str, worlds: int = 200, seed: int = 1, weekly: bool = False
) -> Learning:
    """Simulate worlds week by week, and compare the beliefs of both sides with the true values.

    Args:
        scenario: A scenario, or the name of one.
        worlds: Number of worlds, at least 2.
        seed: Random seed.
        weekly: Whether to keep the errors of every week as well.
    """
    setting = load_scenario(scenario) if isinstance(scenario, str) else scenario
    counters = [OfferCounter(side, worlds) for side in SIDES]
    seats: dict[str, Conduct] = dict(zip(setting.sides, counters, strict=True))
    negotiation = build(setting, worlds, seed, seats=seats, engine=NUMPY)
    weeks = []
    while negotiation.running:
        negotiation.step()
        if weekly:
            weeks.append(_both(negotiation.store))
    first, second = setting.sides
    return Learning(
        (first, second),
        _both(negotiation.store),
        tuple(weeks),
        np.stack([counter.offers for counter in counters]),
        np.stack([counter.at_reservation for counter in counters]),
    )


class OfferCounter(Conduct):
    """Count a side's offers, and those that ask for no more than its reservation value."""

    def __init__(self, side: int, worlds: int) -> None:
        self.side = side
        self.offers, self.at_reservation = np.zeros(worlds), np.zeros(worlds)

    def offer(self, seat: Any, package: Array) -> Array:
        """Count an offer in the worlds in focus, and return it unchanged."""
        store: Store = seat.store
        places = np.unique(store.here(np.arange(store.worlds)))
        asked, least = store["aspiration"][self.side], store["reservation"][self.side]
        low = np.zeros(store.worlds)
        low[store.here(np.arange(store.worlds))] = asked <= least + EQUAL
        self.offers[places] += 1.0
        self.at_reservation[places] += low[places]
        return package


def side_errors(store: Store, side: int) -> Errors:
    """Return the errors of a side's current beliefs about the other side, in each world.

    side: row of the side that learns.
    """
    other = other_side(side)
    public, gains = store["public_worth"][other], store["worth"][other]
    counts = (public != 0.0) & (store["values.spread"] > 0.0)
    true = np.where(counts, gains / np.where(counts, public, 1.0), 1.0)
    seen = np.where(counts, store["seen"][side], 1.0)
    width = WIDTHS * np.sqrt(store["seen_variance"][side])
    missed = counts & (np.abs(true - seen) > width + EQUAL)
    now, public_now = store["gains"][other], store["public_gains"][other]
    this_week = counts & (now * public_now > 0.0)
    counted = np.where(this_week, now / np.where(this_week, public_now, 1.0), 1.0)
    week_seen = np.where(this_week, seen, 1.0)
    reservation, expected = store["reservation"][other], store["expected"][other]
    error = expected + store["belief_shift"][side] - reservation
    spread = WIDTHS * np.sqrt(store["belief_variance"][side])
    uncertain = (spread > EQUAL) | (np.abs(error) > EQUAL)
    beyond = np.abs(error) > spread + EQUAL
    return Errors(
        learners=np.ones(store.worlds),
        issues=counts.sum(axis=0, dtype=np.float64),
        learned_log=(np.log(seen / true) ** 2).sum(axis=0),
        prior_log=(np.log(true) ** 2).sum(axis=0),
        learned_reservation=error * error,
        prior_reservation=(expected - reservation) ** 2,
        week_issues=this_week.sum(axis=0, dtype=np.float64),
        week_learned_log=(np.log(week_seen / counted) ** 2).sum(axis=0),
        week_prior_log=(np.log(counted) ** 2).sum(axis=0),
        week_outside=1.0 * (this_week & (np.abs(counted - week_seen) > width + EQUAL)).sum(axis=0),
        beliefs=counts.sum(axis=0) + 1.0 * uncertain,
        outside=missed.sum(axis=0) + 1.0 * beyond,
        reservation_outside=1.0 * beyond,
        uncertain_reservation=1.0 * uncertain,
    )


def summary(errors: Errors, level: float = 0.95) -> pd.DataFrame:
    """Return the measures of learning with intervals, one row each: estimate, low, high.

    `log_error` and `rmse` are root mean squares, `prior_log_error` and `prior_rmse` those of the
    prior, and `log_error_ratio` and `rmse_ratio` are learned over prior: above 1, learning is worse
    than no learning. `outside_two_sd` is the share of uncertain true values that are more than two
    standard deviations from the belief. The measures with `week_` compare the learned weights with
    the utility of the week instead of the lasting weight; it contains the other side's intention to
    keep its promises, which no side learns. A measure is NaN if there is nothing to learn.
    """
    worlds = errors.issues.size
    picks = keyed_generator("learning", 0).integers(worlds, size=(RESAMPLES, worlds))
    times = np.stack([np.bincount(pick, minlength=worlds) for pick in picks]).astype(np.float64)
    measures = {
        "log_error": (errors.learned_log, errors.issues, True),
        "prior_log_error": (errors.prior_log, errors.issues, True),
        "log_error_ratio": (errors.learned_log, errors.prior_log, True),
        "week_log_error_ratio": (errors.week_learned_log, errors.week_prior_log, True),
        "week_outside_two_sd": (errors.week_outside, errors.week_issues, False),
        "rmse": (errors.learned_reservation, errors.learners, True),
        "prior_rmse": (errors.prior_reservation, errors.learners, True),
        "rmse_ratio": (errors.learned_reservation, errors.prior_reservation, True),
        "outside_two_sd": (errors.outside, errors.beliefs, False),
        "reservation_outside": (errors.reservation_outside, errors.uncertain_reservation, False),
    }
    rows = {
        name: _ratio(above, below, times, rooted, level)
        for name, (above, below, rooted) in measures.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(Interval._fields))


def asks_reservation(learning: Learning, level: float = 0.95) -> Interval:
    """Return the share of offers that ask for no more than the side's own reservation value."""
    worlds = learning.offers.shape[1]
    picks = keyed_generator("offers", 0).integers(worlds, size=(RESAMPLES, worlds))
    times = np.stack([np.bincount(pick, minlength=worlds) for pick in picks]).astype(np.float64)
    low, all_offers = learning.at_reservation.sum(axis=0), learning.offers.sum(axis=0)
    return _ratio(low, all_offers, times, False, level)


def by_week(learning: Learning) -> pd.DataFrame:
    """Return the measures of both sides together, one row per week (estimates only)."""
    table = {}
    for week, (first, second) in enumerate(learning.weekly, start=1):
        both = first + second
        table[week] = {
            "log_error_ratio": np.sqrt(_over(both.learned_log.sum(), both.prior_log.sum())),
            "rmse_ratio": np.sqrt(
                _over(both.learned_reservation.sum(), both.prior_reservation.sum())
            ),
            "outside_two_sd": _over(both.outside.sum(), both.beliefs.sum()),
        }
    return pd.DataFrame.from_dict(table, orient="index").rename_axis("week")


def _both(store: Store) -> tuple[Errors, Errors]:
    return side_errors(store, 0), side_errors(store, 1)


def _over(above: Any, below: Any) -> Any:
    """Return a ratio of sums, NaN if there is nothing to compare with."""
    known = below > EQUAL * EQUAL
    return np.where(known, above / np.where(known, below, 1.0), np.nan)


def _ratio(above: Array, below: Array, times: Array, rooted: bool, level: float) -> Interval:
    """Return a ratio of sums over worlds, or its root, with a percentile bootstrap interval.

    times: how often each world is in each resample (resamples, worlds).
    """
    found = _over(above.sum(), below.sum())
    again = _over(times @ above, times @ below)
    again = again[~np.isnan(again)]
    if np.isnan(found):
        return Interval(float("nan"), float("nan"), float("nan"))
    if rooted:
        found, again = np.sqrt(found), np.sqrt(again)
    low, high = np.quantile(again, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(found), float(low), float(high))
