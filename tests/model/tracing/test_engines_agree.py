"""Both engines give the same worlds: equal words, and numbers equal to 1e-9."""

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from experiments.engine import Run, build, finish, fork, simulate
from experiments.engines import advance
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.rules.ratification import MODES
from model.schema.mechanisms import MECHANISMS
from model.schema.reading import list_scenarios
from model.schema.scenario import Scenario, load_scenario
from model.tracing import machine, programs
from tests.bits import unequal, unequal_states
from tests.model.test_conservation import FREE, changes
from tests.model.tracing.evaluator import Evaluator

WITHIN = 1e-9
BUSY: dict[str, Any] = {"time.horizon": 26, "talks.window": 6.0, "talks.rate": 0.9}


def both(name: str, overrides: dict[str, Any], worlds: int = 12, **more: Any) -> tuple[Run, Run]:
    """Return the same worlds by both engines."""
    setting = load_scenario(name, overrides)
    traced = simulate(setting, worlds, record="everything", engine="traced", **more)
    stepped = simulate(setting, worlds, record="everything", engine="numpy", **more)
    assert (traced.engine, stepped.engine) == ("traced", "numpy")
    return traced, stepped


@pytest.mark.parametrize("name", list_scenarios())
def test_on_every_scenario(name: str) -> None:
    assert not unequal(*both(name, {}), WITHIN)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_without_a_mechanism(mechanism: str) -> None:
    assert not unequal(*both("february_2025", BUSY | {"off": [mechanism]}), WITHIN)


@pytest.mark.parametrize("rule", OFFERING)
def test_by_every_offering_rule(rule: str) -> None:
    rules = {"sides.US.offering": rule, "sides.CN.offering": rule}
    assert not unequal(*both("february_2025", BUSY | rules), WITHIN)


@pytest.mark.parametrize("rule", ACCEPTANCE)
def test_by_every_acceptance_rule(rule: str) -> None:
    rules = {"sides.US.acceptance": rule, "sides.CN.acceptance": rule}
    assert not unequal(*both("february_2025", BUSY | rules), WITHIN)


@pytest.mark.parametrize("mode", MODES)
def test_by_every_mode_of_ratification(mode: str) -> None:
    modes = {"sides.US.ratification": mode, "sides.CN.ratification": mode}
    assert not unequal(*both("february_2025", BUSY | modes), WITHIN)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(changes())
def test_whatever_the_numbers(drawn: dict[str, float]) -> None:
    # all numbers are swept, so that one program serves all examples
    numbers = {number.name: float(number.value) for number in FREE} | drawn
    sweep = {name: np.full(6, value) for name, value in numbers.items()}
    assert not unequal(*both("february_2025", {"time.horizon": 20}, 6, sweep=sweep), WITHIN)


def test_where_worlds_end_at_different_weeks() -> None:
    horizons = np.resize([4, 6, 26, 9, 5, 17, 4], 40)
    sweep = {"time.horizon": horizons}
    assert not unequal(*both("february_2025", BUSY, 40, sweep=sweep), WITHIN)
    stop = BUSY | {"time.stop_at_agreement": True}
    assert not unequal(*both("february_2025", stop, 40), WITHIN)


def test_forks_and_weeks_that_have_begun() -> None:
    setting = load_scenario("february_2025", BUSY)
    for begun in (False, True):
        talks = build(setting, 3, seed=4)
        for _ in range(5):
            talks.step()
        if begun:
            talks.open_week()
        tables = [
            finish(fork(talks, 20, 1), "everything", engine=engine)
            for engine in ("traced", "numpy")
        ]
        runs = [Run(setting, 4, table, weeks) for table, weeks in tables]
        assert not unequal(runs[0], runs[1], WITHIN)


def test_some_weeks_and_then_others() -> None:
    setting = load_scenario("february_2025", BUSY)
    whole, parts = build(setting, 5), build(setting, 5)
    advance(whole, engine="traced")
    seen: list[int] = []
    while parts.running:
        advance(parts, 7, "traced", lambda week, states, places: seen.append(week))
    assert seen == list(range(1, 27))
    assert whole.week == parts.week == 26
    assert not unequal_states(whole, parts)


@pytest.mark.parametrize("name", ["february_2025", "split_the_pie"])
def test_the_machine_does_what_the_operations_mean(name: str) -> None:
    talks = build(load_scenario(name, {"talks.rate": 0.9}), 9)
    program = programs.program_of(talks)
    ours, theirs = (machine.Block(program, talks, slice(0, 9)) for _ in range(2))
    for week in range(1, 9):
        ours.week(week)
        Evaluator(theirs, week).run()
        kept = slice(0, program.kept)
        assert np.allclose(ours.memory[kept], theirs.memory[kept], WITHIN, WITHIN, equal_nan=True)
        ours.end_week()
        theirs.end_week()


def test_where_a_parameter_changes() -> None:
    change = {
        "kind": "parameter", "title": "Talks speed up", "source": "for a test",
        "parameter": "talks.rate", "week": 6, "value": 0.9,
    }  # fmt: skip
    content = load_scenario("february_2025", BUSY | {"talks.rate": 0.2}).model_dump()
    content["events"].append(change)
    setting = Scenario.model_validate(content)
    traced, stepped = (
        simulate(setting, 20, record="everything", engine=engine) for engine in ("traced", "numpy")
    )
    assert not unequal(traced, stepped, WITHIN)
    talks = build(setting, 3)
    for _ in range(8):  # the parameter has changed before the fork
        talks.step()
    runs = [
        Run(setting, 1, *finish(fork(talks, 20), "everything", engine=engine))
        for engine in ("traced", "numpy")
    ]
    assert not unequal(runs[0], runs[1], WITHIN)
