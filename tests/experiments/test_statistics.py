"""Estimates and intervals, held against scipy.stats, hand counts and their coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.statistics import (
    Interval,
    bootstrap,
    keyed_generator,
    mean_interval,
    paired_difference,
    quantile_interval,
    shares,
    sign_sentence,
    stable_signs,
    weeks_to_agreement,
    weighted_median,
    wilson,
)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys_and_stays_between_0_and_1(counts: tuple[int, int]) -> None:
    found = wilson(*counts)
    ends = stats.binomtest(*counts).proportion_ci(0.95, method="wilson")
    assert found[1:] == pytest.approx((ends.low, ends.high), abs=1e-12)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


def test_wilson_covers_the_true_share_about_95_times_in_100() -> None:
    draws = keyed_generator("coverage", 1).binomial(200, 0.3, size=2000)
    inside = [wilson(int(draw), 200).low <= 0.3 <= wilson(int(draw), 200).high for draw in draws]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


def test_wilson_refuses_no_worlds() -> None:
    with pytest.raises(ValueError, match="total = 0"):
        wilson(0, 0)


def test_shares_list_every_known_outcome_and_sum_to_1() -> None:
    table = shares(["truce"] * 3 + ["stalemate"], ["truce", "stalemate", "decoupled"])
    assert table["count"].tolist() == [3, 1, 0]
    assert table["share"].sum() == 1
    assert table["high"].min() > 0  # never seen is not impossible


def test_shares_refuse_an_unknown_outcome() -> None:
    with pytest.raises(ValueError, match="peace"):
        shares(["peace"], ["truce"])


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=60), st.sampled_from([0.05, 0.5, 0.9]))
def test_quantile_interval_is_scipys(values: list[float], share: float) -> None:
    found = quantile_interval(values, share)
    test = stats.quantile_test(values, q=float(np.quantile(values, share)), p=share)
    assert found[1:] == pytest.approx(tuple(test.confidence_interval(0.95)), nan_ok=True)


def test_quantile_interval_refuses_an_extreme() -> None:
    with pytest.raises(ValueError, match="share = 1"):
        quantile_interval([1.0, 2.0], 1)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60).filter(lambda v: np.ptp(v) > 1e-3))
def test_mean_interval_is_scipys(values: list[float]) -> None:
    ends = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    assert mean_interval(values)[1:] == pytest.approx(ends, rel=1e-6, abs=1e-9)


def test_mean_interval_leaves_missing_values_out_and_needs_one() -> None:
    assert mean_interval([2.0, np.nan]) == Interval(2.0, 2.0, 2.0)
    with pytest.raises(ValueError, match="at least one world"):
        mean_interval([np.nan])


def test_bootstrap_depends_on_its_key_alone() -> None:
    values = np.arange(50.0)
    first, again, other = (bootstrap(values, np.mean, keyed_generator(name, 1)) for name in "aab")
    assert first == again != other
    assert first.low < first.estimate < first.high


def test_bootstrap_of_a_mean_nears_its_t_interval() -> None:
    values = keyed_generator("sample", 1).normal(size=400)
    found, expected = bootstrap(values, np.mean, keyed_generator("b", 1)), mean_interval(values)
    assert found == pytest.approx(expected, abs=0.02)


def test_weighted_median_with_whole_weights_is_that_of_repeated_values() -> None:
    values, weights = [3.0, 1.0, 8.0, 5.0], [2, 1, 4, 2]
    assert weighted_median(values, weights) == weighted_median(np.repeat(values, weights)) == 5.0


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
def test_weighted_median_refuses_weights_that_weigh_nothing(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        weighted_median([1.0, 2.0], weights)


def test_weeks_to_agreement_counts_who_agreed() -> None:
    weeks = [*range(1, 11), np.nan, np.nan]
    found = weeks_to_agreement(weeks)
    assert (found.agreed, found.worlds) == (10, 12)
    assert found.weeks == Interval(5.0, 2.0, 9.0)


def test_weeks_to_agreement_of_nobody_has_no_median() -> None:
    found = weeks_to_agreement([np.nan, np.nan])
    assert found.agreed == 0
    assert np.isnan(found.weeks.estimate)


def test_weights_move_the_weeks_to_agreement() -> None:
    weeks = np.array([2.0] * 20 + [30.0] * 20 + [np.nan])
    heavy_late = weeks_to_agreement(weeks, np.array([1.0] * 20 + [5.0] * 20 + [9.0]))
    assert heavy_late.weeks.estimate == 30.0
    assert heavy_late == weeks_to_agreement(weeks, np.array([1.0] * 20 + [5.0] * 20 + [9.0]))


def test_pairs_with_the_same_luck_have_a_narrower_interval() -> None:
    rng = keyed_generator("worlds", 1).normal(size=300)
    paired = paired_difference(rng, rng + 0.1)
    shuffled = paired_difference(rng, np.roll(rng, 1) + 0.1)
    assert paired == pytest.approx((0.1, 0.1, 0.1))
    assert shuffled.high - shuffled.low > 0.1


def test_arms_of_different_length_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="2 and 3 worlds"):
        paired_difference([1, 2], [1, 2, 3])


def test_signs_count_only_where_the_interval_is_clear_of_0() -> None:
    down, flat, up = Interval(-1, -2, -0.5), Interval(1, -1, 3), Interval(1, 0.5, 2)
    assert stable_signs({"a": down, "b": down, "c": flat, "d": up}) == (2, 4)
    assert sign_sentence([up] * 7 + [flat] * 2) == "sign stable in 7 of 9"
    assert "fails" in sign_sentence([up] * 3 + [down] * 6)
