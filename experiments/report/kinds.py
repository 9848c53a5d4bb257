"""Build the report of each kind of results: run, experiment, and all others."""

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
from experiments.report.provenance import citation, provenance, reproduction, sources, worlds
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
from model.schema.scenario import restored

READ_WITH_CARE = (
    "Shares are shares of simulated worlds under assumed parameters. None is the probability that "
    "something happens. Read each share together with its interval and the sweep of the "
    "assumptions."
)
LEDES = {
    "run": "One scenario, simulated in many worlds with different random numbers.",
    "experiment": "One question to the model, with hypotheses that were stated in advance.",
    "sensitivity": "Which parameters matter most, and how much of the variation is random.",
    "history": "The model compared with the historical record, in sample and out of sample.",
    "forecast": "A forecast for the weeks of the scenario, which can be scored later.",
}


def page(folder: Folder) -> Page:
    """Return the report of a folder: parts specific to its kind, then the common parts."""
    own = OWN.get(folder.kind, _other)(folder)
    figures = [one for one in folder.figures() if one.name not in folder.about.get("cards", [])]
    shown = [Part("figures", "Figures", [Figures(figures)])] if figures else []
    at = next((n for n, part in enumerate(own) if part.key == "tables"), len(own))
    parts = [*own[:at], *shown, *own[at:], _limits(folder), provenance(folder)]
    literature = sources(folder)
    parts += [*_columns(folder), *([literature] if literature else [])]
    parts += [citation(folder), reproduction(folder)]
    title = str(folder.about.get("title") or folder.scenario.get("title") or folder.name)
    lede = [LEDES.get(folder.kind, "A study of many worlds."), READ_WITH_CARE]
    return Page(f"{folder.kind} {folder.name}", title, lede, parts)


def _run(folder: Folder) -> list[Part]:
    """Return the parts of a run: outcomes, sweep, contents, consequences, chronicles."""
    results = read_results(folder.place)
    outcomes = results.outcomes.drop(columns=FRONT)
    run = Run(results.scenario, results.seed, outcomes, None, results.sweep)
    cells = results.table(SWEEP_TABLE) if SWEEP_TABLE in folder.manifest["files"] else None
    description = run.scenario.description
    asked = [
        headline(run) + ".",
        *([description] if description else []),
        "How do the talks end, what do agreements contain, and what are the consequences, in "
        "worlds that differ in their random numbers, including private parameters of the actors?",
    ]
    ends = [Table(outcome_section(run, cells))]
    ends += [Table(sweep_section(run.scenario.name, cells))] if cells is not None else []
    rest = [Table(content_section(run)), Table(consequence_section(run))]
    chronicles = folder.words(CHRONICLES)
    parts = [
        Part("asked", "Question", [Words(asked)]),
        Part("findings", "Outcomes of the talks", ends),
        Part("tables", "Contents and consequences of agreements", rest),
        Part("design", "Design", [Facts(_scenario_facts(folder))]),
    ]
    if chronicles:
        title = "One world of each outcome, week by week"
        parts.insert(3, Part("chronicles", "Single worlds", [Text(chronicles, title)]))
    return parts


def _experiment(folder: Folder) -> list[Part]:
    """Return the parts of an experiment: question, claims with verdicts, cells and design."""
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
    slides = [Words([f"Figures for a lecture: {', '.join(files)}."])] if files else []
    return [
        Part("asked", "Question", [Facts(asked)]),
        Part("findings", "Findings", [Words([tally(cards)]), Cards(cards), *slides]),
        Part("tables", "Cells", [Table(section, folded=True) for section in _cells(folder)]),
        Part("design", "Design", _design(folder)),
    ]


def tally(cards: list[Card]) -> str:
    """Return the number of claims by verdict, and the rule for verdicts."""
    verdicts = [one.verdict for one in cards]
    counts = [f"{verdicts.count(v)} {v}" for v in dict.fromkeys(sorted(verdicts, reverse=True))]
    return (
        f"Of {len(cards)} claims: {', '.join(counts)}. A claim is supported if its 95 % interval "
        "excludes 0 over all contexts together and in at least 7 of 9 contexts (cost scale × "
        "window). Built in means that the claim follows from the definition of a rule and is not a "
        "finding. In each strip, the diamond shows all contexts together, and the dots show the "
        "single contexts."
    )


def card(finding: dict[str, Any]) -> Card:
    """Return a finding of findings.json as a card."""
    pooled, each = interval(finding["effect"]), [interval(one) for one in finding["each"]]
    known = math.isfinite(pooled.estimate)
    return Card(
        str(finding["claim"]),
        str(finding["verdict"]),
        f"{signed(pooled.estimate)} {finding['unit']}" if known else "in no world",
        f"{signed(pooled.low)} to {signed(pooled.high)}" if known else "",
        f"{finding['held']} of {len(each)}",
        str(finding.get("detail", "")),
        strip(pooled, each),
        str(finding.get("sentence", finding["claim"])),
    )


