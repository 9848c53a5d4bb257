"""Tests of Watch: snapshots and replays are exact, and explanations and picks are correct."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.inputs import results_index
from app.inputs.scenario_store import ScenarioStore
from app.watch import narration, scenes
from app.watch.address import link, wanted_of
from app.watch.picks import failures, picks
from app.watch.session import WatchSession, WatchView
from app.watch.trace import pulls, replay_week
from app.watch.trajectory import Trajectory, record_trajectory
from experiments.engine import build, simulate
from experiments.results.folder import write_results
from model.schema.scenario import load_scenario
from model.sides import SIDES
from model.state.state import DEAL

FAILED = 3  # in world 3 of february_2025, seed 1, an agreement fails at home
AGREED = 17  # ... and in world 17 one is ratified by both


@pytest.fixture(scope="module")
def failing() -> Trajectory:
    return record_trajectory(load_scenario("february_2025", {"edition": 1}), 1, FAILED)


@pytest.fixture(scope="module")
def short() -> Trajectory:
    return record_trajectory(load_scenario("february_2025", {"time.horizon": 12}), 1, 5)


def test_snapshots_equal_a_stepwise_simulation(short: Trajectory) -> None:
    negotiation = build(short.scenario, 1, 1, first=5)
    assert short.last == 12
    for week in range(short.last + 1):
        snapshot = short.snapshot(week)
        assert snapshot.week == negotiation.week
        for name, values in negotiation.store.arrays().items():
            assert np.array_equal(values[..., 0], snapshot[name], equal_nan=True), (week, name)
        negotiation.step()


def test_snapshots_are_read_only(short: Trajectory) -> None:
    with pytest.raises(ValueError, match="read-only"):
        short.snapshot(3)["tariff"][0] = 0.0
    with pytest.raises(ValueError, match="between 0 and 12"):
        short.snapshot(13)


def test_replayed_weeks_equal_the_trajectory(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    for number in (1, week):
        simulated = replay_week(failing, number)
        for name, values in simulated.negotiation.store.arrays().items():
            assert np.array_equal(values[..., 0], failing.record[name][number], equal_nan=True), (
                name
            )


def test_conviction_and_pulls_sum_to_the_opinion(failing: Trajectory) -> None:
    for week in (1, 40):
        simulated = replay_week(failing, week)
        for key, person in simulated.negotiation.people.items():
            group = person.kind == "constituency"
            base = (
                person.of_group("firmness") if group else simulated.negotiation.store["conviction"]
            )
            start = float(base[0] if group else base[person.row][0][0])
            moved = start + sum(pull.amount for pull in pulls(simulated, key))
            assert moved == pytest.approx(float(person.opinion[0][0]), abs=1e-9), key


def test_verdict_explains_the_failure_at_home(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    assert failing.record["failures"][week] > failing.record["failures"][week - 1]
    refused = int(failing.record["refused_by"][week])
    homes = scenes.homes(failing, week)
    assert [home.passed for home in sorted(homes, key=lambda h: h.side)] == [
        side != refused for side in SIDES
    ]
    (home,) = [home for home in homes if not home.passed]
    assert sum(view.weight * view.worth for view in home.views) == pytest.approx(home.worth)
    verdict = narration.verdict(failing, week)
    assert verdict is not None
    assert verdict["title"].startswith("Why the deal failed at home in China")
    against = [view.title for view in home.views if view.against]
    assert against
    assert all(title in verdict["said"][0] for title in against)
    numbers = dict(verdict["sides"][0]["numbers"])
    assert {"Worth of the package", "Weighted support of the groups"} <= numbers.keys()
    lit = {row["from"] for row in scenes.lit(failing, week) if row["kind"] == "refusal"}
    assert lit == {view.key for view in home.views if view.against}


def test_worlds_without_a_failure_at_home(failing: Trajectory, short: Trajectory) -> None:
    assert narration.unfailed(failing) == ""
    assert not scenes.agreed_weeks(short, short.last)
    assert "never reached an agreement" in narration.unfailed(short)
    agreed = record_trajectory(load_scenario("february_2025", {"edition": 1}), 1, AGREED)
    assert "Both sides ratified" in narration.unfailed(agreed)
    verdict = narration.verdict(agreed, agreed.last)
    assert verdict is not None
    assert "Import-competing manufacturers and their workers (worth −" in verdict["said"][0]


def test_the_gap_of_a_refusal_equals_the_record(failing: Trajectory) -> None:
    refusals = [e for e in failing.entries if e.kind == "offer" and not e.numbers["accepted"]]
    for entry in refusals[:4]:
        (answer,) = replay_week(failing, entry.week).answers
        gap = max(answer.aspiration - answer.worth, 0.0)
        assert not answer.yes
        assert gap == pytest.approx(float(failing.record["gap"][entry.week][answer.side]))
    leader = failing.scenario.sides["CN"].leader
    assert "it said no" in narration.inspect(failing, refusals[0].week, leader)["said"]


def test_the_worth_to_a_leader_and_to_its_side_are_both_shown_if_they_differ(
    failing: Trajectory,
) -> None:
    for entry in failing.entries:
        for answer in replay_week(failing, entry.week).answers if entry.kind == "offer" else ():
            own = scenes.signed(answer.worth + answer.legacy)
            plain = scenes.signed(answer.gain)
            leader = list(failing.scenario.sides.values())[answer.side].leader
            text = narration.inspect(failing, entry.week, leader)["said"]
            assert f"was worth {own} points to it" in text
            assert (f"({plain} to its side" in text) == (plain != own)


def test_the_aspiration_starts_again_after_a_refusal_at_home(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    leader = failing.scenario.sides["CN"].leader
    asked = {}
    for number in (1, week):
        facts = dict(narration.inspect(failing, number, leader)["facts"])
        asked[number] = facts["Aspiration: what it last asked for"]
    assert asked[week] == "starts again after the refusal at home"
    assert asked[1] != asked[week]


def test_the_random_draw_is_mentioned_only_if_it_mattered(failing: Trajectory) -> None:
    (home,) = [home for home in scenes.homes(failing, scenes.key_week(failing)) if not home.passed]
    refused = narration.why(failing, replace(home, chance=0.4, drawn=0.6))
    assert "it had a chance of 40 %, and the random draw in this world was against it" in refused
    hopeless = narration.why(failing, replace(home, chance=0.001, drawn=0.6))
    assert "it had a chance of under 1 %. Against it" in hopeless
    odd = narration.why(failing, replace(home, chance=0.999, drawn=0.9995))
    assert "over 99 %, and the random draw in this world was against it" in odd


def test_replayed_weeks_are_cached(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    assert replay_week(failing, week) is replay_week(failing, week)


@pytest.mark.parametrize("name", ["classroom", "split_the_pie", "three_advisers"])
def test_all_pictures_of_all_scenarios(name: str) -> None:
    trajectory = record_trajectory(load_scenario(name), 2, 1)
    assert scenes.lines(trajectory)
    for week in range(0, trajectory.last + 1, max(1, trajectory.last // 3)):
        assert scenes.headline(trajectory, week)
        heading, rows = scenes.package(trajectory, week)
        in_force = trajectory.record["phase"][week] == DEAL
        assert heading.startswith("In force") == in_force
        assert all(0.0 <= row["level"] <= 1.0 for row in rows)
        plane = scenes.plane(trajectory, week)
        assert all(offer["week"] <= week for offer in plane["offers"])
        for key in trajectory.start.people:
            assert narration.inspect(trajectory, week, key)["title"]


def test_equal_worlds_have_no_typical_or_surprising_one() -> None:
    picked = picks(simulate("split_the_pie", 20, 1).outcomes)
    assert [pick.name for pick in picked] == ["Mini deal"]


def test_picks_match_their_names() -> None:
    outcomes = simulate("classroom", 40, 1).outcomes
    outcomes.loc[7, "involuntary_defections"] = 1.0
    picked = {pick.name: pick for pick in picks(outcomes)}
    assert picked["Failed at home"].world == 7
    assert failures(outcomes) == [7]
    for ending in outcomes["outcome"].unique():
        world = picked[ending[0].upper() + ending[1:]].world
        assert outcomes.at[world, "outcome"] == ending
    commonest = outcomes["outcome"].value_counts().index[0]
    assert outcomes.at[picked["Typical"].world, "outcome"] == commonest
    assert picked["Most surprising"].world != picked["Typical"].world


def test_urls_round_trip_and_report_problems() -> None:
    scenario_store = ScenarioStore()
    wanted = wanted_of(
        "scenario=classroom&seed=3&values.cost_scale=2&world=17&week=4", scenario_store
    )
    assert not wanted.problems
    assert (wanted.world, wanted.week, wanted.opened.state.seed) == (17, 4, 3)
    again = wanted_of(link(wanted, 17, 4).partition("?")[2], scenario_store)
    assert again == wanted
    bad = wanted_of("world=-2&week=x&results=../secrets&nothing=1", scenario_store)
    problems = " ".join(map(str, bad.problems))
    assert bad.world == 0
    assert bad.week == 0
    assert bad.results == ""
    assert all(word in problems for word in ("world", "week", "results", "nothing"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path))
    write_results(simulate("classroom", 6, 4), tmp_path / "lesson")
    return "lesson"


def test_worlds_of_a_results_folder(folder: str) -> None:
    session, shown = WatchSession(), list[WatchView]()
    session.work(
        wanted_of(f"results={folder}&world=5", session.scenario_store), shown.append
    ).join()
    last = shown[-1]
    assert last.trajectory is not None
    assert last.choice is not None
    assert not last.problems
    assert last.trajectory.seed == 4
    table = simulate("classroom", 6, 4).outcomes
    assert last.trajectory.run.outcomes.loc[[5]].equals(table.loc[[5]])
    session.work(
        wanted_of(f"results={folder}&world=6", session.scenario_store), shown.append
    ).join()
    assert "no such world" in str(shown[-1].problems[0])
    assert shown[-1].trajectory is None
