"""Look-ahead: projections that use neither private state of the other side nor the true future."""

import pickle
import time
from collections.abc import Callable

import numpy as np
import pytest

from agents.script import Moves, Order
from experiments.game.look_ahead import (
    Projection,
    forks,
    learn_from_history,
    look_ahead,
    prepare_forks,
    reset_beliefs,
    resolve,
    run_forks,
)
from experiments.game.table import Game
from model.schema.scenario import load_scenario
from model.state.names import StateName
from model.state.state import DEAL

FEBRUARY = load_scenario("february_2025")
ME, OTHER = 0, 1


def game_at(condition: Callable[[Game], bool], world: int = 17) -> Game:
    """Return a game of the US that waits until a condition is true."""
    game = Game(FEBRUARY, ["US"], 1, world)
    while not condition(game):
        assert not game.over, "the condition never became true"
        now = game.look(game.seats[0])
        game.play({"donald_trump": Moves(accept=now.may.accept and now.worth(now.table) > 0.0)})  # type: ignore[arg-type]
    return game


def in_talks(game: Game) -> bool:
    """Return whether both sides have offered and it is the player's turn."""
    return bool(game.offers(ME) and game.offers(OTHER) and game.look(game.seats[0]).may.offer)


def unanswered(game: Game) -> bool:
    """Return whether the player has offered and the other side has not."""
    return bool(game.offers(ME) and not game.offers(OTHER))


def answering(game: Game) -> bool:
    """Return whether the player can accept an offer of the other side."""
    return game.look(game.seats[0]).may.accept


def in_deal(game: Game) -> bool:
    """Return whether a deal is in force."""
    return bool(game.state("phase") == DEAL)


def change_hidden_state(game: Game) -> None:
    """Change all private state of the other side, which the player cannot know."""
    game.look(game.seats[0])  # caches the situation of this week
    store, rng = game.negotiation.store, np.random.default_rng(4)
    for name in ("resolve", "worth", "gains", "reservation", "gap", "aspiration", "best"):
        row = store.row(name, OTHER)
        store.set_row(name, OTHER, row * rng.uniform(0.3, 3.0, (*row.shape[:-1], 1)))
    for state in ("first_seen", "best_seen", "belief_shift", "burden", "stake"):
        store.set_row(state, OTHER, store.row(state, OTHER) + rng.uniform(0.1, 0.5))
    store.set_row("belief_variance", OTHER, store.row("belief_variance", OTHER) * 0.3)
    store.set_row("seen", OTHER, store.row("seen", OTHER) * 1.7)
    store.set_row("seen_variance", OTHER, store.row("seen_variance", OTHER) * 0.2)
    store.set_row("limited", OTHER, 1.0 - store.row("limited", OTHER))
    for group in game.negotiation.groups_of(OTHER):
        threshold = store.row("group_threshold", group.group) + rng.normal()
        store.set_row("group_threshold", group.group, threshold)
    store["real"] = 1.0 - store["real"]
    store["capacity"] = store["capacity"] * 0.5


def candidates(game: Game) -> dict[str, Moves]:
    now = game.look(game.seats[0])
    moves = {"wait": Moves()}
    if now.may.accept:
        moves["accept"] = Moves(accept=True)
    if now.may.offer:
        moves["ask for all"] = Moves(offer=tuple((now.gains > 0.0) * now.open_))
        moves["give all"] = Moves(offer=tuple((now.gains < 0.0) * now.open_))
    if now.may.threaten:
        moves["threaten"] = Moves(threat=Order(size=0.25, fuse=4))
    return moves


def ahead(game: Game, futures: int = 60, weeks: int = 10) -> dict[str, Projection]:
    projections = look_ahead(game, game.seats[0], candidates(game), futures, weeks)
    return {one.name: one for one in projections}


