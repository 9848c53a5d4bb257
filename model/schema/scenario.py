"""A scenario: who sits at the table, about what, with which numbers; loaded and checked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from numpy.typing import ArrayLike
from pydantic import BaseModel, Field, ValidationError, model_validator

from model.arrays import Array
from model.schema.checks import RULES, changes_of_parameters, crossed, vast_numbers
from model.schema.declarations import Declaration, Slot, declarations, dotted, leaves
from model.schema.entries import Actor, Constituency, Edge, Event, ParameterChange, Side
from model.schema.faults import fault, swept
from model.schema.issues import Issue
from model.schema.older import event_name
from model.schema.parameters import (
    Approval,
    Channels,
    Economy,
    Enforcement,
    Influence,
    Ratification,
    Retaliation,
    Table,
    Talks,
    Time,
    Trust,
    Values,
)
from model.schema.parameters_conflict import (
    Campaign,
    Coercion,
    Compliance,
    Gestures,
    Revocation,
    Summits,
    Third,
    Truce,
)
from model.schema.problems import Problem, ScenarioError, did_you_mean, shown, where, written
from model.schema.reading import changed, read, require

type Key = Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")]
EARLIEST, LATEST = date(1000, 1, 1), date(2999, 12, 31)  # so that the last week has a date, too
VAST = ("no number here is so far from 0", "docs/parameters.md tells its range.")
type EdgeKey = Annotated[str, Field(pattern=r"^[A-Za-z]\w*>[A-Za-z]\w*$")]


class Scenario(Table):
    """All that a negotiation starts from. Two sides in order: the first is index 0."""

    name: Key = Field(description="the name by which the scenario is called")
    title: str = Field(description="what it is, in a few words")
    description: str = Field("", description="what it is, in some sentences")
    extends: str = Field("", description="a scenario, by name or path, of which this is a variant")
    start: date = Field(ge=EARLIEST, le=LATEST, description="first day of week 0")
    observers: list[Key] = Field([], description="who feels the economy but has no seat")
    sides: dict[Key, Side] = Field(description="the two sides")
    actors: dict[Key, Actor] = Field(description="leaders, advisers, analysts, intermediaries")
    constituencies: dict[Key, Constituency] = Field(description="the groups at home")
    edges: dict[EdgeKey, Edge] = Field({}, description="who is heard by whom")
    issues: dict[Key, Issue] = Field(description="what is on the table")
    events: list[Event] = Field([], description="what happens, or may happen, and when")
    off: list[str] = Field([], description="mechanisms that are switched off, by name")
    sources: dict[str, str] = Field({}, description="source of single numbers, by dotted name")
    time: Time = Field(Time(), description="how long a world runs")
    economy: Economy = Field(Economy(), description="how tariffs reach incomes and trade")
    values: Values = Field(Values(), description="how much the issues weigh")
    talks: Talks = Field(Talks(), description="how the sides bargain and learn")
    influence: Influence = Field(Influence(), description="how opinions move")
    trust: Trust = Field(Trust(), description="how promises are remembered")
    enforcement: Enforcement = Field(Enforcement(), description="verification with snap-back")
    ratification: Ratification = Field(Ratification(), description="what a deal must pass at home")
    retaliation: Retaliation = Field(Retaliation(), description="how tariffs are answered")
    approval: Approval = Field(Approval(), description="how the leaders stand at home")
    channels: Channels = Field(Channels(), description="what back channels carry")
    coercion: Coercion = Field(Coercion(), description="threats, and what becomes of them")
    gestures: Gestures = Field(Gestures(), description="small cuts of one's own accord")
    summits: Summits = Field(Summits(), description="meetings of the leaders")
    truce: Truce = Field(Truce(), description="truces in a mutually hurting stalemate")
    revocation: Revocation = Field(Revocation(), description="the end of normal trade relations")
    compliance: Compliance = Field(Compliance(), description="whether promises are kept")
    campaign: Campaign = Field(Campaign(), description="what an election does to a leader")
    third: Third = Field(Third(), description="the rest of the world")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Hold that no scenario exists whose tables contradict each other."""
        problems = _contradictions(self.model_dump())
        if problems:
            raise ScenarioError(self.name, problems)
        return self

    def parameters(self) -> dict[str, Declaration]:
        """Return the declaration of every number of the scenario, by dotted name."""
        known = declarations(type(self), self.model_dump(), self.sources)
        for row, event in self.of_kind(ParameterChange):  # a value has the range of its parameter
            name, target = f"events.{row}.value", known[event.parameter]
            known[name] = replace(
                known[name],
                unit=target.unit,
                low=target.low,
                high=target.high,
                integer=target.integer,
            )
        return known

    def of_kind[T: BaseModel](self, kind: type[T]) -> list[tuple[int, T]]:
        """Return the events of a kind, each with its place in the list of events."""
        return [(row, event) for row, event in enumerate(self.events) if isinstance(event, kind)]

    def checked_sweep(self, sweep: Mapping[str, ArrayLike], worlds: int) -> dict[str, Array]:
        """Return swept numbers as contiguous arrays (worlds,), checked against the declarations.

        Raises ScenarioError with all that is wrong: an unknown name, no numbers, a wrong length, a
        value out of range, a number that is built in.
        """
        known = self.parameters()
        sweep = {event_name(name, self.events): values for name, values in sweep.items()}
        arrays, problems = swept(known, sweep, worlds)
        why = "it is built into the economy before the first week and cannot differ between worlds"
        remedy = "Leave it out of the sweep, and override it: one run for each value."
        fixed = [name for name in sweep if name in known and known[name].built_in]
        problems += [Problem(name, "", why, remedy) for name in fixed]
        if problems:
            raise ScenarioError(f"the sweep of {self.name}", problems)
        return arrays


