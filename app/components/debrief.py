"""The debrief after a game: how it ended, which decisions mattered, what was hidden."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import solara

from app.components.frame import Children
from app.components.parts import Download, Links, Rows
from app.play import debriefing, games
from app.play.address import link
from app.serving import tasks, workers
from app.serving.latest_task import Check, LatestTask
from app.serving.presenter import present
from experiments.game.debrief import OTHERS
from experiments.game.debrief import Debrief as Findings
from experiments.game.decisions import FINE
from experiments.game.seats import Seat, seats
from experiments.game.table import Game
from experiments.game.transcript import as_csv, as_json, resume_game, transcript_of

STYLE = Path(__file__).with_suffix(".css")
WATCH = "/watch?game="


@dataclass(frozen=True)
class Shown:
    """What is known so far: the share done, the debrief once it is there, or why there is none."""

    of: object = None
    share: float = 0.0
    told: Findings | None = None
    failure: str = ""


@solara.component_vue("debrief_head.vue")
def Head(head: dict[str, Any]) -> None:
    """Show how it ended, beside the model."""


@solara.component_vue("strips.vue")
def Strips(rows: Rows) -> None:
    """Show many worlds as points along an axis, and some of them marked."""


@solara.component_vue("debrief_cards.vue")
def Cards(cards: Rows, none: str, about: str) -> None:
    """Show the decisions that mattered most, or say that none did."""


@solara.component_vue("debrief_rest.vue")
def Rest(missed: Rows, secrets: dict[str, Any]) -> None:
    """Show what both would have ratified, and what was hidden."""


@solara.component
def Style() -> None:
    """Give a page the look of a debrief."""
    style = solara.use_memo(lambda: STYLE.read_text(encoding="utf-8"), [])
    solara.Style(style)


@solara.component
def Debrief(
    game: Game,
    player: str = "",
    on_again: Callable[[], None] | None = None,
    others: int = OTHERS,
    forks: int = FINE,
) -> None:
    """Show the debrief of a game that is over, for each who played.

    player: a name that was typed; on_again: plays the same game anew, where a link would lead to
    the page that is open already; others, forks: how many worlds stand beside it and how many pairs
    of forks tell a decision. The work is done in a thread, and ends with the component.
    """
    latest_task = solara.use_memo(LatestTask, [])
    place, set_place = solara.use_state(0)
    shown, set_shown = solara.use_state(Shown())
    who = game.seats[min(place, len(game.seats) - 1)]
    asked = (id(game), who.key)

    def start() -> None:
        work(latest_task, game, who, set_shown, others, forks)

    solara.use_effect(start, [asked])
    solara.use_effect(lambda: latest_task.close, [])
    with solara.v.Html(tag="div", class_="d-page"):
        Style()
        if len(game.seats) > 1:
            Choose(game.seats, who, set_place)
        if shown.of != asked or shown.told is None:
            Waiting(shown if shown.of == asked else Shown())
        else:
            Report(game, shown.told)
        Tools(game, who, player, on_again)


def work(
    latest_task: LatestTask,
    game: Game,
    who: Seat,
    show: Callable[[Shown], None],
    others: int,
    forks: int,
) -> threading.Thread:
    """Compute a debrief in a thread, and show the progress."""
    asked = (id(game), who.key)

    def debriefs(check: Check) -> Iterator[Shown]:
        done = 0

        def count(more: int) -> None:
            nonlocal done
            check(0)
            done += more
            if more:
                show(Shown(asked, done / tasks.STEPS))

        made = workers.run(count, tasks.debriefed, game, who, others, forks, later=True)
        yield Shown(asked, 1.0, made)

    def failed(_: Shown | None, error: Exception | None) -> Shown:
        return Shown(asked, failure=f"{error}." if error else "The debrief could not be made.")

    return present(latest_task, debriefs, show, failed)


@solara.component
def Choose(players: tuple[Seat, ...], who: Seat, choose: Callable[[int], None]) -> None:
    """Let it be chosen whose debrief is read."""
    with solara.v.Html(tag="div", class_="w-tools", attributes={"role": "group"}):
        for place, seat in enumerate(players):
            Press(
                seat.title,
                lambda place=place: choose(place),  # type: ignore[misc]
                seat == who,
            )


@solara.component
def Press(label: str, do: Callable[[], None], pressed: bool | None = None) -> None:
    """Show a button; pressed: whether it is the one of several that holds."""
    attributes = {"type": "button"}
    if pressed is not None:
        attributes["aria-pressed"] = str(pressed).lower()
    look = "w-button w-main-button" if pressed else "w-button"
    button = solara.v.Html(tag="button", class_=look, children=[label], attributes=attributes)
    solara.v.use_event(button, "click", lambda *_: do())


@solara.component
def Waiting(shown: Shown) -> None:
    """Show how far the work is, or why it ended."""
    words = shown.failure or f"Living {OTHERS} other worlds and your decisions again …"
    with solara.v.Html(tag="section", class_="w-card d-progress", attributes={"role": "status"}):
        solara.v.Html(tag="span", children=[words])
        if not shown.failure:
            value = {"value": f"{shown.share:.2f}", "max": "1", "aria-label": words}
            solara.v.Html(tag="progress", attributes=value)


@solara.component
def Report(game: Game, told: Findings) -> None:
    """Show a debrief."""
    head = solara.use_memo(lambda: debriefing.headline(told), [told])
    strips = solara.use_memo(lambda: debriefing.strips(told), [told])
    cards = solara.use_memo(lambda: debriefing.cards(game, told), [told])
    missed = solara.use_memo(lambda: debriefing.packages(game, told), [told])
    secrets = solara.use_memo(lambda: debriefing.secrets(game, told), [told])
    Head(head=head)
    with Card("The decisions that mattered most"):
        Cards(cards=cards, none=debriefing.none(told), about=debriefing.FORKS)
    with Card(f"Among {told.measure('own').others.size} other worlds that the model played"):
        solara.v.Html(tag="small", children=[debriefing.endings(told)])
        Strips(rows=strips)
    Rest(missed=missed, secrets=secrets)


@solara.component
def Card(title: str, children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Frame a part under its title."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="div", children=children)


@solara.component
def Tools(game: Game, who: Seat, player: str, on_again: Callable[[], None] | None) -> None:
    """Offer the transcript, the film of the game, the same world again, and the other seats."""
    transcript = solara.use_memo(lambda: transcript_of(game, player), [id(game), player])
    name = solara.use_memo(lambda: games.keep(transcript), [transcript])
    state = solara.use_memo(lambda: games.state_of(game.setting, game.seed), [id(game)])
    rows: Rows = [{"text": "watch this game", "href": WATCH + name, "note": "week by week"}]
    if state is not None:
        others = [s for s in seats(game.setting) if s != who]
        chairs = [*([who] if on_again is None else []), *others]
        rows += [
            {
                "text": "play the same world again" if s == who else f"play it as {s.title}",
                "href": link(state, game.world, s.key),
                "note": s.role,
            }
            for s in chairs
        ]
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=["Take it with you, or play on"])
        with solara.v.Html(tag="div", class_="w-tools"):
            Download("Transcript (JSON)", f"{transcript.name}.json", lambda: as_json(transcript))
            Download(
                "Weeks (CSV)", f"{transcript.name}.csv", lambda: as_csv(resume_game(transcript))
            )
            if on_again is not None:
                Press("Play the same world again", on_again)
        Links(label="Go on:", rows=rows)
