"""Seats: who can be played in a scenario, and what a seat may do."""

from dataclasses import dataclass

from agents.roster import seat_of
from model.schema.scenario import Scenario


@dataclass(frozen=True)
class Seat:
    """A place at which somebody moves: a leader's, or that of the adviser who leads the talks."""

    key: str  # the person
    title: str
    role: str
    side: str
    row: int  # of the side
    leads: bool  # an adviser: has the table below summits and the leader's ear, and nothing else


def seats(setting: Scenario) -> list[Seat]:
    """Return the seats of a scenario: each side's leader, then the adviser who leads its talks."""
    return [
        seat(setting, key)
        for card in setting.sides.values()
        for key in (card.leader, card.lead)
        if key
    ]


def seat(setting: Scenario, name: str) -> Seat:
    """Return a seat by a side or a person's key. Raises ScenarioError."""
    key = seat_of(setting, name)
    card = setting.actors[key]
    row = list(setting.sides).index(card.side)
    leads = setting.sides[card.side].leader != key
    return Seat(key, card.title, card.role, card.side, row, leads)
