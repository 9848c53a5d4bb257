"""How a game is asked for: by a link, good or bad, or by setup; and how a move is read."""

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
        ("?scenario=classroom&seat=US", "classroom", "north_leader", 0, "nobody can sit there"),
        ("?scenario=nowhere&seat=CN", "february_2025", "xi_jinping", 0, "no such scenario"),
        ("?scenario=classroom&world=-4", "classroom", "", 0, "must be between"),
        ("?scenario=classroom&week=4&results=x", "classroom", "", 0, "a game has no such"),
        ("?" + "a" * 9000, "february_2025", "", 0, "characters long"),
    ],
)
def test_a_link_fixes_the_game_or_says_what_is_wrong(
    search: str, scenario: str, seat: str, world: int, words: str
) -> None:
    asked = asked_of(search, ScenarioStore())
    assert (asked.wanted.opened.state.scenario, asked.seat) == (scenario, seat)
    assert asked.wanted.world == world
    assert words in " ".join(map(str, asked.problems))
    assert bool(asked.problems) == bool(words)


def test_a_link_reads_as_it_was_written_with_changes_and_seed() -> None:
    state = State("classroom", (("talks.window", 9.0),), seed=4)
    path = link(state, 12, "south")
    asked = asked_of(path.partition("/play")[2], ScenarioStore())
    assert asked.wanted.opened.state == state
    assert (asked.wanted.world, asked.seat, asked.problems) == (12, "south_leader", ())
    assert asked.setting.talks.window == 9.0


def test_setup_offers_the_classroom_first_and_starts_by_the_link() -> None:
    found = Shown("/play")
    setup = found.one("play_setup.vue")
    assert [key for key, _ in setup.scenarios][:2] == ["classroom", "february_2025"]
    assert [row["key"] for row in setup.seats] == ["north", "south", "both"]
    setup.vue_choose({"name": "scenario", "text": "february_2025"})
    found.wait(lambda: len(found.one("play_setup.vue").seats) == 5)
    setup = found.one("play_setup.vue")
    setup.vue_choose({"name": "world", "text": "17"})
    found.wait(lambda: found.one("play_setup.vue").world == 17)
    setup.vue_choose({"name": "seat", "text": "scott_bessent"})
    found.wait(lambda: found.one("play_setup.vue").seat == "scott_bessent")
    wanted = "/play?scenario=february_2025&world=17&seat=scott_bessent"
    assert found.one("play_setup.vue").link == wanted
    setup.vue_start(True)
    assert found.paths[-1] == wanted
    assert "Scott Bessent" in found.one("play_week.vue").head["title"]
    found.close()


def test_a_bad_link_is_told_on_the_page() -> None:
    found = Shown("/play?scenario=classroom&seat=%3Cscript%3E&talks.rate=7")
    lines = " ".join(found.one("notice.vue").lines)
    assert "nobody can sit there" in lines
    assert "must be a number between 0 and 1" in lines
    assert "Leader of North" in found.one("play_week.vue").head["title"]
    found.close()


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
def test_what_a_browser_tells_is_read_strictly(name: str, value: Any) -> None:
    assert parse_move(Moves(), name, value) is None


def test_a_threat_is_read() -> None:
    moves = parse_move(Moves(), "threat", {"kind": "tariff", "size": 0.2, "fuse": 3})
    assert moves is not None
    assert moves.threat == Order("tariff", 0.2, 3)
