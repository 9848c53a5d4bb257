"""Beliefs move as Bayes has it, and only where there was something to learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from model.arrays import Array
from model.rules.learning import (
    NEVER_REFUSED,
    PRIOR,
    TYPES,
    in_logs,
    learn_from_order,
    order_of_concessions,
    out_of_logs,
    refused_by_types,
    rejection,
    reported_by_types,
    update_normal,
    update_weights,
)

ALWAYS, NEVER = np.array([True, True]), np.array([False, False])
MEANS = st.floats(-1.0, 1.0)
SPREADS = st.floats(0.02, 1.0)


def pair(number: float) -> Array:
    """Return one number for each of two worlds."""
    return np.full(2, number)


@given(MEANS, SPREADS, MEANS, SPREADS)
def test_precisions_add_up(mean: float, spread: float, signal: float, noise: float) -> None:
    prior, data = 1.0 / spread**2, 1.0 / noise**2
    new_mean, new_variance = update_normal(
        pair(mean), pair(spread**2), pair(signal), pair(noise**2), ALWAYS
    )
    np.testing.assert_allclose(new_variance, 1.0 / (prior + data))
    np.testing.assert_allclose(new_mean, (prior * mean + data * signal) / (prior + data), atol=1e-9)


def test_the_order_of_signals_does_not_matter() -> None:
    belief = pair(0.1), pair(0.04)
    first, second = (pair(0.3), pair(0.01)), (pair(-0.2), pair(0.09))
    one_way = update_normal(*update_normal(*belief, *first, ALWAYS), *second, ALWAYS)
    other_way = update_normal(*update_normal(*belief, *second, ALWAYS), *first, ALWAYS)
    np.testing.assert_allclose(one_way, other_way)


def test_the_certain_learn_nothing_and_a_certain_signal_settles_all() -> None:
    assert update_normal(pair(0.1), pair(0.0), pair(0.9), pair(0.0), ALWAYS)[0][0] == 0.1
    mean, variance = update_normal(pair(0.1), pair(0.5), pair(0.9), pair(0.0), ALWAYS)
    assert (mean[0], variance[0]) == (0.9, 0.0)


def test_a_signal_moves_only_those_who_hear_it() -> None:
    heard = np.array([True, False])
    signal = np.array([0.5, np.nan])
    mean, variance = update_normal(pair(0.0), pair(0.1), signal, pair(0.1), heard)
    np.testing.assert_allclose(mean, [0.25, 0.0])
    np.testing.assert_allclose(variance, [0.05, 0.1])


@pytest.mark.parametrize("offered", [-0.3, 0.0, 0.1, 0.25, 0.6])
def test_a_refusal_gives_the_moments_of_the_posterior(offered: float) -> None:
    mean, spread, noise = 0.1, 0.2, 0.15

    def weight(level: float) -> float:
        return float(norm.pdf(level, mean, spread) * norm.cdf((level - offered) / noise))

    ends = mean - 8 * spread, mean + 8 * spread
    total, first, second = (quad(lambda x, n=n: x**n * weight(x), *ends)[0] for n in range(3))
    wanted = first / total, second / total - (first / total) ** 2
    found = rejection(pair(mean), pair(spread**2), pair(offered), pair(noise), ALWAYS)
    np.testing.assert_allclose([found[0][0], found[1][0]], wanted, rtol=1e-6)


@given(MEANS, SPREADS, MEANS, SPREADS, st.floats(0.0, 1.0))
def test_a_refusal_raises_the_belief_the_more_the_better_the_offer(
    mean: float, spread: float, offered: float, noise: float, more: float
) -> None:
    belief = pair(mean), pair(spread**2)
    new_mean, new_variance = rejection(*belief, pair(offered), pair(noise), ALWAYS)
    better, _ = rejection(*belief, pair(offered + more), pair(noise), ALWAYS)
    assert (new_mean >= mean).all()
    assert (better >= new_mean - 1e-12).all()
    assert ((new_variance > 0) & (new_variance <= spread**2)).all()


def test_a_surprising_refusal_is_a_signal_and_a_poor_offer_teaches_nothing() -> None:
    belief = pair(0.0), pair(0.04)
    signal = update_normal(*belief, pair(60.0), pair(0.01), ALWAYS)
    refused = rejection(*belief, pair(60.0), pair(0.1), ALWAYS)
    np.testing.assert_allclose(refused, signal, rtol=1e-4)
    np.testing.assert_array_equal(rejection(*belief, pair(-60.0), pair(0.1), ALWAYS), belief)


@pytest.mark.parametrize("offered", [1e7, 1e9, -1e9])
def test_even_an_absurd_offer_leaves_a_variance(offered: float) -> None:
    mean, variance = rejection(pair(0.0), pair(0.04), pair(offered), pair(0.1), ALWAYS)
    assert np.isfinite(mean).all()
    assert ((variance >= 0.008 - 1e-12) & (variance <= 0.04)).all()  # as after a signal, at least


def test_a_refusal_by_a_known_side_changes_nothing() -> None:
    known = pair(0.3), pair(0.0)
    np.testing.assert_array_equal(rejection(*known, pair(0.9), pair(0.0), ALWAYS), known)
    belief = pair(0.3), pair(0.2)
    np.testing.assert_array_equal(rejection(*belief, pair(0.9), pair(0.1), NEVER), belief)


def test_an_offer_is_one_linear_observation_of_the_weights() -> None:
    rng = np.random.default_rng(3)
    weights, variance = rng.uniform(0.1, 0.5, (5, 2)), rng.uniform(0.01, 0.1, (5, 2))
    levels, expected = rng.uniform(-1.0, 1.0, (5, 2)), rng.uniform(-0.2, 0.5, 2)
    least = np.full((5, 2), -np.inf)
    found = update_weights(weights, variance, levels, expected, pair(0.1), least, ALWAYS)
    for world in range(2):
        row, prior = levels[:, [world]].T, np.diag(variance[:, world])
        gain = prior @ row.T / (row @ prior @ row.T + 0.1**2)
        surprise = expected[world] - row @ weights[:, world]
        np.testing.assert_allclose(found[0][:, world], weights[:, world] + gain @ surprise)
        np.testing.assert_allclose(found[1][:, world], np.diag(prior - gain @ row @ prior))


def test_many_offers_reveal_the_weights() -> None:
    rng = np.random.default_rng(4)
    true = np.array([0.4, 0.1, 0.25])
    weights, variance = np.full((3, 2), 0.2), np.full((3, 2), 0.04)
    for _ in range(400):
        levels = np.repeat(rng.uniform(-1.0, 1.0, (3, 1)), 2, axis=1)
        expected = pair(float(true @ levels[:, 0]))
        weights, variance = update_weights(
            weights, variance, levels, expected, pair(0.02), np.full((3, 2), 0.01), ALWAYS
        )
    np.testing.assert_allclose(weights[:, 0], true, atol=0.01)
    assert (variance < 0.04 / 50).all()


def test_weights_keep_their_least_and_what_was_not_offered_teaches_nothing() -> None:
    weights, variance, least = np.full((2, 2), 0.2), np.full((2, 2), 0.1), np.full((2, 2), 0.01)
    levels = np.array([[1.0, 1.0], [0.0, 0.0]])
    found = update_weights(weights, variance, levels, pair(-5.0), pair(0.1), least, ALWAYS)
    assert found[0][:, 0].tolist() == [0.01, 0.2]
    assert found[1][1, 0] == 0.1
    unheard = update_weights(weights, variance, levels, pair(-5.0), pair(0.1), least, NEVER)
    np.testing.assert_array_equal(unheard, (weights, variance))
    silent = update_weights(weights, variance, 0 * levels, pair(0.4), pair(0.0), least, ALWAYS)
    np.testing.assert_array_equal(silent, (weights, variance))


def test_a_world_does_not_depend_on_its_neighbours() -> None:
    rng = np.random.default_rng(5)
    single, several = rng.random((5, 1000)), rng.random((4, 10, 1000))
    where = rng.random(1000) < 0.7

    def everything(part: slice) -> list[Array]:
        mean, variance, signal, noise, expected = (row[part].copy() for row in single)
        weights, spread, levels, least = (block[:, part].copy() for block in several)
        heard = where[part].copy()
        return [
            *update_normal(mean, variance, signal, noise, heard),
            *rejection(mean, variance, signal, noise, heard),
            *update_weights(weights, spread, levels, expected, noise, least, heard),
        ]

    whole = everything(np.s_[:])
    for first in (0, 431, 998):
        for few, all_worlds in zip(everything(np.s_[first : first + 2]), whole, strict=True):
            assert few.flags.c_contiguous
            np.testing.assert_array_equal(few, all_worlds[..., first : first + 2])


class TestTypes:
    """The belief about the other's resolve, a probability for each type."""

    chances, fresh = np.tile(PRIOR, 2), np.full((len(PRIOR), 2), NEVER_REFUSED)
    values = 0.1 * np.tile(TYPES, 2)

    def refused(self, asked: Array, offered: float) -> tuple[Array, Array]:
        return refused_by_types(self.chances, self.fresh, asked, pair(offered), pair(0.15), ALWAYS)

    def test_a_side_that_asks_for_the_same_whatever_its_type_reveals_nothing(self) -> None:
        """That is A = 1, the start of the window."""
        found, _ = self.refused(np.full_like(self.values, 0.4), 0.3)
        np.testing.assert_allclose(found, self.chances, rtol=1e-12)

    def test_the_later_a_refusal_the_more_it_says(self) -> None:
        means = []
        for share in (0.9, 0.5, 0.0):
            found, _ = self.refused(self.values + share * (0.5 - self.values), 0.1 + 0.4 * share)
            means.append(float((found * TYPES).sum(axis=0)[0]))
        assert 0.0 < means[0] < means[1] < means[2]

    def test_a_worse_offer_refused_later_adds_nothing(self) -> None:
        once = self.refused(self.values, 0.2)
        again = refused_by_types(*once, self.values, pair(0.1), pair(0.15), ALWAYS)
        np.testing.assert_allclose(again[0], once[0], rtol=1e-12)

    def test_reports_of_a_real_channel_are_bayes_rule(self) -> None:
        found = reported_by_types(self.chances, self.values, pair(0.1), pair(0.04), pair(1.0))
        wanted = self.chances * norm.pdf(0.1, self.values, 0.2)
        np.testing.assert_allclose(found, wanted / wanted.sum(axis=0), rtol=1e-9)

    def test_a_precise_report_does_not_divide_by_zero(self) -> None:
        found = reported_by_types(self.chances, self.values, pair(9.0), pair(1e-12), pair(0.5))
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found.sum(axis=0), 1.0)


