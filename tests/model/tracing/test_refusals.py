"""What cannot be recorded is refused with its line, and NumPy runs the weeks."""

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from agents import roster
from agents.conduct import Conduct
from agents.script import Moves, Script
from experiments.engine import build, simulate
from experiments.engines import EngineError
from model.schema.scenario import load_scenario
from model.tracing import programs
from tests.bits import unequal
from tests.model.tracing import refused

SETTING = load_scenario("three_advisers", {"time.horizon": 12})


@pytest.fixture
def adviser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let all advisers be of another class."""
    monkeypatch.setitem(roster.KINDS, "adviser", request.param)
    yield request.param
    refused.Remembers.hidden.clear()


@pytest.mark.parametrize("adviser", refused.MARKED, indirect=True, ids=lambda c: c.__name__)
def test_a_rule_is_refused_with_its_line(adviser: Any) -> None:
    run = simulate(SETTING, 6)
    assert run.engine == "numpy"
    lines, start = inspect.getsourcelines(adviser)
    line = start + next(n for n, text in enumerate(lines) if text.rstrip().endswith("# here"))
    assert refused.MARKED[adviser] in run.reason
    assert f"tests/model/tracing/refused.py, line {line}" in run.reason
    with pytest.raises(EngineError, match="cannot be recorded"):
        simulate(SETTING, 6, engine="traced")


@pytest.mark.parametrize("adviser", refused.UNMARKED, indirect=True, ids=lambda c: c.__name__)
def test_what_python_remembers_is_noticed(adviser: Any) -> None:
    run = simulate(SETTING, 6)
    assert run.engine == "numpy"
    assert refused.UNMARKED[adviser] in run.reason


@pytest.mark.parametrize("adviser", [refused.Contrary], indirect=True)
def test_an_agent_of_ones_own_is_recorded(adviser: Any) -> None:
    traced, stepped = (
        simulate(SETTING, 60, record="opinion", engine=e) for e in ("traced", "numpy")
    )
    assert not unequal(traced, stepped, 1e-9)


class Greedy(Conduct):
    """Ask for more than the model would."""

    def offer(self, seat: Any, package: Any) -> Any:
        return np.minimum(package * 0.9, 1.0)


def test_seats_are_played_by_numpy() -> None:
    setting = load_scenario("classroom", {"time.horizon": 20})
    side = next(iter(setting.sides))
    for conduct in (Greedy(), Script({3: Moves(accept=True)})):
        auto = simulate(setting, 5, record="everything", seats={side: conduct})
        stepped = simulate(setting, 5, record="everything", seats={side: conduct}, engine="numpy")
        assert auto.engine == "numpy"
        assert "sits in a seat" in auto.reason
        assert not unequal(auto, stepped)
        with pytest.raises(EngineError, match="asked week by week"):
            simulate(setting, 5, seats={side: conduct}, engine="traced")


def test_a_seat_in_which_the_model_moves_is_recorded() -> None:
    setting = load_scenario("classroom", {"time.horizon": 20})
    side = next(iter(setting.sides))
    for conduct in (Conduct(), Script({})):
        run = simulate(setting, 5, seats={side: conduct}, engine="traced")
        assert run.engine == "traced"


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(EngineError, match="auto, numpy, traced"):
        simulate(SETTING, 2, engine="fast")


def test_a_week_that_has_begun_has_no_program() -> None:
    talks = build(SETTING, 2)
    talks.open_week()
    with pytest.raises(programs.NoProgram, match="has begun"):
        programs.program_of(talks)
