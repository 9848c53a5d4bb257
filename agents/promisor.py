"""The promisor: how a side counts its own promises, and how much of them it would deliver."""

from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from model.arrays import Array
from model.rules import compliance, implementation, settlement, values
from model.rules.curves import felt, rest_of
from model.state.names import SideField, StateName

if TYPE_CHECKING:
    from model.negotiation import Negotiation


class Promisor(Actor):
    """An actor that makes promises for a side and counts what they cost."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        self.side_row: int = negotiation.keys.sides.index(self.side)
        self.setting = negotiation.setting
        self.relief_received = [
            row
            for row, (key, card) in enumerate(self.setting.issues.items())
            if card.owner != self.side and implementation.is_relief(self.setting, key)
        ]
        self.own_relief = np.array(
            [[card.owner == self.side and card.tariff] for card in self.setting.issues.values()],
            dtype=float,
        )

    def of_side(self, name: SideField) -> Array:
        """Return a number of the leader's side in the scenario (R,)."""
        return self.store.of("sides", self.side, name)

    def mine(self, name: StateName) -> Array:
        """Return the side's row of a state array."""
        return self.store.row(name, self.side_row)

    def note(self, name: StateName, value: Array) -> None:
        """Write the side's row of a state array."""
        self.store.set_row(name, self.side_row, value)

    def curvature(self) -> Array | None:
        """Return the curvature of the side's worth of whole issues (issues, R); None if linear."""
        return settlement.curvature(self.store, self.setting, self.side_row)

    def bend(self) -> Array | None:
        """Return the curvature of what is negotiated this week (issues, R); None if linear."""
        return self.mine("bend") if self.negotiation.curved else None

    def as_counted(self, gains: Array, delivered: Array, week: values.Week) -> Array:
        """Return marginal utilities as the side counts promises (issues, R).

        gains: the same with own promises at full cost; delivered: share of each issue that the side
        expects to receive (issues, R). A promise costs what the side intends to keep, shirking
        forfeits a part of what the other gives, and relief of the own tariff gives away a
        guarantee, as far as it is granted at signing.
        """
        received = np.array([[kind.received] for kind in self.negotiation.kinds[self.side_row]])
        deferred = self.store["deferred"]
        package = felt(self.expected_package(), self.bend())
        promise = settlement.promised(self.setting, self.side, gains, package, deferred)
        first = implementation.share_at_signing(
            *(self.parameter(name) for name in settlement.SHARE_AT_SIGNING)
        )
        phased = (1.0 - first) * self.relief_in(gains, package)
        lost = self.at_stake(promise.stake, phased, self.store["enforcement_asked"])
        target = self.least_tolerated(promise.limited, self.parameter("compliance.capacity"))
        intent = self.willingness(lost, promise.burden, target)
        shortfall = self.parameter("compliance.shortfall") * (1.0 - intent)
        intent = np.where(promise.burden > 0.0, 1.0 - shortfall, 1.0)  # as in `Leader.deliver`
        self.note("intent", intent)
        kept = np.where(target > 0.0, intent / np.where(target > 0.0, target, 1.0), 1.0)
        kept = np.minimum(kept, 1.0)
        forfeited = compliance.forfeited(
            self.of_side("patience"), self.parameter("compliance.lag"), promise.stake, lost
        )
        counted = values.as_intended(
            gains,
            received,
            deferred,
            intent,
            self.parameter("implementation.intention"),
            self.parameter("implementation.forfeit") * forfeited * (1.0 - kept),
        )
        guarantee = values.guarantee(
            gains,
            received,
            delivered,
            deferred * package,
            self.mine("trust"),
            self.parameter("implementation.guarantee"),
        )
        return counted - self.own_relief * (guarantee * first * np.minimum(week.own_tariff, 1.0))

    def expected_package(self) -> Array:
        """Return the package that the sides expect, levels from 0 to 1 (issues, R).

        It is the midpoint of their last offers. A side without an offer counts with one half of
        each issue, the midpoint of two ideal packages. The offers are those of past sessions, so
        that the utilities of a session do not depend on the package that is negotiated in it.
        """
        offers = self.store["offer"]
        last = np.where(np.isnan(offers), 0.5, offers)
        midpoint: Array = 0.5 * (last[0] + last[1])
        return midpoint

    def at_stake(self, stake: Array, phased: Array, enforcement: Array) -> Array:
        """Return what the side loses if the other notices that it shirks, points (R,).

        stake: worth of what the other gives, points (R,); phased: part of it that is granted only
        for delivery; enforcement: 0 to 1 (R,).
        """
        return compliance.at_stake(
            self.parameter("compliance.punishment"),
            stake,
            phased,
            enforcement,
            self.parameter("compliance.unenforced"),
        )

    def least_tolerated(self, limited: Array, capacity: Array) -> Array:
        """Return the share of what the side can deliver that is enough to keep a deal (R,).

        limited: part of its obligations that a capacity limits; capacity: 0 to 1 and above (R,).
        """
        return compliance.least_tolerated(
            self.parameter("compliance.tolerance"),
            self.parameter("compliance.arrears_memory"),
            self.parameter("compliance.tolerance_used"),
            compliance.with_capacity(self.store.full(1.0), limited, capacity),
        )

    def willingness(self, at_stake: Array, burden: Array, target: Array) -> Array:
        """Return the mean share of its obligations that the side would deliver (R,).

        at_stake: what shirking would lose; burden: cost of the obligations, both in points (R,);
        target: share delivered that is enough to keep the deal (R,).
        """
        return compliance.willingness(
            self.parameter("compliance.precision"),
            self.of_side("patience"),
            self.parameter("compliance.lag"),
            at_stake,
            burden,
            target,
        )

    def relief_in(self, gains: Array, package: Array) -> Array:
        """Return the worth of the other's relief of tariffs and controls in a package (R,)."""
        total = self.store.zeros()
        for row in self.relief_received:
            total = total + np.maximum(gains[row], 0.0) * package[row]
        return total

    def left_open(self) -> Array:
        """Return the share of each issue's worth that is negotiated (issues, R), and set its bend.

        It is 1, except in talks on a second phase, which concern what the deal in force left open.
        """
        is_open = self.store["second_open"] > 0.0
        held = np.where(is_open, self.store["agreement"], 0.0)
        given = implementation.relief_granted(self.store, self.setting)
        left = implementation.left_open(held, given)
        whole = self.curvature()
        if whole is None:
            return left
        share, bend = rest_of(whole, held)
        self.note("bend", bend)
        return left * share
