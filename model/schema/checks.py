"""Check the tables of a scenario against each other, for example names that must exist.

The checks use the content of a file as written, so they work even if parts of it are missing or of
the wrong type. `model.schema.faults` reports those.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from model.economy import grid
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.rules.ratification import MODES
from model.schema.declarations import Slot, slots, variants
from model.schema.entries import Event
from model.schema.issues import template_fault
from model.schema.mechanisms import MECHANISMS
from model.schema.problems import HIDDEN, Place, Problem, did_you_mean, heading, where, written

# Losses outside the trade model: tariffs not yet digested, controls, a weak property market.
OFF_GRID = (
    "uncertainty",
    "export_controls",
    "foreign_controls",
    "property_weakness",
    "overcapacity",
)
SERIES = (*grid.SERIES, *OFF_GRID)
# Series of the economy from exposures, which has no sectors and no other countries
EXPOSURE_SERIES = ("consumer_cost", "real_income", "exports", *OFF_GRID[:-1])

BITS = 64  # of a whole number in TOML, including its sign
OF_SIDES = [  # kinds of events that name a side
    kind for kind, table in variants(get_args(Event.__value__)[0]).items() if "side" in slots(table)
]
DEEPEST = 8  # levels of nested tables; deeper ones are unknown entries, which faults.py reports

# Parameters that only the initial state uses, and the horizon, which sets the length of a run
AT_THE_START = (
    r"time\.horizon",
    r"economy\.(elasticity|elasticity_spread|hardening)",
    r"values\..*",
    r"talks\.(resolve_spread|belief_spread|drafting)",
    r"channels\.(real|misalignment|noise)",
    r"compliance\.(capacity|capacity_spread)",
    r"ratification\.(group_threshold|group_threshold_spread)",
    r"coercion\.(believed_kept|believed_broken)",
    r"actors\.\w+\.(firmness|escalation|enforcement|priorities\.\w+)",
    r"constituencies\.\w+\.(weight|threshold)",
    r"issues\.\w+\.(deferred|levels|gain_factor|cost_factor)",
    r"sides\.\w+\.(record_observations|record_kept)",
)

PROSE = ("description", "source", "sources")  # texts that may have several lines

RULES: dict[str, tuple[str, Collection[str]]] = {
    "offering": ("offering rule", OFFERING),
    "acceptance": ("acceptance rule", ACCEPTANCE),
    "ratification": ("way to ratify", MODES),
}

type Content = Mapping[str, Any]


def crossed(content: Content) -> list[Problem]:
    """Return all contradictions between the tables of a scenario."""
    checks = (
        _sides,
        _observers,
        _leaders,
        _actors,
        _groups,
        _edges,
        _issues,
        _tariffs,
        _record,
        _events,
        _shocks,
        _off,
        _texts,
    )
    return [problem for check in checks for problem in check(content)]


def vast_numbers(content: Any, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield the whole numbers that are too large for TOML (over 64 bits), with their places.

    >>> list(vast_numbers({"a": [1, 10**20]}))
    [(('a', 1), 100000000000000000000)]
    """
    if isinstance(content, int) and content.bit_length() >= BITS:
        yield place, content
    items = content.items() if isinstance(content, dict) else ()
    for key, value in enumerate(content) if isinstance(content, list) else items:
        if len(place) < DEEPEST:
            yield from vast_numbers(value, (*place, key))


