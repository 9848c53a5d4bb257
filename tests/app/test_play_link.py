"""Tests of links to games, of the setup, and of parsing moves."""

from typing import Any

import pytest

from agents.script import Moves, Order
from app.inputs.explore_url import State
from app.inputs.scenario_store import ScenarioStore
from app.play.address import asked_of, link
from app.play.parse_moves import parse_move
from tests.app.test_components import Shown


@pytest.mark.parametrize(
    ("search", "scenario", "seat", "world", "words"),
    [
        ("", "classroom", "", 0, ""),
        (
            "?scenario=february_2025&seat=US&world=17&seed=1",
            "february_2025",
            "donald_trump",
            17,
            "",
        ),
        ("?seat=he_lifeng", "february_2025", "he_lifeng", 0, ""),
        ("?scenario=classroom&seat=both", "classroom", "both", 0, ""),
        ("?scenario=classroom&seat=US", "classroom", "north_leader", 0, "there is no such seat"),
        ("?scenario=nowhere&seat=CN", "february_2025", "xi_jinping", 0, "no such scenario"),
        ("?scenario=classroom&world=-4", "classroom", "", 0, "must be between"),
        ("?scenario=classroom&week=4&results=x", "classroom", "", 0, "a game has no such"),
        ("?" + "a" * 9000, "february_2025", "", 0, "characters long"),
    ],
)
def test_links_open_games_and_report_problems(
    search: str, scenario: str, seat: str, world: int, words: str
) -> None:
    asked = asked_of(search, ScenarioStore())
    assert (asked.wanted.opened.state.scenario, asked.seat) == (scenario, seat)
    assert asked.wanted.world == world
    assert words in " ".join(map(str, asked.problems))
    assert bool(asked.problems) == bool(words)


def test_links_round_trip_with_changes_and_seed() -> None:
    state = State("classroom", (("talks.window", 9.0),), seed=4)
    path = link(state, 12, "south")
    asked = asked_of(path.partition("/play")[2], ScenarioStore())
    assert asked.wanted.opened.state == state
    assert (asked.wanted.world, asked.seat, asked.problems) == (12, "south_leader", ())
    assert asked.setting.talks.window == 9.0


def test_setup_lists_the_classroom_first_and_starts_the_game() -> None:
    page = Shown("/play")
    setup = page.one("play_setup.vue")
    assert [key for key, _ in setup.scenarios][:2] == ["classroom", "february_2025"]
    assert [row["key"] for row in setup.seats] == ["north", "south", "both"]
    setup.vue_choose({"name": "scenario", "text": "february_2025"})
    page.wait(lambda: len(page.one("play_setup.vue").seats) == 5)
    setup = page.one("play_setup.vue")
    setup.vue_choose({"name": "world", "text": "17"})
    page.wait(lambda: page.one("play_setup.vue").world == 17)
    setup.vue_choose({"name": "seat", "text": "scott_bessent"})
    page.wait(lambda: page.one("play_setup.vue").seat == "scott_bessent")
    wanted = "/play?scenario=february_2025&world=17&seat=scott_bessent"
    assert page.one("play_setup.vue").link == wanted
    setup.vue_start(True)
    assert page.paths[-1] == wanted
    assert "Scott Bessent" in page.one("play_week.vue").head["title"]
    page.close()


def test_the_page_reports_invalid_links() -> None:
    page = Shown("/play?scenario=classroom&seat=%3Cscript%3E&talks.rate=7")
    lines = " ".join(page.one("notice.vue").lines)
    assert "there is no such seat" in lines
    assert "must be a number between 0 and 1" in lines
    assert "Leader of North" in page.one("play_week.vue").head["title"]
    page.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gesture", 1),
        ("answer", "much"),
        ("due", "later"),
        ("threat", {"kind": "war", "size": 0.1, "fuse": 2}),
        ("threat", {"kind": "tariff", "size": 0.1, "fuse": 2.5}),
        ("offer", [0.1, None, 0.2]),
        ("offer", [0.1] * 1000),
        ("counsel", [0.1, 0.2]),
        ("nonsense", True),
    ],
)
def test_invalid_moves_are_rejected(name: str, value: Any) -> None:
    assert parse_move(Moves(), name, value) is None


def test_parsing_a_threat() -> None:
    moves = parse_move(Moves(), "threat", {"kind": "tariff", "size": 0.2, "fuse": 3})
    assert moves is not None
    assert moves.threat == Order("tariff", 0.2, 3)
