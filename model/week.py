"""The week as data: its phases in order, each one line of a table."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from model.phases import (
    changes,
    home,
    opinions,
    promises,
    reservations,
    responses,
    stock,
    talks,
    tariffs,
    threats,
    trials,
    truces,
)

if TYPE_CHECKING:
    from model.negotiation import Negotiation

type Part = Literal["open", "close"]


class Phase(NamedTuple):
    """One phase of the week.

    part: "open" is before the leaders move, so that a player in a seat can look at the state of
    things; "close" is what the leaders do, and what follows from it.
    """

    name: str
    run: Callable[["Negotiation"], None]
    part: Part
    meaning: str


# A table is laid out by hand.
# fmt: off
WEEK: tuple[Phase, ...] = (
    Phase("changes", changes.change_parameters, "open", "Parameters change as the scenario says."),
    Phase("shocks", opinions.apply_shocks, "open", "Events of the scenario happen and fade."),
    Phase("tariffs", tariffs.bring_into_force, "open", "Announced tariffs come into force."),
    Phase("economy", responses.feel, "open", "Trade, incomes and pain respond to tariffs."),
    Phase("counsel", opinions.take_counsel, "open", "Groups complain, actors hear each other."),
    Phase("reservations", reservations.appraise, "open", "Leaders weigh issues and reservations."),
    Phase("channels", talks.probe, "open", "Back channels make contact and may leak."),
    Phase("win-sets", home.move_win_sets, "open", "Elections and swings move the win-sets."),
    Phase("meeting", talks.meet, "open", "The sides meet or not, at one of three levels."),
    Phase("talks", talks.talk, "close", "One side offers, the other answers, both learn."),
    Phase("ratification", home.ratify, "close", "An agreement is ratified or fails at home."),
    Phase("trials", trials.explore, "close", "Back channels carry trial packages."),
    Phase("execution", threats.fall_due, "close", "Threats fall due."),
    Phase("threats", threats.threaten, "close", "Leaders make new threats."),
    Phase("gestures", threats.gesture, "close", "Leaders cut a tariff a little."),
    Phase("truces", truces.make_truce, "close", "Truces begin and run out."),
    Phase("legislature", truces.legislate, "close", "A legislature may revoke trade relations."),
    Phase("promises", promises.keep_or_break, "close", "Both sides deliver, or break the deal."),
    Phase("approval", home.judge, "close", "Trust, rally and approval follow."),
    Phase("stock", stock.take_stock, "close", "Peaks and sums are kept."),
)
# fmt: on


def phases(part: Part) -> Iterator[Phase]:
    """Yield the phases of a part of the week, in order."""
    return (phase for phase in WEEK if phase.part == part)
