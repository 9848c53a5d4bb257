"""Build the text tables of a diagnosis: figures, packages of the record, effects, inert numbers."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.diagnose.diagnosis import Diagnosis, Findings
from experiments.diagnose.document import FIRST, figures_of
from experiments.diagnose.effects import Effect, Removal
from experiments.diagnose.figures import FIGURES, NOTES, Figure, Unit
from experiments.diagnose.record import RecordedValue
from experiments.statistics import Interval
from experiments.summary import Section
from model.schema.scenario import Scenario

LARGEST = 8  # mechanisms that are listed
PERCENT = 100.0
MISSING = "-"
ASSUMED = "Numbers are assumptions, not a forecast."
FIRST_EDITION, OWN = "edition 1", "as it is"

type Columns = Mapping[str, Mapping[str, Interval]]


def sections(diagnosis: Diagnosis) -> Iterator[Section]:
    """Yield the tables of a diagnosis, in the order in which they are shown."""
    setting = diagnosis.scenario
    of_editions = {FIRST_EDITION: diagnosis.first, OWN: diagnosis.own}
    if setting.edition == 1:
        del of_editions[OWN]
    figures = {title: found.figures for title, found in of_editions.items()}
    yield figure_section(setting.name, figures, diagnosis.worlds, diagnosis.seed)
    for title, found in of_editions.items():
        heading = f"{setting.name}, {title}"
        if found.records:
            yield record_section(setting, heading, found.records)
        yield effect_section(heading, found.effects)
    if diagnosis.own.removals:
        yield removal_section(setting, "Without one actor", diagnosis.own.removals)
    if diagnosis.own.edges:
        yield removal_section(setting, "Without one edge", diagnosis.own.edges)
    yield inert_section(setting.name, diagnosis.own)


def figure_section(name: str, columns: Columns, worlds: int, seed: int) -> Section:
    """Return all figures: one row each, with a column for each edition, and the gate.

    columns: the figures by key, by the title of the column.
    """
    rows = [
        (
            figure.meaning,
            *(cell(figure, figures.get(figure.key)) for figures in columns.values()),
            figure.gate.words if figure.gate else "",
            figure.finding,
        )
        for figure in FIGURES
    ]
    listed = " ".join(NOTES.values())
    return Section(
        f"Diagnostics of {name}",
        ("figure", *columns, "gate", "finding"),
        rows,
        f"{worlds:,} worlds, seed {seed}, with 95 % intervals in brackets. A dash: it cannot be "
        f"measured in this scenario. {listed} {ASSUMED}",
    )


def file_section(found: Mapping[str, Any]) -> Section:
    """Return all figures of a file diagnose.json.

    found: its content.
    """
    figures = {FIRST_EDITION: figures_of(found[FIRST]), OWN: figures_of(found)}
    if found["edition"] == 1:
        del figures[OWN]
    return figure_section(found["scenario"], figures, found["worlds"], found["seed"])


def gates_met(found: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many gates an edition of the file meets, and how many can be judged.

    >>> gates_met({"gates": {"a": {"met": True}, "b": {"met": None}, "c": {"met": False}}})
    (1, 2)
    """
    judged = [gate["met"] for gate in found["gates"].values() if gate["met"] is not None]
    return sum(judged), len(judged)


def cell(figure: Figure, found: Interval | None) -> str:
    """Return a figure with its interval, and whether its gate is met.

    >>> cell(FIGURES[0], Interval(0.25, 0.2, 0.3))
    '25.0 % (20.0 to 30.0), missed'
    >>> cell(FIGURES[0], None)
    '-'
    """
    if found is None:
        return MISSING
    words = value(figure.unit, found)
    if figure.gate:
        words += ", met" if figure.gate.met(found.estimate) else ", missed"
    return words


def value(unit: Unit, found: Interval) -> str:
    """Return an estimate with its unit and its interval.

    >>> value("difference of shares", Interval(0.1, 0.05, 0.15))
    '+10.0 points (+5.0 to +15.0)'
    >>> value("weeks", Interval(9.0, float("nan"), float("nan")))
    '9.0 weeks'
    """
    scale = PERCENT if unit in ("share", "difference of shares") else 1.0
    form = {"difference of shares": "{:+.1f}", "ratio": "{:.2f}", "points": "{:.3f}"}.get(
        unit, "{:.1f}"
    )
    name = {
        "share": " %",
        "difference of shares": " points",
        "weeks": " weeks",
        "percent": " points",
        "ratio": "",
        "points": "",
        "times": "",
    }[unit]
    ends = "" if math.isnan(found.low) else f" ({_ends(form, scale, found)})"
    return f"{form.format(scale * found.estimate)}{name}{ends}"


