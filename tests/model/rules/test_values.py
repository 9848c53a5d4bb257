"""What issues are worth: stakes weighed at home, scaled by delivery, pain and tariffs in force."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.arrays import Array
from model.rules.bargaining import delivered
from model.rules.values import Kind, Week, hardening, marginal, side_value, tariff_above_base
from tests.pair import pair

STAKES = arrays(np.float64, (4, 2), elements=st.floats(-2.0, 2.0))
WEIGHTS = np.array([[0.4] * 2, [0.3] * 2, [0.2] * 2, [0.1] * 2])
GIVEN, RECEIVED = Kind(False, False, False, False), Kind(True, False, False, False)
OWN_RELIEF, RELIEF, NETTED = (
    Kind(False, True, False, False),
    Kind(True, True, False, False),
    Kind(True, False, True, False),
)
OWN_CONTROLS, CONTROLS = Kind(False, False, False, True), Kind(True, False, False, True)
PLAIN = Week(*[pair(1.0)] * 6)


class TestSideValue:
    """A leader's value of an issue."""

    @given(STAKES)
    def test_without_loss_aversion_it_is_the_weighted_sum(self, stakes: Array) -> None:
        found = side_value(stakes, WEIGHTS, pair(1.0))
        np.testing.assert_allclose(found, (stakes * WEIGHTS).sum(axis=0), atol=1e-12)

    @given(STAKES, st.floats(1.0, 5.0))
    def test_loss_aversion_weighs_losses_alone(self, stakes: Array, aversion: float) -> None:
        gains = (np.maximum(stakes, 0.0) * WEIGHTS).sum(axis=0)
        losses = (np.minimum(stakes, 0.0) * WEIGHTS).sum(axis=0)
        found = side_value(stakes, WEIGHTS, pair(aversion))
        np.testing.assert_allclose(found, gains + aversion * losses, atol=1e-12)


class TestMarginal:
    """The marginal utilities of a week."""

    KINDS = (GIVEN, RECEIVED, OWN_RELIEF, RELIEF, NETTED, OWN_CONTROLS, CONTROLS)
    STATIC = np.array(
        [[-0.3] * 2, [0.2] * 2, [-0.4] * 2, [1.0] * 2, [0.5] * 2, [-0.2] * 2, [0.6] * 2]
    )

    def test_if_all_is_delivered_and_nothing_has_changed_it_is_the_static_value(self) -> None:
        found = marginal(self.STATIC, self.KINDS, np.ones((7, 2)), PLAIN)
        np.testing.assert_array_equal(found, self.STATIC)

    def test_each_issue_is_scaled_by_what_concerns_it(self) -> None:
        week = Week(
            relief=np.array([0.5, 2.0]),
            pain_weight=np.array([0.6, 0.3]),
            own_tariff=np.array([1.5, 0.0]),
            uncovered=np.array([0.25, 1.0]),
            own_controls=np.array([2.0, 0.5]),
            other_controls=np.array([0.0, 1.5]),
        )
        found = marginal(self.STATIC, self.KINDS, np.full((7, 2), 0.8), week)
        expected = [
            [-0.3, -0.3],  # what one gives oneself costs as it costs
            [0.2 * 0.8, 0.2 * 0.8],  # what one receives counts as far as it will be delivered
            [-0.4 * 1.5, 0.0],  # one's own tariff costs in proportion to what is in force
            [0.8 * 0.6 * 0.5, 0.8 * 0.3 * 2.0],  # the other's, the pain it causes
            [0.5 * 0.8 * 0.25, 0.5 * 0.8],  # purchases, above what relief restores
            [-0.2 * 2.0, -0.2 * 0.5],  # one's own controls, as far as they stand
            [0.0, 0.6 * 0.8 * 1.5],  # the other's likewise, as far as they will be lifted
        ]
        np.testing.assert_allclose(found, expected)


class TestHardening:
    """A weak economy hardens structural concessions, in the week as at the start."""

    def test_it_scales_own_structural_issues_alone(self) -> None:
        kinds = [replace(kind, structural=not kind.received) for kind in TestMarginal.KINDS]
        week = replace(PLAIN, hardening=pair(1.2))
        found = marginal(TestMarginal.STATIC, kinds, np.ones((7, 2)), week)
        own = np.array([[1.0 if kind.received else 1.2] for kind in kinds])
        np.testing.assert_allclose(found, TestMarginal.STATIC * own)

    @given(st.floats(0.0, 1.5), st.floats(0.0, 2.0), st.floats(0.0, 2.0))
    def test_a_cost_follows_the_weakness_as_if_it_had_been_there_from_the_start(
        self, rate: float, start: float, now: float
    ) -> None:
        found = hardening(pair(rate), pair(start), pair(now), pair(1.0))
        np.testing.assert_allclose((1.0 + rate * start) * found, 1.0 + rate * now)
        none = hardening(pair(rate), pair(start), pair(now), pair(0.0))
        assert none.tolist() == [1.0, 1.0]


class TestOneExchange:
    """Giving c at once for b that is delivered later: a matter of trust (Kydd 2000)."""

    @given(
        st.floats(0.2, 1.0),
        st.floats(0.0, 0.5),
        st.floats(-0.2, 0.3),
        st.floats(0.0, 1.0),
        st.floats(0.0, 0.95),
        st.floats(0.0, 1.0),
    )
    def test_it_is_taken_from_a_bound_of_trust_on(
        self, gain: float, cost: float, floor: float, trust: float, snapback: float, force: float
    ) -> None:
        bound = ((cost + floor) / gain - force * snapback) / (1.0 - force * snapback)
        share = delivered(np.ones((1, 2)), pair(trust), pair(snapback), pair(force))
        worth = marginal(
            np.array([pair(gain), pair(-cost)]),
            (RECEIVED, GIVEN),
            np.concatenate([share, np.ones((1, 2))]),
            PLAIN,
        )
        surplus = worth[0] + worth[1] - floor
        if abs(trust - bound) > 1e-9:
            assert np.all((surplus > 0.0) == (trust > bound))


def test_tariffs_count_against_the_start_or_in_ten_points() -> None:
    tariff, base = np.array([0.3, 0.2, 0.1, 0.05, 0.3, 0.3]), np.full(6, 0.1)
    start = np.array([0.2, 0.5, 0.2, 0.2, 0.1, 0.05])
    found = tariff_above_base(tariff, base, start)
    np.testing.assert_allclose(found, [2.0, 0.25, 0.0, 0.0, 2.0, 2.0])
