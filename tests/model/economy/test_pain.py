"""The economy as it is felt: units, reliefs and starts, and no side privileged."""

import numpy as np
import pytest

from model.arrays import Array
from model.economy.grid import WIDTH, EconomyGrid, column
from model.economy.pain import LATE_2019, NoEconomy, economy_of
from model.negotiation import Negotiation
from model.schema.scenario import load_scenario
from model.sides import SIDES
from model.state.names import StateName
from tests.worlds import talks

BASE = np.array([0.03092, 0.07992])  # tariffs of January 2018, as the grid has them
PLAIN = {  # nothing but tariffs hurts, and all worlds are alike
    "economy.elasticity_spread": 0,
    "constituencies.finance.exposure.uncertainty": 0,
    "sides.US.controls": 0,
    "sides.CN.controls": 0,
    "sides.CN.weakness": 0,
}
STILL = {  # nobody meets, threatens or yields
    "talks.rate": 0,
    "summits.call": 0,
    "coercion.hazard": 0,
    "gestures.hazard": 0,
    "truce.scale": 0,
    "time.shock_rate": 0,
}


def feel(negotiation: Negotiation, us: float, cn: float, short: bool = False) -> None:
    """Let a pair of tariffs be felt that trade has digested, or in the short run not at all."""
    store = negotiation.store
    tariff = np.array([us, cn])[:, None] + np.zeros((2, 3))
    left = np.exp2(-1.0 / store["economy.adjustment_half_life"])
    store["tariff"] = tariff
    store["digested"] = tariff + (BASE[:, None] - tariff) / left if short else tariff
    negotiation.economy.feel(store)


def weighed(negotiation: Negotiation, name: StateName) -> Array:
    """Return the sum over each side's groups of weight times a state (2, R)."""
    cards = negotiation.setting.constituencies.values()
    at_home = np.array([[card.side == side for card in cards] for side in negotiation.keys.sides])
    store = negotiation.store
    parts: Array = store["weight"] * store[name]
    return np.stack([parts[row].sum(axis=0) for row in at_home])


class TestUnit:
    """A side's pain under the tariffs of late 2019 is one."""

    @pytest.mark.parametrize(
        "overrides", [{}, {"constituencies.farm_states.weight": 60}], ids=["shipped", "reweighted"]
    )
    def test_it_is_one_in_the_short_run(self, overrides: dict[str, float]) -> None:
        negotiation = talks(PLAIN | overrides)
        feel(negotiation, *LATE_2019, short=True)
        np.testing.assert_allclose(weighed(negotiation, "raw_pain"), 1.0, atol=1e-9)

    def test_tariffs_of_january_2018_hurt_nobody(self) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, *BASE)
        np.testing.assert_allclose(negotiation.store["raw_pain"], 0.0, atol=1e-9)
        np.testing.assert_allclose(negotiation.store["income_level"], 1.0, atol=1e-12)
        np.testing.assert_allclose(negotiation.store["trade_level"], 1.0, atol=1e-12)

    def test_it_hurts_more_at_higher_tariffs(self) -> None:
        negotiation = talks(PLAIN)
        pains = []
        for level in (0.1, 0.2, 0.4, 0.8):
            feel(negotiation, level, level, short=True)
            pains.append(weighed(negotiation, "raw_pain"))
        assert np.all(np.diff(pains, axis=0) > 0.0)


class TestOffTheGrid:
    """Losses that no tariff causes."""

    def test_each_reaches_its_group_alone(self) -> None:
        feel(plain := talks(PLAIN), 0.3, 0.3)
        feel(full := talks({"economy.elasticity_spread": 0}), 0.3, 0.3)
        more = full.store["raw_pain"] - plain.store["raw_pain"]
        hurt = {full.keys.groups[row] for row in np.flatnonzero(more.max(axis=1) > 1e-12)}
        assert hurt == {"tech_firms", "local_governments", "green_industries", "import_competing"}
        assert more.min() > -1e-12  # tariffs stood still, so finance has nothing to fear
        feel(full, 0.5, 0.3)
        digested = full.store["digested"].copy()
        full.store["tariff"] = digested + 0.1
        full.economy.feel(full.store)
        calm, now = talks(PLAIN), full.store["raw_pain"][full.keys.groups.index("finance")]
        calm.store["tariff"], calm.store["digested"] = digested + 0.1, digested
        calm.economy.feel(calm.store)
        assert np.all(now > calm.store["raw_pain"][full.keys.groups.index("finance")])

    def test_withdrawn_controls_hurt_no_more(self) -> None:
        negotiation = talks({"economy.elasticity_spread": 0})
        row = negotiation.keys.groups.index("tech_firms")
        before = negotiation.store["raw_pain"][row].copy()
        controls = negotiation.store["controls"]
        negotiation.store["controls"] = np.stack([np.array([0.0, 0.5, 1.0]), controls[1]])
        negotiation.economy.feel(negotiation.store)
        after = negotiation.store["raw_pain"][row]
        drop = before - after
        np.testing.assert_allclose(drop / drop[0], [1.0, 0.5, 0.0], atol=1e-3)
        assert drop[0] > 0.1


