"""Convert a week of a trajectory to data for the pictures: network, package, lines, plane, log."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from app.watch.trace import Home, replay_week
from app.watch.trajectory import Trajectory
from experiments.chronicles import KINDS
from experiments.plots.influence_graph import layout
from model.arrays import Array
from model.chronicle_deals import DealLog
from model.chronicle_drafts import Draft, draft_of, draft_route
from model.chronicle_trials import KIND, trial_path
from model.rules import solutions
from model.rules.curves import LINEAR, Bends, felt
from model.rules.offers import utility
from model.schema.issues import SLIGHT
from model.sides import SIDES, other_side
from model.state.state import DEAL, TRUCE

type Row = dict[str, Any]

PHASES = {DEAL: "a deal in force", TRUCE: "a truce"}
LINES = {
    "tariff": ("Tariffs on each other", "%", 100.0),
    "trust": ("Trust in the other", "%", 100.0),
    "approval": ("Approval of the leaders", "%", 100.0),
    "side_pain": ("Pain at home since the start", "units of pain*", 1.0),
}
BY_TARIFFS = ("tariff", "side_pain")  # left out if they are zero in all weeks
THREATS = {"threat", "execution", "answer", "controls", "revocation"}
KEY_EVENTS = {kind for kind in KINDS if kind not in ("offer", "tariff")}  # emphasised in the log
WIDE = 2  # rules of the model need at least two worlds


def sides(trajectory: Trajectory) -> list[str]:
    """Return the titles of both sides."""
    return [card.title for card in trajectory.scenario.sides.values()]


def place_of(trajectory: Trajectory, side: str) -> int:
    """Return 0 or 1 for a side, 2 for all others."""
    keys = list(trajectory.scenario.sides)
    return keys.index(side) if side in keys else len(keys)


def nodes(trajectory: Trajectory) -> list[Row]:
    """Return the actors with their positions as shares of the picture, the same in every week."""
    graph = trajectory.start.graph
    spots = layout(graph, list(trajectory.scenario.sides))
    rows = []
    for key, spot in spots.items():
        card = graph.nodes[key]
        rows.append(
            {
                "key": key,
                "title": card["title"],
                "side": place_of(trajectory, card["side"]),
                "kind": card["kind"],
                "x": round(spot.x, 4),
                "y": round(1.0 - spot.y, 4),
            }
        )
    return rows


def edges(trajectory: Trajectory) -> list[Row]:
    """Return the edges of the influence graph, with weights relative to the largest weight."""
    graph = trajectory.start.graph
    most = max((data["weight"] for *_, data in graph.edges(data=True)), default=1.0) or 1.0
    return [
        {"from": speaker, "to": listener, "weight": round(data["weight"] / most, 3)}
        for speaker, listener, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2])
    ]


def lit(trajectory: Trajectory, week: int) -> list[Row]:
    """Return the highlighted edges of a week: offers, threats, messages, refusals at home."""
    leaders = [card.leader for card in trajectory.scenario.sides.values()]
    rows = []
    for key in trajectory.contacts(week):
        for listener in trajectory.start.graph.successors(key):
            rows.append(_lit(key, listener, "message", "back channel in contact"))
    for entry in trajectory.entries:
        if entry.week != week or place_of(trajectory, entry.actor) > 1:
            continue
        me = place_of(trajectory, entry.actor)
        if entry.kind in ("offer", "summit"):
            kind = "accepted" if entry.numbers["accepted"] else "offer"
            rows.append(_lit(leaders[me], leaders[other_side(me)], kind, f"offer, {kind}"))
            rows += _drafted(trajectory, week, me)
        elif entry.kind in THREATS:
            rows.append(_lit(leaders[me], leaders[other_side(me)], "threat", entry.kind))
        elif entry.kind == "gesture":
            rows.append(_lit(leaders[me], leaders[other_side(me)], "message", "gesture"))
        elif entry.kind == KIND:
            rows += _trial(trajectory, week)
    for home in homes(trajectory, week):
        if not home.passed:
            leader = leaders[home.side]
            rows += [
                _lit(view.key, leader, "refusal", "against the package")
                for view in home.views
                if view.against
            ]
    return list({(row["from"], row["to"], row["kind"]): row for row in rows}.values())


def trial_route(trajectory: Trajectory, week: int) -> list[str]:
    """Return the actors through whom the last trial package went; none if there was none."""
    snapshot = trajectory.snapshot(week)
    if snapshot.value("trial_week") < 0.0:
        return []
    carrier = trajectory.start.keys.actors[int(np.argmax(snapshot["trial_carrier"]))]
    sender, number = int(snapshot.value("trial_sender")), int(snapshot.value("trial_path"))
    return trial_path(trajectory.scenario, sender, carrier, number)


def _trial(trajectory: Trajectory, week: int) -> list[Row]:
    """Return the edges along which a trial package went this week."""
    warm = trajectory.snapshot(week).value("trial_answer") > 0.0
    kind = "warm" if warm else "cold"
    text = f"trial package, {kind} answer"
    return [_lit(*edge, kind, text) for edge in pairwise(trial_route(trajectory, week))]


def draft_by(trajectory: Trajectory, week: int, side_index: int) -> Draft | None:
    """Return who drafted the offer of a side in a week in which it made one, if anybody did."""
    return draft_of(DealLog(trajectory.scenario, trajectory.record), week, side_index)


def _drafted(trajectory: Trajectory, week: int, side_index: int) -> list[Row]:
    """Return the edges along which the draft of an offer reached its leader."""
    draft = draft_by(trajectory, week, side_index)
    if draft is None:
        return []
    leader = list(trajectory.scenario.sides.values())[side_index].leader
    title = trajectory.scenario.issues[draft.issue].title
    route = draft_route(trajectory.start.graph, draft, leader)
    return [_lit(*edge, "draft", f"draft of the offer ({title})") for edge in route]


def homes(trajectory: Trajectory, week: int) -> tuple[Home, ...]:
    """Return the ratification votes of a week; none if nothing was agreed."""
    if week < 1 or trajectory.record["agreed"][week] <= 0.0:
        return ()
    return replay_week(trajectory, week).homes


def agreed_weeks(trajectory: Trajectory, week: int) -> list[int]:
    """Return the weeks, up to this one, with an agreement that both sides voted on."""
    weeks = np.flatnonzero(trajectory.record["agreed"][: week + 1] > 0.0)
    return [int(number) for number in weeks]


def key_week(trajectory: Trajectory) -> int:
    """Return the most important week: the first failure at home, else the deal, else the end."""
    for kind in ("involuntary defection", "deal"):
        for entry in trajectory.entries:
            if entry.kind == kind:
                return entry.week
    return trajectory.last


def package(trajectory: Trajectory, week: int) -> tuple[str, list[Row]]:
    """Return the package on the table or in force: a heading, and one row for each issue."""
    snapshot = trajectory.snapshot(week)
    sessions = [entry for entry in trajectory.entries if entry.kind in ("offer", "summit")]
    sessions = [entry for entry in sessions if entry.week <= week]
    if snapshot.value("phase") == DEAL:
        begun = int(snapshot.value("deal_week"))
        return f"In force since week {begun}", _issues(trajectory, week, snapshot["agreement"])
    if not sessions:
        return "No offer yet", []
    last = sessions[-1]
    answer = "accepted" if last.numbers["accepted"] else "refused"
    side = trajectory.scenario.sides[last.actor]
    heading = f"Offered by {side.named} in week {last.week}, {answer}"
    return heading, _issues(trajectory, last.week, trajectory.record["table"][last.week])


def _issues(trajectory: Trajectory, week: int, levels: Array) -> list[Row]:
    gains, bend = trajectory.record["gains"][week], trajectory.record["bend"][week]
    rows = []
    for row, (key, card) in enumerate(trajectory.scenario.issues.items()):
        level = float(levels[row])
        given = level >= SLIGHT
        rows.append(
            {
                "key": key,
                "text": card.say(level) if given else f"{card.title}: nothing",
                "side": place_of(trajectory, card.owner),
                "level": round(max(0.0, min(1.0, level)), 4),
                "given": given,
                "worth": [
                    signed(float(gains[side][row]) * float(felt(levels, bend[side])[row]))
                    for side in SIDES
                ],
            }
        )
    return sorted(rows, key=lambda row: row["side"])


def lines(trajectory: Trajectory) -> list[Row]:
    """Return the small time series: title, unit, axis limits, and one series for each side."""
    panels = []
    for name, (title, unit, factor) in LINES.items():
        values = factor * trajectory.record[name][: trajectory.last + 1]
        if name in BY_TARIFFS and not values.any():
            continue
        top, bottom = float(np.nanmax(values)), float(np.nanmin(values))
        low = min(0.0, bottom)
        high = 1.2 * top if top > 1e-3 else 1.0
        if unit == "%":
            high = min(100.0, high) if top <= 100.0 else high
        panels.append(
            {
                "title": title,
                "unit": unit,
                "low": round(low, 4),
                "high": round(high, 4),
                "digits": 0 if unit == "%" else 2,
                "series": [[round(float(v), 4) for v in values[:, side]] for side in SIDES],
            }
        )
    return panels


def log(trajectory: Trajectory) -> list[Row]:
    """Return all events in order, in words."""
    start = trajectory.scenario.start
    return [
        {
            "week": entry.week,
            "date": f"{start + timedelta(weeks=entry.week):%d %b %Y}",
            "text": entry.text,
            "kind": entry.kind,
            "side": place_of(trajectory, entry.actor) if entry.actor else 2,
            "key": entry.kind in KEY_EVENTS,
        }
        for entry in trajectory.entries
    ]


def plane(trajectory: Trajectory, week: int) -> Row:
    """Return the plane of worths in a week: frontier, floors, solutions and offers.

    Offers are drawn at their worth in the week in which they were made.
    """
    gains = trajectory.record["gains"][week]
    floor = trajectory.record["reservation"][week]
    wide = np.repeat(gains[:, :, np.newaxis], WIDE, axis=-1)
    corners = solutions.frontier(wide[0], wide[1], _bends(trajectory, week))
    floors = np.repeat(floor[:, np.newaxis], WIDE, axis=-1)
    inside = solutions.win_set(corners, floors)
    nash = _point(solutions.nash(corners, floors))
    smorodinsky = _point(solutions.kalai_smorodinsky(corners, floors))
    return {
        "frontier": [
            [_r(own), _r(other)]
            for own, other in zip(corners.own[:, 0], corners.other[:, 0], strict=True)
        ],
        "floors": [_r(value) for value in floor],
        "part": None
        if np.isnan(inside.own).any()
        else [
            [_r(own), _r(other)]
            for own, other in zip(inside.own[:, 0], inside.other[:, 0], strict=True)
        ],
        "nash": nash,
        "smorodinsky": smorodinsky,
        "offers": list(offers(trajectory, week)),
    }


def _bends(trajectory: Trajectory, week: int) -> Bends:
    """Return the curvature of both sides' values, as wide as the rules need it."""
    if not trajectory.scenario.curved():
        return LINEAR
    bend = trajectory.record["bend"][week]
    return Bends(*np.repeat(bend[:, :, np.newaxis], WIDE, axis=-1))