class TestPrivacy:
    """The numbers reveal nothing that the player may not know."""

    @pytest.mark.parametrize(
        ("condition", "world"), [(unanswered, 1), (in_talks, 17), (answering, 17), (in_deal, 0)]
    )
    def test_changing_hidden_state_does_not_change_the_numbers(
        self, condition: Callable[[Game], bool], world: int
    ) -> None:
        game = game_at(condition, world)
        before = ahead(game)
        change_hidden_state(game)
        after = ahead(game)
        for name, projection in before.items():
            for key, values in projection.numbers.items():
                np.testing.assert_array_equal(values, after[name].numbers[key], err_msg=key)

    def test_changing_hidden_state_changes_the_true_world(self) -> None:
        game = game_at(in_talks)
        offered = game.model_offer(OTHER)
        change_hidden_state(game)
        assert not np.array_equal(offered, game.model_offer(OTHER))

    def test_changing_visible_state_changes_the_numbers(self) -> None:
        game = game_at(in_talks)
        before = ahead(game)["wait"].numbers
        game.negotiation.store["tariff"] = game.negotiation.store["tariff"] + 0.2
        assert not np.array_equal(before["own"], ahead(game)["wait"].numbers["own"])

    def test_redrawn_reservation_values_vary_around_the_belief(self) -> None:
        game = game_at(in_talks)
        negotiation = forks(game, game.seats[0], [Moves()], 2000)
        now, reservation = game.look(game.seats[0]), negotiation.store.row("reservation", OTHER)
        assert np.median(reservation) == pytest.approx(now.believed, abs=0.05)
        assert reservation.std() > 0.5 * now.doubt > 0.0
        true = game.negotiation.store.row("worth", OTHER)[:, 0]
        drawn = negotiation.store.row("worth", OTHER)
        assert (np.abs(drawn.std(axis=1)) > 0.0)[true != 0.0].all()

    def test_redrawn_values_follow_their_prior(self) -> None:
        game = game_at(in_talks)
        played = game.negotiation.store
        played.set_row("seen", ME, 1.8 * played.row("seen", ME))
        store = forks(game, game.seats[0], [Moves()], 2000).store
        public, drawn = store.row("public_worth", OTHER), store.row("worth", OTHER)
        valued = public[:, 0] != 0.0
        factor = drawn[valued] / public[valued]
        np.testing.assert_allclose(factor.mean(axis=1), 1.0, atol=0.03)
        spread = np.log(factor).std(axis=1)
        np.testing.assert_allclose(spread, store["values.spread"][0], rtol=0.1)

    def test_redrawn_beliefs_follow_from_offers_and_refusals(self) -> None:
        game = game_at(in_talks)
        names: tuple[StateName, ...] = ("seen", "seen_variance")
        true = {name: game.state(name)[OTHER] for name in names}
        assert np.abs(true["seen"] - 1.0).max() > 0.1  # it has learned something
        negotiation = forks(game, game.seats[0], [Moves()], 300)
        drawn = negotiation.store.row("seen", OTHER)
        assert drawn.std(axis=1).max() > 0.0  # each redrawn state learns differently
        played = game.negotiation.store
        for name in ("worth", "resolve", "reservation"):
            row = np.asarray(played.row(name, OTHER))[..., :1]
            negotiation.store.set_row(name, OTHER, np.repeat(row, 300, axis=-1))
        clock = negotiation.store["clock"].copy()
        reset_beliefs(negotiation, OTHER)
        learn_from_history(negotiation, game, OTHER)
        for state, values in true.items():
            learned = negotiation.store.row(state, OTHER)[:, 0]
            np.testing.assert_allclose(learned, values, rtol=0.02, err_msg=state)
        np.testing.assert_array_equal(negotiation.store["clock"], clock)

    def test_the_players_own_side_is_not_redrawn(self) -> None:
        game = game_at(in_talks)
        store = forks(game, game.seats[0], [Moves()], 20).store
        for name in ("worth", "resolve", "reservation", "gains", "seen", "belief_shift"):
            mine, true = store.row(name, ME), game.negotiation.store.row(name, ME)[..., :1]
            np.testing.assert_array_equal(mine, np.repeat(true, 20, axis=-1), err_msg=name)


