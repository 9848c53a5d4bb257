"""The decider: a leader's view of its side, utilities of issues, and reservation value."""

from typing import TYPE_CHECKING, cast

import numpy as np

from agents.promisor import Promisor
from model.arrays import Array, Mask
from model.phases import tariffs
from model.rules import (
    bargaining,
    coercion,
    learning,
    ratification,
    values,
)
from model.sides import other_side
from model.state.names import StateName
from model.state.state import TALKS

if TYPE_CHECKING:
    from agents.leader import Leader
    from model.negotiation import Negotiation

WORTHS: tuple[tuple[StateName, StateName, StateName], ...] = (
    ("public_worth", "public_in_full", "public_gains"),
    ("worth", "gains_in_full", "gains"),
)  # in a world, in a week with own promises at full cost, and as the side counts them


class Decider(Promisor):
    """An actor that decides for a side and evaluates issues and threats."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        self.at_home = [
            name for name, group in self.setting.constituencies.items() if group.side == self.side
        ]
        issues = self.setting.issues.values()
        self.controls_issue = [
            row
            for row, card in enumerate(issues)
            if card.owner == self.side and card.relieves == "export_controls"
        ]

    @property
    def other(self) -> "Leader":
        """The leader of the other side."""
        return cast("Leader", self.negotiation.leaders[other_side(self.side_row)])

    def hear(self, own: Array) -> Array:
        """Return the mean opinion of advisers and groups (3, R).

        The groups have the total weight `influence.street`, the advisers the rest.
        """
        people, street = self.negotiation.people, self.parameter("influence.street")
        groups = np.zeros_like(own)
        for name in self.at_home:
            groups = groups + people[name].voice * people[name].opinion
        heard = super().hear(own)
        if trace := self.negotiation.trace:
            home = {name: (people[name].voice, people[name].opinion) for name in self.at_home}
            trace.hear_street(self.key, street, home)
        return street * groups + (1.0 - street) * heard

    # Utilities of the week

    def appraise(self) -> None:
        """Set the utilities of all issues in this week, and the reservation values."""
        self.note("pain_weight", self.pain_weight())
        kinds = self.negotiation.kinds[self.side_row]
        delivered, week = self.delivered(), self.week()
        left = self.left_open()
        for static, in_full, worth in WORTHS:
            gains = values.marginal(self.mine(static), kinds, delivered, week) * left
            self.note(in_full, gains)
            self.note(worth, self.as_counted(gains, delivered, week))
        threat, floor = self.heeded_threat(), self.floor()
        self.note("reservation", self.settle_for(threat, floor, self.mine("resolve")))
        types = learning.resolves(self.parameter("talks.resolve_spread"))
        by_type = self.settle_for(threat, floor, types)
        self.note("type_reservation", by_type)
        ordinary = self.settle_for(threat, floor, self.store.full(1.0))
        mean = ordinary + (learning.PRIOR * (by_type - ordinary)).sum(axis=0)
        self.note("expected", np.where(self.parameter("talks.types") > 0.0, mean, ordinary))

    def week(self) -> values.Week:
        """Return the state variables that scale the utilities of issues this week."""
        floor, start = self.lowest_tariff(), self.of_side("tariff")
        tariff = values.tariff_above_base(
            self.mine("tariff") - floor, np.zeros_like(floor), start - self.of_side("tariff_base")
        )
        return values.Week(
            relief=self.mine("relief") * self.other.liftable(),
            pain_weight=self.mine("pain_weight"),
            own_tariff=tariff,
            uncovered=self.mine("uncovered"),
            own_controls=self.controls_above_start(),
            other_controls=self.other.controls_above_start(),
            hardening=values.hardening(
                self.parameter("economy.hardening"),
                self.of_side("weakness"),
                self.mine("weakness"),
                self.parameter("economy.hardening_now"),
            ),
        )

    def delivered(self) -> Array:
        """Return the share of each issue that the leader expects to receive (issues, R)."""
        return bargaining.delivered(
            self.store["deferred"],
            coercion.assurance(
                self.mine("trust"),
                self.other.of_side("volatility"),
                self.parameter("coercion.assurance_loss"),
            ),
            self.parameter("enforcement.snapback"),
            self.store["enforcement_asked"],
        )

    def lowest_tariff(self) -> Array:
        """Return the lowest tariff that the leader can set, a share (R,).

        It is the base tariff, plus the rise from a revocation, which the leader cannot undo.
        """
        revoked = self.mine("revoked") * self.parameter("revocation.size")
        return self.of_side("tariff_base") + revoked

    def liftable(self) -> Array:
        """Return the share of the tariff above its base that the leader can lift, 0 to 1 (R,)."""
        above = self.mine("tariff") - self.of_side("tariff_base")
        free = np.maximum(self.mine("tariff") - self.lowest_tariff(), 0.0)
        return np.where(above > 0.0, free / np.where(above > 0.0, above, 1.0), 0.0)

    def controls_above_start(self) -> Array:
        """Return the side's export controls relative to their level at the start (R,)."""
        start = self.of_side("controls")
        return self.mine("controls") / np.where(start > 0.0, start, 1.0)

    def pain_weight(self) -> Array:
        """Return the cost of a unit of pain over the political horizon, in points (R,).

        A weak economy and an upcoming election raise it, which gives the other side leverage.
        """
        weak = 1.0 + self.parameter("economy.leverage") * self.mine("weakness")
        near = 1.0 + self.parameter("campaign.pain_weight") * self.negotiation.campaign(self.side)
        return self.of_side("kappa") * self.of_side("political_horizon") * weak * near

    def settle_for(self, threat: Array, floor: Array, resolve: Array) -> Array:
        """Return the reservation value of a leader with this resolve, in points (R,).

        threat: part of the expected cost of the other's threats that moves the leader, points (R,);
        floor: points that lower the reservation independently of resolve (R,).
        """
        wanted = bargaining.reservation(
            threat_cost=threat,
            enforcement=self.store["enforcement_asked"],
            enforcement_cost=self.parameter("enforcement.cost"),
            resolve=resolve,
            anticipation=self.parameter("ratification.anticipation"),
            threshold=self.ratification_threshold(),
            spread=self.of_side("threshold_spread"),
            target=self.parameter("ratification.target"),
        )
        return wanted - floor

    def floor(self) -> Array:
        """Return the points that lower the reservation independently of resolve (R,).

        They are the value of having signed any deal and, for the owner of an issue of the rest of
        the world (overcapacity), the effect of its coordination.
        """
        lowered = 0.5 * self.of_side("legacy")
        owned = any(card.third and card.owner == self.side for card in self.setting.issues.values())
        if owned:
            share = self.parameter("third.coordination") * self.negotiation.stance_abroad()
            lowered = lowered + self.parameter("third.leverage") * share
        return lowered - self.parameter("ratification.payment_cost") * self.promised_payments()

    def promised_payments(self) -> Array:
        """Return the side payments promised at home with the next agreement, in points (R,)."""
        total = self.store.zeros()
        for group in self.negotiation.groups_of(self.side_row):
            total = total + group.weight * self.store.row("payment", group.group)
        return total

    def ratification_threshold(self) -> Array:
        """Return the utility at which ratification has a probability of one half, points (R,).

        It is lower for a hawk, and higher after a back channel was exposed.
        """
        threshold = ratification.hawk_threshold(
            self.of_side("threshold"), self.parameter("ratification.hawk_bonus"), self.opinion[0]
        )
        return threshold + self.parameter("channels.leak_cost") * self.store["leaked"]

    def issue(self, key: str) -> int:
        """Return the row of an issue in a package."""
        return self.negotiation.keys.issues.index(key)

    # Threats, from the view of both sides

    def threat_cost(self) -> Array:
        """Return the expected cost of the other's threats and announced tariffs, points (R,)."""
        announced = tariffs.announced(self.negotiation, other_side(self.side_row))
        announced_harm = self.harm_by_tariff() * announced
        return self.other.credibility() * (announced_harm + self.other.harm_of_threat())

    def heeded_threat(self) -> Array:
        """Return the part of that cost that moves the leader, in points (R,)."""
        return bargaining.heeded(
            self.threat_cost(),
            self.parameter("ratification.anticipation"),
            self.parameter("ratification.foresight"),
            self.parameter("ratification.consistency"),
        )

    def threat_size(self) -> Array:
        """Return the size of this leader's pending threat, as a tariff rise, a share (R,)."""
        kind, size = self.mine("threat_kind"), self.mine("threat_size")
        size = np.where(kind == coercion.REVOCATION, self.parameter("revocation.size"), size)
        return np.where(kind == coercion.NONE, 0.0, size)

    def presses(self) -> Mask:
        """Return whether this leader's threat is an ultimatum: it is about to fall due (R,)."""
        due = (self.mine("threat_kind") != coercion.NONE) & (
            self.mine("threat_weeks") <= coercion.LAST_WEEKS
        )
        runs = (self.store["phase"] == TALKS) & (self.parameter("coercion.ultimatum") > 0.0)
        pressing: Mask = due & runs
        return pressing

    def credibility(self) -> Array:
        """Return the credibility of this leader's threats to the other side, 0 to 1 (R,)."""
        return coercion.credibility(
            self.mine("cred_executed"), self.mine("cred_backed"), self.of_side("volatility")
        )

    def harm_by_tariff(self) -> Array:
        """Return the cost of a tariff of 100 percent of the other to this side, points (R,)."""
        return self.mine("pain_weight") * self.mine("harm")

    def harm_of_threat(self) -> Array:
        """Return the cost of this leader's pending threat to the other side, in points (R,)."""
        kind, size = self.mine("threat_kind"), self.mine("threat_size")
        tariff = np.where(kind == coercion.TARIFF, size, 0.0)
        tariff = np.where(kind == coercion.REVOCATION, self.parameter("revocation.size"), tariff)
        harm = self.other.harm_by_tariff() * tariff
        for row in self.controls_issue:
            worth = np.maximum(self.other.mine("gains")[row], 0.0)
            level = tariffs.LEVEL_PER_SHARE * size
            harm = harm + np.where(kind == coercion.CONTROL, worth * level, 0.0)
        return harm

    def taste(self) -> Array:
        """Return the leader's effort to arrange a meeting of the leaders, 0 to 1 (R,)."""
        return self.conduct.call(cast("Leader", self), self.of_side("personal"))

    def gap(self) -> Array:
        """Return by how much the other's last offer misses the own aspiration, in points (R,)."""
        return self.mine("gap")
