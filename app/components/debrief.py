"""Show the debrief after a game: the result, important decisions, hidden information."""

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
    """The state of a debrief (`of`): share done, the result, or the reason of a failure."""

    of: object = None
    share: float = 0.0
    result: Findings | None = None
    failure: str = ""


@solara.component_vue("debrief_head.vue")
def Head(head: dict[str, Any]) -> None:
    """Show the result of the game and of the model."""


@solara.component_vue("strips.vue")
def Strips(rows: Rows) -> None:
    """Show many worlds as points along an axis, with some of them marked."""


@solara.component_vue("debrief_cards.vue")
def Cards(cards: Rows, none: str, about: str) -> None:
    """Show the most important decisions, or that there was none."""


@solara.component_vue("debrief_rest.vue")
def Rest(missed: Rows, secrets: dict[str, Any]) -> None:
    """Show packages that both sides would have ratified, and hidden information."""


@solara.component
def Style() -> None:
    """Add the styles of a debrief to a page."""
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
    """Show the debrief of a finished game, for each player.

    player: the typed name; on_again: restarts the game, needed if the page of the game is already
    open; others: number of comparison worlds; forks: pairs of forks for each decision. The work
    runs in a thread, and stops with the component.
    """
    latest_task = solara.use_memo(LatestTask, [])
    index, set_index = solara.use_state(0)
    shown, set_shown = solara.use_state(Shown())
    who = game.seats[min(index, len(game.seats) - 1)]
    asked = (id(game), who.key)

    def start() -> None:
        work(latest_task, game, who, set_shown, others, forks)

    solara.use_effect(start, [asked])
    solara.use_effect(lambda: latest_task.close, [])
    with solara.v.Html(tag="div", class_="d-page"):
        Style()
        if len(game.seats) > 1:
            Choose(game.seats, who, set_index)
        if shown.of != asked or shown.result is None:
            Waiting(shown if shown.of == asked else Shown())
        else:
            Report(game, shown.result)
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
    """Show buttons to choose the player whose debrief is shown."""
    with solara.v.Html(tag="div", class_="w-tools", attributes={"role": "group"}):
        for index, seat in enumerate(players):
            Press(
                seat.title,
                lambda index=index: choose(index),  # type: ignore[misc]
                seat == who,
            )


@solara.component
def Press(label: str, do: Callable[[], None], pressed: bool | None = None) -> None:
    """Show a button. pressed: whether it is the selected one of several."""
    attributes = {"type": "button"}
    if pressed is not None:
        attributes["aria-pressed"] = str(pressed).lower()
    look = "w-button w-main-button" if pressed else "w-button"
    button = solara.v.Html(tag="button", class_=look, children=[label], attributes=attributes)
    solara.v.use_event(button, "click", lambda *_: do())


@solara.component
def Waiting(shown: Shown) -> None:
    """Show the progress, or why the work stopped."""
    words = shown.failure or f"Replaying your decisions and {OTHERS} comparison games …"
    with solara.v.Html(tag="section", class_="w-card d-progress", attributes={"role": "status"}):
        solara.v.Html(tag="span", children=[words])
        if not shown.failure:
            value = {"value": f"{shown.share:.2f}", "max": "1", "aria-label": words}
            solara.v.Html(tag="progress", attributes=value)


@solara.component
def Report(game: Game, result: Findings) -> None:
    """Show a debrief."""
    head = solara.use_memo(lambda: debriefing.headline(result), [result])
    strips = solara.use_memo(lambda: debriefing.strips(result), [result])
    cards = solara.use_memo(lambda: debriefing.cards(game, result), [result])
    missed = solara.use_memo(lambda: debriefing.packages(game, result), [result])
    secrets = solara.use_memo(lambda: debriefing.secrets(game, result), [result])
    Head(head=head)
    with Card("The most important decisions"):
        Cards(cards=cards, none=debriefing.none(result), about=debriefing.FORKS)
    with Card(f"Among {result.measure('own').others.size} other worlds played by the model"):
        solara.v.Html(tag="small", children=[debriefing.endings(result)])
        Strips(rows=strips)
    Rest(missed=missed, secrets=secrets)


@solara.component
def Card(title: str, children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Draw a titled card around its children."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="div", children=children)


@solara.component
def Tools(game: Game, who: Seat, player: str, on_again: Callable[[], None] | None) -> None:
    """Show links to download or watch the game, and to play again, also from other seats."""
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
        solara.v.Html(tag="h2", children=["Save the game, or play on"])
        with solara.v.Html(tag="div", class_="w-tools"):
            Download("Transcript (JSON)", f"{transcript.name}.json", lambda: as_json(transcript))
            Download(
                "Weeks (CSV)", f"{transcript.name}.csv", lambda: as_csv(resume_game(transcript))
            )
            if on_again is not None:
                Press("Play the same world again", on_again)
        Links(label="Go on:", rows=rows)
