"""Shipped scenarios run, say where their numbers come from, and variants differ as they say."""

import tomllib
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.engine import build, simulate
from model.schema.reading import read, shipped
from model.schema.scenario import load_scenario
from model.state.keys import STANCES
from tests.oracles.influence import settled, weight_matrix

WORLDS = 20
WEEKS = 52  # enough for threats, sessions and deals to differ
VARIANTS = {name: base for name, path in shipped().items() if (base := read(path).get("extends"))}
# Empty where a world has no deal, no broken deal or no failure to tell of.
MAY_BE_EMPTY = {
    "agreement_week", "enforcement", "compliance", "pareto_gap", "nash_gap", "last_deal",
    "broken_week", "broken_by", "refused_by", "warm_trials",
}  # fmt: skip


@cache
def outcomes(name: str, **overrides: Any) -> pd.DataFrame:
    """Return what comes of some worlds of a scenario."""
    weeks = min(load_scenario(name).time.horizon, WEEKS)
    setting = load_scenario(name, {"time.horizon": weeks} | overrides)
    return simulate(setting, WORLDS, seed=3).outcomes


@pytest.mark.parametrize("name", shipped())
class TestEveryScenario:
    """All that comes with the model."""

    def test_it_runs_without_holes(self, name: str) -> None:
        found = outcomes(name)
        assert len(found) == WORLDS
        agreed = [column for column in map(str, found) if column.startswith("agreed_")]
        full = [column for column in found if column not in {*MAY_BE_EMPTY, *agreed}]
        assert found[full].notna().all().all()
        numbers = found.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any()
        in_force = found[found["outcome"].isin(["mini deal", "comprehensive deal"])]
        assert (
            in_force[[*agreed, "agreement_week", "enforcement", "pareto_gap"]].notna().all().all()
        )

    def test_it_says_where_its_numbers_come_from(self, name: str) -> None:
        setting = load_scenario(name)
        assert setting.title
        assert setting.description
        assert all(declared.source.strip() for declared in setting.parameters().values())


@pytest.mark.parametrize(("name", "base"), VARIANTS.items(), ids=list(VARIANTS))
class TestVariants:
    """Scenarios that say only what differs from another."""

    def test_it_ends_otherwise_with_the_same_luck(self, name: str, base: str) -> None:
        assert not outcomes(name).equals(outcomes(base))

    def test_it_has_a_title_of_its_own_and_a_source_for_each_number(
        self, name: str, base: str
    ) -> None:
        variant, usual = load_scenario(name), load_scenario(base)
        assert variant.title != usual.title
        assert variant.description != usual.description
        before = usual.parameters()
        for key, declared in variant.parameters().items():
            if declared.value != before[key].value:
                assert declared.source.startswith("scenario"), key

    def test_every_line_of_it_changes_something(self, name: str, base: str) -> None:
        own = leaves(read_alone(name))
        usual = leaves(load_scenario(base).model_dump())
        idle = [key for key, value in own.items() if usual.get(key) == value]
        assert not idle


def read_alone(name: str) -> dict[str, Any]:
    """Return what a variant says itself, without its name and what it extends."""
    content = tomllib.loads(shipped()[name].read_text(encoding="utf-8"))
    return {key: value for key, value in content.items() if key not in ("name", "extends")}


