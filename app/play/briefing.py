"""Build the one-page briefing of a seat: role, goals, knowledge and moves."""

from datetime import timedelta
from typing import Any

from app.play.scenes import named
from app.play.session import toothless
from app.watch.scenes import signed
from experiments.game.drafts import feelings
from experiments.game.seats import Seat, seats
from experiments.game.table import Game
from model.schema.entries import Shock
from model.schema.scenario import Scenario
from model.sides import other_side

type Row = dict[str, Any]

LIKES = 3  # issues listed for a group
KNOWN = [
    "The scenario, your own people and what each issue is worth to your side.",
    "All that is said in public: offers made to you, threats, tariffs, approval.",
]
ROUGHLY = "Roughly, what the other side would settle for: you learn it from its offers and answers."
OPEN = "What the issues are worth to the other side, and the least it would settle for."
MIND = "How resolved the other leader is, and what the issues are truly worth to the other side."
LEADER = [
    "Offer a package in your turn, or an adviser's draft; accept or refuse the other's.",
    "Threaten (tariffs, controls), and then carry it out, put it off or back down.",
    "Answer the other's tariffs in part or in full; make a gesture; call for a truce.",
    "Test a package in a back channel; ask for a summit; keep a deal, in part or in full.",
]
ADVISER = [
    "Offer, also by another adviser's draft, and answer in all sessions below summits.",
    "Tell your leader how firm to be, how far to escalate and how much enforcement to ask for.",
    "You do not threaten, call for truces or end deals: your leader does.",
]
STYLISED = (
    "A stylised case. Names stand for roles; every number is the scenario's, an assumption unless "
    "it names a source, and says nothing of what a person thinks or wants."
)


def briefing(game: Game, who: Seat) -> Row:
    """Return the briefing of a seat before week 1, without private data of the other side."""
    setting, now = game.setting, game.look(who)
    mine, other = named(game)[who.row], named(game)[other_side(who.row)]
    return {
        "title": who.title,
        "role": who.role,
        "side": f"You speak for {mine}; at the other end: {other}.",
        "case": setting.title,
        "about": " ".join(setting.description.split()),
        "first": f"{setting.start.day} {setting.start:%B %Y}, {setting.time.horizon} weeks; seed "
        f"{game.seed}, world {game.world}",
        "issues": _issues(setting, who, now.gains),
        "floor": signed(now.reservation),
        "groups": _groups(game, who),
        "advisers": _advisers(setting, who),
        "lowers": "" if toothless(game) else "; pain at home lowers that",
        "known": [*KNOWN, OPEN if now.doubt == 0.0 else ROUGHLY],
        "unknown": _unknown(game, who, now.doubt),
        "moves": _moves(game, who),
        "dates": _dates(setting),
        "judged": _judged(game, mine),
        "stylised": STYLISED,
    }


def _unknown(game: Game, who: Seat, doubt: float) -> list[str]:
    """Return what is hidden from a seat, limited to what the scenario has."""
    setting = game.setting
    other = list(setting.sides.values())[other_side(who.row)]
    between = any(actor.kind == "intermediary" for actor in setting.actors.values())
    hidden = [] if doubt == 0.0 else [MIND]
    if other.ratification != "certain":
        hidden.append("Whether a deal would pass in the other side's home.")
    if between:
        hidden.append("Which back channels speak for their leader, and how chance events turn out.")
    return hidden or ["Only what the other side will offer, and when it will say yes."]


def _moves(game: Game, who: Seat) -> list[str]:
    """Return the possible moves of a seat in its scenario."""
    if who.leads:
        return ADVISER
    if not toothless(game):
        return LEADER
    leader = game.negotiation.leaders[who.row]
    meet = (
        ["Ask for a meeting of the leaders."] if leader.parameter("summits.call")[0] > 0.0 else []
    )
    return [LEADER[0], *meet, "End a deal in which the other is behind with what it owes."]


def seat_links(setting: Scenario) -> list[tuple[str, str]]:
    """Return the seats of a scenario as pairs of person and description."""
    return [
        (seat.key, f"{seat.title} ({setting.sides[seat.side].title})") for seat in seats(setting)
    ]


def _issues(setting: Scenario, who: Seat, gains: Any) -> list[list[str]]:
    """Return the issues by worth, largest first: title, meaning of the full level, worth."""
    rows = [
        (float(gain), card.title, card.say(1.0), setting.sides[card.owner].title)
        for gain, card in zip(gains, setting.issues.values(), strict=True)
    ]
    rows.sort(key=lambda row: -row[0])
    return [
        [title, sentence, f"{gain:+.2f}".replace("-", "−"), "give" if gain < 0.0 else "get"]
        for gain, title, sentence, _ in rows
    ]


def _groups(game: Game, who: Seat) -> list[list[str]]:
    setting = game.setting
    rows = []
    for group in feelings(game, who):
        stakes = {
            card.title: card.stakes[group.key]
            for card in setting.issues.values()
            if group.key in card.stakes
        }
        ranked = sorted(stakes.items(), key=lambda pair: -abs(pair[1]))[:LIKES]
        wants = ", ".join(title for title, stake in ranked if stake > 0.0)
        fears = ", ".join(title for title, stake in ranked if stake < 0.0)
        wishes = "; ".join(
            part for part in (wants and f"for: {wants}", fears and f"against: {fears}") if part
        )
        rows.append([group.title, f"{100 * group.weight:.0f} %", wishes])
    return rows


def _advisers(setting: Scenario, who: Seat) -> list[str]:
    lead = setting.sides[who.side].lead
    return [
        ", ".join(part for part in (actor.title, actor.role) if part)
        + (" (leads your talks)" if key == lead else "")
        for key, actor in setting.actors.items()
        if actor.side == who.side and actor.kind in ("adviser", "analyst") and key != who.key
    ]


def _dates(setting: Scenario) -> list[str]:
    known = [event for event in setting.events if not isinstance(event, Shock)]
    events = sorted(known, key=lambda event: event.week)
    days = [setting.start + timedelta(weeks=int(event.week)) for event in events]
    return [
        f"Week {event.week:.0f} ({day:%b %Y}): {event.title}"
        for event, day in zip(events, days, strict=True)
        if event.week <= setting.time.horizon
    ][:5]


def _judged(game: Game, mine: str) -> str:
    """Return how the result is scored. It mentions if waiting costs nothing."""
    free = " Here no tariff hurts anybody: a late deal is worth as much as an early one."
    rule = (
        f"By your score: what the deal in force at the end is worth to {mine} in points, less "
        "the pain at home over all weeks. A deal that fails at home, or is broken, is worth "
        "nothing. The debrief compares it with the model in your seat and the same random numbers."
    )
    return rule + free if toothless(game) else rule
