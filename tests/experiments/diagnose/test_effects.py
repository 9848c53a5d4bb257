"""Effects of mechanisms and actors are differences of runs with the same random numbers."""

import numpy as np
import pytest

from experiments.diagnose.effects import Removal, effects, removals, work
from experiments.engine import simulate
from experiments.statistics import Interval, paired_difference
from model.schema.mechanisms import MECHANISMS
from model.schema.scenario import load_scenario

SHORT = {"time.horizon": 30, "talks.window": 8.0, "talks.rate": 0.6}
WORLDS = 20
SETTING = load_scenario("february_2025", SHORT)


def test_an_effect_is_off_minus_on() -> None:
    found = {one.mechanism: one for one in effects(SETTING, WORLDS)}
    assert set(found) == set(MECHANISMS)
    off = load_scenario("february_2025", SHORT | {"off": ["threats"]})
    on, without = simulate(SETTING, WORLDS).outcomes, simulate(off, WORLDS).outcomes
    agreed, decoupled = (
        [1.0 * table["agreement_week"].notna().to_numpy() for table in (on, without)],
        [1.0 * (table["outcome"] == "decoupled").to_numpy() for table in (on, without)],
    )
    expected = paired_difference(agreed[0], agreed[1])
    assert found["threats"].agreement == pytest.approx(expected)
    expected = paired_difference(decoupled[0], decoupled[1])
    assert found["threats"].decoupled == pytest.approx(expected)
    assert 0.0 < found["threats"].changed <= 1.0


def test_the_largest_come_first() -> None:
    sizes = [one.size for one in effects(SETTING, WORLDS)]
    assert sizes == sorted(sizes, reverse=True)


def test_mechanisms_that_are_off_have_no_effect_to_measure() -> None:
    quiet = load_scenario("classroom", {"time.horizon": 5, "off": ["truce"]})
    assert "truce" not in {one.mechanism for one in effects(quiet, 3)}


def test_removals_are_one_for_each_adviser() -> None:
    setting = load_scenario("three_advisers", {"time.horizon": 20})
    found = removals(setting, 8)
    assert [one.removed for one in found] == [
        key for key, card in setting.actors.items() if card.kind != "leader"
    ]
    for one in found:
        assert set(one.terms) <= set(setting.sides)
        assert one.agreement.low <= one.agreement.estimate <= one.agreement.high


def test_a_scenario_of_leaders_only_has_nobody_to_remove() -> None:
    setting = load_scenario("split_the_pie", {"time.horizon": 5})
    leaders = {side.leader for side in setting.sides.values()}
    assert (removals(setting, 2) == []) == (set(setting.actors) == leaders)


def test_an_actor_counts_if_an_interval_excludes_zero() -> None:
    sure, unsure = Interval(0.2, 0.1, 0.3), Interval(0.1, -0.1, 0.3)
    assert Removal("a", sure, {"US": unsure}, 9).counts
    assert Removal("a", unsure, {"US": Interval(-0.2, -0.3, -0.1)}, 9).counts
    assert not Removal("a", unsure, {"US": unsure}, 9).counts


def test_progress_adds_up_to_the_work() -> None:
    setting = load_scenario("three_advisers", {"time.horizon": 4})
    passed: list[int] = []
    effects(setting, 3, 1, passed.append)
    removals(setting, 3, 1, passed.append)
    assert np.sum(passed) == work(setting, 3)
