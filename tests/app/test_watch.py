"""A film is exact in every week, what it says of people adds up, its picks are what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.inputs import results_index
from app.inputs.scenario_store import ScenarioStore
from app.watch import narration, scenes
from app.watch.address import link, wanted_of
from app.watch.picks import failures, picks
from app.watch.session import Screening, Showing
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
    return record_trajectory(load_scenario("february_2025"), 1, FAILED)


@pytest.fixture(scope="module")
def short() -> Trajectory:
    return record_trajectory(load_scenario("february_2025", {"time.horizon": 12}), 1, 5)


def test_every_frame_equals_the_same_week_lived_step_by_step(short: Trajectory) -> None:
    negotiation = build(short.scenario, 1, 1, first=5)
    assert short.last == 12
    for week in range(short.last + 1):
        frame = short.frame(week)
        assert frame.week == negotiation.week
        for name, values in negotiation.store.arrays().items():
            assert np.array_equal(values[..., 0], frame[name], equal_nan=True), (week, name)
        negotiation.step()


def test_a_frame_cannot_be_changed(short: Trajectory) -> None:
    with pytest.raises(ValueError, match="read-only"):
        short.frame(3)["tariff"][0] = 0.0
    with pytest.raises(ValueError, match="between 0 and 12"):
        short.frame(13)


def test_a_week_lived_again_is_the_week_of_the_film(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    for again in (1, week):
        simulated = replay_week(failing, again)
        for name, values in simulated.negotiation.store.arrays().items():
            assert np.array_equal(values[..., 0], failing.record[name][again], equal_nan=True), name


def test_conviction_and_pulls_add_up_to_the_opinion(failing: Trajectory) -> None:
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


def test_it_says_why_the_deal_failed_at_home(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    assert failing.record["failures"][week] > failing.record["failures"][week - 1]
    refused = int(failing.record["refused_by"][week])
    homes = scenes.homes(failing, week)
    assert [home.passed for home in sorted(homes, key=lambda h: h.side)] == [
        side != refused for side in SIDES
    ]
    (home,) = [home for home in homes if not home.passed]
    assert sum(view.weight * view.worth for view in home.views) == pytest.approx(home.worth)
    found = narration.verdict(failing, week)
    assert found is not None
    assert found["title"].startswith("Why the deal failed at home in China")
    against = [view.title for view in home.views if view.against]
    assert against
    assert all(title in found["said"][0] for title in against)
    numbers = dict(found["sides"][0]["numbers"])
    assert {"Worth of the package", "Weighted support of the groups"} <= numbers.keys()
    lit = {row["from"] for row in scenes.lit(failing, week) if row["kind"] == "refusal"}
    assert lit == {view.key for view in home.views if view.against}


def test_a_world_in_which_nothing_failed_at_home_says_so(
    failing: Trajectory, short: Trajectory
) -> None:
    assert narration.unfailed(failing) == ""
    assert not scenes.agreed_weeks(short, short.last)
    assert "never agreed" in narration.unfailed(short)
    agreed = record_trajectory(load_scenario("february_2025"), 1, AGREED)
    assert "ratified by both" in narration.unfailed(agreed)
    said = narration.verdict(agreed, agreed.last)
    assert said is not None
    assert "Import-competing manufacturers and their workers (worth −" in said["said"][0]


def test_a_refusal_is_told_with_the_gap_that_the_record_holds(failing: Trajectory) -> None:
    refusals = [e for e in failing.entries if e.kind == "offer" and not e.numbers["accepted"]]
    for entry in refusals[:4]:
        (answer,) = replay_week(failing, entry.week).answers
        gap = max(answer.aspiration - answer.worth, 0.0)
        assert not answer.yes
        assert gap == pytest.approx(float(failing.record["gap"][entry.week][answer.side]))
    leader = failing.scenario.sides["CN"].leader
    assert "it said no" in narration.inspect(failing, refusals[0].week, leader)["said"]


def test_a_worth_that_counts_otherwise_to_a_leader_than_to_its_side_is_told_as_both(
    failing: Trajectory,
) -> None:
    for entry in failing.entries:
        for answer in replay_week(failing, entry.week).answers if entry.kind == "offer" else ():
            own = scenes.signed(answer.worth + answer.legacy)
            plain = scenes.signed(answer.gain)
            leader = list(failing.scenario.sides.values())[answer.side].leader
            said = narration.inspect(failing, entry.week, leader)["said"]
            assert f"was worth {own} points to it" in said
            assert (f"({plain} to its side" in said) == (plain != own)


def test_after_a_refusal_at_home_the_aspiration_is_told_to_start_anew(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    leader = failing.scenario.sides["CN"].leader
    asked = {}
    for at in (1, week):
        facts = dict(narration.inspect(failing, at, leader)["facts"])
        asked[at] = facts["Aspiration: what it last asked for"]
    assert asked[week] == "starts anew after the refusal at home"
    assert asked[1] != asked[week]


def test_luck_is_named_only_where_it_had_a_say(failing: Trajectory) -> None:
    (home,) = [home for home in scenes.homes(failing, scenes.key_week(failing)) if not home.passed]
    refused = narration.why(failing, replace(home, chance=0.4, drawn=0.6))
    assert "it had a chance of 40 %, and in this world luck went against it" in refused
    hopeless = narration.why(failing, replace(home, chance=0.001, drawn=0.6))
    assert "it had a chance of under 1 %. Against it" in hopeless
    odd = narration.why(failing, replace(home, chance=0.999, drawn=0.9995))
    assert "over 99 %, and in this world luck went against it" in odd


def test_what_is_told_in_many_weeks_is_lived_again_once(failing: Trajectory) -> None:
    week = scenes.key_week(failing)
    assert replay_week(failing, week) is replay_week(failing, week)


@pytest.mark.parametrize("name", ["classroom", "split_the_pie", "three_advisers"])
def test_every_scenario_has_its_pictures_in_every_week(name: str) -> None:
    found = record_trajectory(load_scenario(name), 2, 1)
    assert scenes.lines(found)
    for week in range(0, found.last + 1, max(1, found.last // 3)):
        assert scenes.headline(found, week)
        heading, rows = scenes.package(found, week)
        in_force = found.record["phase"][week] == DEAL
        assert heading.startswith("In force") == in_force
        assert all(0.0 <= row["level"] <= 1.0 for row in rows)
        plane = scenes.plane(found, week)
        assert all(offer["week"] <= week for offer in plane["offers"])
        for key in found.start.people:
            assert narration.inspect(found, week, key)["title"]


def test_where_all_worlds_are_one_none_is_called_typical_or_surprising() -> None:
    found = picks(simulate("split_the_pie", 20, 1).outcomes)
    assert [pick.name for pick in found] == ["Mini deal"]


def test_picks_are_what_they_say() -> None:
    outcomes = simulate("classroom", 40, 1).outcomes
    outcomes.loc[7, "involuntary_defections"] = 1.0
    found = {pick.name: pick for pick in picks(outcomes)}
    assert found["Failed at home"].world == 7
    assert failures(outcomes) == [7]
    for ending in outcomes["outcome"].unique():
        world = found[ending[0].upper() + ending[1:]].world
        assert outcomes.at[world, "outcome"] == ending
    commonest = outcomes["outcome"].value_counts().index[0]
    assert outcomes.at[found["Typical"].world, "outcome"] == commonest
    assert found["Most surprising"].world != found["Typical"].world


def test_an_address_opens_what_it_says_and_tells_what_it_cannot() -> None:
    scenario_store = ScenarioStore()
    wanted = wanted_of(
        "scenario=classroom&seed=3&values.cost_scale=2&world=17&week=4", scenario_store
    )
    assert not wanted.problems
    assert (wanted.world, wanted.week, wanted.opened.state.seed) == (17, 4, 3)
    again = wanted_of(link(wanted, 17, 4).partition("?")[2], scenario_store)
    assert again == wanted
    bad = wanted_of("world=-2&week=x&results=../secrets&nothing=1", scenario_store)
    told = " ".join(map(str, bad.problems))
    assert bad.world == 0
    assert bad.week == 0
    assert bad.results == ""
    assert all(word in told for word in ("world", "week", "results", "nothing"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(results_index.PLACE, str(tmp_path))
    write_results(simulate("classroom", 6, 4), tmp_path / "lesson")
    return "lesson"


def test_a_world_of_a_results_folder_is_filmed_and_an_unknown_one_told(folder: str) -> None:
    screening, shown = Screening(), list[Showing]()
    screening.work(
        wanted_of(f"results={folder}&world=5", screening.scenario_store), shown.append
    ).join()
    last = shown[-1]
    assert last.trajectory is not None
    assert last.choice is not None
    assert not last.problems
    assert last.trajectory.seed == 4
    table = simulate("classroom", 6, 4).outcomes
    assert last.trajectory.run.outcomes.loc[[5]].equals(table.loc[[5]])
    screening.work(
        wanted_of(f"results={folder}&world=6", screening.scenario_store), shown.append
    ).join()
    assert "no such world" in str(shown[-1].problems[0])
    assert shown[-1].trajectory is None
