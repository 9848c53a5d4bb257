"""The benchmarks compare like with like, and grow what they say."""

import numpy as np
import pytest

from benchmarks import growth, rivals
from experiments.engine import simulate
from model.scenario import load_scenario


class TestPlainMesa:
    """The rendering in plain Mesa makes the same deal in the same week."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"talks.window": 20, "actors.north_leader.firmness": 0.9},
            {"talks.mirror": 0.8, "actors.south_adviser.firmness": 1.0},
            {"issues.standards.stakes.south_planners": -1.2},
        ],
    )
    def test_as_the_model(self, changes: dict[str, float]) -> None:
        rivals.agree(load_scenario("classroom", changes))

    def test_another_rule_would_be_noticed(self) -> None:
        setting = load_scenario("classroom", {"sides.north.offering": "linear"})
        with pytest.raises(AssertionError):
            rivals.agree(setting)


class TestGrowth:
    """Scenarios of a size that is asked for."""

    @pytest.mark.parametrize("name", ["weeks", "issues", "agents", "worlds"])
    def test_is_what_it_says(self, name: str) -> None:
        size = growth.LADDERS[name][1]
        setting, worlds = growth.sized(name, size)
        people = len(setting.actors) + len(setting.constituencies)
        found = {
            "weeks": setting.time.horizon,
            "issues": len(setting.issues),
            "agents": people,
            "worlds": worlds,
        }
        assert found[name] == size
        if name in ("issues", "agents"):
            assert len(simulate(setting, 2).outcomes) == 2

    def test_exponents(self) -> None:
        sizes = np.array([1, 2, 4, 8])
        assert growth.exponent(sizes.tolist(), (3.0 * sizes**0.5).tolist()) == pytest.approx(0.5)
