"""Tests of the shares of failures at home."""

import numpy as np

from experiments.home_failures import Weeks, home_failures, observe, ratio, soon
from model.schema.scenario import load_scenario


def test_marks_agree_with_the_counts_of_the_worlds() -> None:
    weeks = observe(load_scenario("february_2025", {"time.horizon": 30}), worlds=30, seed=1)
    assert isinstance(weeks, Weeks)
    assert weeks.failed.shape == (30, 30)
    assert not (weeks.own & ~weeks.failed).any()
    assert not (weeks.failed & ~weeks.agreed).any()
    assert not (weeks.failed & weeks.deal).any()


def test_follow_up_ends_after_its_weeks() -> None:
    marks = np.zeros((20, 1), dtype=bool)
    marks[10] = True
    assert np.flatnonzero(soon(marks, 3)).tolist() == [7, 8, 9]


def test_share_without_events_is_missing() -> None:
    none = np.zeros((5, 3), dtype=bool)
    assert np.isnan(ratio(none, none).estimate)


def test_certain_homes_do_not_fail() -> None:
    setting = load_scenario(
        "february_2025",
        {
            "time.horizon": 20,
            "sides.US.ratification": "certain",
            "sides.CN.ratification": "certain",
        },
    )
    assert home_failures(setting, worlds=4).failures == 0
