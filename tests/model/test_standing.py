"""Tests of advisers: access by success, changes of the lead, errors that average out or do not."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import build, simulate
from model.negotiation import Negotiation
from model.phases.standing import judge_advisers, replace_lead
from model.phases.talks import WORKING
from model.rules.advisers import errors, forecast_score, likeness, new_access
from model.schema.scenario import load_scenario
from tests.bits import unequal

US = 0
STILL = {"influence.access_memory": 1.0}
EXACT = {"influence.judgement_error": 0.0}


def talks(changes: dict[str, Any], worlds: int = 50) -> Negotiation:
    n = build(load_scenario("february_2025", changes), worlds, 1)
    n.open_week()
    return n


def row(n: Negotiation, key: str) -> int:
    return n.keys.actors.index(key)


def test_access_converges_to_the_success() -> None:
    access, always = np.array([0.2]), np.array([True])
    for _ in range(200):
        access = new_access(access, np.array([0.9]), np.array([0.9]), always)
    assert access == pytest.approx(0.9, abs=1e-6)
    assert new_access(np.array([0.3]), np.ones(1), np.ones(1), always)[0] == 0.3


@pytest.mark.parametrize("narrowed", [0.0, 1.0])
def test_forecasts_of_firm_advisers_come_true_if_the_gap_narrows(narrowed: float) -> None:
    firm, soft = forecast_score(np.array([0.9, 0.1]), np.full(2, narrowed))
    assert (firm > soft) == (narrowed > 0.0)


@pytest.mark.parametrize("gap", [0.1, 0.5])
def test_the_lead_gains_by_a_narrower_gap_and_loses_without(gap: float) -> None:
    n = talks({"influence.access_memory": 0.5, "influence.lead_margin": 1.0} | EXACT)
    n.store["level"], n.store["turn"] = n.store.full(WORKING), n.store.full(float(US))
    n.store["gap_before"] = n.store.full(0.3, 2)
    n.store["gap"] = n.store.full(gap, 2)
    judge_advisers(n)
    change = n.store["access_change"]
    narrowed = float(gap < 0.3)
    lead, other = row(n, "scott_bessent"), row(n, "howard_lutnick")
    for at, extra in ((lead, True), (other, False)):
        score = forecast_score(n.store.row("opinion", at)[0], np.full(50, narrowed))
        success = 0.5 * (score + narrowed) if extra else score
        start = n.store.of("actors", n.keys.actors[at], "access")
        np.testing.assert_allclose(change[at], 0.5 * (success - start), atol=1e-12)
    assert (change[row(n, "he_lifeng")] == 0.0).all()


def test_without_a_session_nothing_changes() -> None:
    n = talks({})
    n.store["level"] = n.store.zeros()
    judge_advisers(n)
    assert (n.store["access_change"] == 0.0).all()


def test_the_lead_changes_by_a_margin_and_drafter_and_access_follow() -> None:
    n = talks({"influence.lead_margin": 0.2})
    new, leader = row(n, "howard_lutnick"), n.leaders[US]
    gained = np.where(np.arange(50) < 20, 0.25, 0.15)
    n.store.set_row("access_change", new, gained)
    replace_lead(n, US, n.setting.leads_of("US"))
    taken = np.arange(50) < 20
    assert (n.store["lead_actor"][US] == np.where(taken, new, row(n, "scott_bessent"))).all()
    assert (n.store["lead_changes"][US] == taken).all()
    drafts, own = n.store["draft_lead"][US], n.store["draft_as_lead"]
    np.testing.assert_array_equal(drafts[:, taken], own[new][:, taken])
    assert (drafts[:, taken] != drafts[:, ~taken][:, :1]).any()
    start = n.store.of("actors", "howard_lutnick", "access")
    np.testing.assert_allclose(leader.access()[taken], (start + gained)[taken])


def test_an_appointed_lead_with_little_access_is_not_replaced_at_once() -> None:
    n = talks({"sides.US.lead": "peter_navarro"})
    replace_lead(n, US, n.setting.leads_of("US"))
    assert (n.store["lead_changes"] == 0.0).all()


def test_with_constant_access_the_margin_has_no_effect() -> None:
    one, other = (
        simulate(load_scenario("february_2025", STILL | {"influence.lead_margin": margin}), 30, 1)
        for margin in (0.0, 1.0)
    )
    assert not unequal(one, other)


def test_independent_errors_average_out_and_common_ones_do_not() -> None:
    generator = np.random.default_rng(2)
    own, common = generator.standard_normal((6, 20000)), generator.standard_normal(20000)
    spread = []
    for correlation in (0.0, 0.5, 1.0):
        wrong = errors(own, common, np.full((6, 1), correlation), np.full(20000, 0.1))
        assert wrong.std() == pytest.approx(0.1, rel=0.02)
        spread.append(float(wrong.mean(axis=0).std()))
    expected = 0.1 * np.sqrt(np.array([1.0 / 6.0, (1.0 + 5.0 * 0.5) / 6.0, 1.0]))
    np.testing.assert_allclose(spread, expected, rtol=0.03)


def test_groupthink_makes_the_opinion_of_the_leader_err_more() -> None:
    spread = []
    for groupthink in (0.0, 1.0):
        changes = {"influence.groupthink": groupthink, "influence.judgement_error": 0.1}
        n = build(load_scenario("february_2025", changes), 2000, 1)
        for _ in range(2):
            n.open_week()
            n.close_week()
        spread.append(float(n.store.row("opinion", row(n, "donald_trump"))[0].std()))
    assert spread[1] > 1.2 * spread[0]


def test_a_single_adviser_has_nobody_to_think_like() -> None:
    assert likeness(np.array([[0.7]])).tolist() == [[0.0]]


def test_engines_agree_when_leads_change() -> None:
    setting = load_scenario(
        "february_2025",
        {"influence.access_memory": 0.5, "influence.lead_margin": 0.02, "time.horizon": 40},
    )
    one, other = (simulate(setting, 40, 2, engine=engine) for engine in ("numpy", "traced"))
    assert not unequal(one, other, 1e-9)
    assert (one.outcomes["lead_changes_us"] > 0.0).any()
