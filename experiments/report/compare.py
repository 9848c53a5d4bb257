"""Compare two results folders: their settings, and the outcomes of the same worlds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.report import differences as numbers
from experiments.report.blocks import Bars, Page, Part, Table, strip
from experiments.report.differences import Difference, differing_entries
from experiments.report.folder import Folder, read_folder
from experiments.report.kinds import READ_WITH_CARE, interval
from experiments.report.numbers import number, signed
from experiments.report.page import write_page
from experiments.report.provenance import citation, reproduction
from experiments.results.errors import ResultsError
from experiments.results.layout import RUNS
from experiments.statistics import Interval
from experiments.summary import Section
from model.outcomes import counted_together
from model.schema.problems import Problem

MOST_ROWS = 80  # differing entries that are listed; further ones are only counted
OTHER = ("seed", "worlds", "points", "worlds_per_point", "commit", "code", "versions", "processor")
HASHES, SHOWN = ("commit", "code"), 12
OMITTED = {
    "figures",
    "limits",
    "cells",
    "sources",
}  # shown elsewhere, or too long
EXPERIMENT = "experiment"
TRANSITIONS = "Outcomes of the same worlds"
# Measures that are the share of one outcome, which the comparison lists as an outcome already.
TWICE = {name for name, keys in counted_together().items() if len(keys) == 1}
CODE = " The code or data of the model differ between the two, which may affect every difference."


@dataclass(frozen=True)
class Comparison:
    """Text of a comparison, and the path of its page."""

    headline: str
    sections: list[Section]
    path: Path


def compare(first: str | Path, second: str | Path, out: str | Path | None = None) -> Comparison:
    """Compare two results folders of the same kind, and write a page with their differences.

    out: path of the page, by default compare_NAME.html in the first folder, with NAME of the second
    folder. Worlds with the same seed and number of the random stream are compared one by one.

    Raises:
        ResultsError: no results, different kinds, nothing in common, or the page cannot be written.
    """
    a, b = _both(Path(first), Path(second))
    path = _path(a, b, out)
    if a.kind == EXPERIMENT:
        headline, sections, parts = _claims(a, b)
    else:
        headline, sections, parts = _worlds(a, b)
    settings = _settings(a, b)
    legend = f"A is {a.name} in {a.place}. B is {b.name} in {b.place}. Differences are B minus A."
    page = Page(
        "comparison",
        f"{a.name} and {b.name}" if a.name != b.name else f"Two results of {a.name}",
        [legend, headline, READ_WITH_CARE],
        [
            *parts,
            Part("asked", "Differences in settings", [Table(section) for section in settings]),
            citation(a),
            *(
                Part(
                    f"{reproduction(one).key}_{letter}",
                    f"How to reproduce {letter}",
                    reproduction(one).blocks,
                )
                for letter, one in (("A", a), ("B", b))
            ),
        ],
    )
    return Comparison(f"{legend} {headline}", [*sections, *settings], write_page(page, path))


def _both(first: Path, second: Path) -> tuple[Folder, Folder]:
    """Read both folders. Raises ResultsError with the problems of both."""
    folders, problems = [], []
    for path in (first, second):
        try:
            folders.append(read_folder(path))
        except ResultsError as error:
            problems += [
                Problem(f"{path} {one.place}", one.written, one.why, one.remedy)
                for one in error.problems
            ]
    both = Path(f"{first} and {second}")
    if problems:
        raise ResultsError(both, problems)
    a, b = folders
    if a.kind != b.kind:
        remedy = f"Give two results of the kind {a.kind}, or two of the kind {b.kind}."
        why = "results of two kinds have no measure in common"
        raise ResultsError(both, [Problem("kind", f"{a.kind} and {b.kind}", why, remedy)])
    if a.kind == EXPERIMENT and a.name != b.name:
        why = "two experiments make different claims"
        remedy = f"Give two runs of {a.name}, or two of {b.name}."
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
    """Return the differences of all measures, paired if both used the same random numbers."""
    measures = numbers.common_measures(a.place, b.place)
    if not measures:
        why = "the two tables have no measure in common"
        remedy = "Run both with this version again."
        raise ResultsError(Path(f"{a.place} and {b.place}"), [Problem(RUNS, "", why, remedy)])
    left, right = (numbers.read_worlds(one.place, measures) for one in (a, b))
    shared = len(left.index.intersection(right.index))
    paired = a.manifest["seed"] == b.manifest["seed"] and shared >= numbers.LEAST
    differences = numbers.differences(left, right, measures, paired)
    ends = {name: one for name, one in differences.items() if name.startswith("outcome ")}
    rest = {name: one for name, one in differences.items() if name not in {*ends, *TWICE}}
    clear = sum(one.clear for one in [*ends.values(), *rest.values()])
    headline = (
        f"{_pairing(a, b, paired, shared)} Of {len(ends) + len(rest)} differences, {clear} "
        f"{'has' if clear == 1 else 'have'} a 95 % interval that excludes 0."
        f"{'' if a.manifest.get('code') == b.manifest.get('code') else CODE}"
    )
    tables = [_table("Outcomes", ends), _table("Other measures", rest)]
    parts = [
        Part("outcomes", "Outcomes", [_bars(ends), _without_title(tables[0])]),
        Part("measures", "Other measures", [_without_title(tables[1])]),
    ]
    single = a.manifest.get("points", 1) == b.manifest.get("points", 1) == 1
    if paired and single and ends:
        tables.append(_transitions(a, b))
        parts.insert(1, Part("moved", TRANSITIONS, [_without_title(tables[-1])]))
    return headline, tables, parts


def _pairing(a: Folder, b: Folder, paired: bool, shared: int) -> str:
    if paired:
        points = any(one.manifest.get("points", 1) > 1 for one in (a, b))
        over = " Each is averaged over its design points." if points else ""
        return (
            f"Both used the same random numbers (seed {a.manifest['seed']}): {shared:,} worlds are "
            f"compared one by one.{over}"
        )
    return (
        f"The seeds differ ({a.manifest['seed']} and {b.manifest['seed']}): worlds cannot be "
        "paired, and the intervals are those of two independent samples, which are wider. Use the "
        "same seed for both to get paired intervals."
    )


def _table(title: str, differences: dict[str, Difference]) -> Section:
    rows: list[tuple[str, ...]] = [
        (
            f"{one.title} ({one.unit})",
            signed(one.change.estimate) + ("*" if one.clear else ""),
            f"{signed(one.change.low)} to {signed(one.change.high)}",
            number(one.first),
            number(one.second),
            f"{one.worlds:,}",
        )
        for one in differences.values()
    ]
    return Section(
        title,
        ("measure", "B − A", "95 % interval", "A", "B", "worlds"),
        rows,
        "*: the interval excludes 0. Of twenty measures without a difference, about one is marked "
        "by chance. Worlds: number of worlds with the measure (in both results, if paired).",
    )


def _bars(ends: dict[str, Difference]) -> Bars:
    edges = [abs(end) for one in ends.values() for end in one.change]
    reach = 1.05 * max(edges, default=0.0) or 1.0
    rows = [(one.title, _ends(one.change), strip(one.change, [], reach)) for one in ends.values()]
    return Bars(rows, "Difference of the shares, B minus A, in % of worlds, with 95 % interval.")


def _without_title(section: Section) -> Table:
    """Return a table without its title, which is already the title of the part."""
    return Table(section._replace(title=""))


def _ends(one: Interval) -> str:
    return f"{signed(one.estimate)} ({signed(one.low)} to {signed(one.high)})"


def _transitions(a: Folder, b: Folder) -> Section:
    counts = numbers.transitions(a.place, b.place)
    rows: list[tuple[str, ...]] = [
        (str(name), *(f"{count:,}" if count else "-" for count in counts.loc[name]))
        for name in counts.index
    ]
    same = int(sum(counts.loc[name, name] for name in counts.index))
    total = int(counts.to_numpy().sum())
    note = (
        f"Rows: outcome in A; columns: outcome in B. {same:,} of {total:,} worlds have the same "
        "outcome in both."
    )
    return Section(TRANSITIONS, ("A \\ B", *map(str, counts.columns)), rows, note)


def _claims(a: Folder, b: Folder) -> tuple[str, list[Section], list[Part]]:
    """Return the claims of two runs of an experiment side by side."""
    left, right = ({str(one["claim"]): one for one in folder.findings()} for folder in (a, b))
    shared = [claim for claim in left if claim in right]
    if not shared:
        why = "the two have no claim in common"
        remedy = "Run both with this version again."
        raise ResultsError(Path(f"{a.place} and {b.place}"), [Problem("claims", "", why, remedy)])
    rows: list[tuple[str, ...]] = []
    for claim in dict.fromkeys([*left, *right]):
        one, other = left.get(claim), right.get(claim)
        same = "only in one" if not one or not other else ""
        if one and other:
            same = "same" if one["verdict"] == other["verdict"] else "differs"
        rows.append((claim, *_verdict(one), *_verdict(other), same))
    agree = sum(left[claim]["verdict"] == right[claim]["verdict"] for claim in shared)
    columns = ("claim", "A", "effect in A", "B", "effect in B", "verdict")
    note = (
        "Effects over all contexts together with 95 % intervals, and the number of contexts in "
        "which each claim holds. The intervals are for each run, not for the difference."
    )
    section = Section("Claims side by side", columns, rows, note)
    headline = f"{agree} of {len(shared)} common claims have the same verdict."
    return headline, [section], [Part("claims", "Claims side by side", [_without_title(section)])]


def _verdict(finding: dict[str, Any] | None) -> tuple[str, str]:
    if finding is None:
        return "-", "-"
    return str(finding["verdict"]), (
        f"{_ends(interval(finding['effect']))} {finding['unit']}; "
        f"holds in {finding['held']} of {len(finding['each'])}"
    )


def _settings(a: Folder, b: Folder) -> list[Section]:
    """Return the differences in scenarios, descriptions and provenance."""
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
        for row in differing_entries(*settings)
    ]
    about = [{k: v for k, v in one.about.items() if k not in OMITTED} for one in (a, b)]
    made = [{key: _short(key, one.manifest.get(key)) for key in OTHER} for one in (a, b)]
    tables = [_listing("Scenario", ("parameter or entry", "A", "B", "meaning"), rows)]
    if description := differing_entries(*about):
        tables.append(_listing("Description", ("entry", "A", "B"), description))
    return [*tables, _listing("Provenance", ("entry", "A", "B"), differing_entries(*made))]


def _short(key: str, value: Any) -> Any:
    """Return the beginning of a hash, which is enough to identify it, or the value itself."""
    return value[:SHOWN] if key in HASHES and isinstance(value, str) else value


def _listing(title: str, columns: tuple[str, ...], rows: Any) -> Section:
    entries: list[tuple[str, ...]] = list(rows)
    more = len(entries) - MOST_ROWS
    note = "No difference." if not entries else f"And {more:,} more." if more > 0 else ""
    return Section(title, columns, entries[:MOST_ROWS], note)
