"""Packages of issues with few levels, against brute force."""

from itertools import product

import numpy as np
import pytest

from model.arrays import Array
from model.rules.curves import Bends, felt
from model.rules.offers import best_given, exchange, offer, utility
from model.rules.packages import MOST, all_packages, efficient, egalitarian, kalai_smorodinsky, nash
from tests.model.table import contested

LEVELS = [2, 3, 2, 4]
NOTHING = np.zeros(2)


def worths(seed: int) -> Array:
    """Return the worths (2, packages) of all packages in a random world, rounded to have ties."""
    own, other = contested(seed, len(LEVELS), 2)
    packages = all_packages(LEVELS).T
    gains = np.stack([own[:, 0], other[:, 0]])
    found: Array = np.round(gains @ packages, 2)
    return found


def test_all_packages_are_there_once() -> None:
    packages = all_packages(LEVELS)
    wanted = set(product(*(np.linspace(0.0, 1.0, number).tolist() for number in LEVELS)))
    assert len(packages) == len(wanted) == 48
    assert {tuple(package) for package in packages.tolist()} == wanted


@pytest.mark.parametrize("levels", [[], [2, 1], [101] * 4])
def test_too_few_levels_or_too_many_packages_are_refused(levels: list[int]) -> None:
    assert MOST < 101**4
    with pytest.raises(ValueError, match=r"levels|packages"):
        all_packages(levels)


@pytest.mark.parametrize("seed", range(6))
def test_efficient_packages_are_those_that_nothing_dominates(seed: int) -> None:
    points = worths(seed)
    for number, found in enumerate(efficient(points)):
        one = points[:, number, np.newaxis]
        better = (points >= one).all(axis=0) & (points > one).any(axis=0)
        assert found == (not better.any())


@pytest.mark.parametrize("seed", range(6))
def test_solutions_are_the_best_of_all_possible_packages(seed: int) -> None:
    points = worths(seed)
    floor = points.min(axis=1) + 0.2 * np.ptp(points, axis=1)
    gains = points - floor[:, np.newaxis]
    possible = [n for n in range(points.shape[1]) if (gains[:, n] >= 0.0).all()]
    assert possible
    most = gains[:, possible].max(axis=1)
    measures = {
        nash: gains.prod(axis=0),
        egalitarian: gains.min(axis=0),
        kalai_smorodinsky: (gains / most[:, np.newaxis]).min(axis=0),
    }
    for solution, measure in measures.items():
        found = solution(points, floor)
        assert found in possible
        np.testing.assert_allclose(measure[found], measure[possible].max(), atol=1e-12)


@pytest.mark.parametrize("solution", [nash, egalitarian, kalai_smorodinsky])
def test_there_is_no_solution_if_no_package_is_possible(solution) -> None:  # type: ignore[no-untyped-def]
    assert solution(worths(1), np.full(2, 99.0)) is None


@pytest.mark.parametrize("seed", range(6))
def test_an_offer_with_levels_is_near_the_best_of_all_packages(seed: int) -> None:
    own, other = contested(seed, len(LEVELS), 2)
    curved = (0.5 * np.sign(own), 0.5 * np.sign(other))
    bends = Bends(*curved)
    levels = np.array(LEVELS, dtype=float)[:, np.newaxis] + np.zeros((1, 2))
    least, most = np.minimum(own, 0.0).sum(axis=0), np.maximum(own, 0.0).sum(axis=0)
    packages = all_packages(LEVELS).T[:, :, np.newaxis]
    mine, theirs = (
        (gains[:, np.newaxis] * felt(packages, bend[:, np.newaxis])).sum(axis=0)
        for gains, bend in zip((own, other), curved, strict=True)
    )
    for share in (0.2, 0.5, 0.8):
        floor = least + share * (most - least)
        package = offer(exchange(own, other, bends), own, floor, levels)
        assert (utility(own, felt(package, bends.own)) >= floor - 1e-9).all()
        best = np.where(mine >= floor, theirs, -np.inf).max(axis=0)
        worth = utility(other, felt(package, bends.other))
        assert (worth <= best + 1e-9).all()
        step = np.abs(other) * 1.5 / (levels - 1.0)  # the worth of the first step of each issue
        assert (worth >= best - step.max(axis=0) - 1e-9).all()


@pytest.mark.parametrize("seed", range(6))
def test_with_one_whole_issue_an_offer_and_the_best_given_it_are_the_best(seed: int) -> None:
    own, other = contested(seed, 5, 40)
    curved = np.arange(5)[:, np.newaxis] > 0
    bends = Bends(0.5 * np.sign(own) * curved, 0.5 * np.sign(other) * curved)
    levels = np.zeros_like(own)
    levels[0] = 2.0
    least, most = np.minimum(own, 0.0).sum(axis=0), np.maximum(own, 0.0).sum(axis=0)
    floor = least + np.linspace(0.02, 0.98, 40) * (most - least)
    trades = exchange(own, other, bends)
    package = offer(trades, own, floor, levels)
    assert set(package[0].tolist()) <= {0.0, 1.0}
    worths = []
    for given in (0.0, 1.0):  # without the whole issue, or with it
        rest = floor - own[0] * given
        fixed = own.copy(), other.copy()
        fixed[0][0] = fixed[1][0] = 0.0
        others = offer(exchange(*fixed, bends), fixed[0], rest)
        possible = utility(fixed[0], felt(others, bends.own)) >= rest - 1e-9
        worth = utility(fixed[1], felt(others, bends.other)) + other[0] * given
        worths.append(np.where(possible, worth, -np.inf))
    found = utility(other, felt(package, bends.other))
    np.testing.assert_allclose(found, np.max(worths, axis=0), atol=1e-9)
    left = utility(own, felt(package, bends.own)) - floor  # if all others are given in full
    assert (left > -1e-9).all()
    assert (left < 1e-9).sum() > 30
    own_best, feasible = best_given(trades, own, other, found, levels)
    assert feasible.all()
    assert (own_best >= floor + left - 1e-9).all()
    np.testing.assert_allclose(own_best[left < 1e-9], floor[left < 1e-9], atol=1e-9)
