"""The payer: what a leader pays to groups at home, before an agreement and after a failure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from agents.learner import Learner
from model.arrays import Array, Mask
from model.rules import ratification
from model.rules.curves import felt
from model.rules.offers import utility
from model.state.random_streams import standard_normal

if TYPE_CHECKING:
    from agents.leader import Leader


SLIGHT = 1e-9  # in points: a smaller payment changes nothing


class Compensation(NamedTuple):
    """What a leader would pay so that a package passes at home.

    payments: to each group, in points, each (R,); cost: to the leader, in points (R,); pays:
    whether the leader makes the payments (R,).
    """

    payments: tuple[Array, ...]
    cost: Array
    pays: Mask


class Payer(Learner):
    """An actor that pays groups at home for their support."""

    @property
    def leader(self) -> "Leader":
        """Return the same actor as a leader, which knows how groups value packages."""
        return cast("Leader", self)

    def compensation(self, package: Array) -> Compensation:
        """Return what the leader would pay the groups that would block a package (issues, R).

        The leader counts with the part of the swing at home that he or she foresees, and pays if
        groups are missing, if the package is worth the payments, if they are within
        `compensation_most`, and with the probability `compensation`.
        """
        groups = self.negotiation.groups_of(self.side_row)
        supports = self.leader.supports(package)
        if not supports:
            none = self.store.zeros()
            return Compensation((), none, none > 0.0)
        insight = self.parameter("ratification.insight")
        part = ratification.foreseen(self.mine("swing"), self.mine("swing_error"), insight)
        payments = self.payments_missing(package, supports, part)
        paid = self.store.zeros()
        for group, payment in zip(groups, payments, strict=True):
            paid = paid + group.weight * payment
        cost = self.parameter("ratification.payment_cost") * paid
        worth = utility(self.mine("gains"), felt(package, self.bend()))
        week = self.negotiation.week
        drawn = self.drawn(f"compensation/{self.side}", week)
        willing = drawn < self.parameter("ratification.compensation")
        within = (paid > SLIGHT) & (paid <= self.parameter("ratification.compensation_most"))
        return Compensation(
            tuple(payments), cost, willing & within & (worth - cost >= self.mine("reservation"))
        )

    def compensate(self, package: Array) -> None:
        """Promise compensation for an agreement to the groups that would block it."""
        found = self.compensation(package)
        groups = self.negotiation.groups_of(self.side_row) if found.payments else []
        paid = self.store.zeros()
        for group, payment in zip(groups, found.payments, strict=True):
            promised = np.where(found.pays, payment, 0.0)
            before = self.store.row("payment", group.group)
            self.store.set_row("payment", group.group, before + promised)
            paid = paid + group.weight * promised
        self.note("compensated", np.where(found.pays, 1.0, 0.0))
        self.note("compensation", self.mine("compensation") + paid)

    def pay_groups(self, package: Array, refused: Mask, passed: Mask, week: int) -> None:
        """Promise side payments to the groups whose support was missing, and settle old promises.

        package: the package that home voted on (issues, R); refused: whether home refused it (R,);
        passed: whether it is in force, so that the promised payments are made (R,). The leader
        returns only if the package is worth the payments, and then makes the next offer.
        """
        supports = self.leader.supports(package)
        if not supports:
            return
        groups = self.negotiation.groups_of(self.side_row)
        payments = self.payments_missing(package, supports, self.mine("swing"))
        promised = [self.store.row("payment", group.group) for group in groups]
        cost = self.store.zeros()
        for group, before, payment in zip(groups, promised, payments, strict=True):
            cost = cost + group.weight * (before + payment)
        cost = self.parameter("ratification.payment_cost") * cost
        worth = utility(self.mine("gains"), felt(package, self.bend()))
        worthwhile = worth - cost >= self.mine("reservation")
        willing = self.drawn(f"payment/{self.side}", week) < self.parameter("ratification.payment")
        returns = refused & willing & worthwhile & (np.add.reduce(payments, axis=0) > SLIGHT)
        for group, before, payment in zip(groups, promised, payments, strict=True):
            left = np.where(passed, 0.0, before)
            self.store.set_row("payment", group.group, left + np.where(returns, payment, 0.0))
        self.note("returned", returns + 0.0)
        self.note("payments", self.mine("payments") + returns)

    def payments_missing(
        self, package: Array, supports: Mapping[str, Array], swing: Array
    ) -> Array:
        """Return the payments (groups, R), in points, that would carry a package at home.

        They bring the cheapest groups to the probability of support that leaders aim at, until the
        weighted support reaches the quota with a swing at home, in standard deviations (R,).
        """
        groups = self.negotiation.groups_of(self.side_row)
        aim = self.parameter("ratification.target")
        margin = self.parameter("ratification.group_spread") * standard_normal(aim)
        size = self.parameter("ratification.payment_size")
        missing, gained = [], []
        for group in groups:
            short = group.threshold + margin - self.leader.worth_at_home(group, package)
            missing.append(np.maximum(short, 0.0))
            gained.append(np.maximum(aim - supports[group.key], 0.0))
        if self.setting.sides[self.side].ratification == "vote":
            weights = self.store.full(1.0 / len(groups), len(groups))
        else:
            weights = np.stack([group.voice for group in groups])
        needed = self.mine("quota")
        needed = needed + self.parameter("ratification.vote_spread") * swing
        paid = ratification.side_payments(
            np.stack(missing), np.stack(gained), np.stack(list(supports.values())), weights, needed
        )
        return size * paid
