"""Every offering and acceptance rule keeps the promises of its kind, and each does what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from model.arrays import Array
from model.rules.bargaining import (
    ACCEPTANCE,
    OFFERING,
    AcceptanceRule,
    OfferingRule,
    Position,
    Standing,
    delivered,
    exponent,
    offering,
    reservation,
)
from tests.model.table import position, standing

CLOCK = ("boulware", "linear", "conceder")
EVERY_OFFERING = pytest.mark.parametrize("rule", OFFERING.values(), ids=OFFERING.keys())
EVERY_ACCEPTANCE = pytest.mark.parametrize("rule", ACCEPTANCE.values(), ids=ACCEPTANCE.keys())
SHARES = st.floats(0.0, 1.0)
POINTS = st.floats(-1.0, 1.0)
COUNTS = st.integers(0, 5).map(float)
RANGES = {
    **dict.fromkeys(("elapsed", "mirror", "mirror_weight", "patience", "deadline_share"), SHARES),
    **{"exponent": st.floats(0.01, 20.0), "stationary": POINTS | st.just(np.nan)},
    **{"step": st.floats(0.0, 0.5), "offers_made": COUNTS, "offers_received": COUNTS},
}


def columns[Kind: (Position, Standing)](kind: type[Kind]) -> st.SearchStrategy[Kind]:
    """Draw positions or standings in two worlds."""
    return st.builds(
        kind, *(arrays(np.float64, 2, elements=RANGES.get(name, POINTS)) for name in kind._fields)
    )


def crowd[Kind: (Position, Standing)](kind: type[Kind], worlds: int) -> Kind:
    """Return positions or standings in many worlds, every field random between 0 and 1."""
    rng = np.random.default_rng(7)
    fields = {name: rng.random(worlds) for name in kind._fields}
    for name in {"offers_made", "offers_received"} & fields.keys():
        fields[name] = np.floor(3.0 * fields[name])
    return kind(**fields)


def test_all_named_rules_are_there() -> None:
    names = {"boulware", "linear", "conceder", "tit_for_tat", "rubinstein", "zeuthen", "micro"}
    assert names <= set(OFFERING)  # a new rule needs no other change
    assert {"ac_next", "ac_combi", "rubinstein"} <= set(ACCEPTANCE)


def test_a_new_rule_is_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.rules.bargaining.OFFERING", {})

    @offering("greedy")
    def greedy(position: Position) -> Array:
        """Ask for more than there is."""
        return position.best + 1.0

    assert greedy.__doc__ == "Ask for more than there is."
    assert greedy(position(2, best=0.7)).tolist() == [0.7, 0.7]


@EVERY_OFFERING
@given(asked=columns(Position))
def test_an_aspiration_lies_between_the_reservation_and_the_best(
    rule: OfferingRule, asked: Position
) -> None:
    aspiration = rule(asked)
    assert (aspiration >= asked.reservation).all()
    assert (aspiration <= np.maximum(asked.best, asked.reservation)).all()


@EVERY_OFFERING
def test_the_same_position_gets_the_same_aspiration_at_any_width(rule: OfferingRule) -> None:
    many = crowd(Position, 1000)
    before = [field.copy() for field in many]
    whole = rule(many)
    np.testing.assert_array_equal(rule(many), whole)
    np.testing.assert_array_equal(many, before)
    for first in (0, 431, 998):
        few = Position(*(field[first : first + 2].copy() for field in many))
        np.testing.assert_array_equal(rule(few), whole[first : first + 2])


@EVERY_ACCEPTANCE
def test_the_same_standing_gets_the_same_answer_at_any_width(rule: AcceptanceRule) -> None:
    many = crowd(Standing, 1000)
    whole = rule(many)
    assert 0 < whole.sum() < 1000
    for first in (0, 431, 998):
        few = Standing(*(field[first : first + 2].copy() for field in many))
        np.testing.assert_array_equal(rule(few), whole[first : first + 2])


@EVERY_ACCEPTANCE
@given(asked=columns(Standing), more=st.floats(0.0, 1.0))
def test_nothing_below_the_reservation_is_accepted_and_no_better_offer_is_refused(
    rule: AcceptanceRule, asked: Standing, more: float
) -> None:
    yes = rule(asked)
    assert (asked.offered[yes] >= asked.reservation[yes] - 1e-9).all()
    assert rule(asked._replace(offered=asked.offered + more))[yes].all()
    all_that_is_asked = np.maximum(asked.next_aspiration, asked.reservation)
    assert rule(asked._replace(offered=all_that_is_asked)).all()


@pytest.mark.parametrize("name", CLOCK)
@given(asked=columns(Position))
def test_by_the_clock_alone_all_is_conceded_at_the_end(name: str, asked: Position) -> None:
    none, one = np.zeros(2), np.ones(2)
    asked = asked._replace(mirror_weight=none)
    end = OFFERING[name](asked._replace(elapsed=one))
    np.testing.assert_array_equal(end, asked.reservation)
    start = OFFERING[name](asked._replace(elapsed=none))
    top = np.maximum(asked.best, asked.reservation)
    np.testing.assert_allclose(start, top, atol=1e-12)


@pytest.mark.parametrize("name", CLOCK)
@given(asked=columns(Position), later=SHARES)
def test_by_the_clock_no_one_asks_for_more_later(name: str, asked: Position, later: float) -> None:
    rule = OFFERING[name]
    then = np.maximum(asked.elapsed, later)
    assert (rule(asked._replace(elapsed=then)) <= rule(asked) + 1e-12).all()


def test_the_clock_rules_follow_their_curves() -> None:
    asked = position(2, elapsed=0.25, exponent=0.5, reservation=0.2, best=1.0)
    assert OFFERING["boulware"](asked)[0] == pytest.approx(0.2 + 0.8 * (1 - 0.25**2))
    assert OFFERING["linear"](asked)[0] == pytest.approx(0.2 + 0.8 * 0.75)
    assert OFFERING["conceder"](asked)[0] == pytest.approx(0.2 + 0.8 * (1 - 0.25**0.5))
    early = asked._replace(exponent=np.full(2, 2.0))
    np.testing.assert_array_equal(OFFERING["conceder"](early), OFFERING["boulware"](early))


def test_mirroring_is_mixed_in_by_its_weight() -> None:
    asked = position(2, elapsed=0.5, mirror=0.8, mirror_weight=0.3)
    assert OFFERING["linear"](asked)[0] == pytest.approx(0.7 * 0.5 + 0.3 * 0.8)
    assert OFFERING["tit_for_tat"](asked)[0] == pytest.approx(0.8)


def test_without_a_stationary_proposal_the_best_is_asked_for() -> None:
    asked = position(3, best=0.9, reservation=0.1, stationary=np.array([np.nan, 0.5, 0.05]))
    np.testing.assert_allclose(OFFERING["rubinstein"](asked), [0.9, 0.5, 0.1])


def zeuthen(own: tuple[float, float], other: tuple[float, float], **fields: float) -> float:
    """Return what Zeuthen's rule asks for after 0.9, given the worths of the two offers."""
    asked = position(
        2,
        **{"previous": 0.9, "step": 0.1, "offers_made": 1.0, "offers_received": 1.0, **fields},
        own_offer_own=own[0],
        own_offer_other=own[1],
        other_offer_own=other[0],
        other_offer_other=other[1],
    )
    return float(OFFERING["zeuthen"](asked)[0])