def load_scenario(name: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return a scenario by name or path, with some values overridden by dotted name.

    Raises ScenarioError with all that is wrong, in the file or in the overrides.

    >>> load_scenario("february_2025", {"talks.window": 13}).talks.window
    13.0
    """
    path = require(name)
    content = read(path)
    scenario = _checked(content, shown(path))
    if not overrides:
        return scenario
    problems = []
    known = {dotted(leaf.place): leaf.place for leaf in leaves(Scenario, scenario.model_dump())}
    for old, value in overrides.items():
        key = event_name(old, scenario.events)
        if key in known:
            content = changed(content, known[key], value)
        else:
            why = "no such value in the scenario"
            problems.append(Problem(key, written(value), why, did_you_mean(key, known)))
    file = f"{shown(path)}, as overridden,"
    if problems:
        raise ScenarioError(file, problems)
    return _checked(content, file)


def check_file(path: str | Path) -> list[Problem]:
    """Return all that is wrong with a scenario file; nothing if it can be used."""
    try:
        load_scenario(path)
    except ScenarioError as error:
        return error.problems
    return []


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file, for editors that check while one writes.

    What must be given is left to `check`: a file that extends another may leave out anything.
    """
    schema = Scenario.model_json_schema()
    for table in (schema, *schema["$defs"].values()):
        table.pop("required", None)
    for rule, (_, names) in RULES.items():
        schema["$defs"]["Side"]["properties"][rule]["enum"] = list(names)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Winset scenario"
    return schema


def _contradictions(content: Mapping[str, Any]) -> list[Problem]:
    """Return all that is wrong between the tables of a file's content."""
    sources = content.get("sources")
    known = [dotted(leaf.place) for leaf in leaves(Scenario, content) if leaf.slot.numeric]
    why = "there is no such number in the scenario"
    return [*crossed(content), *changes_of_parameters(content, _numbers(content))] + [
        Problem(where(("sources", name)), "", why, did_you_mean(name, known))
        for name in (sources if isinstance(sources, dict) else ())
        if name not in known
    ]


def _numbers(content: Mapping[str, Any]) -> dict[str, Slot]:
    """Return the declaration of every number in a file's content, by dotted name."""
    return {
        dotted(leaf.place): leaf.slot for leaf in leaves(Scenario, content) if leaf.slot.numeric
    }


def _checked(content: dict[str, Any], file: str) -> Scenario:
    """Return the scenario that a file's content describes, or raise all that is wrong with it."""
    vast = [Problem(where(at), written(value), *VAST) for at, value in vast_numbers(content)]
    if vast:
        raise ScenarioError(file, vast)
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        details = [item for item in error.errors(include_url=False) if item["loc"]]
        problems = [fault(item, Scenario) for item in details] + _contradictions(content)
    raise ScenarioError(file, problems)
