"""Tests of Explore's findings: shares, fans, contents and paired differences."""

import math

import numpy as np
import pandas as pd
import pytest

from app.explore import figures
from app.explore.findings import (
    ORDER,
    QUANTILES,
    RECORD,
    Findings,
    changes,
    findings,
    has_economy,
    outcome_shares,
    sentence,
    sweep_ranges,
)
from experiments.engine import simulate
from experiments.factorial.sweep import AGREEMENT, dominant
from experiments.statistics import shares
from model.outcomes import outcome_keys
from model.schema.scenario import load_scenario

WORLDS = 40


@pytest.fixture(scope="module")
def own() -> Findings:
    return findings(
        load_scenario("february_2025", {"time.horizon": 50, "values.cost_scale": 0.5}),
        WORLDS,
        1,
        None,
    )


@pytest.fixture(scope="module")
def dear() -> Findings:
    changed = {"time.horizon": 50, "values.cost_scale": 2.0}
    return findings(load_scenario("february_2025", changed), WORLDS, 1, None)


@pytest.fixture(scope="module")
def talks() -> Findings:
    return findings(load_scenario("february_2025", {"time.horizon": 12}), WORLDS, 1, None)


def test_the_numbers_are_those_of_a_batch(talks: Findings) -> None:
    run = simulate(talks.scenario, WORLDS, 1, record=RECORD)
    pd.testing.assert_frame_equal(talks.outcomes, run.outcomes)
    batch = shares(run.outcomes["outcome"], outcome_keys())
    table = outcome_shares(talks)
    pd.testing.assert_frame_equal(table.loc[outcome_keys()], batch, check_dtype=False)
    assert run.weeks is not None
    for name in RECORD:
        whole = run.weeks[name].transpose("week", "side", "world").to_numpy()
        np.testing.assert_array_equal(talks.fans[name], np.quantile(whole, QUANTILES, axis=-1))


def test_a_row_of_bars_says_share_interval_ghost_and_sweep(own: Findings, dear: Findings) -> None:
    sweep = pd.DataFrame({"lowest": 0.1, "highest": 0.9}, index=list(ORDER))
    rows = figures.bars(dear, own, sweep)
    assert [row["key"] for row in rows] == [name.replace(" ", "-") for name in ORDER]
    before, after = outcome_shares(own), outcome_shares(dear)
    for name, row in zip(ORDER, rows, strict=True):
        assert row["share"] == 100 * after["share"][name]
        assert row["low"] <= row["share"] <= row["high"]
        assert row["ghost"] == 100 * before["share"][name]
        assert row["sweep"] == [10.0, 90.0]
    assert [row["apart"] for row in rows] == [False] * 6 + [True]
    assert figures.bars(own)[0]["ghost"] is None


def test_differences_are_by_pairs_and_hold_for_all_outcomes(own: Findings, dear: Findings) -> None:
    found = {change.outcome: change for change in changes(own, dear)}
    left = own.outcomes["agreement_week"].notna()
    right = dear.outcomes["agreement_week"].notna()
    change = found[AGREEMENT]
    assert change.moved == int((left != right).sum()) > 0
    assert change.difference.estimate == pytest.approx(right.mean() - left.mean())
    assert change.difference.low < change.difference.estimate < change.difference.high
    assert change.certain == (change.difference.high < 0)


def test_the_sentence_names_the_largest_clear_change(own: Findings, dear: Findings) -> None:
    told = sentence(own, dear)
    sure = [change for change in changes(own, dear) if change.certain]
    largest = max(sure, key=lambda change: abs(change.difference.estimate))
    assert told.startswith(largest.outcome[0].upper() + largest.outcome[1:])
    assert "95 % interval −" in told
    assert f"{100 * largest.before:.0f} → {100 * largest.after:.0f} %" in told


def test_the_sentence_claims_nothing_where_nothing_is_clear(own: Findings) -> None:
    assert sentence(own, own) == f"No outcome differs in any of the {WORLDS} worlds."
    moved = own.outcomes.copy()
    first = moved.index[moved["outcome"] != "stalemate"][0]
    moved.loc[first, "outcome"] = "stalemate"
    other = Findings(own.scenario, 1, moved, own.fans)
    assert sentence(own, other).startswith("No clear change.")


def test_contents_are_those_of_deals_in_force(own: Findings) -> None:
    deals = own.outcomes[own.outcomes["outcome"].str.endswith("deal")]
    rows = figures.contents(own, own)
    assert {row["name"] for row in rows} == {i.title for i in own.scenario.issues.values()}
    for key, issue in own.scenario.issues.items():
        row = next(row for row in rows if row["name"] == issue.title)
        assert row["mark"] == row["ghost"] == pytest.approx(deals[f"agreed_{key}"].median())
    nothing = Findings(own.scenario, 1, own.outcomes.assign(outcome="stalemate"), own.fans)
    assert figures.contents(nothing) == []


def test_incomes_have_three_regions_and_ticks_around_them(talks: Findings) -> None:
    rows, ticks = figures.incomes(talks, talks)
    assert [row["name"] for row in rows] == ["United States", "China", "Rest of the world"]
    for row in rows:
        assert ticks[0] <= min(row["outer"]) <= max(row["outer"]) <= ticks[-1]
        assert row["inner"][0] <= row["mark"] <= row["inner"][1]
    assert has_economy(talks.scenario)
    assert not has_economy(load_scenario("split_the_pie"))


def test_a_fan_draws_its_quantiles(talks: Findings) -> None:
    fans = 100 * talks.fans["tariff"]
    option = figures.fan(
        fans[:, :, :1], {"United States": "#000000"}, talks.scenario.start, False, fans[:, :, :1]
    )
    median = option["series"][-2]
    np.testing.assert_allclose(median["data"], fans[2, :, 0], atol=0.006)
    bands = [series for series in option["series"] if "areaStyle" in series]
    np.testing.assert_allclose(bands[0]["data"], fans[4, :, 0] - fans[0, :, 0], atol=0.006)
    assert option["xAxis"]["data"][12] == "26 Apr 2025\nweek 12"
    assert option["series"][-1]["lineStyle"]["type"] == "dashed"


def test_hostile_titles_cannot_leave_their_template(talks: Findings) -> None:
    fans = 100 * talks.fans["trust"]
    colours = {"<img src=x onerror=alert(1)>{c0}": "#000000", "b": "#000000"}
    words = figures.fan(fans, colours, talks.scenario.start, True)["tooltip"]["formatter"]
    assert "<img" not in words


def test_the_sweep_spans_the_dominant_assumptions() -> None:
    table = sweep_ranges(load_scenario("classroom"), 5, 1, None)
    assert set(ORDER) == set(table.index)
    assert (table["lowest"] <= table["highest"]).all()
    levels = dominant(load_scenario("classroom"))
    assert table.attrs["cells"] == math.prod(len(values) for values in levels.values())
    assert table.attrs["worlds"] == 5
    assert 0 < table.attrs["half"] < 0.5
