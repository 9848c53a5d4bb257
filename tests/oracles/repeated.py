"""Repeated interaction in closed form: tit-for-tat, arms races, audience costs, repeated games.

Independent closed forms that tests check by simulation. No rule of the model calls them. Sides (0
and 1) are on the first axis, worlds on the last.
"""

from typing import NamedTuple

import numpy as np

from model.arrays import Array, Mask


def tit_for_tat(
    hurt: Mask, generosity: Array, error: Array, forgiving: Array, slipping: Array
) -> Mask:
    """Return whether a side defects (R,) after a week in which the other may have defected.

    hurt: whether the other defected. The side intends to answer in kind, but forgives a defection
    with probability `generosity` (if the uniform `forgiving` is below it). With probability `error`
    (if the uniform `slipping` is below it) it does the opposite of what it intends. All (R,).
    Sources: Axelrod 1984 without generosity, Nowak and Sigmund 1992 with it.

    >>> hurt, chance = np.array([True, True, False]), np.array([0.9, 0.1, 0.9])
    >>> tit_for_tat(hurt, np.full(3, 0.3), np.full(3, 0.05), chance, np.full(3, 0.5)).tolist()
    [True, False, False]
    """
    means: Mask = hurt & (forgiving >= generosity)
    return means ^ (slipping < error)


def conflict_share(generosity: Array, error: Array) -> Array:
    """Return the share of weeks in which each side defects in the long run (2, R).

    Both sides play `tit_for_tat`, each with its own generosity g and error e (2, R). Side i defects
    with probability e_i after cooperation and e_i + m_i after a defection, where
    m_i = (1 - g_i)(1 - 2 e_i). The chain converges to d_i = (e_i + m_i e_j) / (1 - m_i m_j) (Nowak
    and Sigmund 1990). For equal sides this is e / (2 e + g (1 - 2 e)): one half for any error
    without generosity, and near e / g with some generosity. It is NaN if the first week determines
    all others (no error and no generosity).

    >>> conflict_share(np.array([[0.0, 0.3], [0.0, 0.3]]), np.full((2, 2), 0.01)).round(3).tolist()
    [[0.5, 0.032], [0.5, 0.032]]
    """
    first, second = (1.0 - generosity) * (1.0 - 2.0 * error)
    forgotten = 1.0 - first * second
    caused = np.stack([error[0] + first * error[1], error[1] + second * error[0]])
    never = np.full_like(caused, np.nan)
    share: Array = np.divide(caused, forgotten, out=never, where=forgotten > 0.0)
    return share


def greatest_generosity(
    temptation: Array, reward: Array, punishment: Array, sucker: Array
) -> Array:
    """Return the largest generosity (R,), a probability, that the other side cannot exploit.

    min(1 - (T - R) / (R - S), (R - P) / (T - P)), at least 0, for rare errors and the payoffs of a
    prisoners' dilemma T > R > P > S. Above the first bound the other side gains by defecting every
    second week, above the second by always defecting (Molander 1985, Nowak and Sigmund 1992).

    >>> greatest_generosity(*(np.array([v]) for v in (5.0, 3.0, 1.0, 0.0))).round(3).tolist()
    [0.333]
    """
    now_and_then = 1.0 - (temptation - reward) / (reward - sucker)
    always = (reward - punishment) / (temptation - punishment)
    return np.maximum(np.minimum(now_and_then, always), 0.0)


def arms_race(levels: Array, reaction: Array, fatigue: Array, grievance: Array) -> Array:
    """Return next week's arms, or tariffs, of both sides (2, R), in the unit of `levels` (2, R).

    x_i' = x_i + k_i x_j - a_i x_i + g_i (Richardson 1960): a side reacts to the other's level with
    k and reduces its own through fatigue a, both shares per week; grievance g is in units per week.

    >>> arms_race(np.array([[0.2], [0.1]]), *(np.full((2, 1), v) for v in (0.5, 0.5, 0.1)))
    array([[0.25],
           [0.25]])
    """
    return levels + reaction * levels[::-1] - fatigue * levels + grievance


