"""Says why: what decided at home, why a leader said no, and how somebody stands in a week."""

from typing import Any

import numpy as np

from app.watch.scenes import Row, agreed_weeks, homes, place_of, sides, signed
from app.watch.trace import Answer, Home, pulls, replay_week, support
from app.watch.trajectory import Trajectory
from model.chronicle import LEVELS
from model.phases.talks import WORKING
from model.sides import other_side

SLIM = 0.005  # a chance that, rounded to a percent, reads as none
STANCES = ("Firmness", "Taste for escalation", "Demand for enforcement")


def verdict(trajectory: Trajectory, week: int) -> Row | None:
    """Return the last vote at home up to a week: a title, why, and each side's groups."""
    weeks = agreed_weeks(trajectory, week)
    if not weeks:
        return None
    found = homes(trajectory, weeks[-1])
    failed = [home for home in found if not home.passed]
    names = " and ".join(
        list(trajectory.scenario.sides.values())[home.side].named for home in failed
    )
    title = f"Why the deal failed at home in {names}" if failed else "Why the deal passed at home"
    return {
        "title": f"{title} (week {weeks[-1]})",
        "failed": bool(failed),
        "said": [why(trajectory, home) for home in (failed or found)],
        "sides": [_side(trajectory, home) for home in sorted(found, key=lambda home: home.passed)],
    }


def why(trajectory: Trajectory, home: Home) -> str:
    """Return why a package passed or failed at one side's home, in plain words."""
    title = sides(trajectory)[home.side]
    if home.mode == "certain":
        return f"{title}: here every package is ratified."
    decided = {
        "pivot": (
            f"the coalition that must bear it needs about {signed(home.threshold)} points "
            f"(give or take {home.spread:.2f}), and the package is worth {signed(home.worth)} to it"
        ),
        "constituency": (
            f"the weighted support of the groups is {_percent(home.support)}, "
            f"the quota {_percent(home.quota)}"
        ),
        "vote": f"each group has a vote, and more than {_percent(home.quota)} of them are needed",
    }[home.mode]
    against = [view for view in home.views if view.against]
    weight = sum(view.weight for view in against)
    names = "; ".join(f"{view.title} (worth {signed(view.worth)})" for view in against) or "nobody"
    return (
        f"{title}: {decided}, so it had a chance of {chance(home.chance)}{_luck(home)}. "
        f"Against it: {names}; {_percent(weight)} of the weight at home."
    )


def chance(share: float) -> str:
    """Return a chance in percent, which is only called certain if it is.

    >>> chance(0.374), chance(0.998), chance(0.001), chance(1.0)
    ('37 %', 'over 99 %', 'under 1 %', '100 %')
    """
    if 0.0 < share < SLIM:
        return "under 1 %"
    return "over 99 %" if 1.0 - SLIM < share < 1.0 else _percent(share)


def _luck(home: Home) -> str:
    """Return what luck made of a chance; nothing where it came as it had to."""
    if home.passed == (home.chance > 0.5) and min(home.chance, 1.0 - home.chance) < SLIM:
        return ""
    turned = "was with it" if home.passed else "went against it"
    return f", and in this world luck {turned}"


def unfailed(trajectory: Trajectory) -> str:
    """Say why no deal failed at home in a world; nothing if one did."""
    if any(entry.kind == "involuntary defection" for entry in trajectory.entries):
        return ""
    if agreed_weeks(trajectory, trajectory.last):
        return "All that the leaders agreed was ratified by both."
    return "The leaders never agreed on anything that could have."


def inspect(trajectory: Trajectory, week: int, key: str) -> Row:
    """Return what an inspector shows of somebody: facts, opinions, pulls, and why it said no."""
    person: Any = trajectory.start.people[key]
    card = trajectory.start.graph.nodes[key]
    place = place_of(trajectory, card["side"])
    side = sides(trajectory)[place] if place < 2 else "watches from abroad"
    opinion = trajectory.record["opinion"][week][person.row]
    trace = replay_week(trajectory, week) if week else None
    told = pulls(trace, key) if trace else []
    own = card["kind"] == "constituency"
    base = (
        person.of_group("firmness")[0]
        if own
        else trajectory.record["conviction"][week][person.row][0]
    )
    return {
        "key": key,
        "title": card["title"],
        "what": f"{card['kind']}, {side}",
        "side": place,
        "stances": [
            {"name": name, "value": round(float(value), 3)}
            for name, value in zip(STANCES[: 1 if own else 3], opinion, strict=False)
        ],
        "base": round(float(base), 3),
        "basename": "What it asks for of its own" if own else "Own conviction",
        "pulls": [
            {"title": pull.title, "text": f"{pull.amount:+.3f}".replace("-", "−"), "a": pull.amount}
            for pull in told
            if abs(pull.amount) >= 5e-4
        ][:8],
        "facts": _facts(trajectory, week, person, place),
        "said": _why_no(trajectory, week, place) if card["kind"] == "leader" else "",
    }


