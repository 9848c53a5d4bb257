"""Promises, campaigns, events and the rest of the world, in talks whose numbers force them."""

import numpy as np
import pytest

from model.phases import home, opinions, promises, tariffs
from model.rules.settlement import break_deal
from model.schema.entries import Shock
from model.schema.mechanisms import MECHANISMS
from model.state.state import DEAL, TALKS
from tests.quiet import ACTING, CN, US, before, force, quiet, signed


class TestPromises:
    def test_what_is_not_kept_is_owed_and_costs_trust(self) -> None:
        n = quiet(4, {"compliance.precision": 0.0, "compliance.concentration": 1000.0},
                  on="shirking")  # fmt: skip
        signed(n, 0.6)
        owed = np.zeros((2, 4))
        for _ in range(6):
            n.week += 1
            kept, broken = before(n, "kept", "broken")
            promises.keep_or_break(n)
            share = n.store["compliance"]
            assert ((share > 0.0) & (share < 0.6)).all()
            owed = 0.95 * owed + (1.0 - share)
            assert n.store["arrears"] == pytest.approx(owed)
            assert n.store["kept"] == pytest.approx(kept + 0.2 * share[::-1])
            assert n.store["broken"] == pytest.approx(broken + 0.2 * (1.0 - share[::-1]))
            trusted = n.store["trust"].copy()
            home.judge(n)
            assert (n.store["trust"] < trusted).all()
        assert (n.store["deal_weeks"] == 6.0).all()

    def test_who_delivers_all_gains_trust(self) -> None:
        n = quiet()
        signed(n, 0.6)
        (trusted,) = before(n, "trust")
        for _ in range(5):
            n.week += 1
            promises.keep_or_break(n)
            home.judge(n)
        assert (n.store["compliance"] == 1.0).all()
        assert (n.store["arrears"] == 0.0).all()
        assert (n.store["trust"] > trusted).all()

    def test_capacity_limits_only_who_buys(self) -> None:
        n = quiet(4, {"compliance.precision": 50.0, "compliance.punishment": 3.0,
                      "compliance.concentration": 1000.0, "compliance.capacity": 0.3,
                      "compliance.capacity_spread": 0.0}, on="shirking")  # fmt: skip
        signed(n, 0.3)
        n.week += 1
        promises.keep_or_break(n)
        limited = n.store["limited"][CN]
        assert (limited > 0.1).all()
        assert (n.store["limited"][US] == 0.0).all()
        assert n.store["compliance"][CN] == pytest.approx(1.0 - 0.7 * limited, abs=0.02)

    def test_arrears_end_a_deal_and_all_snaps_back(self) -> None:
        n = quiet(4, {"compliance.snapback": 1.0}, on="snapback")
        n.store["clock"] = np.full(4, 9.0)
        tariff, controls = before(n, "tariff", "controls")
        signed(n)
        assert (n.store["tariff"] < tariff).all()
        assert (n.store["controls"][US] < controls[US]).all()
        n.store["arrears"] = np.array([[0.0] * 4, [500.0, 0.0, 500.0, 0.0]])
        n.week += 1
        promises.keep_or_break(n)
        ended = np.array([True, False, True, False])
        assert ((n.store["phase"] == TALKS) == ended).all()
        assert (n.store["broken_by"] == np.where(ended, CN, -1.0)).all()
        assert n.store["tariff"][:, ended] == pytest.approx(tariff[:, ended])
        assert n.store["controls"][:, ended] == pytest.approx(controls[:, ended])
        assert (n.store["clock"] == np.where(ended, 0.0, 9.0)).all()
        assert (np.isnan(n.store["agreement"]).all(axis=0) == ended).all()
        assert ((n.store["utility"] == 0.0).all(axis=0) == ended).all()

    def test_a_second_deal_is_delivered_from_the_week_after_it(self) -> None:
        n = quiet()
        for week in (3, 9):
            n.week = week
            signed(n, 0.5)
            promises.keep_or_break(n)
            assert (n.store["deal_weeks"] == 0.0).all()
            n.week += 1
            promises.keep_or_break(n)
            assert (n.store["deal_weeks"] == 1.0).all()
            break_deal(n.store, n.setting, n.week, np.zeros(4))
        assert (n.store["deals"] == 2.0).all()
        assert (n.store["agreement_week"] == 3.0).all()

    def test_there_are_no_talks_in_a_deal(self) -> None:
        n = quiet(4, {"talks.rate": 1.0})
        signed(n, 0.5)
        n.step()
        assert (n.store["phase"] == DEAL).all()
        assert (n.store["sessions"] == 0.0).all()


class TestWeek:
    def test_a_campaign_makes_pain_count_towards_the_election(self) -> None:
        n = quiet()
        weights = []
        for week in (10, 65, 78, 91, 92):
            n.week = week
            weights.append([leader.pain_weight()[0] for leader in n.leaders])
        us, cn = zip(*weights, strict=True)
        assert us == pytest.approx([us[0], us[0], us[0] * 1.25, us[0] * 1.5, us[0]])
        assert len(set(cn)) == 1

    def test_events_happen_at_their_rate_and_fade(self) -> None:
        n = quiet(60, {"events.3.hazard": 0.05, "time.shock_rate": 2.0}, on="shocks")
        for week in range(1, 301):
            n.week = week
            opinions.apply_shocks(n)
        for row, (_, card) in enumerate(n.setting.of_kind(Shock)):
            chance, drawn = 2.0 * card.hazard, 60 * 300
            error = np.sqrt(chance * (1.0 - chance) / drawn)
            assert abs(n.store["happened"][row].sum() / drawn - chance) < 4 * error, card.key
        force(n, "time.shock_rate", 0.0)
        slow = n.store["weakness"][CN].copy()
        assert (slow > 0.5).all()
        for week in range(301, 353):
            n.week = week
            opinions.apply_shocks(n)
        assert n.store["weakness"][CN] - 0.5 == pytest.approx((slow - 0.5) / 2.0)
        assert (n.store["weakness"][US] == 0.0).all()

    def test_an_event_in_a_given_week_happens_in_every_world(self) -> None:
        n = quiet(4, {"events.4.week": 2}, on="shocks")
        (pain,) = before(n, "raw_pain")
        n.step()
        assert (n.store["happened"][2] == 0.0).all()
        n.step()
        assert (n.store["happened"][2] == 1.0).all()
        farmers = n.keys.groups.index("farm_states")
        assert (n.store["shock_pain"][farmers] == 1.0).all()
        assert (n.store["raw_pain"][farmers] > pain[farmers]).all()

    def test_a_rest_of_the_world_that_stands_together_weakens_the_owner(self) -> None:
        alone, together = (quiet(4, {"third.coordination": share}) for share in (0.0, 1.0))
        fell = alone.store["reservation"] - together.store["reservation"]
        assert fell == pytest.approx(np.array([[0.0] * 4, [0.10 * 0.45] * 4]))

    def test_goods_that_are_turned_away_are_felt_abroad(self) -> None:
        unfelt, felt = (quiet(4, {"third.overcapacity": share}) for share in (0.0, 2.0))
        abroad = felt.keys.groups.index("allies")
        for n in (unfelt, felt):
            tariffs.raise_tariff(n, US, np.full(4, 0.3))
            n.economy.feel(n.store)
        more = felt.store["raw_pain"] - unfelt.store["raw_pain"]
        assert (more[abroad] > 0.0).all()
        assert (np.delete(more, abroad, axis=0) == 0.0).all()

    def test_what_acts_can_be_switched_off(self) -> None:
        assert set(ACTING) <= set(MECHANISMS)
