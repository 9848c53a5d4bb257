"""Rules of escalation: answers on the day, ladders, threats in parts, and truces that break."""

from typing import Any

import numpy as np
import pytest

from model.negotiation import Negotiation
from model.phases.tariffs import answer
from model.phases.threats import decide, fall_due, threaten
from model.phases.truces import begin, make_truce
from model.rules.coercion import NONE, TARIFF
from model.sides import SIDES
from model.state.state import DEAL, TALKS, TRUCE
from tests.quiet import CN, US, before, force, quiet, threatened


def answered(ready: float) -> Negotiation:
    """Return talks in which China answers a rise of ten points, prepared with this chance."""
    overrides = {"retaliation.ready": ready, "retaliation.generosity": 0.0}
    n = quiet(4, overrides | {"retaliation.spread": 0.0, "coercion.ladder": 0.0}, "retaliation")
    n.week = 1
    answer(n, CN, n.store.full(0.10), n.store.zeros())
    return n


class TestAnswers:
    def test_a_prepared_answer_is_in_force_at_once(self) -> None:
        n = answered(1.0)
        assert n.store.row("tariff", CN) == pytest.approx(0.212 + 0.09)
        assert (n.store.row("pending", CN) == 0.0).all()
        assert (n.store.row("pending_weeks", CN) == 0.0).all()

    def test_otherwise_it_waits_for_the_lag(self) -> None:
        n = answered(0.0)
        assert n.store.row("tariff", CN) == pytest.approx(0.212)
        assert n.store.row("pending", CN) == pytest.approx(0.09)

    @pytest.mark.parametrize("ladder", [0.0, 1.0])
    def test_an_answered_side_threatens_a_larger_rise(self, ladder: float) -> None:
        n = quiet(4, {"coercion.ladder": ladder, "retaliation.spread": 0.0}, "threats retaliation")
        force(n, "coercion.ladder", ladder)
        n.store.set_row("opinion", n.leaders[US].row, np.ones((3, n.worlds)))
        n.week = 1
        answer(n, CN, n.store.full(0.10), n.store.zeros())
        hit = n.store.row("answers", CN) > 0.0
        expected = np.where(hit & (ladder > 0.0), 1.5 * 0.09, 0.0)
        assert n.store.row("threat_size", US) == pytest.approx(expected)
        assert (n.store.row("threats", US) == (expected > 0.0)).all()

    def test_without_threats_there_is_no_ladder(self) -> None:
        n = quiet(4, {"coercion.ladder": 1.0}, "retaliation")
        answer(n, CN, n.store.full(0.10), n.store.zeros())
        assert (n.store["threat_kind"] == NONE).all()


def executing(n: Negotiation, *sides: int) -> None:
    """Let sides execute the threats that fall due."""
    for side in sides:
        n.store.set_row("falls_due", side, n.store.full(1.0))
        n.store.set_row("executes", side, n.store.full(1.0))


class TestExecution:
    def test_a_threat_in_parts_counts_once(self) -> None:
        n = quiet(4, {"coercion.at_once": 0.5})
        threatened(n, US, TARIFF, 0.2)
        start = n.store.row("tariff", US).copy()
        executing(n, US)
        decide(n, n.leaders[US])
        assert n.store.row("tariff", US) == pytest.approx(start + 0.1)
        assert n.store.row("threat_size", US) == pytest.approx(0.1)
        assert (n.store.row("threat_rest", US) == 1.0).all()
        decide(n, n.leaders[US])
        decide(n, n.leaders[US])
        assert n.store.row("tariff", US) == pytest.approx(start + 0.2)
        assert (n.store.row("executed", US) == 1.0).all()
        assert (n.store.row("threat_kind", US) == NONE).all()

    def test_a_rest_that_is_dropped_costs_no_credibility(self) -> None:
        n = quiet(4, {"coercion.at_once": 0.5})
        threatened(n, US, TARIFF, 0.2)
        executing(n, US)
        decide(n, n.leaders[US])
        backed, shame = before(n, "cred_backed", "approval")
        n.store.set_row("executes", US, n.store.zeros())
        decide(n, n.leaders[US])
        assert (n.store["cred_backed"] == backed).all()
        assert (n.store["approval"] == shame).all()

    @pytest.mark.parametrize("order", [SIDES, SIDES[::-1]])
    def test_the_order_of_the_sides_does_not_matter(self, order: tuple[int, ...]) -> None:
        def after(sides: tuple[int, ...]) -> np.ndarray[Any, Any]:
            n = quiet(64, {"coercion.ladder": 1.0}, "threats retaliation")
            threatened(n, US, TARIFF, 0.2)
            threatened(n, CN, TARIFF, 0.1)
            executing(n, *SIDES)
            n.week = 1
            for side in sides:
                decide(n, n.leaders[side])
            return np.stack(before(n, "tariff", "pending", "threats", "executed", "rally"))

        assert after(order) == pytest.approx(after(SIDES))

    def test_a_foreseen_answer_makes_execution_rarer(self) -> None:
        chances = []
        for expected in (0.0, 1.0):
            n = quiet(8, {"coercion.expected_answer": expected}, "retaliation")
            threatened(n, US, TARIFF, 0.2)
            chances.append(n.leaders[US].execution_chance())
        assert (chances[1] < chances[0]).all()


