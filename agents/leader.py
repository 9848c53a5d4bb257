"""The leader: ratification, threats, gestures, retaliation, truces and promises of a side."""

from collections.abc import Callable

import numpy as np

from agents.conduct import Threat
from agents.payer import Payer
from model.arrays import Array, Mask
from model.people import Group
from model.rules import coercion, compliance, ratification, retaliation, truce
from model.rules.curves import felt
from model.rules.implementation import LEAST_LEFT
from model.rules.offers import utility
from model.state.random_streams import log_normal, standard_normal

HALVINGS = 4  # steps of the search for what home needs: to 1/16 of the room


class Leader(Payer):
    """The actor that makes all decisions of a side."""

    # At home

    def ratify(self, package: Array) -> Array:
        """Return the probability (R,) that a package (issues, R) is ratified at home."""
        mode = self.setting.sides[self.side].ratification
        if mode == "certain":
            return self.store.full(1.0)
        if mode == "pivot":
            worth = utility(self.mine("gains"), felt(package, self.bend()))
            worth = self.against_no_agreement(worth)
            return ratification.pivot(
                worth, self.ratification_threshold(), self.of_side("threshold_spread")
            )
        groups = self.negotiation.groups_of(self.side_row)
        supports = np.stack(list(self.supports(package).values()))
        quota = self.mine("quota")
        if mode == "vote":
            majority = np.minimum(np.floor(quota * len(groups)) + 1.0, len(groups))
            return ratification.vote(supports, majority)
        weights = np.stack([group.voice for group in groups])
        return ratification.constituency(
            supports, weights, quota, self.parameter("ratification.vote_spread")
        )

    def against_no_agreement(self, worth: Array, group: Group | None = None) -> Array:
        """Return the utility of a package at home against what happens without it, points (R,).

        worth: its utility against the status quo, to the side or to a group of it (R,). A group
        counts its own share of the harm, so a group that the other's tariff does not hurt is not
        moved by a threat.
        """
        averted = self.threat_cost()
        if group is not None:
            harm, own = self.mine("harm"), self.store.row("group_harm", group.group)
            averted = averted * np.where(harm > 0.0, own / np.where(harm > 0.0, harm, 1.0), 1.0)
        return ratification.against_no_agreement(
            worth,
            averted,
            self.parameter("ratification.foresight"),
            self.other.threat_size(),
            self.parameter("ratification.backlash"),
        )

    def worth_at_home(self, group: Group, package: Array) -> Array:
        """Return the utility of a package to a group against no agreement, in points (R,)."""
        return self.against_no_agreement(self.worth_to(group, package), group)

    def supports(self, package: Array) -> dict[str, Array]:
        """Return the probability (R,) that each group at home supports a package (issues, R)."""
        if self.setting.sides[self.side].ratification not in ratification.BY_GROUPS:
            return {}
        groups = self.negotiation.groups_of(self.side_row)
        return {group.key: group.support(self.worth_at_home(group, package)) for group in groups}

    def expects_ratification(self, package: Array, consulted: bool = False) -> Array:
        """Return the probability of ratification as the leader expects it this week (R,).

        consulted: whether the groups were consulted, as before an own proposal.
        """
        insight = self.parameter("ratification.insight")
        if consulted:
            insight = insight + (1.0 - insight) * self.parameter("ratification.consultation")
        part = ratification.foreseen(self.mine("swing"), self.mine("swing_error"), insight)
        return ratification.expected_chance(self.ratify(package), part, insight)

    def check_at_home(
        self, asked: Array, most: Array, best_offer: Callable[[Array], Array]
    ) -> Array:
        """Return the aspiration (R,), raised to what home needs to ratify the offer.

        An offer must reach the probability of ratification that a leader aims at. asked: aspiration
        (R,); most: utility of the own ideal package (R,), both in points; best_offer: returns the
        package (issues, R) that is best for the other at an aspiration. A leader who can compensate
        the groups that would block the offer need not ask for more. The search halves the room
        between the two a few times. If home would refuse everything, the side asks for its ideal.
        """
        least = self.parameter("ratification.least_chance")
        aim = np.maximum(least, self.parameter("ratification.target"))
        least = np.where(least > 0.0, aim, 0.0)
        at_once = best_offer(asked)
        passes = self.expects_ratification(at_once, consulted=True) >= least
        passes = passes | self.compensation(at_once).pays
        high = np.maximum(asked, most)
        low = np.where(passes, high + 1.0, asked)  # more than the ideal: no search is needed
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            enough = self.expects_ratification(best_offer(middle), consulted=True) >= least
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(passes, asked, high)

    def cannot_sign(self, package: Array, best_offer: Array) -> Array:
        """Return 1 if the leader cannot sign the own offer, because home would refuse it (R,).

        This happens if home would probably refuse even the own ideal. A conduct that makes another
        offer than the model's decides itself.
        """
        least = self.parameter("ratification.least_chance")
        refuses = self.expects_ratification(package, consulted=True) < least
        refuses = refuses & ~self.compensation(package).pays
        same = np.abs(package - best_offer).max(axis=0) <= 1e-9
        return np.where(refuses & same, 1.0, 0.0)

    def worth_to(self, group: Group, package: Array) -> Array:
        """Return the utility of a package to a group at home, in points (R,).

        It is the sum of the group's stakes in each issue, scaled like the side's utility of that
        issue this week, with the same curvature. From the other's tariff relief, a group gains in
        proportion to its own pain relieved. The weighted sum over the groups equals the side's
        utility.
        """
        package = felt(package, self.bend())
        net, gains = self.mine("net_stake"), self.mine("gains")
        aversion = self.of_side("loss_aversion")
        relief = self.store.row("group_relief", group.group)
        total = self.store.zeros()
        for row, (key, kind) in enumerate(
            zip(self.negotiation.keys.issues, self.negotiation.kinds[self.side_row], strict=True)
        ):
            if kind.received and kind.tariff:
                pain = self.mine("relief")
                share = np.where(pain > 0.0, relief / np.where(pain > 0.0, pain, 1.0), 0.0)
                total = total + package[row] * gains[row] * share
            elif group.key in self.setting.issues[key].stakes:
                stake = self.store.of("issues", key, "stakes", group.key)
                value = np.where(stake < 0.0, aversion * stake, stake)
                scale = gains[row] / np.where(net[row] != 0.0, net[row], 1.0)
                total = total + package[row] * value * np.where(net[row] != 0.0, scale, 1.0)
        return total

    # Threats and gestures

    def threat_chance(self) -> Array:
        """Return the probability of a new threat this week (R,).

        A wide gap, a taste for escalation, a recent tariff of the other side and volatility make a
        threat more likely; pain at home makes it less likely.
        """
        log_odds = (
            self.parameter("coercion.gap_slope") * self.gap()
            + self.parameter("coercion.escalation_slope") * (self.opinion[1] - 0.5)
            + self.parameter("coercion.tension_slope") * self.mine("rally")
            + self.parameter("coercion.volatility_slope") * self.of_side("volatility")
            - self.parameter("coercion.pain_slope") * np.maximum(self.mine("side_pain"), 0.0)
        )
        return coercion.shifted(self.parameter("coercion.hazard"), log_odds)

    def threatens(self, week: int) -> Mask:
        """Return whether the leader makes a new threat this week, if one is possible (R,)."""
        wants: Mask = self.drawn(f"threat/{self.side}", week) < self.threat_chance()
        return self.conduct.threaten(self, wants)

    def threat(self, week: int) -> Threat:
        """Return the kind, size and fuse of a threat made this week."""
        kind = coercion.threat_kind(
            self.drawn(f"kind/{self.side}", week),
            self.parameter("coercion.control_share"),
            self.parameter("coercion.revocation_share"),
            self.setting.sides[self.side].can_revoke,
        )
        kind = np.where(
            (kind == coercion.REVOCATION) & (self.mine("revoked") > 0.0), coercion.TARIFF, kind
        )
        size = coercion.threat_size(
            self.parameter("coercion.size"),
            self.parameter("coercion.size_spread"),
            standard_normal(self.drawn(f"size/{self.side}", week)),
            self.parameter("coercion.size_tail"),
            self.parameter("coercion.size_least"),
            self.parameter("coercion.size_most"),
        )
        normal = standard_normal(self.drawn(f"fuse/{self.side}", week))
        spread = np.exp(self.parameter("coercion.fuse_spread") * normal)
        fuse = np.maximum(np.rint(self.parameter("coercion.fuse") * spread), 1.0)
        return self.conduct.threat(self, Threat(kind, size, fuse))

    def puts_off(self, week: int) -> Mask:
        """Return whether to postpone a threat that falls due, if the sides met recently (R,)."""
        drawn = self.drawn(f"postpone/{self.side}", week)
        return self.conduct.put_off(self, drawn < self.parameter("coercion.postponement"))

    def carries_out(self, week: int) -> Mask:
        """Return whether to execute the threat that falls due (R,)."""
        drawn = self.drawn(f"execute/{self.side}", week)
        return self.conduct.carry_out(self, drawn < self.execution_chance())

    def execution_chance(self) -> Array:
        """Return the probability that the leader executes the threat that falls due (R,)."""
        kind, size = self.mine("threat_kind"), self.mine("threat_size")
        tariff = np.where(kind == coercion.TARIFF, size, 0.0)
        tariff = np.where(kind == coercion.REVOCATION, self.parameter("revocation.size"), tariff)
        own = self.mine("pain_weight") * self.mine("self_harm") * tariff
        own = np.maximum(own, 0.0) + self.parameter(
            "coercion.expected_answer"
        ) * coercion.retaliation_cost(
            self.harm_by_tariff(),
            tariff,
            self.parameter("retaliation.proportion"),
            self.parameter("retaliation.generosity"),
        )
        worth = coercion.execution_worth(
            self.parameter("coercion.leverage_share") * self.harm_of_threat(),
            own,
            coercion.foreseen_cost(
                self.of_side("audience_cost"),
                self.parameter("coercion.justification"),
                self.parameter("coercion.foreseen_justification"),
            ),
            self.opinion[1],
            self.reputation_stake(),
        )
        return coercion.logit_choice(self.parameter("coercion.precision"), worth)

    def reputation_stake(self) -> Array:
        """Return the value of the credibility that executing a threat saves, points (R,).

        The next threat has the median size and falls due one fuse from now.
        """
        harm = self.other.harm_by_tariff() * self.parameter("coercion.size")
        return coercion.reputation_stake(
            self.mine("cred_executed"),
            self.mine("cred_backed"),
            self.of_side("volatility"),
            np.power(self.of_side("patience"), self.parameter("coercion.fuse")),
            self.parameter("coercion.reputation") * harm,
        )

    def makes_gesture(self, week: int, invited: Mask) -> Mask:
        """Return whether the leader makes a small tariff cut this week, if possible (R,).

        invited: whether a gesture of the other side is open to be returned (R,).
        """
        drawn = self.drawn(f"gesture/{self.side}", week)
        return self.conduct.gesture(self, drawn < self.gesture_chance(invited))

    def gesture_chance(self, invited: Mask) -> Array:
        """Return the probability of a small unilateral tariff cut (R,).

        Pain at home and an open gesture of the other side make it more likely; a taste for
        escalation makes it less likely.
        """
        log_odds = self.parameter("gestures.pain_slope") * np.maximum(self.mine("side_pain"), 0.0)
        log_odds = log_odds - self.parameter("coercion.escalation_slope") * (self.opinion[1] - 0.5)
        lifted = np.where(invited, self.parameter("gestures.answer_odds"), 1.0)
        return coercion.shifted(self.parameter("gestures.hazard"), log_odds + np.log(lifted))

    def answer_share(self, week: int) -> Array:
        """Return the answer to a rise of the other as a share of it; 0 without an answer (R,)."""
        normal = standard_normal(self.drawn(f"answer/{self.side}", week))
        share = retaliation.answer_size(
            self.store.full(1.0),
            self.parameter("retaliation.proportion"),
            self.parameter("retaliation.generosity"),
            log_normal(normal, self.parameter("retaliation.spread")),
            self.drawn(f"forgive/{self.side}", week),
        )
        return self.conduct.retaliate(self, share)

    def ready_for_truce(self) -> Array:
        """Return the leader's readiness for a truce, 0 to 1 (R,)."""
        ready = truce.readiness(
            self.parameter("truce.intercept"), self.parameter("truce.slope"), self.mine("felt_pain")
        )
        return self.conduct.truce(self, ready)

    # Promises

    def intends(self) -> Array:
        """Return the mean share of its obligations that the side is willing to deliver (R,)."""
        loss = self.parameter("compliance.deniable_loss") * self.store["secret_deal"]
        lost = self.at_stake(
            self.mine("stake"), self.mine("stake_phased"), self.store["enforcement"]
        )
        target = self.least_tolerated(self.mine("limited"), self.capacity_left())
        return self.willingness(lost, self.mine("burden") + loss, target)

    def capacity_left(self) -> Array:
        """Return the share of a promise that capacity lets the side deliver (R,).

        Obligations that were reduced in a renegotiation need less of the capacity.
        """
        return self.store["capacity"] / np.maximum(self.mine("eased"), LEAST_LEFT)

    def deliver(self, normal: Array) -> Array:
        """Return the share of its obligations that the side delivers this week, 0 to 1 (R,).

        normal: a standard normal draw (R,).
        """
        share = compliance.delivery(
            self.intends(), self.parameter("compliance.concentration"), normal
        )
        share = self.conduct.deliver(self, share)
        feasible = compliance.with_capacity(share, self.mine("limited"), self.capacity_left())
        shortfall = self.parameter("compliance.shortfall") * (1.0 - feasible)
        return np.where(self.mine("burden") > 0.0, 1.0 - shortfall, 1.0)

    def ends_deal(self, week: int, owed: Array) -> Mask:
        """Return whether the leader ends a deal, given the other's arrears (R,).

        owed: arrears of the other side in weeks of delivery (R,).
        """
        chance = compliance.snap_back(
            self.parameter("compliance.snapback"),
            owed,
            self.parameter("compliance.tolerance"),
            self.store["enforcement"],
            self.parameter("compliance.unenforced"),
        )
        drawn = self.drawn(f"snapback/{self.other.side}", week)
        return self.conduct.leave(self, drawn < chance) & (owed > 0.0)

    def renegotiates(self, week: int, package: Array, scale: Array) -> Mask:
        """Return whether the leader would rather keep a reduced deal than none (R,).

        The leader compares its worth at the values of the signing with the reservation value.
        package: levels of the reduced deal (issues, R); scale: factor of the probability (R,).
        """
        worth = utility(self.mine("signed_gains"), felt(package, self.curvature()))
        chance = coercion.logit_choice(
            self.parameter("compliance.precision"), worth - self.mine("reservation")
        )
        drawn = self.drawn(f"renegotiate/{self.side}", week)
        return self.conduct.renegotiate(self, drawn < scale * chance)
