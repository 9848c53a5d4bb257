"""Class: links to a shared case, briefings to print, and a comparison of all transcripts."""

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
class GameList:
    """The games added so far, the current activity, and the problems."""

    plays: tuple[SeatResult, ...] = ()
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


@dataclass(frozen=True)
class Step:
    """What a replay of games adds to the list: games, activity, and problems."""

    plays: tuple[SeatResult, ...] = ()
    busy: str = ""
    problems: tuple[Problem | str, ...] = ()


@solara.component
def Page() -> None:
    """Draw the class page, or the briefing that the URL names."""
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
        Messages(
            "This link has invalid values. We opened the closest valid settings.", asked.problems
        )
        if named and asked.seat:
            Paper(asked)
        else:
            solara.v.Html(
                tag="h1", children=["One case for a whole class, and a comparison of its games"]
            )
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

    text = solara.use_memo(made, [asked.key])
    back = _class_link(state, world, asked.seat)
    parts.Briefing(text=text, back=back)


@solara.component
def Case(asked: Asked, scenario_store: ScenarioStore, go: Callable[[str], None]) -> None:
    """Show controls to choose a case, and its link."""
    state, world = asked.wanted.opened.state, asked.wanted.world
    rows = seat_links(asked.setting)
    chosen = asked.seat if asked.seat in dict(rows) else rows[0][0]
    title = dict(rows)[chosen]

    def choose(data: dict[str, Any]) -> None:
        name, text = str(data["name"]), str(data["text"]).strip()[:60]
        if name == "scenario":
            go(_class_link(State(text, seed=state.seed), world, ""))
        elif name == "seat":
            go(_class_link(state, world, text))
        elif name == "world":
            go(_class_link(state, text, chosen))
        else:
            bare = _class_link(replace(state, seed=1), world, chosen)
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
            [_class_link(state, world, key).replace("seat=", "briefing="), text]
            for key, text in rows
        ],
        event_choose=choose,
    )


@solara.component
def Compare() -> None:
    """Accept transcripts, and compare them."""
    latest_task = solara.use_memo(LatestTask, [])
    game_list, set_game_list = solara.use_state(GameList())
    rows = solara.use_memo(lambda: classroom.groups(game_list.plays), [game_list.plays])
    solara.use_effect(lambda: latest_task.close, [])

    def dropped(data: list[dict[str, Any]]) -> None:
        problems: list[Problem] = []
        files = classroom.unpacked(data, problems)
        work(latest_task, files, problems, set_game_list)

    with debrief.Card("Compare a class"):
        parts.Files(
            largest=classroom.LARGEST_UPLOAD,
            most=classroom.MOST_FILES,
            busy=game_list.busy,
            event_files=dropped,
        )
        Messages("Some files were left out or differ from their replay", game_list.problems)
        if game_list.plays:
            with solara.v.Html(tag="div", class_="w-tools"):
                Download("Table of all games (CSV)", "class.csv", lambda: as_csv(game_list.plays))
                debrief.Press("Start over", lambda: set_game_list(GameList()))
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
    change: Callable[[Callable[[GameList], GameList]], None],
) -> threading.Thread:
    """Replay games in a thread, and add them to the games on the page."""

    def show(step: Step) -> None:
        shown = (*problems, *step.problems)
        change(
            lambda old: GameList(
                (*old.plays, *step.plays)[-classroom.MOST_FILES :], step.busy, shown
            )
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

        plays, wrong = workers.run(count, tasks.replay_games, files, later=True)
        yield Step(plays=tuple(plays), problems=tuple(wrong))

    def failed(_: Step | None, error: Exception | None) -> Step:
        why = f"{error}: drop fewer." if error else "The games could not be replayed."
        return Step(problems=(why,))

    def superseded() -> None:
        show(
            Step(
                problems=("Some games were left out, because others were added at the same time.",)
            )
        )

    return present(latest_task, steps, show, failed, superseded=superseded)


def _asked(search: str, named: str, scenario_store: ScenarioStore) -> Asked:
    """Return the case of a URL. The parameter of a briefing is the seat."""
    pairs = [(k, v) for k, v in parse_qsl(search, keep_blank_values=True) if k != "briefing"]
    pairs += [("seat", named)] if named else []
    if not pairs:
        pairs = [("scenario", FIRST), ("world", str(FIRST_WORLD))]
    return asked_of(urlencode(pairs), scenario_store)


def _class_link(state: State, world: int | str, seat_: str) -> str:
    """Return the URL of a case on this page."""
    return PATH + link(state, world, seat_).removeprefix("/play")
