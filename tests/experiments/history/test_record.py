"""The record of 2018-20 is complete, has sources, and agrees with the published series."""

from datetime import date

import numpy as np
import pytest

from experiments.history import ranges, record
from experiments.history.patterns import STATISTICS
from experiments.history.scoring import answer
from model.schema.scenario import load_scenario

TABLES = ["tariffs", "threats", "truces", "talks", "deals", "phase_one", "positions"]


@pytest.mark.parametrize("name", [*TABLES, "questions", "discrepancy"])
def test_every_row_has_a_source(name: str) -> None:
    assert record.table(name)["source"].str.len().gt(3).all()


@pytest.mark.parametrize(
    ("day", "us", "cn"),
    [
        ("2018-01-01", 3.092, 7.992),
        ("2018-07-06", 6.746, 10.119),
        ("2019-05-10", 17.527, 16.503),  # by law; the series exempts goods in transit
        ("2019-09-01", 21.044, 21.838),
        ("2020-02-14", 19.293, 21.250),
    ],
)
def test_the_weekly_path_agrees_with_the_series(day: str, us: float, cn: float) -> None:
    assert record.totals()[record.week_of(day)].tolist() == [us, cn]


def test_the_conflict_path_excludes_changes_for_all_origins() -> None:
    rise = record.totals()[-1] - record.conflict_path()[-1]
    assert rise[0] == pytest.approx(0.699, abs=1e-6)  # safeguards and metals
    assert rise[1] == pytest.approx(-1.37, abs=0.03)  # China's cuts for all origins


def test_the_record_ends_with_the_scenario() -> None:
    setting = load_scenario(record.SCENARIO)
    assert setting.start == record.START
    assert setting.time.horizon == record.WEEKS
    assert list(record.table("positions")["issue"]) == list(setting.issues)


def test_no_event_is_later_than_the_default_scenario() -> None:
    dates = {"tariffs": "date", "threats": "made", "truces": "ends", "talks": "ends"}
    days = [day for name, column in dates.items() for day in record.table(name)[column]]
    assert max(map(date.fromisoformat, days)) < date(2025, 2, 1)


def test_the_course_of_history_is_one_world() -> None:
    past = record.course()
    assert past.worlds == 1
    assert past.truce[record.week_of("2019-03-01"), 0]
    assert not past.truce[record.week_of("2019-06-01"), 0]
    assert past.deal.sum() == record.WEEKS + 1 - record.week_of("2020-01-15")
    assert past.threats[:, 0].tolist() == [10.0, 0.0]
    assert past.executed[:, 0].tolist() == [4.0, 0.0]


def test_every_statistic_has_a_stated_discrepancy_with_reasons() -> None:
    stated = record.table("discrepancy")
    assert list(stated["statistic"]) == list(STATISTICS)
    assert (stated[["error", "discrepancy"]] > 0.0).all().all()
    assert stated[["why_error", "why_discrepancy"]].map(len).gt(3).all().all()


def test_the_ranges_are_within_the_declared_bounds() -> None:
    declared = load_scenario(record.SCENARIO).parameters()
    result = ranges.ranges()
    assert len(result) >= 15
    for name, low, high in zip(result.index, result["low"], result["high"], strict=True):
        assert declared[str(name)].low <= low < high <= declared[str(name)].high, name


def test_parameters_convert_to_the_unit_cube_and_back() -> None:
    unit = ranges.latin(50, "test", 1)
    points = ranges.to_parameters(unit)
    again = ranges.to_parameters(ranges.to_unit_cube(points))
    assert np.allclose(points, again)
    assert set(points["retaliation.lag"]) == {1.0, 2.0, 3.0, 4.0}


def test_parameters_that_a_scenario_sets_differently_are_not_shared() -> None:
    alike = ranges.shared_names(load_scenario("february_2025"))
    assert "coercion.hazard" in alike
    assert "coercion.size" not in alike
    assert "sides.US.rollback" not in alike


def test_questions_are_answered_by_the_record() -> None:
    past, path = record.course(), record.totals()[..., None]
    week = record.week_of("2019-01-01")
    assert answer(path, past.truce, past.deal, "us_tariff_at_least", 10.0, week)[0]
    assert not answer(path, past.truce, past.deal, "us_tariff_at_least", 20.0, week)[0]
    assert answer(past.tariff, past.truce, past.deal, "us_rises_at_least", 3.0, week)[0]
    assert not answer(past.tariff, past.truce, past.deal, "us_rises_at_least", 4.0, week)[0]
    assert answer(path, past.truce, past.deal, "truce_made", 1.0, week)[0]
    assert not answer(path, past.truce, past.deal, "deal_signed", 1.0, week)[0]
    with pytest.raises(ValueError, match="unknown event war"):
        answer(path, past.truce, past.deal, "war", 1.0, week)
