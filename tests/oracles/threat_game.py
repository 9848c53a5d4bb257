"""The threat game: threaten or not, concede or resist, execute or back down.

An independent closed form that tests compare the model with. The threatener moves first. If the
target resists, the threatener executes the threat or pays an audience cost at home. Choices are
noisy: the probability of each is logit in its expected payoff, which allows for noise in all later
choices, including the player's own (agent quantal response, McKelvey and Palfrey 1998; Signorino
1999 on crises). As the precision grows, play approaches the subgame-perfect equilibrium.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from model.arrays import Array

OUTCOMES = ("status quo", "concession", "execution", "backing down")


class Payoffs(NamedTuple):
    """Payoffs of each outcome in points for the threatener [0] and the target [1], each (2, R)."""

    status_quo: Array
    concession: Array
    execution: Array
    backing_down: Array


class Play(NamedTuple):
    """Probabilities (R,) that a threat is made, that the target resists, that it is executed."""

    threaten: Array
    resist: Array
    execute: Array


def payoffs(stake: Array, harm: Array, audience_cost: Array) -> Payoffs:
    """Return the payoffs of the plain game, in points, against a status quo of 0.

    stake (2, R): gain of the threatener and loss of the target from the concession; harm (2, R):
    cost of execution to each (below 0 if the threatener gains from it); audience_cost (R,): cost to
    the threatener of backing down (Fearon 1994).

    >>> stake, harm = np.array([[0.3], [0.2]]), np.array([[0.1], [0.4]])
    >>> payoffs(stake, harm, np.array([0.05])).concession.tolist()
    [[0.3], [-0.2]]
    """
    nothing = np.zeros_like(audience_cost)
    return Payoffs(
        np.zeros_like(stake),
        np.stack([stake[0], -stake[1]]),
        -harm,
        np.stack([-audience_cost, nothing]),
    )


def quantal(game: Payoffs, precision: Array) -> Play:
    """Return the choice probabilities under logit choices with a precision per point (R,).

    By backward induction: execute with probability p = logistic(lambda (execution - backing down)),
    resist with logistic(lambda (p execution + (1 - p) backing down - concession)), and so on up.
    A precision of 0 makes every choice a coin toss.

    >>> stake, harm = np.full((2, 2), 0.3), np.array([[0.1, 0.1], [0.4, 0.4]])
    >>> play = quantal(payoffs(stake, harm, np.array([0.0, 0.2])), np.full(2, 50.0))
    >>> play.threaten.round(2).tolist(), play.execute.round(2).tolist()
    ([0.49, 1.0], [0.01, 0.99])
    """
    return _induce(game, lambda advantage: expit(precision * advantage))


def perfect(game: Payoffs) -> Play:
    """Return the subgame-perfect equilibrium; an indifferent player tosses a coin.

    It is the limit of `quantal` as the precision grows, except for ties.

    >>> stake, harm = np.full((2, 2), 0.3), np.array([[0.1, 0.1], [0.4, 0.4]])
    >>> play = perfect(payoffs(stake, harm, np.array([0.05, 0.2])))
    >>> play.threaten.tolist(), play.resist.tolist(), play.execute.tolist()
    ([0.0, 1.0], [1.0, 0.0], [0.0, 1.0])
    """
    return _induce(game, lambda advantage: np.heaviside(advantage, 0.5))


def _induce(game: Payoffs, choose: Callable[[Array], Array]) -> Play:
    """Solve from the last choice to the first; `choose` turns an advantage into a probability."""
    execute = choose(game.execution[0] - game.backing_down[0])
    resisted = execute * game.execution + (1.0 - execute) * game.backing_down
    resist = choose(resisted[1] - game.concession[1])
    threatened = resist * resisted[0] + (1.0 - resist) * game.concession[0]
    return Play(choose(threatened - game.status_quo[0]), resist, execute)


def chances(play: Play) -> Array:
    """Return the probabilities (4, R) of the OUTCOMES; they sum to 1 in each world.

    >>> chances(Play(*(np.array([share]) for share in (0.5, 0.4, 0.25)))).round(2).ravel().tolist()
    [0.5, 0.3, 0.05, 0.15]
    """
    resisted = play.threaten * play.resist
    return np.stack(
        [
            1.0 - play.threaten,
            play.threaten * (1.0 - play.resist),
            resisted * play.execute,
            resisted * (1.0 - play.execute),
        ]
    )


def expected(game: Payoffs, play: Play) -> Array:
    """Return the expected payoffs of both sides (2, R), in points, given the choice probabilities.

    >>> game = payoffs(np.full((2, 1), 0.2), np.full((2, 1), 0.1), np.array([0.4]))
    >>> expected(game, Play(*(np.array([share]) for share in (1.0, 0.5, 1.0)))).round(2).tolist()
    [[0.05], [-0.15]]
    """
    worth = np.zeros_like(game.status_quo)
    for chance, end in zip(chances(play), game, strict=True):
        worth = worth + chance * end
    return worth