class TestRelief:
    """What the other's tariff costs, which is what lifting it is worth."""

    def test_there_is_none_at_the_base(self) -> None:
        negotiation = talks()
        feel(negotiation, *BASE)
        np.testing.assert_allclose(negotiation.store["relief"], 0.0, atol=1e-12)
        np.testing.assert_allclose(negotiation.store["group_relief"], 0.0, atol=1e-12)
        assert np.all(negotiation.store["uncovered"] == 1.0)

    def test_a_side_s_is_that_of_its_groups_weighed(self) -> None:
        negotiation = talks(weeks=3)
        np.testing.assert_allclose(
            weighed(negotiation, "group_relief"), negotiation.store["relief"], atol=1e-12
        )
        assert np.all(negotiation.store["relief"] > 0.0)

    def test_it_is_the_fall_of_pain_if_the_other_goes_back_to_its_base(self) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, 0.3, 0.2, short=True)
        before, relief = weighed(negotiation, "raw_pain"), negotiation.store["relief"].copy()
        feel(negotiation, BASE[0], 0.2, short=True)
        np.testing.assert_allclose((before - weighed(negotiation, "raw_pain"))[1], relief[1])
        feel(negotiation, 0.3, BASE[1], short=True)
        np.testing.assert_allclose((before - weighed(negotiation, "raw_pain"))[0], relief[0])

    def test_the_more_trade_relief_restores_the_less_of_a_purchase_is_new(self) -> None:
        negotiation = talks()
        shares = []
        for level in (BASE[1], 0.2, 0.5):
            feel(negotiation, 0.2, level)
            shares.append(negotiation.store["uncovered"].copy())
        assert np.all(np.diff(shares, axis=0)[:, 0] < 0.0)  # to the US, which is promised purchases
        assert np.all(np.array(shares)[:, 1] == 1.0)
        assert np.all((np.array(shares) >= 0.0) & (np.array(shares) <= 1.0))


class TestStart:
    """Incomes and trade are relative to the start."""

    def test_they_begin_at_one(self) -> None:
        store = talks().store
        assert np.all(store["income"] == 1.0)
        assert np.all(store["trade"] == 1.0)
        np.testing.assert_array_equal(store["income_start"], store["income_level"])
        np.testing.assert_array_equal(store["pain"], store["pain_at_start"])

    def test_they_stay_there_while_nothing_happens(self) -> None:
        still = talks({"events.0.size": 0} | STILL, weeks=2).store
        np.testing.assert_array_equal(still["income"], 1.0)
        np.testing.assert_allclose(still["side_pain"], 0.0, atol=1e-12)

    def test_the_tariff_of_february_costs_both_trade_and_income(self) -> None:
        after = talks(STILL, weeks=4).store
        assert np.all(after["trade"] < 1.0)
        assert np.all(after["income"][1] < 1.0)


def test_an_economy_without_a_table_hurts_nobody() -> None:
    negotiation = talks(name="classroom", weeks=3)
    assert isinstance(economy_of(load_scenario("classroom")), NoEconomy)
    for name in ("raw_pain", "relief", "side_pain"):
        assert not negotiation.store[name].any()
    assert np.all(negotiation.store["income"] == 1.0)


def test_digestion_halves_the_gap_in_its_half_life() -> None:
    negotiation = talks({"economy.adjustment_half_life": 8})
    store = negotiation.store
    store["tariff"] = store["digested"] + 0.2
    for _ in range(8):
        negotiation.economy.feel(store)
    np.testing.assert_allclose(store["tariff"] - store["digested"], 0.1)


def group(negotiation: Negotiation, name: str) -> int:
    """Return the row of a group."""
    return negotiation.keys.groups.index(name)


