"""Coercion follows its closed forms: odds, choices, sizes, belief in threats and in promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from model.rules import coercion
from tests.oracles.threat_game import Payoffs, quantal
from tests.pair import pair

SHARES = st.floats(0.0, 1.0)
INNER = st.floats(0.01, 0.99)


class TestShifted:
    @given(INNER, st.floats(-5.0, 5.0))
    def test_it_moves_the_log_odds(self, chance: float, moved: float) -> None:
        found = coercion.shifted(pair(chance), pair(moved))
        assert np.log(found / (1.0 - found)) == pytest.approx(np.log(chance / (1 - chance)) + moved)

    @given(st.floats(-1e3, 1e3))
    def test_never_and_always_stay(self, moved: float) -> None:
        assert coercion.shifted(pair(0.0), pair(moved)).tolist() == [0.0, 0.0]
        assert coercion.shifted(pair(1.0), pair(moved)).tolist() == [1.0, 1.0]


class TestLogitChoice:
    @given(st.floats(0.0, 50.0), st.floats(-3.0, 3.0))
    def test_two_acts_share_the_chance(self, precision: float, better: float) -> None:
        one = coercion.logit_choice(pair(precision), pair(better))
        other = coercion.logit_choice(pair(precision), pair(-better))
        assert one + other == pytest.approx(1.0)
        assert (one >= 0.5).all() or better < 0.0 or precision == 0.0

    def test_it_is_the_last_choice_of_the_threat_game(self) -> None:
        harm, cost, zero = pair(0.1), pair(0.04), np.zeros((2, 2))
        game = Payoffs(zero, zero, np.stack([-harm, -harm]), np.stack([-cost, pair(0.0)]))
        play = quantal(game, pair(12.0))
        worth = coercion.execution_worth(pair(0.0), harm, cost, pair(1.0), 0.0)
        assert coercion.logit_choice(pair(12.0), worth) == pytest.approx(play.execute)

    def test_it_becomes_certain(self) -> None:
        assert coercion.logit_choice(pair(1e6), pair(1e-3)).tolist() == [1.0, 1.0]
        assert coercion.logit_choice(pair(1e6), pair(-1e-3)).max() < 1e-300


class TestThreats:
    @given(st.floats(-8.0, 8.0), st.floats(0.0, 1.5), st.floats(0.0, 0.5))
    def test_sizes_are_bounded(self, normal: float, spread: float, tail: float) -> None:
        size = coercion.threat_size(
            pair(0.2), pair(spread), pair(normal), pair(tail), pair(0.05), pair(1.0)
        )
        assert ((size >= 0.05) & (size <= 1.0)).all()

    def test_the_median_size_is_the_parameter(self) -> None:
        normal = np.random.default_rng(1).standard_normal(20_001)
        many = [np.full(normal.size, v) for v in (0.2, 0.7, 0.0, 0.01, 2.0)]
        size = coercion.threat_size(many[0], many[1], normal, *many[2:])
        assert np.median(size) == pytest.approx(0.2, rel=0.03)
        assert np.std(np.log(size)) == pytest.approx(0.7, rel=0.03)

    def test_better_luck_is_a_larger_threat(self) -> None:
        bounds = pair(0.0), pair(0.05), pair(1.0)
        sizes = [coercion.threat_size(pair(0.2), pair(0.5), pair(z), *bounds) for z in (-1.0, 1.0)]
        assert np.log(sizes[1] / 0.2) == pytest.approx(0.5)
        assert np.log(sizes[0] / 0.2) == pytest.approx(-0.5)

    def test_a_heavy_tail_makes_large_threats_larger_and_keeps_the_median(self) -> None:
        normal = np.random.default_rng(1).standard_normal(20_001)
        bounds = np.full(normal.size, 0.001), np.full(normal.size, 50.0)
        sizes = [
            coercion.threat_size(
                np.full(normal.size, 0.2), np.full(normal.size, 0.7), normal,
                np.full(normal.size, tail), *bounds,
            )
            for tail in (0.0, 0.2)
        ]  # fmt: skip
        assert np.median(sizes[1]) == pytest.approx(np.median(sizes[0]), rel=0.01)
        assert np.quantile(sizes[1], 0.99) > 1.5 * np.quantile(sizes[0], 0.99)

    def test_a_ladder_has_a_bounded_sum(self) -> None:
        rng, proportion, chance, factor = np.random.default_rng(2), 0.9, 0.4, 1.5
        total, rise = np.zeros(20_000), np.full(20_000, 0.1)
        while rise.any():
            total += rise
            answered = proportion * rise
            climbs = rng.random(rise.size) < chance
            none = np.zeros_like(rise)
            rung = coercion.rung(answered, np.full_like(rise, factor), none, none, none + 9.0)
            rise = np.where(climbs & (rise > 1e-9), rung, 0.0)
        assert total.mean() == pytest.approx(0.1 / (1 - chance * factor * proportion), rel=0.05)

    def test_a_kind_without_a_share_never_comes(self) -> None:
        none = pair(0.0)
        assert (coercion.threat_kind(none, none, none, can_revoke=True) == coercion.TARIFF).all()
        found = coercion.threat_kind(none, none, pair(0.1), can_revoke=True)
        assert (found == coercion.REVOCATION).all()

    def test_no_threat_is_no_kind_of_threat(self) -> None:
        kinds = [coercion.NONE, coercion.TARIFF, coercion.CONTROL, coercion.REVOCATION]
        assert kinds == [0.0, 1.0, 2.0, 3.0]  # as records of a week number them

    @given(SHARES, SHARES, SHARES, SHARES)
    def test_carrying_out_is_worth_the_audience_as_far_as_one_likes_to_escalate(
        self, leverage: float, pain: float, audience: float, taste: float
    ) -> None:
        inputs = [pair(v) for v in (leverage, pain, audience, taste, 0.0)]
        found = coercion.execution_worth(*inputs)
        assert found == pytest.approx(leverage - pain + audience * taste)

    def test_kinds_come_at_their_shares(self) -> None:
        chance = (np.arange(1000) + 0.5) / 1000
        control, revoke = np.full(1000, 0.15), np.full(1000, 0.05)
        can = coercion.threat_kind(chance, control, revoke, can_revoke=True)
        cannot = coercion.threat_kind(chance, control, revoke, can_revoke=False)
        assert [(can == kind).sum() for kind in (1.0, 2.0, 3.0)] == [800, 150, 50]
        assert [(cannot == kind).sum() for kind in (1.0, 2.0, 3.0)] == [850, 150, 0]
        same = (can != coercion.REVOCATION) & (can == cannot)
        assert same.sum() == 950  # who may revoke makes the other threats as before


class TestForeseen:
    """What a leader that decides on a threat expects from backing down."""

    @given(SHARES, SHARES)
    def test_a_justification_removes_its_share_if_it_is_foreseen(
        self, cost: float, justified: float
    ) -> None:
        full = coercion.foreseen_cost(pair(cost), pair(justified), pair(1.0))
        assert full == pytest.approx(cost * (1.0 - justified))
        none = coercion.foreseen_cost(pair(cost), pair(justified), pair(0.0))
        assert none.tolist() == [cost, cost]

    @given(st.floats(0.1, 50.0), st.floats(0.1, 50.0), SHARES)
    def test_the_stake_is_the_difference_in_credibility(
        self, executed: float, backed: float, eta: float
    ) -> None:
        done = coercion.credibility(pair(executed + 1.0), pair(backed), pair(eta))
        dropped = coercion.credibility(pair(executed), pair(backed + 1.0), pair(eta))
        stake = coercion.reputation_stake(
            pair(executed), pair(backed), pair(eta), pair(0.9), pair(0.5)
        )
        assert stake == pytest.approx(0.9 * 0.5 * (done - dropped))

    def test_without_a_gain_nothing_is_at_stake(self) -> None:
        stake = coercion.reputation_stake(pair(3.5), pair(6.5), pair(0.3), pair(1.0), pair(0.0))
        assert stake.tolist() == [0.0, 0.0]


class TestMadman:
    """Limit 22: raising volatility pays iff K L (1 - q0) / 2 > psi V T."""

    @staticmethod
    def worth(
        eta: float,
        brings: float,
        counts: tuple[float, float],
        psi: float,
        promise: tuple[float, float],
    ) -> Array:
        """Return what a believed threat and a believed promise bring together (R,)."""
        value, trust = promise
        threat = coercion.credibility(pair(counts[0]), pair(counts[1]), pair(eta))
        return brings * threat + value * coercion.assurance(pair(trust), pair(eta), pair(psi))

    @given(
        st.floats(0.0, 1.0), SHARES, st.floats(0.1, 50.0), st.floats(0.1, 50.0), SHARES, SHARES,
        st.floats(0.05, 0.95),
    )  # fmt: skip
    def test_the_sign(
        self, brings: float, psi: float, kept: float, broken: float, value: float, trust: float,
        eta: float,
    ) -> None:  # fmt: skip
        step, counts, promise = 0.01, (kept, broken), (value, trust)
        up = self.worth(eta + step, brings, counts, psi, promise)
        down = self.worth(eta - step, brings, counts, psi, promise)
        slope = float(((up - down) / (2 * step))[0])
        believed = kept / (kept + broken)
        closed = brings * (1.0 - believed) / 2.0 - psi * value * trust
        assert slope == pytest.approx(closed, abs=1e-9)
        if abs(closed) > 1e-6:
            assert np.sign(slope) == np.sign(closed)

    def test_both_signs_occur(self) -> None:
        for counts, psi, sign in (((1.0, 9.0), 0.2, 1.0), ((9.0, 1.0), 0.8, -1.0)):
            up = self.worth(1.0, 0.4, counts, psi, (0.3, 0.6))
            assert np.sign(up - self.worth(0.0, 0.4, counts, psi, (0.3, 0.6)))[0] == sign

    @given(st.floats(0.1, 50.0), st.floats(0.1, 50.0), SHARES, SHARES, SHARES)
    def test_both_stay_shares(
        self, kept: float, broken: float, eta: float, psi: float, trust: float
    ) -> None:
        threat = coercion.credibility(pair(kept), pair(broken), pair(eta))
        promise = coercion.assurance(pair(trust), pair(eta), pair(psi))
        assert (threat >= kept / (kept + broken) - 1e-12).all()
        assert (threat <= 1.0).all()
        assert ((promise >= 0.0) & (promise <= trust)).all()
