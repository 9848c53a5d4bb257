"""The parts of pages that are drawn in the browser: controls, bars, tracks, tables, messages."""

from collections.abc import Callable
from typing import Any

import solara

from app.components.frame import Children
from model.schema.problems import Problem

type Rows = list[dict[str, Any]]
type EventHandler = Callable[[Any], None]  # what the browser sends is checked by whom it is told to


@solara.component_vue("controls.vue")
def Controls(
    rows: Rows, event_change: EventHandler, event_rest: EventHandler | None = None
) -> None:
    """Show sliders, choices and switches; a change is told on release, as name and text.

    event_rest: told the same of a thumb that rests and has not been let go.
    """


@solara.component_vue("bars.vue")
def Bars(rows: Rows, label: str) -> None:
    """Show shares as bars with interval, ghost and range over the sweep."""


@solara.component_vue("tracks.vue")
def Tracks(rows: Rows, ticks: list[float], label: str) -> None:
    """Show marks on tracks, each with its bands and the ghost of the unchanged scenario."""


@solara.component_vue("differences.vue")
def Differences(rows: Rows) -> None:
    """Show how each share moved, as a table."""


@solara.component_vue("notice.vue")
def Notice(title: str, lines: list[str], event_close: EventHandler) -> None:
    """Show a message with a line for each problem."""


@solara.component_vue("upload.vue")
def Upload(largest: int, event_upload: EventHandler) -> None:
    """Let a file be chosen; it is told as name, size and content in base64."""


@solara.component_vue("fold.vue")
def Fold(
    title: str,
    note: str,
    opened: bool,
    event_open: EventHandler,
    children: Children = [],  # noqa: B006  # solara's own protocol
) -> None:
    """Fold its children away under a title."""


@solara.component_vue("save.vue")
def Save(label: str, file: str, event_want: EventHandler, content: bytes | None = None) -> None:
    """Show a button that asks for a file's content and saves it once it comes."""


@solara.component_vue("drawer.vue")
def Drawer(
    title: str,
    note: str,
    children: Children = [],  # noqa: B006  # solara's own protocol
) -> None:
    """Stand beside the picture; on a narrow screen, fold away above it."""


@solara.component_vue("links.vue")
def Links(label: str, rows: Rows) -> None:
    """Show links in a line of text, each with text, href and a note on hover."""


@solara.component
def Messages(title: str, problems: tuple[Problem | str, ...]) -> None:
    """Say what is wrong, until it is closed."""
    none: tuple[Problem | str, ...] = ()
    closed, set_closed = solara.use_state(none)
    if problems and closed != problems:
        Notice(
            title=title,
            lines=[str(problem) for problem in problems],
            event_close=lambda _: set_closed(problems),
        )


@solara.component
def Download(label: str, file: str, make: Callable[[], str | bytes]) -> None:
    """Offer a file that is made when it is asked for."""
    content, set_content = solara.use_state(b"")

    def wanted(_: object) -> None:
        made = make()
        set_content(b"")  # the same file asked for twice is sent twice
        set_content(made.encode() if isinstance(made, str) else made)

    Save(label=label, file=file, event_want=wanted, content=content)
