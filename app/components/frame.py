"""The frame around every page: styles, navigation, light and dark mode."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from app.style import variables

type Children = list[solara.Element[Any]]

STYLE = Path(__file__).with_suffix(".css")
_dark = solara.create_context(False)


def use_dark() -> bool:
    """Return whether the page is in dark mode."""
    return bool(solara.use_context(_dark))


@solara.component_vue("frame.vue")
def _Navigation(
    here: str,
    pages: list[list[str]],
    event_dark: Callable[[bool], None],
) -> None:
    """Show the name of the app, the pages, and the switch between light and dark."""


@solara.component
def Frame(
    here: str,
    pages: list[tuple[str, str]],
    children: Children = [],  # noqa: B006  # solara's own protocol
) -> None:
    """Draw the navigation and, under it, the children. pages: name and title of each."""
    dark, set_dark = solara.use_state(False)
    _dark.provide(dark)
    style = solara.use_memo(lambda: variables() + STYLE.read_text(encoding="utf-8"), [])
    with solara.v.Html(tag="div", class_="w-site"):
        solara.Style(style)
        _Navigation(
            here=here,
            pages=[list(page) for page in pages],
            event_dark=lambda value: set_dark(value is True),
        )
        solara.v.Html(tag="main", class_="w-main", children=children, attributes={"id": "main"})


@solara.component
def Lost(name: str) -> None:
    """Show that a page does not exist."""
    with solara.v.Html(tag="section", class_="w-card w-lost"):
        solara.v.Html(tag="h1", children=["There is no such page"])
        short = name if len(name) <= 60 else f"{name[:57]}..."
        solara.v.Html(tag="p", children=[f"“{short}” is not one of the pages listed above."])
