"""The roster: create the agents of a scenario and assign conducts to seats."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from agents.actor import Actor
from agents.adviser import Adviser
from agents.conduct import Conduct
from agents.constituency import Constituency
from agents.intermediary import Intermediary
from agents.leader import Leader
from model.schema.problems import Problem, ScenarioError, did_you_mean
from model.schema.scenario import Scenario

if TYPE_CHECKING:
    from model.negotiation import Cast, Negotiation

KINDS: dict[str, type[Actor]] = {
    "leader": Leader,
    "adviser": Adviser,
    "analyst": Adviser,
    "intermediary": Intermediary,
    "constituency": Constituency,
}


def cast(negotiation: "Negotiation") -> dict[str, Actor]:
    """Create the agents of a scenario, by key, in the order of the rows of the state."""
    nodes = negotiation.graph.nodes
    return {
        key: KINDS[nodes[key]["kind"]](negotiation, key, row)
        for row, key in enumerate(negotiation.keys.people)
    }


def seat_of(setting: Scenario, seat: str) -> str:
    """Return the key of the actor in a seat, given as a side or as an actor's key.

    Only leaders and the advisers who lead a side's talks have seats. Raises ScenarioError for any
    other name.
    """
    sides = setting.sides
    known = {key for card in sides.values() for key in (card.leader, card.lead) if key}
    key = sides[seat].leader if seat in sides else seat
    if key not in known:
        why = "this scenario has no seat of this name"
        remedy = did_you_mean(seat, [*sides, *sorted(known)])
        raise ScenarioError(setting.name, [Problem("seat", seat, why, remedy)])
    return key


def seated(setting: Scenario, seats: Mapping[str, Conduct]) -> "Cast":
    """Return a cast function that assigns conducts to some seats.

    seats: conducts by side, or by the key of a leader or a lead adviser. Raises ScenarioError for
    an unknown seat.
    """
    if not seats:
        return cast
    return partial(_seat, conducts={seat_of(setting, seat): c for seat, c in seats.items()})


def _seat(negotiation: "Negotiation", conducts: Mapping[str, Conduct]) -> dict[str, Actor]:
    people = cast(negotiation)
    for key, conduct in conducts.items():
        people[key].conduct = conduct
    return people
