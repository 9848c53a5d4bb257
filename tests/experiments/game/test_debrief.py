"""The debrief: restored weeks, decisions measured by forks, missed packages, and measures."""

import dataclasses

import numpy as np
import pytest

from agents.script import Moves
from experiments.engine import simulate
from experiments.game import missed, past
from experiments.game.debrief import Debrief, Measure, comparison_runs, debrief, results
from experiments.game.decisions import (
    SCREENING,
    Decision,
    decisions,
    measure_worth,
    own_result,
    pain_weight,
)
from experiments.game.missed import missed_packages
from experiments.game.seats import Seat, seat
from experiments.game.table import Game
from experiments.game.transcript import outcome_of
from model.rules.curves import felt
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
}  # the north cannot gain anything


def silent(share: float) -> None:
    assert 0.0 <= share <= 1.0


@pytest.fixture(scope="module")
def game() -> Game:
    """Return a game in which every kind of move was made."""
    return played(SHORT, ["US"])


@pytest.fixture(scope="module")
def model() -> Game:
    """Return a game in which the model made all moves."""
    game = Game(SHORT, [], 3, 5)
    game.wait(40, frozenset())
    return game


@pytest.fixture(scope="module")
def debriefed(game: Game) -> Debrief:
    return debrief(game, game.seats[0], silent, FEW, 6)


def stubborn() -> Game:
    """Return a classroom game in which the north asks for everything and refuses everything."""
    game = Game(CLASSROOM, ["north"])
    north = game.seats[0]
    while not game.over:
        asked = game.look(north).may.offer
        game.play({north.key: Moves(offer=GREEDY if asked else None)})
    return game


class TestPast:
    """A past week is restored up to the moves."""

    @pytest.mark.parametrize("week", [1, 7, 22, 40])
    def test_a_restored_week_ends_in_the_same_state(self, game: Game, week: int) -> None:
        negotiation = past.reopen_week(game, week)
        negotiation.close_week()
        for name, values in negotiation.store.arrays().items():
            np.testing.assert_array_equal(values[..., 0], game.state(name, week), err_msg=name)

    def test_the_game_is_not_changed(self, game: Game) -> None:
        before = outcome_of(game)
        past.reopen_week(game, 20).close_week()
        after = outcome_of(game)
        assert str(before) == str(after)


