"""Watch: one world week by week, who influenced whom, and why a deal was made or failed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import solara

from app.components import watching
from app.components.parts import Messages
from app.inputs import results_index
from app.inputs.explore_url import address
from app.play import games
from app.watch import narration, scenes
from app.watch.address import PATH, Wanted, link, wanted_of
from app.watch.picks import nearest
from app.watch.scenes import Row
from app.watch.session import Choice as Choices
from app.watch.session import WatchSession, WatchView
from app.watch.trajectory import Trajectory
from experiments.game.transcript import seat_titles
from experiments.game.transcript_reading import LARGEST, read_transcript
from experiments.plots.influence_graph import MARKS, outline
from experiments.results.errors import ResultsError
from model.schema.problems import Problem

TITLE, ORDER = "Watch", 20
LAST = ".t-picks button"
STYLE = Path(__file__).parent.parent / "components" / "watch.css"
TONES = {
    "deal": "accepted",
    "second phase": "accepted",
    "renegotiation": "message",
    "involuntary defection": "refusal",
    "end of the deal": "threat",
    "revocation": "threat",
    "execution": "threat",
    "truce": "message",
}
SCALE = 0.87  # pixels for each point of the marks in the printed figure

type Go = Callable[[str], None]
type EventHandler = Callable[[object], None]


@solara.component
def Page() -> None:
    """Draw the controls that choose a world, and the world that the URL names."""
    router = solara.use_router()
    session = solara.use_memo(WatchSession, [])
    wanted = solara.use_memo(
        lambda: wanted_of(router.search, session.scenario_store), [router.search]
    )
    view, set_view = solara.use_state(WatchView())
    style = solara.use_memo(lambda: STYLE.read_text(encoding="utf-8"), [])

    def work() -> None:
        session.work(wanted, set_view)

    solara.use_effect(work, [wanted.key])
    solara.use_effect(lambda: session.latest_task.close, [])
    mine = view.wanted is not None and view.wanted.key == wanted.key
    trajectory = view.trajectory
    late = _late(wanted, trajectory) if mine else ()
    with solara.v.Html(tag="div"):
        solara.Style(style)
        title = "This link has invalid values. We opened the closest valid settings."
        Messages(title, (*wanted.problems, *late))
        Messages("This could not be shown", view.problems if mine else ())
        Choice(session, wanted, view, mine, router.push)
        if trajectory is not None and view.wanted is not None:
            Stage(trajectory, wanted.week, not mine).key(str(view.wanted.key))


@solara.component
def Choice(session: WatchSession, wanted: Wanted, view: WatchView, mine: bool, push: Go) -> None:
    """Draw which world is shown, and controls to choose another one."""
    trajectory = view.trajectory if mine else None
    busy = view.busy if mine else f"Simulating world {wanted.world:,} …"
    same = view.wanted is not None and view.wanted.source == wanted.source
    choice = view.choice if same else None
    sentence = trajectory.sentence if trajectory else ""
    nothing: tuple[Problem, ...] = ()
    refused, set_refused = solara.use_state(nothing)

    def go(data: dict[str, object]) -> None:
        name, text = str(data["name"]), str(data["text"])
        if name != "transcript":
            push(_address(wanted, name, text))
            return
        try:
            kept = games.keep(read_transcript(text[: LARGEST + 1]))
        except ResultsError as error:
            set_refused(tuple(error.problems))
            return
        set_refused(())
        push(f"{PATH}?game={kept}")

    with solara.v.Html(tag="div"):
        Messages("This file is not a valid transcript", refused)
        watching.Choose(
            summary=f"{_title(wanted)}. {sentence}",
            source=_source(wanted),
            game=_title(wanted) if wanted.game else "",
            largest=LARGEST,
            scenarios=[list(pair) for pair in session.scenario_store.titles().items()],
            results=results_index.names(),
            seed=None if wanted.results else str(wanted.opened.state.seed),
            world=wanted.world,
            failed=list(choice.failed) if choice else [],
            picks=[{"name": p.name, "world": p.world, "note": p.note} for p in choice.picks]
            if choice
            else [],
            busy=busy,
            unfailed=_unfailed(trajectory, choice) if trajectory else "",
            nearest=_elsewhere(wanted, choice) if choice else [],
            event_go=go,
        )


@solara.component
def Stage(trajectory: Trajectory, opened: int | None, old: bool) -> None:
    """Draw a trajectory: the player, and the pictures of the chosen week."""
    first = scenes.key_week(trajectory) if opened is None else min(opened, trajectory.last)
    week, set_week = solara.use_state(first)
    chosen, set_chosen = solara.use_state(_first_person(trajectory))
    moments = solara.use_memo(lambda: _moments(trajectory), [])
    snapshot = trajectory.snapshot(week)

    def show(data: object) -> None:
        if isinstance(data, int):
            set_week(max(0, min(data, trajectory.last)))

    def choose(data: object) -> None:
        if data in trajectory.start.people:
            set_chosen(str(data))

    with solara.v.Html(tag="div"):
        watching.Player(
            week=week,
            last=trajectory.last,
            date=f"{snapshot.day.day} {snapshot.day:%B %Y}",
            headline=scenes.headline(trajectory, week),
            moments=moments,
            trajectory=f"{trajectory.seed} {trajectory.world}",
            event_show=show,
        )
        with solara.v.Html(tag="div", class_="t-page t-old" if old else "t-page"):
            Talks(trajectory, week, chosen, show, choose)
            Course(trajectory, week, moments, chosen, choose)


@solara.component
def Talks(
    trajectory: Trajectory, week: int, chosen: str, show: EventHandler, choose: EventHandler
) -> None:
    """Draw who speaks to whom, what happened, and why an agreement passed or failed at home."""
    everybody = solara.use_memo(lambda: scenes.nodes(trajectory), [])
    ties = solara.use_memo(lambda: scenes.edges(trajectory), [])
    entries = solara.use_memo(lambda: scenes.log(trajectory), [])
    verdict = solara.use_memo(lambda: narration.verdict(trajectory, week), [week])
    with solara.v.Html(tag="div", class_="t-all t-page"):
        with Card("Who speaks to whom"):
            watching.Network(
                nodes=everybody,
                edges=ties,
                lit=scenes.lit(trajectory, week),
                sides=scenes.sides(trajectory),
                chosen=chosen,
                label=f"Influence graph, week {week}",
                marks=_marks(),
                event_choose=choose,
            )
        with solara.v.Html(tag="div", class_="t-beside"), solara.v.Html(tag="div"):
            with solara.v.Html(tag="div", class_="t-verdict"):
                if verdict:
                    with Card(verdict["title"]):
                        for line in verdict["said"]:
                            solara.v.Html(tag="p", class_="t-why", children=[line])
            with Card("What happened", "t-events"):
                watching.Log(entries=entries, week=week, event_jump=show)
        with solara.v.Html(tag="div", class_="t-all"):
            if verdict:
                with Card("The package before both homes"):
                    watching.Verdict(homes=verdict["sides"])


@solara.component
def Course(
    trajectory: Trajectory, week: int, moments: list[Row], chosen: str, choose: EventHandler
) -> None:
    """Draw the package, an actor, the time series, and the plane of worths."""
    titles = scenes.sides(trajectory)
    panels = solara.use_memo(lambda: scenes.lines(trajectory), [])
    room = solara.use_memo(lambda: scenes.room(trajectory), [])
    menu = solara.use_memo(lambda: _menu(trajectory), [])
    person = solara.use_memo(lambda: narration.inspect(trajectory, week, chosen), [week, chosen])
    heading, rows = scenes.package(trajectory, week)
    with solara.v.Html(tag="div", class_="t-all t-page t-course"):
        with solara.v.Html(tag="div", class_="t-column"):
            with Card(heading):
                note = "Bars: share of the possible maximum. Numbers: worth to each side, points."
                solara.v.Html(tag="small", children=[note])
                watching.Package(rows=rows, heading=heading, sides=titles)
            with Card("Over time", "t-times"):
                watching.Lines(
                    panels=panels, week=week, last=trajectory.last, sides=titles, moments=moments
                )
        with solara.v.Html(tag="div", class_="t-column"):
            with Card("Look at one actor"):
                watching.Inspector(person=person, menu=menu, event_choose=choose)
            with Card("Offers in the plane of worths"):
                watching.Plane(**scenes.plane(trajectory, week), room=room, sides=titles)


@solara.component
def Card(title: str, kind: str = "", children: list[solara.Element] = []) -> None:  # type: ignore[type-arg]  # noqa: B006
    """Draw a titled card around its children; kind: an extra CSS class."""
    with solara.v.Html(tag="section", class_=f"w-card {kind}".strip()):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="div", children=children)


def _menu(trajectory: Trajectory) -> list[Row]:
    """Return the actors for the inspector's menu, by side and kind."""
    everybody = scenes.nodes(trajectory)
    menu = [
        {
            "title": title,
            "people": [
                [node["key"], f"{node['title']} ({node['kind']})"]
                for kind in MARKS
                for node in everybody
                if node["side"] == side and node["kind"] == kind
            ],
        }
        for side, title in enumerate([*scenes.sides(trajectory), "Abroad"])
    ]
    return [group for group in menu if group["people"]]


