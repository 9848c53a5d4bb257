"""Truces come as often as their hazards say, and last between their bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.engine import build
from model.arrays import Array
from model.phases.truces import make_truce
from model.rules import truce
from model.schema.scenario import load_scenario
from model.state.state import NONE, TRUCE
from tests.pair import pair

WORLDS, WEEKS = 3000, 90


@pytest.fixture(scope="module")
def waits() -> Array:
    """Return the week of the first truce under a constant hazard of .08 (R,), -1 if none came."""
    ready = np.sqrt(0.08)
    overrides = {
        "truce.slope": 0.0,
        "truce.intercept": float(np.log(ready / (1.0 - ready))),
        "truce.scale": 1.0,
        "off": [],
    }
    talks = build(load_scenario("classroom", overrides), WORLDS, seed=7)
    first = np.full(WORLDS, NONE)
    for week in range(1, WEEKS + 1):
        talks.week = week
        make_truce(talks)
        first = np.where((first == NONE) & (talks.store["phase"] == TRUCE), week, first)
    return first


class TestWait:
    """Limit 19: under constant hazards the wait is geometric."""

    def test_its_mean(self, waits: Array) -> None:
        came = waits[waits != NONE]
        assert came.size > 0.998 * WORLDS
        error = np.sqrt(0.92) / 0.08 / np.sqrt(WORLDS)
        assert abs(came.mean() - 1.0 / 0.08) < 3.5 * error

    @pytest.mark.parametrize("week", [1, 5, 12, 30])
    def test_its_tail(self, waits: Array, week: int) -> None:
        lasting = 0.92**week
        error = np.sqrt(lasting * (1.0 - lasting) / WORLDS)
        assert abs(((waits > week) | (waits == NONE)).mean() - lasting) < 4 * error

    def test_it_has_no_memory(self, waits: Array) -> None:
        for passed in (0, 6, 20):
            at_risk = waits > passed
            error = np.sqrt(0.08 * 0.92 / at_risk.sum())
            assert abs((waits[at_risk] == passed + 1).mean() - 0.08) < 4 * error


class TestReadiness:
    @given(st.floats(-20.0, 5.0), st.floats(0.0, 50.0), st.floats(-1.0, 3.0))
    def test_it_is_a_logit_that_rises_with_pain(
        self, intercept: float, slope: float, pain: float
    ) -> None:
        found = truce.readiness(pair(intercept), pair(slope), pair(pain))
        more = truce.readiness(pair(intercept), pair(slope), pair(pain + 0.1))
        assert (more >= found).all()
        assert found == pytest.approx(1.0 / (1.0 + np.exp(-(intercept + slope * pain))))

    def test_no_pain_is_too_much_for_it(self) -> None:
        assert truce.readiness(pair(-5.0), pair(50.0), pair(1e3)).tolist() == [1.0, 1.0]
        assert truce.readiness(pair(-1e3), pair(50.0), pair(0.0)).max() < 1e-300

    def test_without_pain_almost_never(self) -> None:
        assert truce.readiness(pair(-5.0), pair(7.0), pair(0.0))[0] == pytest.approx(
            0.0066929, rel=1e-4
        )


class TestLength:
    @given(st.floats(1.0, 104.0), st.floats(1.0, 260.0), st.floats(0.0, 0.999999))
    def test_whole_weeks_between_the_bounds(
        self, shortest: float, longest: float, chance: float
    ) -> None:
        weeks = truce.length(pair(shortest), pair(longest), pair(chance))[0]
        assert weeks == np.floor(weeks)
        assert np.floor(shortest) <= weeks <= max(longest, shortest)


class TestRevocation:
    def test_an_even_congress_has_the_bare_hazard(self) -> None:
        found = truce.revocation_chance(*(pair(v) for v in (0.0006, 0.5, 4.0, 0.0, 2.0)))
        assert found.tolist() == [0.0006, 0.0006]

    def test_hawks_and_mistrust_raise_it(self) -> None:
        found = truce.revocation_chance(*(pair(v) for v in (0.0006, 0.75, 4.0, 0.5, 2.0)))
        assert found == pytest.approx(0.0006 * np.exp(2.0))

    def test_it_is_a_chance(self) -> None:
        found = truce.revocation_chance(*(pair(v) for v in (0.05, 1.0, 20.0, 1.0, 20.0)))
        assert found.tolist() == [1.0, 1.0]

    @pytest.mark.parametrize(("hazard", "expected"), [(0.0, 0.0), (0.05, 1.0)])
    def test_a_boundless_mistrust_overflows_nowhere(self, hazard: float, expected: float) -> None:
        found = truce.revocation_chance(*(pair(v) for v in (hazard, 1.0, 20.0, 500.0, 20.0)))
        assert found.tolist() == [expected, expected]
