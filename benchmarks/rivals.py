"""Compares with other ways to simulate talks: one world at a time in Mesa, a session in NegMAS."""

import importlib
import importlib.util
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.plain_mesa import Bargainer, Talks
from experiments.engine import simulate
from model.scenario import Scenario, load_scenario

SCENARIO = "classroom"
WIDE = 3000
REPEATS = 5
LEVELS = 11  # of each issue in NegMAS, which wants discrete issues to enumerate outcomes


def main() -> None:
    """Print one table."""
    setting = load_scenario(SCENARIO)
    agree(setting)
    weeks = setting.time.horizon
    print(f"{SCENARIO}, {weeks} weeks, one core, median of {REPEATS} runs, CPU time")
    plain = rate(lambda: lived(setting), 1)
    print(f"  Mesa, one world at a time, plain numbers: {plain:>9,.0f} worlds a second")
    for width in (1, 100, WIDE):
        found = rate(lambda width=width: simulate(setting, width), width)  # type: ignore[misc]
        ratio = found / plain
        print(f"  Winset, R = {width:>5,}: {found:>9,.0f} worlds a second, {ratio:,.2f} times that")
    if importlib.util.find_spec("negmas") is None:
        print("  NegMAS: not installed here (AGPL; pip install negmas to compare)")
    else:
        session(setting)


def agree(setting: Scenario) -> None:
    """Hold that both make the same deal in the same week; raises AssertionError otherwise."""
    talks, row = lived(setting), simulate(setting, 2).outcomes.iloc[0]
    assert talks.agreement is not None
    assert talks.agreed_in == row["agreement_week"]
    agreed = [row[f"agreed_{issue}"] for issue in setting.issues]
    np.testing.assert_allclose(agreed, talks.agreement, atol=1e-9)


def lived(setting: Scenario) -> Talks:
    """Return one world of plain Mesa, lived to its horizon."""
    talks = Talks(setting)
    for _ in range(setting.time.horizon):
        talks.step()
    return talks


def rate(run: Callable[[], object], worlds: int) -> float:
    """Return worlds a second by CPU time."""
    run()
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        run()
        seconds.append(time.process_time() - begun)
    return worlds / median(seconds)


def session(setting: Scenario) -> None:
    """Print how long a bilateral session with the same values and deadline takes in NegMAS."""
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
        return mechanism.run()  # as far as the deadline

    found = rate(once, 1)
    print(
        f"  NegMAS, a session of two aspiration negotiators, {LEVELS} levels an issue: "
        f"{found:>9,.0f} sessions a second (bargaining alone, other rules)"
    )


def _leaders(setting: Scenario) -> list[Bargainer]:
    first = Talks(setting).turn
    return [first, first.other]


if __name__ == "__main__":
    main()
