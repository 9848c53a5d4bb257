"""The pictures of lessons, by the names that lessons use."""

from typing import Any

import solara

from app.components import parts, watching
from app.components.frame import use_dark
from app.explore import figures
from app.lessons import drawing
from app.lessons.forms import MEASURE
from app.lessons.lesson import Picture
from app.lessons.measuring import SHARES
from app.lessons.study import Seen
from app.style import SIDES
from model.outcomes import deal_keys

FANS = {
    "trust": "Trust in the other's promises",
    "approval": "Approval of the leaders",
    "tariffs": "Tariffs on each other",
}
RECORDS = {"tariffs": "tariff"}  # names in the record, if they differ
GHOST = "the start of this picture, same random numbers"
LARGE = 14  # pixels of the text in a fan, legible from the back of a lecture hall


@solara.component
def Shows(picture: Picture, seen: Seen) -> None:
    """Draw the parts of a picture in their order. Measures of one unit share an axis."""
    dark = use_dark()
    names = [name.removeprefix(MEASURE) for name in picture.show if name.startswith(MEASURE)]
    drawn = False
    for name in picture.show:
        if name.startswith(MEASURE):
            if not drawn:
                Means(seen, names)
            drawn = True
        elif name == "outcomes":
            Outcomes(seen)
        elif name == "plane":
            Plane(seen)
        elif name == "package":
            Contents(seen)
        elif name == "incomes":
            Incomes(seen)
        else:
            Fans(seen, name, dark)


@solara.component
def Outcomes(seen: Seen) -> None:
    """Draw the outcome shares, with the caveat."""
    assert seen.now is not None
    with solara.v.Html(tag="div", class_="l-one"):
        solara.v.Html(tag="h3", children=["How the worlds end"])
        rows = figures.bars(seen.now, seen.ghost, seen.sweep)
        parts.Bars(rows=rows, label="Share of worlds, percent")
        _key(
            ("k-interval", "95 % interval (chance)"),
            *([("k-sweep", "range over the main assumptions")] if seen.sweep is not None else []),
            *([("k-ghost", GHOST)] if seen.ghost else []),
        )
        solara.v.Html(tag="p", class_="w-caveat", children=[_caveat(seen)])


@solara.component
def Plane(seen: Seen) -> None:
    """Draw the plane of worths of one world."""
    assert seen.trajectory is not None
    plane, room, caption = drawing.plane(seen.trajectory, seen.begun)
    titles = [side.title for side in seen.trajectory.scenario.sides.values()]
    with solara.v.Html(tag="div", class_="l-one"):
        solara.v.Html(tag="h3", children=["What packages are worth to both sides"])
        watching.Plane(**plane, room=room, sides=titles)
        solara.v.Html(tag="p", children=[caption])


@solara.component
def Contents(seen: Seen) -> None:
    """Draw what the agreements contain."""
    assert seen.now is not None
    rows = figures.contents(seen.now, seen.ghost)
    deals = int(seen.now.outcomes["outcome"].isin(deal_keys()).sum())
    with solara.v.Html(tag="div", class_="l-one"):
        solara.v.Html(tag="h3", children=["What agreements contain"])
        if not rows:
            solara.v.Html(tag="p", children=["No world ends with a deal in force."])
            return
        note = "Level agreed (1: the most that can be given)"
        if alone(seen):  # nothing to take a share of
            rows = [row | {"more": ""} for row in rows]
        else:
            note += f"; deals in force at the end: {deals:,}"
        solara.v.Html(tag="small", children=[note])
        parts.Tracks(rows=rows, ticks=[0.0, 0.25, 0.5, 0.75, 1.0], label="Level agreed")
        _tracks_key(seen, "median", "the middle half", "nine deals in ten")


@solara.component
def Incomes(seen: Seen) -> None:
    """Draw the changes of real incomes."""
    assert seen.now is not None
    rows, ticks = figures.incomes(seen.now, seen.ghost)
    with solara.v.Html(tag="div", class_="l-one"):
        solara.v.Html(tag="h3", children=["Real income"])
        solara.v.Html(tag="small", children=["Mean over the weeks against the start, percent"])
        parts.Tracks(rows=rows, ticks=ticks, label="Real income, percent against the start")
        _tracks_key(seen, "mean of the worlds", "its 95 % interval", "nine worlds in ten")


