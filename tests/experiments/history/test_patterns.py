"""The patterns in history and in worlds made by hand."""

import numpy as np
import pytest

from experiments.engine import simulate
from experiments.history import patterns, record
from experiments.history.course import RECORD, Course, course_of, join_courses
from experiments.history.patterns import PATTERNS, STATISTICS, observations, statistics
from model.schema.scenario import load_scenario


def made(us: list[float], cn: list[float], **parts: np.ndarray) -> Course:
    """Return one world with these tariffs in percent by week and no other events."""
    weeks = len(us)
    never = np.zeros((weeks, 1), dtype=bool)
    return Course(
        tariff=np.array([us, cn]).T[..., None],
        truce=parts.get("truce", never),
        deal=parts.get("deal", never),
        threats=parts.get("threats", np.zeros((2, 1))),
        executed=parts.get("executed", np.zeros((2, 1))),
        package=parts.get("package", np.full((6, 1), np.nan)),
        compliance=np.array([np.nan]),
        accepts=np.ones((3, 2, 1)),
    )


def test_there_are_thirteen_patterns_and_each_statistic_is_in_one() -> None:
    assert len(PATTERNS) == 13
    assert [name for of in PATTERNS.values() for name in of] == list(STATISTICS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weeks_with_change_us", 6),
        ("weeks_with_change_cn", 7),
        ("step_size", (3.517 + 3.654) / 2),
        ("longest_quiet", 26),
        ("peak_us", 17.26),
        ("final_us", 15.502),
        ("retaliation_lag", 0.6),  # 3 weeks for List 3 in 2019, 0 for the four others
        ("threats", 10),
        ("executed", 0.4),
        ("truces", 2),
        ("truce_length", 16),
        ("first_truce", 48),
        ("first_deal", 107),
        ("issues", 3),
        ("compliance", 0.57),
        ("clustering", 11 / 8 / 0.625 - 0.625),
        ("level_purchases", 1.0),
        ("level_us_tariff_relief", 0.1),
    ],
)
def test_observations_from_history(name: str, value: float) -> None:
    assert observations()[name].value == pytest.approx(value, abs=1e-6)


def test_statistics_of_a_world_made_by_hand() -> None:
    us = [3.0, 3.0, 5.0, 5.0, 9.0, 9.0, 8.0]
    cn = [8.0, 8.0, 8.0, 10.0, 10.0, 10.0, 10.0]
    result = statistics(made(us, cn)).iloc[0]
    assert result["weeks_with_change_us"] == 3
    assert result["step_size"] == 2.0
    assert result["longest_quiet"] == 1
    assert (result["peak_us"], result["final_us"]) == (6.0, 5.0)
    assert result["retaliation_share"] == pytest.approx(2 / 8)
    assert result["retaliation_lag"] == 1.0  # the second rise is not answered
    assert result["first_truce"] == result["first_deal"] == 7


def test_small_changes_do_not_count_as_moves() -> None:
    result = statistics(made([3.0, 3.4, 3.8], [8.0, 8.0, 8.0])).iloc[0]
    assert result["weeks_with_change_us"] == 0
    assert result["peak_us"] == pytest.approx(0.8)


def test_a_world_without_events_has_missing_statistics() -> None:
    result = statistics(made([3.0] * 30, [8.0] * 30)).iloc[0]
    for name in ("step_size", "retaliation_share", "retaliation_lag", "executed", "truce_length"):
        assert np.isnan(result[name]), name
    assert np.isnan(result[["issues", "compliance", "clustering"]].astype(float)).all()
    assert result["truces"] == 0


def test_clustering_is_larger_for_bursts_than_for_even_steps() -> None:
    weeks = np.arange(53)
    even = 3.0 + (weeks[:, None] > np.array([6, 19, 32, 45])).sum(axis=1)
    burst = 3.0 + (weeks[:, None] > np.array([6, 7, 8, 9])).sum(axis=1)
    flat = [8.0] * 53
    assert patterns.clustering(made(even.tolist(), flat))[0] == 0.0
    assert patterns.clustering(made(burst.tolist(), flat))[0] == 3.0


def test_statistics_of_simulated_worlds_agree_with_the_outcomes() -> None:
    setting = load_scenario(record.SCENARIO, {"time.horizon": 30})
    run = simulate(setting, 8, 1, record=RECORD)
    course = course_of(run)
    result = statistics(course)
    peak = 100 * run.outcomes["tariff_us_peak"] - course.tariff[0, 0]
    assert result["peak_us"].to_numpy() == pytest.approx(peak.to_numpy())
    assert result["truces"].to_numpy() == pytest.approx(run.outcomes["truces"].to_numpy())
    assert statistics(
        join_courses([course.select(np.arange(4)), course.select(np.arange(4, 8))])
    ).equals(result)


def test_a_run_without_records_is_refused() -> None:
    setting = load_scenario(record.SCENARIO, {"time.horizon": 3})
    with pytest.raises(ValueError, match="tariff, phase, agreement"):
        course_of(simulate(setting, 2, 1))
