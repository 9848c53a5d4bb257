"""Compares two results folders: what was asked otherwise, and what became of the same worlds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.report import differences as numbers
from experiments.report.blocks import Bars, Page, Part, Table, strip
from experiments.report.differences import Difference, unlike
from experiments.report.folder import Folder, read_folder
from experiments.report.kinds import READ_WITH_CARE, interval
from experiments.report.numbers import number, signed
from experiments.report.page import write_page
from experiments.report.provenance import again, citing
from experiments.results.errors import ResultsError
from experiments.results.layout import RUNS
from experiments.statistics import Interval
from experiments.summary import Section
from model.outcomes import counted_together
from model.schema.problems import Problem

MOST_ROWS = 80  # entries that differ: more are counted only
OTHER = ("seed", "worlds", "points", "worlds_per_point", "commit", "code", "versions", "processor")
HASHES, SHOWN = ("commit", "code"), 12
APART = {"figures", "limits", "cells", "sources"}  # of a description: told elsewhere, or long
EXPERIMENT = "experiment"
# Measures that are the share of one outcome, which the comparison lists as an outcome already.
TWICE = {name for name, keys in counted_together().items() if len(keys) == 1}
CODE = " The model's code or data changed between them, and may be a part of every difference."


@dataclass(frozen=True)
class Comparison:
    """What a comparison says in words, and the page that it wrote."""

    headline: str
    sections: list[Section]
    path: Path


def compare(first: str | Path, second: str | Path, out: str | Path | None = None) -> Comparison:
    """Compare two results folders of the same kind, and write a page that says how they differ.

    out: the page, by default compare_NAME.html in the first folder, NAME being the second's. Worlds
    of the same seed and luck number are compared one by one.

    Raises:
        ResultsError: no results, different kinds, nothing in common, or no place to write to.
    """
    a, b = _both(Path(first), Path(second))
    path = _path(a, b, out)
    if a.kind == EXPERIMENT:
        headline, told, parts = _claims(a, b)
    else:
        headline, told, parts = _worlds(a, b)
    asked = _asked(a, b)
    legend = f"A is {a.name} in {a.place}. B is {b.name} in {b.place}. Differences are B minus A."
    page = Page(
        "comparison",
        f"{a.name} and {b.name}" if a.name != b.name else f"Two of {a.name}",
        [legend, headline, READ_WITH_CARE],
        [
            *parts,
            Part("asked", "What was asked otherwise", [Table(section) for section in asked]),
            citing(a),
            *(
                Part(f"{again(one).key}_{letter}", f"To make {letter} again", again(one).blocks)
                for letter, one in (("A", a), ("B", b))
            ),
        ],
    )
    return Comparison(f"{legend} {headline}", [*told, *asked], write_page(page, path))


def _both(first: Path, second: Path) -> tuple[Folder, Folder]:
    """Read both folders; tell what is wrong with either at once."""
    found, problems = [], []
    for place in (first, second):
        try:
            found.append(read_folder(place))
        except ResultsError as error:
            problems += [
                Problem(f"{place} {one.place}", one.written, one.why, one.remedy)
                for one in error.problems
            ]
    both = Path(f"{first} and {second}")
    if problems:
        raise ResultsError(both, problems)
    a, b = found
    if a.kind != b.kind:
        remedy = f"Give two of the kind {a.kind}, or two of the kind {b.kind}."
        why = "results of two kinds have no measure in common"
        raise ResultsError(both, [Problem("kind", f"{a.kind} and {b.kind}", why, remedy)])
    if a.kind == EXPERIMENT and a.name != b.name:
        why = "two experiments make different claims"
        remedy = f"Give another run of {a.name}, or of {b.name}."
        raise ResultsError(both, [Problem(EXPERIMENT, f"{a.name} and {b.name}", why, remedy)])
    return a, b


def _path(a: Folder, b: Folder, out: str | Path | None) -> Path:
    path = Path(out) if out else a.place / f"compare_{b.place.resolve().name}.html"
    if path.suffix != ".html":
        remedy = "Give a file such as comparison.html."
        problem = Problem("--out", str(path), "must be an HTML file", remedy)
        raise ResultsError(path, [problem])
    return path


def _worlds(a: Folder, b: Folder) -> tuple[str, list[Section], list[Part]]:
    """Return how the measures of two results differ, paired where both met the same luck."""
    measures = numbers.common(a.place, b.place)
    if not measures:
        why, remedy = "the two tables have no measure in common", "Run both with this version."
        raise ResultsError(Path(f"{a.place} and {b.place}"), [Problem(RUNS, "", why, remedy)])
    left, right = (numbers.read_worlds(one.place, measures) for one in (a, b))
    shared = len(left.index.intersection(right.index))
    paired = a.manifest["seed"] == b.manifest["seed"] and shared >= numbers.LEAST
    found = numbers.differences(left, right, measures, paired)
    ends = {name: one for name, one in found.items() if name.startswith("outcome ")}
    rest = {name: one for name, one in found.items() if name not in {*ends, *TWICE}}
    clear = sum(one.clear for one in [*ends.values(), *rest.values()])
    headline = (
        f"{_pairing(a, b, paired, shared)} Of {len(ends) + len(rest)} differences, {clear} "
        f"{'has' if clear == 1 else 'have'} a 95 % interval clear of 0."
        f"{'' if a.manifest.get('code') == b.manifest.get('code') else CODE}"
    )
    tables = [_table("How the worlds end", ends), _table("What else differs", rest)]
    parts = [
        Part("outcomes", "How the worlds end", [_bars(ends), _bare(tables[0])]),
        Part("measures", "All other measures", [_bare(tables[1])]),
    ]
    single = a.manifest.get("points", 1) == b.manifest.get("points", 1) == 1
    if paired and single and ends:
        tables.append(_moved(a, b))
        parts.insert(1, Part("moved", "Where the same worlds went", [_bare(tables[-1])]))
    return headline, tables, parts


def _pairing(a: Folder, b: Folder, paired: bool, shared: int) -> str:
    if paired:
        points = any(one.manifest.get("points", 1) > 1 for one in (a, b))
        over = " Each is averaged over its design points." if points else ""
        return (
            f"Both met the same luck (seed {a.manifest['seed']}): {shared:,} worlds are compared "
            f"one by one.{over}"
        )
    return (
        f"The seeds differ ({a.manifest['seed']} and {b.manifest['seed']}): no world has a "
        "partner, and intervals are of two independent samples, which are wider. Run both with "
        "one seed."
    )


def _table(title: str, found: dict[str, Difference]) -> Section:
    rows: list[tuple[str, ...]] = [
        (
            f"{one.title} ({one.unit})",
            signed(one.change.estimate) + ("*" if one.clear else ""),
            f"{signed(one.change.low)} to {signed(one.change.high)}",
            number(one.first),
            number(one.second),
            f"{one.worlds:,}",
        )
        for one in found.values()
    ]
    return Section(
        title,
        ("measure", "B − A", "95 % interval", "A", "B", "worlds"),
        rows,
        "*: the interval is clear of 0; of twenty measures that do not differ, about one is marked "
        "by luck alone. Worlds: those that have the measure, in both where worlds are paired.",
    )


def _bars(ends: dict[str, Difference]) -> Bars:
    edges = [abs(end) for one in ends.values() for end in one.change]
    reach = 1.05 * max(edges, default=0.0) or 1.0
    rows = [(one.title, _ends(one.change), strip(one.change, [], reach)) for one in ends.values()]
    return Bars(rows, "Difference of the shares, B minus A, in % of worlds, with 95 % interval.")


def _bare(section: Section) -> Table:
    """Return a table without its title, which stands above it as that of the part."""
    return Table(section._replace(title=""))


def _ends(one: Interval) -> str:
    return f"{signed(one.estimate)} ({signed(one.low)} to {signed(one.high)})"


def _moved(a: Folder, b: Folder) -> Section:
    counts = numbers.moved(a.place, b.place)
    rows: list[tuple[str, ...]] = [
        (str(name), *(f"{count:,}" if count else "-" for count in counts.loc[name]))
        for name in counts.index
    ]
    same = int(sum(counts.loc[name, name] for name in counts.index))
    total = int(counts.to_numpy().sum())
    note = f"Rows: outcome in A; columns: in B. {same:,} of {total:,} worlds end as they did."
    return Section("Where the same worlds went", ("A \\ B", *map(str, counts.columns)), rows, note)


def _claims(a: Folder, b: Folder) -> tuple[str, list[Section], list[Part]]:
    """Return the claims of two runs of an experiment side by side."""
    left, right = ({str(one["claim"]): one for one in folder.findings()} for folder in (a, b))
    shared = [claim for claim in left if claim in right]
    if not shared:
        why, remedy = "the two make no claim in common", "Run both with this version."
        raise ResultsError(Path(f"{a.place} and {b.place}"), [Problem("claims", "", why, remedy)])
    rows: list[tuple[str, ...]] = []
    for claim in dict.fromkeys([*left, *right]):
        one, other = left.get(claim), right.get(claim)
        same = "only in one" if not one or not other else ""
        if one and other:
            same = "same" if one["verdict"] == other["verdict"] else "differs"
        rows.append((claim, *_told(one), *_told(other), same))
    agree = sum(left[claim]["verdict"] == right[claim]["verdict"] for claim in shared)
    columns = ("claim", "A", "effect in A", "B", "effect in B", "verdict")
    note = (
        "Effects with 95 % intervals, over all contexts together, and in how many contexts each "
        "claim holds. The intervals are of each run by itself, and not of their difference."
    )
    section = Section("Claims side by side", columns, rows, note)
    headline = f"{agree} of {len(shared)} claims that both make have the same verdict."
    return headline, [section], [Part("claims", "Claims side by side", [_bare(section)])]


def _told(finding: dict[str, Any] | None) -> tuple[str, str]:
    if finding is None:
        return "-", "-"
    return str(finding["verdict"]), (
        f"{_ends(interval(finding['effect']))} {finding['unit']}; "
        f"holds in {finding['held']} of {len(finding['each'])}"
    )


def _asked(a: Folder, b: Folder) -> list[Section]:
    """Return what differs in scenarios, description, and what made the results."""
    arms: list[dict[str, Any]] = [
        {str(arm["name"]): arm["scenario"] for arm in one.manifest["arms"]} for one in (a, b)
    ]
    if len(arms[0]) == len(arms[1]) == 1:
        settings = [next(iter(one.values())) for one in arms]
    else:
        settings = arms
    meaning = numbers.meanings(a.scenario)
    rows: list[tuple[str, ...]] = [
        (*row, meaning.get(row[0].removeprefix(f"{a.manifest['arms'][0]['name']}."), ""))
        for row in unlike(*settings)
    ]
    about = [{k: v for k, v in one.about.items() if k not in APART} for one in (a, b)]
    made = [{key: _short(key, one.manifest.get(key)) for key in OTHER} for one in (a, b)]
    return [
        _unlike("Scenario", ("number or entry", "A", "B", "meaning"), rows),
        *(
            [_unlike("Description", ("entry", "A", "B"), found)]
            if (found := unlike(*about))
            else []
        ),
        _unlike("What made them", ("entry", "A", "B"), unlike(*made)),
    ]


def _short(key: str, value: Any) -> Any:
    """Return the beginning of a hash, which tells it apart, and all else as it is."""
    return value[:SHOWN] if key in HASHES and isinstance(value, str) else value


def _unlike(title: str, columns: tuple[str, ...], rows: Any) -> Section:
    kept: list[tuple[str, ...]] = list(rows)
    more = len(kept) - MOST_ROWS
    note = "No difference." if not kept else f"And {more:,} more." if more > 0 else ""
    return Section(title, columns, kept[:MOST_ROWS], note)
