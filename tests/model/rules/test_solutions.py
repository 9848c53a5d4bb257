"""Solutions lie where their definitions say: by segments, by linear programmes, by their laws."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.arrays import Array
from model.rules.offers import exchange, ideal, offer, utility
from model.rules.solutions import (
    Frontier,
    egalitarian,
    frontier,
    kalai_smorodinsky,
    nash,
    pareto_gap,
    rubinstein,
    utilitarian,
    win_set,
)
from tests.model.table import contested, largest, values

Solution = Callable[[Frontier, Array], Array]
Worth = Callable[[Array | float], Array]
SOLUTIONS: dict[str, Solution] = {
    "nash": nash,
    "egalitarian": egalitarian,
    "kalai_smorodinsky": kalai_smorodinsky,
    "utilitarian": utilitarian,
}
EVERY = pytest.mark.parametrize("solution", SOLUTIONS.values(), ids=SOLUTIONS.keys())
ISSUES = pytest.mark.parametrize("issues", [1, 2, 3, 5, 8])
WORLDS = 20


def disagreement(own: Array, other: Array, seed: int) -> Array:
    """Return a point (2, R) inside the frontier: part of the way to a random point on it."""
    rng = np.random.default_rng(seed)
    lowest = np.minimum(own, 0.0).sum(axis=0)
    floor = lowest + rng.random(own.shape[1]) * np.abs(own).sum(axis=0)
    package = offer(exchange(own, other), own, floor)
    point = np.stack([utility(own, package), utility(other, package)])
    return point - rng.random((2, own.shape[1])) * 0.5


def programme(own: Array, other: Array, point: Array, unit: Array) -> float:
    """Return the largest t such that a package is worth `point` + t `unit` (2,) or more to both."""
    aim = np.array([1.0, *np.zeros(len(own))])
    limits = np.array([[-unit[0], *own], [-unit[1], *other]])
    return largest(aim, limits, point, [(None, None), *[(0.0, 1.0)] * len(own)])


def other_worth(corners: Frontier, world: int) -> Worth:
    """Return the frontier of one world as a function of the own worth, by numpy's interpolation."""
    own, other = corners.own[::-1, world], corners.other[::-1, world]
    return lambda worth: np.asarray(np.interp(worth, own, other))


def on_frontier(own: Array, other: Array, point: Array) -> None:
    """Assert that a point (2, R) lies on the Pareto frontier."""
    package = offer(exchange(own, other), own, point[0])
    np.testing.assert_allclose(utility(own, package), point[0], atol=1e-9)
    np.testing.assert_allclose(utility(other, package), point[1], atol=1e-9)


