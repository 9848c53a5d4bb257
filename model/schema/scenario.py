"""The scenario: sides, actors, issues, events and parameters, loaded from a file and checked."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from numpy.typing import ArrayLike
from pydantic import BaseModel, Field, ValidationError, model_validator

from model.arrays import Array
from model.schema.checks import RULES, changes_of_parameters, crossed, vast_numbers
from model.schema.declarations import Declaration, Slot, declarations, dotted, leaves
from model.schema.derived import kept_while_alive
from model.schema.editions import completed, first_edition
from model.schema.entries import (
    EARLIEST,
    LATEST,
    Actor,
    Constituency,
    Edge,
    Event,
    ParameterChange,
    RecordedPackage,
    Side,
)
from model.schema.faults import fault, swept
from model.schema.issues import Issue
from model.schema.older import event_name
from model.schema.parameters import (
    Approval,
    Channels,
    Economy,
    Enforcement,
    Influence,
    Retaliation,
    Table,
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
from model.schema.parameters_deals import Implementation
from model.schema.parameters_home import Ratification
from model.schema.parameters_talks import Talks
from model.schema.problems import (
    MOST,
    Problem,
    ScenarioError,
    at_most,
    did_you_mean,
    shown,
    where,
    written,
)
from model.schema.reading import changed, read, require

type Key = Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")]
VAST = ("the number is too large", "See its range in docs/parameters.md.")
BENT = ("rising_cost", "satiation", "relief_satiation")  # values that bend the worth of issues
NO_VALUE = "the scenario has no such value"
type EdgeKey = Annotated[str, Field(pattern=r"^[A-Za-z]\w*>[A-Za-z]\w*$")]


class Scenario(Table):
    """The initial state and all parameters of a negotiation. The first side has index 0."""

    name: Key = Field(description="name of the scenario in commands and addresses")
    title: str = Field(description="title in a few words")
    description: str = Field("", description="description in a few sentences")
    extends: str = Field("", description="scenario (name or path) from which this one inherits")
    edition: Literal[1, 2] = Field(
        2, description="edition of the model's rules; 1: those of the first edition"
    )
    first_edition: dict[str, float | int | str | bool] = Field(
        {}, description="values that edition 1 has beside the neutral ones, by dotted name"
    )
    start: date = Field(ge=EARLIEST, le=LATEST, description="first day of week 0")
    observers: list[Key] = Field(
        [], description="parties that the economy affects but that have no seat"
    )
    sides: dict[Key, Side] = Field(description="the two sides")
    actors: dict[Key, Actor] = Field(description="leaders, advisers, analysts, intermediaries")
    constituencies: dict[Key, Constituency] = Field(description="the groups at home")
    edges: dict[EdgeKey, Edge] = Field({}, description="influence between actors")
    issues: dict[Key, Issue] = Field(description="the issues under negotiation")
    events: list[Event] = Field([], description="scheduled and random events")
    off: list[str] = Field([], description="names of the mechanisms that are switched off")
    sources: dict[str, str] = Field({}, description="sources of single numbers, by dotted name")
    time: Time = Field(Time(), description="length of a simulation")
    economy: Economy = Field(Economy(), description="effects of tariffs on incomes and trade")
    values: Values = Field(Values(), description="values of the issues")
    talks: Talks = Field(Talks(), description="bargaining and learning")
    influence: Influence = Field(Influence(), description="changes of opinion")
    trust: Trust = Field(Trust(), description="memory of kept and broken promises")
    enforcement: Enforcement = Field(Enforcement(), description="verification with snap-back")
    ratification: Ratification = Field(Ratification(), description="ratification at home")
    retaliation: Retaliation = Field(Retaliation(), description="retaliation against tariffs")
    approval: Approval = Field(Approval(), description="approval of the leaders")
    channels: Channels = Field(Channels(), description="back channels")
    coercion: Coercion = Field(Coercion(), description="threats and their execution")
    gestures: Gestures = Field(Gestures(), description="small unilateral tariff cuts")
    summits: Summits = Field(Summits(), description="meetings of the leaders")
    truce: Truce = Field(Truce(), description="truces in a mutually hurting stalemate")
    revocation: Revocation = Field(Revocation(), description="revocation of normal trade relations")
    compliance: Compliance = Field(Compliance(), description="compliance with promises")
    implementation: Implementation = Field(
        Implementation(), description="deals in force: intentions, phases, renegotiation"
    )
    campaign: Campaign = Field(Campaign(), description="effects of an election campaign")
    third: Third = Field(Third(), description="the rest of the world")
    record: dict[Key, RecordedPackage] = Field(
        {}, description="packages of the historical record, by name; they change no world"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Raise ScenarioError if the tables contradict each other."""
        problems = _contradictions(self.model_dump())
        if problems:
            raise ScenarioError(self.name, problems)
        return self

    def parameters(self) -> dict[str, Declaration]:
        """Return the declaration of every parameter of the scenario, by dotted name."""
        return dict(_parameters(self))

    def curved(self, swept: Collection[str] = ()) -> bool:
        """Return whether packages are valued and traded by the rules for curved values.

        These also compute offers in which issues have levels. Without either, simpler rules give
        the same. swept: names of numbers that differ between worlds, so that the answer does not
        depend on the values of single worlds.
        """
        bent = any(getattr(self.values, name) or f"values.{name}" in swept for name in BENT)
        return bent or self.stepped(swept)

    def drafted(self) -> bool:
        """Return whether priorities of actors can shape the packages that a side drafts."""
        return any(card.priorities for card in self.actors.values())

    def stepped(self, swept: Collection[str] = ()) -> bool:
        """Return whether any issue has a limited number of levels in offers."""
        return any(
            card.whole or card.levels > 1 or f"issues.{key}.levels" in swept
            for key, card in self.issues.items()
        )

    def of_kind[T: BaseModel](self, kind: type[T]) -> list[tuple[int, T]]:
        """Return the events of a kind, each with its place in the list of events."""
        return [(row, event) for row, event in enumerate(self.events) if isinstance(event, kind)]

    def checked_sweep(self, sweep: Mapping[str, ArrayLike], worlds: int) -> dict[str, Array]:
        """Return swept numbers as contiguous arrays (worlds,), checked against the declarations.

        Raises ScenarioError with all problems: unknown names, values that are not numbers, wrong
        lengths, values out of range, and numbers that are the same in all worlds.
        """
        known = self.parameters()
        sweep = {event_name(name, self.events): values for name, values in sweep.items()}
        arrays, problems = swept(known, sweep, worlds)
        why = "it is compiled into the economy before the first week and cannot differ by world"
        remedy = "Remove it from the sweep and use an override: one run for each value."
        fixed = [name for name in sweep if name in known and known[name].built_in]
        problems += [Problem(name, "", why, remedy) for name in fixed]
        if problems:
            raise ScenarioError(f"the sweep of {self.name}", problems)
        return arrays


