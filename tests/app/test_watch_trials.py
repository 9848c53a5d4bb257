"""Watch shows which intermediary carried a trial package, along which edges, and the answer."""

from itertools import pairwise

import numpy as np
import pytest

from app.watch import narration, scenes
from app.watch.trace import replay_week
from app.watch.trajectory import Trajectory, record_trajectory
from model.schema.scenario import load_scenario

OFTEN = {"channels.contact": 1.0, "channels.access": 0.0, "channels.trial": 1.0}
SURE = {
    "edges.elon_musk>han_zheng.weight": 1.0, "edges.han_zheng>xi_jinping.weight": 1.0,
    "edges.han_zheng>elon_musk.weight": 1.0, "edges.elon_musk>donald_trump.weight": 1.0,
}  # fmt: skip
SHORT = {"time.horizon": 20, "channels.leak": 0.0}


@pytest.fixture(scope="module")
def tried() -> Trajectory:
    return record_trajectory(load_scenario("february_2025", OFTEN | SURE | SHORT), 1, 3)


def weeks_of_trials(trajectory: Trajectory) -> list[int]:
    """Return the weeks with a trial package."""
    return [int(week) for week in np.flatnonzero(np.diff(trajectory.record["trials"]) > 0.0) + 1]


def test_its_edges_are_highlighted_with_the_answer(tried: Trajectory) -> None:
    weeks = weeks_of_trials(tried)
    assert weeks
    for week in weeks:
        marked = [row for row in scenes.lit(tried, week) if row["kind"] in ("warm", "cold")]
        sender = int(tried.record["trial_sender"][week])
        route = [
            ["elon_musk", "han_zheng", "xi_jinping"],
            ["han_zheng", "elon_musk", "donald_trump"],
        ][sender]
        assert [(row["from"], row["to"]) for row in marked] == [*pairwise(route)]
        warm = tried.record["trial_answer"][week] > 0.0
        assert {row["kind"] for row in marked} == {"warm" if warm else "cold"}
    quiet = next(week for week in range(1, tried.last) if week not in weeks)
    assert not {row["kind"] for row in scenes.lit(tried, quiet)} & {"warm", "cold"}


def test_edges_that_are_highlighted_exist(tried: Trajectory) -> None:
    known = {(row["from"], row["to"]) for row in scenes.edges(tried)}
    for week in weeks_of_trials(tried):
        route = scenes.trial_route(tried, week)
        assert set(pairwise(route)) <= known


def test_the_chronicle_names_carrier_and_answer(tried: Trajectory) -> None:
    week = weeks_of_trials(tried)[0]
    texts = [row["text"] for row in scenes.log(tried) if row["kind"] == "trial package"]
    assert len(texts) == len(weeks_of_trials(tried))
    carrier = tried.start.keys.actors[int(np.argmax(tried.record["trial_carrier"][week]))]
    answer = "warm" if tried.record["trial_answer"][week] > 0.0 else "cold"
    assert texts[0].startswith(tried.scenario.actors[carrier].title)
    assert f"The answer is {answer}." in texts[0]


def test_the_inspector_explains_the_answer_with_the_numbers_of_the_week(tried: Trajectory) -> None:
    explained = 0
    for week in weeks_of_trials(tried):
        (trial,) = replay_week(tried, week).trials
        said = narration.inspect(tried, week, tried.start.leaders[trial.side].key)["said"]
        assert f"Week {week}:" in said
        assert trial.warm == (tried.record["trial_answer"][week] > 0.0)
        if trial.real:
            assert trial.reservation == tried.record["reservation"][week][trial.side]
            assert f"worth {scenes.signed(trial.worth)} points" in said
            assert not trial.warm or trial.worth >= trial.reservation
            explained += 1
        else:
            assert "does not speak for it" in said
    assert explained


def test_the_inspector_of_an_intermediary_has_its_last_trial(tried: Trajectory) -> None:
    week = weeks_of_trials(tried)[-1]
    carrier = tried.start.keys.actors[int(np.argmax(tried.record["trial_carrier"][week]))]
    facts = dict(narration.inspect(tried, tried.last, carrier)["facts"])
    assert facts["Last trial package that it carried"].startswith(f"week {week}, ")
    other = narration.inspect(tried, tried.last, "former_diplomat")["facts"]
    assert dict(other)["Last trial package that it carried"] == "none"
