"""Look-ahead: what may follow, told without a look into the other's mind or at the world's luck."""

import pickle
import time
from collections.abc import Callable

import numpy as np
import pytest

from agents.script import Moves, Order
from experiments.game.look_ahead import (
    Ahead,
    begin,
    forget,
    forks,
    learn,
    live,
    look_ahead,
    resolve,
)
from experiments.game.table import Game
from model.schema.scenario import load_scenario
from model.state.names import StateName
from model.state.state import DEAL

FEBRUARY = load_scenario("february_2025")
ME, OTHER = 0, 1


def game_at(found: Callable[[Game], bool], world: int = 17) -> Game:
    """Return a game of the US that waits until something is the case."""
    game = Game(FEBRUARY, ["US"], 1, world)
    while not found(game):
        assert not game.over, "it never came"
        now = game.look(game.seats[0])
        game.play({"donald_trump": Moves(accept=now.may.accept and now.worth(now.table) > 0.0)})  # type: ignore[arg-type]
    return game


def in_talks(game: Game) -> bool:
    """Say whether both sides have offered, and it is the player's turn."""
    return bool(game.offers(ME) and game.offers(OTHER) and game.look(game.seats[0]).may.offer)


def unanswered(game: Game) -> bool:
    """Say whether the player has offered, and the other not yet."""
    return bool(game.offers(ME) and not game.offers(OTHER))


def answering(game: Game) -> bool:
    """Say whether an offer of the other is on the table that may be accepted."""
    return game.look(game.seats[0]).may.accept


def in_deal(game: Game) -> bool:
    """Say whether a deal is in force."""
    return bool(game.state("phase") == DEAL)


def change_the_hidden(game: Game) -> None:
    """Give the world another mind of the other side: all that the player cannot know."""
    game.look(game.seats[0])  # what is seen this week was seen
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
    found = {"wait": Moves()}
    if now.may.accept:
        found["accept"] = Moves(accept=True)
    if now.may.offer:
        found["ask for all"] = Moves(offer=tuple((now.gains > 0.0) * now.open_))
        found["give all"] = Moves(offer=tuple((now.gains < 0.0) * now.open_))
    if now.may.threaten:
        found["threaten"] = Moves(threat=Order(size=0.25, fuse=4))
    return found


def ahead(game: Game, futures: int = 60, weeks: int = 10) -> dict[str, Ahead]:
    told = look_ahead(game, game.seats[0], candidates(game), futures, weeks)
    return {found.name: found for found in told}


class TestHonesty:
    """The numbers tell nothing of what the player may not know."""

    @pytest.mark.parametrize(
        ("found", "world"), [(unanswered, 1), (in_talks, 17), (answering, 17), (in_deal, 0)]
    )
    def test_another_mind_of_the_other_changes_no_bit(
        self, found: Callable[[Game], bool], world: int
    ) -> None:
        game = game_at(found, world)
        before = ahead(game)
        change_the_hidden(game)
        after = ahead(game)
        for name, told in before.items():
            for key, values in told.numbers.items():
                np.testing.assert_array_equal(values, after[name].numbers[key], err_msg=key)

    def test_that_change_would_show_in_the_true_world(self) -> None:
        game = game_at(in_talks)
        offered = game.offered(OTHER)
        change_the_hidden(game)
        assert not np.array_equal(offered, game.offered(OTHER))

    def test_what_the_player_knows_does_change_the_numbers(self) -> None:
        game = game_at(in_talks)
        before = ahead(game)["wait"].numbers
        game.negotiation.store["tariff"] = game.negotiation.store["tariff"] + 0.2
        assert not np.array_equal(before["own"], ahead(game)["wait"].numbers["own"])

    def test_the_other_s_mind_varies_about_the_belief(self) -> None:
        game = game_at(in_talks)
        negotiation = forks(game, game.seats[0], [Moves()], 2000)
        now, reservation = game.look(game.seats[0]), negotiation.store.row("reservation", OTHER)
        assert np.median(reservation) == pytest.approx(now.believed, abs=0.05)
        assert reservation.std() > 0.02
        true = game.negotiation.store.row("worth", OTHER)[:, 0]
        drawn = negotiation.store.row("worth", OTHER)
        assert (np.abs(drawn.std(axis=1)) > 0.0)[true != 0.0].all()

    def test_its_values_are_as_worlds_draw_them_whatever_its_offers_taught(self) -> None:
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

    def test_the_other_has_learned_from_offers_and_refusals_as_such_a_mind_would(self) -> None:
        game = game_at(in_talks)
        learned: tuple[StateName, ...] = ("seen", "seen_variance")
        true = {name: game.state(name)[OTHER] for name in learned}
        assert np.abs(true["seen"] - 1.0).max() > 0.1  # it did learn
        negotiation = forks(game, game.seats[0], [Moves()], 300)
        drawn = negotiation.store.row("seen", OTHER)
        assert drawn.std(axis=1).max() > 0.0  # each mind in its own way
        played = game.negotiation.store
        for name in ("worth", "resolve", "reservation"):
            row = np.asarray(played.row(name, OTHER))[..., :1]
            negotiation.store.set_row(name, OTHER, np.repeat(row, 300, axis=-1))
        kept = negotiation.store["clock"].copy()
        forget(negotiation, OTHER)
        learn(negotiation, game, OTHER)
        for state, values in true.items():
            told = negotiation.store.row(state, OTHER)[:, 0]
            np.testing.assert_allclose(told, values, rtol=0.02, err_msg=state)
        np.testing.assert_array_equal(negotiation.store["clock"], kept)

    def test_the_player_s_own_side_is_kept(self) -> None:
        game = game_at(in_talks)
        store = forks(game, game.seats[0], [Moves()], 20).store
        for name in ("worth", "resolve", "reservation", "gains", "seen", "belief_shift"):
            mine, true = store.row(name, ME), game.negotiation.store.row(name, ME)[..., :1]
            np.testing.assert_array_equal(mine, np.repeat(true, 20, axis=-1), err_msg=name)