def moved(negotiation: Negotiation, by_us: float, by_cn: float) -> Array:
    """Return the raw pain (groups, R) where tariffs have just moved by so much."""
    store = negotiation.store
    store["tariff"] = np.full((2, 3), 0.3)
    left = np.exp2(-1.0 / store["economy.adjustment_half_life"])
    store["digested"] = store["tariff"] - np.array([[by_us], [by_cn]]) / left
    negotiation.economy.feel(store)
    pain: Array = store["raw_pain"].copy()
    return pain


class TestLosses:
    """What else hurts than tariffs, by its formula."""

    def test_moves_of_both_tariffs_up_or_down_make_uncertain(self) -> None:
        share = "constituencies.finance.exposure.uncertainty"
        loud, calm = talks(PLAIN | {share: 0.1}), talks(PLAIN)
        late = feel_late(calm)
        row = group(calm, "finance")
        for moves in ((0.1, 0.0), (0.0, 0.1), (0.1, 0.2), (-0.1, 0.2)):
            more = (moved(loud, *moves) - moved(calm, *moves))[row]
            percent = 100.0 * 0.5 * (abs(moves[0]) + abs(moves[1]))
            np.testing.assert_allclose(more, 0.1 * percent / late[0], rtol=1e-9)

    def test_a_shock_adds_to_the_pain(self) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, 0.2, 0.2)
        before = negotiation.store["raw_pain"].copy()
        shock = np.zeros_like(before)
        shock[2] = 0.4
        negotiation.store["shock_pain"] = shock
        negotiation.economy.feel(negotiation.store)
        np.testing.assert_allclose(negotiation.store["raw_pain"] - before, shock, atol=1e-12)

    @pytest.mark.parametrize("side", SIDES)
    def test_controls_hurt_buyers_across_and_sellers_at_home(self, side: int) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, 0.2, 0.2)
        before = negotiation.store["raw_pain"].copy()
        controls = np.zeros((2, 3))
        controls[side] = 1.0
        negotiation.store["controls"] = controls
        negotiation.economy.feel(negotiation.store)
        cards = list(negotiation.setting.constituencies.values())
        more = negotiation.store["raw_pain"] - before
        late = feel_late(negotiation)
        for row, card in enumerate(cards):
            if card.side in negotiation.keys.sides:
                home = negotiation.keys.sides.index(card.side)
                name = "export_controls" if home == side else "foreign_controls"
                expected = card.exposure.get(name, 0.0) / late[home]
                np.testing.assert_allclose(more[row], expected, atol=1e-12)

    def test_goods_turned_away_hurt_those_abroad(self) -> None:
        negotiation = talks(PLAIN | {"third.overcapacity": 0.5})
        without = talks(PLAIN | {"third.overcapacity": 0.0})
        row = next(r for r, c in enumerate(negotiation.setting.constituencies.values())
                   if "overcapacity" in c.exposure)  # fmt: skip
        for level, turns in ((0.6, True), (0.0, False)):
            feel(negotiation, level, 0.1)
            feel(without, level, 0.1)
            store = negotiation.store
            left = store["exports_level"] / store["exports_start"]
            assert (left < 1.0).all() == turns
            more = store["raw_pain"][row] - without.store["raw_pain"][row]
            np.testing.assert_allclose(more, 0.5 * np.maximum(1.0 - left, 0.0), atol=1e-12)
        np.testing.assert_allclose(
            store["exports_level"], level_of("exports_cn", 0.0, 0.1), atol=1e-9
        )


def feel_late(negotiation: Negotiation) -> Array:
    """Return what the groups of each side lose together under the tariffs of late 2019 (2,)."""
    late = negotiation.economy.late  # type: ignore[union-attr]
    cards = negotiation.setting.constituencies.values()
    at_home = np.array([[card.side == side for card in cards] for side in negotiation.keys.sides])
    lost: Array = (at_home * negotiation.store["weight"][:, 0] * late).sum(axis=1)
    return lost


def level_of(name: str, us: float, cn: float, family: str = "long") -> Array:
    """Return a series of the grid at a pair of tariffs and the usual elasticity (R,)."""
    grid = EconomyGrid.load()
    row = np.zeros((1, WIDTH))
    row[0, column(name)] = 1.0
    at = grid.locate(np.full(3, us), np.full(3, cn), np.full(3, 4.0))
    found: Array = grid.compile(row, family).at(at)[0]
    return found


