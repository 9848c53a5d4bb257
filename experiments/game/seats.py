"""Seats: the people who can be played in a scenario."""

from dataclasses import dataclass

from agents.roster import seat_of
from model.schema.scenario import Scenario


@dataclass(frozen=True)
class Seat:
    """A person that can be played: a leader, or the adviser who leads the talks.

    leads: True for an adviser, who negotiates below summits and counsels the leader, but has no
    other moves.
    """

    key: str  # of the person
    title: str
    role: str
    side: str
    row: int  # of the side
    leads: bool


def seats(setting: Scenario) -> list[Seat]:
    """Return the seats of a scenario: each side's leader, then the adviser who leads its talks."""
    return [
        seat(setting, key)
        for card in setting.sides.values()
        for key in (card.leader, card.lead)
        if key
    ]


def seat(setting: Scenario, name: str) -> Seat:
    """Return a seat by the key of a side or a person. Raises ScenarioError."""
    key = seat_of(setting, name)
    card = setting.actors[key]
    row = list(setting.sides).index(card.side)
    leads = setting.sides[card.side].leader != key
    return Seat(key, card.title, card.role, card.side, row, leads)
