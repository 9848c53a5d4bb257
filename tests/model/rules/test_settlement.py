"""What an agreement does to tariffs and controls, and what a failure at home does to the talks."""

import numpy as np
import pytest

from model.arrays import Array, Mask
from model.negotiation import Negotiation
from model.rules.curves import Bends, felt
from model.rules.offers import exchange, offer, utility
from model.rules.settlement import close_deal
from model.rules.solutions import nash_point
from model.sides import SIDES
from model.state.state import DEAL, NONE
from tests.worlds import talks

PASSED: Mask = np.array([False, True, True])
WEEK = 6
TALKING = {
    "talks.rate": 1,
    "issues.tech_access.relieves": "export_controls",
    "implementation.first_share": 1,
}


def signed(package: Array | float, passed: Mask = PASSED) -> Negotiation:
    """Return five weeks of talks, then a package agreed and in some worlds ratified."""
    negotiation = talks(TALKING, weeks=5)
    store = negotiation.store
    assert not (store["phase"] == DEAL).any()
    store["table"] = package + np.zeros_like(store["table"])
    close_deal(store, negotiation.setting, WEEK, passed)
    return negotiation


def base(negotiation: Negotiation) -> Array:
    """Return both sides' tariffs before the conflict (2, R)."""
    return np.stack(
        [negotiation.store.of("sides", side, "tariff_base") for side in negotiation.keys.sides]
    )


class TestDeal:
    """Where both sides ratify."""

    def test_full_relief_brings_tariffs_to_their_base(self) -> None:
        negotiation, before = signed(1.0), talks(TALKING, weeks=5).store["tariff"]
        tariff = negotiation.store["tariff"]
        np.testing.assert_allclose(tariff[:, PASSED], base(negotiation)[:, PASSED])
        np.testing.assert_array_equal(tariff[:, ~PASSED], before[:, ~PASSED])
        assert np.all(before > base(negotiation))

    def test_relief_is_in_proportion(self) -> None:
        before = talks(TALKING, weeks=5).store["tariff"]
        halved = signed(0.5)
        expected = 0.5 * (before + base(halved))
        np.testing.assert_allclose(halved.store["tariff"][:, PASSED], expected[:, PASSED])
        np.testing.assert_array_equal(signed(0.0).store["tariff"], before)

    def test_relief_lifts_no_tariff_that_is_below_its_base(self) -> None:
        negotiation = talks()
        store = negotiation.store
        store["tariff"] = np.full((2, 3), 0.01)
        store["table"] = np.ones_like(store["table"])
        close_deal(store, negotiation.setting, WEEK, np.ones(3, dtype=bool))
        assert np.all(store["tariff"] == 0.01)

    def test_it_is_in_force_from_this_week_on(self) -> None:
        store = signed(0.4).store
        assert store["phase"].tolist() == [0.0, DEAL, DEAL]
        assert store["agreement_week"].tolist() == [NONE, WEEK, WEEK]
        assert np.all(store["agreement"][:, PASSED] == 0.4)
        assert np.isnan(store["agreement"][:, ~PASSED]).all()
        np.testing.assert_array_equal(
            store["enforcement"][PASSED], store["enforcement_asked"][PASSED]
        )
        np.testing.assert_allclose(store["controls"][0], [1.0, 0.6, 0.6])

    def test_what_was_announced_in_answer_is_dropped(self) -> None:
        negotiation = talks()
        store = negotiation.store
        store["pending"] = np.full((2, 3), 0.1)
        store["table"] = np.ones_like(store["table"])
        close_deal(store, negotiation.setting, WEEK, PASSED)
        assert store["pending"].tolist() == [[0.1, 0.0, 0.0]] * 2

    def test_leaders_gain_approval_by_it(self) -> None:
        before = talks(TALKING, weeks=5).store["approval"]
        gained = signed(0.4).store["approval"] - before
        np.testing.assert_allclose(gained, [[0.0, 0.02, 0.02]] * 2, atol=1e-12)


class TestMeasures:
    """How good a deal is, against what it might have been."""

    def test_it_is_worth_what_its_issues_are(self) -> None:
        store = signed(0.4).store
        levels = np.full_like(store["gains"][0], 0.4)
        worth = np.stack(
            [utility(store["gains"][n], felt(levels, store["bend"][n])) for n in SIDES]
        )
        np.testing.assert_allclose(store["utility"][:, PASSED], worth[:, PASSED])
        assert not store["utility"][:, ~PASSED].any()

    def test_the_nash_package_leaves_nothing_and_is_at_the_nash_point(self) -> None:
        negotiation = talks(TALKING, weeks=5)
        own, other = negotiation.store["gains"]
        trades = exchange(own, other, Bends(*negotiation.store["bend"]))
        start = np.stack([utility(own, trades.start), utility(other, trades.start)])
        point = nash_point(trades, start, negotiation.store["reservation"])
        assert np.isfinite(point[:, PASSED]).all()
        best = signed(offer(trades, own, np.nan_to_num(point[0]))).store
        np.testing.assert_allclose(best["nash_gap"][PASSED], 0.0, atol=1e-9)
        np.testing.assert_allclose(best["pareto_gap"][PASSED], 0.0, atol=1e-9)

    def test_wasted_issues_are_a_gap(self) -> None:
        store = signed(0.5).store
        assert np.all(store["pareto_gap"][PASSED] > 0.0)
        assert np.all(store["nash_gap"][PASSED] > 0.0)
        assert np.isnan(store["pareto_gap"][~PASSED]).all()
        point = store["utility"] + store["pareto_gap"]  # both can gain as much, and no more
        own, other = store["gains"]
        trades = exchange(own, other, Bends(*store["bend"]))
        package = offer(trades, own, np.nan_to_num(point[0]))
        most = utility(other, felt(package, store["bend"][1]))
        np.testing.assert_allclose(most[PASSED], point[1, PASSED], atol=1e-9)


class TestFailure:
    """Where a side fails at home: involuntary defection."""

    def test_the_talks_start_anew(self) -> None:
        store = signed(1.0).store
        assert store["failures"].tolist() == [1.0, 0.0, 0.0]
        kept = store["ratification.keep_clock"][0]
        assert 0.0 < kept < 1.0
        assert store["clock"][0] == pytest.approx(kept * store["clock"][PASSED].min(), rel=0.5)
        assert np.all(store["aspiration"][:, 0] == np.inf)
        assert np.all(store["best_seen"][:, 0] == -np.inf)
        assert np.isnan(store["first_seen"][:, 0]).all()
        assert np.isnan(store["offer"][:, :, 0]).all()
        assert not store["offers"][:, 0].any()

    def test_what_was_learned_is_not_forgotten(self) -> None:
        before = talks(TALKING, weeks=5).store
        after = signed(1.0).store
        for name in ("belief_shift", "belief_variance", "seen", "seen_variance", "tariff"):
            np.testing.assert_array_equal(after[name][..., 0], before[name][..., 0])


def test_only_worlds_in_focus_are_settled() -> None:
    negotiation, before = talks(weeks=2), talks(weeks=2).store.arrays()
    store = negotiation.store
    with store.focus(np.array([False, True, False])):
        store["table"] = np.ones((len(negotiation.keys.issues), 2))
        close_deal(store, negotiation.setting, WEEK, np.array([True, True]))
    assert store["phase"].tolist() == [0.0, DEAL, 0.0]
    for name, values in store.arrays().items():
        np.testing.assert_array_equal(values[..., [0, 2]], before[name][..., [0, 2]])
