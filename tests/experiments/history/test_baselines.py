"""The simple processes start where history stands and move as they were fitted."""

import numpy as np
import pytest

from experiments.history import record
from experiments.history.baselines import BASELINES, Excitation, fitted, steps
from experiments.history.compromise import contents, mean_voter, predicted
from experiments.history.patterns import MOVE
from experiments.history.scoring import left_out
from experiments.statistics import keyed_generator

ALL = np.ones(record.WEEKS, dtype=bool)


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("origin", [0, 52])
def test_paths_start_at_history_and_repeat(name: str, origin: int) -> None:
    known = left_out(origin)
    one, two = (
        BASELINES[name](known, origin, 30, 50, keyed_generator("baseline test", 1))
        for _ in range(2)
    )
    assert one.shape == (31, 2, 50)
    assert (one[0] == record.totals()[origin][:, None]).all()
    assert (one >= 0.0).all()
    assert np.array_equal(one, two)


def test_persistence_stays() -> None:
    paths = BASELINES["persistence"](ALL, 40, 10, 3, keyed_generator("baseline test", 1))
    assert np.ptp(paths, axis=0).max() == 0.0


def test_the_random_walk_drifts_as_its_steps_do() -> None:
    paths = BASELINES["random walk"](ALL, 0, 100, 4000, keyed_generator("baseline test", 1))
    drift = (paths[-1] - paths[0]).mean(axis=1)
    assert drift == pytest.approx(100 * steps().mean(axis=0), rel=0.1)


def test_sides_move_together_in_the_walk_and_apart_in_poisson() -> None:
    def together(name: str) -> float:
        paths = BASELINES[name](ALL, 0, 60, 3000, keyed_generator("baseline test", 1))
        moved = np.abs(np.diff(paths, axis=0)) >= 0.5
        return float(moved.all(axis=1).mean() / moved.any(axis=1).mean())

    assert together("random walk") > 0.3
    assert together("Poisson") < 0.1


def test_the_year_after_is_left_out() -> None:
    known = left_out(26)
    assert known[:26].all()
    assert not known[26:78].any()
    assert known[78:].all()


def test_the_fit_finds_the_answer_of_the_same_week() -> None:
    fit = fitted(ALL)
    assert isinstance(fit, Excitation)
    assert fit.base[0] == pytest.approx(-np.log(1 - 6 / 111), rel=0.05)  # six moves in 111 weeks
    assert fit.at_once > 0.5  # five of six were answered in the same week


def test_without_moves_a_side_may_still_move() -> None:
    quiet = np.arange(record.WEEKS) < 20
    fit = fitted(quiet)
    assert fit.base[0] == pytest.approx(0.5 / 21, rel=1e-3)


def test_the_compromise_is_a_mean() -> None:
    found = mean_voter(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 3.0]]))
    assert found.tolist() == [0.5, 0.75]
    assert ((predicted() >= 0.0) & (predicted() <= 1.0)).all()


def test_contents_compare_by_one_score() -> None:
    held = record.table("positions")["phase_one"].to_numpy()
    perfect = np.repeat(held[:, None], 5, axis=1)
    perfect = np.concatenate([perfect, np.full((len(held), 2), np.nan)], axis=1)
    found = contents(perfect)
    assert found["crps_model"].to_numpy() == pytest.approx(np.zeros(len(held)))
    assert found["crps_middle"].to_numpy() == pytest.approx(np.abs(held - 0.5))
    with pytest.raises(ValueError, match="nothing to compare"):
        contents(np.full((len(held), 3), np.nan))


@pytest.mark.parametrize("name", ["Poisson", "tit-for-tat"])
def test_a_side_that_never_moved_moves_by_the_least_that_counts(name: str) -> None:
    quiet = np.arange(record.WEEKS) < 20
    assert not (np.abs(steps()[quiet]) >= MOVE).any()
    paths = BASELINES[name](quiet, 0, 100, 200, keyed_generator("baseline test", 1))
    moved = np.abs(np.diff(paths, axis=0))
    assert 0.0 < (moved > 0.0).mean() < 0.5
    assert moved[moved > 0.0] == pytest.approx(MOVE)
