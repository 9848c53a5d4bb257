"""What sides do to one another over time ends as the closed forms say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from tests.oracles import repeated

SHARES = st.floats(0.01, 0.99)
WORTHS = st.floats(0.05, 1.0)


def pair(*numbers: float) -> Array:
    """Return a number for each side in each of two worlds (2, 2)."""
    return np.repeat(np.array(numbers, dtype=np.float64)[:, None], 2, axis=1)


def settled_chain(generosity: Array, error: Array) -> Array:
    """Return each side's share of defections from the four-state Markov chain itself."""
    chain = np.zeros((4, 4))
    for state in range(4):
        hurt = state % 2, state // 2  # what each side saw: the other's last move
        defects = [
            (1 - g) * (1 - e) + g * e if seen else e
            for seen, g, e in zip(hurt, generosity, error, strict=True)
        ]
        for after in range(4):
            moves = after // 2, after % 2
            odds = [d if move else 1 - d for move, d in zip(moves, defects, strict=True)]
            chain[state, after] = odds[0] * odds[1]
    rows = np.vstack([chain.T - np.eye(4), np.ones(4)])
    share = np.linalg.lstsq(rows, np.array([0, 0, 0, 0, 1.0]), rcond=None)[0]
    return np.array([share[2] + share[3], share[1] + share[3]])


@given(SHARES)
def test_tit_for_tat_fights_half_the_time_at_any_error(error: float) -> None:
    np.testing.assert_allclose(repeated.conflict_share(pair(0.0, 0.0), pair(error, error)), 0.5)


@given(SHARES, SHARES)
def test_equals_fight_as_the_short_formula_says(generosity: float, error: float) -> None:
    found = repeated.conflict_share(pair(generosity, generosity), pair(error, error))
    np.testing.assert_allclose(found, error / (2 * error + generosity * (1 - 2 * error)))


@given(SHARES, SHARES, SHARES, SHARES)
def test_conflict_settles_as_the_markov_chain_does(
    first: float, second: float, error: float, other_error: float
) -> None:
    generosity, errors = pair(first, second), pair(error, other_error)
    wanted = settled_chain(generosity[:, 0], errors[:, 0])
    np.testing.assert_allclose(repeated.conflict_share(generosity, errors)[:, 0], wanted, rtol=1e-9)


def test_conflict_settles_as_the_rule_played_many_times_does() -> None:
    rng, worlds = np.random.default_rng(17), 40_000
    generosity, error = np.full((2, worlds), 0.2), np.full((2, worlds), 0.1)
    generosity[1] = 0.5
    moves = [np.zeros(worlds, dtype=np.bool_)] * 2
    for _ in range(40):
        chance = rng.random((2, 2, worlds))
        moves = [
            repeated.tit_for_tat(moves[1 - i], generosity[i], error[i], *chance[i]) for i in (0, 1)
        ]
    played = [move.mean() for move in moves]
    np.testing.assert_allclose(
        played, repeated.conflict_share(generosity, error)[:, 0], atol=4 * 0.5 / np.sqrt(worlds)
    )


def test_without_error_and_generosity_the_first_week_decides() -> None:
    assert np.isnan(repeated.conflict_share(pair(0.0, 0.0), pair(0.0, 0.0))).all()
    assert (repeated.conflict_share(pair(0.1, 0.1), pair(0.0, 0.0)) == 0.0).all()


@given(WORTHS, WORTHS, WORTHS, SHARES)
def test_beyond_the_greatest_generosity_exploiting_pays(
    sucker: float, above: float, further: float, tempting: float
) -> None:
    punishment, reward = sucker + above, sucker + above + further
    temptation = reward + tempting * (reward - sucker)

    def best_of_the_unkind(generosity: float) -> float:
        always = generosity * temptation + (1 - generosity) * punishment
        now_and_then = (temptation + generosity * reward + (1 - generosity) * sucker) / 2
        return max(always, now_and_then)

    worths = (np.full(2, worth) for worth in (temptation, reward, punishment, sucker))
    greatest = float(repeated.greatest_generosity(*worths)[0])
    assert 0.0 <= greatest < 1.0
    assert best_of_the_unkind(greatest) == pytest.approx(reward)
    assert best_of_the_unkind(greatest + 0.01) > reward


@given(*[st.floats(0.01, 1.0)] * 4)
def test_an_arms_race_settles_where_its_weekly_map_shrinks(
    first_reaction: float, second_reaction: float, first_fatigue: float, second_fatigue: float
) -> None:
    weekly = np.array([[1 - first_fatigue, first_reaction], [second_reaction, 1 - second_fatigue]])
    radius = np.abs(np.linalg.eigvals(weekly)).max()
    settles = repeated.arms_race_settles(
        pair(first_reaction, second_reaction), pair(first_fatigue, second_fatigue)
    )
    if abs(radius - 1.0) > 1e-9:
        assert settles.tolist() == [radius < 1.0] * 2


def test_an_arms_race_runs_to_its_fixed_point_or_away() -> None:
    reaction, fatigue = pair(0.3, 0.2), pair(0.4, 0.5)
    fatigue[0, 1] = 0.1  # in the second world the first side hardly tires
    grievance, levels = pair(0.02, 0.01), pair(0.0, 0.5)
    rest = repeated.settled_arms(reaction, fatigue, grievance)
    for _ in range(400):
        levels = repeated.arms_race(levels, reaction, fatigue, grievance)
    np.testing.assert_allclose(levels[:, 0], rest[:, 0])
    assert np.isnan(rest[:, 1]).all()
    assert (levels[:, 1] > 100.0).all()


