"""The parts of Watch that are drawn in the browser: player, network, package, lines, plane, log."""

from typing import Any

import solara

from app.components.parts import EventHandler, Rows


@solara.component_vue("choice.vue")
def Choose(
    summary: str,
    source: str,
    scenarios: list[list[str]],
    results: list[str],
    seed: str | None,
    world: int,
    failed: list[int],
    picks: Rows,
    busy: str,
    game: str,
    largest: int,
    unfailed: str,
    nearest: list[list[str]],
    event_go: EventHandler,
) -> None:
    """Let a world be chosen, or a transcript opened; what is chosen is told as name and text."""


@solara.component_vue("player.vue")
def Player(
    week: int,
    last: int,
    date: str,
    headline: str,
    moments: Rows,
    trajectory: str,
    event_show: EventHandler,
) -> None:
    """Show the controls of time; the next week is asked for once this one is drawn."""


@solara.component_vue("network.vue")
def Network(
    nodes: Rows,
    edges: Rows,
    lit: Rows,
    sides: list[str],
    chosen: str,
    label: str,
    marks: Rows,
    event_choose: EventHandler,
) -> None:
    """Show who speaks to whom, with what passes between them lit."""


@solara.component_vue("package.vue")
def Package(rows: Rows, heading: str, sides: list[str]) -> None:
    """Show a package as sentences, bars, and what each issue is worth to both sides."""


@solara.component_vue("lines.vue")
def Lines(panels: Rows, week: int, last: int, sides: list[str], moments: Rows) -> None:
    """Show small pictures over time, up to a week."""


@solara.component_vue("plane.vue")
def Plane(
    frontier: list[list[float]],
    floors: list[float],
    part: list[list[float]] | None,
    nash: list[float] | None,
    smorodinsky: list[float] | None,
    offers: Rows,
    room: list[list[float]],
    sides: list[str],
) -> None:
    """Show the plane of both sides' worths, with the offers up to a week."""


@solara.component_vue("log.vue")
def Log(entries: Rows, week: int, event_jump: EventHandler) -> None:
    """Show what happened up to a week; a click on an entry tells its week."""


@solara.component_vue("verdict.vue")
def Verdict(homes: Rows) -> None:
    """Show a package before both homes: what it is worth to whom, and who is against it."""


@solara.component_vue("inspector.vue")
def Inspector(person: dict[str, Any], menu: Rows, event_choose: EventHandler) -> None:
    """Show how somebody stands, what moved its opinion, and why it said no."""
