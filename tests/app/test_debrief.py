"""Tests of the debrief: correct text, progress, links, downloads."""

import dataclasses
import threading
from typing import Any

import numpy as np
import pytest
import solara

from agents.script import Moves, Order
from app.components.debrief import Debrief as Component
from app.components.debrief import Shown as DebriefShown
from app.components.debrief import work
from app.inputs.explore_url import State
from app.play import debriefing, games
from app.serving.latest_task import LatestTask
from experiments.game.debrief import Debrief, Measure, debrief
from experiments.game.decisions import Decision
from experiments.game.table import Game
from experiments.statistics import Interval
from model.schema.scenario import Scenario, load_scenario
from tests.app.test_components import Shown
from tests.experiments.game.test_table import CLASSROOM, FEBRUARY, played

GAME = played(CLASSROOM, ["north", "south"], 0)


@pytest.fixture(scope="module")
def result() -> Debrief:
    return debrief(GAME, GAME.seats[0], None, 5, 3)


def test_the_headline_has_both_scores(result: Debrief) -> None:
    head = debriefing.headline(result)
    assert head["title"].startswith("You were Leader of North. It ended with: ")
    own = result.measure("own")
    assert [row[2] for row in head["rows"]] == [
        debriefing.signed(own.mine),
        debriefing.signed(own.twin),
    ]
    assert "of 5 other worlds" in head["better"]
    assert "(95 %:" in head["better"]


def test_strips_show_all_worlds_and_mention_missing_deals() -> None:
    others = np.array([3.0, np.nan, 9.0, 5.0])
    row = debriefing.strip(Measure("agreement_week", "Week", "week", 0, np.nan, 9.0, others))
    assert len(row["points"]) == 3
    assert all(0.0 <= x <= 1.0 and 0.0 < y < 1.0 for x, y in row["points"])
    assert [mark["text"] for mark in row["marks"]] == ["no deal", "week 9"]
    assert row["marks"][0]["at"] is None
    assert row["note"].startswith("a deal in 75 % (95 %:")


@pytest.mark.parametrize(
    ("moves", "kind", "chance", "done", "instead"),
    [
        (Moves(threat=Order("tariff", 0.1, 4)), "threat", 0.0, "tariff rise of 10 points", "none"),
        (Moves(), "threat", 0.3, "made no threat", "made a threat in 30 %"),
        (Moves(due="put_off"), "due", 1.0, "put your threat off", "carried it out"),
        (Moves(truce=True), "truce", 0.0, "called for a truce", "not been ready"),
        (Moves(answer=0.5), "retaliation", 1.2, "answered 50 %", "answered 120 %"),
        (Moves(leave=True), "leave", 0.0, "ended the deal", "stayed in the deal"),
    ],
)
def test_decisions_are_compared_with_the_model(
    result: Debrief, moves: Moves, kind: str, chance: float, done: str, instead: str
) -> None:
    one = Decision(4, moves, {kind: 1.0}, {kind: chance}, worth=Interval(-0.1, -0.2, -0.05))
    (card,) = debriefing.cards(GAME, dataclasses.replace(result, decisions=(one,)))
    ((was, model),) = card["pairs"]
    assert done in was
    assert instead in model
    assert (card["tone"], card["worth"]) == ("bad", "−0.10")


def test_an_interval_around_zero_is_no_difference(result: Debrief) -> None:
    one = Decision(4, Moves(), {"truce": 1.0}, {"truce": 1.0}, worth=Interval(0.01, -0.1, 0.1))
    (card,) = debriefing.cards(GAME, dataclasses.replace(result, decisions=(one,)))
    assert card["verdict"] == "No detectable difference."


def test_decisions_without_a_difference_are_left_out(result: Debrief) -> None:
    def one(week: int, worth: float) -> Decision:
        apart = {"truce": 1.0}
        return Decision(week, Moves(), apart, apart, worth=Interval(worth, worth, worth))

    both = dataclasses.replace(result, decisions=(one(4, 0.1), one(5, 0.0)))
    assert [card["worth"] for card in debriefing.cards(GAME, both)] == ["+0.10"]
    nothing = dataclasses.replace(result, decisions=(one(5, 0.0),))
    assert debriefing.cards(GAME, nothing) == []
    assert debriefing.none(nothing).startswith("None: ")
    alike = dataclasses.replace(result, decisions=())
    assert "In all examined weeks" in debriefing.none(alike)


def test_differences_between_offers(result: Debrief) -> None:
    model = np.array([1.0, 0.5, 0.0])
    one = Decision(
        4,
        Moves(offer=(1.0, 1.0, 0.0)),
        {"offer": 1.0},
        {"offer": model},
        worth=Interval(0.1, 0, 0.2),
    )
    (card,) = debriefing.cards(GAME, dataclasses.replace(result, decisions=(one,)))
    ((_, instead),) = card["pairs"]
    assert "South buys" in instead
    assert "North" not in instead.partition("offered:")[2]


def test_url_state_of_a_scenario() -> None:
    assert games.state_of(CLASSROOM, 4) == State("classroom", seed=4)
    changed = games.state_of(FEBRUARY, 1)
    assert changed is not None
    assert changed.changed == {"time.horizon": 60}
    foreign: Scenario = CLASSROOM.model_copy(update={"name": "elsewhere"})
    assert games.state_of(foreign, 1) is None
    unlike = load_scenario("split_the_pie").model_copy(update={"name": "classroom"})
    assert games.state_of(unlike, 1) is None


class Page(Shown):
    """A rendered debrief."""

    def __init__(self, game: Game) -> None:
        self.paths: list[str] = []
        self.again = 0
        self.box, self.context = solara.render(
            Component(game, "Ann", self.begin, 5, 3), handle_error=False
        )

    def begin(self) -> None:
        """Count the restarts of the game."""
        self.again += 1


def test_the_debrief_shows_all_parts_and_both_seats() -> None:
    page = Page(GAME)
    page.wait(lambda: bool(page.find("debrief_head.vue")))
    assert "Leader of North" in page.find("debrief_head.vue")[0].head["title"]
    assert page.find("strips.vue")[0].rows
    assert page.find("debrief_rest.vue")[0].secrets["issues"]
    files = [save.file for save in page.find("save.vue")]
    assert files == [
        f"classroom-north_leader-south_leader-seed3-world0.{e}" for e in ("json", "csv")
    ]
    (links,) = page.find("links.vue")
    assert links.rows[0]["href"].startswith("/watch?game=")
    assert [row["text"] for row in links.rows[1:]] == ["play it as Leader of South"]
    south = next(
        b for b in page.every(type(page.box.children[0])) if b.children == ["Leader of South"]
    )
    south.fire_event("click", {})
    page.wait(
        lambda: any("of South" in head.head["title"] for head in page.find("debrief_head.vue"))
    )
    page.close()


def test_errors_lead_to_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[DebriefShown] = []

    def stop(*_: Any, **__: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr("app.components.debrief.workers.run", stop)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    work(LatestTask(), GAME, GAME.seats[0], shown.append, 5, 3).join()
    assert shown[-1].failure == "The debrief could not be made."


def test_own_scenarios_have_no_links_to_play() -> None:
    scenario = load_scenario("classroom").model_copy(update={"name": "elsewhere"})
    game = Game(scenario, ["north"])
    while not game.over:
        game.play({})
    page = Page(game)
    (links,) = page.find("links.vue")
    assert [row["text"] for row in links.rows] == ["watch this game"]
    page.close()