class TestOrder:
    """The other's weights, from the order in which it concedes issues."""

    every = np.full((4, 2), True)
    variance = np.full((4, 2), 0.12)

    def learned(self, ratio: list[float], conceded: list[float]) -> tuple[Array, Array]:
        ratios, levels = (np.tile(np.array(row)[:, np.newaxis], 2) for row in (ratio, conceded))
        still = np.zeros((4, 2))
        return learn_from_order(still, self.variance, ratios, levels, self.every, pair(0.25))

    def test_an_offer_in_the_order_that_was_expected_changes_nothing(self) -> None:
        mean, variance = self.learned([9.0, 6.0, -6.0, -9.0], [1.0, 1.0, 0.0, 0.0])
        np.testing.assert_allclose(mean, 0.0, atol=1e-3)
        np.testing.assert_allclose(variance, self.variance, rtol=1e-2)

    def test_the_scale_of_utility_cancels(self) -> None:
        ratio, conceded = [0.5, 0.2, -0.1, 0.4], [1.0, 0.3, 0.0, 0.0]
        one, other = self.learned(ratio, conceded), self.learned([r + 3.0 for r in ratio], conceded)
        np.testing.assert_allclose(one, other, atol=1e-12)

    def test_what_is_kept_against_expectation_is_dearer(self) -> None:
        mean, variance = self.learned([0.8, 0.1, 0.0, -0.2], [0.0, 1.0, 0.0, 0.0])
        assert (mean[0] > 0.0).all()
        assert (mean[1] < 0.0).all()
        assert (variance <= self.variance).all()

    def test_shared_issues_are_at_the_margin(self) -> None:
        """Of two shared issues, the one with the higher expected ratio weighs more."""
        mean, variance = self.learned([0.4, -0.4, -3.0, -3.0], [0.5, 0.5, 0.0, 0.0])
        assert (mean[0] > 0.1).all()
        assert (mean[1] < -0.1).all()
        assert (variance[:2] < self.variance[:2]).all()

    @pytest.mark.parametrize(
        ("conceded", "within"),
        [
            ([1, 0.5, 0, 0], 0.02),
            ([0, 1, 1, 0.5], 0.02),
            ([0, 0.5, 0, 0], 0.05),
            ([1, 0, 0, 0], 0.1),
        ],
    )
    def test_the_moments_are_those_of_the_exact_posterior(
        self, conceded: list[float], within: float
    ) -> None:
        """By sampling the noisy ratios that fit the order; a shared issue is at the margin.

        Without a shared issue the margin is free, and the approximation moves somewhat too far.
        """
        rng, ratio = np.random.default_rng(1), np.array([0.2, 0.3, -0.1, 0.0])
        logs = np.sqrt(0.12) * rng.standard_normal((400_000, 4))
        noisy = ratio - logs + 0.25 * rng.standard_normal(logs.shape)
        levels = np.array(conceded)
        least = np.where(levels > 0, noisy, np.inf).min(axis=1)
        most = np.where(levels < 1, noisy, -np.inf).max(axis=1)
        exact = logs[least >= most - 1e-12]
        mean, variance = self.learned(list(ratio), conceded)
        np.testing.assert_allclose(mean[:, 0], exact.mean(axis=0), atol=within)
        np.testing.assert_allclose(np.sqrt(variance[:, 0]), exact.std(axis=0), atol=within)

    def test_the_known_order_survives_a_new_start(self) -> None:
        """After a failure a side asks for its ideal again; the order is known from before."""
        nothing, one = np.zeros((4, 2)), np.ones((4, 2))
        levels = [np.array([[1.0], [0.4], [0.0], [0.0]]), np.array([[1.0], [1.0], [0.4], [0.0]])]
        order, shared, new = nothing, nothing, self.every
        for level in levels:
            order, shared, new = order_of_concessions(order, shared, level * one, self.every)
            assert new.any()
        for level in (nothing, *(level * one for level in levels)):
            order, shared, new = order_of_concessions(order, shared, level, self.every)
            assert not new.any()
        assert order[:, 0].tolist() == [3.0, 2.0, 1.0, 0.0]

    def test_issues_that_are_shared_together_are_measured_once(self) -> None:
        nothing, one = np.zeros((4, 2)), np.ones((4, 2))
        both, more = (
            np.array([[row] for row in rows]) * one
            for rows in ((0.7, 0.2, 0.0, 0.0), (1.0, 0.6, 0.3, 0.0))
        )
        order, measured, new = order_of_concessions(nothing, nothing, both, self.every)
        assert measured[:, 0].tolist() == [1.0, 1.0, 0.0, 0.0]
        assert new.all()
        order, measured, new = order_of_concessions(order, measured, more, self.every)
        assert measured[:, 0].tolist() == [1.0, 1.0, 1.0, 0.0]
        assert new[:, 0].tolist() == [False, False, True, True]

    def test_logarithms_and_back(self) -> None:
        weights, variance = np.full((2, 2), 1.3), np.full((2, 2), 0.2)
        np.testing.assert_allclose(
            out_of_logs(*in_logs(weights, variance)), (weights, variance), rtol=1e-12
        )
