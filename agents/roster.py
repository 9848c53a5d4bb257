"""The roster: the one file that knows every agent class and casts a scenario's people."""

from typing import TYPE_CHECKING

from agents.actor import Actor
from agents.adviser import Adviser
from agents.constituency import Constituency
from agents.intermediary import Intermediary
from agents.leader import Leader

if TYPE_CHECKING:
    from model.negotiation import Negotiation

KINDS: dict[str, type[Actor]] = {
    "leader": Leader,
    "adviser": Adviser,
    "analyst": Adviser,
    "intermediary": Intermediary,
    "constituency": Constituency,
}


def cast(negotiation: "Negotiation") -> dict[str, Actor]:
    """Return a scenario's people by key, in the order of the state's rows."""
    nodes = negotiation.graph.nodes
    return {
        key: KINDS[nodes[key]["kind"]](negotiation, key, row)
        for row, key in enumerate(negotiation.keys.people)
    }