def test_who_can_risk_less_concedes() -> None:
    # Risk limits: own (.9-.4)/.9 = .56, other's (.6-.1)/.6 = .83; the other's offer is the fairer.
    assert zeuthen((0.9, 0.1), (0.4, 0.6)) == pytest.approx(0.8)
    # Turned round: own (.6-.1)/.6 = .83, other's (.9-.4)/.9 = .56.
    assert zeuthen((0.6, 0.4), (0.1, 0.9)) == pytest.approx(0.9)
    assert zeuthen((0.9, 0.1), (0.1, 0.9)) == pytest.approx(0.8)  # equal: both concede
    # An offer below the other's reservation can be risked by nobody but its maker.
    assert zeuthen((0.9, 0.1), (0.4, 0.6), other_reservation=0.2) == pytest.approx(0.8)
    assert zeuthen((0.6, 0.4), (0.1, 0.9), reservation=0.2) == pytest.approx(0.9)
    both = {
        "reservation": 0.2,
        "other_reservation": 0.2,
    }  # no offer can be taken: both do
    assert zeuthen((0.9, 0.15), (0.1, 0.9), **both) == pytest.approx(0.8)
    assert zeuthen((0.9, 0.1), (0.4, 0.6), offers_received=0.0) == pytest.approx(0.9)
    assert zeuthen((0.9, 0.1), (0.4, 0.6), offers_made=0.0) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("made", "received", "asked"), [(0, 0, 0.9), (0, 3, 0.9), (1, 1, 0.8), (2, 3, 0.8), (3, 2, 0.9)]
)
def test_micro_matches_the_number_of_offers(made: float, received: float, asked: float) -> None:
    table = position(2, previous=0.9, step=0.1, offers_made=made, offers_received=received)
    assert OFFERING["micro"](table)[0] == pytest.approx(asked)


