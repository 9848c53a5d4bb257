"""Leaders ask for no less than they settle for, learn from answers, and bring packages home."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import norm

from agents.leader import Leader
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import CABINET, WORKING
from model.phases.tariffs import answer
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.rules.curves import felt
from model.rules.offers import best_given, exchange, ideal, offer, utility
from model.sides import SIDES as ROWS
from tests.worlds import talks

MODES = ("certain", "pivot", "constituency", "vote")
SIDES = pytest.mark.parametrize("side", ROWS, ids=["US", "CN"])


def leader(negotiation: Negotiation, side: int = 0) -> Leader:
    """Return the leader of a side."""
    found = negotiation.leaders[side]
    assert isinstance(found, Leader)
    return found


def packages(negotiation: Negotiation, count: int) -> Array:
    """Return random packages (count, issues, R)."""
    rng = np.random.default_rng(3)
    return rng.random((count, len(negotiation.keys.issues), negotiation.worlds))


def worth(one: Leader, package: Array) -> Array:
    """Return the utility (R,) of a package to a leader who also wants to gain more."""
    return utility(one.stakes()[0], felt(package, one.bends().own))


class TestAppraise:
    """What issues are worth, and what a side settles for."""

    def test_one_receives_gladly_and_gives_dearly(self) -> None:
        negotiation = talks(weeks=2)
        owners = [card.owner for card in negotiation.setting.issues.values()]
        for side, key in enumerate(negotiation.keys.sides):
            gains = negotiation.store["gains"][side]
            received = np.array([owner != key for owner in owners])
            assert np.all(gains[received] >= 0.0)
            assert np.all(gains[~received] <= 0.0)

    def test_nothing_threatened_nothing_enforced_nothing_anticipated_is_no_reservation(
        self,
    ) -> None:
        quiet = {"ratification.anticipation": 0, "enforcement.cost": 0, "events.0.size": 0}
        quiet |= {"sides.US.legacy": 0, "sides.CN.legacy": 0}
        assert not talks(quiet).store["reservation"].any()

    def test_a_threat_lowers_what_the_threatened_settles_for(self) -> None:
        """The rise of 1 February is announced before it is in force; it frightens China alone."""
        with_threat = talks().store["reservation"]
        without = talks({"events.0.size": 0}).store["reservation"]
        assert np.all(with_threat[1] < without[1])
        np.testing.assert_array_equal(with_threat[0], without[0])

    def test_trust_makes_later_delivery_worth_more(self) -> None:
        wary, trusting = talks(), talks({"sides.US.record_kept": 1})
        place = wary.keys.issues.index("purchases")
        gains = [one.store["gains"][0, place] for one in (wary, trusting)]
        assert np.all(gains[1] > gains[0])

    def test_all_expect_what_a_leader_of_ordinary_resolve_would_settle_for(self) -> None:
        store = talks({"talks.resolve_spread": 0}).store
        np.testing.assert_array_equal(store["reservation"], store["expected"])


class TestOffers:
    """What is proposed."""

    @SIDES
    @pytest.mark.parametrize("rule", OFFERING)
    def test_every_rule_asks_within_its_bounds_and_offers_what_it_asks(
        self, rule: str, side: int
    ) -> None:
        rules = {"sides.US.offering": rule, "sides.CN.offering": rule, "talks.rate": 1}
        negotiation = talks(rules, weeks=3)
        one = leader(negotiation, side)
        package = one.propose()
        assert package.shape == (len(negotiation.keys.issues), 3)
        assert np.all((package >= 0.0) & (package <= 1.0))
        (own, theirs), asked = one.stakes(), one.mine("aspiration")
        reservation, best = one.mine("reservation"), one.mine("best")
        assert np.all(asked >= reservation)
        assert np.all(asked <= np.maximum(best, reservation) + 1e-12)
        most = utility(own, ideal(own, theirs))
        assert np.all(worth(one, package) >= np.minimum(asked, most) - 1e-9)

    def test_what_was_offered_is_remembered_and_counted_once(self) -> None:
        negotiation = talks()
        one = leader(negotiation)
        package = one.propose()
        np.testing.assert_array_equal(one.mine("offer"), package)
        one.propose()
        assert one.mine("offers").tolist() == [1.0] * 3
        negotiation.store["clock"] = np.full(3, 20.0)
        one.propose()
        assert one.mine("offers").tolist() == [2.0] * 3

    def test_a_side_asks_for_less_as_its_window_closes(self) -> None:
        negotiation = talks({"talks.mirror": 0})
        one, asked = leader(negotiation), []
        for clock in (0.0, 13.0, 25.0, 26.0, 40.0):
            negotiation.store["clock"] = np.full(3, clock)
            one.propose()
            asked.append(one.mine("aspiration").copy())
        assert np.all(np.diff(asked, axis=0) <= 0.0)
        np.testing.assert_allclose(asked[0], np.maximum(one.mine("best"), one.mine("reservation")))
        for late in asked[-2:]:
            np.testing.assert_allclose(late, one.mine("reservation"), atol=1e-12)

    def test_in_focus_it_is_the_same_to_the_last_bit(self) -> None:
        wide, narrow = talks(weeks=4), talks(weeks=4)
        for one, other in zip(wide.leaders, narrow.leaders, strict=True):
            together = one.propose()
            with narrow.store.focus(np.array([False, False, True])):
                alone = other.propose()
            np.testing.assert_array_equal(alone[:, 0], together[:, 2])


class TestAnswers:
    """What is accepted."""

    @SIDES
    @pytest.mark.parametrize("rule", ACCEPTANCE)
    @pytest.mark.parametrize("clock", [0.0, 25.0])
    def test_nothing_below_the_reservation_and_everything_at_the_best(
        self, rule: str, side: int, clock: float
    ) -> None:
        rules = {f"sides.{key}.acceptance": rule for key in ("US", "CN")}
        bare = {f"sides.{key}.legacy": 0 for key in ("US", "CN")}
        negotiation = talks(rules | bare, weeks=2)
        negotiation.store["clock"] = np.full(3, clock)
        one = leader(negotiation, side)
        own, theirs = one.stakes()
        for package in packages(negotiation, 40):
            accepted = one.answer(package)
            enough = worth(one, package) >= one.mine("reservation") - 1e-9
            assert not (accepted & ~enough).any()
        assert one.answer(ideal(own, theirs)).all()

    def test_the_first_and_the_best_offer_are_remembered(self) -> None:
        negotiation = talks()
        one = leader(negotiation)
        few = packages(negotiation, 5)
        for package in few:
            one.answer(package)
        worths = np.stack([worth(one, package) for package in few])
        np.testing.assert_array_equal(one.mine("first_seen"), worths[0])
        np.testing.assert_array_equal(one.mine("best_seen"), worths.max(axis=0))

    def test_what_one_would_ask_for_next_is_enough_and_no_less(self) -> None:
        negotiation = talks(
            {"sides.US.acceptance": "ac_next", "talks.mirror": 0, "sides.US.legacy": 0}
        )
        negotiation.store["clock"] = np.full(3, 13.0)
        one = leader(negotiation)
        one.propose()
        own, theirs = one.stakes()
        floor, most = one.mine("reservation"), one.mine("best")
        exponent = 0.5 * np.exp(-2.0 * (one.firmness() - 0.5))
        asked = floor + (most - floor) * (1.0 - (14.0 / 26.0) ** (1.0 / exponent))
        trades = exchange(own, theirs, one.bends())
        assert one.answer(offer(trades, own, asked + 1e-9)).all()
        assert not one.answer(offer(trades, own, asked - 1e-6)).any()

    def test_near_the_deadline_less_will_do(self) -> None:
        early, late = talks(), talks()
        late.store["clock"] = np.full(3, 25.0)
        taken = [
            sum(leader(one).answer(package).sum() for package in packages(one, 60))
            for one in (early, late)
        ]
        assert taken[0] < taken[1]


class TestLearning:
    """What refusals and offers teach."""

    def test_a_refusal_raises_the_reservation_that_is_believed(self) -> None:
        negotiation = talks({"edition": 1})
        one, before = leader(negotiation), leader(negotiation).believed().copy()
        refused = np.array([True, False, True])
        one.be_refused(np.full((len(negotiation.keys.issues), 3), 0.5), refused)
        rise = one.believed() - before
        assert np.all(rise[refused] > 0.0)
        assert rise[1] == pytest.approx(0.0, abs=1e-15)
        assert leader(negotiation, 1).mine("belief_shift").tolist() == [0.0] * 3

    def test_an_offer_teaches_what_the_other_wants(self) -> None:
        """At the start a side asks for the most it can get, so what it asks for must be that."""
        negotiation = talks({"edition": 1})
        one, place = leader(negotiation), negotiation.keys.issues.index("us_tariff_relief")
        package = np.zeros((len(negotiation.keys.issues), 3))
        package[place] = 1.0
        own, theirs = one.mine("gains"), one.estimate()
        most, feasible = best_given(exchange(theirs, own), theirs, own, one.mine("reservation"))
        assert feasible.all()
        one.listen_to(package)
        before, after = theirs[place], one.estimate()[place]
        assert np.all(np.abs(after - most) < np.abs(before - most))
        others = np.arange(len(package)) != place
        np.testing.assert_array_equal(one.mine("seen")[others], 1.0)
        assert np.all(one.mine("seen_variance")[place] < one.mine("seen_variance")[others])

    def test_only_a_refusal_that_can_inform_moves_the_belief_about_types(self) -> None:
        """The same refusal twice, and one by officials who cannot accept, teach nothing."""
        negotiation = talks(weeks=4)
        one, package = leader(negotiation), packages(negotiation, 1)[0]
        negotiation.store["clock"] = np.full(3, 20.0)
        refused = np.array([True, False, True])
        before = one.mine("type_belief").copy()
        negotiation.store["level"] = np.full(3, WORKING)
        one.be_refused(package, refused)
        np.testing.assert_array_equal(one.mine("type_belief"), before)
        negotiation.store["level"] = np.full(3, CABINET)
        one.be_refused(package, refused)
        once = one.mine("type_belief").copy()
        rise = once[-1] - before[-1]  # the most resolute type
        assert rise.min() > -1e-15
        assert rise.max() > 1e-9
        assert once[-1][1] == before[-1][1]
        one.be_refused(package, refused)
        np.testing.assert_allclose(one.mine("type_belief"), once, rtol=1e-12)

    def test_a_repeated_offer_teaches_once(self) -> None:
        negotiation = talks(weeks=4)
        one, package = leader(negotiation), packages(negotiation, 1)[0]
        start = one.mine("seen").copy()
        one.listen_to(package)
        once = one.mine("seen").copy()
        one.listen_to(package)
        assert (once != start).any()
        np.testing.assert_array_equal(one.mine("seen"), once)

    def test_a_side_without_a_zone_of_agreement_repeats_its_aspiration(self) -> None:
        """The other is believed to want more than all there is."""
        negotiation = talks(weeks=4)
        one = leader(negotiation)
        negotiation.store["level"] = np.full(3, CABINET)
        one.note("belief_shift", np.full(3, 9.0))
        one.note("aspiration", np.full(3, np.inf))
        ideal, asked = utility(one.stakes()[0], exchange(*one.stakes()).start), []
        for clock in (0.0, 10.0, 25.0, 40.0):
            negotiation.store["clock"] = np.full(3, clock)
            one.propose()
            asked.append(one.mine("aspiration").copy())
        wanted = np.maximum(ideal, one.mine("reservation"))
        np.testing.assert_allclose(asked, np.tile(wanted, (4, 1)))

    def test_switched_off_nothing_is_learned(self) -> None:
        negotiation = talks({"talks.learning": False})
        before = {name: values.copy() for name, values in negotiation.store.arrays().items()}
        for one in (leader(negotiation, 0), leader(negotiation, 1)):
            for package in packages(negotiation, 3):
                one.listen_to(package)
                one.be_refused(package, np.ones(3, dtype=bool))
        for name, values in negotiation.store.arrays().items():
            np.testing.assert_array_equal(values, before[name], err_msg=name)


class TestRatify:
    """What passes at home."""

    @SIDES
    @pytest.mark.parametrize("mode", MODES)
    def test_it_is_a_chance(self, mode: str, side: int) -> None:
        key = ("US", "CN")[side]
        negotiation = talks({f"sides.{key}.ratification": mode}, weeks=3)
        one = leader(negotiation, side)
        for package in packages(negotiation, 20):
            chance = one.ratify(package)
            assert chance.shape == (3,)
            assert np.all((chance >= 0.0) & (chance <= 1.0))
            assert mode != "certain" or np.all(chance == 1.0)

    @SIDES
    @pytest.mark.parametrize("mode", MODES[1:])
    def test_a_package_of_gifts_passes_sooner_than_one_of_concessions(
        self, mode: str, side: int
    ) -> None:
        key = ("US", "CN")[side]
        negotiation = talks({f"sides.{key}.ratification": mode})
        one = leader(negotiation, side)
        received = one.mine("gains") > 0.0
        assert np.all(one.ratify(received.astype(float)) > one.ratify((~received).astype(float)))

    def test_the_pivot_is_the_probit_of_the_side_s_worth(self) -> None:
        negotiation = talks({"sides.US.ratification": "pivot"})
        one, package = leader(negotiation), packages(talks(), 1)[0]
        threshold = 0.10 - 0.05 * (one.opinion[0] - 0.5)
        gained = utility(one.mine("gains"), felt(package, one.bend()))
        np.testing.assert_allclose(one.ratify(package), norm.cdf(gained, threshold, 0.10))

    def test_the_vote_counts_every_ballot(self) -> None:
        """Six groups at home, four of them needed: brute force over all ballots."""
        negotiation = talks({"sides.US.ratification": "vote"})
        one, package = leader(negotiation), packages(talks(), 1)[0]
        groups = negotiation.groups_of(0)
        support = np.stack([group.support(one.worth_to(group, package)) for group in groups])
        expected = np.zeros(3)
        for ballot in product((False, True), repeat=len(groups)):
            if sum(ballot) >= 4:
                yes = np.array(ballot)[:, None]
                expected += np.prod(np.where(yes, support, 1.0 - support), axis=0)
        np.testing.assert_allclose(one.ratify(package), expected)

    @pytest.mark.parametrize("quota", [0.0, 0.5, 0.99, 1.0])
    def test_what_everybody_is_for_passes_at_any_quota(self, quota: float) -> None:
        wanted = {"ratification.group_threshold": -1, "ratification.group_spread": 0}
        names = {"sides.US.ratification": "vote", "ratification.quota": quota}
        one = leader(talks(wanted | names))
        nothing = np.zeros((len(one.setting.issues), 3))
        assert one.ratify(nothing).tolist() == [1.0] * 3

    def test_weighted_support_is_held_against_the_quota(self) -> None:
        negotiation = talks({"sides.US.ratification": "constituency"})
        one, package = leader(negotiation), packages(talks(), 1)[0]
        share = np.zeros(3)
        for group in negotiation.groups_of(0):
            share += group.weight * group.support(one.worth_to(group, package))
        np.testing.assert_allclose(one.ratify(package), norm.cdf(share, 0.5, 0.10))

    @SIDES
    @pytest.mark.parametrize(
        "overrides",
        [
            {},
            {"values.cost_scale": 1.5},
            {"economy.hardening": 1.5},
            {"sides.US.loss_aversion": 2, "sides.CN.loss_aversion": 2},
        ],
        ids=["shipped", "cost scale", "hardening", "loss aversion"],
    )
    def test_the_groups_worths_add_up_to_the_side_s(
        self, overrides: dict[str, float], side: int
    ) -> None:
        negotiation = talks(overrides, weeks=3)
        one = leader(negotiation, side)
        for package in packages(negotiation, 3):
            total = np.zeros(3)
            for group in negotiation.groups_of(side):
                total += group.weight * one.worth_to(group, package)
            whole = utility(one.mine("gains"), felt(package, one.bend()))
            np.testing.assert_allclose(total, whole, atol=1e-9)

    def test_a_group_gains_by_what_it_has_a_stake_in(self) -> None:
        negotiation = talks()
        one, issues = leader(negotiation), negotiation.keys.issues
        package = np.zeros((len(issues), 3))
        package[issues.index("purchases")] = 1.0
        people = negotiation.people
        assert np.all(one.worth_to(people["farm_states"], package) > 0.2)
        assert not one.worth_to(people["congress_hawks"], package).any()
        package[:] = 0.0
        package[issues.index("cn_tariff_relief")] = 1.0  # worth the pain that it relieves
        assert np.all(one.worth_to(people["farm_states"], package) > 0.0)
        assert not one.worth_to(people["congress_hawks"], package).any()


class TestRetaliate:
    """Answers to tariffs."""

    def test_an_answer_is_in_proportion_or_none(self) -> None:
        """With no spread: .9 of the rise, or nothing in the worlds that forgive."""
        one = leader(talks({"retaliation.spread": 0, "retaliation.generosity": 0.5}), 1)
        answers = np.stack([0.1 * one.answer_share(week) for week in range(40)])
        assert set(np.unique(answers.round(12))) == {0.0, 0.09}
        assert 0.3 < (answers == 0.0).mean() < 0.7

    def test_what_was_not_done_is_not_answered(self) -> None:
        negotiation = talks({"retaliation.generosity": 0})
        answer(negotiation, 0, np.zeros(3), np.zeros(3))
        for name in ("pending", "pending_controls", "pending_weeks", "answers"):
            assert not negotiation.store[name].any()
        answer(negotiation, 0, np.array([0.1, 0.0, 0.0]), np.array([0.0, 0.2, 0.0]))
        assert negotiation.store["answers"].tolist() == [[1.0, 1.0, 0.0], [0.0] * 3]

    def test_each_side_has_its_own_luck(self) -> None:
        negotiation = talks({"retaliation.generosity": 0})
        sizes = [leader(negotiation, side).answer_share(1) for side in ROWS]
        assert np.all(sizes[0] != sizes[1])
