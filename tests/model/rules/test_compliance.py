"""Compliance follows its closed forms: what is delivered, owed, and put up with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.rules import compliance
from tests.pair import pair

SHARES = st.floats(0.0, 1.0)


class TestWillingness:
    def test_what_is_seen_later_counts_less(self) -> None:
        means = [
            compliance.willingness(pair(12.0), pair(0.97), pair(lag), pair(0.4), pair(0.3))[0]
            for lag in (0.0, 4.0, 13.0, 52.0)
        ]
        assert means == sorted(means, reverse=True)
        assert means[0] == pytest.approx(1.0 / (1.0 + np.exp(-12.0 * 0.1)))

    def test_no_precision_is_a_coin_toss(self) -> None:
        found = compliance.willingness(pair(0.0), pair(0.9), pair(13.0), pair(1.0), pair(0.0))
        assert found.tolist() == [0.5, 0.5]

    def test_it_becomes_the_condition_of_the_repeated_game(self) -> None:
        patience, lag, stake, gain = 0.99, 13.0, 0.3, 0.25
        for moved, mean in ((1e-3, 1.0), (-1e-3, 0.0)):
            at = gain / patience**lag + moved
            found = compliance.willingness(
                pair(1e6), pair(patience), pair(lag), pair(at), pair(gain)
            )
            assert found[0] == pytest.approx(mean)
        assert patience**lag * stake > gain


class TestTolerance:
    """A side falls short as far as it is tolerated."""

    @given(st.floats(0.0, 19.0), st.floats(0.5, 0.95))
    def test_the_least_that_is_tolerated_is_the_best_share_that_keeps_a_deal(
        self, tolerance: float, memory: float
    ) -> None:
        """Compared with all shares, where arrears above the tolerance put the deal at risk."""
        shares = np.linspace(0.0, 1.0, 4001)
        above = np.maximum((1.0 - shares) / (1.0 - memory) - tolerance, 0.0)
        value = 0.2 * (1.0 - shares) - 0.3 * above  # each week of arrears risks more than it saves
        found = compliance.least_tolerated(pair(tolerance), pair(memory), pair(1.0), pair(1.0))
        assert found == pytest.approx(shares[value.argmax()], abs=1e-3)

    def test_it_leads_to_arrears_of_the_tolerance(self) -> None:
        owed = pair(0.0)
        share = compliance.least_tolerated(pair(4.0), pair(0.95), pair(1.0), pair(1.0))
        for _ in range(500):
            owed = compliance.arrears(owed, pair(0.95), share)
        assert owed == pytest.approx(4.0)

    @given(st.floats(0.05, 1.0))
    def test_what_a_capacity_leaves_undelivered_counts(self, ceiling: float) -> None:
        inputs = (pair(4.0), pair(0.95), pair(1.0), pair(ceiling))
        delivered = ceiling * compliance.least_tolerated(*inputs)
        assert delivered == pytest.approx(min(ceiling, 0.8))

    def test_without_it_a_side_that_keeps_a_deal_delivers_all(self) -> None:
        for tolerance, used in ((0.0, 1.0), (4.0, 0.0)):
            inputs = (pair(tolerance), pair(0.95), pair(used), pair(0.7))
            assert compliance.least_tolerated(*inputs).tolist() == [1.0, 1.0]

    def test_a_certain_choice_delivers_the_least_or_nothing(self) -> None:
        for gain, mean in ((0.24, 0.8), (0.26, 0.0)):  # 0.8 x 0.25 = 0.2
            inputs = [pair(v) for v in (1e6, 1.0, 0.0, 0.2, gain, 0.8)]
            found = compliance.willingness(*inputs)
            assert found == pytest.approx(mean)


class TestDelivery:
    @given(SHARES, st.floats(1.0, 1000.0), st.floats(-6.0, 6.0))
    def test_it_is_a_share(self, mean: float, concentration: float, normal: float) -> None:
        found = compliance.delivery(pair(mean), pair(concentration), pair(normal))
        assert ((found >= 0.0) & (found <= 1.0)).all()

    @pytest.mark.parametrize("mean", [0.2, 0.5, 0.8])
    def test_its_moments_are_about_those_of_the_beta(self, mean: float) -> None:
        normal = np.random.default_rng(2).standard_normal(40_000)
        found = compliance.delivery(np.full(normal.size, mean), np.full(normal.size, 40.0), normal)
        assert found.mean() == pytest.approx(mean, abs=0.01)
        assert found.std() == pytest.approx(np.sqrt(mean * (1 - mean) / 41.0), rel=0.06)

    def test_the_spread_is_that_of_the_beta_up_to_a_bound(self) -> None:
        for mean, concentration, spread in ((0.5, 1.0, 2.0), (0.2, 1.0, 2.5), (0.01, 1.0, 3.0)):
            found = compliance.delivery(pair(mean), pair(concentration), pair(1.0))
            moved = np.log(found / (1.0 - found)) - np.log(mean / (1.0 - mean))
            assert moved == pytest.approx(spread)

    def test_a_better_draw_delivers_more(self) -> None:
        low = compliance.delivery(pair(0.6), pair(20.0), pair(-1.0))
        assert (low < compliance.delivery(pair(0.6), pair(20.0), pair(1.0))).all()


class TestCapacity:
    @given(SHARES, SHARES, st.floats(0.0, 3.0))
    def test_it_can_only_lower(self, share: float, limited: float, capacity: float) -> None:
        found = compliance.with_capacity(pair(share), pair(limited), pair(capacity))
        assert (found <= share + 1e-15).all()
        assert (found >= share * min(capacity, 1.0) - 1e-15).all()

    def test_phase_one(self) -> None:
        found = compliance.with_capacity(pair(1.0), pair(1.0), pair(0.57))
        assert found.tolist() == [0.57, 0.57]


class TestArrears:
    @pytest.mark.parametrize(("memory", "share"), [(0.95, 0.57), (0.5, 0.0), (0.0, 0.3)])
    def test_they_settle(self, memory: float, share: float) -> None:
        owed = pair(0.0)
        for _ in range(800):
            owed = compliance.arrears(owed, pair(memory), pair(share))
        assert owed == pytest.approx((1.0 - share) / (1.0 - memory))

    def test_who_delivers_all_owes_nothing(self) -> None:
        assert compliance.arrears(pair(0.0), pair(0.95), pair(1.0)).tolist() == [0.0, 0.0]


class TestSnapBack:
    @given(st.floats(0.0, 4.0), SHARES, SHARES)
    def test_what_is_tolerated_ends_no_deal(self, owed: float, asked: float, loose: float) -> None:
        found = compliance.snap_back(pair(0.5), pair(owed), pair(4.0), pair(asked), pair(loose))
        assert found.tolist() == [0.0, 0.0]

    def test_it_is_a_constant_hazard(self) -> None:
        found = compliance.snap_back(pair(0.02), pair(9.0), pair(4.0), pair(0.5), pair(0.3))
        assert found == pytest.approx(1.0 - np.exp(-0.02 * 5.0 * 0.65))

    def test_arrears_and_enforcement_make_it_likelier(self) -> None:
        def chance(owed: float, asked: float) -> float:
            return float(
                compliance.snap_back(pair(0.1), pair(owed), pair(4.0), pair(asked), pair(0.3))[0]
            )

        assert chance(6.0, 0.5) < chance(8.0, 0.5) < chance(8.0, 1.0) < 1.0
        assert chance(1e9, 1.0) == 1.0
