"""The debrief: exact weeks of the past, decisions by fair forks, what was missed, and the rest."""

import dataclasses

import numpy as np
import pytest

from agents.script import Moves
from experiments.engine import simulate
from experiments.game import missed as missing
from experiments.game import past
from experiments.game.debrief import Debrief, Measure, beside, debrief, results
from experiments.game.decisions import (
    SCREENING,
    Decision,
    decisions,
    own_result,
    pain_weight,
    weighed,
)
from experiments.game.missed import missed
from experiments.game.seats import Seat, seat
from experiments.game.table import Game
from experiments.game.transcript import outcome_of
from model.rules.offers import utility
from model.schema.scenario import load_scenario
from tests.experiments.game.test_table import BEST, CLASSROOM, played

FEW = 9
SHORT = load_scenario("february_2025", {"time.horizon": 40})
GREEDY = (0.0, 1.0, 1.0)
NO_GAIN = {
    "issues.purchases.stakes.north_exporters": 0.0,
    "issues.market_opening.stakes.north_exporters": 0.0,
    "issues.standards.stakes.north_exporters": 0.0,
    "issues.standards.stakes.north_rivals": 0.0,
}  # the north has nothing to win


def silent(share: float) -> None:
    assert 0.0 <= share <= 1.0


@pytest.fixture(scope="module")
def game() -> Game:
    """Return a game in which every kind of move was made."""
    return played(SHORT, ["US"])


@pytest.fixture(scope="module")
def model() -> Game:
    """Return a game in which the model moved in all weeks."""
    found = Game(SHORT, [], 3, 5)
    found.wait(40, frozenset())
    return found


@pytest.fixture(scope="module")
def told(game: Game) -> Debrief:
    return debrief(game, game.seats[0], silent, FEW, 6)


def stubborn() -> Game:
    """Return a game of the classroom in which the north wants all, and refuses all."""
    found = Game(CLASSROOM, ["north"])
    north = found.seats[0]
    while not found.over:
        asked = found.look(north).may.offer
        found.play({north.key: Moves(offer=GREEDY if asked else None)})
    return found


class TestPast:
    """A week lived again up to the moves."""

    @pytest.mark.parametrize("week", [1, 7, 22, 40])
    def test_ends_as_it_did(self, game: Game, week: int) -> None:
        negotiation = past.opened(game, week)
        negotiation.close_week()
        for name, values in negotiation.store.arrays().items():
            np.testing.assert_array_equal(values[..., 0], game.state(name, week), err_msg=name)

    def test_the_game_is_untouched(self, game: Game) -> None:
        before = outcome_of(game)
        past.opened(game, 20).close_week()
        after = outcome_of(game)
        assert str(before) == str(after)


