"""Draws are weighted by the packages that the sides accepted and refused."""

import numpy as np
import pandas as pd
import pytest

from experiments.engine import simulate
from experiments.history import record
from experiments.history.analogues import prior_points
from experiments.history.course import RECORD, accepts
from experiments.history.revealed import Revealed, answer_table, reveal, revealed_table, systematic
from experiments.history.worlds import setting
from model.schema.scenario import load_scenario
from model.state.state import DEAL

NAME = "issues.purchases.cost_factor"
CHINESE = ("purchases", "structural_reform", "investment_opening")  # issues of China


@pytest.fixture(scope="module")
def found() -> Revealed:
    """Return the weights of a few points of the prior."""
    return reveal(prior_points(12, 1), 6, 1)


def test_weights_are_likelihoods(found: Revealed) -> None:
    names = list(setting().record)
    likelihood = found.shares[names].prod(axis=1).to_numpy()
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.weights * likelihood.sum() == pytest.approx(likelihood)
    assert (likelihood > 0.0).all()  # a draw without worlds that count has the common share
    assert 1.0 <= found.effective <= len(found.draws)


def test_history_gives_its_own_answers() -> None:
    verdicts = dict(zip(setting().record, record.verdicts().tolist(), strict=True))
    assert verdicts["phase_one"] == [1.0, 1.0]
    assert verdicts["draft_2019"] == [1.0, 0.0]  # China struck out what it had offered
    assert verdicts["outline_2018"] == [0.0, 1.0]  # the American leader undid it


def test_a_package_that_is_worth_more_is_accepted_more_often() -> None:
    row = list(setting().record).index("phase_one")
    shares = []
    for factor in (0.1, 2.0):
        sweep = {f"issues.{name}.gain_factor": np.full(40, factor) for name in CHINESE}
        answers = accepts(simulate(setting(), 40, 1, sweep, record=RECORD))[row, 0]
        shares.append(np.nanmean(answers))
    assert shares[1] > shares[0] + 0.3


def test_a_package_after_the_horizon_has_no_answer() -> None:
    short = load_scenario(record.SCENARIO, {"time.horizon": 30})
    answers = accepts(simulate(short, 40, 1, record=RECORD))
    assert np.isnan(answers).all(axis=(1, 2)).tolist() == [False, True, True]


def test_worlds_in_another_state_give_no_answer() -> None:
    run = simulate(setting(), 40, 1, record=RECORD)
    assert run.weeks is not None
    for row, package in enumerate(setting().record.values()):
        at = run.weeks.sel(week=record.week_of(package.date))
        alike = at["phase"].to_numpy() != DEAL
        if package.threat_by:
            alike &= at["threat_kind"].sel(side="US").to_numpy() > 0.0
        assert (~np.isnan(accepts(run)[row]) == alike).all()
        assert alike.any()


def test_a_systematic_sample_is_in_proportion() -> None:
    weights = np.array([0.5, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    for seed in range(5):
        counts = np.bincount(systematic(weights, seed), minlength=10)
        assert counts.tolist() == [5, 3, 2, *[0] * 7]


def test_weighted_quantiles_follow_the_weights() -> None:
    draws = pd.DataFrame({NAME: [1.0, 2.0, 3.0, 4.0]})
    shares = pd.DataFrame(index=range(4))
    one = Revealed(draws, shares, np.array([0.0, 0.0, 0.0, 1.0]))
    assert one.quantiles(NAME)[1].tolist() == [4.0, 4.0, 4.0]
    table = revealed_table(one)
    assert table["middle"].tolist() == [2.5]
    assert table["weighted_middle"].tolist() == [4.0]


def test_the_table_of_answers_has_a_row_for_each_package(found: Revealed) -> None:
    table = answer_table(found)
    assert table["package"].tolist() == list(setting().record)
    shares = table.drop(columns="package")
    assert ((shares >= 0.0) & (shares <= 1.0)).all().all()
    assert (table["answers"] <= 1.0).all()
