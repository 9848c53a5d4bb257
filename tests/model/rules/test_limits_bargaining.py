"""Bargaining meets its closed forms: limits 1 to 4 and 7 to 10, on the pure rules alone."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from model.arrays import Array
from model.rules.bargaining import reservation
from model.rules.offers import best_given, exchange, offer, utility
from model.rules.solutions import frontier, nash, rubinstein, win_set
from tests.model.table import Deal, contested, pie, talk

Pair = tuple[Array, Array]


def points(*numbers: float) -> Array:
    """Return numbers as worlds."""
    return np.array(numbers)


def rubinstein_talk(gains: Pair, threat: Array, patience: Array) -> Deal:
    """Let two sides bargain by Rubinstein's rules."""
    proposals = rubinstein(frontier(*gains), threat, patience)
    fields = [
        {
            "reservation": threat[i],
            "best": np.maximum(gains[i], 0.0).sum(axis=0),
            "patience": patience[i],
            "stationary": proposals[i, i],
        }
        for i in range(2)
    ]
    return talk(gains, ("rubinstein", "rubinstein"), 5, (fields[0], fields[1]))


# 1 Rubinstein: one issue, strict alternation


def test_the_first_proposer_has_rubinsteins_share_at_once() -> None:
    first, second = points(0.5, 0.9, 0.9, 0.99, 0.3), points(0.5, 0.9, 0.8, 0.95, 0.99)
    threat = np.stack([np.zeros(5), -np.ones(5)])
    deal = rubinstein_talk(pie(5), threat, np.stack([first, second]))
    assert (deal.round == 0).all()
    np.testing.assert_allclose(deal.worth[0], (1 - second) / (1 - first * second), atol=1e-12)
    np.testing.assert_allclose(deal.worth[0, :2], 1 / (1 + first[:2]), atol=1e-12)
    np.testing.assert_allclose(deal.worth.sum(axis=0), 0.0, atol=1e-12)


@pytest.mark.parametrize("rounds", [1, 3, 7, 21])
def test_a_last_round_moves_the_share_by_a_known_error(rounds: int) -> None:
    first, second = points(0.5, 0.9, 0.9, 0.99), points(0.5, 0.9, 0.8, 0.95)
    gains, patience, outside = pie(4), (first, second), (np.zeros(4), -np.ones(4))
    waiting = np.zeros(4)  # gain of the next proposer; after the last round there is none
    for left in range(rounds):
        i, j = left % 2, 1 - left % 2  # rounds is odd, so the first side proposes last and first
        floor = outside[j] + patience[j] * waiting
        worth, feasible = best_given(exchange(gains[i], gains[j]), gains[i], gains[j], floor)
        assert feasible.all()
        waiting = worth - outside[i]
    limit = (1 - second) / (1 - first * second)
    error = (1 - limit) * (first * second) ** ((rounds - 1) / 2)
    np.testing.assert_allclose(waiting, limit + error, atol=1e-12)


# 2 Rubinstein, period to zero


def test_short_periods_share_by_the_rates_of_impatience() -> None:
    period = 0.1 * 0.5 ** np.arange(8)
    rates = np.array([[0.3], [0.1]])
    threat = np.stack([np.zeros(8), -np.ones(8)])
    deal = rubinstein_talk(pie(8), threat, np.exp(-rates * period))
    error = np.abs(deal.worth[0] - 0.1 / 0.4)
    assert error[-1] < 1e-3
    np.testing.assert_allclose(error[:-1] / error[1:], 2.0, rtol=0.02)


# 3 Rubinstein, many issues


@pytest.mark.parametrize("issues", [2, 5, 10])
def test_with_many_issues_patience_leads_to_the_nash_point(issues: int) -> None:
    impatience = 0.01 * 0.5 ** np.arange(8)
    gains = contested(issues, issues, 1)
    own, other = np.repeat(gains[0], 8, axis=1), np.repeat(gains[1], 8, axis=1)
    corners = frontier(own, other)
    threat = np.stack([corners.own[-1], corners.other[0]])
    target = nash(corners, threat)
    deal = rubinstein_talk((own, other), threat, np.stack([1 - impatience, 1 - impatience]))
    assert (deal.round == 0).all()
    gap = np.abs(deal.worth - target).max(axis=0)
    assert gap[-1] < 1e-3
    np.testing.assert_allclose(gap[:-1] / gap[1:], 2.0, rtol=0.05)


# 4 Time tactics on a pie


@pytest.mark.parametrize(("first", "second"), [(1.0, 1.0), (0.2, 0.2), (3.0, 3.0), (0.3, 2.0)])
def test_time_tactics_agree_when_their_concessions_meet(first: float, second: float) -> None:
    rounds = 2000
    base = {"reservation": np.zeros(2), "best": np.ones(2), "exponent": np.full(2, first)}
    against = {"reservation": -np.ones(2), "best": np.zeros(2), "exponent": np.full(2, second)}
    deal = talk(pie(2), ("boulware", "ac_next"), rounds, (base, against))
    when = brentq(lambda t: t ** (1 / first) + t ** (1 / second) - 1, 0.0, 1.0)
    np.testing.assert_allclose(deal.round / rounds, when, atol=2 / rounds)
    if first == second:
        assert when == pytest.approx(2**-first)
    share = 1 - when ** (1 / first)
    slope = when ** (1 / first - 1) / first + when ** (1 / second - 1) / second
    np.testing.assert_allclose(deal.worth[0], share, atol=3 * slope / rounds)


