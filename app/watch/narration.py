"""Explain in words why a vote passed or failed, why a leader refused, and where an actor stands."""

from typing import Any

import numpy as np

from app.watch.scenes import Row, agreed_weeks, homes, place_of, sides, signed, trial_route
from app.watch.trace import Answer, Home, TrialAnswer, pulls, replay_week, support
from app.watch.trajectory import Trajectory
from model.chronicle import LEVELS
from model.chronicle_trials import KIND
from model.phases.talks import WORKING
from model.schema.issues import SLIGHT
from model.sides import other_side

SLIM = 0.005  # smaller chances would be rounded to 0 %
STANCES = ("Firmness", "Taste for escalation", "Demand for enforcement")


def verdict(trajectory: Trajectory, week: int) -> Row | None:
    """Return the last ratification vote up to a week: title, reasons, groups of each side."""
    weeks = agreed_weeks(trajectory, week)
    if not weeks:
        return None
    votes = homes(trajectory, weeks[-1])
    failed = [home for home in votes if not home.passed]
    names = " and ".join(
        list(trajectory.scenario.sides.values())[home.side].named for home in failed
    )
    title = f"Why the deal failed at home in {names}" if failed else "Why the deal passed at home"
    return {
        "title": f"{title} (week {weeks[-1]})",
        "failed": bool(failed),
        "said": [why(trajectory, home) for home in (failed or votes)],
        "sides": [_side(trajectory, home) for home in sorted(votes, key=lambda home: home.passed)],
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
            f"the quota {_percent(home.quota)}, and opinion swung {_swing(home)} it"
        ),
        "vote": f"each group has a vote, and more than {_percent(home.quota)} of them are needed",
    }[home.mode]
    against = [view for view in home.views if view.against]
    weight = sum(view.weight for view in against)
    names = "; ".join(f"{view.title} (worth {signed(view.worth)})" for view in against) or "nobody"
    return (
        f"{title}: {decided}, so it had a chance of {chance(home.chance)}{_draw(home)}. "
        f"Against it: {names}; {_percent(weight)} of the weight at home.{_returns(home)}"
    )


def _swing(home: Home) -> str:
    """Return the size and the direction of the swing at home."""
    direction = "against" if home.swing > 0.0 else "for"
    return f"{abs(home.swing):.1f} standard deviations {direction}"


def _returns(home: Home) -> str:
    """Return the side payment with which the leader returns, as a sentence, or nothing."""
    if not home.returns:
        return ""
    paid = " and ".join(f"{title} ({points:.2f} points)" for title, points in home.returns)
    return f" The leader returns with a side payment to {paid}."


def chance(share: float) -> str:
    """Return a chance in percent. Only an exact 0 or 1 is shown as 0 % or 100 %.

    >>> chance(0.374), chance(0.998), chance(0.001), chance(1.0)
    ('37 %', 'over 99 %', 'under 1 %', '100 %')
    """
    if 0.0 < share < SLIM:
        return "under 1 %"
    return "over 99 %" if 1.0 - SLIM < share < 1.0 else _percent(share)


def _draw(home: Home) -> str:
    """Return how the random draw came out, or nothing if the result was almost certain."""
    if home.mode == "constituency":  # the swing is the draw
        return ""
    if home.passed == (home.chance > 0.5) and min(home.chance, 1.0 - home.chance) < SLIM:
        return ""
    draw = "in its favour" if home.passed else "against it"
    return f", and the random draw in this world was {draw}"


def unfailed(trajectory: Trajectory) -> str:
    """Return why no deal failed at home in a world, or an empty string if one did."""
    if any(entry.kind == "involuntary defection" for entry in trajectory.entries):
        return ""
    if agreed_weeks(trajectory, trajectory.last):
        return "Both sides ratified everything that the leaders agreed."
    return "The leaders never reached an agreement that could fail."