@ISSUES
def test_the_frontier_runs_from_ideal_to_ideal_through_efficient_corners(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    corners = frontier(own, other)
    np.testing.assert_allclose(corners.own[0], utility(own, ideal(own, other)), atol=1e-12)
    np.testing.assert_allclose(corners.own[-1], utility(own, ideal(other, own)), atol=1e-12)
    np.testing.assert_allclose(corners.other[-1], utility(other, ideal(other, own)), atol=1e-12)
    for corner in range(issues + 1):
        on_frontier(own, other, np.stack([corners.own[corner], corners.other[corner]]))


@ISSUES
def test_nash_has_the_largest_product_on_a_fine_walk(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    corners = frontier(own, other)
    product = np.prod(nash(corners, threat) - threat, axis=0)
    for world in range(WORLDS):
        low, high = threat[:, world]
        walk = np.linspace(max(low, corners.own[-1, world]), corners.own[0, world], 2001)
        products = (walk - low) * np.maximum(other_worth(corners, world)(walk) - high, 0.0)
        assert product[world] >= products.max() - 1e-12
        np.testing.assert_allclose(product[world], products.max(), rtol=1e-3)


@ISSUES
def test_no_package_improves_on_nash_at_its_own_rates(issues: int) -> None:
    # The logarithm of the product is concave: its best point is best by its own gradient too.
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    gains = nash(frontier(own, other), threat) - threat
    for world in range(WORLDS):
        rates = 1.0 / gains[:, world]
        aim = rates[0] * own[:, world] + rates[1] * other[:, world]
        limits = np.array([own[:, world], other[:, world]])
        best = largest(aim, limits, threat[:, world]) - (rates * threat[:, world]).sum()
        np.testing.assert_allclose(best, 2.0, atol=1e-8)


@ISSUES
def test_equal_gains_are_the_largest_equal_gains(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    corners = frontier(own, other)
    gains = egalitarian(corners, threat) - threat
    best = [programme(own[:, w], other[:, w], threat[:, w], np.ones(2)) for w in range(WORLDS)]
    np.testing.assert_allclose(gains.min(axis=0), best, atol=1e-9)
    np.testing.assert_allclose(pareto_gap(corners, threat), best, atol=1e-9)


@ISSUES
def test_kalai_smorodinsky_is_the_largest_equal_share_of_the_ideal_gains(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    gains = kalai_smorodinsky(frontier(own, other), threat) - threat
    for world in range(WORLDS):
        a, b, d = own[:, world], other[:, world], threat[:, world]
        ideals = [largest(a, np.array([b]), d[1:]), largest(b, np.array([a]), d[:1])]
        unit = np.array(ideals) - d
        share = programme(a, b, d, unit)
        np.testing.assert_allclose(gains[:, world], share * unit, atol=1e-9)


@ISSUES
def test_utilitarian_is_the_largest_sum_that_both_prefer(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    point = utilitarian(frontier(own, other), threat)
    on_frontier(own, other, point)
    assert (point >= threat - 1e-12).all()
    for world in range(WORLDS):
        a, b = own[:, world], other[:, world]
        best = largest(a + b, np.array([a, b]), threat[:, world])
        np.testing.assert_allclose(point[:, world].sum(), best, atol=1e-9)


def test_of_equal_sums_the_utilitarian_takes_the_most_equal_gains() -> None:
    corners = frontier(np.ones((1, 2)), -np.ones((1, 2)))
    threat = np.array([[0.0, 0.6], [-1.0, -1.0]])
    np.testing.assert_allclose(
        utilitarian(corners, threat) - threat, [[0.5, 0.2], [0.5, 0.2]], atol=1e-12
    )


def test_equal_rates_on_all_issues_leave_the_utilitarian_indifferent() -> None:
    rates = np.random.default_rng(2).lognormal(-2.0, 0.8, (6, 500))
    corners = frontier(-rates, rates)
    threat = np.stack([corners.own[-1] * 0.9, corners.other[-1] * 0.3])
    np.testing.assert_allclose(
        utilitarian(corners, threat), egalitarian(corners, threat), atol=1e-9
    )


@ISSUES
def test_stationary_proposals_make_waiting_indifferent(issues: int) -> None:
    own, other = contested(issues, issues, WORLDS)
    threat = disagreement(own, other, issues)
    patience = np.random.default_rng(issues).uniform(0.3, 0.999, (2, WORLDS))
    corners = frontier(own, other)
    proposals = rubinstein(corners, threat, patience)
    first, second = proposals - threat
    for point in proposals:
        on_frontier(own, other, point)
    first_takes_all = np.abs(proposals[0, 0] - corners.own[0]) < 1e-12
    second_takes_all = np.abs(proposals[1, 1] - corners.other[-1]) < 1e-12
    np.testing.assert_allclose(
        np.where(first_takes_all, 0.0, first[1] - patience[1] * second[1]), 0.0, atol=1e-12
    )
    np.testing.assert_allclose(
        np.where(second_takes_all, 0.0, second[0] - patience[0] * first[0]), 0.0, atol=1e-12
    )
    assert (first[1] >= patience[1] * second[1] - 1e-12).all()
    assert (second[0] >= patience[0] * first[0] - 1e-12).all()


@given(values(), st.floats(0.0, 0.95), st.floats(0.0, 0.95), st.floats(0.0, 1.0))
def test_stationary_proposals_are_where_best_answers_settle(
    sides: tuple[Array, Array], hurry: float, haste: float, depth: float
) -> None:
    own, other = sides
    corners = frontier(own, other)
    threat = np.stack([corners.own[-1], corners.other[0]]) - depth
    proposals = rubinstein(corners, threat, np.array([[hurry] * 2, [haste] * 2]))
    for world in range(2):
        low, high = threat[:, world]
        left = other_worth(corners, world)
        kept = other_worth(Frontier(corners.other[::-1], corners.own[::-1]), world)
        asked = float(corners.own[0, world])
        for _ in range(600):  # 0.95^1200 is nothing
            answer = float(left(low + hurry * (asked - low)))
            asked = float(kept(high + haste * (answer - high)))
        np.testing.assert_allclose(proposals[0, 0, world], asked, atol=1e-9)
        np.testing.assert_allclose(proposals[1, 1, world], answer, atol=1e-9)


def test_the_wholly_patient_propose_the_nash_point() -> None:
    corners = frontier(*contested(3, 4, WORLDS))
    threat = np.stack([corners.own[-1], corners.other[0]])
    proposals = rubinstein(corners, threat, np.ones((2, WORLDS)))
    np.testing.assert_array_equal(proposals[0], nash(corners, threat))
    np.testing.assert_array_equal(proposals[1], nash(corners, threat))


@EVERY
@given(sides=values(), depth=st.floats(0.0, 1.0))
def test_swapping_the_sides_mirrors_the_point(
    solution: Solution, sides: tuple[Array, Array], depth: float
) -> None:
    own, other = sides
    corners = frontier(own, other)
    threat = np.stack([corners.own[-1], corners.other[0]]) - depth
    mirrored = solution(frontier(other, own), threat[::-1])
    np.testing.assert_allclose(mirrored[::-1], solution(corners, threat), atol=1e-9)


@EVERY
@given(sides=values(), depth=st.floats(0.0, 1.0))
def test_a_solution_is_efficient_and_no_worse_than_disagreement(
    solution: Solution, sides: tuple[Array, Array], depth: float
) -> None:
    own, other = sides
    corners = frontier(own, other)
    threat = np.stack([corners.own[-1], corners.other[0]]) - depth
    point = solution(corners, threat)
    assert (point >= threat - 1e-12).all()
    assert (pareto_gap(corners, point) < 1e-9).all()
    on_frontier(own, other, point)


@pytest.mark.parametrize("solution", [nash, kalai_smorodinsky])
def test_the_scale_of_a_side_does_not_matter(solution: Solution) -> None:
    own, other = contested(5, 4, WORLDS)
    threat = disagreement(own, other, 5)
    plain = solution(frontier(own, other), threat)
    scale = np.array([[3.0], [0.5]])
    scaled = solution(frontier(3.0 * own, 0.5 * other), scale * threat)
    np.testing.assert_allclose(scaled, scale * plain, atol=1e-9)


@EVERY
def test_no_point_is_given_where_none_is_good_for_both(solution: Solution) -> None:
    corners = frontier(np.ones((1, 4)), -np.ones((1, 4)))
    threat = np.array([[0.6, 1.1, 0.0, 0.5], [-0.5, -1.0, 0.1, -0.5]])
    point = solution(corners, threat)
    assert np.isnan(point[:, :3]).all()
    np.testing.assert_allclose(point[:, 3], [0.5, -0.5], atol=1e-12)
    assert np.isnan(rubinstein(corners, threat, np.full((2, 4), 0.9))[..., :3]).all()


def test_win_sets_overlap_between_the_two_floors() -> None:
    corners = frontier(np.ones((1, 2)), -np.ones((1, 2)))
    part = win_set(corners, np.array([[0.2, 0.8], [-0.6, -0.6]]))
    np.testing.assert_allclose(part.own[:, 0], [0.6, 0.2], atol=1e-12)
    np.testing.assert_allclose(part.other[:, 0], [-0.6, -0.2], atol=1e-12)
    assert np.isnan(part.own[:, 1]).all()


@given(values(), st.floats(0.0, 1.0), st.floats(0.0, 0.5))
def test_the_pareto_gap_is_what_was_taken_from_both(
    sides: tuple[Array, Array], along: float, taken: float
) -> None:
    corners = frontier(*sides)
    own = corners.own[-1] + along * (corners.own[0] - corners.own[-1])
    other = np.array([other_worth(corners, w)(own[w]) for w in range(2)])
    point = np.stack([own, other])
    np.testing.assert_allclose(pareto_gap(corners, point - taken), taken, atol=1e-9)
    np.testing.assert_array_equal(pareto_gap(corners, point + 0.1), 0.0)


@pytest.mark.parametrize("issues", [1, 8, 10])
def test_a_world_does_not_depend_on_its_neighbours(issues: int) -> None:
    own, other = contested(issues, issues, 1000)
    threat = disagreement(own, other, issues)
    patience = np.random.default_rng(issues).uniform(0.5, 1.0, (2, 1000))

    def everything(columns: slice) -> list[Array]:
        corners = frontier(own[:, columns].copy(), other[:, columns].copy())
        d, p = threat[:, columns].copy(), patience[:, columns].copy()
        points = [rule(corners, d) for rule in (*SOLUTIONS.values(), pareto_gap)]
        return [*corners, *win_set(corners, d), *points, rubinstein(corners, d, p)]

    whole = everything(np.s_[:])
    for first in (0, 431, 998):
        for part, all_worlds in zip(everything(np.s_[first : first + 2]), whole, strict=True):
            assert part.flags.c_contiguous
            np.testing.assert_array_equal(part, all_worlds[..., first : first + 2])


def test_who_never_tires_gets_all_from_one_who_does() -> None:
    pie = Frontier(np.array([[1.0] * 3, [0.0] * 3]), np.array([[0.0] * 3, [1.0] * 3]))
    patience = np.array([[1.0, 0.5, 1.0], [0.5, 1.0, 1.0]])
    proposals = rubinstein(pie, np.zeros((2, 3)), patience)
    np.testing.assert_allclose(proposals[:, 0], [[1.0, 0.0, 0.5]] * 2, atol=1e-12)
    np.testing.assert_allclose(proposals[:, 1], [[0.0, 1.0, 0.5]] * 2, atol=1e-12)


def test_a_trace_below_no_gain_is_no_gain() -> None:
    own, other = np.array([[-0.3] * 2, [0.1] * 2]), np.array([[0.3] * 2, [-0.1] * 2])
    corners = frontier(own, other)
    point = np.array([[0.1] * 2, [np.nextafter(-0.1, 0.0)] * 2])  # rounding leaves no room at all
    found = rubinstein(corners, point, np.zeros((2, 2)))
    np.testing.assert_allclose(found, np.array([[[0.1] * 2, [-0.1] * 2]] * 2), atol=1e-12)
