"""A class's games beside each other: results, where the moves part, and what is refused."""

import dataclasses
import io

import pandas as pd
import pytest

from agents.script import Moves, Order
from experiments.engine import Run, simulate
from experiments.game.comparison import (
    EMPTY,
    Played,
    as_csv,
    cases,
    changed,
    packages,
    partings,
    played,
)
from experiments.game.table import Game
from experiments.game.transcript import Transcript, transcript_of
from experiments.results.errors import ResultsError
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import BEST, CLASSROOM

BRIEF = load_scenario("february_2025", {"time.horizon": 5})
GREEDY = (0.0, 1.0, 1.0)


def game_of(offer: tuple[float, ...], player: str, seat: str = "north") -> Transcript:
    """Return a game in which somebody always asks for the same."""
    found = Game(CLASSROOM, [seat])
    who = found.seats[0]
    while not found.over:
        asked = found.look(who).may.offer
        found.play({who.key: Moves(offer=offer if asked else None)})
    return transcript_of(found, player)


@pytest.fixture(scope="module")
def plays() -> list[Played]:
    told = [game_of(GREEDY, "Ann"), game_of(BEST, "=Ben"), game_of(BEST, "")]
    twins: dict[str, Run] = {}
    found = [one for t in told for one in played(t, "cleo.json", twins)]
    assert len(twins) == 1
    return found


def test_results_are_those_of_the_games(plays: list[Played]) -> None:
    twin = simulate(CLASSROOM, 1, 1).outcomes.loc[0]
    assert [one.label for one in plays] == ["Ann", "=Ben", "cleo"]
    assert plays[0].worth == 0.0
    assert plays[1].worth == pytest.approx(0.2)
    assert plays[1].twin == pytest.approx(twin["utility_north"], abs=0.3)
    assert plays[1].own > plays[0].own


def test_a_case_is_scenario_luck_and_seat(plays: list[Played]) -> None:
    south = played(game_of(BEST, "Dan", "south"), "dan.json", {})
    groups = cases([*south, *plays])
    assert [len(group) for group in groups] == [3, 1]
    assert [one.label for one in groups[0]] == ["=Ben", "cleo", "Ann"]


def test_where_the_moves_part(plays: list[Played]) -> None:
    found = partings(plays)
    offer = next(parting for parting in found if parting.kind == "offer")
    assert "differ most in" in offer.text
    assert f"Week {offer.week}:" in offer.text
    assert len({parting.kind for parting in found}) == len(found)
    assert partings(plays[1:]) == []
    assert partings(plays[:1]) == []


@pytest.mark.parametrize(
    ("choices", "kind", "words"),
    [
        ([Moves(due="carry_out"), Moves(due="back_down"), Moves(due="carry_out")], "due",
         "Week 4: 2 of 3 carried out a threat, 1 did not."),
        ([Moves(accept=False), Moves(accept=True)], "answer",
         "Week 3: 1 of 2 accepted the other's offer, 1 refused it."),
    ],
)  # fmt: skip
def test_threats_and_answers_part_where_they_fall_due(
    choices: list[Moves], kind: str, words: str
) -> None:
    found = [one for wish in choices for one in played(threatening(wish), "a.json", {})]
    (parting,) = (parting for parting in partings(found) if parting.kind == kind)
    assert parting.text == words
    assert parting.score == 1 / len(choices)


def threatening(wish: Moves) -> Transcript:
    """Return a game that threatens in its first week, and then does as wished."""
    found = Game(BRIEF, ["US"])
    who = found.seats[0]
    while not found.over:
        may = found.look(who).may
        order = Order("tariff", 0.1, 3) if may.threaten and found.week == 1 else None
        accept = wish.accept and may.accept
        due = wish.due if may.carry_out else Moves().due
        found.play({who.key: Moves(accept=accept, threat=order, due=due)})
    return transcript_of(found, "")


def test_what_was_agreed(plays: list[Played]) -> None:
    (first, deal), (second, none) = packages(plays)
    assert (first, second) == (2, 1)
    assert len(deal) == 2
    assert none == ()


def test_a_deal_in_which_nothing_is_given_is_no_missing_deal(plays: list[Played]) -> None:
    levels = {name: 0.0 for name in plays[1].outcome if name.startswith("agreed_")}
    hollow = dataclasses.replace(plays[1], outcome={**plays[1].outcome, **levels})
    assert hollow.outcome["outcome"] == "mini deal"
    assert hollow.package == (EMPTY,)
    assert plays[0].package == ()


def test_the_table_has_a_row_a_seat_and_no_formula(plays: list[Played]) -> None:
    table = pd.read_csv(io.StringIO(as_csv(plays)))
    assert list(table["player"]) == ["Ann", "'=Ben", "cleo"]
    assert table["own_result"].tolist() == pytest.approx([one.own for one in plays])
    assert table["outcome"].tolist() == [one.outcome["outcome"] for one in plays]


def test_other_outcomes_than_the_transcript_s_are_seen(plays: list[Played]) -> None:
    assert not changed(plays[0])
    told = plays[0].transcript
    forged = dataclasses.replace(told, outcome={**(told.outcome or {}), "deals": 5.0})
    assert changed(played(forged, "a.json", {})[0])


def test_a_game_that_was_left_is_refused() -> None:
    with pytest.raises(ResultsError, match="the game was left after week 0"):
        played(transcript_of(Game(CLASSROOM, ["north"])), "a.json", {})
