"""Stakes are elicited for a part of an issue, and multiplied by factors from the record."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import build
from model.negotiation import Negotiation
from model.rules.curves import felt, whole_worth
from model.schema.scenario import load_scenario

CURVED: dict[str, Any] = {"edition": 1, "values.rising_cost": 0.6, "values.satiation": 0.4}
US, CN = 0, 1


def talks(**overrides: Any) -> Negotiation:
    """Return talks of 2025 before their first week, with curved values."""
    numbers = {key.replace("__", "."): value for key, value in overrides.items()}
    return build(load_scenario("february_2025", CURVED | numbers), 4, 1)


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("bend", [-0.8, 0.0, 0.7])
def test_a_part_up_to_the_level_is_worth_the_stake_per_level(level: float, bend: float) -> None:
    whole = whole_worth(np.array([level]), np.array([bend]))
    share = felt(np.array([[level]]), np.array([[bend]]))[0]
    assert whole * share == pytest.approx(level)


def test_the_side_values_follow() -> None:
    row = list(load_scenario("february_2025").issues).index("purchases")
    whole, half = talks(), talks(values__elicited_at=0.5)
    ratio = half.store["public_worth"][:, row] / whole.store["public_worth"][:, row]
    assert ratio[US] == pytest.approx(1.0 / 1.2)  # a benefit, m = 0.4
    assert ratio[CN] == pytest.approx(1.0 / 0.7)  # a cost, k = 0.6


def test_received_tariff_relief_is_not_elicited() -> None:
    row = list(load_scenario("february_2025").issues).index("us_tariff_relief")
    numbers = {"values__elicited_at": 0.2, "issues__us_tariff_relief__gain_factor": 3.0}
    whole, part = talks(), talks(**numbers)
    assert (part.store["public_worth"][CN, row] == whole.store["public_worth"][CN, row]).all()


@pytest.mark.parametrize(("field", "side"), [("gain_factor", US), ("cost_factor", CN)])
def test_a_factor_multiplies_the_worth_to_one_side(field: str, side: int) -> None:
    issues = list(load_scenario("february_2025").issues)
    plain, doubled = talks(), talks(**{f"issues__purchases__{field}": 2.0})
    ratio = doubled.store["public_worth"] / plain.store["public_worth"]
    expected = np.ones_like(ratio)
    expected[side, issues.index("purchases")] = 2.0
    assert ratio == pytest.approx(expected)


def test_groups_follow_the_factor() -> None:
    plain, doubled = talks(), talks(issues__purchases__gain_factor=2.0)
    package = np.zeros((len(plain.setting.issues), plain.worlds))
    package[list(plain.setting.issues).index("purchases")] = 0.5
    worth = []
    for negotiation in (plain, doubled):
        negotiation.open_week()
        leader: Any = negotiation.leaders[US]
        (farmers,) = (group for group in negotiation.groups if group.key == "farm_states")
        worth.append(leader.worth_to(farmers, package))
    assert worth[1] == pytest.approx(2.0 * worth[0])
    assert (worth[0] > 0.0).all()
