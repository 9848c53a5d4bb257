"""Experiments: the catalogue of questions, small runs, and results folders."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from app.components import lab
from app.components.blocks import Blocks, PartCard, Style
from app.components.parts import Controls, Download, Drawer, Messages
from app.inputs import results_index
from app.lab.question import SIZES, Asked, address, read
from app.lab.session import LabSession, Opened, Tried, View
from app.lab.trial import described, results, words
from experiments.factorial.catalogue_index import catalogue
from experiments.factorial.experiment import WORLDS, Experiment
from experiments.report.blocks import Part, Table

TITLE, ORDER = "Experiments", 40
LAST = ".w-cards a"
CLOSING = ("provenance", "sources", "cite", "again")  # reference parts at the end of a report
SEEDS = range(1, 11)

type Go = Callable[[Asked], None]


@solara.component
def Page() -> None:
    """Draw the list of contents, and beside it what the URL asks for."""
    router = solara.use_router()
    session = solara.use_memo(LabSession, [])
    known = solara.use_memo(catalogue, [])
    asked, problems = solara.use_memo(lambda: read(router.search, known), [router.search])
    view, set_view = solara.use_state(View())

    def work() -> None:
        session.latest_task.close()
        if asked.results:
            session.open(asked, set_view)
        else:
            set_view(session.ready(asked))

    solara.use_effect(work, [asked])
    solara.use_effect(lambda: session.latest_task.close, [])
    now = view if view.asked == asked else View(asked)

    def go(wanted: Asked) -> None:
        router.push(address(wanted))

    with solara.v.Html(tag="div"):
        Style()
        Messages("This link names something that does not exist", problems)
        Messages("This could not be shown", now.failure)
        with solara.v.Html(tag="div", class_="w-explore"):
            Contents(known, asked)
            with solara.v.Html(tag="div", class_="w-stack").key(address(asked)):
                if asked.beside:
                    Comparison(asked, now, go)
                elif asked.results:
                    Folder(asked, now, go)
                elif asked.experiment:
                    OneExperiment(session, known[asked.experiment], asked, now, set_view, go)
                else:
                    Catalogue(known)


@solara.component
def Contents(known: dict[str, Experiment], asked: Asked) -> None:
    """List the experiments and the results folders."""
    listed = results_index.names()
    with Drawer(title="Contents", note=f"{len(known)} experiments, {len(listed)} results"):
        lab.Index(
            title="Experiments",
            rows=[
                _entry(Asked(name), one.title, "", name == asked.experiment)
                for name, one in known.items()
            ],
            nothing="",
        )
        lab.Index(
            title="Results on this machine",
            rows=[
                _entry(Asked(results=name), name, "", name in (asked.results, asked.beside))
                for name in listed
            ],
            nothing="None yet: a run on the command line leaves them in results/.",
        )


@solara.component
def Catalogue(known: dict[str, Experiment]) -> None:
    """Show every experiment as a card with its question."""
    with lab.Card("Questions put to the model", top=True):
        text = (
            "Each experiment is a question from the literature, with the expected answer stated in "
            "advance. It varies a few factors, runs every cell in nine contexts of the most "
            "important assumptions, and judges each claim: supported, not supported, or built in. "
            "Try a small run here; run the whole experiment on the command line."
        )
        solara.v.Html(tag="p", children=[text])
    rows = [
        {
            "href": address(Asked(name)),
            "title": one.title,
            "text": one.question,
            "note": f"{len(one.all_cells())} cells, {len(one.sources)} sources",
        }
        for name, one in known.items()
    ]
    lab.Cards(rows=rows)


@solara.component
def OneExperiment(
    session: LabSession,
    experiment: Experiment,
    asked: Asked,
    view: View,
    show: Callable[[View], None],
    go: Go,
) -> None:
    """Show an experiment, the controls of a small run, and its results."""
    parts = solara.use_memo(lambda: described(experiment), [experiment.name])
    with lab.Card(experiment.title, top=True):
        solara.v.Html(tag="p", class_="w-said", children=[experiment.question])
        Blocks(parts[0].blocks)
        for part in parts[1:]:
            with lab.Folded(part.title):
                Blocks(part.blocks)
    with lab.Card("Try it in small"):
        Size(session, experiment, asked, view, show, go)
    if view.tried:
        Found(view.tried)


@solara.component
def Size(
    session: LabSession,
    experiment: Experiment,
    asked: Asked,
    view: View,
    show: Callable[[View], None],
    go: Go,
) -> None:
    """Show the size and seed of a small run, with buttons to start and cancel it."""
    whole = len(experiment.all_cells()) * 9
    sizes = {str(n): f"{n} ({n * whole:,} in all)" for n in sorted({*SIZES, asked.worlds})}
    seeds = {str(seed): str(seed) for seed in sorted({*SEEDS, asked.seed})}
    rows = [
        lab.choice("worlds", "Worlds in each cell and context", str(asked.worlds), sizes),
        lab.choice("seed", "Random seed", str(asked.seed), seeds),
    ]

    def change(data: dict[str, Any]) -> None:
        text = str(data["text"])
        if data["name"] in {"worlds", "seed"} and text.isdecimal():
            changed: dict[str, Any] = {data["name"]: int(text[:20])}
            go(replace(asked, **changed))

    def cancel() -> None:
        session.latest_task.close()
        show(View(asked))

    TryNote(experiment)
    with solara.v.Html(tag="div", class_="w-ask"):
        Controls(rows=rows, event_change=change)
        if view.busy:
            lab.Button("Cancel", cancel)
            lab.Progress(view.busy, view.share)
        else:
            label = "Run again" if view.tried else "Run it"
            lab.Button(label, lambda: _run(session, asked, show), main=True)
    if experiment.name in results_index.names():
        rows = [
            _entry(
                Asked(results=experiment.name),
                f"Open results/{experiment.name}",
                "",
                False,
            )
        ]
        lab.Index(title="", rows=rows, nothing="")


@solara.component
def TryNote(experiment: Experiment) -> None:
    """Explain that a small run is only a trial, and how to run the whole experiment."""
    text = (
        f"A small run is only a trial: its intervals are wide, and claims that need "
        f"{WORLDS:,} worlds in each cell fail because there are too few. The whole experiment: "
        f"python run.py experiment {experiment.name}"
    )
    solara.v.Html(tag="p", class_="w-try", children=[text])


@solara.component
def Found(tried: Tried) -> None:
    """Show the results of a small run: claims, pictures, tables, worlds."""
    made = tried.trial
    parts = solara.use_memo(lambda: results(made), [tried])
    PartCard(parts[0])
    with lab.Card("Pictures"):
        lab.Pictures(tried.pictures)
    with lab.Card("Worlds of a cell"):
        lab.Worlds(tried.batch)
    with lab.Card("Tables"):
        with lab.Folded("Mean of each measure in each cell"):
            Blocks(parts[1].blocks)
        with solara.v.Html(tag="div", class_="w-tools", style_="margin-top: 10px"):
            stem = f"{made.laid.experiment.name}_{made.laid.study.worlds}_{made.laid.study.seed}"
            Download(
                "Cells (CSV)", f"{stem}.csv", lambda: made.contrasts.table().to_csv(index=False)
            )
            Download("Findings (text)", f"{stem}.txt", lambda: words(made))


@solara.component
def Folder(asked: Asked, view: View, go: Go) -> None:
    """Show a results folder of any kind."""
    if view.opened is None:
        Waiting(asked.results, view)
        return
    opened = view.opened
    first, *rest = [part for part in opened.page.parts if part.key not in CLOSING]
    with lab.Card(opened.page.title, top=True):
        solara.v.Html(tag="small", children=[f"results/{asked.results} · {opened.page.kind}"])
        solara.v.Html(tag="p", children=[opened.page.lede[0]])
        solara.v.Html(tag="p", class_="w-caveat", children=opened.page.lede[1:])
        if opened.small:
            solara.v.Html(tag="p", class_="w-try", children=[opened.small])
        Blocks(first.blocks)
        Beside(asked, go)
    for part in rest:
        if part.key == "tables":
            _pictures_and_worlds(opened)
        PartCard(part)
    if not any(part.key == "tables" for part in rest):
        _pictures_and_worlds(opened)
    with lab.Card("Reference"):
        for part in opened.page.parts:
            if part.key in CLOSING:
                with lab.Folded(part.title):
                    Blocks(part.blocks)


@solara.component
def Beside(asked: Asked, go: Go) -> None:
    """Show a menu of other results to compare with."""
    others = results_index.comparable(asked.results)
    if not others:
        text = "There are no other results of the same kind to compare with."
        solara.v.Html(tag="small", children=[text])
        return
    options = {"": "choose …"} | {name: name for name in others}
    row = lab.choice("beside", "Compare with", "", options)

    def chosen(data: dict[str, Any]) -> None:
        if data["text"] in others:
            go(replace(asked, beside=str(data["text"])))

    with solara.v.Html(tag="div", class_="w-ask"):
        Controls(rows=[row], event_change=chosen)


@solara.component
def Comparison(asked: Asked, view: View, go: Go) -> None:
    """Show two results beside each other."""
    if view.both is None:
        Waiting(f"{asked.results} and {asked.beside}", view)
        return
    both = view.both
    with lab.Card(f"{asked.results} and {asked.beside}", top=True):
        solara.v.Html(tag="p", children=[both.headline])
        with solara.v.Html(tag="div", class_="w-tools", style_="margin-top: 10px"):
            lab.Button(
                "Swap the two", lambda: go(Asked(results=asked.beside, beside=asked.results))
            )
            Download("Whole comparison (HTML)", "comparison.html", lambda: both.html)
    for number, section in enumerate(both.sections):
        bare = Table(section._replace(title=""))
        PartCard(Part(f"section-{number}", section.title, [bare]))
    for title, left, right in both.pairs:
        with lab.Card(title), solara.v.Html(tag="div", class_="w-pair"):
            for letter, name, address_of in (
                ("A", asked.results, left),
                ("B", asked.beside, right),
            ):
                with solara.v.Html(tag="div"):
                    solara.v.Html(tag="h3", children=[f"{letter}: {name}"])
                    lab.Image(address_of, f"{title}, {name}")


@solara.component
def Waiting(title: str, view: View) -> None:
    """Show that something is being read, or that it cannot be shown."""
    with lab.Card(title, top=True):
        text = "It cannot be shown: see the message above." if view.failure else "Reading …"
        solara.v.Html(tag="p", children=[text], attributes={"role": "status"})


def _pictures_and_worlds(opened: Opened) -> None:
    if opened.pictures:
        with lab.Card("Figures"):
            lab.Pictures(opened.pictures)
    with lab.Card("Worlds"):
        lab.Worlds(opened.batch)


def _run(session: LabSession, asked: Asked, show: Callable[[View], None]) -> None:
    show(View(asked, busy="Waiting to start …"))
    session.run(asked, show)


def _entry(asked: Asked, text: str, note: str, here: bool) -> dict[str, Any]:
    return {"href": address(asked), "text": text, "note": note, "here": here}