def _marks() -> list[Row]:
    """Return how each kind of actor is drawn: its outline, and the radius of the outline."""
    return [
        {"kind": kind, "path": outline(mark, SCALE), "size": SCALE * mark.size / 2}
        for kind, mark in MARKS.items()
    ]


def _moments(trajectory: Trajectory) -> list[Row]:
    """Return the events in the menu and on the time slider, each with its colour class."""
    return [
        {"week": entry.week, "text": entry.text, "tone": TONES[entry.kind]}
        for entry in trajectory.entries
        if entry.kind in TONES
    ]


def _first_person(trajectory: Trajectory) -> str:
    """Return the actor to show first: the leader whose home refused, else the first leader."""
    leaders = [card.leader for card in trajectory.scenario.sides.values()]
    refused = int(trajectory.record["refused_by"][-1])
    return leaders[max(refused, 0)]


def _unfailed(trajectory: Trajectory, choice: Choices | None) -> str:
    """Return why no deal failed at home, and whether one did in other worlds; "" if one failed."""
    reason = narration.unfailed(trajectory)
    if not reason or choice is None:
        return reason
    if choice.failed:
        return f"{reason} The closest worlds in which one did:"
    return f"{reason} None did in the other worlds either."


def _elsewhere(wanted: Wanted, choice: Choices) -> list[list[str]]:
    """Return links to the closest worlds of the same source in which a deal failed at home."""
    return [
        [link(wanted, world), f"world {world:,}"] for world in nearest(choice.failed, wanted.world)
    ]


