"""Threats, revocation, gestures, sessions and truces, in talks whose numbers force them."""

from typing import Any

import numpy as np
import pytest

from model.negotiation import Negotiation
from model.phases import home, opinions, talks, tariffs, threats, truces
from model.rules.coercion import CONTROL, NONE, REVOCATION, TARIFF
from model.sides import other_side
from model.state.state import TALKS, TRUCE
from tests.quiet import CN, US, before, force, quiet, signed, threatened


class TestThreats:
    def test_they_are_made_and_wait_for_their_fuse(self) -> None:
        n = quiet()
        force(n, "coercion.hazard", 1.0)
        for week in range(1, 5):
            n.step()
            assert (n.store["threats"] == 1.0).all(), week
            assert (n.store["threat_kind"] != NONE).all()
            assert (n.store["threat_weeks"] == 5.0 - week).all()
        n.step()
        done = n.store["executed"] + n.store["backed_down"]
        assert (done == 1.0).all()
        assert (n.store["threats"] == 2.0).all()

    def test_without_precision_half_are_carried_out(self) -> None:
        n = quiet(1500, {"coercion.precision": 0.0}, on="threats")
        for side in (US, CN):
            threatened(n, side, TARIFF)
        approval, tariff, kept, backed = before(
            n, "approval", "tariff", "cred_executed", "cred_backed"
        )
        threats.fall_due(n)
        done = n.store["executed"] == 1.0
        assert (np.abs(done.mean(axis=1) - 0.5) < 4 * 0.5 / np.sqrt(1500)).all()
        assert (done[US] != done[CN]).any()
        cost = np.array([[0.05], [0.04]]) * (1.0 - 0.4)
        assert n.store["approval"] == pytest.approx(np.where(done, approval, approval - cost))
        assert n.store["tariff"] == pytest.approx(np.where(done, tariff + 0.2, tariff))
        assert (n.store["cred_executed"] == kept + done).all()
        assert (n.store["cred_backed"] == backed + ~done).all()
        assert (n.store["backed_down"] == ~done).all()
        assert (n.store["threat_kind"] == NONE).all()
        more = n.leaders[US].credibility()
        assert (more[done[US]] > more[~done[US]].max()).all()

    def test_they_are_put_off_only_while_the_sides_meet(self) -> None:
        n = quiet(4, {"coercion.postponement": 1.0})
        threatened(n, US, TARIFF)
        n.store["since_session"] = np.array([0.0, 4.0, 5.0, 99.0])
        threats.fall_due(n)
        assert n.store["postponed"][US].tolist() == [1.0, 1.0, 0.0, 0.0]
        assert n.store["threat_weeks"][US][:2].tolist() == [4.0, 4.0]
        assert (n.store["threat_kind"][US] == [TARIFF, TARIFF, NONE, NONE]).all()

    def test_audience_costs_make_execution_likelier(self) -> None:
        chances = []
        for cost in (0.0, 0.1, 0.3):
            n = quiet(4, {"sides.US.audience_cost": cost})
            threatened(n, US, TARIFF)
            chances.append(n.leaders[US].execution_chance()[0])
        assert chances[0] < chances[1] < chances[2]

    def test_controls_are_no_tariff(self) -> None:
        n = quiet(200, {"coercion.precision": 0.0}, on="retaliation")
        threatened(n, CN, CONTROL)
        tariff, controls = before(n, "tariff", "controls")
        threats.fall_due(n)
        done = n.store["executed"][CN] == 1.0
        assert 50 < done.sum() < 150
        assert (n.store["tariff"] == tariff).all()
        assert n.store["controls"][CN] == pytest.approx(controls[CN] + 0.25 * done)
        answered = n.store["answers"][US] > 0.0
        assert (n.store["pending_controls"][US][answered] > 0.0).all()
        assert not (answered & ~done).any()
        assert (n.store["pending"] == 0.0).all()

    def test_a_fresh_tariff_is_answered_after_the_lag(self) -> None:
        n = quiet(4, {"retaliation.generosity": 0.0, "retaliation.spread": 0.0,
                      "retaliation.lag": 2}, on="retaliation")  # fmt: skip
        (tariff,) = before(n, "tariff")
        tariffs.answer(n, CN, np.full(4, 0.1), np.zeros(4))
        tariffs.bring_into_force(n)
        assert (n.store["tariff"] == tariff).all()
        tariffs.bring_into_force(n)
        assert n.store["tariff"][CN] == pytest.approx(tariff[CN] + 0.09)
        assert (n.store["rally"][US] > 0.0).all()


