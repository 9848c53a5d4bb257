"""Convert a debrief to words: the result, strips of worlds, decisions, hidden information."""

import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from agents.script import Moves
from experiments.game.debrief import Debrief, Measure
from experiments.game.decisions import Decision
from experiments.game.missed import MissedPackage
from experiments.game.table import Game
from experiments.statistics import Interval, wilson
from model.arrays import Array
from model.chronicle import POINTS
from model.schema.issues import sentences
from model.schema.scenario import Scenario
from model.sides import other_side

type Row = dict[str, Any]

LINES = 5  # rows of a strip, so that equal points do not overlap
APART = 0.05  # smaller differences between the levels of an issue are not mentioned
TIED = 1e-9  # tolerance of ties, in the unit of a measure
NOTHING = 0.0005  # points; smaller differences count as none
CLOSE = 3.0  # percentage points; closer values are shown with decimals
CHANCES = (0.05, 0.95)  # between these, the text says how often the model would have done it
OWN_RESULT = (
    "Your score: the worth of the deal that is in force at the end (as it was when it was made; 0 "
    "without a deal), less the mean pain at home above that at the start, each unit weighed as the "
    "side weighs it over its political horizon at the start. Points."
)
FORKS = (
    "Each decision is simulated many times from its week, in pairs of the true world with the same "
    "random numbers: once with your move, once with what the model would have done. From then on "
    "the model plays both sides in both. The interval is 95 %, of the mean of the pairs. "
    "The three decisions were selected with other forks, so selection does not inflate the numbers."
)
KINDS = {
    "tariff": "a tariff rise",
    "control": "export controls",
    "revocation": "the end of {revocable}",
}


def strips(debrief: Debrief) -> list[Row]:
    """Return a row for each measure: the other worlds as points, the game and its twin."""
    return [strip(measure) for measure in debrief.measures]


def strip(measure: Measure) -> Row:
    """Return one measure as points from 0 to 1 along its axis, with its labels."""
    known = np.sort(measure.others[~np.isnan(measure.others)])
    ends = [v for v in (measure.mine, measure.twin) if not math.isnan(v)]
    values = np.concatenate([known, ends])
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    say = saying(measure.unit, _digits(high - low))
    margin = 0.5 if say(low) == say(high) else 0.04 * (high - low)
    low, high = low - margin, high + margin

    def position(value: float) -> float | None:
        return None if math.isnan(value) else round((value - low) / (high - low), 4)

    points = [
        [position(float(v)), round((0.5 + number % LINES) / LINES, 2)]
        for number, v in enumerate(known)
    ]
    return {
        "title": measure.title,
        "unit": "" if measure.unit == "week" else measure.unit,
        "points": points,
        "marks": [
            {
                "name": "you",
                "kind": "mine",
                "at": position(measure.mine),
                "text": say(measure.mine),
            },
            {
                "name": "model",
                "kind": "twin",
                "at": position(measure.twin),
                "text": say(measure.twin),
            },
        ],
        "middle": position(float(np.median(known))) if known.size else None,
        "ticks": [say(low + margin), say(high - margin)],
        "middle_text": say(float(np.median(known))) if known.size else "none",
        "note": _standing(measure, known.size),
    }


def _standing(measure: Measure, known: int) -> str:
    total = measure.others.size
    if measure.key == "agreement_week":
        return f"a deal in {share(wilson(known, total))} of the other worlds"
    if math.isnan(measure.beaten):
        return ""
    return f"{placed(measure)} of the others"


def placed(measure: Measure) -> str:
    """Return the shares of other worlds with a worse and with an equal number, with intervals.

    >>> placed(Measure("own", "", "", 1, 2.0, 0.0, np.array([1.0, 2.0, 2.0, 3.0])))
    'better than 25 % (95 %: 5 to 70), as good as 50 % (95 %: 15 to 85)'
    """
    known = measure.others[~np.isnan(measure.others)]
    ahead = measure.better * (measure.mine - known)
    even = int((np.abs(ahead) < TIED).sum())
    text = f"better than {share(wilson(int((ahead >= TIED).sum()), known.size))}"
    return f"{text}, as good as {share(wilson(even, known.size))}" if even else text


def share(interval: Interval) -> str:
    """Return a share with its 95 % interval, in percent.

    >>> share(wilson(20, 100))
    '20 % (95 %: 13 to 29)'
    """
    low, high = 100 * interval.low, 100 * interval.high
    return f"{100 * interval.estimate:.0f} % (95 %: {low:.0f} to {high:.0f})"


def saying(unit: str, digits: int = 0) -> Callable[[float], str]:
    """Return a function that formats numbers of a unit. digits: decimals of percentages."""
    if unit == "week":
        return lambda value: "no deal" if math.isnan(value) else f"week {value:.0f}"
    if unit == "%":
        return lambda value: f"{value:.{digits}f} %"
    return signed


