"""The cast of a scenario: everybody once, in the order of the state's rows."""

import pytest

from agents.adviser import Adviser
from agents.constituency import Constituency
from agents.intermediary import Intermediary
from agents.leader import Leader
from agents.roster import KINDS, cast
from model.schema.reading import shipped
from model.sides import SIDES
from tests.worlds import talks


@pytest.mark.parametrize("name", shipped())
def test_everybody_is_cast_in_the_order_of_the_rows(name: str) -> None:
    negotiation = talks(name=name)
    people = cast(negotiation)
    assert list(people) == negotiation.keys.people
    for row, (key, person) in enumerate(people.items()):
        assert (person.key, person.row) == (key, row)
        assert type(person) is KINDS[person.kind]
        assert person.title


def test_the_people_of_february_2025() -> None:
    negotiation = talks()
    assert [leader.key for leader in negotiation.leaders] == ["donald_trump", "xi_jinping"]
    assert [leader.side_row for leader in negotiation.leaders] == [0, 1]
    kinds = [type(person) for person in negotiation.people.values()]
    counts = [kinds.count(kind) for kind in (Leader, Adviser, Intermediary, Constituency)]
    assert counts == [2, 10, 3, 13]
    at_home = [[group.key for group in negotiation.groups_of(side)] for side in SIDES]
    assert [len(groups) for groups in at_home] == [6, 6]
    assert "allies" not in at_home[0] + at_home[1]
