"""Deals in force: limits of intentions, guarantees, phases, renegotiation and second phases."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import build
from model.arrays import Array
from model.phases import promises
from model.rules import compliance, implementation, values
from model.rules.settlement import break_deal, close_deal, open_second_phase
from model.schema.scenario import load_scenario
from model.state.state import DEAL, TALKS
from tests.quiet import CN, US, quiet, signed

REVIEW = {"implementation.review": 2.0}
PHASED = REVIEW | {"implementation.first_share": 0.5, "implementation.phases": 2}
ONE, HALF = np.ones(1), np.full(1, 0.5)
ISSUES = (np.array([[-0.4], [0.6]]), np.array([[False], [True]]))  # gains, received


class TestIntentions:
    def test_a_side_that_keeps_its_word_counts_the_full_cost(self) -> None:
        gains, received = ISSUES
        counted = values.as_intended(gains, received, np.ones((2, 1)), ONE, ONE, 0.0 * ONE)
        assert counted.tolist() == gains.tolist()

    def test_what_is_given_at_signing_costs_all_of_it(self) -> None:
        gains, received = ISSUES
        counted = values.as_intended(gains, received, np.zeros((2, 1)), 0.0 * ONE, ONE, 0.0 * ONE)
        assert counted.tolist() == gains.tolist()

    def test_it_is_the_gradient_of_the_worth_to_a_side_that_chooses_later(self) -> None:
        """Check it against the log-sum of the choice between delivery and shirking."""
        precision, share = 12.0, 0.6
        gains, received = ISSUES
        deferred = np.ones((2, 1))

        def worth(package: Array) -> float:
            burden, stake = -gains[0, 0] * package[0], gains[1, 0] * package[1]
            ways = np.array([-burden, -share * stake])
            return float(stake + np.log(np.exp(precision * ways).sum()) / precision)

        package, step = np.array([0.5, 0.6]), 1e-6
        slopes = [
            (worth(package + step * axis) - worth(package - step * axis)) / (2 * step)
            for axis in np.eye(2)
        ]
        burden, stake = -gains[0] * package[0], gains[1] * package[1]
        intent = compliance.willingness(precision * ONE, ONE, ONE, share * stake, burden)
        counted = values.as_intended(gains, received, deferred, intent, ONE, share * (1.0 - intent))
        assert counted[:, 0] == pytest.approx(slopes, abs=1e-6)

    def test_shirking_forfeits_at_most_everything(self) -> None:
        assert compliance.forfeited(ONE, ONE, HALF, 2.0 * ONE).tolist() == [1.0]
        assert compliance.forfeited(ONE, ONE, 0.0 * ONE, ONE).tolist() == [0.0]


class TestGuarantees:
    def test_full_trust_needs_none(self) -> None:
        gains, received = ISSUES
        one = np.ones((2, 1))
        assert values.guarantee(gains, received, one, one, ONE, ONE).tolist() == [0.0]
        assert values.guarantee(gains, received, one, one, 0.0 * ONE, ONE).tolist() == [0.6]

    def test_it_makes_only_own_relief_dearer(self) -> None:
        on = quiet(4, {"implementation.guarantee": 0.5}, on="guarantees").store["gains"]
        off = quiet(4).store["gains"]
        dearer = on < off
        keys = quiet(4).keys.issues
        own = {US: keys.index("us_tariff_relief"), CN: keys.index("cn_tariff_relief")}
        for side, row in own.items():
            assert dearer[side, row].all()
            assert np.array_equal(np.delete(on[side], row, 0), np.delete(off[side], row, 0))


class TestPhases:
    def test_one_phase_grants_everything_at_signing(self) -> None:
        one, two = np.array([1.0]), np.array([2.0])
        assert implementation.share_at_signing(HALF, one, two).tolist() == [1.0]
        assert implementation.share_at_signing(HALF, two, 0.0 * one).tolist() == [1.0]
        assert implementation.granted(ONE, two, two, HALF).tolist() == [1.0]

    def test_reviews_without_phases_change_nothing(self) -> None:
        scenario = {"edition": 1, "talks.rate": 1.0, "talks.window": 6.0}
        plain, reviewed = (
            build(load_scenario("february_2025", scenario | more), 20)
            for more in ({}, {"implementation.review": 3.0})
        )
        for _ in range(30):
            plain.step()
            reviewed.step()
        assert reviewed.store["reviews"].any()
        for name in ("tariff", "phase", "gains", "trust", "utility", "deals", "controls"):
            np.testing.assert_array_equal(plain.store[name], reviewed.store[name], name)

    def test_full_delivery_brings_full_relief_at_the_review(self) -> None:
        n, whole = quiet(4, PHASED, on="phasing"), quiet(4)
        start = n.store["tariff"].copy()
        signed(n, 0.8)
        signed(whole, 0.8)
        np.testing.assert_allclose(n.store["tariff"], 0.5 * (start + whole.store["tariff"]))
        for _ in range(2):
            n.week += 1
            promises.keep_or_break(n)
        np.testing.assert_allclose(n.store["tariff"], whole.store["tariff"])
        assert (n.store["reviews"] == 1.0).all()
        assert (n.store["deal_phase"] == 2.0).all()

    def test_relief_follows_what_the_other_delivers(self) -> None:
        shirking = {"compliance.precision": 0.0, "compliance.concentration": 1000.0}
        n = quiet(4, PHASED | shirking, on="phasing shirking")
        start = n.store["tariff"].copy()
        signed(n, 1.0)
        for _ in range(2):
            n.week += 1
            promises.keep_or_break(n)
        kept = n.store["delivered_sum"][::-1] / 2.0
        granted = n.store["granted"]
        np.testing.assert_allclose(granted, 0.5 + 0.5 * kept)
        base = np.array([n.store.of("sides", side, "tariff_base") for side in n.keys.sides])
        np.testing.assert_allclose(n.store["tariff"], start - granted * (start - base))

    def test_what_is_granted_for_delivery_is_at_stake_without_enforcement(self) -> None:
        weak = compliance.at_stake(ONE, ONE, 0.0 * ONE, 0.0 * ONE, 0.3 * ONE)
        phased = compliance.at_stake(ONE, ONE, ONE, 0.0 * ONE, 0.3 * ONE)
        assert (weak.tolist(), phased.tolist()) == ([0.3], [1.0])


class TestSessions:
    def test_they_settle_arrears_as_far_as_a_side_means_to_keep_the_deal(self) -> None:
        assert implementation.settled(ONE, ONE, 0.0 * ONE, ONE).tolist() == [1.0]
        n = quiet(4, {"implementation.sessions": 1.0}, on="implementation_sessions")
        signed(n, 0.3)
        n.store["arrears"] = np.full((2, 4), 4.0)
        n.step()
        assert (n.store["implementations"] == 1.0).all()
        intent = np.stack([leader.intends() for leader in n.leaders])
        np.testing.assert_allclose(n.store["arrears"], 4.0 * 0.95 * (1.0 - 0.5 * intent))


class TestRenegotiation:
    def breached(self, agree: bool = True, more: dict[str, Any] | None = None) -> Any:
        numbers = {"compliance.precision": 0.0, "compliance.snapback": 1.0}
        numbers |= {"compliance.concentration": 1000.0, "compliance.tolerance": 0.0}
        numbers["implementation.renegotiation"] = 1.0
        n = quiet(4, numbers | (more or {}), on="shirking snapback renegotiation")
        for leader in n.leaders:
            leader.conduct.renegotiate = lambda seat, wants: np.full_like(wants, agree)
        signed(n, 0.8)
        return n

    def test_obligations_are_reduced_to_what_is_delivered(self) -> None:
        n = self.breached()
        tariff, burden = n.store["tariff"].copy(), n.store["burden"].copy()
        for _ in range(40):
            n.week += 1
            promises.keep_or_break(n)
        assert n.store["renegotiations"].all()
        assert (n.store["phase"] == DEAL).all()
        np.testing.assert_array_equal(n.store["tariff"], tariff)
        assert (n.store["burden"] < burden).all()
        bought = n.store["agreement"][n.keys.issues.index("purchases")]
        assert (bought < 0.8).all()
        np.testing.assert_array_equal(
            n.store["agreement"][n.keys.issues.index("us_tariff_relief")], 0.8
        )
        assert set(n.store["asked_by"].tolist()) <= {0.0, 1.0}

    def test_a_refusal_ends_the_deal(self) -> None:
        n = self.breached(agree=False)
        for _ in range(40):
            n.week += 1
            promises.keep_or_break(n)
        assert (n.store["phase"] == TALKS).all()
        assert not n.store["renegotiations"].any()

    def test_nobody_is_asked_if_it_is_switched_off(self) -> None:
        n = self.breached(more={"implementation.renegotiation": 0.0})
        for _ in range(40):
            n.week += 1
            promises.keep_or_break(n)
        assert (n.store["phase"] == TALKS).all()


class TestSecondPhase:
    def enlarged(self, passed: bool) -> Any:
        n = quiet(4)
        before = n.store["tariff"].copy()
        signed(n, 0.4)
        n.week += 1
        open_second_phase(n.store, np.full(4, True))
        for leader in n.leaders:
            leader.appraise()
        n.store["table"] = np.full_like(n.store["table"], 0.5)
        close_deal(n.store, n.setting, n.week, np.full(4, passed))
        return n, before

    def test_it_enlarges_the_deal_in_force(self) -> None:
        n, before = self.enlarged(passed=True)
        whole = quiet(4)
        signed(whole, 0.7)
        store = n.store
        np.testing.assert_allclose(store["agreement"], 0.7)
        np.testing.assert_array_equal(store["tariff_before"], before)
        np.testing.assert_allclose(store["tariff"], whole.store["tariff"])
        np.testing.assert_allclose(store["controls"], whole.store["controls"])
        assert (store["deals"] == 1.0).all()
        assert (store["second_phases"] == 1.0).all()
        assert (store["deal_week"] == 0.0).all()
        break_deal(store, n.setting, n.week, np.zeros(4))
        np.testing.assert_array_equal(store["tariff"], before)

    def test_a_failure_at_home_leaves_the_deal_in_force(self) -> None:
        n, _ = self.enlarged(passed=False)
        assert (n.store["phase"] == DEAL).all()
        np.testing.assert_allclose(n.store["agreement"], 0.4)
        assert (n.store["failures"] == 1.0).all()
        assert not n.store["second_open"].any()

    def test_only_what_is_left_is_negotiated(self) -> None:
        n = quiet(4)
        (whole,) = (n.store["gains"].copy(),)
        signed(n, 0.4)
        open_second_phase(n.store, np.full(4, True))
        for leader in n.leaders:
            leader.appraise()
        row = n.keys.issues.index("purchases")
        np.testing.assert_allclose(n.store["gains"][:, row], 0.6 * whole[:, row], rtol=0.3)
        held, given = np.array([[0.4]]), np.array([[1.0]])
        assert implementation.left_open(held, given).tolist() == [[1.0]]
        assert implementation.left_open(held, 0.0 * given).tolist() == [[0.6]]

    def test_the_sides_meet_while_a_deal_is_in_force(self) -> None:
        n = quiet(4, {"talks.rate": 1.0})
        signed(n, 0.4)
        open_second_phase(n.store, np.full(4, True))
        n.step()
        assert n.store["sessions"].all()
