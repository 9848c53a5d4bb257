"""Model: description, limits, all numbers with their sources, validation, citation."""

from typing import Any
from urllib.parse import parse_qs

import solara

from app import model_facts as facts
from app.components.blocks import Blocks, Style, Words
from app.components.frame import Children
from app.components.parts import Controls, Messages, Rows
from app.inputs.explore_url import MAIN
from app.inputs.scenario_store import ScenarioStore
from experiments.diagnose.document import FIRST
from experiments.diagnose.sections import file_section, gates_met
from experiments.report.blocks import Table, Text
from experiments.report.blocks import Words as Paragraphs
from experiments.summary import Section
from model.schema.problems import Problem, did_you_mean, written

TITLE, ORDER = "Model", 60
LAST = ".w-numbers tbody tr"
PATH = "/model"
UNKNOWN_HISTORY = (
    "There is no page on this yet: docs/validation.md is written after the model is compared with "
    "2018-20. Until then, nothing here is tested on events. `python run.py history` makes the "
    "comparison and writes its tables to results/history."
)
UNKNOWN_DIAGNOSTICS = (
    f"There is no file on this yet. `python run.py diagnose {MAIN} --out docs/diagnostics/{MAIN}` "
    "measures the figures and writes it."
)

PARTS = {
    "about": "What it is",
    "not": "What it is not",
    "care": "Read with care",
    "limits": "Limits that are tested",
    "history": "How well it did on history",
    "diagnostics": "How well its rules work",
    "numbers": "Every number",
    "columns": "Columns of the results",
    "cite": "How to cite",
}


@solara.component_vue("../components/numbers.vue")
def Numbers(rows: Rows) -> None:
    """Show numbers in a searchable table."""


@solara.component_vue("../components/jump.vue")
def Jump(rows: list[list[str]]) -> None:
    """Show links to the parts of a page."""


@solara.component
def Page() -> None:
    """Draw the page: text, limits, history, numbers, citation."""
    router = solara.use_router()
    scenario_store = solara.use_memo(ScenarioStore, [])
    name, problems = solara.use_memo(lambda: asked(router.search, scenario_store), [router.search])
    texts = solara.use_memo(facts.texts, [])
    with solara.v.Html(tag="div", class_="w-reading"):
        Style()
        Messages("This link has invalid values", problems)
        with solara.v.Html(tag="div", class_="w-stack"):
            Jump(rows=[list(one) for one in PARTS.items()])
            with solara.v.Html(tag="div", class_="w-halves"):
                with Card("about"):
                    Words(texts[PARTS["about"]])
                with solara.v.Html(tag="div", class_="w-stack"):
                    for key in ("not", "care"):
                        with Card(key):
                            Words(texts[PARTS[key]])
            Limits()
            History()
            Diagnostics()
            with Card("numbers"):
                Declared(scenario_store, name, lambda new: router.push(f"{PATH}?scenario={new}"))
            Columns(scenario_store, name)
            Citation()


@solara.component
def Card(key: str, children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Show a part of the page with its title."""
    with solara.v.Html(tag="section", class_="w-card", attributes={"id": key}):
        solara.v.Html(tag="h1" if key == "about" else "h2", children=[PARTS[key]])
        solara.v.Html(tag="div", children=children)


@solara.component
def Limits() -> None:
    """Show closed-form results of theory, and the tests that check the model against them."""
    limits = solara.use_memo(facts.limits, [])
    rows: list[tuple[str, ...]] = [(one.says, one.source, named(one.test)) for one in limits]
    words = (
        "If theory has a closed form, the model must reproduce it: the same code, with everything "
        "else switched off. Each line is a test that runs with every change."
    )
    table = Table(Section("", ("result of theory", "source", "test"), rows))
    with Card("limits"), solara.v.Html(tag="div", class_="w-limits"):
        Blocks([Paragraphs([words]), table])


@solara.component
def History() -> None:
    """Show how well the model fits history, or that this is not known yet."""
    summary = solara.use_memo(facts.summary, [])
    with Card("history"):
        Words(summary or UNKNOWN_HISTORY)
        if summary:
            Words("Details: docs/validation.md.")


@solara.component
def Diagnostics() -> None:
    """Show the diagnostics of the default scenario, from the file that the command wrote."""
    found = solara.use_memo(facts.diagnosis, [])
    with Card("diagnostics"):
        if not found:
            Words(UNKNOWN_DIAGNOSTICS)
            return
        (met, judged), (before, of) = gates_met(found), gates_met(found[FIRST])
        words = (
            "Each row is a figure that shows whether a rule does what it should. Some have a gate, "
            f"which a good model passes: {met} of {judged} gates are met, and {before} of {of} by "
            "the rules of the first edition. Keep the gates that are missed in mind when you read "
            "results. The command below measures the figures again, also for your own scenario. "
            "docs/diagnostics.md explains each of them."
        )
        with solara.v.Html(tag="div", class_="w-limits w-named"):
            Blocks(
                [
                    Paragraphs([words]),
                    Table(file_section(found), folded=True),
                    Text(found["command"], wrap=True),
                ]
            )


@solara.component
def Declared(scenario_store: ScenarioStore, name: str, go: Any) -> None:
    """Show all numbers of a scenario, with a menu of scenarios."""
    rows = solara.use_memo(lambda: facts.numbers(scenario_store.load(name)), [name])
    assumed = sum(row["assumed"] for row in rows)
    words = (
        f"{len(rows)} numbers make up this scenario, and {assumed} of them rest on an assumption. "
        "Each can be changed in Explore, in a scenario file, or on the command line."
    )
    solara.v.Html(tag="p", children=[words])
    choice = {
        "kind": "choice",
        "name": "scenario",
        "label": "Scenario",
        "value": name,
        "options": list(scenario_store.titles().items()),
    }
    with solara.v.Html(tag="div", class_="w-ask"):
        Controls(rows=[choice], event_change=lambda data: go(str(data["text"])))
    Numbers(rows=rows)


@solara.component
def Columns(scenario_store: ScenarioStore, name: str) -> None:
    """Show the columns of a scenario's results, folded away: name, unit, type and meaning."""
    rows = solara.use_memo(lambda: facts.columns(scenario_store.load(name)), [name])
    title = f"{len(rows)} columns of the results of {name}"
    section = Section(title, ("column", "unit", "type", "meaning"), rows)
    with Card("columns"), solara.v.Html(tag="div", class_="w-limits"):
        Blocks([Table(section, folded=True)])


@solara.component
def Citation() -> None:
    """Show how to cite the software."""
    part = solara.use_memo(facts.citation, [])
    with Card("cite"):
        Blocks(
            [*part.blocks, Paragraphs(["CITATION.cff has the same data in machine-readable form."])]
        )


def named(test: str) -> str:
    """Return the name of a test in words, and its file.

    >>> named("tests/test_limits.py::TestSteps::test_two_micros_meet_in_the_middle")
    'two micros meet in the middle, in tests/test_limits.py'
    """
    path, *_, name = test.split("::")
    return f"{name.removeprefix('test_').replace('_', ' ')}, in {path}"


def asked(search: str | None, scenario_store: ScenarioStore) -> tuple[str, tuple[Problem, ...]]:
    """Return the scenario that a query string names, or the default, and the problems."""
    name = parse_qs(search or "").get("scenario", [MAIN])[0]
    if name in scenario_store.titles():
        return name, ()
    remedy = f"{did_you_mean(name[:60], scenario_store.titles())} Opened: {MAIN}."
    shown = written(name if len(name) <= 60 else f"{name[:57]}...")
    return MAIN, (Problem("scenario", shown, "there is no such scenario", remedy),)