def offers(trajectory: Trajectory, week: int) -> Iterator[Row]:
    """Yield the offers up to a week, with proposer, week, worth to both sides and answer."""
    for entry in trajectory.entries:
        if entry.kind not in ("offer", "summit") or entry.week > week:
            continue
        table = trajectory.record["table"][entry.week]
        gains, bend = (trajectory.record[name][entry.week] for name in ("gains", "bend"))
        yield {
            "week": entry.week,
            "side": place_of(trajectory, entry.actor),
            "x": _r(utility(gains[0], felt(table, bend[0])).item()),
            "y": _r(utility(gains[1], felt(table, bend[1])).item()),
            "yes": bool(entry.numbers["accepted"]),
        }


def room(trajectory: Trajectory) -> list[list[float]]:
    """Return the limits of both axes of the plane, fixed for all weeks so that nothing jumps.

    They include all offers and floors, and the useful part of each side's possible gains.
    """
    points = list(offers(trajectory, trajectory.last))
    limits = []
    for side, axis in enumerate("xy"):
        values = [point[axis] for point in points] + [0.0]
        floors = trajectory.record["reservation"][: trajectory.last + 1, side]
        values += [float(floors.min()), float(floors.max())]
        best = np.maximum(trajectory.record["gains"][: trajectory.last + 1, side], 0.0).sum(axis=1)
        top = float(np.median(best))
        low, high = min(values), max([*values, min(top, 2.0 * max(values) + 0.2)])
        margin = 0.06 * (high - low) or 0.1
        limits.append([_r(low - margin), _r(high + margin)])
    return limits


def headline(trajectory: Trajectory, week: int) -> str:
    """Return the most important event of a week as a sentence."""
    snapshot = trajectory.snapshot(week)
    happened = [entry for entry in trajectory.entries if entry.week == week]
    happened.sort(key=lambda entry: KINDS.index(entry.kind))
    phase = PHASES.get(snapshot.value("phase"), "talks")
    text = happened[0].text if happened else f"Nothing new; {phase}."
    return text if week else "The start: talks as the scenario says."


def signed(value: float) -> str:
    """Return a worth in points with its sign.

    >>> signed(0.127), signed(-0.3), signed(0.001)
    ('+0.13', '−0.30', '0')
    """
    text = f"{value:+.2f}"
    return "0" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def _lit(speaker: str, listener: str, kind: str, text: str) -> Row:
    return {"from": speaker, "to": listener, "kind": kind, "text": text}


def _point(point: Array) -> list[float] | None:
    return None if np.isnan(point[:, 0]).any() else [_r(value) for value in point[:, 0]]


def _r(value: float) -> float:
    return round(float(value), 4)