def entries(content: Content, table: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a table that are tables themselves, by key."""
    value = content.get(table)
    items = value.items() if isinstance(value, dict) else ()
    return {key: entry for key, entry in items if isinstance(entry, dict)}


def _unknown(place: Place, name: Any, noun: str, known: Collection[str]) -> Iterator[Problem]:
    """Report a name that is not among the known ones."""
    if isinstance(name, str) and name not in known:
        yield Problem(where(place), written(name), f"no such {noun}", did_you_mean(name, known))


def _observers_of(content: Content) -> list[str]:
    value = content.get("observers")
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _sides(content: Content) -> Iterator[Problem]:
    sides = entries(content, "sides")
    if isinstance(content.get("sides"), dict) and len(sides) != 2:
        listed = ", ".join(sides) or "none"
        why = f"a scenario needs exactly two sides, this one has: {listed}"
        yield Problem("[sides]", "", why, "Write two tables, such as [sides.US] and [sides.CN].")
    if len({key.lower() for key in sides}) < len(sides):
        why = "the names of the two sides differ only in upper and lower case"
        yield Problem("[sides]", "", why, "Rename one of them.")
    regions = [side.get("region") for side in sides.values() if side.get("region")]
    if len(regions) == 2 and regions[0] == regions[1]:
        place = where(("sides", list(sides)[1], "region"))
        why = "both sides have the same region of the economy"
        remedy = "Give each side its own region, or leave both out."
        yield Problem(place, written(regions[1]), why, remedy)
    economy = content.get("economy")
    table = economy.get("table", "armington") if isinstance(economy, dict) else "armington"
    for key, side in sides.items():
        if table == "armington" and not side.get("region"):
            why = "the armington economy needs a region for each side"
            remedy = 'Write region = "USA" or "CHN", or [economy] table = "exposure" or "none".'
            yield Problem(where(("sides", key, "region")), '""', why, remedy)
        if table == "exposure" and not (side.get("exports_share") or side.get("imports_share")):
            why = "the economy from exposures needs the trade of each side with the other"
            remedy = "Write exports_share and imports_share, in percent of the side's income."
            yield Problem(heading(("sides", key)), "", why, remedy)
        for rule, (noun, known) in RULES.items():
            yield from _unknown(("sides", key, rule), side.get(rule), noun, known)


def _observers(content: Content) -> Iterator[Problem]:
    observers, sides = _observers_of(content), entries(content, "sides")
    for name in dict.fromkeys(observers):
        if name in sides:
            why = "a side at the table cannot be an observer"
            yield Problem("observers", written(name), why, "Remove it from the list.")
        if observers.count(name) > 1:
            why = "it is in the list more than once"
            yield Problem("observers", written(name), why, "Write it once.")


def _leaders(content: Content) -> Iterator[Problem]:
    actors = entries(content, "actors")
    for key, side in entries(content, "sides").items():
        leaders = [name for name, actor in actors.items() if _is(actor, key, "leader")]
        if len(leaders) > 1:
            why = f"this side has {len(leaders)} leaders: {', '.join(leaders)}"
            remedy = 'Keep one of them and write kind = "adviser" for the others.'
            yield Problem(f"[sides.{key}]", "", why, remedy)
        yield from _seat(content, ("sides", key, "leader"), side.get("leader"), "leader")
        if side.get("lead"):
            yield from _seat(content, ("sides", key, "lead"), side["lead"], "adviser")


def _is(actor: Content, side: str, kind: str) -> bool:
    return actor.get("side") == side and actor.get("kind") == kind


def _seat(content: Content, place: Place, name: Any, kind: str) -> Iterator[Problem]:
    """Report a name that is not an actor of the required kind and side."""
    actors, side = entries(content, "actors"), str(place[1])
    suitable = [key for key, actor in actors.items() if _is(actor, side, kind)]
    if isinstance(name, str) and name not in suitable:
        article = "an" if kind == "adviser" else "a"
        why = f"this actor is not {article} {kind} of {side}" if name in actors else "no such actor"
        yield Problem(where(place), written(name), why, did_you_mean(name, suitable))


def _actors(content: Content) -> Iterator[Problem]:
    sides, issues = entries(content, "sides"), entries(content, "issues")
    for key, actor in entries(content, "actors").items():
        yield from _unknown(("actors", key, "side"), actor.get("side"), "side", sides)
        priorities = actor.get("priorities")
        for name in priorities if isinstance(priorities, dict) else ():
            if name not in issues:
                at = where(("actors", key, "priorities", name))
                yield Problem(at, "", "no such issue", did_you_mean(name, issues))


def _groups(content: Content) -> Iterator[Problem]:
    sides, issues = entries(content, "sides"), entries(content, "issues")
    groups = entries(content, "constituencies")
    homes = [*sides, *_observers_of(content)]
    economy = content.get("economy")
    reduced = isinstance(economy, dict) and economy.get("table") == "exposure"
    known = EXPOSURE_SERIES if reduced else SERIES
    for key, group in groups.items():
        place: Place = ("constituencies", key)
        yield from _unknown((*place, "side"), group.get("side"), "side or observer", homes)
        if group.get("main_issue"):
            yield from _unknown((*place, "main_issue"), group["main_issue"], "issue", issues)
        exposure = group.get("exposure")
        for series in exposure if isinstance(exposure, dict) else ():
            if series not in known:
                at = where((*place, "exposure", series))
                yield Problem(at, "", "no such series of the economy", did_you_mean(series, known))
    for key in sides:
        own = [group.get("weight") for group in groups.values() if group.get("side") == key]
        if not own:
            remedy = f'Write a table [constituencies.NAME] with side = "{key}".'
            yield Problem(f"[sides.{key}]", "", "this side has no constituency", remedy)
        elif all(weight == 0 for weight in own):
            why = "all constituencies of this side have weight 0"
            yield Problem(f"[sides.{key}]", "", why, "Give at least one of them a weight above 0.")


def _edges(content: Content) -> Iterator[Problem]:
    actors = content.get("actors")
    known = list(actors) if isinstance(actors, dict) else []
    for key in entries(content, "edges"):
        speaker, arrow, listener = key.partition(">")
        if not arrow:
            continue  # an invalid key, which faults.py reports
        for name in dict.fromkeys((speaker, listener)):
            if name not in known:
                why = f'no such actor as "{name}"'
                yield Problem(heading(("edges", key)), "", why, did_you_mean(name, known))
        if speaker == listener:
            why = "an actor cannot listen to itself"
            yield Problem(heading(("edges", key)), "", why, "Remove this edge.")


def _issues(content: Content) -> Iterator[Problem]:
    sides, issues = entries(content, "sides"), entries(content, "issues")
    groups = entries(content, "constituencies")
    tariffs = [key for key, issue in issues.items() if issue.get("tariff") is True]
    if content.get("issues") == {}:
        why = "a scenario needs at least one issue"
        yield Problem("[issues]", "", why, "Write a table [issues.NAME].")
    for key, issue in issues.items():
        place: Place = ("issues", key)
        yield from _unknown((*place, "owner"), issue.get("owner"), "side", sides)
        if issue.get("counts_above"):
            above = issue["counts_above"]
            yield from _unknown((*place, "counts_above"), above, "tariff issue", tariffs)
        sentence = issue.get("sentence")
        fault = template_fault(sentence) if isinstance(sentence, str) else None
        if fault:
            remedy = 'Example: "China buys {amount:.0f} bn dollars".'
            yield Problem(where((*place, "sentence")), written(sentence), fault, remedy)
        stakes = issue.get("stakes")
        for name in stakes if isinstance(stakes, dict) else ():
            at = where((*place, "stakes", name))
            if name not in groups:
                yield Problem(at, "", "no such constituency", did_you_mean(name, groups))


def _tariffs(content: Content) -> Iterator[Problem]:
    groups = entries(content, "constituencies")
    relief: dict[str, str] = {}
    for key, issue in entries(content, "issues").items():
        owner, stakes = issue.get("owner"), issue.get("stakes")
        if issue.get("tariff") is not True or not isinstance(owner, str):
            continue
        if owner in relief:
            why = f'another issue already lifts the tariff of {owner}: "{relief[owner]}"'
            place = where(("issues", key, "tariff"))
            yield Problem(place, "true", why, "Merge the two issues.")
        relief.setdefault(owner, key)
        for name, points in stakes.items() if isinstance(stakes, dict) else ():
            if name in groups and groups[name].get("side") != owner:
                why = f"only groups of {owner} may have stakes in relief of its tariff (the gain of"
                why += " other groups is computed from the pain relieved)"
                place = where(("issues", key, "stakes", name))
                yield Problem(place, written(points), why, "Remove this stake.")


def _record(content: Content) -> Iterator[Problem]:
    issues, sides = entries(content, "issues"), entries(content, "sides")
    for key, package in entries(content, "record").items():
        for field in ("refused_by", "threat_by"):
            named = package.get(field)
            for row, side in enumerate(named if isinstance(named, list) else ()):
                yield from _unknown(("record", key, field, row), side, "side", sides)
        levels = package.get("levels")
        for name in levels if isinstance(levels, dict) else ():
            if name not in issues:
                at = where(("record", key, "levels", name))
                yield Problem(at, "", "no such issue", did_you_mean(name, issues))


def events_of(content: Content, *kinds: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the events of some kinds, each with its place in the list."""
    events = content.get("events")
    for row, event in enumerate(events if isinstance(events, list) else ()):
        if isinstance(event, dict) and event.get("kind") in kinds:
            yield row, event


def _events(content: Content) -> Iterator[Problem]:
    sides = entries(content, "sides")
    for row, event in events_of(content, *OF_SIDES):
        yield from _unknown(("events", row, "side"), event.get("side"), "side", sides)
        announced, week = event.get("announced"), event.get("week")
        if isinstance(announced, int) and isinstance(week, int) and week < announced:
            why = f"it must not come into force before it is announced (week {announced})"
            remedy = f"Write {announced} or later."
            yield Problem(where(("events", row, "week")), written(week), why, remedy)


def _shocks(content: Content) -> Iterator[Problem]:
    sides, groups = entries(content, "sides"), entries(content, "constituencies")
    targets = [f"{what}.{side}" for side in sides for what in ("firmness", "weakness")]
    targets += ["mistrust", *(f"pain.{group}" for group in groups)]
    seen = set()
    for row, card in events_of(content, "shock"):
        effects = card.get("effects")
        for target in effects if isinstance(effects, dict) else ():
            yield from _unknown(("events", row, "effects"), target, "target", targets)
        key = card.get("key")
        if isinstance(key, str) and key in seen:
            why = "two shocks have the same key, so they would share a random stream"
            yield Problem(where(("events", row, "key")), written(key), why, "Rename one of them.")
        seen.add(key if isinstance(key, str) else None)


def changes_of_parameters(content: Content, known: Mapping[str, Slot]) -> Iterator[Problem]:
    """Check that each change of a parameter names one, and gives a value in its range.

    known: the declarations of all numbers of the content, by dotted name.
    """
    for row, event in events_of(content, "parameter"):
        name, value = event.get("parameter"), event.get("value")
        place = where(("events", row, "parameter"))
        if not isinstance(name, str):
            continue
        free = [other for other in known if not other.startswith("events.")]
        if name not in free:
            yield Problem(place, written(name), "no such parameter", did_you_mean(name, free))
        elif known[name].built_in or any(re.fullmatch(one, name) for one in AT_THE_START):
            why = "it is used only before the first week, so a later value has no effect"
            yield Problem(place, written(name), why, "Set its value in its own table.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _change(row, known[name], value)


def _change(row: int, slot: Slot, value: float) -> Iterator[Problem]:
    low, high = slot.limits
    whole = slot.kind is not int or float(value).is_integer()
    if not (low <= value <= high and whole):
        why = f"must be {slot.demand()}{slot.note()}"
        yield Problem(where(("events", row, "value")), written(value), why)


def _off(content: Content) -> Iterator[Problem]:
    names = content.get("off")
    for name in names if isinstance(names, list) else ():
        yield from _unknown(("off",), name, "mechanism", MECHANISMS)


def _texts(content: Any, place: Place = ()) -> Iterator[Problem]:
    """Report texts with invisible characters, which could change what a terminal shows."""
    if isinstance(content, str):
        breaks = "" if place[-1] in PROSE or place[0] in PROSE else "\n\t"
        hidden = HIDDEN.search(content) or next((mark for mark in breaks if mark in content), None)
        if hidden:
            code = f"U+{ord(hidden[0]):04X}"
            why = f"it contains an invisible character ({code})"
            yield Problem(where(place), written(content), why, "Remove it.")
    items = content.items() if isinstance(content, dict) else ()
    for key, value in enumerate(content) if isinstance(content, list) else items:
        if len(place) < DEEPEST:
            yield from _texts(value, (*place, key))
