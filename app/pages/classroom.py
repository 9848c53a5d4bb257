"""Class: links that give all the same case, briefings to print, and all transcripts compared."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from app.components import classroom as parts
from app.components import debrief
from app.components.parts import Download, Messages
from app.inputs.explore_url import State
from app.inputs.scenario_store import ScenarioStore
from app.play import classroom
from app.play.address import FIRST, Asked, asked_of, link
from app.play.briefing import briefing, seat_links
from app.serving import tasks, workers
from app.serving.latest_task import Check, LatestTask
from app.serving.presenter import present
from experiments.game.comparison import SeatResult, as_csv
from experiments.game.seats import seat
from experiments.game.table import Game
from model.schema.problems import Problem

TITLE, ORDER, NAME = "Class", 35, "class"
LAST = ".c-drop"
PATH = "/class"
FIRST_WORLD = 17


@dataclass(frozen=True)
class Heap:
    """The games that were taken so far, what is being done, and what was wrong."""

    plays: tuple[SeatResult, ...] = ()
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


@dataclass(frozen=True)
class Step:
    """What a replay of games adds to the heap: games, progress, and problems."""

    plays: tuple[SeatResult, ...] = ()
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


@solara.component
def Page() -> None:
    """Draw the class page, or the briefing that the address names."""
    router = solara.use_router()
    scenario_store = solara.use_memo(ScenarioStore, [])
    search = (router.search or "").removeprefix("?")
    named = dict(parse_qsl(search)).get("briefing", "")
    asked = solara.use_memo(lambda: _asked(search, named, scenario_store), [search])
    with solara.v.Html(tag="div"):
        parts.Style()
        debrief.Style()
        Content(asked, named, scenario_store, router.push)


@solara.component
def Content(
    asked: Asked, named: str, scenario_store: ScenarioStore, go: Callable[[str], None]
) -> None:
    """Draw a briefing, or the class page itself."""
    with solara.v.Html(tag="div", class_="c-page"):
        Messages("The link asked for what cannot be; this is the nearest that can", asked.problems)
        if named and asked.seat:
            Paper(asked)
        else:
            solara.v.Html(tag="h1", children=["One case for a whole class, and its games compared"])
            with debrief.Card("Give all the same case"):
                Case(asked, scenario_store, go)
            Compare()


@solara.component
def Paper(asked: Asked) -> None:
    """Draw the briefing of a seat."""
    state, world = asked.wanted.opened.state, asked.wanted.world

    def made() -> dict[str, Any]:
        game = Game(asked.setting, [asked.seat], state.seed, world)
        return briefing(game, seat(asked.setting, asked.seat))

    told = solara.use_memo(made, [asked.key])
    back = _here(state, world, asked.seat)
    parts.Briefing(told=told, back=back)


@solara.component
def Case(asked: Asked, scenario_store: ScenarioStore, go: Callable[[str], None]) -> None:
    """Let a case be chosen, and give its link."""
    state, world = asked.wanted.opened.state, asked.wanted.world
    rows = seat_links(asked.setting)
    chosen = asked.seat if asked.seat in dict(rows) else rows[0][0]
    title = dict(rows)[chosen]

    def choose(data: dict[str, Any]) -> None:
        name, text = str(data["name"]), str(data["text"]).strip()[:60]
        if name == "scenario":
            go(_here(State(text, seed=state.seed), world, ""))
        elif name == "seat":
            go(_here(state, world, text))
        elif name == "world":
            go(_here(state, text, chosen))
        else:
            bare = _here(replace(state, seed=1), world, chosen)
            go(f"{bare}&{urlencode({'seed': text})}")

    parts.Links(
        scenarios=[list(pair) for pair in scenario_store.titles().items()],
        scenario=state.scenario,
        seats=[list(pair) for pair in rows],
        seat=chosen,
        world=world,
        seed=str(state.seed),
        link=link(state, world, chosen),
        line=f"{asked.setting.title}: {title}, world {world}, seed {state.seed}.",
        briefings=[
            [_here(state, world, key).replace("seat=", "briefing="), told] for key, told in rows
        ],
        event_choose=choose,
    )


@solara.component
def Compare() -> None:
    """Take transcripts, and compare them."""
    latest_task = solara.use_memo(LatestTask, [])
    heap, set_heap = solara.use_state(Heap())
    rows = solara.use_memo(lambda: classroom.groups(heap.plays), [heap.plays])
    solara.use_effect(lambda: latest_task.close, [])

    def dropped(data: list[dict[str, Any]]) -> None:
        problems: list[Problem] = []
        files = classroom.unpacked(data, problems)
        work(latest_task, files, problems, set_heap)

    with debrief.Card("Compare a class"):
        parts.Files(
            largest=classroom.LARGEST_UPLOAD,
            most=classroom.MOST_FILES,
            busy=heap.busy,
            event_files=dropped,
        )
        Messages("Some files were left out or are not as they say", heap.problems)
        if heap.plays:
            with solara.v.Html(tag="div", class_="w-tools"):
                Download("Table of all games (CSV)", "class.csv", lambda: as_csv(heap.plays))
                debrief.Press("Begin anew", lambda: set_heap(Heap()))
    for row in rows:
        with debrief.Card(row["title"]).key(row["key"]):
            solara.v.Html(tag="p", class_="w-sub", children=[row["note"]])
            with solara.v.Html(tag="div", class_="c-few"):
                debrief.Strips(rows=row["strips"])
            parts.Table(group=row)


def work(
    latest_task: LatestTask,
    files: list[classroom.File],
    problems: list[Problem],
    change: Callable[[Callable[[Heap], Heap]], None],
) -> threading.Thread:
    """Replay games in a thread, and add them to those that are on the page by then."""

    def show(step: Step) -> None:
        shown = (*problems, *step.problems)
        change(
            lambda old: Heap((*old.plays, *step.plays)[-classroom.MOST_FILES :], step.busy, shown)
        )

    show(Step(busy="Replaying the games …"))

    def steps(check: Check) -> Iterator[Step]:
        done = 0

        def count(games: int) -> None:
            nonlocal done
            check(0)
            done += games
            if games:
                show(Step(busy=f"Replaying the games: {done} of {len(files)} …"))

        plays, wrong = workers.run(count, tasks.taken, files, later=True)
        yield Step(plays=tuple(plays), problems=tuple(wrong))

    def failed(_: Step | None, error: Exception | None) -> Step:
        why = f"{error}: drop fewer." if error else "The games could not be replayed."
        return Step(problems=(why,))

    def superseded() -> None:
        show(Step(problems=("Some games were left out, because others were added meanwhile.",)))

    return present(latest_task, steps, show, failed, superseded=superseded)


def _asked(search: str, named: str, scenario_store: ScenarioStore) -> Asked:
    """Return the case in an address; a briefing names its seat."""
    pairs = [(k, v) for k, v in parse_qsl(search, keep_blank_values=True) if k != "briefing"]
    pairs += [("seat", named)] if named else []
    if not pairs:
        pairs = [("scenario", FIRST), ("world", str(FIRST_WORLD))]
    return asked_of(urlencode(pairs), scenario_store)


def _here(state: State, world: int | str, seat_: str) -> str:
    """Return the address of a case on this page."""
    return PATH + link(state, world, seat_).removeprefix("/play")