def record_section(setting: Scenario, heading: str, records: Sequence[RecordedValue]) -> Section:
    """Return what the packages of the record are worth to both sides."""
    sides = list(setting.sides)
    rows = []
    for one in records:
        title = setting.record[one.package].title
        worths = (
            f"{one.worth[side].estimate:+.3f} / {one.reservation[side].estimate:+.3f}"
            for side in sides
        )
        shares = (value("share", found) for found in (one.acceptable, *one.sides.values()))
        when = "start" if one.when == "start" else f"{setting.record[one.package].date}"
        rows.append((title, f"week {one.week} ({when})", *worths, *shares))
    return Section(
        f"Packages of the historical record in {heading}",
        (
            "package",
            "when",
            *(f"{side}: worth / reservation" for side in sides),
            "acceptable to both",
            *(f"to {side}" for side in sides),
        ),
        rows,
        "Means over the worlds that have not ended, in points, and shares of these worlds; on its "
        "date, over those without a deal in force and with the threats that were pending. "
        "Acceptable: worth at least the reservation value.",
    )


def effect_section(heading: str, effects: Sequence[Effect]) -> Section:
    """Return the mechanisms with the largest effects."""
    rows: list[tuple[str, ...]] = [
        (
            one.mechanism,
            _sure(one.agreement),
            _sure(one.decoupled),
            value("share", Interval(one.changed, math.nan, math.nan)),
        )
        for one in effects[:LARGEST]
    ]
    idle = [one.mechanism for one in effects if one.changed == 0.0]
    return Section(
        f"What carries the system in {heading}",
        ("switched off", "any agreement", "decoupled", "worlds changed"),
        rows,
        f"The {len(rows)} largest of {len(effects)} mechanisms: off minus on in the same worlds, "
        "with paired 95 % intervals; * if the interval excludes 0. "
        f"Without effect: {', '.join(idle) or 'none'}.",
    )


def removal_section(setting: Scenario, heading: str, removals: Sequence[Removal]) -> Section:
    """Return the effect of removing each actor or edge, beside its influence on the leader."""
    sides = list(setting.sides)
    ordered = sorted(removals, key=lambda one: -one.influence if one.influence > 0.0 else 0.0)
    rows = [
        (
            f"{_title(setting, one.removed)}{' *' if one.counts else ''}",
            MISSING if math.isnan(one.influence) else f"{PERCENT * one.influence:.1f} %",
            _sure(one.agreement),
            *(value("points", one.terms[side]) if side in one.terms else MISSING for side in sides),
            _moved(setting, one),
        )
        for one in ordered
    ]
    return Section(
        f"{heading} in {setting.name}",
        (
            "removed",
            "influence",
            "any agreement",
            *(f"worth of a deal, {side}" for side in sides),
            "largest change of content",
        ),
        rows,
        "Influence: share of the actor's own view in the opinion of its leader at rest (Friedkin "
        "and Johnsen 1990), through the edge if one is removed; the rest is effects. Without minus "
        "with it, with paired 99 % intervals. Worth, in points of utility, and content: in worlds "
        "that end with a deal in both cases. If the actor leads the talks, the leader takes over. "
        "* if an interval excludes 0.",
    )


def _title(setting: Scenario, removed: str) -> str:
    """Return the title of an actor, or those of both ends of an edge."""
    return " to ".join(setting.actors[key].title for key in removed.split(">"))


def _moved(setting: Scenario, one: Removal) -> str:
    """Return the issue whose agreed level changes most, and by how much."""
    if one.moved is None:
        return MISSING
    return f"{setting.issues[one.moved].title}: {_sure(one.content[one.moved])}"


def inert_section(heading: str, found: Findings) -> Section:
    """Return the numbers that change no outcome, with similar names in one row."""
    groups: dict[str, list[str]] = {}
    for name in found.inert.names:
        groups.setdefault(_pattern(name), []).append(name)
    rows = [
        (names[0] if len(names) == 1 else pattern, f"{len(names)}", ", ".join(map(_own, names)))
        for pattern, names in groups.items()
    ]
    return Section(
        f"Inert numbers of {heading}",
        ("numbers", "how many", "of"),
        [(name, count, of if count != "1" else "") for name, count, of in rows],
        f"{len(found.inert.names)} of {found.inert.tried} numbers change no outcome column at "
        "either end of their range, each moved alone in the same worlds. A number may be inert "
        "because the scenario does not use its rule, or because it only gives words an amount.",
    )


def _pattern(name: str) -> str:
    """Return a dotted name with a star for its entry.

    >>> _pattern("actors.elon_musk.access"), _pattern("talks.step")
    ('actors.*.access', 'talks.step')
    """
    first, *middle, last = name.split(".")
    return ".".join([first, "*", *middle[1:], last]) if middle else name


def _own(name: str) -> str:
    """Return the entry of a dotted name."""
    return re.split(r"\.", name)[1]


def _ends(form: str, scale: float, found: Interval) -> str:
    return " to ".join(form.format(scale * end) for end in (found.low, found.high))


def _sure(found: Interval) -> str:
    """Return a difference of shares with its interval, and a star if that excludes 0."""
    return value("difference of shares", found) + (" *" if found.low * found.high > 0.0 else "")
