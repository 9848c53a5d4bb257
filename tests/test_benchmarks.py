"""The benchmarks compare like with like, grow what they say, and say what they missed."""

import numpy as np
import pytest

from benchmarks import growth, rivals
from benchmarks.clock import by_turns, ratio
from benchmarks.table import WIDTHS, Row, at_least, at_most, show
from experiments.engine import simulate
from model.schema.scenario import load_scenario


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


class TestTable:
    """One table, with targets met or missed."""

    @pytest.mark.parametrize(
        ("row", "verdict"),
        [
            (Row("rate", 2000.0, "worlds/s", at_least(2000.0)), "met"),
            (Row("rate", 1999.0, "worlds/s", at_least(2000.0)), "MISSED"),
            (Row("time", 0.5, "s", at_most(0.5)), "met"),
            (Row("time", 0.51, "s", at_most(0.5)), "MISSED"),
            (Row("time", 0.51, "s"), ""),
            (Row("other", None, "not installed", at_most(0.5)), ""),
        ],
    )
    def test_verdicts(self, row: Row, verdict: str) -> None:
        assert row.verdict == verdict

    def test_is_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = Row("rate", 890.2, "worlds/s", at_least(2000.0))
        show(["A part", found, Row("x", None, "none")])
        lines = capsys.readouterr().out.splitlines()
        assert lines[3:] == [
            "A part",
            f"{'rate':<54}  >= 2,000       890  worlds/s       MISSED",
            f"{'x':<54}                   -  none",
            "",
            "1 of 1 targets are missed.",
        ]

    def test_fits_a_terminal(self) -> None:
        assert sum(WIDTHS) + len(WIDTHS) <= 100


class TestClock:
    """Works take turns, so that a slow moment of the machine falls on all."""

    def test_turns(self) -> None:
        done: list[str] = []
        works = {name: lambda name=name: done.append(name) for name in "ab"}
        seconds = by_turns(works, 2)
        assert "".join(done) == "ababab"
        assert {name: len(spent) for name, spent in seconds.items()} == {"a": 2, "b": 2}

    def test_ratio_is_within_a_round(self) -> None:
        assert ratio([3.0, 30.0, 3.0], [1.0, 10.0, 1.5]) == 3.0
