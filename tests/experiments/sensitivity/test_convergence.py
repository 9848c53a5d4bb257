"""Convergence: intervals narrow as they should, and what would be enough is enough."""

import numpy as np
import pandas as pd
import pytest

from experiments.measures import column, share
from experiments.sensitivity.convergence import convergence, enough, index_convergence, needed
from experiments.sensitivity.designs import sobol
from experiments.statistics import keyed_generator, wilson
from model.arrays import Array
from tests.experiments.closed_forms import angles, ishigami, worlds

MEASURES = {
    "truce": share("Truce at the end", "truce"),
    "weeks": column("Weeks to a deal", "weeks", "agreement_week"),
    "absent": column("Never there", "weeks", "absent"),
}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = keyed_generator("test of convergence", 1)
    found = pd.DataFrame({"outcome": np.where(rng.random(1000) < 0.2, "truce", "stalemate")})
    found["agreement_week"] = np.where(rng.random(1000) < 0.5, rng.normal(50, 10, 1000), np.nan)
    return found.assign(absent=np.nan)


def test_widths_fall_with_the_root_of_the_number(table: pd.DataFrame) -> None:
    found = convergence(table, MEASURES)
    truce = found[found["measure"] == "truce"].set_index("worlds")
    assert truce.index.tolist() == [25, 50, 100, 200, 400, 800, 1000]
    half = truce["half"].to_dict()
    assert half[800] == pytest.approx(half[200] / 2, rel=0.15)
    counted = wilson(int((table["outcome"] == "truce").sum()), 1000)
    found_whole = truce[["estimate", "low", "high"]].to_numpy()[-1]
    assert found_whole == pytest.approx([100 * end for end in counted])
    assert set(found["measure"]) == {"truce", "weeks"}
    weeks = found[found["measure"] == "weeks"]
    assert weeks["worlds"].max() == int(table["agreement_week"].notna().sum())


def test_what_is_said_to_be_enough_is_enough(table: pd.DataFrame) -> None:
    found = enough(table, MEASURES, {"truce": 3.0})
    assert found.loc["truce", "wanted"] == 3.0
    assert bool(found.loc["truce", "enough"])
    strict = enough(table, MEASURES, {"truce": 1.0, "weeks": 0.1})
    assert not strict["enough"].any()
    assert (strict["needed"] > strict["worlds"]).all()
    assert "absent" not in strict.index


@pytest.mark.parametrize("half", [0.5, 2.0, 7.0])
def test_the_number_needed_is_the_least_that_does(half: float) -> None:
    values = np.repeat([100.0, 0.0], [50, 50])
    number = needed(values, "% of worlds", half)
    low, high = wilson(number // 2, number - number % 2)[1:]
    assert 50 * (high - low) == pytest.approx(half, rel=2 / number)


def test_means_need_as_many_as_the_formula_says() -> None:
    values: Array = keyed_generator("test of needed", 1).normal(0.0, 5.0, 4000)
    assert needed(values, "weeks", 0.5) == pytest.approx((1.96 * 5 / 0.5) ** 2, rel=0.05)
    assert needed(np.ones(5), "weeks", 0.0) == 1


def test_indices_converge() -> None:
    design = sobol(angles(), 256, 1)
    values = worlds(design, ishigami, replicates=4, chance=1.0)
    found = index_convergence(design, values, "total_free")
    assert sorted(set(found["samples"])) == [16, 32, 64, 128, 256]
    widest = found.groupby("samples")["half"].max()
    assert widest[256] < widest[64] < widest[16]
    assert len(found) == 5 * 3