class TestRevocation:
    @pytest.mark.parametrize("follows", [0.0, 1.0])
    def test_a_leader_needs_congress(self, follows: float) -> None:
        n = quiet(200, {"coercion.precision": 0.0})
        force(n, "revocation.congress", follows)
        threatened(n, US, REVOCATION)
        (tariff,) = before(n, "tariff")
        threats.fall_due(n)
        revoked = n.store["revoked"][US] == 1.0
        assert revoked.any() == (follows == 1.0)
        assert (n.store["backed_down"][US] == ~revoked).all()
        assert n.store["tariff"][US] == pytest.approx(tariff[US] + 0.37 * revoked)

    def test_congress_acts_alone_and_leaders_cannot_lift_it(self) -> None:
        n = quiet()
        force(n, "revocation.hazard", 1e6)
        (tariff,) = before(n, "tariff")
        truces.legislate(n)
        truces.legislate(n)
        assert n.store["revoked"].tolist() == [[1.0] * 4, [0.0] * 4]
        assert n.store["tariff"] == pytest.approx(tariff + np.array([[0.37], [0.0]]))
        signed(n)
        assert n.store["tariff"][US] == pytest.approx(0.0309 + 0.37)
        assert n.store["tariff"][CN] == pytest.approx(0.0799)

    def test_a_full_assurance_holds_congress_off(self) -> None:
        n = quiet()
        signed(n)
        force(n, "revocation.hazard", 1e6)
        truces.legislate(n)
        assert (n.store["revoked"] == 0.0).all()

    def test_it_ends_a_deal(self) -> None:
        n = quiet()
        signed(n, 0.5)
        n.store["assured"] = np.zeros(4)
        force(n, "revocation.hazard", 1e6)
        (start,) = before(n, "tariff_before")
        truces.legislate(n)
        assert (n.store["phase"] == TALKS).all()
        assert (n.store["broken_by"] == US).all()
        assert n.store["tariff"] == pytest.approx(start + np.array([[0.37], [0.0]]))


class TestGestures:
    @pytest.mark.parametrize("side", [US, CN])
    def test_they_stop_when_not_returned(self, side: int) -> None:
        n = quiet()
        n.store.set_row("gesture_weeks", side, np.ones(4))
        threats.gesture(n)
        assert (n.store["gestures_end"][side] == 1.0).all()
        force(n, "gestures.hazard", 1.0)
        threats.gesture(n)
        assert (n.store["gestures"][side] == 0.0).all()
        assert (n.store["gestures"][other_side(side)] == 1.0).all()

    @pytest.mark.parametrize("side", [US, CN])
    def test_a_returned_one_does_not_end_them(self, side: int) -> None:
        n = quiet()
        n.store.set_row("gesture_weeks", side, np.full(4, 3.0))
        force(n, "gestures.hazard", 1.0)
        tariff, kept = before(n, "tariff", "kept")
        threats.gesture(n)
        assert (n.store["gestures"][other_side(side)] == 1.0).all()
        assert (n.store["gesture_weeks"] == 0.0).all()
        force(n, "gestures.hazard", 0.0)
        for _ in range(12):
            threats.gesture(n)
        assert (n.store["gestures_end"] == 0.0).all()
        assert n.store["tariff"][other_side(side)] == pytest.approx(tariff[other_side(side)] - 0.02)
        assert (n.store["tariff"][side] == tariff[side]).all()
        assert n.store["kept"][side] == pytest.approx(kept[side] + 0.5)

    def test_no_tariff_falls_below_its_base(self) -> None:
        n = quiet()
        force(n, "gestures.hazard", 1.0)
        n.store["tariff"] = np.array([[0.0309] * 4, [0.09] * 4])
        threats.gesture(n)
        assert n.store["tariff"] == pytest.approx(np.array([[0.0309] * 4, [0.0799] * 4]))


