"""Convert the settings of Explore to a URL and back.

The URL holds the whole state. Invalid values are reported, and the closest valid state is opened.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from app.inputs.scenario_store import MOST_WEEKS, ScenarioStore
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.rules.ratification import MODES
from model.schema.declarations import Leaf, dotted, leaves
from model.schema.mechanisms import MECHANISMS
from model.schema.problems import Problem, ScenarioError, did_you_mean, written
from model.schema.scenario import Scenario, in_first_edition

MAIN = "february_2025"
WORLDS = 500
FEWEST_WORLDS, MOST_WORLDS = 10, 2000
MOST_SEED = 2**64 - 1
MOST_CHANGES = 100
LONGEST_ADDRESS = 8000
HORIZON, OFF, EDITION = "time.horizon", "off", "edition"
EDITIONS = ["1", "2"]
BEYOND = "More than that is a task for the command line: python run.py simulate."

type Value = float | bool | str | tuple[str, ...]


@dataclass(frozen=True)
class State:
    """The settings of Explore: a scenario, changed values, the number of worlds and the seed."""

    scenario: str = MAIN
    changes: tuple[tuple[str, Value], ...] = ()
    worlds: int = WORLDS
    seed: int = 1

    @property
    def changed(self) -> dict[str, Value]:
        """Return the changed values by dotted name."""
        return dict(self.changes)


@dataclass(frozen=True)
class Opened:
    """A valid state, its scenario without (`own`) and with changes, and the problems of its URL."""

    state: State
    own: Scenario
    scenario: Scenario
    problems: tuple[Problem, ...] = ()


def address(state: State, changes: Mapping[str, Value | str] | None = None) -> str:
    """Return the query string of a state, with further changes.

    >>> address(State())
    ''
    >>> address(State(), {"talks.window": 13.0})
    '?talks.window=13'
    """
    pairs: dict[str, str] = {}
    if state.scenario != MAIN:
        pairs["scenario"] = state.scenario
    if state.worlds != WORLDS:
        pairs["worlds"] = str(state.worlds)
    if state.seed != 1:
        pairs["seed"] = str(state.seed)
    every = state.changed | dict(changes or {})
    pairs |= {name: text_of(every[name]) for name in sorted(every)}
    return "?" + urlencode(pairs, quote_via=quote, safe=",>") if pairs else ""


def text_of(value: Value) -> str:
    """Return a value as text for a URL. Reading the text gives the same value.

    >>> text_of(13.0), text_of(0.1), text_of(True), text_of(("threats", "madman"))
    ('13', '0.1', 'true', 'threats,madman')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


def read(search: str | None, scenario_store: ScenarioStore) -> Opened:
    """Return the closest valid state to a query string, with all problems of the string."""
    problems: list[Problem] = []
    pairs = _pairs(search or "", problems)
    name = _scenario(pairs.pop("scenario", MAIN), scenario_store, problems)
    worlds = _whole("worlds", pairs.pop("worlds", str(WORLDS)), problems)
    seed = _whole("seed", pairs.pop("seed", "1"), problems)
    own = scenario_store.load(name)
    edition = _edition(pairs.pop(EDITION, f"{own.edition}"), own, problems)
    if edition:
        own = scenario_store.load(name, edition)
    changes = edition | _changes(pairs, own, problems)
    state = State(name, (), worlds, seed)
    return _combined(state, changes, own, scenario_store, problems)


def whole_number(text: str) -> int | None:
    """Return a text as a whole number, or None if it is not one. Long numbers are cut off.

    >>> whole_number("-07"), whole_number("--7"), whole_number("1.5"), whole_number("9" * 99) > 1e39
    (-7, None, None, True)
    """
    match = re.fullmatch(r"(-?)0*([0-9]+)", text)
    return int(match[1] + match[2][:40]) if match else None