@solara.component
def Means(seen: Seen, names: list[str]) -> None:
    """Draw measures of the worlds, with one axis for each unit."""
    for unit, rows, ticks in drawing.means(seen, names):
        with solara.v.Html(tag="div", class_="l-one"):
            where = "In this world" if alone(seen) else "On average"
            solara.v.Html(tag="h3", children=[f"{where}, {unit}"])
            if not rows:
                solara.v.Html(tag="p", children=["No world has this number."])
                continue
            parts.Tracks(rows=rows, ticks=ticks, label=unit)
            share = unit.startswith(SHARES)
            outer = "" if share else "nine worlds in ten"
            _tracks_key(seen, "mean", "its 95 % interval", outer)


@solara.component
def Fans(seen: Seen, name: str, dark: bool) -> None:
    """Draw the fan of a state of both sides, a share."""
    assert seen.now is not None
    titles = [side.title for side in seen.now.scenario.sides.values()]
    record = RECORDS.get(name, name)
    fans = 100 * seen.now.fans[record]
    ghost = None if seen.ghost is None else 100 * seen.ghost.fans[record]
    tariffs = name == "tariffs"
    top = figures.highest(fans, None if ghost is None else ghost[:3]) if tariffs else 100.0
    option = figures.fan(
        fans, dict(zip(titles, SIDES[dark], strict=True)), seen.now.scenario.start, dark, ghost, top
    )
    with solara.v.Html(tag="div", class_="l-one"):
        solara.v.Html(tag="h3", children=[FANS[name]])
        note = "percent: median, middle half, nine in ten worlds"
        solara.v.Html(tag="small", children=[note + (f"; dashed: {GHOST}" if seen.ghost else "")])
        style = f"height: {figures.TALL + 50}px"
        solara.FigureEcharts(option=_large(option), attributes={"style": style}, responsive=True)
        with solara.v.Html(tag="div", class_="w-key"):
            for title, colour in zip(titles, SIDES[dark], strict=True):
                with solara.v.Html(tag="span"):
                    style = f"width: 22px; height: 4px; background: {colour}"
                    solara.v.Html(tag="i", style_=style)
                    solara.v.Html(tag="span", children=[title])


def _large(option: dict[str, Any]) -> dict[str, Any]:
    """Return a fan chart with large text for lecture halls."""
    axes = {
        axis: {**option[axis], "axisLabel": {**option[axis]["axisLabel"], "fontSize": LARGE}}
        for axis in ("xAxis", "yAxis")
    }
    axes["xAxis"]["axisLabel"]["lineHeight"] = LARGE + 4
    return {**option, **axes, "grid": {**option["grid"], "left": 58, "bottom": 54}}


def _caveat(seen: Seen) -> str:
    """Return the caveat of outcome shares."""
    if seen.sweep is None:
        return (
            "Shares of simulated worlds under assumed numbers, no forecast. The interval shows "
            "chance only."
        )
    sweep = seen.sweep.attrs
    return (
        "No forecast. Black lines: chance. Grey bars: how far the share moves over "
        f"{sweep['cells']} combinations of cost of concessions, talk-weeks and meeting rate "
        f"({sweep['worlds']} worlds each, ±{100 * sweep['half']:.0f} points of chance at most)."
    )


def _key(*entries: tuple[str, str]) -> None:
    with solara.v.Html(tag="div", class_="w-key"):
        for mark, meaning in entries:
            with solara.v.Html(tag="span"):
                solara.v.Html(tag="i", class_=mark)
                solara.v.Html(tag="span", children=[meaning])


def alone(seen: Seen) -> bool:
    """Say whether a picture is of a single world, so that there are no intervals."""
    return seen.now is not None and len(seen.now.outcomes) == 1


def _tracks_key(seen: Seen, mark: str, inner: str, outer: str) -> None:
    ghost = [("k-dash", GHOST)] if seen.ghost else []
    if alone(seen):
        _key(("k-mark", "this world"), *ghost)
        return
    _key(("k-mark", mark), ("k-inner", inner), *([("k-outer", outer)] if outer else []), *ghost)