class TestRandomStreams:
    """Looking ahead does not change the game."""

    def test_the_game_continues_as_without_look_ahead(self) -> None:
        looked, blind = game_at(in_talks), game_at(in_talks)
        ahead(looked)
        for game in (looked, blind):
            game.wait(30, frozenset())
        for name in looked.negotiation.store.states:
            np.testing.assert_array_equal(looked.state(name), blind.state(name), err_msg=name)

    def test_look_ahead_is_repeatable(self) -> None:
        game = game_at(in_talks)
        first, second = ahead(game)["wait"], ahead(game)["wait"]
        np.testing.assert_array_equal(first.numbers["faced"], second.numbers["faced"])

    def test_candidates_use_the_same_random_numbers(self) -> None:
        game = game_at(in_talks)
        twice = look_ahead(game, game.seats[0], {"one": Moves(), "two": Moves()}, 50, 10)
        for key, values in twice[0].numbers.items():
            np.testing.assert_array_equal(values, twice[1].numbers[key], err_msg=key)


class TestMeaning:
    """The numbers mean what their names say."""

    def test_full_concessions_are_accepted_more_often_than_full_demands(self) -> None:
        projections = ahead(game_at(in_talks))
        assert (
            projections["give all"].accepted.estimate > projections["ask for all"].accepted.estimate
        )

    def test_accepting_gives_an_agreement_and_waiting_does_not(self) -> None:
        projections = ahead(game_at(answering))
        assert projections["accept"].accepted.estimate == 1.0
        assert projections["wait"].accepted.estimate == 0.0
        assert projections["accept"].ratified.estimate <= projections["accept"].accepted.estimate

    def test_resolve_gives_the_wanted_reservation_value(self) -> None:
        game = game_at(in_talks)
        negotiation = forks(game, game.seats[0], [Moves()], 500)
        rival = negotiation.leaders[OTHER]
        asked = rival.mine("expected") + np.linspace(-0.02, 0.02, 500)
        spread = float(rival.parameter("talks.resolve_spread")[0])
        result = resolve(rival, asked, lambda _: np.zeros(500))
        inside = np.abs(np.log(result)) < 3.0 * spread - 1e-9
        got = rival.settle_for(rival.threat_cost(), rival.floor(), result)
        np.testing.assert_allclose(got[inside], asked[inside], atol=1e-9)
        assert inside.any()

    def test_there_are_at_least_two_futures(self) -> None:
        game = game_at(in_talks)
        projections = look_ahead(game, game.seats[0], {"wait": Moves()}, 1, 3)
        assert (
            projections[0].numbers["own"].size == 2
        )  # with a width of one, NumPy sums in another order


def test_look_ahead_stops_at_the_horizon() -> None:
    game = Game(load_scenario("classroom"), ["north"])
    while game.week < game.setting.time.horizon:
        game.play({})
    start = time.perf_counter()
    projections = look_ahead(game, game.seats[0], {"wait": Moves()}, 20)
    assert projections[0].weeks == 0
    assert time.perf_counter() - start < 60.0


def test_progress_counts_each_week_of_each_fork() -> None:
    game = Game(load_scenario("classroom"), ["north"])
    prepared = prepare_forks(game, game.seats[0], {"wait": Moves(), "call": Moves()}, 20)
    simulated: list[int] = []
    projections = run_forks(prepared, 3, simulated.append)
    assert simulated == [40] * projections[0].weeks
    assert 0 < projections[0].weeks <= 3


def test_pickled_forks_give_the_same_results() -> None:
    game, moves = game_at(in_talks), {"wait": Moves(), "call": Moves()}
    here = run_forks(prepare_forks(game, game.seats[0], moves, 60))
    there = run_forks(pickle.loads(pickle.dumps(prepare_forks(game, game.seats[0], moves, 60))))
    assert [one.ranges for one in there] == [one.ranges for one in here]
    assert [one.truce for one in there] == [one.truce for one in here]
