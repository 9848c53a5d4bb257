"""Play: take a seat and move week by week, against the model or a second player."""

from collections.abc import Callable
from pathlib import Path

import solara

from app.components import playing
from app.components.debrief import Debrief
from app.components.parts import Messages
from app.inputs.explore_url import MAIN, State
from app.inputs.scenario_store import ScenarioStore
from app.play import outlook, scenes
from app.play.address import BOTH, Asked, asked_of, chairs, link
from app.play.parse_moves import named
from app.play.session import Outlook, Play
from app.play.view import Picture, picture
from experiments.game.transcript_reading import LONGEST_NAME
from model.schema.problems import Problem

TITLE, ORDER = "Play", 30
LAST = ".p-name input"
STYLES = [Path(__file__).parent.parent / "components" / name for name in ("watch.css", "play.css")]
FIRST_WORLD = 1
STYLISED = "Stylised: rules generate these texts from opinions, pain and worth. No real quotes."
AHEAD = (
    "From 300 possible worlds: the hidden numbers of the other side are drawn from what everyone "
    "expects, updated by its refusals, and the random numbers are new; after this week the model "
    "plays your seat too. "
    "Bars of chances: 95 % interval of the share. Other bars: 5, 50 and 95 % of the worlds."
)

type Go = Callable[[str], None]
type Do = Callable[[], list[Problem] | None]
type Act = Callable[[Do], None]


@solara.component
def Page() -> None:
    """Draw the choice of a seat, or the game that the URL names."""
    router = solara.use_router()
    scenario_store = solara.use_memo(ScenarioStore, [])
    asked = solara.use_memo(lambda: asked_of(router.search, scenario_store), [router.search])
    style = solara.use_memo(lambda: "".join(p.read_text(encoding="utf-8") for p in STYLES), [])
    with solara.v.Html(tag="div", class_="p-page"):
        solara.Style(style)
        Messages(
            "This link has invalid values. We opened the closest valid settings.", asked.problems
        )
        if asked.seat:
            Table(asked, router.push).key(str(asked.key))
        else:
            Lobby(asked, scenario_store, router.push)


@solara.component
def Lobby(asked: Asked, scenario_store: ScenarioStore, go: Go) -> None:
    """Show controls for case, seat and world."""
    rows = _chairs(asked)
    chosen, choose = solara.use_state("")
    seat = chosen if chosen in [row["key"] for row in rows] else str(rows[0]["key"])
    state, world = asked.wanted.opened.state, asked.wanted.world or FIRST_WORLD
    titles = scenario_store.titles()
    names = sorted(titles, key=lambda name: (name != "classroom", name != MAIN, titles[name]))

    def chosen_changed(data: dict[str, str]) -> None:
        name, text = str(data["name"]), str(data["text"]).strip()[:60]
        if name == "seat":
            choose(text)
        elif name == "scenario":
            go(link(State(text), 0))
        else:
            go(link(state, text))

    playing.Setup(
        scenarios=[[name, _case(name, titles[name])] for name in names],
        scenario=state.scenario,
        about=" ".join(asked.setting.description.split()) or asked.setting.title,
        seats=rows,
        seat=seat,
        world=world,
        seed=state.seed,
        link=link(state, world, seat),
        event_choose=chosen_changed,
        event_start=lambda _: go(link(state, world, seat)),
    )
    with solara.v.Html(tag="section", class_="w-card p-setup"):
        playing.Name(most=LONGEST_NAME, event_found=lambda _: None)


@solara.component
def Table(asked: Asked, go: Go) -> None:
    """Draw a game: the week of the current seat, a curtain between players, or the debrief."""
    play = solara.use_memo(lambda: Play(asked), [])
    version, set_version = solara.use_state(0)
    nothing: tuple[Problem, ...] = ()
    problems, set_problems = solara.use_state(nothing)
    foreseen, set_foreseen = solara.use_state(Outlook())
    player, set_player = solara.use_state("")

    def act(do: Do) -> None:
        with play.lock:
            wrong = do()
        set_problems(tuple(wrong or ()))
        set_version(lambda number: number + 1)

    def restore(text: object) -> None:
        if isinstance(text, str) and text:
            act(lambda: play.resume(text))

    with play.lock:
        over, curtain, view = play.game.over, play.curtain, play.view
        game = play.game
        kept = solara.use_memo(play.kept, [id(game), game.week, over])
        shown = None if over or curtain else picture(play)
        title = play.game.seats[0].title if over else play.seat.title
    words = solara.use_memo(lambda: scenes.words(game), [])

    def work() -> None:
        if not (over or curtain):
            play.foresee(set_foreseen)

    solara.use_effect(work, [view])
    solara.use_effect(lambda: play.latest_task.close, [])
    with solara.v.Html(tag="div", attributes={"data-version": str(version)}):
        playing.Keep(slot=f"winset {asked.key}"[:500], text=kept, event_found=restore)
        Messages("That cannot be done", problems)
        if shown is not None:
            Now(play, act, shown, foreseen, words)
        elif curtain:
            Curtain(title, lambda: act(play.lift))
        else:
            Debrief(game, player, lambda: act(play.restart)).key(str(id(game)))
        with solara.v.Html(tag="section", class_="w-card p-foot"):
            playing.Name(most=LONGEST_NAME, event_found=lambda text: set_player(named(text)))
        Foot(asked, None if over else lambda: act(play.restart), go)