def _digits(span: float) -> int:
    """Return how many decimals distinguish percentages over a span.

    >>> [_digits(span) for span in (40.0, 1.2, 0.1, 0.0)]
    [0, 1, 2, 0]
    """
    return 0 if span >= CLOSE or span == 0.0 else 1 if span >= CLOSE / 10 else 2


def signed(value: float) -> str:
    """Return a number with its sign and two digits.

    >>> signed(0.127), signed(-0.3), signed(0.001)
    ('+0.13', '−0.30', '0.00')
    """
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def headline(debrief: Debrief) -> Row:
    """Return the result of the game and of its twin, with the scores of both."""
    own = debrief.measure("own")
    mine, twin = own.mine, own.twin
    apart = mine - twin
    known = own.others.size
    if abs(apart) < NOTHING:
        verdict = "You did as well as the model in your seat."
    else:
        more = "more" if apart > 0.0 else "less"
        verdict = f"{signed(abs(apart)).lstrip('+')} points {more} than the model in your seat."
    return {
        "title": f"You were {debrief.seat.title}. It ended with: {debrief.outcome}.",
        "rows": [
            ["You", debrief.stories[0], signed(mine)],
            ["The model in your seat, same random numbers", debrief.stories[1], signed(twin)],
        ],
        "verdict": verdict,
        "better": f"Your score: {placed(own)} of {known} other worlds that the model played "
        "on both sides.",
        "about": OWN_RESULT,
    }


def endings(debrief: Debrief) -> str:
    """Return how the other worlds ended, as a sentence of shares with intervals."""
    total = sum(debrief.endings.values())
    parts = [
        f"{name} {share(wilson(count, total))}"
        for name, count in sorted(debrief.endings.items(), key=lambda pair: -pair[1])
    ]
    return "How the others ended: " + "; ".join(parts) + ". Each grey dot below is one of them."


def cards(game: Game, debrief: Debrief) -> list[Row]:
    """Return the decisions that mattered most, each with the player's and the model's move.

    Decisions without any difference are left out; `none` is the text if none is left.
    """
    start = game.setting.start
    rows = []
    for decision in debrief.decisions:
        kinds = sorted(decision.apart, key=lambda kind: -decision.apart[kind])
        day = start + timedelta(weeks=decision.week)
        worth = decision.worth
        if abs(worth.estimate) < NOTHING:
            continue
        unsure = worth.low <= 0.0 <= worth.high
        rows.append(
            {
                "when": f"Week {decision.week}, {day.day} {day:%b %Y}",
                "pairs": [list(_kind(game, debrief, decision, kind)) for kind in kinds],
                "worth": signed(worth.estimate),
                "interval": f"95 %: {signed(worth.low)} to {signed(worth.high)}",
                "tone": "even" if unsure else "good" if worth.estimate > 0.0 else "bad",
                "verdict": "No detectable difference."
                if unsure
                else "Better than the model."
                if worth.estimate > 0.0
                else "Worse than the model.",
                "forks": decision.forks,
            }
        )
    return rows


def none(debrief: Debrief) -> str:
    """Return the text for a game in which no decision mattered."""
    if not debrief.decisions:
        return "In all examined weeks you decided as the model would have."
    return (
        "None: where you decided differently from the model, everything that followed was the same."
    )


def _kind(game: Game, debrief: Debrief, decision: Decision, kind: str) -> tuple[str, str]:
    """Return the player's move of a kind, and what the model would have done."""
    moves, chance = decision.moves, float(decision.model[kind]) if kind != "offer" else 0.0
    if kind == "offer":
        return _offer(game.setting, decision)
    cards = list(game.setting.sides.values())
    card, other = cards[debrief.seat.row], cards[other_side(debrief.seat.row)].named
    if kind == "retaliation":
        often = f"The model would have answered {POINTS * chance:.0f} % of it, on average."
        return f"You answered {POINTS * moves.answer:.0f} % of the rise by {other}.", often
    if kind == "answer" and decision.offered is not None:
        what = _package(game.setting, decision.offered)
        done = f"You {'accepted' if moves.accept else 'refused'} what {other} offered: {what}."
        return done, _often("accepted it", "refused it", chance)
    sayings = {
        "answer": (moves.accept, "accepted the offer", "refused the offer"),
        "due": (moves.due == "carry_out", "carried out your threat", _due(moves)),
        "threat": (moves.threat is not None, _threat(moves, card.revocable), "made no threat"),
        "gesture": (moves.gesture, "cut your tariff a little, unasked", "made no gesture"),
        "truce": (moves.truce, "called for a truce", "did not call for a truce"),
        "leave": (moves.leave, "ended the deal", "stayed in the deal"),
        "channel": (bool(moves.channel), _trial(game.setting, moves), "sent no trial package"),
    }
    made, yes, no = sayings[kind]
    plain = {
        "due": ("carried it out", "not carried it out"),
        "threat": ("made a threat", "made none"),
        "gesture": ("made a gesture", "made no gesture"),
        "truce": ("been ready for one", "not been ready for one"),
        "channel": ("sent a trial package", "sent none"),
    }.get(kind, (yes, no))
    return f"You {yes if made else no}.", _often(*plain, chance)