def leaves(table: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Return the values of nested tables by dotted name."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = value
    return found


def test_the_variants_are_known() -> None:
    assert set(VARIANTS) >= {
        "no_back_channel", "hawks_lead", "strong_enforcement", "pntr_on_the_table",
        "friendly_congress",
    }  # fmt: skip


def test_without_back_channels_nobody_is_in_contact() -> None:
    negotiation = build("no_back_channel", WORLDS, seed=3)
    for _ in range(12):
        negotiation.step()
        assert not negotiation.store["contact"].any()
    assert not outcomes("no_back_channel")["leaks"].any()
    assert outcomes("february_2025")["leaks"].any()


def test_what_is_switched_off_leaves_contacts_without_effect() -> None:
    silent = outcomes("no_back_channel")
    idle = outcomes("no_back_channel", **{"channels.contact": 0.5})
    pd.testing.assert_frame_equal(silent, idle)


def test_normal_trade_relations_end_more_often_when_on_the_table() -> None:
    revoked = [outcomes(n)["revoked_us"].sum() for n in ("pntr_on_the_table", "february_2025")]
    assert revoked[0] > revoked[1]
    assert not outcomes("friendly_congress")["revoked_us"].any()


def test_strong_enforcement_binds_every_deal() -> None:
    found = outcomes("strong_enforcement")["enforcement"].dropna()
    assert len(found) > 0
    assert (found >= 0.8).all()


class TestThreeAdvisers:
    """Influence alone, with a closed form."""

    def test_opinions_settle_where_friedkin_and_johnsen_say(self) -> None:
        negotiation = build("three_advisers", WORLDS, seed=3)
        while negotiation.running:
            negotiation.step()
        actors = negotiation.setting.actors
        weights = weight_matrix(negotiation.graph.subgraph(actors).copy(), list(actors))
        ears = np.array([card.susceptibility for card in actors.values()])
        for row, stance in enumerate(STANCES):
            private = np.array([getattr(card, stance) for card in actors.values()])
            expected = settled(weights, ears, private)
            found = negotiation.store["opinion"][: len(actors), row]
            np.testing.assert_allclose(found, np.tile(expected, (WORLDS, 1)).T, atol=1e-9)

    def test_the_leader_of_its_comment(self) -> None:
        negotiation = build("three_advisers", WORLDS, seed=3)
        negotiation.step()
        np.testing.assert_allclose(negotiation.people["first_leader"].opinion[0], 0.612)

    def test_nothing_else_happens(self) -> None:
        found = outcomes("three_advisers")
        assert set(found["outcome"]) == {"stalemate"}
        for column in ("sessions", "threats_first", "threats_second", "truces", "deals"):
            assert not found[column].any()


class TestTradeWar2018:
    """The state of January 2018."""

    def test_it_starts_at_the_bases_without_pain_above_them(self) -> None:
        negotiation = build("trade_war_2018", WORLDS, seed=3)
        store = negotiation.store
        assert store["tariff"].tolist() == [[0.03092] * WORLDS, [0.07992] * WORLDS]
        for side in ("US", "CN"):
            np.testing.assert_array_equal(
                store.of("sides", side, "tariff"), store.of("sides", side, "tariff_base")
            )
        np.testing.assert_array_equal(store["side_pain"], 0.0)
        np.testing.assert_allclose(store["relief"], 0.0, atol=1e-12)
        np.testing.assert_allclose(negotiation.store["trade_level"], 1.0, atol=1e-3)

    def test_relief_is_worth_nothing_at_first_and_then_grows(self) -> None:
        start = build("trade_war_2018", WORLDS, seed=3)
        row = list(start.setting.issues).index("us_tariff_relief")
        np.testing.assert_allclose(start.store["gains"][:, row], 0.0, atol=1e-12)
        later = build(load_scenario("trade_war_2018", {"sides.US.tariff": 0.13092}), WORLDS, seed=3)
        owner, receiver = later.store["gains"][:, row]
        assert (receiver > 0.0).all()
        assert (owner < 0.0).all()

    def test_the_model_makes_the_tariffs(self) -> None:
        setting = load_scenario("trade_war_2018")
        assert {event.kind for event in setting.events} == {"election", "shock"}
        found = outcomes("trade_war_2018")
        assert (found["tariff_us_peak"] > 0.04).any()
        assert (found["tariff_cn_peak"] > 0.09).any()

    def test_no_legacy_and_no_back_channel(self) -> None:
        setting = load_scenario("trade_war_2018")
        assert all(side.record_observations <= 2 for side in setting.sides.values())
        assert not any(card.kind == "intermediary" for card in setting.actors.values())
        assert not setting.sides["US"].can_revoke
