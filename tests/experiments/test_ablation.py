"""Switching off a mechanism in an ablation equals switching it off in the scenario."""

from typing import Any

import pandas as pd
import pytest

from experiments import arms
from experiments.ablation import ALL_ON, MEASURES, ablation, ablation_section, work
from experiments.engine import simulate
from experiments.jobs.ablation import AblationJob
from experiments.statistics import paired_difference
from model.schema.mechanisms import MECHANISMS
from model.schema.scenario import Scenario, load_scenario

WORLDS = 30
SHORT = {"time.horizon": 45, "talks.window": 8.0}


@pytest.fixture(scope="module")
def short() -> Scenario:
    return load_scenario("february_2025", SHORT)


@pytest.fixture(scope="module")
def table(short: Scenario) -> pd.DataFrame:
    return ablation(short, WORLDS, 4)


def _part(table: pd.DataFrame, mechanism: str) -> Any:  # a frame: its cells are numbers
    return table[table["mechanism"] == mechanism].set_index("measure")


def test_a_row_a_mechanism_and_measure(table: pd.DataFrame) -> None:
    assert table["mechanism"].unique().tolist() == [ALL_ON, *MECHANISMS]
    assert (table.groupby("mechanism").size() == len(MEASURES)).all()
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_the_first_rows_are_the_levels_of_the_run_itself(
    short: Scenario, table: pd.DataFrame
) -> None:
    outcomes, levels = simulate(short, WORLDS, 4).outcomes, _part(table, ALL_ON)["estimate"]
    deal = 100 * outcomes["outcome"].str.endswith("deal").mean()
    assert 0 < deal < 100
    assert levels["any deal, %"] == pytest.approx(deal)
    assert levels["truce, %"] == pytest.approx(100 * (outcomes["outcome"] == "truce").mean())
    assert levels["peak tariff, points"] == pytest.approx(100 * outcomes["tariff_us_peak"].mean())
    assert levels["weeks of deal"] == pytest.approx(outcomes["deal_weeks"].mean())


@pytest.mark.parametrize("mechanism", ["threats", "truce", "legacy", "enforcement"])
def test_off_minus_on_is_what_two_scenarios_differ_by(
    short: Scenario, table: pd.DataFrame, mechanism: str
) -> None:
    off = simulate(load_scenario("february_2025", SHORT | {"off": [mechanism]}), WORLDS, 4).outcomes
    on, told = simulate(short, WORLDS, 4).outcomes, _part(table, mechanism)
    for name, measure in MEASURES.items():
        expected = paired_difference(measure(on, "US"), measure(off, "US"))
        assert told.loc[name, ["estimate", "low", "high"]].tolist() == pytest.approx(expected)
    same = ((on == off) | (on.isna() & off.isna())).all(axis=1)
    assert told["changed"].tolist() == [WORLDS - same.sum()] * len(MEASURES)
    assert not same.all()


def test_without_threats_tariffs_peak_lower(table: pd.DataFrame) -> None:
    assert _part(table, "threats").loc["peak tariff, points", "high"] < 0


def test_it_does_not_matter_how_many_stand_side_by_side(
    short: Scenario, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arms, "CHUNK", 3 * WORLDS)
    pd.testing.assert_frame_equal(ablation(short, WORLDS, 4), table, check_exact=True)


def test_one_world_will_do_and_progress_tells_the_work() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 3})
    passed: list[int] = []
    table = ablation(setting, 1, 1, passed.append)
    assert len(table) == (1 + len(MECHANISMS)) * len(MEASURES)
    assert sum(passed) == work(setting, 1)


def test_what_changes_nothing_is_shown_as_such() -> None:
    setting = load_scenario("classroom", {"time.horizon": 10})
    table = ablation(setting, 10, 1)
    rows = {row[0]: row[1:] for row in ablation_section(setting, table, 1).rows}
    assert rows["shocks"] == ("0", *["-"] * len(MEASURES))
    assert rows[ALL_ON][0] == "0"
    assert "-" not in rows[ALL_ON]


def test_what_the_scenario_switches_off_is_left_out_and_named() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 3, "off": ["truce"]})
    table = ablation(setting, 3, 1)
    assert "truce" not in set(table["mechanism"])
    assert "switches off: truce" in ablation_section(setting, table, 1).note


def test_a_star_marks_what_is_clear_of_nought(short: Scenario, table: pd.DataFrame) -> None:
    section = ablation_section(short, table, 4)
    row = next(row for row in section.rows if row[0] == "threats")
    told = _part(table, "threats").loc["peak tariff, points"]
    half = (told["high"] - told["low"]) / 2
    assert row[2 + list(MEASURES).index("peak tariff, points")] == (
        f"{told['estimate']:+.1f} ±{half:.1f}*"
    )
    assert "february_2025" in section.title
    assert "30 worlds, seed 4" in section.note


def test_the_file_holds_the_table(
    short: Scenario, table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ablation") / "new"
    (path,) = AblationJob(short, 30, 4, folder).write(table)
    pd.testing.assert_frame_equal(pd.read_csv(path), table, rtol=1e-12)