def _late(wanted: Wanted, trajectory: Trajectory | None) -> tuple[Problem, ...]:
    if trajectory is None or wanted.week is None or wanted.week <= trajectory.last:
        return ()
    why = f"this world ends in week {trajectory.last}"
    return (Problem("week", str(wanted.week), why, f"Opened: {trajectory.last}."),)


def _title(wanted: Wanted) -> str:
    """Return the title of what is shown: a world, or a game with its seats and player."""
    if wanted.transcript is None:
        return f"World {wanted.world:,}"
    seats = " and ".join(seat_titles(wanted.transcript)) or "nobody"
    player = f", played by {wanted.transcript.player}" if wanted.transcript.player else ""
    return f"Game of {seats}{player}, world {wanted.world:,}"


def _source(wanted: Wanted) -> str:
    """Return the selected value of the source menu."""
    if wanted.game:
        return "game:"
    if wanted.results:
        return f"results:{wanted.results}"
    return f"scenario:{wanted.opened.state.scenario}"


def _address(wanted: Wanted, name: str, text: str) -> str:
    """Return the URL of another choice. The input is checked when the URL is read."""
    wanted = replace(wanted, game="", transcript=None)
    if name == "source":
        kind, _, chosen = text.partition(":")
        return (
            link(replace(wanted, results=chosen), 0)
            if kind == "results"
            else _scenario_link(chosen)
        )
    if name == "seed":
        bare = replace(wanted.opened.state, seed=1)
        search = address(bare)
        joined = f"{search}{'&' if search else '?'}"
        return f"{PATH}{joined}seed={text.strip()[:40]}&world={wanted.world}"
    return link(wanted, text.strip()[:40])


def _scenario_link(scenario: str) -> str:
    return f"{PATH}?scenario={scenario}"
