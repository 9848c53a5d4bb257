"""What each kind of results says in a report, in its own words: run, experiment, and the others."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from experiments.engine import Run
from experiments.report.blocks import (
    Card,
    Cards,
    Facts,
    Figures,
    Items,
    Page,
    Part,
    Table,
    Text,
    Words,
    strip,
)
from experiments.report.folder import Folder
from experiments.report.numbers import number, signed
from experiments.report.provenance import again, citing, provenance, sources, worlds
from experiments.results.folder import FRONT, read_results
from experiments.results.layout import CELLS, CHRONICLES, FIGURES, RUNS, SUMMARY, SWEEP_TABLE
from experiments.statistics import Interval
from experiments.summary import (
    Section,
    consequence_section,
    content_section,
    headline,
    limits,
    outcome_section,
    sweep_section,
)
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario

READ_WITH_CARE = (
    "Shares are those of simulated worlds under assumed numbers. None is the probability that "
    "something happens; read each beside its interval and the sweep of the assumptions."
)
LEDES = {
    "run": "One scenario, lived in many worlds that differ by their luck.",
    "experiment": "One question put to the model, with what would answer it said beforehand.",
    "sensitivity": "Which numbers of the scenario decide, and how much of what is seen is luck.",
    "history": "The model held against a record that it was, or was not, fitted to.",
    "forecast": "What the scenario says of the weeks to come, in a form that can be judged later.",
}


def page(folder: Folder) -> Page:
    """Return the report of a folder: the kind's own parts, then those that all have."""
    own = OWN.get(folder.kind, _other)(folder)
    figures = [one for one in folder.figures() if one.name not in folder.about.get("cards", [])]
    shown = [Part("figures", "Figures", [Figures(figures)])] if figures else []
    at = next((n for n, part in enumerate(own) if part.key == "tables"), len(own))
    parts = [*own[:at], *shown, *own[at:], _limits(folder), provenance(folder)]
    literature = sources(folder)
    parts += [*_columns(folder), *([literature] if literature else [])]
    parts += [citing(folder), again(folder)]
    title = str(folder.about.get("title") or folder.scenario.get("title") or folder.name)
    lede = [LEDES.get(folder.kind, "A study of many worlds."), READ_WITH_CARE]
    return Page(f"{folder.kind} {folder.name}", title, lede, parts)


def _run(folder: Folder) -> list[Part]:
    """Return what a run asked and found: outcomes, sweep, contents, consequences, chronicles."""
    found = read_results(folder.place)
    run = Run(found.scenario, found.seed, found.outcomes.drop(columns=FRONT), None, found.sweep)
    cells = found.table(SWEEP_TABLE) if SWEEP_TABLE in folder.manifest["files"] else None
    description = run.scenario.description
    asked = [
        headline(run) + ".",
        *([description] if description else []),
        "How do the talks end, what do agreements contain, and what follows, in worlds that differ "
        "by their luck and by private numbers drawn for each?",
    ]
    ends = [Table(outcome_section(run, cells))]
    ends += [Table(sweep_section(run.scenario.name, cells))] if cells is not None else []
    rest = [Table(content_section(run)), Table(consequence_section(run))]
    told = folder.words(CHRONICLES)
    parts = [
        Part("asked", "What was asked", [Words(asked)]),
        Part("findings", "How the talks end", ends),
        Part("tables", "What agreements contain, and what follows", rest),
        Part("design", "Design", [Facts(_scenario_facts(folder))]),
    ]
    if told:
        title = "One world of each outcome, week by week"
        parts.insert(3, Part("chronicles", "Single worlds", [Text(told, title)]))
    return parts


def _experiment(folder: Folder) -> list[Part]:
    """Return question, claims with verdicts, cells and design of an experiment."""
    about = folder.about
    asked = [
        (words, str(about[key]))
        for key, words in (
            ("question", "Question"),
            ("hypothesis", "Hypothesis"),
            ("expected", "What the literature expects"),
        )
        if about.get(key)
    ]
    cards = [card(one) for one in folder.findings()]
    files = [f"{FIGURES}/{name}.png" for name in about.get("cards", [])]
    wall = [Words([f"The same for a lecture: {', '.join(files)}."])] if files else []
    return [
        Part("asked", "What was asked", [Facts(asked)]),
        Part("findings", "What was found", [Words([tally(cards)]), Cards(cards), *wall]),
        Part("tables", "The cells", [Table(section, folded=True) for section in _cells(folder)]),
        Part("design", "Design", _design(folder)),
    ]


def tally(cards: list[Card]) -> str:
    """Return how many claims have which verdict, and how that is judged."""
    verdicts = [one.verdict for one in cards]
    counts = [f"{verdicts.count(v)} {v}" for v in dict.fromkeys(sorted(verdicts, reverse=True))]
    return (
        f"Of {len(cards)} claims: {', '.join(counts)}. A claim is supported if its 95 % interval "
        "is clear of 0 over all contexts together and in at least 7 of 9 contexts (cost scale × "
        "window). Built in means: it follows from how a rule is written, and is no finding. "
        "In each strip the diamond is all contexts together, the dots are the single contexts."
    )


def card(finding: dict[str, Any]) -> Card:
    """Return a finding of findings.json as a card."""
    pooled, each = interval(finding["effect"]), [interval(one) for one in finding["each"]]
    known = math.isfinite(pooled.estimate)
    return Card(
        str(finding["claim"]),
        str(finding["verdict"]),
        f"{signed(pooled.estimate)} {finding['unit']}" if known else "no world has it",
        f"{signed(pooled.low)} to {signed(pooled.high)}" if known else "",
        f"{finding['held']} of {len(each)}",
        str(finding.get("detail", "")),
        strip(pooled, each),
        str(finding.get("sentence", finding["claim"])),
    )


