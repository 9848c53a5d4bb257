"""Whatever the numbers, states stay what they are: shares, counts, sizes; and worlds are alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from experiments.engine import Run, build, simulate
from model.negotiation import Negotiation
from model.schema.declarations import Declaration
from model.schema.scenario import load_scenario
from tests.bits import faults, unequal
from tests.model.schema.test_mechanisms import HOT

SETTING = load_scenario("february_2025")
WEEKS, WORLDS = 30, 6
SECTIONS = (
    "economy", "values", "talks", "influence", "trust", "ratification", "retaliation", "approval",
    "channels", "coercion", "gestures", "summits", "truce", "revocation", "compliance", "campaign",
    "third", "sides", "actors",
)  # fmt: skip
FREE = [
    number
    for name, number in SETTING.parameters().items()
    if name.partition(".")[0] in SECTIONS and not (number.integer or number.built_in)
]
FINITE = (
    "arrears", "cred_executed", "cred_backed", "threat_size", "threat_weeks", "leaked", "controls",
    "pain", "gains", "reservation", "belief_shift", "trade", "income", "burden", "stake",
)  # fmt: skip


def values(number: Declaration) -> st.SearchStrategy[float]:
    """Draw a number from its declared range, its ends among them."""
    return st.floats(float(number.low), float(number.high))


@st.composite
def changes(draw: Callable[..., Any]) -> dict[str, float]:
    """Draw some numbers of the scenario anew."""
    chosen = draw(st.lists(st.sampled_from(FREE), min_size=20, max_size=60, unique_by=id))
    drawn = {number.name: draw(values(number)) for number in chosen}
    if "coercion.size_least" in drawn or "coercion.size_most" in drawn:
        least = drawn.get("coercion.size_least", 0.05)
        drawn["coercion.size_most"] = max(drawn.get("coercion.size_most", 1.0), least, 0.05)
    return drawn


def broken(n: Negotiation) -> list[str]:
    """Return what is wrong with the states of a negotiation."""
    store, found = n.store.named, faults_but_open(n)
    for name in ("compliance", "level", "agreement", "offer", "opinion", "limited", "trust"):
        known = store(name)[np.isfinite(store(name))]
        top = 3.0 if name == "level" else 1.0
        if not ((known >= 0.0) & (known <= top)).all():
            found.append(f"{name} out of bounds")
    for name in FINITE:
        if not np.isfinite(store(name)).all():
            found.append(f"{name} not finite")
    for name in ("kept", "broken", "cred_executed", "cred_backed"):
        if not (store(name) > 0.0).all():
            found.append(f"{name} not positive")
    for name in ("tariff", "controls", "arrears", "truce_weeks", "gesture_weeks", "leaked"):
        if not (store(name) >= 0.0).all():
            found.append(f"{name} negative")
    least, most = store("coercion.size_least"), store("coercion.size_most")
    size = store("threat_size")
    if not ((size == 0.0) | ((size >= least) & (size <= most))).all():
        found.append("threat_size out of bounds")
    for name, known_values in (("phase", 3), ("threat_kind", 4), ("revoked", 2), ("turn", 2)):
        if not np.isin(store(name), np.arange(known_values)).all():
            found.append(f"{name} unknown")
    for side in n.keys.sides:
        rows = [i for i, card in enumerate(n.setting.constituencies.values()) if card.side == side]
        if not np.allclose(store("weight")[rows].sum(axis=0), 1.0, rtol=0.0, atol=1e-12):
            found.append(f"weights of {side}")
    return found


def faults_but_open(n: Negotiation) -> list[str]:
    """Return the general faults, but for what is none of a number before a deal."""
    return [fault for fault in faults(n) if fault != "compliance is not finite"]


@settings(max_examples=15, phases=[Phase.generate])  # to shrink a model's numbers takes minutes
@given(changes())
def test_states_stay_what_they_are(drawn: dict[str, float]) -> None:
    sweep = {name: np.full(WORLDS, value) for name, value in drawn.items()}
    n = build(SETTING, WORLDS, seed=8, sweep=sweep)
    for _ in range(WEEKS):
        deals, before = n.store["deals"].copy(), n.store["executed"].copy()
        n.step()
        assert not broken(n), n.week
        assert (n.store["deals"] >= deals).all()
        assert (n.store["executed"] >= before).all()
        over = n.store["executed"] + n.store["backed_down"]
        assert (over <= n.store["threats"] + 1.0).all()


@pytest.fixture(scope="module")
def crowd() -> Run:
    """Return worlds in which everything happens."""
    return simulate(load_scenario("february_2025", HOT), 150, seed=6, record="everything")


class TestWidth:
    """With all mechanisms on, a world is the same alone, among few and among many."""

    def test_all_happens(self, crowd: Run) -> None:
        for column in ("truces", "summits", "leaks", "gestures_us", "gestures_cn", "postponed_us",
                       "backed_down_us", "answers_us", "revoked_us", "deals"):  # fmt: skip
            assert crowd.outcomes[column].sum() > 0, column
        assert crowd.outcomes["broken_week"].notna().any()

    @pytest.mark.parametrize(("first", "width"), [(0, 1), (61, 1), (148, 2), (30, 7), (90, 33)])
    def test_alone_or_among_others(self, crowd: Run, first: int, width: int) -> None:
        few = simulate(crowd.scenario, width, seed=6, record="everything", first=first)
        assert not unequal(few, crowd)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("coercion.tension_slope", 1.3),
            ("compliance.arrears_memory", 0.83),
            ("truce.slope", 4.7),
            ("gestures.hazard", 0.4),
            ("sides.US.volatility", 0.77),
            ("summits.push", 0.31),
            ("revocation.hawk_slope", 15.0),
        ],
    )
    def test_once_or_as_an_array(self, crowd: Run, name: str, value: float) -> None:
        own = load_scenario("february_2025", HOT | {name: value})
        once = simulate(own, 7, seed=6, record="everything")
        swept = simulate(crowd.scenario, 7, 6, {name: np.full(7, value)}, "everything")
        assert not unequal(swept, once)
        assert unequal(once, crowd)


def test_a_long_trade_war_leaves_some_trade() -> None:
    """Trade that has digested half of a prohibitive tariff is little, and not less than nothing."""
    n = build(SETTING, WORLDS, seed=8)
    n.store["tariff"] = np.full((2, WORLDS), 1.45)
    for _ in range(104):
        n.economy.feel(n.store)
        assert (n.store["trade_level"] > 0.0).all()
        assert (n.store["exports_level"] > 0.0).all()
    assert (n.store["trade_level"] < 0.3).all()
