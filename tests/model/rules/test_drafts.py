"""Drafts: priorities on the influence graph decide which issues a side asks for first."""

from typing import Any, cast

import numpy as np
import pytest

from agents.leader import Leader
from experiments.engine import build, simulate
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import CABINET, SUMMIT
from model.rules.curves import felt
from model.rules.drafts import at_rest, factor, influence
from model.rules.offers import utility
from model.schema.problems import ScenarioError
from model.schema.scenario import load_scenario, restored
from model.state.state_drafts import settled_priorities
from tests.bits import unequal

US = 0


def talks(numbers: dict[str, Any] | None = None, level: float = CABINET) -> Negotiation:
    """Return talks of February 2025 in their first week, at a level of the session."""
    negotiation = build(load_scenario("february_2025", numbers or {}), 6, 1)
    negotiation.open_week()
    negotiation.store["level"] = np.full(negotiation.worlds, level)
    return negotiation


def proposal(negotiation: Negotiation) -> Array:
    leader = cast("Leader", negotiation.leaders[US])
    return leader.propose()


def test_influence_is_that_of_the_matrix() -> None:
    rng = np.random.default_rng(1)
    count, susceptible = 5, rng.uniform(0.1, 0.9, (5, 1))
    weights = {
        (s, t): rng.uniform(0.1, 1.0, 1) for s in range(5) for t in range(5) if (s + 2 * t) % 3
    }
    matrix = np.zeros((count, count))
    for (speaker, listener), weight in weights.items():
        if speaker != listener:
            matrix[listener, speaker] = weight[0]
    weights = {pair: weight for pair, weight in weights.items() if pair[0] != pair[1]}
    matrix /= matrix.sum(axis=1, keepdims=True)
    known = np.diag(susceptible[:, 0])
    exact = np.linalg.inv(np.eye(count) - known @ matrix) @ (np.eye(count) - known)
    found = influence(susceptible, weights)[..., 0]
    assert found == pytest.approx(exact, abs=1e-10)
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_an_actor_who_hears_nobody_keeps_its_priorities() -> None:
    private = np.log(np.array([[[2.0]], [[0.5]]]))
    assert (at_rest(private, np.full((2, 1), 0.7), {}) == private).all()


def test_degree_zero_changes_nothing() -> None:
    assert (factor(np.log(np.array([[3.0], [0.2]])), np.zeros(1)) == 1.0).all()


def test_equal_priorities_leave_the_composition_unchanged() -> None:
    content = load_scenario("february_2025").model_dump(mode="json")
    for actor in content["actors"].values():
        actor["priorities"] = dict.fromkeys(content["issues"], 2.0)
    equal = build(restored(content), 6, 1)
    off = build(load_scenario("february_2025", {"talks.drafting": 0.0}), 6, 1)
    offers = []
    for negotiation in (equal, off):
        negotiation.open_week()
        negotiation.store["level"] = np.full(negotiation.worlds, CABINET)
        offers.append(proposal(negotiation))
    assert offers[0] == pytest.approx(offers[1], abs=1e-9)


def test_a_priority_is_asked_for_first() -> None:
    """The lead adviser alone drafts, and wants one issue: the offer has more of it."""
    alone = {"talks.lead_weight": 1.0, "actors.scott_bessent.susceptibility": 0.0}
    row = list(load_scenario("february_2025").issues).index("purchases")
    levels = []
    for priority in (0.1, 1.0, 10.0):
        numbers = alone | {"actors.scott_bessent.priorities.purchases": priority}
        levels.append(proposal(talks(numbers))[row].mean())
    assert levels[0] < levels[2]
    assert levels[0] <= levels[1] <= levels[2]


def test_drafts_do_not_change_what_a_side_asks_for_in_all() -> None:
    negotiation = talks()
    package = proposal(negotiation)
    leader: Any = negotiation.leaders[US]
    own, _ = leader.stakes()
    worth = utility(own, felt(package, leader.bends().own))
    assert (worth >= leader.mine("aspiration") - 1e-6).all()


def test_leaders_draft_at_summits_and_their_advisers_below() -> None:
    below, above = talks(level=CABINET), talks(level=SUMMIT)
    lead, leader = (cast("Leader", n.leaders[US]).draft() for n in (below, above))
    assert (lead == below.store["draft_lead"][US]).all()
    assert (leader == above.store["draft_leader"][US]).all()
    assert (lead != leader).any()


def test_swept_weights_give_the_same_priorities_as_fixed_ones() -> None:
    name = "edges.scott_bessent>donald_trump.weight"
    swept = build("february_2025", 4, 1, {name: [0.1, 0.9, 0.1, 0.9]})
    found = settled_priorities(swept.store, swept.setting)
    for world, weight in ((0, 0.1), (1, 0.9)):
        fixed = build(load_scenario("february_2025", {name: weight}), 2, 1)
        expected = settled_priorities(fixed.store, fixed.setting)[..., 0]
        assert found[..., world] == pytest.approx(expected, abs=1e-12)


def test_without_priorities_nothing_is_drafted() -> None:
    setting = load_scenario("classroom")
    assert not setting.drafted()
    one = simulate(setting, 20, 1)
    other = simulate(load_scenario("classroom", {"talks.drafting": 0.0}), 20, 1)
    assert not unequal(one, other)


def test_a_priority_of_an_unknown_issue_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no such"):
        load_scenario("february_2025", {"actors.scott_bessent.priorities.purchase": 2.0})