def test_acceptance_by_the_next_aspiration() -> None:
    answers = standing(
        4,
        offered=np.array([0.5, 0.5, 0.5, 0.5 - 1e-13]),
        reservation=np.array([0.2, 0.6, 0.2, 0.2]),
        next_aspiration=np.array([0.6, 0.4, 0.4, 0.5]),
    )
    assert ACCEPTANCE["ac_next"](answers).tolist() == [False, False, True, True]


def test_near_the_deadline_the_best_seen_will_do() -> None:
    answers = standing(
        4,
        offered=0.5,
        elapsed=np.array([0.8, 0.9, 0.9, 0.9]),
        best_seen=np.array([0.5, 0.5, 0.6, 0.5]),
        reservation=np.array([0.2, 0.2, 0.2, 0.6]),
    )
    assert ACCEPTANCE["ac_combi"](answers).tolist() == [False, True, False, False]


def test_waiting_is_discounted_from_the_reservation_up() -> None:
    answers = standing(
        2, offered=np.array([0.56, 0.55]), reservation=0.2, next_aspiration=0.6, patience=0.9
    )
    assert ACCEPTANCE["rubinstein"](answers).tolist() == [True, False]


def test_the_firm_concede_later() -> None:
    base, slope = np.full(3, 0.5), np.full(3, 2.0)
    shapes = exponent(base, slope, np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(shapes, 0.5 * np.exp(np.array([1.0, 0.0, -1.0])))
    np.testing.assert_array_equal(exponent(base, np.zeros(3), shapes), base)


BELOW = {
    "threat_cost": 0.1,
    "enforcement": 0.5,
    "enforcement_cost": 0.2,
    "resolve": 2.0,
    "anticipation": 0.5,
    "threshold": 0.1,
    "spread": 0.1,
    "target": 0.7,
}


def least(**fields: float) -> float:
    """Return the reservation for plain numbers."""
    return float(reservation(**{name: np.full(2, x) for name, x in (BELOW | fields).items()})[0])


def test_the_reservation_is_the_sum_of_its_parts() -> None:
    wanted = -0.1 / 2 + 0.5 * 0.2 + 2 * 0.5 * (0.1 + 0.1 * norm.ppf(0.7))
    assert least() == pytest.approx(wanted)
    assert least(anticipation=0.0, enforcement=0.0) == pytest.approx(-0.05)
    assert least(target=0.01) == pytest.approx(-0.05 + 0.1)  # a sure win-set asks for nothing
    assert least(threat_cost=0.2) < least() < least(resolve=3.0)
    assert least() < least(threshold=0.2) < least(threshold=0.2, target=0.9)


@given(SHARES, SHARES, SHARES, SHARES)
def test_a_share_delivered_is_a_share(
    deferred: float, trust: float, snapback: float, enforced: float
) -> None:
    share = delivered(*(np.full(2, x) for x in (deferred, trust, snapback, enforced)))
    assert ((share >= 0) & (share <= 1)).all()


def test_mistrust_costs_only_what_comes_later_and_is_not_enforced() -> None:
    none, half, one = np.zeros(2), np.full(2, 0.5), np.ones(2)
    np.testing.assert_array_equal(delivered(none, none, none, none), one)
    np.testing.assert_array_equal(delivered(one, one, none, none), one)
    np.testing.assert_array_equal(delivered(one, none, one, one), one)
    np.testing.assert_array_equal(delivered(one, half, none, one), half)
    by_issue = delivered(np.array([[0.0, 0.0], [1.0, 1.0]]), half, none, none)
    np.testing.assert_array_equal(by_issue, [[1.0, 1.0], [0.5, 0.5]])


@given(st.floats(0.05, 0.9), st.floats(0.0, 0.5), st.floats(0.0, 0.9), SHARES)
def test_one_exchange_is_worth_it_above_a_bound_of_trust(
    worth: float, cost: float, snapback: float, enforced: float
) -> None:
    # (Limit 14.) All of it comes later: accept iff trust >= (cost / worth - e phi) / (1 - e phi).
    held = snapback * enforced
    bound = (cost / worth - held) / (1.0 - held)
    trust = bound + np.array([-1e-6, 1e-6])
    share = delivered(np.ones(2), trust, np.full(2, snapback), np.full(2, enforced))
    assert (worth * share - cost >= 0).tolist() == [False, True]
