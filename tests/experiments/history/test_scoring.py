"""Scores of forecasts, forecasts by analogues that use no later data, and block intervals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.history import record, scoring
from experiments.history.analogues import forecast, nearest_worlds, pool_at, prior_points
from experiments.history.course import Course
from experiments.history.scoring import (
    CALIBRATED,
    crps_table,
    event_table,
    forecasts,
    question_table,
)
from experiments.history.sections import skill_section
from experiments.history.skill import blocks, skill_interval, skill_table


@pytest.fixture(scope="module")
def pool() -> Course:
    return pool_at(prior_points(12, 1), 4, 1)


@pytest.fixture(scope="module")
def made(pool: Course) -> dict[str, dict[int, np.ndarray]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "EVERY", 52)  # few origins: each takes four fits
        return forecasts({CALIBRATED: pool}, 40, 1)


def test_a_forecast_starts_at_history_and_uses_no_later_data(
    pool: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = forecast(pool, 30, 10)
    assert (before[0] == record.totals()[30][:, None]).all()
    past = record.course()
    later = past.tariff.copy()
    later[31:] += 50.0
    monkeypatch.setattr(record, "course", lambda: replace(past, tariff=later))
    assert np.array_equal(forecast(pool, 30, 10), before)


def test_history_itself_is_the_nearest_world(pool: Course) -> None:
    tariff = pool.tariff.copy()
    past = record.course()
    tariff[..., 7] = past.tariff[..., 0]
    truce, deal = pool.truce.copy(), pool.deal.copy()
    truce[:, 7], deal[:, 7] = past.truce[:, 0], past.deal[:, 0]
    known = replace(pool, tariff=tariff, truce=truce, deal=deal)
    assert [nearest_worlds(known, week, 1)[0] for week in (30, 60, 90)] == [7, 7, 7]
    assert len(nearest_worlds(known, 0, 1)) == pool.worlds


def test_a_perfect_forecast_has_crps_zero() -> None:
    truth = record.totals()[..., None]
    perfect = {0: np.repeat(truth, 6, axis=2), 4: np.repeat(truth[4:], 6, axis=2)}
    scores = crps_table({"perfect": perfect})
    assert scores["crps"].abs().max() < 1e-12
    assert set(scores["weeks"]) == {4, 13, 26, 39, 52, 78, 104}


def test_events_are_scored_once_per_week_and_side(made: dict[str, dict[int, np.ndarray]]) -> None:
    events = event_table(made)
    one = events[events["forecaster"] == "persistence"]
    assert len(one) == 2 * 104
    assert not one.duplicated(["week", "side"]).any()
    surprised = one[one["log_score"] > 1.0]
    assert {(27, "us"), (53, "cn"), (71, "us")} <= set(
        zip(surprised["week"], surprised["side"], strict=True)
    )


def test_baselines_get_no_questions_about_truces_and_deals(
    made: dict[str, dict[int, np.ndarray]], pool: Course
) -> None:
    result = question_table(made, {CALIBRATED: pool})
    asked = result.groupby("forecaster").size()
    assert asked[CALIBRATED] == len(record.table("questions"))
    assert asked["Poisson"] == len(record.table("questions")) - 8
    assert result["brier"].between(0.0, 1.0).all()


def test_skill_against_the_same_scores_is_zero() -> None:
    score = np.array([1.0, 2.0, 3.0, 2.0, 1.0, 2.0])
    assert skill_interval(score, score, 2, 1) == (0.0, 0.0, 0.0)
    assert np.isnan(skill_interval(score[:2], score[:2], 2, 1).low)
    assert np.isnan(skill_interval(score, 0.0 * score, 2, 1).estimate)  # the baseline is perfect
    half = skill_interval(score / 2, score, 2, 1)
    assert half == pytest.approx((0.5, 0.5, 0.5))


def test_blocks_keep_neighbours_together() -> None:
    places = blocks(12, 4, 20, "test", 1)
    assert places.shape == (20, 12)
    assert (np.diff(places.reshape(20, 3, 4), axis=2) == 1).all()


def test_skill_is_given_by_horizon_and_side(made: dict[str, dict[int, np.ndarray]]) -> None:
    result = skill_table(crps_table(made), CALIBRATED, ["persistence"], 1)
    assert set(result["side"]) == {"us", "cn", "both"}
    one = result[(result["weeks"] == 13) & (result["side"] == "both")].iloc[0]
    assert one["skill"] == pytest.approx(1.0 - one["crps"] / one["crps_baseline"])
    assert one["low"] <= one["skill"] <= one["high"]
    assert isinstance(result, pd.DataFrame)


def test_events_are_forecast_once_a_quarter() -> None:
    still = np.zeros((20, 2, 4))
    result = event_table({"constant": {0: still, 4: still, 13: still}})
    assert sorted(set(result["origin"])) == [0, 13]
    assert (result.groupby("origin").size() == 2 * 13).all()


def test_missing_skills_and_missing_intervals_are_shown_as_dashes() -> None:
    row = {"weeks": 4, "side": "both", "origins": 3, "crps": 1.0, "low": np.nan, "high": np.nan}
    table = pd.DataFrame(
        [row | {"baseline": "one", "skill": np.nan}, row | {"baseline": "two", "skill": 0.25}]
    )
    (cells,) = skill_section(table, CALIBRATED, ["one", "two"]).rows
    assert cells[-2:] == ("-", "+0.25 (-)")
