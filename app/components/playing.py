"""Declare the Vue components of Play: setup, week, package, moves, outlook, voices."""

from typing import Any

import solara

from app.components.parts import EventHandler, Rows


@solara.component_vue("play_setup.vue")
def Setup(
    scenarios: list[list[str]],
    scenario: str,
    about: str,
    seats: Rows,
    seat: str,
    world: int,
    seed: int,
    link: str,
    event_choose: EventHandler,
    event_start: EventHandler,
) -> None:
    """Show controls for scenario, seat and world. `event_choose` gets name and text."""


@solara.component_vue("play_week.vue")
def Week(
    head: dict[str, Any],
    staged: Rows,
    waits: str,
    waiting: str,
    ends: str,
    event_end: EventHandler,
    event_wait: EventHandler,
    event_undo: EventHandler,
) -> None:
    """Show the week, its task, the staged moves, and the buttons that let time pass."""


@solara.component_vue("play_deal.vue")
def Deal(
    rows: Rows,
    words: list[list[str]],
    levels: list[float],
    scale: dict[str, Any],
    sides: list[str],
    me: int,
    starts: Rows,
    event_offer: EventHandler,
    event_start: EventHandler,
) -> None:
    """Show a package with its worths. With `starts`, its sliders send an offer on release."""


@solara.component_vue("play_levers.vue")
def Levers(
    note: str,
    due: Rows | None,
    threat: dict[str, Any] | None,
    trial: dict[str, Any] | None,
    switches: Rows,
    orders: Rows,
    counsel: Rows,
    event_move: EventHandler,
) -> None:
    """Show all other moves. `event_move` gets name and value."""


@solara.component_vue("play_outlook.vue")
def Outlook(blocks: Rows, busy: bool, note: str) -> None:
    """Show the look-ahead of several moves as small bars."""


@solara.component_vue("play_voices.vue")
def Voices(rows: Rows, note: str) -> None:
    """Show what the actors say."""


@solara.component_vue("play_standing.vue")
def Standing(rows: Rows, groups: Rows) -> None:
    """Show the status of the seat, and the pain of the groups at home."""


@solara.component_vue("play_news.vue")
def News(rows: Rows, title: str) -> None:
    """Show the events since the last move."""


@solara.component_vue("play_keep.vue")
def Keep(slot: str, text: str, event_found: EventHandler) -> None:
    """Store a text in the browser's session. `event_found` gets the stored text once."""


@solara.component_vue("play_name.vue")
def Name(most: int, event_found: EventHandler) -> None:
    """Ask for a player's name (at most `most` characters), and store it in the browser session."""


@solara.component_vue("play_copy.vue")
def Copy(label: str, link: str) -> None:
    """Show a button that copies an address of this app."""
