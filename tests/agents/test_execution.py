"""Whether to execute a threat depends on its justification and on the credibility at stake."""

from typing import Any

import numpy as np

from agents.leader import Leader
from model.arrays import Array
from model.rules.coercion import TARIFF
from tests.worlds import talks


def chance(overrides: dict[str, Any], record: tuple[float, float] = (3.5, 6.5)) -> Array:
    """Return the probability that the United States execute a threat of 20 points (R,).

    record: threats executed and not executed so far.
    """
    negotiation = talks({"sides.US.audience_cost": 0.1, **overrides})
    leader, store = negotiation.leaders[0], negotiation.store
    assert isinstance(leader, Leader)
    store.set_row("threat_kind", 0, np.full(3, TARIFF))
    store.set_row("threat_size", 0, np.full(3, 0.2))
    store.set_row("cred_executed", 0, np.full(3, record[0]))
    store.set_row("cred_backed", 0, np.full(3, record[1]))
    return leader.execution_chance()


def test_a_leader_with_a_good_justification_backs_down_more_often() -> None:
    assert (chance({"coercion.justification": 0.8}) < chance({"coercion.justification": 0.0})).all()
    first = {"coercion.foreseen_justification": 0.0}
    np.testing.assert_array_equal(
        chance({**first, "coercion.justification": 0.8}),
        chance({**first, "coercion.justification": 0.0}),
    )


def test_a_leader_with_a_short_record_has_more_at_stake() -> None:
    assert (chance({}, (0.35, 0.65)) > chance({}, (35.0, 65.0))).all()
    first = {"coercion.reputation": 0.0}
    np.testing.assert_array_equal(chance(first, (0.35, 0.65)), chance(first, (35.0, 65.0)))
    assert (chance({}) > chance(first)).all()
