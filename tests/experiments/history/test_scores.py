"""Scores follow their definitions, are proper, and their parts add up."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from experiments.history import scores
from tests.oracles import scores as oracle

VALUES = st.integers(-30, 30).map(lambda tick: tick / 10)
ENSEMBLES = st.lists(VALUES, min_size=2, max_size=9)
TENTHS = st.integers(0, 10).map(lambda tick: tick / 10)
EVENTS = st.lists(st.tuples(st.one_of(TENTHS, st.floats(0.0, 1.0)), st.booleans()), min_size=1)


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 1.0), (0.3, 0.2), (-1.0, 2.5)])
@pytest.mark.parametrize("observed", [-1.3, 0.0, 0.31, 2.0])
def test_the_gaussian_crps_equals_its_integral(mean: float, spread: float, observed: float) -> None:
    ends = min(mean, observed) - 9 * spread, max(mean, observed) + 9 * spread
    below = quad(lambda x: norm.cdf(x, mean, spread) ** 2, ends[0], observed)[0]
    above = quad(lambda x: norm.sf(x, mean, spread) ** 2, observed, ends[1])[0]
    result = oracle.crps_gaussian(mean, spread, observed)
    assert float(result) == pytest.approx(below + above, rel=1e-6)


def test_the_crps_of_a_gaussian_without_spread_is_the_distance() -> None:
    assert oracle.crps_gaussian([1.0, 1.0], [0.0, 1e-9], [3.0, 3.0]) == pytest.approx([2.0, 2.0])
    with pytest.raises(ValueError, match=r"spread = -1.0"):
        oracle.crps_gaussian(0.0, -1.0, 0.0)


def test_the_true_gaussian_scores_best() -> None:
    observed = np.random.default_rng(26).normal(0.4, 0.7, 20_000)
    honest = oracle.crps_gaussian(0.4, 0.7, observed).mean()
    for mean, spread in ((0.2, 0.7), (0.6, 0.7), (0.4, 0.5), (0.4, 1.0)):
        assert honest < oracle.crps_gaussian(mean, spread, observed).mean()


@given(ENSEMBLES, VALUES)
def test_the_ensemble_crps_equals_the_sum_over_pairs(members: list[float], observed: float) -> None:
    worlds = len(members)
    distance = sum(abs(member - observed) for member in members) / worlds
    pairs = sum(abs(one - other) for one, other in itertools.product(members, repeat=2))
    plain, fair = oracle.crps_ensemble(members, observed), scores.fair_crps(members, observed)
    assert float(plain) == pytest.approx(distance - pairs / (2 * worlds**2))
    assert float(fair) == pytest.approx(distance - pairs / (2 * worlds * (worlds - 1)))


@given(ENSEMBLES, VALUES)
def test_the_ensemble_crps_equals_the_integral_of_its_step_function(
    members: list[float], observed: float
) -> None:
    cuts = np.sort([*members, observed])
    levels = [(np.array(members) <= cut).mean() - (observed <= cut) for cut in cuts[:-1]]
    area = float((np.square(levels) * np.diff(cuts)).sum())
    assert float(oracle.crps_ensemble(members, observed)) == pytest.approx(area, abs=1e-12)


@pytest.mark.parametrize("worlds", [2, 3, 10])
def test_the_fair_score_is_unbiased_and_the_plain_score_has_a_known_bias(worlds: int) -> None:
    mean, spread, observed, draws = 0.2, 0.5, 0.6, 100_000
    members = np.random.default_rng(14).normal(mean, spread, (draws, worlds))
    truth = float(oracle.crps_gaussian(mean, spread, observed))
    fair = scores.fair_crps(members, np.full(draws, observed))
    plain = oracle.crps_ensemble(members, np.full(draws, observed))
    error = 4 * float(fair.std()) / np.sqrt(draws)
    assert abs(fair.mean() - truth) < error
    bias = spread / np.sqrt(np.pi) / worlds
    assert error < bias / 2  # otherwise the test has no power
    assert abs(plain.mean() - truth - bias) < error


def test_ensembles_are_scored_as_arrays() -> None:
    members = np.random.default_rng(1).normal(size=(4, 3, 7))
    observed = np.zeros((4, 3))
    result = oracle.crps_ensemble(members, observed)
    assert result.shape == (4, 3)
    assert result[2, 1] == oracle.crps_ensemble(members[2, 1], 0.0)


def test_invalid_ensembles_are_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        scores.fair_crps([1.0], 1.0)
    with pytest.raises(ValueError, match=r"observed \(3,\) does not fit members \(2, 3\)"):
        scores.fair_crps(np.zeros((2, 3)), np.zeros(3))


def test_the_log_scores_of_weeks_sum_to_the_likelihood_of_their_course() -> None:
    probability, happened = np.array([0.1, 0.4, 0.8]), np.array([False, True, True])
    total = scores.log_score(probability, happened).sum()
    assert np.exp(-total) == pytest.approx(0.9 * 0.4 * 0.8)


def test_the_log_score_of_certain_and_impossible_events() -> None:
    result = scores.log_score([1.0, 0.0, 1.0, 0.0], [True, False, False, True])
    assert result.tolist() == [0.0, 0.0, np.inf, np.inf]


@pytest.mark.parametrize("rule", [scores.log_score, scores.brier_score])
@pytest.mark.parametrize("true", [0.05, 0.3, 0.9])
def test_the_true_probability_has_the_best_score(rule: object, true: float) -> None:
    assert callable(rule)
    stated = np.linspace(0.01, 0.99, 99)
    happens, fails = rule(stated, np.full(99, True)), rule(stated, np.full(99, False))
    loss = true * happens + (1 - true) * fails
    assert stated[loss.argmin()] == pytest.approx(true)


def test_an_event_that_happened_in_no_world_has_a_positive_probability() -> None:
    happened = np.zeros((2, 99), dtype=np.bool_)
    happened[1] = True
    assert scores.chance(happened) == pytest.approx([0.005, 0.995])
    assert np.isfinite(scores.log_score(scores.chance(happened), [True, False])).all()


@given(EVENTS, st.none() | st.integers(1, 12))
def test_the_parts_sum_to_the_brier_score(
    events: list[tuple[float, bool]], bins: int | None
) -> None:
    probability, happened = zip(*events, strict=True)
    parts = oracle.brier_parts(probability, happened, bins)
    mean = scores.brier_score(probability, happened).mean()
    summed = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert parts.score == pytest.approx(mean)
    assert summed == pytest.approx(mean, abs=1e-12)
    assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0.0
    if bins is None:
        assert parts.within == pytest.approx(0.0, abs=1e-12)


@given(st.lists(st.tuples(TENTHS, st.booleans()), min_size=1))
def test_the_parts_follow_murphys_definition(events: list[tuple[float, bool]]) -> None:
    base = sum(happened for _, happened in events) / len(events)
    reliability = resolution = 0.0
    for value in {probability for probability, _ in events}:
        group = [happened for probability, happened in events if probability == value]
        share = sum(group) / len(group)
        reliability += len(group) * (value - share) ** 2 / len(events)
        resolution += len(group) * (share - base) ** 2 / len(events)
    probabilities, happenings = zip(*events, strict=True)
    parts = oracle.brier_parts(probabilities, happenings)
    assert parts.reliability == pytest.approx(reliability, abs=1e-12)
    assert parts.resolution == pytest.approx(resolution, abs=1e-12)
    assert parts.uncertainty == pytest.approx(base * (1 - base))


def test_known_forecasters_have_known_parts() -> None:
    happened = np.array([True, True, True, False] * 5)
    climate = oracle.brier_parts(np.full(20, 0.75), happened)
    assert climate == pytest.approx((0.1875, 0.0, 0.0, 0.1875, 0.0))
    seer = oracle.brier_parts(happened.astype(np.float64), happened)
    assert seer == pytest.approx((0.0, 0.0, 0.1875, 0.1875, 0.0))
    liar = oracle.brier_parts(1.0 - happened, happened)
    assert liar == pytest.approx((1.0, 1.0, 0.1875, 0.1875, 0.0))


def test_probability_one_belongs_to_the_last_bin() -> None:
    parts = oracle.brier_parts([0.9, 1.0], [True, False], bins=2)
    assert parts.resolution == 0.0  # a single group
    assert parts.reliability == pytest.approx((0.95 - 0.5) ** 2)


@pytest.mark.parametrize(
    ("probability", "happened", "bins", "message"),
    [
        ([0.5, 1.2], [True, False], None, r"probability = 1.2: must be between 0 and 1"),
        ([np.nan], [True], None, r"probability = nan"),
        ([0.5], [True, False], None, "differ in shape"),
        ([], [], None, "no events"),
        ([0.5], [True], 0, "bins = 0"),
    ],
)
def test_invalid_events_are_refused(
    probability: list[float], happened: list[bool], bins: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        oracle.brier_parts(probability, happened, bins)


def test_skill_is_one_minus_the_ratio_to_the_baseline() -> None:
    assert scores.skill([0.0], [0.4]) == 1.0
    assert scores.skill([0.2, 0.6], [0.4, 0.4]) == pytest.approx(0.0)
    assert scores.skill([0.6], [0.4]) == pytest.approx(-0.5)
    with pytest.raises(ValueError, match=r"baseline = 0.0"):
        scores.skill([0.1], [0.0])
