"""Baselines start at the historical tariffs and move as fitted."""

import numpy as np
import pytest

from experiments.history import record
from experiments.history.baselines import BASELINES, Excitation, fit_excitation, steps
from experiments.history.compromise import contents, mean_voter, prediction
from experiments.history.patterns import MOVE
from experiments.history.scoring import training_weeks
from experiments.statistics import keyed_generator

ALL = np.ones(record.WEEKS, dtype=bool)


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("origin", [0, 52])
def test_paths_start_at_history_and_repeat(name: str, origin: int) -> None:
    known = training_weeks(origin)
    one, two = (
        BASELINES[name](known, origin, 30, 50, keyed_generator("baseline test", 1))
        for _ in range(2)
    )
    assert one.shape == (31, 2, 50)
    assert (one[0] == record.totals()[origin][:, None]).all()
    assert (one >= 0.0).all()
    assert np.array_equal(one, two)


def test_persistence_is_constant() -> None:
    paths = BASELINES["persistence"](ALL, 40, 10, 3, keyed_generator("baseline test", 1))
    assert np.ptp(paths, axis=0).max() == 0.0


def test_the_random_walk_has_the_mean_drift_of_its_steps() -> None:
    paths = BASELINES["random walk"](ALL, 0, 100, 4000, keyed_generator("baseline test", 1))
    drift = (paths[-1] - paths[0]).mean(axis=1)
    assert drift == pytest.approx(100 * steps().mean(axis=0), rel=0.1)


def test_sides_move_together_in_the_random_walk_but_independently_in_poisson() -> None:
    def share_together(name: str) -> float:
        paths = BASELINES[name](ALL, 0, 60, 3000, keyed_generator("baseline test", 1))
        moved = np.abs(np.diff(paths, axis=0)) >= 0.5
        return float(moved.all(axis=1).mean() / moved.any(axis=1).mean())

    assert share_together("random walk") > 0.3
    assert share_together("Poisson") < 0.1


def test_the_year_after_the_origin_is_not_used_for_training() -> None:
    known = training_weeks(26)
    assert known[:26].all()
    assert not known[26:78].any()
    assert known[78:].all()


def test_the_fit_includes_answers_in_the_same_week() -> None:
    fit = fit_excitation(ALL)
    assert isinstance(fit, Excitation)
    assert fit.base[0] == pytest.approx(-np.log(1 - 6 / 111), rel=0.05)  # six moves in 111 weeks
    assert fit.at_once > 0.5  # five of six were answered in the same week


def test_a_side_without_known_moves_has_a_positive_base_rate() -> None:
    quiet = np.arange(record.WEEKS) < 20
    fit = fit_excitation(quiet)
    assert fit.base[0] == pytest.approx(0.5 / 21, rel=1e-3)


def test_the_compromise_is_a_weighted_mean() -> None:
    result = mean_voter(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 3.0]]))
    assert result.tolist() == [0.5, 0.75]
    assert ((prediction() >= 0.0) & (prediction() <= 1.0)).all()


def test_contents_of_deals_are_compared_by_crps() -> None:
    actual = record.table("positions")["phase_one"].to_numpy()
    perfect = np.repeat(actual[:, None], 5, axis=1)
    perfect = np.concatenate([perfect, np.full((len(actual), 2), np.nan)], axis=1)
    result = contents(perfect)
    assert result["crps_model"].to_numpy() == pytest.approx(np.zeros(len(actual)))
    assert result["crps_middle"].to_numpy() == pytest.approx(np.abs(actual - 0.5))
    with pytest.raises(ValueError, match="nothing to compare"):
        contents(np.full((len(actual), 3), np.nan))


@pytest.mark.parametrize("name", ["Poisson", "tit-for-tat"])
def test_a_side_without_known_moves_moves_by_the_smallest_size(name: str) -> None:
    quiet = np.arange(record.WEEKS) < 20
    assert not (np.abs(steps()[quiet]) >= MOVE).any()
    paths = BASELINES[name](quiet, 0, 100, 200, keyed_generator("baseline test", 1))
    moved = np.abs(np.diff(paths, axis=0))
    assert 0.0 < (moved > 0.0).mean() < 0.5
    assert moved[moved > 0.0] == pytest.approx(MOVE)
