"""Declare the Vue components of Watch: player, network, package, lines, plane, log."""

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
    """Show controls to choose a world or open a transcript. `event_go` gets name and text."""


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
    """Show the time controls. The player requests the next week once the current one is drawn."""


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
    """Show the influence graph, with the messages of the week highlighted."""


@solara.component_vue("package.vue")
def Package(rows: Rows, heading: str, sides: list[str]) -> None:
    """Show a package as sentences and bars, with the worth of each issue to both sides."""


@solara.component_vue("lines.vue")
def Lines(panels: Rows, week: int, last: int, sides: list[str], moments: Rows) -> None:
    """Show small time series up to a week."""


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
    """Show the plane of worths to both sides, with the offers up to a week."""


@solara.component_vue("log.vue")
def Log(entries: Rows, week: int, event_jump: EventHandler) -> None:
    """Show the events up to a week. A click on an entry jumps to its week."""


@solara.component_vue("verdict.vue")
def Verdict(homes: Rows) -> None:
    """Show the votes of both sides on a package: its worth to each group, and who is against it."""


@solara.component_vue("inspector.vue")
def Inspector(person: dict[str, Any], menu: Rows, event_choose: EventHandler) -> None:
    """Show the position of an actor, what moved its opinion, and its last answer."""