class TestSessions:
    def security(self, n: Negotiation) -> list[int]:
        return [row for row, card in enumerate(n.setting.issues.values()) if card.leaders_only]

    def test_security_is_for_leaders_only(self) -> None:
        n = quiet(60, {"talks.rate": 1.0, "channels.contact": 0.0})
        for _ in range(26):
            n.step()
        assert n.store["sessions"].mean() > 10.0
        assert (np.nan_to_num(n.store["offer"][:, self.security(n)]) == 0.0).all()
        force(n, "summits.call", 1.0)
        n.leaders[US].note("threat_kind", np.zeros(60))
        force(n, "sides.US.personal", 1.0)
        n.step()
        still = n.store["level"] == talks.SUMMIT
        assert still.any()
        assert (n.store["offer"][:, self.security(n)][:, :, still] > 0.0).any()

    def test_working_sessions_conclude_nothing(self) -> None:
        n = quiet(100, {"talks.rate": 1.0, "talks.cabinet_share": 0.0, "talks.window": 2.0})
        for _ in range(15):
            n.step()
        assert (n.store["level"] == talks.WORKING).any()
        assert (n.store["agreement_week"] == -1.0).all()

    def test_a_summit_that_fails_costs_approval_and_trust(self) -> None:
        n = quiet()
        approval, broken = before(n, "approval", "broken")
        failed = np.array([True, False, True, False])
        talks.disappoint(n, failed)
        assert n.store["approval"] == pytest.approx(approval - 0.02 * failed)
        assert n.store["broken"] == pytest.approx(broken + 0.25 * failed)

    def test_leaders_meet_where_the_gap_is_small(self) -> None:
        n = quiet(4, on="summits")
        force(n, "summits.invitation", 1.0)
        force(n, "summits.call", 0.0)
        n.store["gap"] = np.array([[0.1, 0.1, 0.2, 0.1], [0.1, 0.2, 0.1, 0.1]])
        n.store["clock"] = np.array([5.0, 5.0, 5.0, 0.0])
        assert talks.summit(n).tolist() == [True, False, False, False]

    def test_deniable_sessions_need_contact_and_no_leader(self) -> None:
        n = quiet(300, {"talks.rate": 1.0, "channels.deniable": 1.0, "summits.call": 0.1,
                        "channels.contact": 0.15}, on="deniability summits")  # fmt: skip
        n.step()
        level, contact = n.store["level"], n.store["contact"] > 0.0
        below = (level > talks.SILENT) & (level < talks.SUMMIT)
        assert (level == talks.SUMMIT).any()
        assert (below & contact).any()
        assert ((n.store["deniable"] == 1.0) == (below & contact)).all()

    def test_an_audience_makes_firm(self) -> None:
        n = quiet()
        n.store["deniable"] = np.array([0.0, 1.0, 0.0, 1.0])
        firm = n.leaders[US].firmness()
        assert firm[0] - firm[1] == pytest.approx(0.05)

    def test_what_was_agreed_deniably_binds_less(self) -> None:
        n = quiet(4, on="shirking")
        n.store["deniable"] = np.array([0.0, 1.0, 0.0, 1.0])
        signed(n, 0.6)
        delivered = n.leaders[CN].deliver(np.zeros(4))
        assert delivered[1] < delivered[0]

    def test_a_leak_raises_the_threshold_and_hardens(self) -> None:
        n = quiet(4, {"channels.leak": 1.0}, on="exposure")
        n.store["contact"] = np.array([0.0, 1.0, 0.0, 2.0])
        threshold, firm = n.leaders[US].ratification_threshold(), opinions.mood(n, US)[0]
        talks.leak(n)
        found = np.array([0.0, 1.0, 0.0, 1.0])
        assert (n.store["leaks"] == found).all()
        raised = n.leaders[US].ratification_threshold() - threshold
        assert raised == pytest.approx(0.05 * found)
        assert opinions.mood(n, US)[0] - firm == pytest.approx(0.05 * found)
        n.store["contact"] = np.zeros(4)
        for _ in range(8):
            talks.leak(n)
        assert n.store["leaked"] == pytest.approx(0.5 * found)