def interval(ends: list[float | None]) -> Interval:
    """Return an interval as JSON holds it; null stands for a number that is none."""
    estimate, low, high = (float("nan") if end is None else float(end) for end in ends)
    return Interval(estimate, low, high)


def _cells(folder: Folder) -> list[Section]:
    """Return a table a measure: its mean in each cell over all contexts."""
    factors, measures = folder.about.get("factors", {}), folder.about.get("measures", {})
    contexts = list(folder.about["contexts"][0]) if folder.about.get("contexts") else []
    rows = list(csv.DictReader(io.StringIO(folder.words(CELLS))))
    pooled = [row for row in rows if not any(row.get(name) for name in contexts)]
    titles = [str(factor["title"]) for factor in factors.values()]
    note = (
        "Over all contexts together. The cells met the same luck: their differences are surer "
        f"than these intervals look. Each context: {CELLS}."
    )
    return [
        Section(
            f"{told['title']} ({told['unit']})",
            (*titles, "mean", "95 % interval"),
            [
                (*(row[key] for key in factors), *_ends(row))
                for row in pooled
                if row["measure"] == name
            ],
            note,
        )
        for name, told in measures.items()
    ]


def _ends(row: dict[str, str]) -> tuple[str, str]:
    if not row["estimate"]:
        return "no world has it", "-"
    middle, low, high = (float(row[key]) for key in ("estimate", "low", "high"))
    return number(middle), f"{number(low)} to {number(high)}"


def _design(folder: Folder) -> list[Any]:
    about = folder.about
    rows: list[tuple[str, ...]] = [
        (
            str(factor["title"]),
            str(level["label"]),
            ", ".join(f"{name} = {value}" for name, value in level["settings"].items())
            or "as in the scenario",
        )
        for factor in about.get("factors", {}).values()
        for level in factor["levels"]
    ]
    contexts = about.get("contexts", [])
    names = list(contexts[0]) if contexts else []
    told = "; ".join(f"{n}: {', '.join(f'{v:g}' for v in _levels(contexts, n))}" for n in names)
    facts = [
        ("Cells", f"{len(about.get('cells', []))} combinations of levels"),
        ("Contexts", f"{len(contexts)}, every combination of {told}"),
        *_scenario_facts(folder),
    ]
    held = about.get("settings", {})
    if held:
        facts.append(("In all cells", ", ".join(f"{n} = {v}" for n, v in held.items())))
    return [Table(Section("Factors", ("factor", "level", "what it sets"), rows)), Facts(facts)]


def _levels(contexts: list[dict[str, float]], name: str) -> list[float]:
    return sorted({float(context[name]) for context in contexts})


def _scenario_facts(folder: Folder) -> list[tuple[str, str]]:
    setting = folder.scenario
    weeks = setting.get("time", {}).get("horizon", "?")
    name = folder.about.get("scenario") or setting.get("name", "")
    return [
        ("Scenario", f"{name}: {setting.get('title', '')}, {weeks} weeks from {setting['start']}"),
        ("Worlds", worlds(folder.manifest)),
        ("Luck", f"seed {folder.manifest['seed']}; the same number meets the same luck everywhere"),
    ]


def _other(folder: Folder) -> list[Part]:
    """Return words, tables and description of any other kind as they stand in its folder."""
    about = {k: v for k, v in folder.about.items() if isinstance(v, str | int | float | bool)}
    facts = [(str(key).replace("_", " "), str(value)) for key, value in about.items()]
    told = folder.words(SUMMARY)
    asked = [Facts(facts)] if facts else [Words([f"{folder.kind} of {folder.name}."])]
    tables = [Table(section, folded=True) for section in folder.tables()]
    return [
        Part("asked", "What was asked", asked),
        *([Part("findings", "What was found", [Text(told)])] if told else []),
        *([Part("tables", "Tables", tables)] if tables else []),
        Part("design", "Design", [Facts(_scenario_facts(folder))]),
    ]


def _columns(folder: Folder) -> list[Part]:
    """Return what the columns of the table of worlds are, as the manifest describes them."""
    described = folder.manifest.get("columns", [])
    keys = ("name", "unit", "type", "meaning")
    rows = [tuple(str(one.get(key, "")) for key in keys) for one in described]
    section = Section(f"{len(rows)} columns of {RUNS}", ("column", *keys[1:]), rows)
    return [Part("columns", "Columns", [Table(section, folded=True)])] if rows else []


def _limits(folder: Folder) -> Part:
    """Return what the results rest on: limits, caveats, and what is built in."""
    words = [str(folder.about.get("limits") or _scenario_limits(folder))]
    blocks: list[Any] = [Words(words)]
    caveats = [str(one) for one in folder.about.get("caveats", [])]
    if folder.kind == "experiment":
        caveats += [
            f"Built in, and so no finding: {one['claim']}."
            for one in folder.findings()
            if one["verdict"] == "built in"
        ]
    return Part("limits", "Caveats and limits", [*blocks, *([Items(caveats)] if caveats else [])])


def _scenario_limits(folder: Folder) -> str:
    try:
        return limits(Scenario.model_validate_json(json.dumps(folder.scenario)))
    except (ValidationError, ScenarioError):
        return "The scenario is of another version of the model, which this one cannot read."


OWN: dict[str, Callable[[Folder], list[Part]]] = {"run": _run, "experiment": _experiment}
