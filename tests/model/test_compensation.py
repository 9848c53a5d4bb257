"""Compensation at home: leaders pay the groups that would block an agreement, before the vote."""

from typing import Any, cast

import numpy as np
import pytest

from agents.leader import Leader
from experiments.engine import build, simulate
from model.arrays import Array
from model.negotiation import Negotiation
from model.rules.curves import felt
from model.rules.offers import utility
from model.schema.scenario import load_scenario
from tests.bits import unequal

CERTAIN: dict[str, Any] = {
    "ratification.insight": 1.0, "ratification.target": 0.9, "ratification.vote_spread": 0.0,
    "ratification.persistence": 0.0,
}  # fmt: skip
FREE = CERTAIN | {
    "ratification.compensation": 1.0, "ratification.payment_cost": 0.0,
    "ratification.compensation_most": 2.0,
}  # fmt: skip
US = 0


def talks(numbers: dict[str, Any]) -> Negotiation:
    """Return talks of February 2025 in their first week."""
    negotiation = build(load_scenario("february_2025", numbers), 60, 1)
    negotiation.open_week()
    return negotiation


def packages(negotiation: Negotiation) -> Array:
    rng = np.random.default_rng(1)
    return rng.uniform(0.0, 1.0, (len(negotiation.setting.issues), negotiation.worlds))


def worth(leader: Leader, package: Array) -> Array:
    return utility(leader.mine("gains"), felt(package, leader.bend()))


def test_with_free_compensation_every_package_worth_it_passes() -> None:
    negotiation = talks(FREE)
    leader = cast("Leader", negotiation.leaders[US])
    package = packages(negotiation)
    worth_it = worth(leader, package) >= leader.mine("reservation")
    refused = leader.ratify(package) < 0.5
    assert (worth_it & refused).any()
    leader.compensate(package)
    assert (leader.ratify(package)[worth_it] >= 0.5).all()


def test_what_is_not_worth_it_is_not_compensated() -> None:
    negotiation = talks(FREE)
    leader = cast("Leader", negotiation.leaders[US])
    package = packages(negotiation)
    leader.compensate(package)
    worth_it = worth(leader, package) >= leader.mine("reservation")
    assert not (leader.mine("compensated")[~worth_it] > 0.0).any()
    assert (~worth_it).any()


def test_payments_stay_within_the_budget_and_go_to_opponents() -> None:
    negotiation = talks(CERTAIN | {"ratification.compensation": 1.0})
    leader = cast("Leader", negotiation.leaders[US])
    package = packages(negotiation)
    before = leader.supports(package)
    leader.compensate(package)
    most = leader.parameter("ratification.compensation_most")
    assert (leader.mine("compensation") <= most + 1e-12).all()
    assert (leader.mine("compensation") > 0.0).any()
    for group in negotiation.groups_of(US):
        paid = negotiation.store.row("payment", group.group) > 0.0
        assert (before[group.key][paid] < 0.9).all()
        assert (leader.supports(package)[group.key][paid] > before[group.key][paid]).all()


def test_a_dearer_compensation_is_paid_less_often() -> None:
    paid = []
    for cost in (0.0, 1.0, 5.0):
        negotiation = talks(FREE | {"ratification.payment_cost": cost})
        leader = cast("Leader", negotiation.leaders[US])
        leader.compensate(packages(negotiation))
        paid.append(leader.mine("compensated").sum())
    assert paid[0] >= paid[1] >= paid[2]
    assert paid[0] > paid[2]


def test_at_zero_nothing_is_paid_and_the_budget_has_no_effect() -> None:
    one, other = (
        simulate(
            load_scenario(
                "february_2025",
                {"ratification.compensation": 0.0, "ratification.compensation_most": most},
            ),
            40,
            1,
            engine="numpy",
        )
        for most in (0.0, 2.0)
    )
    assert not unequal(one, other)
    assert (one.outcomes[["compensation_us", "compensation_cn"]] == 0.0).all().all()


def test_a_leader_accepts_what_compensation_carries() -> None:
    """More packages are acceptable to a leader who can compensate than to one who cannot."""
    answers = []
    for chance in (0.0, 1.0):
        negotiation = talks(FREE | {"ratification.compensation": chance})
        negotiation.store["level"] = np.full(negotiation.worlds, 3.0)
        negotiation.store["clock"] = np.full(negotiation.worlds, 1000.0)
        leader = cast("Leader", negotiation.leaders[US])
        answers.append(leader.answer(packages(negotiation)))
    assert (answers[1] | ~answers[0]).all()
    assert (answers[1] & ~answers[0]).any()


def test_a_pivot_gets_no_compensation() -> None:
    negotiation = talks(FREE | {"sides.US.ratification": "pivot"})
    leader = cast("Leader", negotiation.leaders[US])
    found = leader.compensation(packages(negotiation))
    assert found.payments == ()
    assert not found.pays.any()


def test_runs_have_compensation_in_both_engines() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 40, "talks.rate": 0.6})
    one, other = (simulate(setting, 60, 1, engine=engine) for engine in ("numpy", "traced"))
    assert not unequal(one, other, 1e-9)
    assert (one.outcomes["compensation_cn"] > 0.0).any()


@pytest.mark.parametrize("name", ["compensation", "compensation_most"])
def test_the_numbers_belong_to_the_rule(name: str) -> None:
    from model.schema.second_edition import numbers_of

    full = f"ratification.{name}"
    assert numbers_of("R14c", [full]) == [full]