def differences(own: Scenario, other: Scenario) -> dict[str, Value] | None:
    """Return the changes from one scenario to another, or None if a URL cannot express them."""
    if (own.edition, other.edition) == (2, 1):
        found = differences(in_first_edition(own), other)
        return None if found is None else {EDITION: 1, **found}
    before, after = _leaves(own), _leaves(other)
    names = {"name", "title", "description", "extends"}
    if before.keys() != after.keys():
        return None
    changes: dict[str, Value] = {}
    for name, leaf in after.items():
        if name in names or name.endswith(".source") or leaf.value == before[name].value:
            continue
        if not _changeable(name, leaf):
            return None
        value = leaf.value
        changes[name] = tuple(value) if isinstance(value, list) else value
    return changes if len(changes) <= MOST_CHANGES else None


def options(name: str, scenario: Scenario) -> list[str] | None:
    """Return the choices of a parameter that takes a word, or None for all other parameters."""
    parts = name.split(".")
    if len(parts) != 3 or parts[0] != "sides":
        return None
    advisers = [
        key
        for key, actor in scenario.actors.items()
        if actor.side == parts[1] and actor.kind == "adviser"
    ]
    return {
        "lead": ["", *advisers],
        "offering": list(OFFERING),
        "acceptance": list(ACCEPTANCE),
        "ratification": list(MODES),
    }.get(parts[2])


def _leaves(scenario: Scenario) -> dict[str, Leaf]:
    return {dotted(leaf.place): leaf for leaf in leaves(Scenario, scenario.model_dump())}


def _changeable(name: str, leaf: Leaf) -> bool:
    rule = name.startswith("sides.") and name.rpartition(".")[2] in {
        "lead",
        "offering",
        "acceptance",
        "ratification",
    }
    return leaf.slot.numeric or leaf.slot.kind is bool or name == OFF or rule


def _pairs(search: str, problems: list[Problem]) -> dict[str, str]:
    """Return the values of a query string by name. The first value counts if a name is repeated."""
    if len(search) > LONGEST_ADDRESS:
        why = f"it is {len(search):,} characters long, at most {LONGEST_ADDRESS:,} are read"
        problems.append(Problem("the link", "", why, "Upload a scenario file instead."))
        return {}
    values: dict[str, str] = {}
    for name, text in parse_qsl(search, keep_blank_values=True):
        if name in values:
            problems.append(
                Problem(_short(name), written(text), "the link has it twice", "The first counts.")
            )
        else:
            values[name] = text
    return values


def _scenario(name: str, scenario_store: ScenarioStore, problems: list[Problem]) -> str:
    if name in scenario_store.titles():
        return name
    remedy = did_you_mean(name, scenario_store.titles()) + f" Opened: {MAIN}."
    why = "there is no such scenario"
    if scenario_store.is_upload(name):
        why = "it was uploaded in another session, and a link does not carry a file"
        remedy = f"Upload the file again. Opened: {MAIN}."
    problems.append(Problem("scenario", written(name), why, remedy))
    return MAIN


def _whole(name: str, text: str, problems: list[Problem]) -> int:
    """Return the closest valid number of worlds, or seed."""
    low, high, default = {
        "worlds": (FEWEST_WORLDS, MOST_WORLDS, WORLDS),
        "seed": (0, MOST_SEED, 1),
    }[name]
    wanted = whole_number(text)
    if wanted is None:
        why = f"must be a whole number between {low} and {high}"
        problems.append(Problem(name, written(text), why, f"Opened: {default}."))
        return default
    valid = min(max(wanted, low), high)
    if valid != wanted:
        why = f"must be between {low} and {high}"
        remedy = f"Opened: {valid}. " + (BEYOND if name == "worlds" else "")
        problems.append(Problem(name, written(text), why, remedy))
    return valid


def _edition(text: str, own: Scenario, problems: list[Problem]) -> dict[str, Value]:
    """Return the edition of the model in a URL, if it is not that of the scenario."""
    if text not in EDITIONS:
        remedy = f"Left out. {_known(text, EDITIONS)}"
        problems.append(Problem(EDITION, written(text), "is not one of the choices", remedy))
        return {}
    return {} if int(text) == own.edition else {EDITION: int(text)}


