"""Watch shows a game from its transcript, just as it was played, and refuses what is none."""

import json

import numpy as np

from app.inputs.scenario_store import ScenarioStore
from app.play import games
from app.watch.address import link, wanted_of
from app.watch.session import Screening
from app.watch.trace import replay_week
from app.watch.trajectory import record_trajectory
from experiments.game.transcript import as_json, transcript_of
from experiments.game.transcript_reading import read_transcript
from tests.app.test_components import Shown
from tests.experiments.game.test_table import CLASSROOM, played

GAME = played(CLASSROOM, ["north"], 0)
TOLD = transcript_of(GAME, "Ann")


def test_a_film_of_a_game_is_the_game() -> None:
    found = record_trajectory(CLASSROOM, 3, 0, seats=TOLD.scripts())
    assert found.last == GAME.week
    for week in range(found.last + 1):
        for name, values in found.frame(week).states.items():
            np.testing.assert_array_equal(values, GAME.state(name, week), err_msg=name)
    assert [entry.text for entry in found.entries] == [entry.text for entry in GAME.entries]
    simulated = replay_week(found, found.last)
    assert simulated.negotiation.store["weeks"][0] == found.last


def test_a_session_remembers_games_by_name() -> None:
    name = games.keep(TOLD)
    assert games.keep(TOLD) == name
    wanted = wanted_of(f"game={name}&week=2", ScenarioStore())
    assert wanted.problems == ()
    assert (wanted.transcript, wanted.world, wanted.week) == (TOLD, 0, 2)
    assert wanted.opened.state.scenario == "classroom"
    assert link(wanted, 0, 2) == f"/watch?game={name}&week=2"
    lost = wanted_of("game=nobody", ScenarioStore())
    assert "remembers no such game" in str(lost.problems[0])


def test_other_luck_than_the_transcript_tells_is_said() -> None:
    content = json.loads(as_json(TOLD))
    content["outcome"]["deals"] = 7.0
    forged = read_transcript(json.dumps(content))
    wanted = wanted_of(f"game={games.keep(forged)}", ScenarioStore())
    shown = list(Screening().showings(wanted, lambda _: None))
    assert len(shown) == 1
    assert "lives the game otherwise" in str(shown[0].problems[0])


def test_the_page_opens_a_transcript_and_says_what_is_none() -> None:
    shown = Shown("/watch?scenario=classroom&worlds=20")
    (choice,) = shown.find("choice.vue")
    choice.vue_go({"name": "transcript", "text": "{}"})
    shown.wait(lambda: "not a transcript of a game" in str(shown.find("notice.vue")[0].lines))
    choice.vue_go({"name": "transcript", "text": as_json(TOLD)})
    assert shown.paths[-1] == f"/watch?game={games.keep(TOLD)}"
    shown.close()
    shown = Shown(shown.paths[-1])
    shown.wait(lambda: bool(shown.find("player.vue")))
    (choice,) = shown.find("choice.vue")
    assert choice.summary.startswith("Game of Leader of North, played by Ann, world 0.")
    assert choice.source == "game:"
    shown.close()