def interval(ends: list[float | None]) -> Interval:
    """Return an interval from its JSON form, in which null is NaN."""
    estimate, low, high = (float("nan") if end is None else float(end) for end in ends)
    return Interval(estimate, low, high)


def _cells(folder: Folder) -> list[Section]:
    """Return a table per measure with its mean in each cell over all contexts."""
    factors, measures = folder.about.get("factors", {}), folder.about.get("measures", {})
    contexts = list(folder.about["contexts"][0]) if folder.about.get("contexts") else []
    rows = folder.rows(CELLS, [*factors, "measure", "estimate", "low", "high"])
    pooled = [row for row in rows if not any(row.get(name) for name in contexts)]
    titles = [str(factor["title"]) for factor in factors.values()]
    note = (
        "Over all contexts together. The cells use the same random numbers, so their differences "
        f"are more certain than these intervals suggest. Results by context: {CELLS}."
    )
    return [
        Section(
            f"{measure['title']} ({measure['unit']})",
            (*titles, "mean", "95 % interval"),
            [
                (*(row[key] for key in factors), *_ends(row))
                for row in pooled
                if row["measure"] == name
            ],
            note,
        )
        for name, measure in measures.items()
    ]


def _ends(row: dict[str, str]) -> tuple[str, str]:
    if not row["estimate"]:
        return "in no world", "-"
    try:
        middle, low, high = (float(row[key]) for key in ("estimate", "low", "high"))
    except ValueError:
        return "unreadable", "-"
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
    values = "; ".join(f"{n}: {', '.join(f'{v:g}' for v in _levels(contexts, n))}" for n in names)
    facts = [
        ("Cells", f"{len(about.get('cells', []))} combinations of levels"),
        ("Contexts", f"{len(contexts)}, all combinations of {values}"),
        *_scenario_facts(folder),
    ]
    common = about.get("settings", {})
    if common:
        facts.append(("In all cells", ", ".join(f"{n} = {v}" for n, v in common.items())))
    return [Table(Section("Factors", ("factor", "level", "settings"), rows)), Facts(facts)]


def _levels(contexts: list[dict[str, float]], name: str) -> list[float]:
    return sorted({float(context[name]) for context in contexts})


def _scenario_facts(folder: Folder) -> list[tuple[str, str]]:
    setting = folder.scenario
    weeks = setting.get("time", {}).get("horizon", "?")
    name = folder.about.get("scenario") or setting.get("name", "")
    return [
        (
            "Scenario",
            f"{name}: {setting.get('title', '')}, {weeks} weeks from {setting.get('start', '?')}",
        ),
        ("Worlds", worlds(folder.manifest)),
        (
            "Random seed",
            f"seed {folder.manifest['seed']}; worlds with the same number have the same random "
            "numbers everywhere",
        ),
    ]


def _other(folder: Folder) -> list[Part]:
    """Return the parts of any other kind: description, summary and tables of its folder."""
    about = {k: v for k, v in folder.about.items() if isinstance(v, str | int | float | bool)}
    facts = [(str(key).replace("_", " "), str(value)) for key, value in about.items()]
    summary = folder.words(SUMMARY)
    asked = [Facts(facts)] if facts else [Words([f"{folder.kind} of {folder.name}."])]
    tables = [Table(section, folded=True) for section in folder.tables()]
    return [
        Part("asked", "Question", asked),
        *([Part("findings", "Findings", [Text(summary)])] if summary else []),
        *([Part("tables", "Tables", tables)] if tables else []),
        Part("design", "Design", [Facts(_scenario_facts(folder))]),
    ]


def _columns(folder: Folder) -> list[Part]:
    """Return the columns of the table of worlds, as described in the manifest."""
    described = folder.manifest.get("columns", [])
    keys = ("name", "unit", "type", "meaning")
    rows = [tuple(str(one.get(key, "")) for key in keys) for one in described]
    section = Section(f"{len(rows)} columns of {RUNS}", ("column", *keys[1:]), rows)
    return [Part("columns", "Columns", [Table(section, folded=True)])] if rows else []


def _limits(folder: Folder) -> Part:
    """Return limits, caveats, and built-in claims."""
    words = [str(folder.about.get("limits") or _scenario_limits(folder))]
    blocks: list[Any] = [Words(words)]
    caveats = [str(one) for one in folder.about.get("caveats", [])]
    if folder.kind == "experiment":
        caveats += [
            f"Built in, and therefore not a finding: {one['claim']}."
            for one in folder.findings()
            if one["verdict"] == "built in"
        ]
    return Part("limits", "Caveats and limits", [*blocks, *([Items(caveats)] if caveats else [])])


def _scenario_limits(folder: Folder) -> str:
    try:
        return limits(restored(folder.scenario))
    except (ValidationError, ScenarioError):
        return "The scenario was written by another version of the model and cannot be read."


OWN: dict[str, Callable[[Folder], list[Part]]] = {"run": _run, "experiment": _experiment}
