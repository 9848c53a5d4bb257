"""Benchmarks: the plain Mesa reference, scenario sizes, the table, and timing in turn."""

import numpy as np
import pytest

from benchmarks import browser, growth, rivals
from benchmarks.browser import Frame
from benchmarks.clock import by_turns, ratio
from benchmarks.table import WIDTHS, Row, at_least, at_most, show
from experiments.engine import simulate
from model.schema.scenario import load_scenario


class TestPlainMesa:
    """The plain Mesa reference makes the same deal in the same week."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"talks.window": 20, "actors.north_leader.firmness": 0.9},
            {"talks.mirror": 0.8, "actors.south_adviser.firmness": 1.0},
            {"issues.standards.stakes.south_planners": -1.2},
        ],
    )
    def test_agrees_with_the_model(self, changes: dict[str, float]) -> None:
        rivals.check_agreement(load_scenario("classroom", {"edition": 1} | changes))

    def test_a_different_rule_is_detected(self) -> None:
        setting = load_scenario("classroom", {"sides.north.offering": "linear"})
        with pytest.raises(AssertionError):
            rivals.check_agreement(setting)


class TestGrowth:
    """Scenarios of a given size."""

    @pytest.mark.parametrize("name", ["weeks", "issues", "agents", "worlds"])
    def test_scenarios_have_the_given_size(self, name: str) -> None:
        size = growth.LADDERS[name][1]
        setting, worlds = growth.scenario_of_size(name, size)
        people = len(setting.actors) + len(setting.constituencies)
        sizes = {
            "weeks": setting.time.horizon,
            "issues": len(setting.issues),
            "agents": people,
            "worlds": worlds,
        }
        assert sizes[name] == size
        if name in ("issues", "agents"):
            assert len(simulate(setting, 2).outcomes) == 2

    def test_exponents(self) -> None:
        sizes = np.array([1, 2, 4, 8])
        assert growth.exponent(sizes.tolist(), (3.0 * sizes**0.5).tolist()) == pytest.approx(0.5)


class TestTable:
    """The table with verdicts on targets."""

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

    def test_the_table_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        row = Row("rate", 890.2, "worlds/s", at_least(2000.0))
        show(["A part", row, Row("x", None, "none")])
        lines = capsys.readouterr().out.splitlines()
        assert lines[3:] == [
            "A part",
            f"{'rate':<54}  >= 2,000       890  worlds/s       MISSED",
            f"{'x':<54}                   -  none",
            "",
            "1 of 1 targets are missed.",
        ]

    def test_the_table_fits_a_terminal(self) -> None:
        assert sum(WIDTHS) + len(WIDTHS) <= 100


class TestClock:
    """Tasks are timed in turn."""

    def test_tasks_run_in_turn(self) -> None:
        done: list[str] = []
        works = {name: lambda name=name: done.append(name) for name in "ab"}
        seconds = by_turns(works, 2)
        assert "".join(done) == "ababab"
        assert {name: len(spent) for name, spent in seconds.items()} == {"a": 2, "b": 2}

    def test_ratios_are_taken_within_rounds(self) -> None:
        assert ratio([3.0, 30.0, 3.0], [1.0, 10.0, 1.5]) == 3.0


class TestFrames:
    """Pictures of the screen after a slider was released."""

    def test_names_say_when_a_picture_was_shown(self) -> None:
        seen = [
            Frame(12.5, b"new"),
            Frame(9.0, b"older"),
            Frame(9.5, b"before"),
            Frame(10.1, b"before"),  # nothing changed
            Frame(10.2, b"busy"),
            Frame(13.0, b"sweep"),
        ]
        assert browser.frame_names(seen, 10.0, 2.25) == {
            "slider_0000_ms_released.png": b"before",
            "slider_0200_ms.png": b"busy",
            "slider_2500_ms_new_shares.png": b"new",
            "slider_3000_ms.png": b"sweep",
        }
        assert browser.frame_names([], 10.0, 2.25) == {}