def _often(yes: str, no: str, chance: float) -> str:
    """Return what the model would have done, and how often, if it could have done either.

    >>> _often("accepted it", "refused it", 1.0), _often("accepted it", "refused it", 0.3)
    ('The model would have accepted it.', 'The model would have accepted it in 30 % of the forks.')
    """
    low, high = CHANCES
    if chance >= high:
        return f"The model would have {yes}."
    if chance <= low:
        return f"The model would have {no}."
    return f"The model would have {yes} in {POINTS * chance:.0f} % of the forks."


def _due(moves: Moves) -> str:
    return "put your threat off" if moves.due == "put_off" else "backed down from your threat"


def _threat(moves: Moves, revocable: str) -> str:
    order = moves.threat
    if order is None:
        return "made no threat"
    size = f" of {POINTS * order.size:.0f} points" if order.kind == "tariff" else ""
    weeks = "a week" if order.fuse == 1 else f"{order.fuse} weeks"
    return f"threatened {KINDS[order.kind].format(revocable=revocable)}{size}, due in {weeks}"


def _trial(setting: Scenario, moves: Moves) -> str:
    if not moves.channel:
        return "sent no trial package"
    package = "the package of your staff"
    if moves.trial is not None:
        package = _package(setting, np.array(moves.trial))
    return f"sent a trial package through {setting.actors[moves.channel].title}: {package}"


def _offer(setting: Scenario, decision: Decision) -> tuple[str, str]:
    made = decision.moves.offer
    verb = "offered" if made is not None else "stood by your last offer"
    if decision.moves.drafter:
        verb += f", from a draft of {setting.actors[decision.moves.drafter].title}"
    package = decision.repeated if made is None else np.array(made)
    if package is None:
        return "You offered what the model would have.", ""
    model = decision.model["offer"]
    differences = [
        card.say(float(level)) if level >= APART else f"nothing of “{card.title}”"
        for card, level, mine in zip(setting.issues.values(), model, package, strict=True)
        if abs(level - mine) > APART
    ]
    instead = "; ".join(differences) or "much the same"
    return (
        f"You {verb}: {_package(setting, package)}.",
        f"Where it differs, the model would have offered: {instead}.",
    )


def _package(setting: Scenario, package: Array) -> str:
    levels = dict(zip(setting.issues, map(float, package), strict=True))
    return "; ".join(sentences(setting.issues, levels)) or "nothing"


def packages(game: Game, debrief: Debrief) -> list[Row]:
    """Return missed packages that both sides would have ratified, as sentences."""
    return list(_packages(game, debrief, debrief.missed))


def _packages(game: Game, debrief: Debrief, missed: tuple[MissedPackage, ...]) -> Iterator[Row]:
    titles = [card.named for card in game.setting.sides.values()]
    me = debrief.seat.row
    for one in missed:
        who = f"Offered by {titles[one.by]}" if one.by >= 0 else "Not offered, but possible"
        levels = dict(zip(game.setting.issues, map(float, one.package), strict=True))
        mine, theirs = (f"{100 * chance:.0f} %" for chance in one.home)
        yield {
            "title": f"{who}, week {one.week}",
            "sentences": sentences(game.setting.issues, levels),
            "worth": f"Worth {signed(one.mine)} points to {titles[me]} and {signed(one.theirs)} "
            f"to {titles[other_side(me)]}, not below the walk-away point of either; chance of "
            f"ratification {mine} and {theirs}, with the true numbers of that week.",
        }


def secrets(game: Game, debrief: Debrief) -> Row:
    """Return what the seat could not know about the other side."""
    hidden = debrief.hidden
    other = list(game.setting.sides.values())[other_side(debrief.seat.row)].named
    compared = (
        "higher than everyone assumed"
        if hidden.resolve > 1.05
        else "lower than everyone assumed"
        if hidden.resolve < 0.95
        else "as everyone assumed"
    )
    issues = [
        [card.title, signed(hidden.expected[key]), signed(hidden.worth[key])]
        for key, card in game.setting.issues.items()
    ]
    return {
        "title": f"What you could not see: the mind of {other}",
        "said": [
            f"Its hidden resolve was {hidden.resolve:.2f}, {compared} (1).",
            f"In the last week it would have settled for {signed(hidden.reservation)} points; you "
            f"believed {signed(hidden.believed)}, give or take {hidden.doubt:.2f}.",
        ],
        "columns": ["If all is given, points", "expected by all", "true"],
        "issues": issues,
    }