# 7 Zeuthen


def smooth(issues: int) -> Pair:
    """Return equal issues but for one large one, on which the Nash point lies, in 6 worlds."""
    own, other = np.full((issues, 6), -0.05), np.full((issues, 6), 0.2)
    own[0], other[0] = 1.0, -0.8
    return own, other


@pytest.mark.parametrize("gains", [pie(6), smooth(1), smooth(3)], ids=["pie", "one", "three"])
def test_zeuthens_steps_end_near_the_nash_product(gains: Pair) -> None:
    step = 0.08 * 0.5 ** np.arange(6)
    corners = frontier(*gains)
    threat = np.stack([corners.own[-1], corners.other[0]]) + 0.03
    sides = [
        {"reservation": threat[i], "other_reservation": threat[1 - i], "step": step, "best": best}
        | {"previous": best}
        for i, best in enumerate((corners.own[0], corners.other[-1]))
    ]
    deal = talk(gains, ("zeuthen", "ac_next"), 2000, (sides[0], sides[1]))
    assert (deal.round > 0).all()
    most = np.prod(nash(corners, threat) - threat, axis=0)
    loss = 1 - np.prod(deal.worth - threat, axis=0) / most
    assert (loss >= -1e-12).all()
    length = np.abs(corners.own[0] - corners.own[-1])
    assert (loss <= 16 * (step / length) ** 2 + 1e-12).all()


# 8 MiCRO against MiCRO


@pytest.mark.parametrize("steps", [2, 10, 50, 11, 51])
def test_two_micros_meet_in_the_middle_of_a_symmetric_grid(steps: int) -> None:
    step = np.full(2, 1 / steps)
    base = {"reservation": np.zeros(2), "best": np.ones(2), "step": step}
    against = {"reservation": -np.ones(2), "best": np.zeros(2), "step": step}
    sides = [side | {"previous": side["best"]} for side in (base, against)]
    deal = talk(pie(2), ("micro", "ac_next"), 4 * steps, (sides[0], sides[1]))
    nearest = 0.5 if steps % 2 == 0 else 0.5 - 0.5 / steps
    np.testing.assert_allclose(deal.worth[0], nearest, atol=1e-12)


# 9 Certain ratification


def test_win_sets_that_are_known_clip_the_nash_point() -> None:
    own_floor, other_floor = np.meshgrid(np.linspace(0.0, 1.0, 21), np.linspace(0.0, 1.0, 21))
    floors = np.stack([own_floor.ravel(), other_floor.ravel()])
    worlds = floors.shape[1]
    one, none = np.ones(worlds), np.zeros(worlds)
    # Without spread, who wholly foresees ratification settles for what is ratified, and no less.
    foreseen = np.stack(
        [reservation(none, none, none, one, one, f, none, 0.7 * one) for f in floors]
    )
    np.testing.assert_allclose(foreseen, floors, atol=1e-12)
    corners = frontier(*pie(worlds))
    outside = np.stack([none, -one])
    ratified = win_set(corners, outside + foreseen)
    share = nash(ratified, outside)[0]
    wanted = np.minimum(np.maximum(0.5, floors[0]), 1 - floors[1])
    overlap = floors.sum(axis=0) <= 1 + 1e-9
    np.testing.assert_allclose(share, np.where(overlap, wanted, np.nan), atol=1e-9)


# 10 Probit ratification


@pytest.mark.parametrize(("threshold", "spread"), [(0.1, 0.1), (0.3, 0.05), (0.2, 0.3)])
def test_the_expected_payoff_peaks_where_a_surer_deal_costs_what_it_brings(
    threshold: float, spread: float
) -> None:
    chance = np.linspace(0.01, 0.999, 4000)
    one = np.ones(4000)
    # The other settles for what its groups ratify with that chance; one keeps the rest of a pie.
    floor = reservation(0 * one, one, 0 * one, one, one, threshold * one, spread * one, chance)
    own, other = pie(4000)
    package = offer(exchange(other, own), other, floor - 1)  # what the other then offers at most
    kept = utility(own, package)
    payoff = chance * kept
    peak = int(payoff.argmax())
    rises = np.sign(np.diff(payoff))
    assert (rises[:peak] > 0).all()
    assert (rises[peak:] <= 0).all()  # 0 once the other asks for the whole pie

    def marginal(p: float) -> float:
        z = float(norm.ppf(p))
        return 1 - threshold - spread * z - p * spread / float(norm.pdf(z))

    assert chance[peak] == pytest.approx(brentq(marginal, 0.01, 0.999), abs=5e-4)
    assert 0 < peak < 3999