class TestRatification:
    def test_who_refused_last_stays_known_when_a_later_package_passes(self) -> None:
        n = quiet(4)
        n.store["agreed"] = np.array([1.0, 1.0, 0.0, 1.0])
        n.store["refused_by"] = np.array([-1.0, 1.0, 1.0, 0.0])
        passing = np.array([True, True, True, False])
        leaders: list[Any] = list(n.leaders)
        for leader in leaders:  # the first side alone refuses, in the last world
            leader.ratify = lambda _, side=leader.side_row: n.store.here(
                np.where(passing | (side == CN), 1.0, 0.0)
            )
        home.ratify(n)
        assert n.store["refused_by"].tolist() == [-1.0, 1.0, 1.0, 0.0]
        assert n.store["failures"].tolist() == [0.0, 0.0, 0.0, 1.0]
        n.store["agreed"], passing[:] = np.ones(4), np.array([False, True, True, True])
        home.ratify(n)
        assert n.store["refused_by"].tolist() == [0.0, 1.0, 1.0, 0.0]


class TestTruce:
    def begun(self) -> Negotiation:
        """Return talks in which a truce has just begun, after a rise of 10 points on each side."""
        n = quiet(4, on="threats")
        n.store["tariff"] = n.store["tariff"] + 0.10
        for side in (US, CN):
            threatened(n, side, TARIFF)
        n.store["pending"] = np.full((2, 4), 0.05)
        n.store["pending_weeks"] = np.full((2, 4), 2.0)
        for name, value in (("intercept", 50.0), ("scale", 2.0), ("shortest", 13.0)):
            force(n, f"truce.{name}", value)
        truces.make_truce(n)
        return n

    def test_it_undoes_its_share_and_drops_threats(self) -> None:
        n = self.begun()
        assert (n.store["phase"] == TRUCE).all()
        start = np.array([[0.207 + 0.3 * 0.10], [0.212 + 0.2 * 0.10]])
        assert n.store["tariff"] == pytest.approx(np.broadcast_to(start, (2, 4)))
        for name in ("threat_kind", "pending", "pending_weeks"):
            assert (n.store[name] == 0.0).all()
        weeks = n.store["truce_weeks"]
        assert ((weeks >= 13.0) & (weeks <= 52.0)).all()

    def test_nobody_threatens_or_gestures_in_it_and_it_runs_out(self) -> None:
        n = self.begun()
        force(n, "truce.scale", 0.0)
        force(n, "coercion.hazard", 1.0)
        force(n, "gestures.hazard", 1.0)
        weeks = n.store["truce_weeks"].copy()
        for week in range(1, 56):
            n.step()
            in_truce = n.store["phase"] == TRUCE
            assert (in_truce == (week < weeks)).all()
            assert (n.store["threats"][:, in_truce] == 0.0).all()
            assert (n.store["gestures"][:, in_truce] == 0.0).all()
        assert (n.store["threats"] > 0.0).all()

    def test_pain_on_one_side_is_not_enough(self) -> None:
        n = quiet(500, on="truce")
        n.store["side_pain"] = np.stack([np.full(500, 3.0), np.full(500, -1.0)])
        truces.make_truce(n)
        assert (n.store["phase"] == TALKS).all()
        n.store["side_pain"] = np.full((2, 500), 3.0)
        truces.make_truce(n)
        assert (n.store["phase"] == TRUCE).all()
