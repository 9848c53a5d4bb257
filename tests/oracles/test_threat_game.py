"""The threat game is played as backward induction on its tree says, and as noisy players do."""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.arrays import Array
from tests.oracles.threat_game import (
    OUTCOMES,
    Payoffs,
    Play,
    chances,
    expected,
    payoffs,
    perfect,
    quantal,
)

ENDS = arrays(np.float64, (4, 2), elements=st.integers(-20, 20).map(lambda tick: tick / 20))
THREAT = (0, "status quo", (1, "concession", (0, "backing down", "execution")))
type Tree = str | tuple[int, Tree, Tree]


class Plan(NamedTuple):
    """What each turn's mover means to do."""

    threaten: bool
    resist: bool
    execute: bool


def table(ends: Array) -> Payoffs:
    """Return payoffs in two equal worlds from what each end (4) is worth to each side (2)."""
    return Payoffs(*(np.repeat(end[:, None], 2, axis=1) for end in ends))


def solve(
    tree: Tree, ends: Array, choose: Callable[[float], float], taken: list[float]
) -> tuple[float, float]:
    """Return what a tree is worth to both; note the chance of each right branch, deepest first."""
    if isinstance(tree, str):
        first, second = ends[OUTCOMES.index(tree)]
        return float(first), float(second)
    mover, left, right = tree
    low, high = solve(left, ends, choose, taken), solve(right, ends, choose, taken)
    odds = choose(high[mover] - low[mover])
    taken.append(odds)
    return odds * high[0] + (1 - odds) * low[0], odds * high[1] + (1 - odds) * low[1]


def end_of(plan: Plan, start: int) -> int:
    """Return which of the OUTCOMES a plan leads to from one of the three turns on."""
    threaten, resist, execute = plan
    if start == 0 and not threaten:
        return 0
    if start <= 1 and not resist:
        return 1
    return 2 if execute else 3


def unimprovable(ends: Array, plan: Plan) -> bool:
    """Say whether nobody gains by another choice at any of the three turns."""
    for turn, mover in enumerate((0, 1, 0)):
        other = plan._replace(**{plan._fields[turn]: not plan[turn]})
        if ends[end_of(other, turn), mover] > ends[end_of(plan, turn), mover]:
            return False
    return True


@given(ENDS)
def test_the_perfect_equilibrium_is_the_plan_that_nobody_can_improve(ends: Array) -> None:
    plans = [Plan(*moves) for moves in itertools.product((False, True), repeat=3)]
    stable = [plan for plan in plans if unimprovable(ends, plan)]
    assert stable  # every finite game has one
    if len(stable) == 1:
        assert [move[0] for move in perfect(table(ends))] == list(stable[0])


@given(ENDS)
def test_great_precision_gives_the_perfect_equilibrium(ends: Array) -> None:
    game = table(ends)
    wanted = perfect(game)
    if all((move != 0.5).all() for move in wanted):  # ties aside
        found = quantal(game, np.full(2, 1e4))
        np.testing.assert_allclose(np.stack(found), np.stack(wanted), atol=1e-6)


@given(ENDS, st.floats(0.0, 60.0))
def test_noisy_play_is_backward_induction_on_the_tree(ends: Array, precision: float) -> None:
    taken: list[float] = []
    worth = solve(THREAT, ends, lambda gain: 1 / (1 + np.exp(-precision * gain)), taken)
    game = table(ends)
    play = quantal(game, np.full(2, precision))
    np.testing.assert_allclose([play.execute[0], play.resist[0], play.threaten[0]], taken)
    np.testing.assert_allclose(expected(game, play)[:, 0], worth, atol=1e-12)


def test_noisy_play_is_what_players_with_mistaken_payoffs_do() -> None:
    rng, worlds, precision = np.random.default_rng(20), 100_000, 6.0
    game = payoffs(np.full((2, 2), 0.3), np.full((2, 2), 0.2), np.full(2, 0.15))
    play = quantal(game, np.full(2, precision))

    def chosen(better: float, worse: float) -> float:
        noise = rng.gumbel(scale=1 / precision, size=(2, worlds))
        return float((better + noise[0] > worse + noise[1]).mean())

    execute = chosen(game.execution[0, 0], game.backing_down[0, 0])
    fight = execute * game.execution + (1 - execute) * game.backing_down
    resist = chosen(fight[1, 0], game.concession[1, 0])
    threat = resist * fight + (1 - resist) * game.concession
    threaten = chosen(threat[0, 0], game.status_quo[0, 0])
    np.testing.assert_allclose(
        [threaten, resist, execute], [move[0] for move in play], atol=4 / np.sqrt(worlds)
    )


def test_without_precision_all_toss_coins() -> None:
    game = payoffs(np.full((2, 2), 0.3), np.full((2, 2), 0.2), np.full(2, 0.15))
    np.testing.assert_array_equal(np.stack(quantal(game, np.zeros(2))), 0.5)
    np.testing.assert_allclose(chances(quantal(game, np.zeros(2)))[:, 0], [0.5, 0.25, 0.125, 0.125])


@pytest.mark.parametrize("precision", [2.0, 12.0, 50.0])
def test_audience_costs_bind_the_threatener_and_soften_the_target(precision: float) -> None:
    cost = np.linspace(0.0, 0.4, 9)
    stake, harm = np.full((2, 9), 0.3), np.full((2, 9), 0.2)
    harm[1] = 0.5  # execution hurts the target more than the concession would
    play = quantal(payoffs(stake, harm, cost), np.full(9, precision))
    assert (np.diff(play.execute) > 0.0).all()
    assert (np.diff(play.resist) < 0.0).all()


def test_an_audience_turns_a_bluff_into_a_threat_that_works() -> None:
    harm = np.array([[0.1, 0.1], [0.4, 0.4]])
    game = payoffs(np.full((2, 2), 0.3), harm, np.array([0.05, 0.2]))
    ends = chances(perfect(game)).T
    assert [OUTCOMES[end] for end in ends.argmax(axis=1)] == ["status quo", "concession"]


@given(*[st.floats(0.0, 1.0)] * 3)
def test_the_chances_of_the_ends_sum_to_one(threaten: float, resist: float, execute: float) -> None:
    share = chances(Play(*(np.full(2, odds) for odds in (threaten, resist, execute))))
    assert (share >= 0.0).all()
    np.testing.assert_allclose(share.sum(axis=0), 1.0)


def test_worlds_do_not_touch_one_another() -> None:
    rng = np.random.default_rng(5)
    ends, precision = rng.normal(size=(4, 2, 300)), rng.uniform(0.0, 50.0, 300)

    def both(ends: Array, precision: Array) -> list[Array]:
        game = Payoffs(*ends)
        play = quantal(game, precision)
        return [*play, chances(play), expected(game, play)]

    whole, part = both(ends, precision), both(ends[..., 7:10].copy(), precision[7:10].copy())
    for wide, narrow in zip(whole, part, strict=True):
        assert wide.flags.c_contiguous
        np.testing.assert_array_equal(wide[..., 7:10], narrow)