class TestDecisions:
    """Decisions compared with the model's."""

    def test_the_models_own_moves_give_no_decisions(self) -> None:
        game = Game(CLASSROOM, ["north"])
        twin = Game(CLASSROOM, [])
        north = game.seats[0]
        while not game.over:
            twin.play({})
            accepted = bool(twin.state("agreed"))
            offer = tuple(game.model_offer(0)) if game.look(north).may.offer else None
            accept = accepted and game.look(north).table is not None
            game.play({north.key: Moves(offer=offer, accept=accept)})
        assert decisions(game, north, silent, 4, 4) == []

    def test_refusing_a_deal_that_both_sides_want_costs_its_worth(self) -> None:
        game = stubborn()
        measured = decisions(game, game.seats[0], silent, 4, 8)
        assert measured[0].worth.estimate < -0.05
        assert [d.worth for d in decisions(game, game.seats[0], silent, 4, 8)] == [
            d.worth for d in measured
        ]

    def test_at_most_three_decisions_sorted_by_effect(self, debriefed: Debrief) -> None:
        sizes = [abs(decision.worth.estimate) for decision in debriefed.decisions]
        assert sizes == sorted(sizes, reverse=True)
        assert 1 <= len(sizes) <= 3
        assert all(decision.forks == 6 for decision in debriefed.decisions)

    def test_decisions_are_selected_and_measured_with_different_forks(
        self, game: Game, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few: list[Decision] = []

        def record_screening(
            game: Game, who: Seat, decision: Decision, forks: int, salt: int = past.SALT
        ) -> Decision:
            simulated = measure_worth(game, who, decision, forks, salt)
            if salt == SCREENING:
                few.append(simulated)
            return simulated

        monkeypatch.setattr("experiments.game.decisions.measure_worth", record_screening)
        measured = decisions(game, game.seats[0], silent, 4, 6)
        sizes = sorted(few, key=lambda one: -abs(one.worth.estimate))
        assert len(few) > len(measured)
        assert {one.week for one in measured} == {one.week for one in sizes[: len(measured)]}
        chosen = {one.week: one.worth for one in few}
        assert any(one.worth != chosen[one.week] for one in measured)

    def test_progress_can_stop_the_work(self, game: Game) -> None:
        def stop(share: float) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            decisions(game, game.seats[0], stop, 4, 4)


class TestOwnResult:
    """The own result of a game and of simulated worlds."""

    def test_the_own_result_of_a_run_equals_that_of_the_game(self, model: Game) -> None:
        run = simulate(SHORT, 1, 3, record=("side_pain", "weeks"), first=5)
        weight = pain_weight(model, seat(SHORT, "US"))
        pain = np.mean([model.state("side_pain", week)[0] for week in range(1, 41)])
        mine = own_result(model.state("utility")[0], pain, weight)
        assert results(run, 0, weight)[0] == pytest.approx(float(mine))

    def test_weeks_after_the_end_of_a_world_do_not_count(self) -> None:
        run = simulate(CLASSROOM, 3, 1, record=("side_pain", "weeks"))
        assert run.weeks is not None
        assert results(run, 0, 0.0).tolist() == run.outcomes["utility_north"].tolist()


class TestComparisonRuns:
    """The model-played twin and the other worlds."""

    def test_the_twin_has_the_same_random_numbers_and_is_not_among_the_others(
        self, game: Game
    ) -> None:
        twin, rest = comparison_runs(game, silent, FEW)
        alone = simulate(SHORT, 1, 3, first=5).outcomes
        assert twin.outcomes.equals(alone)
        assert list(rest.outcomes.index) == [0, 1, 2, 3, 4, 6, 7, 8, 9]

    def test_a_game_with_a_large_world_number_is_compared_with_the_first_worlds(self) -> None:
        game = Game(CLASSROOM, ["north"], 1, 4000)
        twin, rest = comparison_runs(game, silent, FEW)
        assert list(twin.outcomes.index) == [4000]
        assert list(rest.outcomes.index) == list(range(FEW))

    def test_measures_agree_with_the_game(self, game: Game, debriefed: Debrief) -> None:
        row = outcome_of(game)
        assert debriefed.outcome == row["outcome"]
        final = debriefed.measure("tariff_cn_final")
        assert final.mine == pytest.approx(100.0 * row["tariff_cn_final"])
        assert final.others.size == FEW
        assert sum(debriefed.endings.values()) == FEW
        assert 0.0 <= debriefed.measure("own").beaten <= 1.0

    def test_measures_that_do_not_apply_are_left_out(self) -> None:
        game = stubborn()
        keys = {m.key for m in debrief(game, game.seats[0], silent, 3, 2).measures}
        assert "own" in keys
        assert not any(key.startswith("tariff") for key in keys)

    @pytest.mark.parametrize(
        ("mine", "better", "others"),
        [(np.nan, 1, [1.0, 2.0]), (1.0, 1, [np.nan]), (1.0, 0, [1.0, 2.0])],
    )
    def test_the_share_of_worse_worlds_is_nan_if_unknown(
        self, mine: float, better: int, others: list[float]
    ) -> None:
        assert np.isnan(Measure("x", "", "", better, mine, 0.0, np.array(others)).beaten)

    def test_the_hidden_state_is_the_true_state(self, game: Game, debriefed: Debrief) -> None:
        assert debriefed.hidden.resolve == game.state("resolve")[1]
        assert debriefed.hidden.worth["purchases"] == game.state("gains")[1][2]

    def test_an_unfinished_game_has_no_debrief(self) -> None:
        game = Game(CLASSROOM, ["north"])
        with pytest.raises(ValueError, match="not over yet"):
            debrief(game, game.seats[0], silent, 3, 2)


class TestMissedPackages:
    """Packages that both sides would have signed and ratified."""

    def test_missed_packages_are_better_and_good_for_both(self, game: Game) -> None:
        packages = missed_packages(game, game.seats[0])
        assert packages
        for one in packages:
            negotiation = past.reopen_week(game, one.week)
            gains = negotiation.store["gains"][:, :, 0]
            given = felt(one.package, negotiation.store["bend"][0, :, 0])
            assert one.mine == pytest.approx(float(utility(gains[0], given)))
            assert one.mine > game.state("utility")[0]
            assert one.theirs >= float(negotiation.store.row("reservation", 1)[0])
            assert min(one.home) >= 0.5

    def test_refusing_everything_misses_the_logrolling_deal(self) -> None:
        game = stubborn()
        packages = missed_packages(game, game.seats[0])
        assert max(one.mine for one in packages) >= 0.2
        assert any(one.package[:2].tolist() == list(BEST[:2]) for one in packages)

    def test_nothing_is_missed_without_a_zone_of_agreement(self) -> None:
        hard = load_scenario("classroom", NO_GAIN)
        game = Game(hard, ["north"])
        while not game.over:
            game.play({})
        assert missed_packages(game, game.seats[0]) == []


def test_a_possible_package_that_is_not_better_than_the_offered_one_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    game = stubborn()
    offered, possible = missed_packages(game, game.seats[0])
    assert possible.mine > offered.mine
    good = iter([[dataclasses.replace(offered, mine=possible.mine)], [possible]] * 99)
    monkeypatch.setattr(missed, "_good", lambda *given: iter(next(good)))
    (packages,) = missed_packages(game, game.seats[0])
    assert packages.by == offered.by


def test_each_of_two_played_seats_has_a_debrief() -> None:
    game = played(CLASSROOM, ["north", "south"], 0)
    debriefs = [debrief(game, who, others=3, forks=2) for who in game.seats]
    assert [one.seat.side for one in debriefs] == ["north", "south"]
    assert dataclasses.asdict(debriefs[0].measure("own")) != dataclasses.asdict(
        debriefs[1].measure("own")
    )
