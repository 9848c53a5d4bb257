"""The parts of Class: files that are dropped in, links for the board, tables, a briefing."""

from pathlib import Path
from typing import Any

import solara

from app.components.parts import EventHandler

STYLE = Path(__file__).with_name("class.css")


@solara.component
def Style() -> None:
    """Give the page its look, on the screen and in print."""
    style = solara.use_memo(lambda: STYLE.read_text(encoding="utf-8"), [])
    solara.Style(style)


@solara.component_vue("class_files.vue")
def Files(largest: int, most: int, busy: str, event_files: EventHandler) -> None:
    """Let many files be chosen or dropped; they are told as a list of name, size, content."""


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
    """Let a case be chosen, and show its link, a line for the board, and its briefings."""


@solara.component_vue("class_table.vue")
def Table(group: dict[str, Any]) -> None:
    """Show the games of a case as a table, where they parted, and what was agreed."""


@solara.component_vue("briefing.vue")
def Briefing(told: dict[str, Any], back: str) -> None:
    """Show the briefing of a seat, made for one page of paper."""
