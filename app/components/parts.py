"""Declare Vue components that all pages share: controls, bars, tracks, tables, messages."""

from collections.abc import Callable
from typing import Any

import solara

from app.components.frame import Children
from model.schema.problems import Problem

type Rows = list[dict[str, Any]]
type EventHandler = Callable[[Any], None]  # must check what the browser sends


@solara.component_vue("controls.vue")
def Controls(
    rows: Rows, event_change: EventHandler, event_rest: EventHandler | None = None
) -> None:
    """Show sliders, choices and switches. `event_change` gets name and text on release.

    event_rest: gets the same for a slider that rests and is not released yet.
    """


@solara.component_vue("bars.vue")
def Bars(rows: Rows, label: str) -> None:
    """Show shares as bars with interval, unchanged scenario, and range over the sweep."""


@solara.component_vue("tracks.vue")
def Tracks(rows: Rows, ticks: list[float], label: str) -> None:
    """Show marks on tracks, each with its bands and the mark of the unchanged scenario."""


@solara.component_vue("differences.vue")
def Differences(rows: Rows) -> None:
    """Show how each share moved, as a table."""


@solara.component_vue("notice.vue")
def Notice(title: str, lines: list[str], event_close: EventHandler) -> None:
    """Show a message with a line for each problem."""


@solara.component_vue("upload.vue")
def Upload(largest: int, event_upload: EventHandler) -> None:
    """Show a file chooser. `event_upload` gets name, size and base64 content."""


@solara.component_vue("fold.vue")
def Fold(
    title: str,
    note: str,
    opened: bool,
    event_open: EventHandler,
    children: Children = [],  # noqa: B006  # solara's own protocol
) -> None:
    """Show children in a fold under a title."""


@solara.component_vue("save.vue")
def Save(label: str, file: str, event_want: EventHandler, content: bytes | None = None) -> None:
    """Show a button that requests the content of a file and saves it on arrival."""


@solara.component_vue("drawer.vue")
def Drawer(
    title: str,
    note: str,
    children: Children = [],  # noqa: B006  # solara's own protocol
) -> None:
    """Show children beside the picture, or in a fold above it on a narrow screen."""


@solara.component_vue("links.vue")
def Links(label: str, rows: Rows) -> None:
    """Show a line of links, each with text, href and a note on hover."""


@solara.component
def Messages(title: str, problems: tuple[Problem | str, ...]) -> None:
    """Show problems until the visitor closes the message."""
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
    """Show a download button. The file is made on request."""
    content, set_content = solara.use_state(b"")

    def wanted(_: object) -> None:
        made = make()
        set_content(b"")  # so that the same file can be requested twice
        set_content(made.encode() if isinstance(made, str) else made)

    Save(label=label, file=file, event_want=wanted, content=content)
