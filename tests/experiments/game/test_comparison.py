"""Comparison of a class's games: results, differences between moves, and refused files."""

import dataclasses
import io

import pandas as pd
import pytest

from agents.script import Moves, Order
from experiments.engine import Run, simulate
from experiments.game.comparison import (
    EMPTY,
    SeatResult,
    as_csv,
    cases,
    divergences,
    outcome_differs,
    packages,
    seat_results,
)
from experiments.game.table import Game
from experiments.game.transcript import Transcript, transcript_of
from experiments.results.errors import ResultsError
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import BEST, CLASSROOM

BRIEF = load_scenario("february_2025", {"edition": 1, "time.horizon": 5})
GREEDY = (0.0, 1.0, 1.0)


def game_of(offer: tuple[float, ...], player: str, seat: str = "north") -> Transcript:
    """Return a game in which the player always makes the same offer."""
    game = Game(CLASSROOM, [seat])
    who = game.seats[0]
    while not game.over:
        asked = game.look(who).may.offer
        game.play({who.key: Moves(offer=offer if asked else None)})
    return transcript_of(game, player)


@pytest.fixture(scope="module")
def plays() -> list[SeatResult]:
    transcripts = [game_of(GREEDY, "Ann"), game_of(BEST, "=Ben"), game_of(BEST, "")]
    twins: dict[str, Run] = {}
    results = [
        one for transcript in transcripts for one in seat_results(transcript, "cleo.json", twins)
    ]
    assert len(twins) == 1
    return results


def test_results_agree_with_the_games(plays: list[SeatResult]) -> None:
    twin = simulate(CLASSROOM, 1, 1).outcomes.loc[0]
    assert [one.label for one in plays] == ["Ann", "=Ben", "cleo"]
    assert plays[0].worth == 0.0
    assert plays[1].worth == pytest.approx(0.2)
    assert plays[1].twin == pytest.approx(twin["utility_north"], abs=0.3)
    assert plays[1].own > plays[0].own


def test_a_case_is_a_scenario_with_seed_world_and_seat(plays: list[SeatResult]) -> None:
    south = seat_results(game_of(BEST, "Dan", "south"), "dan.json", {})
    groups = cases([*south, *plays])
    assert [len(group) for group in groups] == [3, 1]
    assert [one.label for one in groups[0]] == ["=Ben", "cleo", "Ann"]


def test_the_largest_differences_between_moves(plays: list[SeatResult]) -> None:
    results = divergences(plays)
    offer = next(divergence for divergence in results if divergence.kind == "offer")
    assert "differ most in" in offer.text
    assert f"Week {offer.week}:" in offer.text
    assert len({divergence.kind for divergence in results}) == len(results)
    assert divergences(plays[1:]) == []
    assert divergences(plays[:1]) == []


@pytest.mark.parametrize(
    ("choices", "kind", "words"),
    [
        ([Moves(due="carry_out"), Moves(due="back_down"), Moves(due="carry_out")], "due",
         "Week 4: 2 of 3 carried out a threat, 1 did not."),
        ([Moves(accept=False), Moves(accept=True)], "answer",
         "Week 3: 1 of 2 accepted the other's offer, 1 refused it."),
    ],
)  # fmt: skip
def test_differences_in_threats_and_answers(choices: list[Moves], kind: str, words: str) -> None:
    results = [one for wish in choices for one in seat_results(threatening(wish), "a.json", {})]
    (divergence,) = (divergence for divergence in divergences(results) if divergence.kind == kind)
    assert divergence.text == words
    assert divergence.score == 1 / len(choices)


def threatening(wish: Moves) -> Transcript:
    """Return a game with a threat in its first week and then the given moves."""
    game = Game(BRIEF, ["US"])
    who = game.seats[0]
    while not game.over:
        may = game.look(who).may
        order = Order("tariff", 0.1, 3) if may.threaten and game.week == 1 else None
        accept = wish.accept and may.accept
        due = wish.due if may.carry_out else Moves().due
        game.play({who.key: Moves(accept=accept, threat=order, due=due)})
    return transcript_of(game, "")


def test_packages_are_counted(plays: list[SeatResult]) -> None:
    (first, deal), (second, none) = packages(plays)
    assert (first, second) == (2, 1)
    assert len(deal) == 2
    assert none == ()


def test_a_deal_without_concessions_is_not_a_missing_deal(plays: list[SeatResult]) -> None:
    levels = {name: 0.0 for name in plays[1].outcome if name.startswith("agreed_")}
    hollow = dataclasses.replace(plays[1], outcome={**plays[1].outcome, **levels})
    assert hollow.outcome["outcome"] == "mini deal"
    assert hollow.package == (EMPTY,)
    assert plays[0].package == ()


def test_the_table_has_a_row_per_seat_and_no_formulas(plays: list[SeatResult]) -> None:
    table = pd.read_csv(io.StringIO(as_csv(plays)))
    assert list(table["player"]) == ["Ann", "'=Ben", "cleo"]
    assert table["own_result"].tolist() == pytest.approx([one.own for one in plays])
    assert table["outcome"].tolist() == [one.outcome["outcome"] for one in plays]


def test_an_outcome_that_differs_from_the_transcript_is_detected(plays: list[SeatResult]) -> None:
    assert not outcome_differs(plays[0])
    transcript = plays[0].transcript
    forged = dataclasses.replace(transcript, outcome={**(transcript.outcome or {}), "deals": 5.0})
    assert outcome_differs(seat_results(forged, "a.json", {})[0])


def test_an_unfinished_game_is_refused() -> None:
    with pytest.raises(ResultsError, match="the game was stopped after week 0"):
        seat_results(transcript_of(Game(CLASSROOM, ["north"])), "a.json", {})