@solara.component
def Now(play: Play, act: Act, shown: Picture, foreseen: Outlook, words: list[list[str]]) -> None:
    """Draw a week for the seat at the screen."""
    playing.Week(
        head=shown.head,
        staged=shown.staged,
        waits=shown.waits,
        waiting=shown.waiting,
        ends=shown.ends,
        event_end=lambda week: act(play.end) if week == play.game.week else None,
        event_wait=lambda week: act(play.wait) if week == play.game.week else None,
        event_undo=lambda name: act(lambda: play.undo(str(name))),
    )
    with solara.v.Html(tag="div", class_="p-grid"):
        with solara.v.Html(tag="div", class_="p-column"):
            if shown.due:
                Moves(play, act, shown)
            Package(play, act, shown, words)
            if not shown.due:
                Moves(play, act, shown)
            with Card("What may follow"):
                playing.Outlook(
                    blocks=outlook.blocks(foreseen.ahead, shown.other, shown.signs),
                    busy=foreseen.of != shown.of,
                    note=foreseen.problem or AHEAD,
                )
        with solara.v.Html(tag="div", class_="p-column"):
            with solara.v.Html(tag="section", class_="w-card"):
                playing.News(rows=shown.news, title=shown.since)
            with Card("Where you stand"):
                playing.Standing(rows=shown.standing, groups=shown.groups)
            with Card("Your people"):
                playing.Voices(rows=shown.voices, note=STYLISED)


@solara.component
def Package(play: Play, act: Act, shown: Picture, words: list[list[str]]) -> None:
    """Draw the own draft, the offer to answer, or the package in force."""
    with Card(shown.title):
        if shown.answer is not None:
            Answer(play, act, shown.answer)
        if shown.deal is None:
            text = "There is no offer yet."
            solara.v.Html(tag="p", class_="w-note", children=[text])
        else:
            playing.Deal(
                **shown.deal,
                words=words,
                event_offer=lambda levels: act(lambda: play.change("offer", levels)),
                event_start=lambda name: act(lambda: play.change("start", name)),
            )


@solara.component
def Answer(play: Play, act: Act, accepted: bool) -> None:
    """Draw the two answers to an offer."""

    def answer(yes: bool) -> None:
        act(lambda: play.change("accept", yes))

    with solara.v.Html(tag="div", class_="p-answer"):
        Press("Accept", accepted, lambda: answer(True))
        Press("Refuse", not accepted, lambda: answer(False))
    text = "If you accept, both homes vote. If you refuse, it is your turn at the next session."
    solara.v.Html(tag="p", class_="p-hint", children=[text])


@solara.component
def Moves(play: Play, act: Act, shown: Picture) -> None:
    """Draw the moves beside offer and answer."""
    with Card("Your other moves"):
        playing.Levers(
            **shown.levers,
            event_move=lambda data: act(lambda: play.change(str(data["name"]), data["value"])),
        )


@solara.component
def Curtain(title: str, lift: Callable[[], None]) -> None:
    """Hide everything until the other player is at the screen."""
    with solara.v.Html(tag="section", class_="w-card p-curtain"):
        solara.v.Html(tag="h1", children=[f"Hand the screen over to {title}"])
        text = "The view and moves of the other seat are hidden. Only this player should look now."
        solara.v.Html(tag="p", children=[text])
        Press(f"I am {title}: show my week", None, lift, "p-main")


@solara.component
def Foot(asked: Asked, again: Callable[[], None] | None, go: Go) -> None:
    """Draw the actions on a whole game: share, restart, leave."""
    state, world = asked.wanted.opened.state, asked.wanted.world
    with solara.v.Html(tag="div", class_="w-tools p-foot"):
        playing.Copy(label="Copy link for a class", link=link(state, world, asked.seat))
        if again:
            Press("Restart game", None, again)
        Press("Choose another seat or case", None, lambda: go(link(state, world)))
        text = f"{asked.setting.title}, world {world}, seed {state.seed}"
        solara.v.Html(tag="small", class_="w-note", children=[text])


@solara.component
def Press(label: str, pressed: bool | None, do: Callable[[], None], kind: str = "") -> None:
    """Show a button. pressed: whether it is the selected one of several, None for a single one."""
    attributes = {"type": "button"}
    if pressed is not None:
        attributes["aria-pressed"] = str(pressed).lower()
    look = f"w-button {kind} {'p-on' if pressed else ''}".strip()
    button = solara.v.Html(tag="button", class_=look, children=[label], attributes=attributes)
    solara.v.use_event(button, "click", lambda *_: do())


@solara.component
def Card(title: str, children: list[solara.Element] = []) -> None:  # type: ignore[type-arg]  # noqa: B006
    """Draw a titled card around its children."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="div", children=children)


def _case(name: str, title: str) -> str:
    return f"{title} (a first game, 15 minutes)" if name == "classroom" else title


def _chairs(asked: Asked) -> list[dict[str, object]]:
    """Return the seats that can be chosen, with a description of each."""
    setting = asked.setting
    sides = list(setting.sides)
    rows: list[dict[str, object]] = []
    for chair in chairs(setting):
        title = setting.sides[chair.side].title
        line = (
            "Speaks for the side below the leaders' level, and has the leader's ear. No threats."
            if chair.leads
            else "Decides: offers, answers, threats, truces, and whether promises are kept."
        )
        rows.append(
            {
                "key": chair.key if chair.leads else chair.side,
                "title": chair.title,
                "what": f"{title}, {chair.role}" if chair.role else title,
                "line": line,
                "side": sides.index(chair.side),
            }
        )
    both = "Each plays a leader; a curtain hides each player's numbers from the other."
    rows.append(
        {"key": BOTH, "title": "Two people at this screen", "what": "", "line": both, "side": 2}
    )
    return rows
