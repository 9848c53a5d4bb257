"""Estimates and intervals of figures, against values that are known."""

import numpy as np
import pytest

from experiments.diagnose.samples import Median, difference, joined, mean, ratio, share
from experiments.statistics import wilson

NONE = np.zeros(5)


def test_a_share_of_worlds_has_the_interval_of_wilson() -> None:
    hit = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    assert share(hit, np.ones(5)).estimate() == wilson(2, 5)


def test_a_share_of_no_event_is_uncertain() -> None:
    found = share(NONE, np.full(5, 20.0)).estimate()
    assert found == wilson(0, 100)
    assert found.high > 0.0


def test_events_are_counted_over_weeks() -> None:
    part = np.array([[True, False], [True, False]])
    assert share(part, np.ones((2, 2), dtype=bool)).estimate().estimate == 0.5


def test_the_interval_depends_on_worlds_and_not_on_events() -> None:
    """Ten events that always come together are one observation."""
    alone = share(np.tile([2.0, 0.0], 50), np.full(100, 2.0)).estimate()
    together = share(np.tile([20.0, 0.0], 50), np.full(100, 20.0)).estimate()
    assert together == alone
    assert alone.high - alone.low == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    "sample",
    [
        share(NONE, NONE),
        ratio(NONE, NONE),
        mean(np.full(3, np.nan)),
        difference(share(NONE, NONE), share(np.ones(5), np.ones(5))),
        Median(np.full(2, np.nan)),
    ],
)
def test_nothing_to_measure(sample: Median) -> None:
    assert np.isnan(sample.estimate()).all()


def test_a_difference_is_paired_by_world() -> None:
    one = share(np.array([4.0, 2.0, 3.0]), np.full(3, 4.0))
    other = share(np.array([3.0, 1.0, 2.0]), np.full(3, 4.0))
    assert difference(one, other).estimate() == pytest.approx((0.25, 0.25, 0.25))


def test_a_rooted_ratio() -> None:
    assert ratio(np.full(4, 9.0), np.ones(4), rooted=True).estimate().estimate == 3.0


def test_a_median_has_an_interval_within_its_values() -> None:
    found = Median(np.array([1.0, 9.0, np.nan, 4.0])).estimate()
    assert found == (4.0, 1.0, 9.0)


def test_joined_parts_are_one_sample() -> None:
    part, whole = np.array([1.0, 2.0, 0.0, 3.0]), np.full(4, 4.0)
    whole_sample = share(part, whole)
    parts = [share(part[:2], whole[:2]), share(part[2:], whole[2:])]
    assert joined(parts).estimate() == whole_sample.estimate()
    values = np.arange(7.0)
    assert joined([Median(values[:3]), Median(values[3:])]).estimate() == Median(values).estimate()
