"""Constituencies feel with some memory, complain of pain, and are for what is worth it to them."""

import numpy as np
import pytest
from scipy.stats import norm

from agents.constituency import Constituency
from model.negotiation import Negotiation
from tests.worlds import talks


def group(negotiation: Negotiation, key: str = "farm_states") -> Constituency:
    """Return a constituency."""
    found = negotiation.people[key]
    assert isinstance(found, Constituency)
    return found


def test_pain_sinks_in_week_by_week() -> None:
    negotiation = talks({"economy.pain_memory": 0.5})
    farms = group(negotiation)
    negotiation.store.set_row("pain", farms.group, np.zeros(3))
    negotiation.store.set_row("raw_pain", farms.group, np.array([0.0, 1.0, 2.0]))
    seen = []
    for _ in range(3):
        farms.feel()
        seen.append(farms.pain.copy())
    np.testing.assert_allclose(seen, [[0, 0.5, 1.0], [0, 0.75, 1.5], [0, 0.875, 1.75]])


def test_it_complains_of_pain_above_that_at_the_start() -> None:
    """Farm states: firmness .20, responsiveness .60; consumers in other rows stay as they are."""
    negotiation = talks({"influence.pain_softens": 0.5})
    farms = group(negotiation)
    start = negotiation.store.row("pain_at_start", farms.group)
    negotiation.store.set_row("pain", farms.group, start + np.array([0.0, 0.5, 9.0]))
    asked = farms.complain()
    assert asked.shape == (3, 3)
    np.testing.assert_allclose(asked[0], [0.20, 0.20 - 0.5 * 0.6 * 0.5, 0.0])
    np.testing.assert_array_equal(asked, farms.counsel())
    np.testing.assert_allclose(group(negotiation, "consumers").complain()[0], 0.25)


def test_it_is_for_a_package_from_its_threshold_on() -> None:
    negotiation = talks({"ratification.group_spread": 0.2})
    farms = group(negotiation)
    negotiation.store.set_row("group_threshold", farms.group, np.array([0.1, 0.1, 0.3]))
    chance = farms.support(np.array([0.1, 0.5, 0.1]))
    np.testing.assert_allclose(chance, norm.cdf([0.0, 2.0, -1.0]))


@pytest.mark.parametrize("key", ["farm_states", "allies", "nationalist_public"])
def test_its_rows_are_its_own(key: str) -> None:
    negotiation = talks()
    one = group(negotiation, key)
    assert negotiation.keys.groups[one.group] == key
    assert negotiation.keys.people[one.row] == key
    np.testing.assert_array_equal(one.weight, negotiation.store["weight"][one.group])