def inspect(trajectory: Trajectory, week: int, key: str) -> Row:
    """Return the data of the inspector for an actor: facts, opinions, pulls, last answer."""
    person: Any = trajectory.start.people[key]
    card = trajectory.start.graph.nodes[key]
    side_index = place_of(trajectory, card["side"])
    side = sides(trajectory)[side_index] if side_index < 2 else "watches from abroad"
    opinion = trajectory.record["opinion"][week][person.row]
    trace = replay_week(trajectory, week) if week else None
    moves = pulls(trace, key) if trace else []
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
        "side": side_index,
        "stances": [
            {"name": name, "value": round(float(value), 3)}
            for name, value in zip(STANCES[: 1 if own else 3], opinion, strict=False)
        ],
        "base": round(float(base), 3),
        "basename": "What it asks for of its own" if own else "Own conviction",
        "pulls": [
            {"title": pull.title, "text": f"{pull.amount:+.3f}".replace("-", "−"), "a": pull.amount}
            for pull in moves
            if abs(pull.amount) >= 5e-4
        ][:8],
        "facts": _facts(trajectory, week, person, side_index),
        "said": _said(trajectory, week, side_index) if card["kind"] == "leader" else "",
    }


def _facts(trajectory: Trajectory, week: int, person: Any, side_index: int) -> list[list[str]]:
    snapshot = trajectory.snapshot(week)
    if person.kind == "leader":
        asked = snapshot.value("aspiration", side_index)
        threat = snapshot.value("threat_kind", side_index)
        return [
            [
                "Reservation: the least it settles for",
                f"{signed(snapshot.value('reservation', side_index))}",
            ],
            ["Aspiration: what it last asked for", _asked(trajectory, week, side_index, asked)],
            ["Approval", _percent(snapshot.value("approval", side_index))],
            ["Trust in the other", _percent(snapshot.value("trust", side_index))],
            ["Resolve (1 is ordinary; private)", f"{snapshot.value('resolve', side_index):.2f}"],
            [
                "Threat pending",
                _due(int(snapshot.value("threat_weeks", side_index))) if threat else "none",
            ],
        ]
    if person.kind == "constituency":
        return _group(trajectory, week, person, side_index)
    if person.kind == "intermediary":
        contact = person.key in trajectory.contacts(week)
        real = snapshot.value("real", person.row)
        return [
            ["In contact this week", "yes" if contact else "no"],
            ["Speaks for its leader (hidden from all)", "yes" if real else "no, only for itself"],
            ["Last trial package that it carried", _carried(trajectory, week, person.row)],
        ]
    leads = person.key in [card.lead for card in trajectory.scenario.sides.values()]
    return [
        ["Access to the leader", _percent(float(person.number("access")[0]))],
        ["Openness to others' views", _percent(float(person.number("susceptibility")[0]))],
        ["Leads the talks", "yes" if leads else "no"],
        *_drafts(trajectory, week, person.key, side_index),
    ]


def _carried(trajectory: Trajectory, week: int, row: int) -> str:
    """Return week, path and answer of the last trial package that an intermediary carried."""
    carried = trajectory.record["trial_carrier"][: week + 1, row] > 0.0
    if not carried.any():
        return "none"
    last = trajectory.snapshot(int(np.flatnonzero(carried)[-1]))
    cards = trajectory.scenario.actors
    path = " to ".join(cards[key].title for key in trial_route(trajectory, last.week))
    answer = "warm" if last.value("trial_answer") > 0.0 else "cold"
    return f"week {last.value('trial_week'):.0f}, {path}: {answer} answer"


def _drafts(trajectory: Trajectory, week: int, key: str, side_index: int) -> list[list[str]]:
    """Return what an adviser wants, and how priorities moved the offer of its side this week."""
    issues, wants = trajectory.scenario.issues, trajectory.scenario.actors[key].priorities
    most = sorted(wants, key=lambda issue: -wants[issue])[:2]
    rows = [["Priorities", ", ".join(issues[issue].title for issue in most)]] if most else []
    moved = replay_week(trajectory, week).drafts.get(side_index) if week else None
    if moved is None or key != trajectory.scenario.sides[_side_key(trajectory, side_index)].lead:
        return rows
    changed = [
        f"{card.title} {100.0 * change:+.0f} points".replace("-", "−")
        for card, change in zip(issues.values(), moved, strict=True)
        if abs(change) >= SLIGHT
    ]
    text = ", ".join(changed) or "not at all"
    return [*rows, ["How priorities move this week's offer", text]]


def _side_key(trajectory: Trajectory, side_index: int) -> str:
    return list(trajectory.scenario.sides)[side_index]


