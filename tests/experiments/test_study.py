"""A study: its pieces are plain jobs, its points differ by their numbers alone."""

import numpy as np
import pandas as pd
import pytest

from experiments.engine import simulate
from experiments.study import Arm, Study, one_arm, run_study
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario

POINTS = [{"talks.window": 6.0}, {"talks.window": 12.0}, {"talks.window": 24.0}]


def test_a_point_is_bit_for_bit_a_run_of_its_own(setting: Scenario) -> None:
    table = run_study(one_arm("windows", setting, POINTS, 7, seed=3))
    assert table.index.tolist() == list(range(21))
    for point, numbers in enumerate(POINTS):
        alone = simulate(setting, 7, 3, {"talks.window": np.full(7, numbers["talks.window"])})
        found = table[table["point"] == point]
        assert found["stream"].tolist() == list(range(7))
        pd.testing.assert_frame_equal(
            found[alone.outcomes.columns].reset_index(drop=True),
            alone.outcomes.reset_index(drop=True),
            check_exact=True,
        )


@pytest.mark.parametrize("width", [2, 5, 7, 8, 1000])
def test_pieces_cover_every_world_once_and_none_crosses_arms(setting: Scenario, width: int) -> None:
    other = load_scenario("classroom")
    points = pd.DataFrame({"arm": ["one", "one", "two"], "talks.window": [6.0, np.nan, 9.0]})
    study = Study("two", (Arm("one", setting), Arm("two", other)), points, 7)
    pieces = list(study.pieces(width))
    rows = [world for p in pieces for world in range(p.first, p.first + p.streams.size)]
    assert rows == list(range(study.size))
    assert max(piece.streams.size for piece in pieces) <= width
    for piece in pieces:
        arms = {
            "one" if world < 14 else "two"
            for world in range(piece.first, piece.first + piece.streams.size)
        }
        assert arms == {piece.arm.name}
        assert np.array_equal(
            piece.streams, np.arange(piece.first, piece.first + piece.streams.size) % 7
        )


def test_a_missing_number_is_the_arm_s_own(setting: Scenario) -> None:
    study = one_arm("some", setting, [{"talks.window": 6.0}, {"talks.window": np.nan}], 2)
    (piece,) = study.pieces()
    own = setting.parameters()["talks.window"].value
    assert piece.sweep["talks.window"].tolist() == [6.0, 6.0, own, own]


def test_all_that_is_wrong_is_told_at_once(setting: Scenario) -> None:
    points = [{"talks.windw": 6.0, "talks.rate": 0.2}, {"talks.windw": 6.0, "talks.rate": 7.0}]
    with pytest.raises(ScenarioError, match=r"talks\.window") as caught:
        one_arm("wrong", setting, points, 2)
    assert len(caught.value.problems) == 2
    with pytest.raises(ScenarioError, match="nothing to run"):
        one_arm("empty", setting, POINTS, 0)
    with pytest.raises(ScenarioError, match="must be one of here"):
        Study("arms", (Arm("here", setting),), pd.DataFrame({"arm": ["there"]}), 2)


def test_progress_counts_every_week_of_every_world(setting: Scenario) -> None:
    study = one_arm("windows", setting, POINTS, 5)
    simulated: list[int] = []
    run_study(study, simulated.append)
    assert sum(simulated) == study.weeks


def test_where_the_horizon_varies_a_piece_knows_the_last_week_of_its_arm(setting: Scenario) -> None:
    points = pd.DataFrame({"arm": ["one", "one", "two"], "time.horizon": [5.0, 12.0, np.nan]})
    study = Study("two", (Arm("one", setting), Arm("two", load_scenario("classroom"))), points, 3)
    last = [piece.last_week for piece in study.pieces()]
    assert last == [12, load_scenario("classroom").time.horizon]
