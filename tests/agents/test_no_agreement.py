"""Home compares a package with what happens without it: threats widen the win-set."""

from collections.abc import Mapping

import numpy as np
import pytest

from agents.leader import Leader
from model.arrays import Array
from model.negotiation import Negotiation
from model.rules.bargaining import heeded
from model.rules.coercion import TARIFF
from tests.worlds import talks

CHINA = 1
SIZE = 0.2
ALONE = {"edition": 1, "ratification.foresight": 1.0, "ratification.consistency": 1.0}
ALONE |= {"events.0.size": 0.0}
CERTAIN = {"sides.CN.threshold_spread": 0.0, "ratification.hawk_bonus": 0.0}


def threatened(overrides: Mapping[str, float | str]) -> Negotiation:
    """Return talks in which the United States threaten China with a tariff of 20 points."""
    negotiation = talks({**ALONE, **overrides})
    store = negotiation.store
    store.set_row("threat_kind", 0, np.full(3, TARIFF))
    store.set_row("threat_size", 0, np.full(3, SIZE))
    store.set_row("threat_weeks", 0, np.full(3, 4.0))
    return negotiation


def china(negotiation: Negotiation) -> Leader:
    """Return the leader of China."""
    found = negotiation.leaders[CHINA]
    assert isinstance(found, Leader)
    return found


def package_worth(leader: Leader, worth: Array) -> Array:
    """Return a package that is worth this to a leader's side (issues, R), by tariff relief."""
    row = leader.issue("us_tariff_relief")
    package = np.zeros((len(leader.negotiation.keys.issues), 3))
    package[row] = worth / leader.mine("gains")[row]
    return package


@pytest.mark.parametrize("foresight", [0.0, 0.5, 1.0])
def test_without_doubt_the_win_set_widens_by_exactly_the_averted_harm(foresight: float) -> None:
    leader = china(threatened({**CERTAIN, "ratification.foresight": foresight}))
    least = leader.ratification_threshold() - foresight * leader.threat_cost()
    assert leader.ratify(package_worth(leader, least + 1e-9)).all()
    assert not leader.ratify(package_worth(leader, least - 1e-9)).any()


def test_a_backlash_as_large_as_the_averted_harm_offsets_it() -> None:
    quiet = china(threatened({"ratification.foresight": 0.0}))
    package = package_worth(quiet, np.full(3, 0.05))
    cost = china(threatened({})).threat_cost()
    sweep = {"ratification.backlash": cost * 0.10 / SIZE}
    both = talks(ALONE, sweep=sweep)
    for name in ("threat_kind", "threat_size"):
        both.store.set_row(name, 0, quiet.store.row(name, 0))
    np.testing.assert_allclose(china(both).ratify(package), quiet.ratify(package), atol=1e-12)
    bare = china(threatened({"ratification.backlash": 0.0}))
    assert (bare.ratify(package) > quiet.ratify(package)).all()


@pytest.mark.parametrize("mode", ["constituency", "vote"])
def test_only_groups_that_the_tariff_hurts_bend(mode: str) -> None:
    rules = {"sides.CN.ratification": mode}
    leader = china(threatened(rules))
    harms, weights, total = leader.store["group_harm"], leader.store["weight"], np.zeros(3)
    for group in leader.negotiation.groups_of(CHINA):
        bent = leader.against_no_agreement(np.zeros(3), group)
        assert ((bent > 0.0) == (harms[group.group] > 0.0)).all()
        total = total + weights[group.group] * bent
    np.testing.assert_allclose(total, leader.threat_cost())  # the groups' shares add up
    hawks = [g.group for g in leader.negotiation.groups_of(CHINA) if (harms[g.group] == 0.0).all()]
    assert hawks
    package = package_worth(leader, np.full(3, 0.05))
    without = china(threatened({**rules, "ratification.foresight": 0.0}))
    assert (leader.ratify(package) > without.ratify(package)).all()


def test_a_threat_that_home_ignores_does_not_move_a_leader_that_anticipates_it_in_full() -> None:
    rules = {"ratification.anticipation": 1.0, "ratification.foresight": 0.0}
    threat, none = threatened(rules), talks({**ALONE, **rules})
    china(threat).appraise()
    np.testing.assert_array_equal(threat.store["reservation"], none.store["reservation"])
    heard = threatened({**rules, "ratification.foresight": 1.0})
    china(heard).appraise()
    assert (heard.store["reservation"][CHINA] < none.store["reservation"][CHINA]).all()


def test_the_first_edition_counts_a_threat_in_full() -> None:
    cost, zero = np.array([0.1, 0.37]), np.zeros(2)
    np.testing.assert_array_equal(heeded(cost, np.array([0.5, 1.0]), zero, zero), cost)
    neutral = {"ratification.foresight": 0.0, "ratification.consistency": 0.0}
    leader = china(threatened(neutral))
    worth = np.array([0.1, -0.2, 0.3])
    np.testing.assert_array_equal(leader.against_no_agreement(worth), worth)
    np.testing.assert_array_equal(leader.heeded_threat(), leader.threat_cost())