def _facts(trajectory: Trajectory, week: int, person: Any, place: int) -> list[list[str]]:
    frame = trajectory.frame(week)
    if person.kind == "leader":
        asked = frame.value("aspiration", place)
        threat = frame.value("threat_kind", place)
        return [
            [
                "Reservation: the least it settles for",
                f"{signed(frame.value('reservation', place))}",
            ],
            ["Aspiration: what it last asked for", _asked(trajectory, week, place, asked)],
            ["Approval", _percent(frame.value("approval", place))],
            ["Trust in the other", _percent(frame.value("trust", place))],
            ["Resolve (1 is ordinary; private)", f"{frame.value('resolve', place):.2f}"],
            [
                "Threat pending",
                _due(int(frame.value("threat_weeks", place))) if threat else "none",
            ],
        ]
    if person.kind == "constituency":
        return _group(trajectory, week, person, place)
    if person.kind == "intermediary":
        contact = person.key in trajectory.contacts(week)
        real = frame.value("real", person.row)
        return [
            ["In contact this week", "yes" if contact else "no"],
            ["Speaks for its leader (nobody knows)", "yes" if real else "no, only for itself"],
        ]
    leads = person.key in [card.lead for card in trajectory.scenario.sides.values()]
    return [
        ["Access to the leader", _percent(float(person.number("access")[0]))],
        ["Openness to others' views", _percent(float(person.number("susceptibility")[0]))],
        ["Leads the talks", "yes" if leads else "no"],
    ]


def _asked(trajectory: Trajectory, week: int, place: int, asked: float) -> str:
    """Return what a leader last asked for; a refusal at home has it start anew."""
    if np.isfinite(asked):
        return signed(asked)
    before = np.isfinite(trajectory.record["aspiration"][:week, place])
    return "starts anew after the refusal at home" if before.any() else "no offer of its own yet"


def _due(weeks: int) -> str:
    return f"due in {weeks} week{'s' * (weeks != 1)}"


def _group(trajectory: Trajectory, week: int, person: Any, place: int) -> list[list[str]]:
    frame = trajectory.frame(week)
    rows = [
        ["Pain (1: a side's pain in late 2019)", f"{frame.value('pain', person.group):.2f}"],
        ["Pain at the start", f"{frame.value('pain_at_start', person.group):.2f}"],
    ]
    if place > 1:
        return rows
    rows.append(["Weight at home", _percent(frame.value("weight", person.group))])
    for home in support(trajectory, week):
        for view in home.views:
            if view.key == person.key:
                rows += [
                    ["Worth of the last offer to it", f"{signed(view.worth)} points"],
                    ["Is for a deal from about", f"{signed(view.threshold)} points"],
                    ["Chance that it is for it", chance(view.support)],
                ]
    return rows


def _why_no(trajectory: Trajectory, week: int, place: int) -> str:
    """Return why a leader said no, or yes, the last time that it was asked."""
    keys = list(trajectory.scenario.sides)
    for entry in reversed(trajectory.entries):
        asked = entry.kind in ("offer", "summit") and entry.actor == keys[other_side(place)]
        if asked and entry.week <= week:
            for answer in replay_week(trajectory, entry.week).answers:
                if answer.side == place:
                    return _answered(entry.week, answer)
    return "Nobody has made it an offer yet."


def _answered(week: int, answer: Answer) -> str:
    counted = answer.worth + answer.legacy
    said = "yes" if answer.yes else "no"
    plain, own = signed(answer.gain), signed(counted)
    aside = "" if plain == own else f" ({plain} to its side; it also counts who gains more"
    aside += ", and a legacy)" if aside and answer.legacy else ")" if aside else ""
    if answer.yes:
        why = "That is enough."
    elif counted < answer.reservation:
        why = "That is less than its reservation, so no deal is better."
    elif counted < answer.aspiration:
        why = "It could live with that, but still hopes for more."
    elif answer.level == WORKING:
        why = "It would do, but at working level nobody can conclude."
    else:
        why = "Its rule of acceptance asks for more."
    return (
        f"Week {week}, {LEVELS[answer.level]}: it said {said}. The offer was worth "
        f"{signed(counted)} points to it{aside}, its reservation was "
        f"{signed(answer.reservation)}, and it would have asked for {signed(answer.aspiration)} "
        f"itself. {why} At home the offer had a chance of {chance(answer.chance)} to pass."
    )


def _side(trajectory: Trajectory, home: Home) -> Row:
    mode = {
        "certain": "Always ratified.",
        "pivot": "The pivotal coalition goes by the weighted worth; groups do not vote.",
        "constituency": "The weighted support of the groups must reach a quota.",
        "vote": "Each group has one vote.",
    }[home.mode]
    return {
        "title": f"{sides(trajectory)[home.side]}: {'ratified' if home.passed else 'refused'}",
        "side": home.side,
        "passed": home.passed,
        "mode": mode,
        "numbers": [
            ["Worth of the package", f"{signed(home.worth)} points"],
            ["Threshold (± its spread)", f"{signed(home.threshold)} ± {home.spread:.2f} points"],
            ["Weighted support of the groups", _percent(home.support)],
            [
                "Quota" + ("" if home.mode == "constituency" else ", not used here"),
                _percent(home.quota),
            ],
            ["Chance to pass", chance(home.chance)],
            ["Luck drawn: would pass with more than", _percent(home.drawn)],
        ][: 1 if home.mode == "certain" else None],
        "groups": [
            {
                "title": view.title,
                "weight": _percent(view.weight),
                "worth": signed(view.worth),
                "threshold": signed(view.threshold),
                "support": _percent(view.support),
                "against": view.against,
            }
            for view in home.views
        ],
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
