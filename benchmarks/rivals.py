"""Compare Winset with other simulations of talks: plain Mesa and a NegMAS session."""

import importlib
import importlib.util
from collections.abc import Iterator
from functools import partial
from statistics import median

import numpy as np

from benchmarks.clock import Work, by_turns, ratio
from benchmarks.plain_mesa import Bargainer, Talks
from benchmarks.table import Row, show
from experiments.engine import simulate
from model.schema.scenario import Scenario, load_scenario

SCENARIO = "classroom"
WIDTHS = (1, 100, 3000)
MESA = 0  # key of plain Mesa among the widths
MESA_WORLDS = 50
REPEATS = 5
LEVELS = 11  # of each issue in NegMAS, which needs discrete issues to enumerate outcomes


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure plain Mesa, Winset and, if it is installed, NegMAS."""
    setting = load_scenario(SCENARIO)
    check_agreement(setting)
    yield f"Comparisons, {SCENARIO}, {setting.time.horizon} weeks, CPU time"
    works: dict[int, Work] = {width: partial(simulate, setting, width) for width in WIDTHS}
    spent = by_turns(
        {MESA: lambda: [run_mesa(setting) for _ in range(MESA_WORLDS)], **works}, REPEATS
    )
    plain = median(spent[MESA])
    yield Row("plain Mesa, one world at a time", MESA_WORLDS / plain, "worlds/s")
    for width in WIDTHS:
        times = ratio(spent[MESA], spent[width]) * width / MESA_WORLDS
        yield Row(f"Winset, {width:,} at once, compared with Mesa", times, "times the rate")
    if importlib.util.find_spec("negmas") is None:
        yield Row("NegMAS, a session of two (pip install negmas)", None, "not installed")
    else:
        sessions = by_turns({"session": session(setting)}, REPEATS)["session"]
        yield Row("NegMAS, two aspiration agents, other rules", 1 / median(sessions), "sessions/s")


def check_agreement(setting: Scenario) -> None:
    """Check that both make the same deal in the same week. Raises AssertionError if not."""
    talks, row = run_mesa(setting), simulate(setting, 2).outcomes.iloc[0]
    assert talks.agreement is not None
    assert talks.agreed_in == row["agreement_week"]
    agreed = [row[f"agreed_{issue}"] for issue in setting.issues]
    np.testing.assert_allclose(agreed, talks.agreement, atol=1e-9)


def run_mesa(setting: Scenario) -> Talks:
    """Return one world of plain Mesa, simulated to its horizon."""
    talks = Talks(setting)
    for _ in range(setting.time.horizon):
        talks.step()
    return talks


def session(setting: Scenario) -> Work:
    """Return a function that runs a NegMAS session with the same values and deadline."""
    negmas = importlib.import_module("negmas")
    affine = importlib.import_module("negmas.preferences.value_fun").AffineFun
    values = [[float(v) for v in leader.gains] for leader in _leaders(setting)]

    def once() -> object:
        issues = [negmas.make_issue(LEVELS, key) for key in setting.issues]
        mechanism = negmas.SAOMechanism(issues=issues, n_steps=setting.time.horizon)
        for gains in values:
            worth = negmas.LinearUtilityAggregationFunction(
                values=[affine(gain / (LEVELS - 1)) for gain in gains],
                issues=issues,
                reserved_value=0.0,
            )
            mechanism.add(negmas.sao.AspirationNegotiator(), ufun=worth)
        return mechanism.run()  # to the deadline at most

    return once


def _leaders(setting: Scenario) -> list[Bargainer]:
    first = Talks(setting).turn
    return [first, first.other]


if __name__ == "__main__":
    main()
