"""Draw the results of a run in Explore: shares, fans, contents, incomes, with their caveats."""

import solara

from app.components import parts
from app.explore import figures, findings
from app.explore.session import View
from app.inputs.scenario_store import UPLOAD
from app.style import SIDES
from app.watch.address import Wanted, link
from app.watch.picks import picks
from experiments.factorial.sweep import AGREEMENT
from experiments.summary import ruled_out
from model.outcomes import deal_keys
from model.schema.scenario import Scenario

FANS = {"trust": "Trust in the other's promises", "approval": "Approval of the leaders"}


@solara.component
def Picture(view: View, dark: bool, old: bool) -> None:
    """Draw the findings; old: they are of an earlier state, and new ones are being computed."""
    with solara.v.Html(tag="div", class_="w-picture w-old" if old else "w-picture"):
        if view.now is None or view.opened is None:
            with solara.v.Html(tag="section", class_="w-card w-wide"):
                solara.v.Html(tag="p", children=["Simulating the first worlds …"])
            return
        Shares(view)
        if has_economy(view):
            for side, title in enumerate(_titles(view.now.scenario)):
                Tariff(view, side, title, dark)
        for name, title in FANS.items():
            Both(view, name, title, dark)
        Contents(view)
        if has_economy(view):
            Incomes(view)


def has_economy(view: View) -> bool:
    """Return whether the shown scenario has an economy, and so tariffs and incomes."""
    return view.now is not None and findings.has_economy(view.now.scenario)


def caveat(view: View) -> str:
    """Return the caveat of the shares: their range in the sweep, or that it is not ready yet."""
    if view.now is None:
        return ""
    excluded = ruled_out(view.now.scenario)
    if view.sweep is None:
        return (
            "Shares of simulated worlds under assumed numbers, no forecast. How far the main "
            f"assumptions move them is being worked out.{excluded}"
        )
    low, high = (100 * float(view.sweep[key][AGREEMENT]) for key in ("lowest", "highest"))
    sweep = view.sweep.attrs
    return (
        f"No forecast. Over {sweep['cells']} combinations of cost of concessions, talk-weeks and "
        f"meeting rate, any agreement goes from {low:.0f} to {high:.0f}\u00a0% ({sweep['worlds']} "
        f"worlds each, ±{100 * sweep['half']:.0f} points by chance at most). The intervals cover "
        f"chance only; the grey ranges show the effect of the main assumptions.{excluded}"
    )


def led(scenario: Scenario) -> str:
    """Say who leads the talks for each side in what is shown."""
    leads = []
    for side in scenario.sides.values():
        title = scenario.actors[side.lead or side.leader].title
        own = side.title.lower() in title.lower()  # "Leader of North" needs no "for North"
        leads.append(title if own else f"{title} for {side.named}")
    return f"Who leads the talks: {' and '.join(leads)}."


@solara.component
def Shares(view: View) -> None:
    """Draw the shares of the outcomes, what changed, and the caveat."""
    assert view.now is not None
    now = view.now
    with solara.v.Html(tag="section", class_="w-card w-wide"):
        with solara.v.Html(tag="div", class_="w-title"):
            solara.v.Html(tag="h1", children=["How the talks end"])
            solara.v.Html(tag="small", children=[source(view)])
        said = now.scenario.title if view.ghost is None else findings.sentence(view.ghost, now)
        solara.v.Html(tag="p", class_="w-said", children=[said], attributes={"aria-live": "polite"})
        solara.v.Html(tag="p", class_="w-led w-note", children=[led(now.scenario)])
        parts.Bars(rows=figures.bars(now, view.ghost, view.sweep), label="Share of worlds, percent")
        _key(
            ("k-interval", "95 % interval (chance)"),
            ("k-sweep", "range over the sweep (assumptions)"),
            *([("k-ghost", "unchanged scenario, same random numbers")] if view.ghost else []),
        )
        solara.v.Html(tag="p", class_="w-caveat", children=[caveat(view)])
        Worlds(view)
        if view.ghost:
            Details(view)


@solara.component
def Worlds(view: View) -> None:
    """Link to worlds worth watching; other pages do not know uploaded scenarios."""
    picked = solara.use_memo(lambda: picks(view.now.outcomes) if view.now else [], [view.now])
    opened = view.opened
    if opened is not None and not opened.state.scenario.startswith(UPLOAD):
        rows = [
            {"text": pick.name, "href": link(Wanted(opened), pick.world), "note": pick.note}
            for pick in picked
        ]
        parts.Links(label="Watch a world:", rows=rows)


@solara.component
def Details(view: View) -> None:
    """Draw the table of all differences, folded away."""
    opened, set_opened = solara.use_state(False)
    with parts.Fold(title="All differences", note="", opened=opened, event_open=set_opened):
        if opened and view.now and view.ghost:
            parts.Differences(rows=figures.changes(view.ghost, view.now))
            note = (
                "Difference with interval that holds for all rows at once (95 %), by pairs of "
                "worlds with the same random numbers; bold: it leaves out no change."
            )
            solara.v.Html(tag="p", class_="w-sub", children=[note])


