"""Arms of one run equal runs of their own."""

import pandas as pd
import pytest

from experiments import arms
from experiments.arms import run_arms, same_outcomes
from experiments.engine import simulate
from model.schema.scenario import load_scenario

SETTING = load_scenario("february_2025", {"time.horizon": 20})
ARMS = [{}, {"talks.rate": 0.9}, {"talks.window": 8.0, "trust.memory": 0.98}]


@pytest.mark.parametrize("chunk", [6000, 10])
def test_an_arm_is_a_run_with_its_numbers(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arms, "CHUNK", chunk)
    tables = list(run_arms(SETTING, ARMS, 6, 2))
    for numbers, table in zip(ARMS, tables, strict=True):
        own = simulate(load_scenario("february_2025", {"time.horizon": 20, **numbers}), 6, 2)
        pd.testing.assert_frame_equal(table, own.outcomes.reset_index(drop=True), check_names=False)


def test_a_mechanism_that_is_off_stays_off() -> None:
    quiet = load_scenario("february_2025", {"time.horizon": 10, "off": ["threats"]})
    base, other = run_arms(quiet, [{}, {"coercion.hazard": 0.9}], 4)
    assert same_outcomes(base, other).all()


def test_missing_values_are_equal() -> None:
    one = pd.DataFrame({"a": [1.0, float("nan"), 2.0]})
    other = pd.DataFrame({"a": [1.0, float("nan"), 3.0]})
    assert same_outcomes(one, other).tolist() == [True, True, False]
