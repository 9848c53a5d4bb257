"""The measures of learning, and the gate: no side learns worse than it would by not learning."""

import numpy as np
import pytest

from experiments.learning_error import (
    Errors,
    Learning,
    asks_reservation,
    by_week,
    measure_learning,
    side_errors,
    summary,
)
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario
from tests.worlds import talks

WORLDS = 60
FEW = 20
KNOWN = {"classroom", "split_the_pie", "three_advisers"}  # nothing is private there


@pytest.fixture(scope="module")
def learning() -> Learning:
    """Return what is learned in few worlds of the talks of 2025."""
    return measure_learning("february_2025", FEW)


def estimates(errors: Errors, end: str = "estimate") -> dict[str, float]:
    """Return the measures by name, or an end of their intervals."""
    return {str(name): float(value) for name, value in summary(errors)[end].items()}


@pytest.mark.parametrize("name", list_scenarios())
def test_beliefs_are_at_least_as_good_as_the_prior(name: str) -> None:
    """The gate of every shipped scenario; a ratio of 1 is a belief that has learned nothing."""
    learning = measure_learning(name, WORLDS)
    found = estimates(learning.total())
    if name in KNOWN:
        ratios = ("log_error_ratio", "rmse_ratio", "outside_two_sd")
        assert all(np.isnan(found[ratio]) for ratio in ratios)
        assert found["rmse"] == found["prior_rmse"] == 0.0
        return
    assert found["log_error_ratio"] < 1.0
    assert found["rmse_ratio"] < 1.02  # of 60 worlds, in which reports may be rare
    assert 0.03 <= found["outside_two_sd"] <= 0.08
    assert asks_reservation(learning).estimate < 0.10


def test_the_first_edition_learned_worse_than_its_prior() -> None:
    learning = measure_learning(load_scenario("february_2025", {"edition": 1}), WORLDS)
    least = estimates(learning.total(), "low")
    assert least["log_error_ratio"] > 1.0
    assert least["rmse_ratio"] > 1.0
    assert least["outside_two_sd"] > 0.10
    assert asks_reservation(learning).low > 0.20


def test_intervals_enclose_their_estimates(learning: Learning) -> None:
    table = summary(learning.total())
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_a_belief_that_is_the_prior_has_a_ratio_of_one() -> None:
    errors = side_errors(talks().store, 0)
    found = estimates(errors)
    assert found["log_error_ratio"] == pytest.approx(1.0)
    assert found["rmse_ratio"] == pytest.approx(1.0)
    assert errors.issues.tolist() == [errors.issues[0]] * 3


def test_weeks_are_kept_if_wanted_and_end_at_the_end() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 12})
    learning = measure_learning(setting, 20, weekly=True)
    table, end = by_week(learning), estimates(learning.total())
    assert list(table.index) == list(range(1, 13))
    assert table["log_error_ratio"].iloc[-1] == pytest.approx(end["log_error_ratio"])
    assert not measure_learning(setting, 20).weekly


def test_offers_are_counted(learning: Learning) -> None:
    assert learning.offers.shape == (2, FEW)
    assert np.all(learning.at_reservation <= learning.offers)
    assert learning.offers.sum() > 100
