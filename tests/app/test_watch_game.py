"""Tests of games in Watch: a transcript is shown as it was played, invalid ones are refused."""

import json

import numpy as np

from app.inputs.scenario_store import ScenarioStore
from app.play import games
from app.watch.address import link, wanted_of
from app.watch.session import WatchSession
from app.watch.trace import replay_week
from app.watch.trajectory import record_trajectory
from experiments.game.transcript import as_json, transcript_of
from experiments.game.transcript_reading import read_transcript
from tests.app.test_components import Shown
from tests.experiments.game.test_table import CLASSROOM, played

GAME = played(CLASSROOM, ["north"], 0)
TRANSCRIPT = transcript_of(GAME, "Ann")


def test_the_trajectory_of_a_game_equals_the_game() -> None:
    trajectory = record_trajectory(CLASSROOM, 3, 0, seats=TRANSCRIPT.scripts())
    assert trajectory.last == GAME.week
    for week in range(trajectory.last + 1):
        for name, values in trajectory.snapshot(week).states.items():
            np.testing.assert_array_equal(values, GAME.state(name, week), err_msg=name)
    assert [entry.text for entry in trajectory.entries] == [entry.text for entry in GAME.entries]
    simulated = replay_week(trajectory, trajectory.last)
    assert simulated.negotiation.store["weeks"][0] == trajectory.last


def test_games_are_stored_by_name() -> None:
    name = games.keep(TRANSCRIPT)
    assert games.keep(TRANSCRIPT) == name
    wanted = wanted_of(f"game={name}&week=2", ScenarioStore())
    assert wanted.problems == ()
    assert (wanted.transcript, wanted.world, wanted.week) == (TRANSCRIPT, 0, 2)
    assert wanted.opened.state.scenario == "classroom"
    assert link(wanted, 0, 2) == f"/watch?game={name}&week=2"
    lost = wanted_of("game=nobody", ScenarioStore())
    assert "has no such game" in str(lost.problems[0])


def test_a_difference_from_the_transcript_is_reported() -> None:
    content = json.loads(as_json(TRANSCRIPT))
    content["outcome"]["deals"] = 7.0
    forged = read_transcript(json.dumps(content))
    wanted = wanted_of(f"game={games.keep(forged)}", ScenarioStore())
    shown = list(WatchSession().views(wanted, lambda _: None))
    assert len(shown) == 1
    assert "replays the game differently" in str(shown[0].problems[0])


def test_the_page_opens_transcripts_and_rejects_other_files() -> None:
    shown = Shown("/watch?scenario=classroom&worlds=20")
    (choice,) = shown.find("choice.vue")
    choice.vue_go({"name": "transcript", "text": "{}"})
    shown.wait(lambda: "not a transcript of a game" in str(shown.find("notice.vue")[0].lines))
    choice.vue_go({"name": "transcript", "text": as_json(TRANSCRIPT)})
    assert shown.paths[-1] == f"/watch?game={games.keep(TRANSCRIPT)}"
    shown.close()
    shown = Shown(shown.paths[-1])
    shown.wait(lambda: bool(shown.find("player.vue")))
    (choice,) = shown.find("choice.vue")
    assert choice.summary.startswith("Game of Leader of North, played by Ann, world 0.")
    assert choice.source == "game:"
    shown.close()