def _asked(trajectory: Trajectory, week: int, side_index: int, asked: float) -> str:
    """Return what a leader last asked for. After a refusal at home it starts again."""
    if np.isfinite(asked):
        return signed(asked)
    before = np.isfinite(trajectory.record["aspiration"][:week, side_index])
    return "starts again after the refusal at home" if before.any() else "no offer of its own yet"


def _due(weeks: int) -> str:
    return f"due in {weeks} week{'s' * (weeks != 1)}"


def _group(trajectory: Trajectory, week: int, person: Any, side_index: int) -> list[list[str]]:
    snapshot = trajectory.snapshot(week)
    rows = [
        ["Pain (1: a side's pain in late 2019)", f"{snapshot.value('pain', person.group):.2f}"],
        ["Pain at the start", f"{snapshot.value('pain_at_start', person.group):.2f}"],
    ]
    if side_index > 1:
        return rows
    rows.append(["Weight at home", _percent(snapshot.value("voice", person.group))])
    for home in support(trajectory, week):
        for view in home.views:
            if view.key == person.key:
                rows += [
                    ["Worth of the last offer to it", f"{signed(view.worth)} points"],
                    ["Is for a deal from about", f"{signed(view.threshold)} points"],
                    ["Chance that it is for it", chance(view.support)],
                ]
    return rows


def _why_no(trajectory: Trajectory, week: int, side_index: int) -> str:
    """Return why a leader refused or accepted the last offer that it received."""
    keys = list(trajectory.scenario.sides)
    for entry in reversed(trajectory.entries):
        asked = entry.kind in ("offer", "summit") and entry.actor == keys[other_side(side_index)]
        if asked and entry.week <= week:
            for answer in replay_week(trajectory, entry.week).answers:
                if answer.side == side_index:
                    return _answered(entry.week, answer)
    return "It has received no offer yet."


def _said(trajectory: Trajectory, week: int, side_index: int) -> str:
    """Return why a leader gave its last answers: to an offer and to a trial package."""
    trial = _why_cold(trajectory, week, side_index)
    return f"{_why_no(trajectory, week, side_index)}{' ' if trial else ''}{trial}"


def _why_cold(trajectory: Trajectory, week: int, side_index: int) -> str:
    """Return why a leader answered the last trial package warmly or coldly, or nothing."""
    keys = list(trajectory.scenario.sides)
    for entry in reversed(trajectory.entries):
        if entry.kind == KIND and entry.actor != keys[side_index] and entry.week <= week:
            for trial in replay_week(trajectory, entry.week).trials:
                return _tried(entry.week, trial)
    return ""


def _tried(week: int, trial: TrialAnswer) -> str:
    reply = "warmly" if trial.warm else "coldly"
    text = f"Week {week}: it answered a trial package {reply}."
    if not trial.real:
        return (
            f"Week {week}: a channel that does not speak for it answered a trial package {reply}, "
            "by what all expect of this side."
        )
    text += (
        f" The package was worth {signed(trial.worth)} points to it, and its reservation was "
        f"{signed(trial.reservation)}."
    )
    if trial.worth >= trial.reservation:
        text += f" At home it had a chance of {chance(trial.chance)} to pass."
    return text


def _answered(week: int, answer: Answer) -> str:
    counted = answer.worth + answer.legacy
    reply = "yes" if answer.yes else "no"
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
        why = "It would be enough, but nobody can conclude at working level."
    else:
        why = "Its rule of acceptance asks for more."
    return (
        f"Week {week}, {LEVELS[answer.level]}: it said {reply}. The offer was worth "
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
            ["Swing of opinion", f"{_swing(home)} it"],
            ["Chance to pass", chance(home.chance)],
            ["Random draw: passes if the chance is above", _percent(home.drawn)],
        ][: 1 if home.mode == "certain" else None],
        "groups": [
            {
                "title": view.title,
                "weight": _percent(view.weight),
                "worth": signed(view.worth)
                + (f" ({view.payment:.2f} of it paid)" if view.payment else ""),
                "threshold": signed(view.threshold),
                "support": _percent(view.support),
                "against": view.against,
            }
            for view in home.views
        ],
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