def arms_race_settles(reaction: Array, fatigue: Array) -> Mask:
    """Return whether an arms race converges (R,): a_1 a_2 > k_1 k_2 (Richardson 1960).

    This is the condition in continuous time. It also applies to weekly steps if fatigue is in
    (0, 1] and reaction is at least 0, both (2, R).

    >>> arms_race_settles(np.full((2, 2), 0.2), np.array([[0.4, 0.1], [0.4, 0.4]])).tolist()
    [True, False]
    """
    settles: Mask = fatigue[0] * fatigue[1] > reaction[0] * reaction[1]
    return settles


def settled_arms(reaction: Array, fatigue: Array, grievance: Array) -> Array:
    """Return the levels to which an arms race converges (2, R), NaN if it diverges.

    x_i = (a_j g_i + k_i g_j) / (a_1 a_2 - k_1 k_2), the fixed point of `arms_race`.

    >>> settled_arms(*(np.full((2, 1), v) for v in (0.25, 0.5, 0.1))).round(6).tolist()
    [[0.4], [0.4]]
    """
    brake = fatigue[0] * fatigue[1] - reaction[0] * reaction[1]
    push = fatigue[::-1] * grievance + reaction * grievance[::-1]
    never, settles = np.full_like(push, np.nan), arms_race_settles(reaction, fatigue)
    rest: Array = np.divide(push, brake, out=never, where=settles)
    return rest


class Race(NamedTuple):
    """The week from which each side of a crisis is bound, and whether it wins, both (2, R)."""

    bound: Array
    wins: Mask


def audience_race(war_cost: Array, audience_rate: Array) -> Race:
    """Return how a public crisis ends when both sides know each other's costs (Fearon 1994).

    war_cost w > 0 in points and audience_rate a >= 0 in points per week, both (2, R). A side that
    backs down in week t loses a_i t at home, and a side that fights loses w_i. From week w_i / a_i
    on, side i prefers to fight: it is bound. A side that is not bound yet then yields. It foresees
    this and yields at once, because waiting makes yielding more expensive. So the side with the
    LOWER w / a wins, whatever the prize is worth, and there is no war. With equal w / a (or without
    audiences) either side may yield, and neither counts as the winner. Crises that last, and wars,
    require costs that the other side does not know.

    >>> war_cost, rate = np.array([[0.2, 0.2], [0.3, 0.3]]), np.array([[0.01, 0.0], [0.02, 0.0]])
    >>> race = audience_race(war_cost, rate)
    >>> race.bound.tolist(), race.wins.tolist()
    ([[20.0, inf], [15.0, inf]], [[False, False], [True, False]])
    """
    never = np.full_like(war_cost, np.inf)
    bound = np.divide(war_cost, audience_rate, out=never, where=audience_rate > 0.0)
    return Race(bound, bound < bound[::-1])


def patience_needed(defection: Array, cooperation: Array, punishment: Array, lag: Array) -> Array:
    """Return the smallest weekly discount factor (R,) at which promises are self-enforcing.

    Payoffs per week in points: W_D for breaking a promise unnoticed, W_C for keeping it, and W_N
    without any agreement, to which both sides return for ever once a breach is noticed (grim
    trigger, Friedman 1971). A breach is noticed after `lag` weeks L >= 1, so the condition is
    d^L >= (W_D - W_C) / (W_D - W_N). The result is 0 if breaking a promise does not pay, and above
    1 if no patience is enough.

    >>> worths = [np.full(2, worth) for worth in (5.0, 3.0, 1.0)]
    >>> patience_needed(*worths, np.array([1.0, 13.0])).round(3).tolist()
    [0.5, 0.948]
    """
    gain = np.maximum(defection - cooperation, 0.0)
    share = np.divide(
        gain,
        defection - punishment,
        out=np.where(gain > 0.0, np.inf, 0.0),
        where=defection > punishment,
    )
    return np.power(share, 1.0 / lag)


def keeps_word(
    patience: Array, defection: Array, cooperation: Array, punishment: Array, lag: Array
) -> Mask:
    """Return whether a side keeps its promise (R,), given its patience (weekly discount factor).

    >>> worths = [np.full(2, worth) for worth in (5.0, 3.0, 1.0)]
    >>> keeps_word(np.array([0.4, 0.5]), *worths, np.ones(2)).tolist()
    [False, True]
    """
    return patience >= patience_needed(defection, cooperation, punishment, lag)
