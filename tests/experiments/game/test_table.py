"""A game: what a seat may know and do, refused moves, and replays from moves alone."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from agents.script import Due, Moves, Order, Script
from experiments.engine import EVERYTHING, run_worlds
from experiments.game.seats import seat, seats
from experiments.game.table import Game, IllegalMoves
from model.rules.coercion import NONE
from model.schema.scenario import Scenario, load_scenario
from model.state.state import DEAL, TRUCE

FEBRUARY = load_scenario("february_2025", {"time.horizon": 60})
CLASSROOM = load_scenario("classroom")
BEST = (1.0, 1.0, 0.0)  # the logrolling deal of the classroom


def until(game: Game, condition: Callable[[], bool]) -> None:
    """Wait week by week until a condition is true."""
    while not condition():
        assert not game.over, "the condition never became true"
        game.play({})


def played(setting: Scenario, seats: list[str], world: int = 5) -> Game:
    """Return a game in which every kind of move was made."""
    game = Game(setting, seats, 3, world)
    turn = 0
    while not game.over:
        moves = {}
        for who in game.seats:
            now, turn = game.look(who), turn + 1
            may = now.may
            wish = Moves(answer=0.5, deliver=0.9, truce=may.truce and turn % 7 == 0)
            if may.offer:
                package = np.where(now.open_ > 0.0, np.where(now.gains > 0.0, 1.0, 0.4), 0.0)
                wish = dataclasses.replace(wish, offer=tuple(package))
            if now.table is not None and may.accept:
                wish = dataclasses.replace(wish, accept=now.worth(now.table) > now.reservation)
            if may.threaten:
                order = Order(may.threaten[turn % len(may.threaten)], 0.1, 3)
                wish = dataclasses.replace(wish, threat=order if turn % 2 else None)
            if may.carry_out:
                due: Due = "put_off" if may.put_off else "carry_out"
                wish = dataclasses.replace(wish, due=due)
            wish = dataclasses.replace(wish, gesture=may.gesture and turn % 5 == 0)
            wish = dataclasses.replace(wish, call=may.call, leave=may.leave)
            if may.counsel:
                wish = Moves(offer=wish.offer, accept=wish.accept, counsel=(0.9, 0.2, 0.7))
            moves[who.key] = wish
        game.play(moves)
    return game


class TestSeats:
    """The seats of a scenario."""

    def test_leaders_and_lead_advisers_have_seats(self) -> None:
        found_seats = seats(FEBRUARY)
        assert [s.key for s in found_seats] == [
            "donald_trump",
            "scott_bessent",
            "xi_jinping",
            "he_lifeng",
        ]
        assert [s.leads for s in found_seats] == [False, True, False, True]
        assert [s.row for s in found_seats] == [0, 0, 1, 1]
        assert len(seats(CLASSROOM)) == 2

    def test_a_side_means_its_leader(self) -> None:
        assert seat(FEBRUARY, "CN") == seat(FEBRUARY, "xi_jinping")


class TestGame:
    """Weeks of a game."""

    @pytest.mark.parametrize(
        "names", [["US"], ["CN"], ["scott_bessent"], ["US", "CN"], ["he_lifeng", "US"]]
    )
    def test_the_moves_alone_replay_the_world_bit_for_bit(self, names: list[str]) -> None:
        game = played(FEBRUARY, names)
        scripts = {key: Script(dict(moves)) for key, moves in game.moves.items()}
        numbers = np.array([5, 9, 11], dtype=np.intp)
        run = run_worlds(FEBRUARY, numbers, 3, {}, EVERYTHING, numbers, seats=scripts)
        assert run.weeks is not None
        again = run.weeks.sel(world=5)
        for name in again.data_vars:
            simulated = np.stack([game.state(str(name), week) for week in range(61)])
            np.testing.assert_array_equal(simulated, again[name].to_numpy(), err_msg=str(name))

    def test_a_game_without_seats_equals_the_simulated_world(self) -> None:
        game = Game(FEBRUARY, [], 3, 5)
        game.wait(60, frozenset())
        numbers = np.array([5], dtype=np.intp)
        row = run_worlds(FEBRUARY, numbers, 3, {}, names=numbers).outcomes.loc[5]
        assert game.over
        assert game.state("tariff_peak")[0] == pytest.approx(row["tariff_us_peak"])

    def test_a_deal_by_logrolling_in_the_classroom(self) -> None:
        game = Game(CLASSROOM, ["north"])
        north = game.seats[0]
        until(game, lambda: game.look(north).may.offer)
        now = game.look(north)
        assert now.worth(np.array(BEST)) == pytest.approx(0.2)
        assert now.worth_to_other(np.array(BEST)) == pytest.approx(0.4)
        for _ in range(game.setting.time.horizon):
            if game.over or game.state("phase") == DEAL:
                break
            offer = BEST if game.look(north).may.offer else None
            game.play({north.key: Moves(offer=offer)})
        assert game.state("agreement").tolist() == list(BEST)
        assert any(entry.kind == "deal" for entry in game.entries)

    def test_the_other_sides_offer_is_visible_before_the_answer(self) -> None:
        game = Game(CLASSROOM, ["south"])
        south = game.seats[0]
        until(game, lambda: game.look(south).table is not None)
        table = game.look(south).table
        assert table is not None
        game.play({south.key: Moves(accept=True)})
        np.testing.assert_array_equal(game.state("agreement"), table)

    def test_two_played_seats_answer_each_other(self) -> None:
        game = Game(CLASSROOM, ["north", "south"])
        until(game, lambda: any(game.look(who).may.offer for who in game.seats))
        first, second = sorted(game.seats, key=lambda who: not game.look(who).may.offer)
        assert game.look(second).table is None
        move = Moves(offer=BEST)
        table = game.look(second, {first.key: move}).table
        assert table is not None
        assert table.tolist() == list(BEST)
        game.play({first.key: move, second.key: Moves(accept=True)})
        assert game.state("phase") == DEAL

    def test_waiting_ends_with_a_decision_or_news(self) -> None:
        game = Game(FEBRUARY, ["US"], 1, 17)
        news = game.wait(30)
        assert game.look(game.seats[0]).asked or news
        assert 1 < game.week < 30

    def test_standing_orders_continue(self) -> None:
        game = Game(FEBRUARY, ["CN"], 1, 17)
        game.play({"xi_jinping": Moves(answer=0.25, deliver=0.5)})
        game.play({})
        assert game.moves["xi_jinping"][2] == Moves(answer=0.25, deliver=0.5)

    def test_calls_continue_while_weeks_pass(self) -> None:
        game = Game(FEBRUARY, ["US"], 1, 17)
        game.play({"donald_trump": Moves(truce=True, call=True, gesture=True, answer=0.5)})
        assert game.continuing_moves(game.seats[0]) == Moves(truce=True, call=True, answer=0.5)
        assert game.waiting_moves(game.seats[0]) == Moves(answer=0.5)
        first = game.week
        game.wait(1)
        assert game.moves["donald_trump"][first] == Moves(truce=True, call=True, answer=0.5)

    def test_a_truce_needs_both_sides(self) -> None:
        game = Game(FEBRUARY, ["US"], 1, 3)
        for _ in range(60):
            if game.over:
                break
            game.play({"donald_trump": Moves(truce=game.look(game.seats[0]).may.truce)})
        assert any(game.state("phase", week) == TRUCE for week in range(game.week))


class TestIllegal:
    """Moves against the rules are refused, with all problems, and change nothing."""

    @pytest.mark.parametrize(
        ("moves", "words"),
        [
            (Moves(offer=(1.0,) * 10), "not this seat's turn"),
            (Moves(accept=True), "no offer of the other side"),
            (Moves(due="carry_out"), "no threat of this seat falls due"),
            (Moves(due="put_off"), "postponed only if it falls due"),
            (Moves(leave=True), "only if the other side is behind"),
            (Moves(counsel=(0.5, 0.5, 0.5)), "only an adviser can give"),
            (Moves(answer=2.5), "answer = 2.5: must be between 0 and 2"),
            (Moves(deliver=float("nan")), "deliver = nan: must be between 0 and 1"),
            (Moves(threat=Order(size=7.0)), "size of the threat = 7.0"),
            (Moves(threat=Order(size=float("inf"))), "size of the threat = inf"),
            (Moves(threat=Order(fuse=0)), "fuse of the threat = 0"),
        ],
    )
    def test_each_violation_has_its_message(self, moves: Moves, words: str) -> None:
        game = Game(FEBRUARY, ["US"], 1, 17)
        with pytest.raises(IllegalMoves, match=words):
            game.play({"donald_trump": moves})
        assert game.week == 1
        assert game.entries == []

    def test_offers_must_have_levels_between_0_and_1(self) -> None:
        game = Game(FEBRUARY, ["US"], 1, 17)
        who = game.seats[0]
        until(game, lambda: game.look(who).may.offer)
        bad = [0.0] * 10
        bad[0], bad[1] = 1.5, float("nan")
        closed = int(np.flatnonzero(game.look(who).open_ == 0.0)[0])
        bad[closed] = 0.5
        problems = game.faults(who, Moves(offer=tuple(bad)))
        assert len(problems) == 3
        assert "only at summits" in " ".join(map(str, problems))
        assert "10 levels" in str(game.faults(who, Moves(offer=(0.5,)))[0])

    def test_a_side_that_cannot_revoke_cannot_threaten_it(self) -> None:
        game = Game(FEBRUARY, ["CN"], 1, 17)
        problems = game.faults(game.seats[0], Moves(threat=Order(kind="revocation")))
        assert "Possible: tariff, control" in str(problems[0])

    def test_an_adviser_has_no_leader_moves(self) -> None:
        game = Game(FEBRUARY, ["scott_bessent"], 1, 17)
        wish = Moves(threat=Order(), gesture=True, truce=True, call=True)
        assert len(game.faults(game.seats[0], wish)) == 4

    def test_one_threat_at_a_time_and_none_in_a_deal(self) -> None:
        game = Game(FEBRUARY, ["US"], 1, 17)
        game.play({"donald_trump": Moves(threat=Order(fuse=20))})
        assert game.state("threat_kind")[0] != NONE
        assert "no threat is possible now" in str(
            game.faults(game.seats[0], Moves(threat=Order()))[0]
        )

    def test_moves_after_the_end_and_for_other_seats_are_refused(self) -> None:
        game = Game(CLASSROOM, ["north"])
        with pytest.raises(IllegalMoves, match="this seat is not played"):
            game.play({"south_leader": Moves()})
        game.wait(60, frozenset())
        while not game.over:
            game.play({})
        with pytest.raises(IllegalMoves, match="the game is over"):
            game.play({})
        may = game.look(game.seats[0]).may
        assert not any((may.offer, may.accept, may.threaten, may.truce, may.call))


def test_outcomes_of_a_game_equal_those_of_its_script() -> None:
    game = played(CLASSROOM, ["north"], 0)
    scripts = {key: Script(dict(moves)) for key, moves in game.moves.items()}
    numbers = np.array([0], dtype=np.intp)
    table: pd.DataFrame = run_worlds(CLASSROOM, numbers, 3, {}, seats=scripts).outcomes
    assert table["deals"][0] == game.state("deals")