def load_scenario(name: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Load and check a scenario by name or path, and override values by dotted name.

    Raises ScenarioError with all problems of the file or of the overrides.

    >>> load_scenario("february_2025", {"talks.window": 13}).talks.window
    13.0
    """
    path = require(name)
    content = _read(path)
    scenario = _checked(content, shown(path))
    overrides = dict(overrides or {})
    if "edition" in overrides:
        content = _of_edition(content, overrides.pop("edition"))
        scenario = _checked(content, f"{shown(path)}, as overridden,")
    if not overrides:
        return scenario
    problems = []
    known = {dotted(leaf.place): leaf.place for leaf in leaves(Scenario, scenario.model_dump())}
    for old, value in overrides.items():
        key = event_name(old, scenario.events)
        if key in known:
            content = changed(content, known[key], value)
        else:
            problems.append(Problem(key, written(value), NO_VALUE, did_you_mean(key, known)))
    file = f"{shown(path)}, as overridden,"
    if problems:
        raise ScenarioError(file, problems)
    return _checked(content, file)


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a scenario file; a file of edition 1 has neutral values by default."""
    content = read(path, of_edition=_of_edition)
    first = content.get("edition") == 1
    return first_edition(Scenario, content, only_missing=True) if first else content


def _of_edition(content: dict[str, Any], edition: Any) -> dict[str, Any]:
    """Return content with the rules of an edition; values of the first replace written ones."""
    if edition == 1 and content.get("edition") != 1:
        return first_edition(Scenario, content)
    return {**content, "edition": edition}


def in_first_edition(scenario: Scenario) -> Scenario:
    """Return a scenario with the rules of the first edition of the model.

    >>> in_first_edition(load_scenario("classroom")).edition
    1
    """
    return restored(first_edition(Scenario, scenario.model_dump(mode="json")))


def restored(content: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a folder of results or a transcript contains.

    Content without an edition was written before there were two and is of the first.
    """
    return Scenario.model_validate_json(json.dumps(completed(Scenario, content)))


def check_file(path: str | Path) -> list[Problem]:
    """Return all problems of a scenario file; the list is empty if the file is valid."""
    try:
        load_scenario(path)
    except ScenarioError as error:
        return error.problems
    return []


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of scenario files, for editors that check a file while you type.

    The schema requires no entries, because a file that extends another may omit any of them. Only
    `run.py check` reports missing entries.
    """
    schema = Scenario.model_json_schema()
    for table in (schema, *schema["$defs"].values()):
        table.pop("required", None)
    for rule, (_, names) in RULES.items():
        schema["$defs"]["Side"]["properties"][rule]["enum"] = list(names)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Winset scenario"
    return schema


@kept_while_alive
def _parameters(setting: Scenario) -> dict[str, Declaration]:
    """Return the declaration of every number of a scenario, by dotted name."""
    known = declarations(type(setting), setting.model_dump(), setting.sources)
    for row, event in setting.of_kind(ParameterChange):  # a value has the range of its parameter
        name, target = f"events.{row}.value", known[event.parameter]
        known[name] = replace(
            known[name],
            unit=target.unit,
            low=target.low,
            high=target.high,
            integer=target.integer,
        )
    return known


def _contradictions(content: Mapping[str, Any]) -> list[Problem]:
    """Return all contradictions between the tables of a file's content."""
    sources = content.get("sources")
    known = list(_numbers(content))
    places = {dotted(leaf.place) for leaf in leaves(Scenario, content)}
    old = content.get("first_edition")
    absent = [name for name in (old if isinstance(old, dict) else ()) if name not in places]
    why = "the scenario has no such number"
    return (
        [*crossed(content), *changes_of_parameters(content, _numbers(content))]
        + [
            Problem(where(("sources", name)), "", why, did_you_mean(name, known))
            for name in (sources if isinstance(sources, dict) else ())
            if name not in known
        ]
        + [
            Problem(where(("first_edition", name)), "", NO_VALUE, did_you_mean(name, places))
            for name in absent
        ]
    )


def _numbers(content: Mapping[str, Any]) -> dict[str, Slot]:
    """Return the declaration of every parameter in a file's content, by dotted name."""
    return {
        dotted(leaf.place): leaf.slot
        for leaf in leaves(Scenario, content)
        if leaf.slot.numeric and not leaf.slot.fact
    }


def _checked(content: dict[str, Any], file: str) -> Scenario:
    """Return the scenario of a file's content. Raises ScenarioError with all of its problems."""
    vast = [Problem(where(at), written(value), *VAST) for at, value in vast_numbers(content)]
    if vast:
        raise ScenarioError(file, vast)
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        details = [item for item in error.errors(include_url=False) if item["loc"]]
        listed = [fault(item, Scenario) for item in details[:MOST]]
        problems = at_most(listed, len(details) - len(listed)) + _contradictions(content)
    raise ScenarioError(file, problems)
