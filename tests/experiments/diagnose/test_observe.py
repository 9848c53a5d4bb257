"""What is observed equals what the engine simulates, and a package of the record is valued."""

import json

import numpy as np
import pytest

from experiments.diagnose.diagnosis import measured
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.observe import Observed, observe
from experiments.diagnose.record import record, values
from experiments.engine import simulate
from experiments.home_failures import observe as observe_home
from model.schema.scenario import Scenario, load_scenario

SHORT = {"time.horizon": 30, "talks.rate": 0.6, "talks.window": 8.0}
SETTING = load_scenario("february_2025", {"edition": 1, **SHORT})
ELSEWHERE = {  # figures that need runs of their own
    "group_numbers_matter", "inert_share", "decoupled_without_truces", "actors_that_count",
    "edges_that_count",
}  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> Observed:
    return observe(SETTING, range(12), 1)


def test_the_worlds_are_those_of_a_run(seen: Observed) -> None:
    outcomes = simulate(SETTING, 12, 1, engine="numpy").outcomes
    assert seen.worlds == 12
    assert seen.sessions.sum(axis=0).tolist() == outcomes["sessions"].tolist()
    assert seen.failed.sum(axis=0).tolist() == outcomes["involuntary_defections"].tolist()
    assert seen.made.sum(axis=0).tolist() == outcomes["deals"].tolist()
    assert (seen.accepted == (seen.failed | seen.made)).all()


def test_numbers_of_worlds_may_begin_later(seen: Observed) -> None:
    later = observe(SETTING, range(4, 7), 1)
    assert later.worlds == 3
    assert (later.end("tariff") == seen.end("tariff")[..., 4:7]).all()


def test_failures_are_those_that_are_measured_alone(seen: Observed) -> None:
    alone = observe_home(SETTING, 12, 1)
    assert (seen.own_failed | ~alone.own).all()  # if both homes refuse, alone names the first
    assert (alone.agreed == seen.accepted).all()


def test_a_side_without_room_asks_for_its_reservation_value(seen: Observed) -> None:
    """In the first edition a side that sees no zone of agreement concedes everything."""
    hopeless = seen.sessions & ~(seen.of_proposer(seen.room) > 0.0)
    assert hopeless.any()
    assert seen.offers.sum() == seen.sessions.sum()
    assert seen.at_reservation.sum() >= hopeless.sum()


def test_every_figure_is_measured(seen: Observed) -> None:
    record_only = {figure.key for figure in FIGURES if figure.finding == "F1"}
    declared = {figure.key for figure in FIGURES}
    assert set(measured(seen)) == declared - ELSEWHERE - record_only


def with_record(levels: dict[str, float], day: str) -> Scenario:
    content = load_scenario("classroom", {"time.horizon": 6}).model_dump(mode="json")
    content["record"] = {
        "draft": {"title": "A draft", "date": day, "levels": levels, "source": "assumption"}
    }
    return Scenario.model_validate_json(json.dumps(content))


def test_nothing_is_worth_nothing_and_a_gift_is_refused() -> None:
    setting = with_record({}, "2000-01-01")
    start = observe(setting, range(4), 1)
    (valued,) = values([start])
    assert [one.estimate for one in valued.worth.values()] == [0.0, 0.0]
    assert record(start)["record_package_acceptable"].estimate().estimate in (0.0, 1.0)
    owner = setting.issues["purchases"].owner
    gift = observe(with_record({"purchases": 1.0}, "2000-01-01"), range(4), 1)
    (valued,) = values([gift])
    assert valued.worth[owner].estimate < 0.0
    assert valued.sides[owner].estimate == 0.0
    assert valued.acceptable.estimate == 0.0


def test_a_package_is_valued_at_the_start_and_on_its_date() -> None:
    start = load_scenario("classroom").start
    day = start.fromordinal(start.toordinal() + 20).isoformat()
    seen = observe(with_record({"purchases": 0.5}, day), range(3), 1)
    assert [(one.when, one.week) for one in values([seen])] == [("start", 1), ("date", 3)]
    assert set(record(seen)) == {"record_package_acceptable", "record_package_acceptable_at_start"}


def test_a_package_after_the_horizon_is_valued_at_the_start_only() -> None:
    seen = observe(with_record({"purchases": 0.5}, "2900-01-01"), range(2), 1)
    assert [(one.when, one.week) for one in values([seen])] == [("start", 1)]
    found = record(seen)
    at_start, on_date = (found[f"record_package_acceptable{end}"] for end in ("_at_start", ""))
    assert at_start.estimate() == on_date.estimate()


def test_a_refused_package_is_valued_but_not_counted() -> None:
    content = with_record({"purchases": 0.5}, "2000-01-01").model_dump(mode="json")
    content["record"]["draft"]["refused_by"] = [next(iter(content["sides"]))]
    seen = observe(Scenario.model_validate_json(json.dumps(content)), range(2), 1)
    assert len(values([seen])) == 1
    assert record(seen) == {}


def test_phase_one_is_worth_less_than_nothing_to_china_in_the_first_edition() -> None:
    """The first finding of the referee: the only agreement on record is infeasible."""
    setting = load_scenario("trade_war_2018", {"edition": 1, "time.horizon": 1})
    seen = observe(setting, range(30), 1)
    (valued,) = (value for value in values([seen]) if value.package == "phase_one")
    assert valued.worth["CN"].estimate < 0.0 < valued.worth["US"].estimate
    assert valued.acceptable.estimate < 0.1


def test_one_world_can_be_observed() -> None:
    alone = observe(SETTING, range(1), 1)
    assert alone.worlds == 1
    for sample in measured(alone).values():
        assert np.isscalar(sample.estimate().estimate)
