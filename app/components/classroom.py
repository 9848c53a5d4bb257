"""Declare the Vue components of Class: file drop, links for the board, tables, a briefing."""

from pathlib import Path
from typing import Any

import solara

from app.components.parts import EventHandler

STYLE = Path(__file__).with_name("class.css")


@solara.component
def Style() -> None:
    """Add the styles of the page, for screen and print."""
    style = solara.use_memo(lambda: STYLE.read_text(encoding="utf-8"), [])
    solara.Style(style)


@solara.component_vue("class_files.vue")
def Files(largest: int, most: int, busy: str, event_files: EventHandler) -> None:
    """Show a file drop. `event_files` gets a list of name, size and content."""


@solara.component_vue("class_links.vue")
def Links(
    scenarios: list[list[str]],
    scenario: str,
    seats: list[list[str]],
    seat: str,
    world: int,
    seed: str,
    link: str,
    line: str,
    briefings: list[list[str]],
    event_choose: EventHandler,
) -> None:
    """Show controls to choose a case, with its link, a line for the board, and its briefings."""


@solara.component_vue("class_table.vue")
def Table(group: dict[str, Any]) -> None:
    """Show the games of a case as a table, the different moves, and the agreements."""


@solara.component_vue("briefing.vue")
def Briefing(text: dict[str, Any], back: str) -> None:
    """Show the briefing of a seat, laid out for one printed page."""