@solara.component
def Tariff(view: View, side: int, title: str, dark: bool) -> None:
    """Draw the fan of one side's tariff; both have one axis."""
    assert view.now is not None
    fans = 100 * view.now.fans["tariff"]
    ghost = None if view.ghost is None else 100 * view.ghost.fans["tariff"]
    top = figures.highest(fans, None if ghost is None else ghost[:3])
    mine, other = [card.named for card in view.now.scenario.sides.values()][:: 1 - 2 * side]
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=[f"Tariff of {mine} on {other}"])
        option = figures.fan(
            fans[:, :, side : side + 1],
            {title: SIDES[dark][side]},
            view.now.scenario.start,
            dark,
            None if ghost is None else ghost[:, :, side : side + 1],
            top,
        )
        Fan(option, "Average rate, percent")


@solara.component
def Both(view: View, name: str, title: str, dark: bool) -> None:
    """Draw the fan of a state of both sides, a share."""
    assert view.now is not None
    colours = dict(zip(_titles(view.now.scenario), SIDES[dark], strict=True))
    ghost = None if view.ghost is None else 100 * view.ghost.fans[name]
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h2", children=[title])
        option = figures.fan(
            100 * view.now.fans[name], colours, view.now.scenario.start, dark, ghost, 100.0
        )
        Fan(option, "Share, percent")
        _names(colours)


@solara.component
def Fan(option: figures.Row, note: str) -> None:
    """Draw a fan with what its bands mean."""
    solara.v.Html(tag="small", children=[f"{note}: median, middle half, nine in ten worlds"])
    solara.FigureEcharts(
        option=option, attributes={"style": f"height: {figures.TALL}px"}, responsive=True
    )


@solara.component
def Contents(view: View) -> None:
    """Draw what the agreements contain."""
    assert view.now is not None
    rows = figures.contents(view.now, view.ghost)
    with solara.v.Html(tag="section", class_="w-card w-wide"):
        solara.v.Html(tag="h2", children=["What agreements contain"])
        deals = int(view.now.outcomes["outcome"].isin(deal_keys()).sum())
        if not rows:
            solara.v.Html(tag="p", children=["No world ends with a deal in force."])
            return
        note = (
            f"Level agreed, deals in force at the end: {deals:,}; 0: nothing, 1: all that its "
            "owner could give; beside it the median amount, and how many deals contain it (95 %)"
        )
        solara.v.Html(tag="small", children=[note])
        parts.Tracks(rows=rows, ticks=[0.0, 0.25, 0.5, 0.75, 1.0], label="Level agreed")
        _tracks_key(view, "median", "the middle half", "nine deals in ten")


@solara.component
def Incomes(view: View) -> None:
    """Draw the changes of real incomes."""
    assert view.now is not None
    rows, ticks = figures.incomes(view.now, view.ghost)
    with solara.v.Html(tag="section", class_="w-card w-wide"):
        solara.v.Html(tag="h2", children=["Real income"])
        note = "Mean over the weeks against the start, percent; beside it the 95 % interval of it"
        solara.v.Html(tag="small", children=[note])
        parts.Tracks(rows=rows, ticks=ticks, label="Real income, percent against the start")
        _tracks_key(view, "mean of the worlds", "its 95 % interval", "nine worlds in ten")


def source(view: View) -> str:
    """Return the scenario, the number of worlds and the seed of a picture."""
    assert view.now is not None
    assert view.opened is not None
    changed = len(view.opened.state.changes)
    changes = f" with {changed} change{'s' * (changed > 1)}" if changed else ""
    return (
        f"Scenario {view.now.scenario.name}{changes} · {view.now.worlds:,} worlds · "
        f"seed {view.now.seed} · {view.now.scenario.time.horizon} weeks"
    )


def _titles(scenario: Scenario) -> list[str]:
    return [side.title for side in scenario.sides.values()]


def _names(colours: dict[str, str]) -> None:
    with solara.v.Html(tag="div", class_="w-key"):
        for title, colour in colours.items():
            with solara.v.Html(tag="span"):
                style = f"width: 22px; height: 3px; background: {colour}"
                solara.v.Html(tag="i", style_=style)
                solara.v.Html(tag="span", children=[title])


def _key(*entries: tuple[str, str]) -> None:
    with solara.v.Html(tag="div", class_="w-key"):
        for mark, meaning in entries:
            with solara.v.Html(tag="span"):
                solara.v.Html(tag="i", class_=mark)
                solara.v.Html(tag="span", children=[meaning])


def _tracks_key(view: View, mark: str, inner: str, outer: str) -> None:
    ghost = [("k-dash", f"{mark}, unchanged scenario")] if view.ghost else []
    _key(("k-mark", mark), ("k-inner", inner), ("k-outer", outer), *ghost)