def _changes(pairs: Mapping[str, str], own: Scenario, problems: list[Problem]) -> dict[str, Value]:
    """Return the changes in a URL, each with its closest valid value."""
    known = {name: leaf for name, leaf in _leaves(own).items() if _changeable(name, leaf)}
    changes: dict[str, Value] = {}
    for name, text in pairs.items():
        if name not in known:
            why = "no such value can be changed in this scenario"
            hint = did_you_mean(_short(name), known).partition("Known")[0].rstrip()
            remedy = f"Left out. {hint}".rstrip()
            problems.append(Problem(_short(name), written(text), why, remedy))
        elif len(changes) == MOST_CHANGES:
            why = f"a link may change {MOST_CHANGES} values"
            problems.append(Problem(name, written(text), why, "Left out. Upload a file instead."))
        else:
            value = _value(name, text, known[name], own, problems)
            leaf = known[name].value
            if value is not None and value != (tuple(leaf) if name == OFF else leaf):
                changes[name] = value
    return changes


def _value(
    name: str, text: str, leaf: Leaf, own: Scenario, problems: list[Problem]
) -> Value | None:
    if leaf.slot.numeric:
        return _number(name, text, leaf, problems)
    if leaf.slot.kind is bool:
        if text in {"true", "false"}:
            return text == "true"
        problems.append(Problem(name, written(text), "must be true or false", "Left out."))
        return None
    if name == OFF:
        words = [word for word in text.split(",") if word]
        unknown = [word for word in words if word not in MECHANISMS]
        problems += [
            Problem(OFF, written(word), "no such mechanism", did_you_mean(word, MECHANISMS))
            for word in unknown
        ]
        return tuple(key for key in MECHANISMS if key in words)
    choices = options(name, own) or []
    if text in choices:
        return text
    problems.append(
        Problem(
            name, written(text), "is not one of the choices", f"Left out. {_known(text, choices)}"
        )
    )
    return None


def _known(text: str, choices: list[str]) -> str:
    return did_you_mean(_short(text), [choice for choice in choices if choice])


def _number(name: str, text: str, leaf: Leaf, problems: list[Problem]) -> float | None:
    """Return the closest valid value of a declared number."""
    low, high = leaf.slot.limits
    capped = name == HORIZON and high > MOST_WEEKS
    high = min(high, MOST_WEEKS) if capped else high
    try:
        wanted = float(text)
    except ValueError:
        wanted = math.nan
    why = f"must be {leaf.slot.demand()}{leaf.slot.note()}"
    if math.isnan(wanted):
        problems.append(Problem(name, written(text), why, f"Left at {leaf.value:g}."))
        return None
    valid = min(max(wanted, low), high)
    if leaf.slot.kind is int:
        valid = int(valid)
    if valid != wanted:
        more = capped and wanted > MOST_WEEKS
        why = f"at most {MOST_WEEKS} weeks are simulated on this page" if more else why
        remedy = f"Opened: {valid:g}." + (f" {BEYOND}" if more else "")
        problems.append(Problem(name, written(text), why, remedy))
    return valid


def _combined(
    state: State,
    changes: Mapping[str, Value],
    own: Scenario,
    scenario_store: ScenarioStore,
    problems: list[Problem],
) -> Opened:
    """Return the state with its changes, without those that contradict each other."""
    try:
        scenario = scenario_store.load(state.scenario, changes)
        kept = dict(changes)
    except ScenarioError as error:
        kept, scenario = {}, own
        for name, value in changes.items():
            try:
                scenario = scenario_store.load(state.scenario, kept | {name: value})
                kept[name] = value
            except ScenarioError as single:
                problems += [replace(p, remedy=f"{p.remedy} Left out.") for p in single.problems]
        if not problems:
            problems += error.problems
    ordered = tuple(sorted(kept.items()))
    return Opened(replace(state, changes=ordered), own, scenario, tuple(problems))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