class TestDecisions:
    """What was done, held against the model."""

    def test_who_moves_as_the_model_has_decided_nothing_otherwise(self) -> None:
        found = Game(CLASSROOM, ["north"])
        twin = Game(CLASSROOM, [])
        north = found.seats[0]
        while not found.over:
            twin.play({})
            said = bool(twin.state("agreed"))
            offer = tuple(found.offered(0)) if found.look(north).may.offer else None
            accept = said and found.look(north).table is not None
            found.play({north.key: Moves(offer=offer, accept=accept)})
        assert decisions(found, north, silent, 4, 4) == []

    def test_refusing_the_deal_that_all_want_costs_its_worth(self) -> None:
        found = stubborn()
        told = decisions(found, found.seats[0], silent, 4, 8)
        assert told[0].worth.estimate < -0.05
        assert [d.worth for d in decisions(found, found.seats[0], silent, 4, 8)] == [
            d.worth for d in told
        ]

    def test_the_heaviest_comes_first_and_few_are_told(self, told: Debrief) -> None:
        sizes = [abs(decision.worth.estimate) for decision in told.decisions]
        assert sizes == sorted(sizes, reverse=True)
        assert 1 <= len(sizes) <= 3
        assert all(decision.forks == 6 for decision in told.decisions)

    def test_the_told_differed_most_in_forks_that_do_not_measure_them(
        self, game: Game, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few: list[Decision] = []

        def noted(
            found: Game, who: Seat, decision: Decision, forks: int, salt: int = past.SALT
        ) -> Decision:
            simulated = weighed(found, who, decision, forks, salt)
            if salt == SCREENING:
                few.append(simulated)
            return simulated

        monkeypatch.setattr("experiments.game.decisions.weighed", noted)
        told = decisions(game, game.seats[0], silent, 4, 6)
        sizes = sorted(few, key=lambda one: -abs(one.worth.estimate))
        assert len(few) > len(told)
        assert {one.week for one in told} == {one.week for one in sizes[: len(told)]}
        chosen = {one.week: one.worth for one in few}
        assert any(one.worth != chosen[one.week] for one in told)

    def test_it_can_be_stopped(self, game: Game) -> None:
        def stop(share: float) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            decisions(game, game.seats[0], stop, 4, 4)


class TestOwnResult:
    """One number, explained."""

    def test_of_other_worlds_it_is_that_of_their_weeks(self, model: Game) -> None:
        run = simulate(SHORT, 1, 3, record=("side_pain", "weeks"), first=5)
        weight = pain_weight(model, seat(SHORT, "US"))
        pain = np.mean([model.state("side_pain", week)[0] for week in range(1, 41)])
        mine = own_result(model.state("utility")[0], pain, weight)
        assert results(run, 0, weight)[0] == pytest.approx(float(mine))

    def test_weeks_after_the_end_of_a_world_do_not_count(self) -> None:
        run = simulate(CLASSROOM, 3, 1, record=("side_pain", "weeks"))
        assert run.weeks is not None
        assert results(run, 0, 0.0).tolist() == run.outcomes["utility_north"].tolist()


class TestBeside:
    """The twin, and the others."""

    def test_the_twin_has_the_same_luck_and_is_not_among_the_others(self, game: Game) -> None:
        twin, rest = beside(game, silent, FEW)
        alone = simulate(SHORT, 1, 3, first=5).outcomes
        assert twin.outcomes.equals(alone)
        assert list(rest.outcomes.index) == [0, 1, 2, 3, 4, 6, 7, 8, 9]

    def test_a_game_in_a_far_world_stands_among_the_first(self) -> None:
        found = Game(CLASSROOM, ["north"], 1, 4000)
        twin, rest = beside(found, silent, FEW)
        assert list(twin.outcomes.index) == [4000]
        assert list(rest.outcomes.index) == list(range(FEW))

    def test_measures_are_those_of_the_game(self, game: Game, told: Debrief) -> None:
        row = outcome_of(game)
        assert told.outcome == row["outcome"]
        final = told.measure("tariff_cn_final")
        assert final.mine == pytest.approx(100.0 * row["tariff_cn_final"])
        assert final.others.size == FEW
        assert sum(told.endings.values()) == FEW
        assert 0.0 <= told.measure("own").beaten <= 1.0

    def test_what_a_scenario_has_not_is_not_told(self) -> None:
        found = stubborn()
        keys = {m.key for m in debrief(found, found.seats[0], silent, 3, 2).measures}
        assert "own" in keys
        assert not any(key.startswith("tariff") for key in keys)

    @pytest.mark.parametrize(
        ("mine", "better", "others"),
        [(np.nan, 1, [1.0, 2.0]), (1.0, 1, [np.nan]), (1.0, 0, [1.0, 2.0])],
    )
    def test_there_is_no_better_where_nothing_is_known_or_neither_is_good(
        self, mine: float, better: int, others: list[float]
    ) -> None:
        assert np.isnan(Measure("x", "", "", better, mine, 0.0, np.array(others)).beaten)

    def test_the_hidden_is_the_truth(self, game: Game, told: Debrief) -> None:
        assert told.hidden.resolve == game.state("resolve")[1]
        assert told.hidden.worth["purchases"] == game.state("gains")[1][2]

    def test_only_of_a_game_that_is_over(self) -> None:
        found = Game(CLASSROOM, ["north"])
        with pytest.raises(ValueError, match="not over yet"):
            debrief(found, found.seats[0], silent, 3, 2)


class TestMissed:
    """What both would have signed and ratified."""

    def test_is_better_than_what_one_has_and_good_for_both(self, game: Game) -> None:
        found = missed(game, game.seats[0])
        assert found
        for one in found:
            negotiation = past.opened(game, one.week)
            gains = negotiation.store["gains"][:, :, 0]
            assert one.mine == pytest.approx(float(utility(gains[0], one.package)))
            assert one.mine > game.state("utility")[0]
            assert one.theirs >= float(negotiation.store.row("reservation", 1)[0])
            assert min(one.home) >= 0.5

    def test_who_refuses_all_has_missed_the_logrolling_deal(self) -> None:
        found = stubborn()
        told = missed(found, found.seats[0])
        assert max(one.mine for one in told) >= 0.2
        assert any(one.package[:2].tolist() == list(BEST[:2]) for one in told)

    def test_nothing_where_no_zone_of_agreement_is(self) -> None:
        hard = load_scenario("classroom", NO_GAIN)
        found = Game(hard, ["north"])
        while not found.over:
            found.play({})
        assert missed(found, found.seats[0]) == []


def test_what_would_have_been_no_better_than_what_was_offered_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = stubborn()
    offered, possible = missed(found, found.seats[0])
    assert possible.mine > offered.mine
    good = iter([[dataclasses.replace(offered, mine=possible.mine)], [possible]] * 99)
    monkeypatch.setattr(missing, "_good", lambda *given: iter(next(good)))
    (told,) = missed(found, found.seats[0])
    assert told.by == offered.by


def test_two_at_one_screen_each_have_a_debrief() -> None:
    found = played(CLASSROOM, ["north", "south"], 0)
    told = [debrief(found, who, others=3, forks=2) for who in found.seats]
    assert [one.seat.side for one in told] == ["north", "south"]
    assert dataclasses.asdict(told[0].measure("own")) != dataclasses.asdict(told[1].measure("own"))