class TestRandomStreams:
    """Looking ahead changes nothing."""

    def test_the_played_world_goes_on_as_without_a_look(self) -> None:
        looked, blind = game_at(in_talks), game_at(in_talks)
        ahead(looked)
        for game in (looked, blind):
            game.wait(30, frozenset())
        for name in looked.negotiation.store.states:
            np.testing.assert_array_equal(looked.state(name), blind.state(name), err_msg=name)

    def test_the_same_question_has_the_same_answer(self) -> None:
        game = game_at(in_talks)
        first, second = ahead(game)["wait"], ahead(game)["wait"]
        np.testing.assert_array_equal(first.numbers["faced"], second.numbers["faced"])

    def test_candidates_meet_the_same_luck(self) -> None:
        game = game_at(in_talks)
        twice = look_ahead(game, game.seats[0], {"one": Moves(), "two": Moves()}, 50, 10)
        for key, values in twice[0].numbers.items():
            np.testing.assert_array_equal(values, twice[1].numbers[key], err_msg=key)


class TestMeaning:
    """The numbers say what a player reads in them."""

    def test_who_gives_all_is_accepted_sooner_than_who_asks_for_all(self) -> None:
        told = ahead(game_at(in_talks))
        assert told["give all"].accepted.estimate > told["ask for all"].accepted.estimate

    def test_who_accepts_has_an_agreement_and_who_waits_none(self) -> None:
        told = ahead(game_at(answering))
        assert told["accept"].accepted.estimate == 1.0
        assert told["wait"].accepted.estimate == 0.0
        assert told["accept"].ratified.estimate <= told["accept"].accepted.estimate

    def test_a_resolve_gives_the_reservation_it_was_asked_for(self) -> None:
        game = game_at(in_talks)
        negotiation = forks(game, game.seats[0], [Moves()], 500)
        rival = negotiation.leaders[OTHER]
        asked = rival.mine("expected") + np.linspace(-0.02, 0.02, 500)
        spread = float(rival.parameter("talks.resolve_spread")[0])
        found = resolve(rival, asked, lambda _: np.zeros(500))
        inside = np.abs(np.log(found)) < 3.0 * spread - 1e-9
        got = rival.settle_for(rival.threat_cost(), rival.floor(), found)
        np.testing.assert_allclose(got[inside], asked[inside], atol=1e-9)
        assert inside.any()

    def test_the_fewest_futures_are_two(self) -> None:
        game = game_at(in_talks)
        told = look_ahead(game, game.seats[0], {"wait": Moves()}, 1, 3)
        assert told[0].numbers["own"].size == 2  # a width of one sums in another order


def test_a_look_at_the_end_of_time_stops_there() -> None:
    game = Game(load_scenario("classroom"), ["north"])
    while game.week < game.setting.time.horizon:
        game.play({})
    start = time.perf_counter()
    told = look_ahead(game, game.seats[0], {"wait": Moves()}, 20)
    assert told[0].weeks == 0
    assert time.perf_counter() - start < 60.0


def test_progress_counts_each_week_of_each_fork() -> None:
    game = Game(load_scenario("classroom"), ["north"])
    begun = begin(game, game.seats[0], {"wait": Moves(), "call": Moves()}, 20)
    simulated: list[int] = []
    told = live(begun, 3, simulated.append)
    assert simulated == [40] * told[0].weeks
    assert 0 < told[0].weeks <= 3


def test_forks_that_are_sent_elsewhere_live_the_same() -> None:
    game, moves = game_at(in_talks), {"wait": Moves(), "call": Moves()}
    here = live(begin(game, game.seats[0], moves, 60))
    there = live(pickle.loads(pickle.dumps(begin(game, game.seats[0], moves, 60))))
    assert [found.ranges for found in there] == [found.ranges for found in here]
    assert [found.truce for found in there] == [found.truce for found in here]
