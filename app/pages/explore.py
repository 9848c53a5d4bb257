"""Explore: change an assumption, and see the outcomes and what changed."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from app.components import parts
from app.components.frame import use_dark
from app.components.parts import Download, Messages
from app.components.picture import Picture
from app.explore import dials, downloads
from app.explore.session import Session, View, visitor
from app.inputs.explore_url import HORIZON, OFF, Opened, State, Value, address, read
from app.inputs.scenario_store import LARGEST
from model.schema.problems import Problem, ScenarioError

TITLE, ORDER = "Explore", 10
LAST = ".w-picture:not(.w-old) .w-sweep"
PATH = "/explore"
RUN = "Worlds and seed"
SIZES = ("100", "200", "500", "1000", "2000")

type Go = Callable[[str], None]
type Refuse = Callable[[tuple[Problem, ...]], None]


@solara.component
def Page() -> None:
    """Draw the controls and the picture of the state in the URL."""
    router = solara.use_router()
    session = solara.use_memo(visitor, [])
    opened = solara.use_memo(lambda: read(router.search, session.scenario_store), [router.search])
    view, set_view = solara.use_state(View())

    def work() -> None:
        session.work(opened, set_view)

    solara.use_effect(work, [opened.state])
    solara.use_effect(lambda: session.close, [])

    def go(search: str) -> None:
        router.push(PATH + search)

    title = "This link has invalid values. We opened the closest valid settings."
    dark = use_dark()
    with solara.v.Html(tag="div"):
        Messages(title, opened.problems)
        Messages("This could not be shown", tuple(filter(None, [view.failure])))
        with solara.v.Html(tag="div", class_="w-explore"):
            Panel(session, opened, view, go)
            old = view.opened is None or view.opened.state != opened.state
            Picture(view, dark, old and not view.failure)


@solara.component
def Panel(session: Session, opened: Opened, view: View, go: Go) -> None:
    """Draw the controls: scenario, main parameters, all others in folds, files."""

    def ahead(search: str) -> None:
        session.expect(search)

    state = opened.state
    count = len(state.changes)
    note = f"{count} changed" if count else "nothing changed"
    with parts.Drawer(title="Assumptions", note=note):
        parts.Controls(rows=[_scenarios(session, opened)], event_change=_scenario_chosen(go))
        Busy(view, opened)
        with solara.v.Html(tag="div"):  # a container, so that the button moves nothing else
            if count:
                Plain("Undo all changes", lambda: go(_bare(state)))
        change, rest = _change(opened, go), _change(opened, ahead)
        rows = [dial.row() for dial in dials.matter(opened)]
        parts.Controls(rows=rows, event_change=change, event_rest=rest)
        solara.v.Html(tag="h3", style_="margin-top: 14px", children=["Everything else"])
        Folded(RUN, [*_sizes(opened)], opened, change)
        for key, title in dials.groups(opened.own).items():
            Group(key, title, opened, change, rest)
        Files(session, opened, view, go)


@solara.component
def Busy(view: View, opened: Opened) -> None:
    """Show what is being computed, or nothing."""
    waiting = view.opened is None or view.opened.state != opened.state
    text = "" if view.failure else view.busy
    text = f"Simulating {opened.state.worlds:,} worlds …" if waiting else text
    with solara.v.Html(tag="div", class_="w-busy", attributes={"role": "status"}):
        if text:
            solara.v.Html(tag="i")
            solara.v.Html(tag="span", children=[text])


@solara.component
def Plain(label: str, on_click: Callable[[], None]) -> None:
    """Show a plain button."""
    button = solara.v.Html(
        tag="button", class_="w-button", children=[label], attributes={"type": "button"}
    )
    solara.v.use_event(button, "click", lambda *_: on_click())


@solara.component
def Group(
    key: str, title: str, opened: Opened, change: parts.EventHandler, rest: parts.EventHandler
) -> None:
    """Show a group of controls in a fold. They are created when it is opened."""
    shown, set_shown = solara.use_state(False)
    mine = [name for name, _ in opened.state.changes if _group_of(name) == key]
    note = f"{len(mine)} changed" if mine else ""
    with parts.Fold(title=title, note=note, opened=shown, event_open=set_shown):
        if shown:
            rows = [dial.row() for dial in dials.group(opened, key)]
            parts.Controls(rows=rows, event_change=change, event_rest=rest)


@solara.component
def Folded(
    title: str, rows: list[dict[str, Any]], opened: Opened, change: parts.EventHandler
) -> None:
    """Show some controls in a fold."""
    shown, set_shown = solara.use_state(False)
    state = opened.state
    note = f"{state.worlds:,} worlds, seed {state.seed}"
    with parts.Fold(title=title, note=note, opened=shown, event_open=set_shown):
        if shown:
            parts.Controls(rows=rows, event_change=change)


@solara.component
def Files(session: Session, opened: Opened, view: View, go: Go) -> None:
    """Show downloads of the current results, and an upload of a scenario file."""
    none: tuple[Problem, ...] = ()
    refused, set_refused = solara.use_state(none)
    now = view.now
    ready = now is not None and view.opened is not None and view.opened.state == opened.state
    stem = downloads.stem(opened)
    Messages("This file cannot be used", refused)
    with solara.v.Html(tag="div", class_="w-tools", style_="margin-top: 14px"):
        Download(
            "Scenario (TOML)",
            f"{stem}.toml",
            lambda: downloads.toml(opened, session.scenario_store),
        )
        with solara.v.Html(tag="div", class_="w-tools"):
            if ready and now is not None:
                Download("Worlds (CSV)", f"{stem}.csv", lambda: downloads.csv(now))
                Download(
                    "Picture (PNG)",
                    f"{stem}.png",
                    lambda: downloads.png(now, view.ghost, view.sweep),
                )
        parts.Upload(largest=LARGEST, event_upload=_uploaded(session, go, set_refused))


def _scenarios(session: Session, opened: Opened) -> dict[str, Any]:
    """Return the scenario menu as a row of controls."""
    return _row("scenario", "Scenario", opened.state.scenario, session.scenario_store.titles()) | {
        "meaning": opened.own.description.strip() or opened.own.title,
        "source": "the scenario's file",
    }


def _sizes(opened: Opened) -> list[dict[str, Any]]:
    """Return the controls of the number of worlds, the seed and the horizon."""
    worlds, seed = str(opened.state.worlds), opened.state.seed
    sizes = {size: f"{int(size):,}" for size in sorted({*SIZES, worlds}, key=int)}
    seeds = {str(number): str(number) for number in sorted({*range(1, 11), seed})}
    return [
        _row("worlds", "Worlds", worlds, sizes)
        | {"meaning": "how many worlds are simulated: more make the intervals narrower"},
        _row("seed", "Seed", str(seed), seeds)
        | {"meaning": "random seed: the same seed gives the same worlds"},
        *(dial.row() for dial in dials.group(opened, "time") if dial.name == HORIZON),
    ]


def _row(name: str, label: str, value: str, options: dict[str, str]) -> dict[str, Any]:
    dial = dials.Dial("choice", name, label, "", "", "", "", "design", False, False)
    return dial.row() | {"value": value, "options": list(options.items())}


def _scenario_chosen(go: Go) -> parts.EventHandler:
    return lambda data: go(address(State(scenario=str(data["text"]))))


def _bare(state: State) -> str:
    return address(State(state.scenario, (), state.worlds, state.seed))


def _group_of(name: str) -> str:
    table, _, rest = name.partition(".")
    rule = table == "sides" and rest.rpartition(".")[2] in dials.RULES
    return "rules" if rule else table


def _change(opened: Opened, go: Go) -> parts.EventHandler:
    """Return a handler that updates the URL. The values are checked when the URL is read."""

    def change(data: dict[str, Any]) -> None:
        name, text = str(data["name"]), data["text"]
        state = opened.state
        if name in {"worlds", "seed"}:
            usual: dict[str, Any] = {name: getattr(State(), name)}
            go(address(replace(state, **usual), {name: str(text)} if text else None))
        elif text == "switch":
            go(address(state, {OFF: dials.switched(opened, name)}))
        elif text is None:
            kept: dict[str, Value] = {k: v for k, v in state.changed.items() if k != name}
            go(address(State(state.scenario, tuple(kept.items()), state.worlds, state.seed)))
        else:
            go(address(state, {name: str(text)}))

    return change


def _uploaded(session: Session, go: Go, refuse: Refuse) -> parts.EventHandler:
    """Return a handler of uploads. Files are checked as by `run.py check`, and opened."""

    def upload(data: dict[str, Any]) -> None:
        try:
            search = _open_upload(session, data)
        except ScenarioError as error:
            refuse(tuple(error.problems))
            return
        refuse(())
        go(search)

    return upload


def _open_upload(session: Session, data: dict[str, Any]) -> str:
    name, size = str(data["name"]), int(data["size"])
    text = str(data["content"])
    if size > LARGEST or len(text) > 2 * LARGEST:
        why = f"it has {size:,} bytes, at most {LARGEST:,} are read"
        raise ScenarioError(name, [Problem("the file", "", why, "Use the command line.")])
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:  # invalid base64 or characters
        problem = Problem("the file", "", "it did not arrive complete", "Try again.")
        raise ScenarioError(name, [problem]) from error
    return session.opening(name, content)
