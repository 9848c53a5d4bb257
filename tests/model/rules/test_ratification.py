"""Ratification at home, against closed forms, brute force and the theory of two-level games."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from model.arrays import Array
from model.rules.ratification import constituency, hawk_threshold, pivot, vote
from model.rules.solutions import Frontier, nash, win_set
from tests.pair import pair

SHARES = st.floats(0.0, 1.0)
PIE = Frontier(np.array([[1.0] * 2, [0.0] * 2]), np.array([[0.0] * 2, [1.0] * 2]))


class TestWinSets:
    """Certain ratification: the first side's share of a pie of one (Putnam 1988)."""

    @given(SHARES, SHARES, SHARES, SHARES)
    def test_agreement_lies_in_both_win_sets_nearest_to_the_nash_point(
        self, first: float, second: float, early: float, late: float
    ) -> None:
        """Both would settle for less than their pivots at home: disagreement below the floors."""
        disagreement = np.stack([pair(first * early), pair(second * late)])
        floors = np.stack([pair(first), pair(second)])
        share, rest = nash(win_set(PIE, floors), disagreement)
        unbound = 0.5 * (1.0 + first * early - second * late)  # Nash 1950 on this pie
        if first + second > 1.0 + 1e-9:
            assert np.isnan(share).all()
        elif first + second < 1.0:
            np.testing.assert_allclose(share, min(max(unbound, first), 1.0 - second), atol=1e-9)
            np.testing.assert_allclose(share + rest, 1.0)

    def test_tied_hands_pay_until_there_is_no_deal(self) -> None:
        """Schelling's conjecture: a smaller win-set at home gives better terms, or none."""
        floors = np.stack([np.array([0.0, 0.5, 0.6, 0.8, 0.9]), np.full(5, 0.2)])
        wide = Frontier(np.repeat(PIE.own[:, :1], 5, 1), np.repeat(PIE.other[:, :1], 5, 1))
        share = nash(win_set(wide, floors), np.zeros((2, 5)))[0]
        np.testing.assert_allclose(share, [0.5, 0.5, 0.6, 0.8, np.nan], atol=1e-12)


class TestPivot:
    """Noisy ratification by one pivotal player."""

    @given(st.floats(-2.0, 2.0), st.floats(-1.0, 1.0), st.floats(0.01, 1.0))
    def test_it_is_the_probit(self, worth: float, threshold: float, spread: float) -> None:
        found = pivot(pair(worth), pair(threshold), pair(spread))
        np.testing.assert_allclose(found, norm.cdf(worth, threshold, spread), atol=1e-12)

    def test_certainty_is_the_limit_of_small_noise(self) -> None:
        worth = np.array([0.1, 0.2, 0.3])
        certain = pivot(worth, np.full(3, 0.2), np.zeros(3))
        noisy = pivot(worth, np.full(3, 0.2 - 1e-6), np.full(3, 1e-9))
        assert certain.tolist() == noisy.tolist() == [0.0, 1.0, 1.0]

    @pytest.mark.parametrize(("threshold", "spread"), [(0.1, 0.1), (0.3, 0.2), (0.6, 0.05)])
    def test_the_best_demand_meets_its_first_order_condition(
        self, threshold: float, spread: float
    ) -> None:
        """What a side asks of a pie of 1 that the other's pivot must ratify.

        It maximises x P(1 - x): at the best x the demand equals spread times the inverse hazard,
        x = s Phi(z) / phi(z) with z = (1 - x - theta) / s; the payoff rises before and falls after.
        """

        def gap(demand: float) -> float:
            z = (1.0 - demand - threshold) / spread
            return float(demand - spread * norm.cdf(z) / norm.pdf(z))

        demand = np.linspace(0.0, 1.0, 20_001)
        chance = pivot(1.0 - demand, np.full_like(demand, threshold), np.full_like(demand, spread))
        payoff = demand * chance
        best = int(payoff.argmax())
        assert demand[best] == pytest.approx(brentq(gap, 0.0, 1.0), abs=1e-4)
        assert 0 < best < demand.size - 1
        assert np.all(np.diff(payoff[: best + 1]) > 0.0)
        assert np.all(np.diff(payoff[best:]) < 0.0)

    def test_tying_one_s_own_hands_pays_up_to_a_point(self) -> None:
        """The unconditional payoff in one's own threshold is an inverted U (Tarar 2001).

        The other gives half, or what the pivot at home ratifies almost surely if that is more.
        """
        threshold = np.linspace(0.0, 1.2, 241)
        spread, zero = np.full_like(threshold, 0.1), np.zeros_like(threshold)
        share = np.clip(threshold + 0.2, 0.5, 1.0)
        chance = pivot(share, threshold, spread) * pivot(1.0 - share, zero, spread)
        payoff = share * chance
        assert payoff.max() > 1.3 * payoff[0]
        assert payoff[-1] < 0.1 * payoff[0]


class TestVote:
    """Each group one vote: Poisson-binomial by convolution."""

    @given(st.lists(SHARES, min_size=1, max_size=6), st.integers(0, 8))
    def test_it_is_the_sum_over_all_ways_to_vote(self, chances: list[float], needed: int) -> None:
        total = sum(
            float(np.prod([p if yes else 1.0 - p for p, yes in zip(chances, ballot, strict=True)]))
            for ballot in product((False, True), repeat=len(chances))
            if sum(ballot) >= needed
        )
        support = np.repeat(np.array(chances)[:, None], 2, axis=1)
        found = vote(support, pair(needed))
        np.testing.assert_allclose(found, total, atol=1e-12)
        assert np.all((found >= 0.0) & (found <= 1.0))

    def test_worlds_may_differ_in_votes_needed_and_in_support(self) -> None:
        support = np.array([[0.5, 1.0, 0.0], [0.5, 1.0, 0.5]])
        assert vote(support, np.array([1.0, 2.0, 1.0])).tolist() == [0.75, 1.0, 0.5]


class TestConstituency:
    """Weighted support against a quota."""

    @given(st.lists(SHARES, min_size=3, max_size=3), SHARES)
    def test_support_is_weighted(self, chances: list[float], quota: float) -> None:
        weights = np.array([[0.5] * 2, [0.3] * 2, [0.2] * 2])
        support = np.repeat(np.array(chances)[:, None], 2, axis=1)
        found = constituency(support, weights, pair(quota), pair(0.1))
        share = 0.5 * chances[0] + 0.3 * chances[1] + 0.2 * chances[2]
        np.testing.assert_allclose(found, norm.cdf(share, quota, 0.1), atol=1e-12)

    def test_without_noise_the_quota_decides(self) -> None:
        weights = np.array([[0.6, 0.6], [0.4, 0.4]])
        support = np.array([[1.0, 0.0], [0.0, 1.0]])
        assert constituency(support, weights, pair(0.5), pair(0.0)).tolist() == [1.0, 0.0]


def test_a_hawk_needs_less_and_a_middling_leader_what_the_pivot_asks() -> None:
    firmness: Array = np.array([0.0, 0.5, 1.0])
    found = hawk_threshold(np.full(3, 0.1), np.full(3, 0.05), firmness)
    np.testing.assert_allclose(found, [0.125, 0.1, 0.075])
    assert hawk_threshold(np.full(3, 0.1), np.zeros(3), firmness).tolist() == [0.1] * 3