def truce(overrides: dict[str, Any]) -> Negotiation:
    """Return talks in which a truce began: both sides had raised their tariffs by 20 points."""
    n = quiet(4, {"truce.scale": 0.0} | overrides, "threats truce")
    force(n, "truce.scale", 0.0)
    n.store["tariff"] = n.store["tariff"] + 0.2
    begin(n)
    return n


class TestTruces:
    def test_a_truce_suspends_tariffs_and_its_end_returns_them(self) -> None:
        n = truce({"truce.cliff": 1.0})
        lowered = n.store.row("tariff", US).copy()
        assert n.store.row("suspended", US) == pytest.approx(0.14)
        n.store["truce_weeks"] = n.store.full(1.0)
        make_truce(n)
        assert n.store.row("tariff", US) == pytest.approx(lowered + 0.14)
        assert (n.store["suspended"] == 0.0).all()

    def test_without_a_cliff_they_stay_low(self) -> None:
        n = truce({"truce.cliff": 0.0})
        lowered = n.store["tariff"].copy()
        n.store["truce_weeks"] = n.store.full(1.0)
        make_truce(n)
        assert (n.store["tariff"] == lowered).all()
        assert (n.store["phase"] == TALKS).all()

    def test_a_deal_settles_what_was_suspended(self) -> None:
        n = truce({"truce.cliff": 1.0})
        n.store["phase"] = n.store.full(DEAL)
        lowered = n.store["tariff"].copy()
        make_truce(n)
        assert (n.store["tariff"] == lowered).all()

    def test_a_truce_can_be_renewed(self) -> None:
        n = truce({"truce.cliff": 1.0, "truce.intercept": 5.0, "truce.renewal": 100.0})
        force(n, "truce.scale", 1.0)
        n.store["truce_weeks"] = n.store.full(1.0)
        make_truce(n)
        assert (n.store["phase"] == TRUCE).all()
        assert (n.store["truce_weeks"] >= 13.0).all()

    @pytest.mark.parametrize("in_truce", [0.0, 1.0])
    def test_threats_in_a_truce_have_a_share_of_their_hazard(self, in_truce: float) -> None:
        n = truce({"coercion.in_truce": in_truce, "coercion.hazard": 0.5})
        force(n, "coercion.hazard", 1.0)
        n.week = 1
        threaten(n)
        assert ((n.store.row("threat_kind", US) != NONE) == (in_truce > 0.0)).all()

    def test_execution_ends_a_truce_and_its_tariffs_return(self) -> None:
        n = truce({"truce.cliff": 1.0})
        lowered = n.store.row("tariff", US).copy()
        threatened(n, US, TARIFF, 0.1)
        n.store["since_session"] = n.store.full(99.0)
        force(n, "coercion.precision", 0.0)
        n.week = 1
        fall_due(n)
        done = n.store.row("executed", US) > 0.0
        assert ((n.store["phase"] == TALKS) == done).all()
        make_truce(n)
        expected = np.where(done, lowered + 0.1 + 0.14, lowered)
        assert n.store.row("tariff", US) == pytest.approx(expected)

    def test_readiness_follows_pain_with_a_lag(self) -> None:
        n = quiet(4, {"truce.pain_memory": 0.8})
        n.store["side_pain"] = np.ones_like(n.store["side_pain"])
        make_truce(n)
        assert n.store["felt_pain"] == pytest.approx(0.2)
        make_truce(n)
        assert n.store["felt_pain"] == pytest.approx(0.36)


def test_pain_speeds_up_the_clock_of_the_talks() -> None:
    weeks = {}
    for chi in (0.0, 0.5):
        n = quiet(4, {"talks.exhaustion": chi, "talks.cabinet_share": 1.0})
        force(n, "talks.rate", 4.0)
        n.step()
        weeks[chi] = n.store["clock"].copy()
        pain = np.maximum(n.store["side_pain"].mean(axis=0), 0.0)
    assert (weeks[0.0] == 1.0).all()
    assert weeks[0.5] == pytest.approx(1.0 + 0.5 * pain)