def crisis(war_cost: Array, rate: Array, prize: Array, step: float) -> tuple[str, int, float]:
    """Return how a crisis in small steps ends, who ends it and when, by backward induction."""
    last = int(np.ceil((war_cost / rate).max() / step)) + 2
    ending, who, worth = "war", last % 2, -war_cost
    when = last * step
    for turn in range(last, -1, -1):
        mover, week = turn % 2, turn * step
        yielding = prize.copy()
        yielding[mover] = -rate[mover] * week
        for name, result in (("yield", yielding), ("war", -war_cost)):
            if result[mover] > worth[mover]:
                ending, who, when, worth = name, mover, week, result
    return ending, who, when


@given(st.floats(0.1, 1.0), st.floats(0.1, 1.0), *[st.floats(0.01, 0.1)] * 2, WORTHS, WORTHS)
def test_who_is_bound_first_wins_at_once_whatever_the_prize(
    war: float, other_war: float, rate: float, other_rate: float, prize: float, other_prize: float
) -> None:
    war_cost, rates = np.array([war, other_war]), np.array([rate, other_rate])
    race = repeated.audience_race(pair(*war_cost), pair(*rates))
    np.testing.assert_allclose(race.bound[:, 0], war_cost / rates)
    gap = abs(race.bound[0, 0] - race.bound[1, 0])
    if gap < 1.0:  # weeks; the steps below must be finer
        return
    ending, loser, when = crisis(war_cost, rates, np.array([prize, other_prize]), 0.25)
    assert (ending, race.wins[:, 0].tolist()) == ("yield", [loser == 1, loser == 0])
    assert when <= 0.25


def test_equals_and_the_unaccountable_have_no_winner() -> None:
    assert not repeated.audience_race(pair(0.2, 0.2), pair(0.01, 0.01)).wins.any()
    assert not repeated.audience_race(pair(0.2, 0.1), pair(0.0, 0.0)).wins.any()
    assert repeated.audience_race(pair(0.2, 0.1), pair(0.01, 0.0)).wins[:, 0].tolist() == [
        True,
        False,
    ]


@given(WORTHS, WORTHS, WORTHS, st.integers(1, 8))
def test_a_promise_is_kept_where_the_stream_of_worths_says_so(
    punishment: float, above: float, further: float, lag: int
) -> None:
    cooperation, defection = punishment + above, punishment + above + further
    worths = [np.full(2, worth) for worth in (defection, cooperation, punishment, float(lag))]
    needed = repeated.patience_needed(*worths)
    weeks = np.arange(20_000)
    for off, keeps in ((-1e-3, False), (1e-3, True)):
        patience = np.clip(needed + off, 0.0, 0.998)
        if (patience[0] < needed[0]) == keeps:
            continue  # the needed patience is too near to 1 to differ from it in finite time
        weight = patience[0] ** weeks
        breach = (weight * np.where(weeks < lag, defection, punishment)).sum()
        assert bool((weight * cooperation).sum() >= breach) == keeps
        assert repeated.keeps_word(patience, *worths).tolist() == [keeps] * 2


def test_some_promises_need_no_patience_and_for_some_none_is_enough() -> None:
    defection, cooperation = np.array([0.2, 0.3, 0.3, 0.3]), np.array([0.3, 0.2, 0.2, 0.2])
    punishment = np.array([0.1, 0.3, 0.25, 0.4])
    needed = repeated.patience_needed(defection, cooperation, punishment, np.ones(4))
    assert needed[0] == 0.0
    assert needed[1] == np.inf  # no punishment at all
    assert needed[2] == pytest.approx(2.0)  # worse than keeping the promise, better than breaking
    assert needed[3] == np.inf


def test_worlds_do_not_touch_one_another() -> None:
    rng = np.random.default_rng(3)
    sides = rng.uniform(0.05, 0.95, (4, 2, 300))
    worlds = rng.uniform(0.05, 0.95, (5, 300))
    worlds[4] = np.ceil(13 * worlds[4])

    def all_rules(sides: Array, worlds: Array) -> list[Array]:
        hurt = worlds[0] > 0.5
        return [
            repeated.tit_for_tat(hurt, *worlds[:4]).astype(np.float64),
            repeated.conflict_share(*sides[:2]),
            repeated.greatest_generosity(*np.sort(worlds[:4], axis=0)[::-1]),
            repeated.arms_race(*sides),
            repeated.settled_arms(*sides[:3]),
            repeated.audience_race(*sides[:2]).bound,
            repeated.patience_needed(worlds[0] + 1.0, worlds[1] + 0.5, *worlds[[2, 4]]),
        ]

    whole = all_rules(sides, worlds)
    part = all_rules(sides[..., 7:10].copy(), worlds[..., 7:10].copy())
    for wide, narrow in zip(whole, part, strict=True):
        assert wide.flags.c_contiguous
        np.testing.assert_array_equal(wide[..., 7:10], narrow)


def test_luck_at_the_bound_forgives_nobody_and_slips_nowhere() -> None:
    """A chance of 0 never comes: a uniform draw may be exactly 0."""
    hurt, never = np.array([True, False]), np.zeros(2)
    found = repeated.tit_for_tat(hurt, never, never, never, never)
    assert found.tolist() == [True, False]


def test_patience_is_needed_only_where_breaking_a_promise_pays() -> None:
    defection, cooperation = np.array([1.0, 3.0, 1.0]), np.array([3.0, 3.0, 0.5])
    found = repeated.patience_needed(defection, cooperation, np.ones(3), np.full(3, 4.0))
    assert found.tolist() == [0.0, 0.0, np.inf]
