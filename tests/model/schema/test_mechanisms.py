"""Every switch equals its neutral values, has an effect, and leaves other streams unchanged."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from agents.roster import cast
from experiments.engine import build
from model.arrays import Array, Mask
from model.negotiation import Negotiation
from model.records import outcome_columns
from model.schema.mechanisms import MECHANISMS, neutral
from model.schema.scenario import Scenario, load_scenario
from model.state.names import StateName
from model.state.random_streams import RandomStreams
from model.state.store import Store, Values
from tests.bits import same_bits

# Everything happens soon: threats, gestures, leaks, summits, truces, broken deals, events.
HOT: dict[str, Any] = {
    "time.horizon": 24, "time.shock_rate": 5.0, "talks.rate": 0.7, "talks.window": 6.0,
    "values.cost_scale": 0.8, "coercion.hazard": 0.15, "coercion.control_share": 0.3,
    "coercion.revocation_share": 0.1, "gestures.hazard": 0.1, "summits.call": 0.05,
    "channels.leak": 0.2, "truce.intercept": -2.0, "revocation.hazard": 0.02,
    "compliance.snapback": 0.1, "compliance.tolerance": 1.0, "sides.CN.legacy": 0.1,
    "sides.CN.ratification": "constituency", "third.coordination": 0.6, "events.1.week": 20,
    "coercion.reputation": 0.5,
    "implementation.review": 3.0, "implementation.second_phase": 1.0,
}  # fmt: skip
NAMES = list(MECHANISMS)
WORLDS, WEEKS, SEED = 40, 24, 4

# Where a mechanism never acted, its world is the same to the last bit without it.
UNTOUCHED: dict[str, tuple[StateName, ...]] = {
    "postponement": ("postponed",), "retaliation": ("answers",), "gestures": ("gestures",),
    "exposure": ("leaks",), "summits": ("summits",), "truce": ("truces",),
    "shocks": ("happened",), "revocation": ("revoked",),
}  # fmt: skip


@pytest.fixture(scope="module")
def hot() -> Scenario:
    """Return talks in which everything happens soon."""
    return load_scenario("february_2025", HOT)


def blocks(setting: Scenario, changes: list[Mapping[str, float]], worlds: int) -> Negotiation:
    """Return a negotiation in which the same worlds stand once for each set of changed numbers."""
    values = {name: declared.value for name, declared in setting.parameters().items()}
    swept = {}
    for name in {name for change in changes for name in change}:
        column = [change.get(name, values[name]) for change in changes]
        swept[name] = np.repeat(np.array(column, dtype=np.float64), worlds)
    numbers = np.tile(np.arange(worlds, dtype=np.intp), len(changes))
    return Negotiation(
        setting, cast, Store(numbers.size, values, swept), RandomStreams(SEED, numbers)
    )


def simulated(negotiation: Negotiation, weeks: int) -> list[dict[StateName, Values]]:
    """Return all states of every week."""
    found = []
    for _ in range(weeks):
        negotiation.step()
        states = negotiation.store.states
        found.append({name: negotiation.store[name].copy() for name in states})
    return found


class Blocks:
    """Hold the same worlds with everything on (place -1) and without each mechanism in turn."""

    def __init__(self, setting: Scenario) -> None:
        sides = list(setting.sides)
        changes = [neutral([name], sides) for name in NAMES]
        self.negotiation = blocks(setting, [*changes, {}], WORLDS)
        self.weeks = simulated(self.negotiation, WEEKS)

    def of(self, name: str | None, values: Values) -> Values:
        """Return the worlds without a mechanism, or those with all."""
        place = NAMES.index(name) if name else len(NAMES)
        return np.ascontiguousarray(values[..., place * WORLDS : (place + 1) * WORLDS])

    def idle(self, name: str) -> Mask:
        """Return in which worlds with all mechanisms this one never acted (R,)."""
        acted = np.zeros(WORLDS)
        for state in UNTOUCHED[name]:
            acted = acted + self.of(None, self.weeks[-1][state]).reshape(-1, WORLDS).sum(axis=0)
        idle: Mask = acted == 0.0
        return idle


@pytest.fixture(scope="module")
def sets(hot: Scenario) -> Blocks:
    """Return the worlds without each mechanism, by neutral numbers."""
    return Blocks(hot)


@pytest.mark.parametrize("name", NAMES)
class TestSwitch:
    def test_its_neutral_numbers_are_declared(self, hot: Scenario, name: str) -> None:
        known = hot.parameters()
        changed = neutral([name], list(hot.sides))
        for place, value in changed.items():
            assert known[place].low <= value <= known[place].high, place
        assert any(known[place].value != value for place, value in changed.items())

    def test_off_is_neutral_bit_for_bit(self, hot: Scenario, sets: Blocks, name: str) -> None:
        off = build(hot.model_copy(update={"off": [name]}), WORLDS, SEED)
        for week in range(10):
            off.step()
            apart = {
                state
                for state in off.store.states
                if not same_bits(off.store[state], sets.of(name, sets.weeks[week][state]))
            }
            assert not apart, (week, apart)

    def test_it_moves_an_outcome(self, sets: Blocks, name: str) -> None:
        columns = outcome_columns(sets.negotiation)
        moved = {
            column
            for column, values in columns.items()
            if not _same(sets.of(None, values), sets.of(name, values))
        }
        assert moved

    def test_week_0_does_not_know_it(self, hot: Scenario, name: str) -> None:
        """What is drawn for good is the same, whatever is switched off."""
        drawn = ["resolve", "group_threshold", "elasticity", "real", "capacity"]
        drawn += ["worth"] if name not in ("hardening", "curved_values") else []
        talks = blocks(hot, [{}, neutral([name], list(hot.sides))], 5)
        for state in drawn:
            values: Array = talks.store.named(state)
            one, other = np.split(values, 2, axis=-1)
            assert same_bits(np.ascontiguousarray(one), np.ascontiguousarray(other)), state


@pytest.mark.parametrize("name", UNTOUCHED)
def test_a_world_in_which_it_never_acted_does_not_miss_it(calm: Blocks, name: str) -> None:
    idle = calm.idle(name)
    assert idle.any()
    for week in calm.weeks:
        for state, values in week.items():
            one, other = calm.of(None, values), calm.of(name, values)
            assert same_bits(one[..., idle].copy(), other[..., idle].copy()), state


@pytest.fixture(scope="module")
def calm() -> Blocks:
    """Return worlds in which things happen here and there."""
    overrides = HOT | {
        "coercion.hazard": 0.02, "gestures.hazard": 0.01, "summits.call": 0.002,
        "summits.gap": 0.02,
        "channels.leak": 0.02, "truce.intercept": -3.5, "revocation.hazard": 0.002,
        "coercion.revocation_share": 0.0, "time.shock_rate": 1.0, "events.0.size": 0.0,
        "talks.rate": 0.3, "coercion.expected_answer": 0.0,  # retaliation acts before it happens
    }  # fmt: skip
    return Blocks(load_scenario("february_2025", overrides))


def _same(one: Values, other: Values) -> bool:
    if one.dtype == object:
        return bool(np.array_equal(one, other))
    return same_bits(one, other)
