"""What is kept of the worlds says what happened in them."""

import numpy as np
import pytest

from model.arrays import Index
from model.outcomes import outcome_keys
from model.records import Recorder, coordinates, outcome_columns
from model.schema.problems import ScenarioError
from model.state.state import DEAL
from model.state.store import Store
from tests.worlds import talks


def places(*worlds: int) -> Index:
    """Return the places of some worlds."""
    return np.array(worlds, dtype=np.intp)


class TestOutcomes:
    """One row a world."""

    def test_a_world_without_a_deal_says_so(self) -> None:
        columns = outcome_columns(talks({"talks.rate": 0}, weeks=3))
        assert all(values.shape == (3,) for values in columns.values())
        assert columns["outcome"].tolist() == ["stalemate"] * 3
        for name in ("agreement_week", "pareto_gap", "nash_gap", "enforcement", "agreed_purchases"):
            assert np.isnan(columns[name]).all()
        for name in ("utility_us", "utility_cn", "involuntary_defections"):
            assert not columns[name].any()

    def test_every_outcome_can_be_told(self) -> None:
        negotiation = talks(weeks=1)
        store = negotiation.store
        wide = store.select(places(0, 0, 0, 0, 0))
        wide["phase"] = np.array([DEAL, DEAL, 0.0, 0.0, DEAL])
        wide["tariff"] = np.array([[0.2, 0.2, 0.5, 0.2, 0.2], [0.2] * 5])
        wide["low_trade_weeks"] = np.array([0.0, 25.0, 0.0, 0.0, 26.0])
        level = np.array([0.5, 0.29, np.nan, np.nan, 0.5])
        wide["agreement"] = level + np.zeros((len(negotiation.keys.issues), 5))
        negotiation.store = wide
        assert outcome_columns(negotiation)["outcome"].tolist() == [
            "comprehensive deal",
            "mini deal",
            "escalated stalemate",
            "stalemate",
            "decoupled",
        ]
        assert set(outcome_columns(negotiation)["outcome"]) <= set(outcome_keys())

    def test_columns_are_named_by_side_region_and_issue(self) -> None:
        columns = outcome_columns(talks())
        sides = ("tariff_{}_peak", "tariff_{}_final", "utility_{}", "threats_{}", "executed_{}")
        named = {name.format(side) for name in sides for side in ("us", "cn")}
        named |= {f"real_income_{region}" for region in ("us", "cn", "row")}
        named |= {"trust_us", "approval_cn", "agreed_us_tariff_relief", "compliance"}
        assert named <= set(columns)

    def test_incomes_are_percent_of_the_start_over_the_weeks_lived(self) -> None:
        negotiation = talks(weeks=4)
        store = negotiation.store
        store["income_sum"] = np.array([[3.96] * 3, [4.04] * 3, [4.0] * 3])
        columns = outcome_columns(negotiation)
        np.testing.assert_allclose(columns["real_income_us"], -1.0)
        np.testing.assert_allclose(columns["real_income_cn"], 1.0)
        np.testing.assert_allclose(columns["real_income_row"], 0.0, atol=1e-12)

    def test_peaks_are_not_below_what_is_final_without_a_deal(self) -> None:
        columns = outcome_columns(talks({"talks.rate": 0}, weeks=4))
        for side in ("us", "cn"):
            assert np.all(columns[f"tariff_{side}_peak"] >= columns[f"tariff_{side}_final"])
        np.testing.assert_allclose(columns["tariff_us_final"], 0.307)


class TestRecorder:
    """States week by week."""

    @pytest.fixture
    def store(self) -> Store:
        """Return three worlds with a tariff of two sides."""
        store = Store(3, {}, {})
        store.declare("tariff", ("side",), np.arange(6.0).reshape(2, 3), "share", "tariffs")
        store.declare("clock", (), np.zeros(3), "weeks", "a clock")
        return store

    def test_it_keeps_each_world_in_its_place(self, store: Store) -> None:
        recorder = Recorder(["tariff", "clock"], store, weeks=3, worlds=5)
        recorder.write(0, store, places(4, 2, 0))
        kept = recorder.values["tariff"]
        assert kept.shape == (4, 2, 5)
        assert kept[0][:, [4, 2, 0]].tolist() == store["tariff"].tolist()
        assert np.isnan(kept[0][:, [1, 3]]).all()
        assert np.isnan(kept[1:]).all()
        assert recorder.values["clock"].shape == (4, 5)

    def test_padding_is_not_kept(self, store: Store) -> None:
        recorder = Recorder(["clock"], store, weeks=1, worlds=1)
        recorder.write(0, store.select(places(1, 1)), places(0))
        assert recorder.values["clock"][0].tolist() == [0.0]

    def test_worlds_that_have_ended_stay_as_they_were(self, store: Store) -> None:
        recorder = Recorder(["tariff"], store, weeks=3, worlds=3)
        recorder.write(1, store, places(0, 1, 2))
        recorder.rest(1, places(0, 2))
        kept = recorder.values["tariff"]
        for week in (2, 3):
            assert kept[week][:, [0, 2]].tolist() == store["tariff"][:, [0, 2]].tolist()
            assert np.isnan(kept[week][:, 1]).all()

    def test_it_keeps_copies(self, store: Store) -> None:
        recorder = Recorder(["clock"], store, weeks=1, worlds=3)
        recorder.write(0, store, places(0, 1, 2))
        store["clock"] = np.ones(3)
        recorder.write(1, store, places(0, 1, 2))
        assert recorder.values["clock"].tolist() == [[0.0] * 3, [1.0] * 3]

    def test_an_unknown_state_is_answered_with_a_likely_one(self, store: Store) -> None:
        with pytest.raises(ScenarioError, match=r"tarif.*no such state.*tariff"):
            Recorder(["tarif"], store, weeks=1, worlds=3)


def test_a_record_s_rows_have_names() -> None:
    found = coordinates(talks(), ["side", "stance"])
    assert found == {"side": ["US", "CN"], "stance": ["firmness", "escalation", "enforcement"]}
