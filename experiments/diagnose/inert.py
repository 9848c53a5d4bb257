"""Find inert numbers: numbers of a scenario that change no outcome in their whole range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from experiments.arms import Arm, run_arms, same_outcomes
from experiments.engine import Progress, simulate
from experiments.engines import NUMPY
from model.schema.declarations import Declaration
from model.schema.mechanisms import neutral
from model.schema.scenario import Scenario
from model.schema.second_edition import with_values

SCREENED = 8  # worlds in which every number is tried
SUSPECTED = 100  # worlds, at most, in which those are tried that changed nothing there
BUILT_IN_WEEKS = (4, 26)  # weeks in which numbers of the economy are tried, in runs of their own
HORIZON = "time.horizon"
HOME = {"ratification.group_threshold": (0.0, 0.5), "ratification.quota": (0.5, 0.9)}


@dataclass(frozen=True)
class Inert:
    """The numbers that change no outcome column, and how many numbers were tried."""

    names: tuple[str, ...]
    tried: int


def inert(setting: Scenario, worlds: int, seed: int = 1, progress: Progress | None = None) -> Inert:
    """Return the numbers that change no outcome at either end of their range.

    Each number is moved to its lowest and to its highest value, alone and in the same few worlds.
    Numbers that change nothing there are tried again in more worlds (at most `worlds`), because
    some mechanisms are rare. Numbers that a mechanism switches off are left out.
    """
    off = neutral(setting.off, list(setting.sides))
    numbers = [one for name, one in setting.parameters().items() if name not in off]
    free = [one for one in numbers if not one.built_in]
    suspects = _unmoved(setting, free, min(SCREENED, worlds), seed, progress)
    if worlds > SCREENED:
        suspects = _unmoved(setting, suspects, min(SUSPECTED, worlds), seed, progress)
    built_in = [one for one in numbers if one.built_in]
    suspects += _unmoved_built_in(setting, built_in, min(SCREENED, worlds), seed)
    return Inert(tuple(one.name for one in suspects), len(numbers))


def work(setting: Scenario, worlds: int) -> int:
    """Return about how many world-weeks that takes, for its progress."""
    free = [one for one in setting.parameters().values() if not one.built_in]
    return 2 * len(free) * min(SCREENED, worlds) * setting.time.horizon


def changed_worlds(
    setting: Scenario, values: Mapping[str, Sequence[float]], worlds: int, seed: int = 1
) -> "pd.Series[bool]":
    """Return for each world whether any of these values of a number changes an outcome."""
    arms: list[Arm] = [{}, *({name: value} for name, ends in values.items() for value in ends)]
    base, *others = run_arms(setting, arms, worlds, seed)
    changed = ~same_outcomes(base, base)
    for other in others:
        changed |= ~same_outcomes(base, other)
    return changed


def ends(number: Declaration) -> list[float]:
    """Return the ends of a number's range that differ from its value.

    A longer horizon has outcomes of other weeks, so that the horizon has only its lower end.
    """
    high = number.value if number.name == HORIZON else number.high
    return sorted({number.low, high} - {number.value})


def _unmoved(
    setting: Scenario,
    numbers: Sequence[Declaration],
    worlds: int,
    seed: int,
    progress: Progress | None,
) -> list[Declaration]:
    """Return the numbers that change no outcome in some worlds."""
    tried = [(number, end) for number in numbers for end in ends(number)]
    arms: list[Arm] = [{}, *({number.name: end} for number, end in tried)]
    tables = run_arms(setting, arms, worlds, seed, progress)
    base = next(tables)
    moved = {
        number.name
        for (number, _), table in zip(tried, tables, strict=True)
        if not same_outcomes(base, table).all()
    }
    return [number for number in numbers if number.name not in moved]


def _unmoved_built_in(
    setting: Scenario, numbers: Sequence[Declaration], worlds: int, seed: int
) -> list[Declaration]:
    """Return the numbers of the economy that change no outcome; they cannot differ by world."""
    suspects = list(numbers)
    for most in BUILT_IN_WEEKS:
        weeks = min(most, setting.time.horizon)
        base = _outcomes(setting, {HORIZON: weeks}, worlds, seed)
        suspects = [
            number
            for number in suspects
            if all(
                same_outcomes(base, _outcomes(setting, values, worlds, seed)).all()
                for values in ({HORIZON: weeks, number.name: end} for end in ends(number))
            )
        ]
    return suspects


def _outcomes(
    setting: Scenario, values: Mapping[str, float], worlds: int, seed: int
) -> pd.DataFrame:
    return simulate(with_values(setting, values), worlds, seed, engine=NUMPY).outcomes
