"""A threat that is about to fall due is an ultimatum: a demand with a deadline."""

from typing import Any

import numpy as np
import pytest

from agents.leader import Leader
from model.negotiation import Negotiation
from model.phases import talks as phase
from model.rules.coercion import TARIFF
from model.rules.curves import felt
from model.rules.offers import exchange, utility
from model.state.state import DEAL, TRUCE
from tests.worlds import talks

US, CHINA = 0, 1
QUIET: dict[str, Any] = {"talks.rate": 0.0, "summits.call": 0.0, "channels.contact": 0.0}
EXACT: dict[str, Any] = {
    "talks.belief_spread": 0.0, "talks.resolve_spread": 0.0, "talks.caution": 0.0,
    "values.spread": 0.0, "sides.US.winning": 0.0, "sides.CN.winning": 0.0,
    "sides.US.volatility": 0.0, "talks.drafting": 0.0,  # drafts are not efficient
}  # fmt: skip


def pressed(
    overrides: dict[str, Any],
    weeks_left: float = 2.0,
    side: int = US,
    believed: tuple[float, float] = (3.5, 6.5),
) -> Negotiation:
    """Return talks in which a side's threat of 10 points is about to fall due.

    believed: threats executed and not executed, from which its credibility follows.
    """
    negotiation = talks({"events.0.size": 0.0, **overrides})
    store = negotiation.store
    for name, value in (("kind", TARIFF), ("size", 0.1), ("weeks", weeks_left)):
        store.set_row(f"threat_{name}", side, np.full(3, value))  # type: ignore[arg-type]
    store.set_row("cred_executed", side, np.full(3, believed[0]))
    store.set_row("cred_backed", side, np.full(3, believed[1]))
    for one in negotiation.leaders:
        one.appraise()
    return negotiation


def leader(negotiation: Negotiation, side: int) -> Leader:
    """Return the leader of a side."""
    found = negotiation.leaders[side]
    assert isinstance(found, Leader)
    return found


@pytest.mark.parametrize("side", [US, CHINA])
def test_the_threatening_side_speaks_first(side: int) -> None:
    negotiation = pressed({**QUIET, "coercion.ultimatum": 1.0}, side=side)
    negotiation.store["turn"] = np.full(3, float(1 - side))
    phase.meet(negotiation)
    assert (negotiation.store["level"] > phase.SILENT).all()
    assert (negotiation.store["turn"] == side).all()


@pytest.mark.parametrize(
    ("overrides", "weeks", "state"),
    [({"coercion.ultimatum": 0.0}, 1.0, 0.0), ({}, 3.0, 0.0), ({}, 1.0, TRUCE), ({}, 1.0, DEAL)],
    ids=["switched off", "long fuse", "in a truce", "in a deal"],
)
def test_no_ultimatum(overrides: dict[str, Any], weeks: float, state: float) -> None:
    negotiation = pressed({**QUIET, **overrides}, weeks)
    negotiation.store["phase"] = np.full(3, state)
    assert not leader(negotiation, US).presses().any()
    negotiation.store["turn"] = np.full(3, float(CHINA))
    phase.meet(negotiation)
    assert (negotiation.store["level"] == phase.SILENT).all()
    assert (negotiation.store["turn"] == CHINA).all()


def test_a_certain_threat_and_exact_beliefs_leave_the_target_its_reservation_value() -> None:
    negotiation = pressed(EXACT, believed=(1.0, 0.0))
    store = negotiation.store
    store["level"] = np.full(3, phase.SUMMIT)
    own, target = leader(negotiation, US), leader(negotiation, CHINA)
    np.testing.assert_array_equal(own.credibility(), 1.0)
    package = own.propose()
    least = target.mine("reservation")
    assert (own.mine("best") > own.mine("reservation")).all()
    worth = utility(target.stakes()[0], felt(package, target.bends().own))
    np.testing.assert_allclose(worth, least, atol=1e-9)


def test_a_threat_that_nobody_believes_changes_no_demand() -> None:
    doubted = (0.0, 1.0)
    asked = pressed(EXACT, believed=doubted)
    plain = pressed({**EXACT, "coercion.ultimatum": 0.0}, believed=doubted)
    np.testing.assert_array_equal(leader(asked, US).propose(), leader(plain, US).propose())


def test_the_threatened_side_answers_as_at_the_deadline() -> None:
    """It accepts the best offer so far at its reservation value, long before the window closes."""
    calm, hard = pressed({"coercion.ultimatum": 0.0}), pressed({})
    found = []
    for negotiation in (calm, hard):
        store, target = negotiation.store, leader(negotiation, CHINA)
        store["level"] = np.full(3, phase.CABINET)
        own, theirs = target.stakes()
        best = target.best(exchange(own, theirs), own, theirs)
        least = target.mine("reservation")
        row = target.issue("us_tariff_relief")
        package = np.zeros_like(own)
        package[row] = (0.9 * least + 0.1 * best) / own[row]
        assert (best > least).all()
        assert (package[row] <= 1.0).all()
        found.append(target.answer(package))
    assert not found[0].any()
    assert found[1].all()
