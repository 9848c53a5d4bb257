"""The leader: bargains, threatens, keeps promises or not, and brings a package home."""

import numpy as np

from agents.conduct import Threat
from agents.negotiator import Negotiator
from model.arrays import Array, Mask
from model.people import Group
from model.rules import coercion, compliance, ratification, retaliation, truce
from model.rules.offers import utility
from model.state.random_streams import log_normal, standard_normal


class Leader(Negotiator):
    """Who decides for a side."""

    # At home

    def ratify(self, package: Array) -> Array:
        """Return the chance (R,) that a package passes at home."""
        mode = self.setting.sides[self.side].ratification
        if mode == "certain":
            return self.store.full(1.0)
        if mode == "pivot":
            worth = utility(self.mine("gains"), package)
            return ratification.pivot(
                worth, self.ratification_threshold(), self.of_side("threshold_spread")
            )
        groups = self.negotiation.groups_of(self.side_row)
        supports = np.stack([group.support(self.worth_to(group, package)) for group in groups])
        quota = self.parameter("ratification.quota")
        if mode == "vote":
            majority = np.minimum(np.floor(quota * len(groups)) + 1.0, len(groups))
            return ratification.vote(supports, majority)
        weights = np.stack([group.weight for group in groups])
        return ratification.constituency(
            supports, weights, quota, self.parameter("ratification.vote_spread")
        )

    def worth_to(self, group: Group, package: Array) -> Array:
        """Return what a package is worth to a group at home (R,), in points.

        Its stakes in each issue, scaled by what the side's own worth of it is scaled by this week;
        of the other's tariff relief its share is the pain that it is relieved of. Weighed, the
        groups' worths add up to the side's.
        """
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
                felt = np.where(stake < 0.0, aversion * stake, stake)
                scale = gains[row] / np.where(net[row] != 0.0, net[row], 1.0)
                total = total + package[row] * felt * np.where(net[row] != 0.0, scale, 1.0)
        return total

    # Threats and gestures

    def threat_chance(self) -> Array:
        """Return the chance of a new threat this week (R,).

        A wide gap, a taste for escalation, a fresh tariff of the other and a volatile temper make
        it likelier; pain at home restrains.
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
        """Return where the leader makes a new threat this week, if there may be one (R,)."""
        wants: Mask = self.drawn(f"threat/{self.side}", week) < self.threat_chance()
        return self.conduct.threaten(self, wants)

    def threat(self, week: int) -> Threat:
        """Return the threat that is made this week."""
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
            self.parameter("coercion.size_least"),
            self.parameter("coercion.size_most"),
        )
        normal = standard_normal(self.drawn(f"fuse/{self.side}", week))
        spread = np.exp(self.parameter("coercion.fuse_spread") * normal)
        fuse = np.maximum(np.rint(self.parameter("coercion.fuse") * spread), 1.0)
        return self.conduct.threat(self, Threat(kind, size, fuse))

    def puts_off(self, week: int) -> Mask:
        """Return where a threat that falls due is put off, if the sides met lately (R,)."""
        drawn = self.drawn(f"postpone/{self.side}", week)
        return self.conduct.put_off(self, drawn < self.parameter("coercion.postponement"))

    def carries_out(self, week: int) -> Mask:
        """Return where the threat that falls due is carried out (R,)."""
        drawn = self.drawn(f"execute/{self.side}", week)
        return self.conduct.carry_out(self, drawn < self.execution_chance())

    def execution_chance(self) -> Array:
        """Return the chance that the leader carries out the threat that falls due (R,)."""
        kind, size = self.mine("threat_kind"), self.mine("threat_size")
        tariff = np.where(kind == coercion.TARIFF, size, 0.0)
        tariff = np.where(kind == coercion.REVOCATION, self.parameter("revocation.size"), tariff)
        own = self.mine("pain_weight") * self.mine("self_harm") * tariff
        worth = coercion.execution_worth(
            self.parameter("coercion.leverage_share") * self.harm_of_threat(),
            np.maximum(own, 0.0),
            self.of_side("audience_cost"),
            self.opinion[1],
        )
        return coercion.logit_choice(self.parameter("coercion.precision"), worth)

    def makes_gesture(self, week: int, invited: Mask) -> Mask:
        """Return where the leader cuts the tariff a little this week, if it may be (R,)."""
        drawn = self.drawn(f"gesture/{self.side}", week)
        return self.conduct.gesture(self, drawn < self.gesture_chance(invited))

    def gesture_chance(self, invited: Mask) -> Array:
        """Return the chance of a small tariff cut of one's own accord (R,).

        Pain at home makes it likelier; a gesture of the other invites an answer.
        """
        log_odds = self.parameter("gestures.pain_slope") * np.maximum(self.mine("side_pain"), 0.0)
        log_odds = log_odds - self.parameter("coercion.escalation_slope") * (self.opinion[1] - 0.5)
        lifted = np.where(invited, self.parameter("gestures.answer_odds"), 1.0)
        return coercion.shifted(self.parameter("gestures.hazard"), log_odds + np.log(lifted))

    def answer_share(self, week: int) -> Array:
        """Return the part of the other's rise that the answer has, 0 where forgiven (R,)."""
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
        """Return how ready the leader is for a truce, 0 to 1 (R,)."""
        ready = truce.readiness(
            self.parameter("truce.intercept"), self.parameter("truce.slope"), self.mine("side_pain")
        )
        return self.conduct.truce(self, ready)

    # Promises

    def deliver(self, normal: Array) -> Array:
        """Return the share of what is owed that the side delivers this week (R,)."""
        enforcement, loose = self.store["enforcement"], self.parameter("compliance.unenforced")
        vigour = loose + (1.0 - loose) * enforcement
        at_stake = self.parameter("compliance.punishment") * self.mine("stake") * vigour
        loss = self.parameter("compliance.deniable_loss") * self.store["secret_deal"]
        mean = compliance.willingness(
            self.parameter("compliance.precision"),
            self.of_side("patience"),
            self.parameter("compliance.lag"),
            at_stake,
            self.mine("burden") + loss,
        )
        share = compliance.delivery(mean, self.parameter("compliance.concentration"), normal)
        share = self.conduct.deliver(self, share)
        able = compliance.with_capacity(share, self.mine("limited"), self.store["capacity"])
        short = self.parameter("compliance.shortfall") * (1.0 - able)
        return np.where(self.mine("burden") > 0.0, 1.0 - short, 1.0)

    def ends_deal(self, week: int, owed: Array) -> Mask:
        """Return where the leader ends a deal of which the other owes `owed` (R,), in weeks."""
        chance = compliance.snap_back(
            self.parameter("compliance.snapback"),
            owed,
            self.parameter("compliance.tolerance"),
            self.store["enforcement"],
            self.parameter("compliance.unenforced"),
        )
        drawn = self.drawn(f"snapback/{self.other.side}", week)
        return self.conduct.leave(self, drawn < chance) & (owed > 0.0)
