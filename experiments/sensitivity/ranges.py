"""The parameters that a design varies and their ranges, checked before any work."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from model.schema.declarations import Declaration
from model.schema.mechanisms import neutral
from model.schema.problems import Problem, ScenarioError, did_you_mean
from model.schema.scenario import Scenario

COMMAND_LINE = "the command line"
DECLARED = "declared range"
GIVEN = "range as given"

type Bounds = tuple[float, float]


@dataclass(frozen=True)
class ParameterRange:
    """One parameter that a design varies: its dotted name, its range, and the reason for it."""

    name: str
    low: float
    high: float
    integer: bool
    why: str


class Prior(NamedTuple):
    """A default range: the value of the scenario times, or plus, these two; and the reason."""

    name: str  # {side} stands for each side
    how: str  # "times" or "plus"
    low: float
    high: float
    why: str


SWEEP = "as in the sweep of the main job"
TWICE = "assumption: half to double"
PRIORS = (  # changed an outcome in a screening of all numbers (Morris), or much disputed
    Prior("values.cost_scale", "times", 0.8, 1.2, f"decides much; {SWEEP}"),
    Prior("talks.window", "times", 0.5, 2.0, f"decides much; {SWEEP}"),
    Prior("talks.rate", "times", 0.6, 1.6, f"decides much; {SWEEP}"),
    Prior("sides.{side}.kappa", "times", 0.5, 2.0, TWICE),
    Prior("sides.{side}.threshold", "plus", -0.05, 0.05, "assumption: half its spread either way"),
    Prior("sides.{side}.record_observations", "times", 0.0, 2.0, "trust legacy: none to double"),
    Prior("economy.pain_memory", "plus", -0.1, 0.07, "assumption: half-life halved to doubled"),
    Prior("coercion.hazard", "times", 0.5, 2.0, "eight threats in 104 weeks: half to double"),
    Prior("coercion.size", "times", 0.5, 2.0, "10 to 25 points were announced; 60 were promised"),
    Prior("coercion.postponement", "times", 0.5, 1.5, "a third to a half of threats was executed"),
    Prior("truce.scale", "times", 0.5, 2.0, "two truces in 104 weeks: half to double"),
    Prior("retaliation.proportion", "times", 0.6, 1.2, "judged from a series, rounded outward"),
    Prior("compliance.capacity", "times", 0.7, 1.4, "57 % of Phase One was delivered: .5 to all"),
    Prior("revocation.hazard", "times", 0.2, 5.0, "has not happened: five times either way"),
    Prior("channels.contact", "times", 0.0, 2.0, "assumption: none to double"),
)


def ranges(scenario: Scenario, wanted: Mapping[str, Bounds | None]) -> list[ParameterRange]:
    """Return the ranges of a design, in the given order; None means the declared range.

    Raises:
        ScenarioError: With all problems: an unknown name, a number that is built in or fixed by a
            mechanism that is off, a range that is inverted or exceeds the declared one.

    >>> from model.schema.scenario import load_scenario
    >>> scenario = load_scenario("february_2025")
    >>> [(one.low, one.high) for one in ranges(scenario, {"talks.window": (13, 52)})]
    [(13.0, 52.0)]
    """
    problems = wanting(scenario, wanted)
    if problems:
        raise ScenarioError(f"the design for {scenario.name}", problems)
    known = scenario.parameters()
    chosen_ranges = []
    for name, span in wanted.items():
        low, high = span or (known[name].low, known[name].high)
        why = GIVEN if span else DECLARED
        chosen_ranges.append(
            ParameterRange(name, float(low), float(high), known[name].integer, why)
        )
    return chosen_ranges


def wanting(scenario: Scenario, wanted: Mapping[str, Bounds | None]) -> list[Problem]:
    """Return all problems of the ranges of a design."""
    known = scenario.parameters()
    held = neutral(scenario.off, list(scenario.sides))
    problems = []
    for name, span in wanted.items():
        if name not in known:
            why = "there is no such number in the scenario"
            problems.append(Problem(name, "", why, did_you_mean(name, known)))
        elif known[name].built_in:
            why = "it is built into the economy before the first week and cannot differ by world"
            remedy = "Leave it out, and override it: one design for each value."
            problems.append(Problem(name, "", why, remedy))
        elif name in held:
            why = f"a mechanism that the scenario switches off fixes it at {held[name]:g}"
            problems.append(Problem(name, "", why, "Switch the mechanism on, or leave it out."))
        elif span is not None:
            problems += _span_fault(known[name], span)
    return problems


def _span_fault(declared: Declaration, span: Bounds) -> list[Problem]:
    low, high = span
    text = f"{low:g}:{high:g}"
    noun = f"{declared.meaning}; unit: {declared.unit}"
    if not (math.isfinite(low) and math.isfinite(high)):
        return [Problem(declared.name, text, f"both ends must be numbers ({noun})")]
    if low >= high:
        turned = f"Write {high:g}:{low:g}." if low > high else "Widen it, or leave it out."
        return [Problem(declared.name, text, "the low end must be below the high end", turned)]
    if declared.integer and (low != round(low) or high != round(high)):
        return [Problem(declared.name, text, f"both ends must be whole numbers ({noun})")]
    if low < declared.low or high > declared.high:
        why = f"must be within the declared {declared.low:g} to {declared.high:g} ({noun})"
        nearest = (max(low, declared.low), min(high, declared.high))
        remedy = f"{nearest[0]:g}:{nearest[1]:g} would do." if nearest[0] < nearest[1] else ""
        return [Problem(declared.name, text, why, remedy)]
    return []


def default_ranges(scenario: Scenario) -> list[ParameterRange]:
    """Return the default ranges of a sensitivity study, around the values of the scenario.

    Parameters that cannot vary are left out: those whose range has no width, that are built in, or
    that are fixed by a mechanism that is off. Ranges stay within the declared ones.

    >>> from model.schema.scenario import load_scenario
    >>> first = default_ranges(load_scenario("february_2025"))[0]
    >>> first.name, first.low, first.high
    ('values.cost_scale', 0.8, 1.2)
    """
    known = scenario.parameters()
    held = neutral(scenario.off, list(scenario.sides))
    defaults = []
    for prior in PRIORS:
        sides = list(scenario.sides) if "{side}" in prior.name else [""]
        for name in (prior.name.format(side=side) for side in sides):
            declared = known[name]
            ends = [
                declared.value * end if prior.how == "times" else declared.value + end
                for end in (prior.low, prior.high)
            ]
            low, high = (min(max(round(e, 9), declared.low), declared.high) for e in ends)
            if low < high and name not in held and not declared.built_in:
                defaults.append(ParameterRange(name, low, high, declared.integer, prior.why))
    return defaults


def chosen(scenario: Scenario, text: str) -> list[ParameterRange]:
    """Return the ranges given by `--parameters`: NAME or NAME=LOW:HIGH, separated by commas.

    A name without a range gets its default range if it has one, else its declared range. An empty
    text means the default set.

    Raises:
        ScenarioError: With all problems.

    >>> from model.schema.scenario import load_scenario
    >>> [one.high for one in chosen(load_scenario("february_2025"), "talks.rate,time.horizon=8:52")]
    [0.4, 52.0]
    """
    usual = {one.name: one for one in default_ranges(scenario)}
    if not text.strip():
        return list(usual.values())
    wanted, problems = parsed(text.split(","))
    problems += wanting(scenario, wanted)
    if problems:
        raise ScenarioError(COMMAND_LINE, problems)
    asked = {one.name: one for one in ranges(scenario, wanted)}
    return [usual.get(n, one) if wanted[n] is None else one for n, one in asked.items()]


def parsed(words: Sequence[str]) -> tuple[dict[str, Bounds | None], list[Problem]]:
    """Return ranges by name as written (None: no range), and problems.

    >>> parsed(["talks.rate", "talks.window=13:52"])
    ({'talks.rate': None, 'talks.window': (13.0, 52.0)}, [])
    """
    wanted: dict[str, Bounds | None] = {}
    problems = []
    for word in words:
        name, equals, span = (part.strip() for part in word.partition("="))
        low, colon, high = span.partition(":")
        try:
            ends = (float(low), float(high)) if equals else None
            good = bool(name) and (not equals or bool(colon))
        except ValueError:
            ends, good = None, False
        if not good:
            remedy = "Write for example talks.rate,talks.window=13:52."
            why = "must have the form NAME or NAME=LOW:HIGH"
            problems.append(Problem("--parameters", json.dumps(word.strip()), why, remedy))
        elif name in wanted:
            problems.append(Problem("--parameters", json.dumps(name), "is given twice"))
        else:
            wanted[name] = ends
    return wanted, problems