class TestTrade:
    """Trade does not fall below what the higher tariff leaves in the long run."""

    @pytest.mark.parametrize("now", [0.0, 0.4, 1.5])
    @pytest.mark.parametrize("digested", [0.0, 0.4, 1.5])
    def test_it_keeps_what_the_long_run_leaves(self, now: float, digested: float) -> None:
        negotiation = talks(PLAIN)
        store = negotiation.store
        left = np.exp2(-1.0 / store["economy.adjustment_half_life"])
        store["tariff"] = np.full((2, 3), now)
        store["digested"] = store["tariff"] + (digested - now) / left
        negotiation.economy.feel(store)
        higher = max(now, digested)
        for state, name in (("trade_level", "trade"), ("exports_level", "exports_cn")):
            floor = level_of(name, higher, higher)
            both = level_of(name, now, now, "short") + level_of(name, digested, digested, "gap")
            np.testing.assert_allclose(store.named(state), np.maximum(both, floor), atol=1e-9)


class TestHarm:
    """What a tariff costs who pays it and who sets it, by the tariffs of late 2019."""

    RISE = np.array(LATE_2019) - BASE

    def test_the_other_s_costs_what_its_relief_is_worth(self) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, *LATE_2019, short=True)
        expected = negotiation.store["relief"] / self.RISE[::-1, None]
        np.testing.assert_allclose(negotiation.store["harm"], expected, rtol=1e-9)
        assert (negotiation.store["harm"] > 0.5).all()

    def test_one_s_own_costs_what_one_s_groups_lose_by_it(self) -> None:
        negotiation = talks(PLAIN)
        feel(negotiation, *LATE_2019, short=True)
        before = weighed(negotiation, "raw_pain")
        for side, lifted in enumerate([(BASE[0], LATE_2019[1]), (LATE_2019[0], BASE[1])]):
            feel(negotiation, *lifted, short=True)
            own = (before - weighed(negotiation, "raw_pain"))[side]
            expected = np.maximum(own, 0.0) / self.RISE[side]
            np.testing.assert_allclose(negotiation.store["self_harm"][side], expected, atol=1e-9)

    def test_a_side_that_nothing_hurts_is_not_harmed(self) -> None:
        setting = load_scenario("february_2025")
        none = {
            f"constituencies.{key}.exposure.{name}": 0.0
            for key, card in setting.constituencies.items()
            for name in card.exposure
            if card.side == "CN"
        }
        store = talks(none).store
        assert (store["harm"][1] == 0.0).all()
        assert (store["self_harm"][1] == 0.0).all()
        assert (store["harm"][0] > 0.5).all()
        assert np.isfinite(store["raw_pain"]).all()


def test_of_a_purchase_only_what_relief_does_not_restore_in_two_years_is_new() -> None:
    setting = load_scenario("february_2025")
    key = next(k for k, issue in setting.issues.items() if issue.counts_above)
    negotiation = talks(PLAIN)
    amount = negotiation.store.of("issues", key, "amount")
    feel(negotiation, 0.2, 0.3, short=True)
    there = level_of("exports_us", 0.2, float(BASE[1]), "short")
    here = level_of("exports_us", 0.2, 0.3, "short")
    expected = np.clip(1.0 - 2.0 * (there - here) / amount, 0.0, 1.0)
    assert ((expected > 0.0) & (expected < 1.0)).all()
    np.testing.assert_allclose(negotiation.store["uncovered"][0], expected, rtol=1e-9)


def test_purchases_beside_what_relief_restores_and_no_purchases() -> None:
    setting = load_scenario("february_2025")
    key = next(k for k, issue in setting.issues.items() if issue.counts_above)
    name = f"issues.{key}.amount"
    negotiation = talks(PLAIN, sweep={name: np.array([0.0, 0.5, 200.0])})
    feel(negotiation, 0.2, 0.3, short=True)
    found = negotiation.store["uncovered"][0]
    assert found[:2].tolist() == [1.0, 0.0]  # nothing is promised; relief restores all of it
    assert 0.0 < found[2] < 1.0


def test_a_tariff_below_its_base_leaves_nothing_to_lift() -> None:
    negotiation = talks(PLAIN)
    feel(negotiation, 0.0, 0.0, short=True)
    assert not negotiation.store["relief"].any()
    assert (negotiation.store["uncovered"] == 1.0).all()


def test_without_an_owner_of_overcapacity_the_second_side_s_exports_are_looked_at() -> None:
    negotiation = talks(PLAIN | {"issues.overcapacity.third": False})
    feel(negotiation, 0.3, 0.1)
    expected = level_of("exports_cn", 0.3, 0.1)
    np.testing.assert_allclose(negotiation.store["exports_level"], expected, atol=1e-9)
