"""The leader: weighs the issues, asks, answers, retaliates, and brings a package home."""

from typing import TYPE_CHECKING, cast

import numpy as np

from agents.actor import Actor
from agents.constituency import Constituency
from model import bargaining, learning, ratification, retaliation, values
from model.arrays import Array, Mask
from model.luck import log_normal
from model.offers import Exchange, best_given, exchange, offer, utility
from model.solutions import frontier, rubinstein

if TYPE_CHECKING:
    from model.negotiation import Negotiation

LEAST_WEIGHT = 0.05  # a learned weight never falls below this part of what all expect


class Leader(Actor):
    """Who decides for a side: sets reservation and aspiration, makes offers and answers them."""

    def __init__(self, negotiation: "Negotiation", key: str, row: int) -> None:
        super().__init__(negotiation, key, row)
        self.side_row: int = negotiation.keys.sides.index(self.side)
        self.setting = negotiation.setting
        self.at_home = [
            name for name, group in self.setting.constituencies.items() if group.side == self.side
        ]

    @property
    def other(self) -> "Leader":
        """Return the leader across the table."""
        return cast("Leader", self.negotiation.leaders[1 - self.side_row])

    def of_side(self, name: str) -> Array:
        """Return a number of the leader's side in the scenario (R,)."""
        return self.store[f"sides.{self.side}.{name}"]

    def mine(self, name: str) -> Array:
        """Return the side's row of a state array."""
        return self.store.row(name, self.side_row)

    def note(self, name: str, value: Array) -> None:
        """Write the side's row of a state array."""
        self.store.set_row(name, self.side_row, value)

    def hear(self, own: Array) -> Array:
        """Return what reaches the leader: advisers, and through an open ear the groups (3, R)."""
        people, street = self.negotiation.people, self.parameter("influence.street")
        groups = np.zeros_like(own)
        for name in self.at_home:
            groups = groups + people[name].weight * people[name].opinion
        return street * groups + (1.0 - street) * super().hear(own)

    # What the week is worth

    def appraise(self) -> None:
        """Set what each issue is worth this week, and the worth below which there is no deal."""
        self.note("gains", self.worth_of_issues("worth"))
        self.note("reservation", self.settle_for(self.mine("resolve")))
        self.note("expected", self.settle_for(np.ones(self.store.width)))

    def worth_of_issues(self, static: str) -> Array:
        """Return marginal utilities (issues, R) from `worth` (private) or `public_worth`."""
        base = self.of_side("tariff_base")
        week = values.Week(
            relief=self.mine("relief"),
            pain_weight=self.pain_weight(),
            own_tariff=values.tariff_above_base(self.mine("tariff"), base, self.of_side("tariff")),
            uncovered=self.mine("uncovered"),
        )
        delivered = bargaining.delivered(
            self.store["deferred"],
            self.mine("trust"),
            self.parameter("enforcement.snapback"),
            self.store["enforcement_asked"],
        )
        return values.marginal(
            self.mine(static), self.negotiation.kinds[self.side_row], delivered, week
        )

    def pain_weight(self) -> Array:
        """Return the points that a unit of pain costs over the political horizon (R,).

        A weak economy gives the other side leverage.
        """
        weak = 1.0 + self.parameter("economy.leverage") * self.of_side("weakness")
        return self.of_side("kappa") * self.of_side("political_horizon") * weak

    def settle_for(self, resolve: Array) -> Array:
        """Return the reservation of a leader with this resolve (R,)."""
        base = self.other.of_side("tariff_base")
        room = np.maximum(self.other.mine("tariff") - base, 0.0)
        share = self.negotiation.announced(1 - self.side_row) / np.where(room > 0.0, room, 1.0)
        threat = retaliation.threat_cost(
            self.pain_weight(),
            self.mine("relief"),
            share,
            self.parameter("retaliation.credibility"),
        )
        return bargaining.reservation(
            threat_cost=threat,
            enforcement=self.store["enforcement_asked"],
            enforcement_cost=self.parameter("enforcement.cost"),
            resolve=resolve,
            anticipation=self.parameter("ratification.anticipation"),
            threshold=self.ratification_threshold(),
            spread=self.of_side("threshold_spread"),
            target=self.parameter("ratification.target"),
        )

    def believed(self) -> Array:
        """Return the reservation that the other is believed to have (R,)."""
        return self.other.mine("expected") + self.mine("belief_shift")

    def estimate(self) -> Array:
        """Return the other's marginal utilities as this side has learned them (issues, R)."""
        return self.other.worth_of_issues("public_worth") * self.mine("seen")

    def firmness(self) -> Array:
        """Return the firmness at the table: the leader's, mixed with the lead adviser's."""
        lead = self.setting.sides[self.side].lead
        own: Array = self.opinion[0]
        if not lead:
            return own
        people, share = self.negotiation.people, self.parameter("talks.lead_weight")
        mixed: Array = (1.0 - share) * own + share * people[lead].opinion[0]
        return mixed

    def access(self) -> Array:
        """Return the access of who leads the talks, which scales the chance of a session (R,)."""
        lead = self.setting.sides[self.side].lead
        door: Array = self.negotiation.people[lead].access if lead else self.number("access")
        return door

    # Offers and answers

    def propose(self) -> Array:
        """Return the package (issues, R) that pleases the other most at one's own aspiration."""
        own, theirs = self.mine("gains"), self.estimate()
        trades = exchange(own, theirs)
        self.note("best", self.best(trades, own, theirs))
        asked = self.aspire(own, theirs, self.store["clock"])
        self.note("aspiration", asked)
        package = offer(trades, own, asked)
        last = self.mine("offer")
        fresh = np.isnan(last[0]) | (np.abs(package - last).max(axis=0) > 1e-9)
        self.note("offers", self.mine("offers") + fresh)
        self.note("offer", package)
        return package

    def answer(self, package: Array) -> Mask:
        """Return where (R,) the leader says yes to a package (issues, R)."""
        own, theirs = self.mine("gains"), self.estimate()
        worth = utility(own, package)
        self.note("best", self.best(exchange(own, theirs), own, theirs))
        first = self.mine("first_seen")
        self.note("first_seen", np.where(np.isnan(first), worth, first))
        self.note("best_seen", np.maximum(self.mine("best_seen"), worth))
        standing = bargaining.Standing(
            offered=worth,
            reservation=self.mine("reservation"),
            next_aspiration=self.aspire(own, theirs, self.store["clock"] + 1.0),
            best_seen=self.mine("best_seen"),
            elapsed=self.elapsed(self.store["clock"]),
            deadline_share=self.parameter("talks.deadline_share"),
            patience=self.of_side("patience"),
        )
        return bargaining.ACCEPTANCE[self.setting.sides[self.side].acceptance](standing)

    def best(self, trades: Exchange, own: Array, theirs: Array) -> Array:
        """Return the most that the other is thought to give (R,); the reservation if nothing."""
        doubt = self.parameter("talks.caution") * np.sqrt(self.mine("belief_variance"))
        most, feasible = best_given(trades, own, theirs, self.believed() + doubt)
        return np.where(feasible, most, self.mine("reservation"))

    def elapsed(self, clock: Array) -> Array:
        """Return the share of the negotiation window that is used (R,), at most 1."""
        return np.clip(clock / self.parameter("talks.window"), 0.0, 1.0)

    def aspire(self, own: Array, theirs: Array, clock: Array) -> Array:
        """Return the worth (R,) that the side's offering rule asks for at this clock."""
        name = self.setting.sides[self.side].offering
        best, reservation, first = (
            self.mine("best"),
            self.mine("reservation"),
            self.mine("first_seen"),
        )
        room = np.where(best > first, best - first, 1.0)
        conceded = np.where(best > first, (self.mine("best_seen") - first) / room, 0.0)
        mirror = np.where(np.isnan(first), 1.0, np.clip(1.0 - conceded, 0.0, 1.0))
        previous = self.mine("aspiration")
        last, seen = self.mine("offer"), self.other.mine("offer")
        worth = utility if name in bargaining.BY_OFFERS else _no_worth
        position = bargaining.Position(
            elapsed=self.elapsed(clock),
            exponent=bargaining.exponent(
                self.parameter("talks.exponent"),
                self.parameter("talks.firmness_slope"),
                self.firmness(),
            ),
            reservation=reservation,
            best=best,
            mirror=mirror,
            mirror_weight=self.parameter("talks.mirror"),
            previous=np.where(np.isfinite(previous), previous, np.maximum(best, reservation)),
            step=self.parameter("talks.step"),
            own_offer_own=worth(own, last),
            own_offer_other=worth(theirs, last),
            other_offer_own=worth(own, seen),
            other_offer_other=worth(theirs, seen),
            other_reservation=self.believed(),
            offers_made=self.mine("offers"),
            offers_received=self.other.mine("offers"),
            patience=self.of_side("patience"),
            stationary=self.stationary(own, theirs) if name == "rubinstein" else best,
        )
        return bargaining.OFFERING[name](position)

    def stationary(self, own: Array, theirs: Array) -> Array:
        """Return one's own worth in the stationary proposals of Rubinstein (1982) (R,)."""
        floor = np.stack([self.mine("reservation"), self.believed()])
        patience = np.stack([self.of_side("patience"), self.other.of_side("patience")])
        share: Array = rubinstein(frontier(own, theirs), floor, patience)[0, 0]
        return share

    # What is learned

    def listen_to(self, package: Array) -> None:
        """Learn the other's weights from its offer: it asks for what the clock implies."""
        if not self.setting.talks.learning:
            return
        public = self.other.worth_of_issues("public_worth")
        theirs, own = public * self.mine("seen"), self.mine("gains")
        low = self.believed()
        top, feasible = best_given(exchange(theirs, own), theirs, own, self.mine("reservation"))
        left = 1.0 - self.elapsed(self.store["clock"])
        expected = low + np.where(feasible, np.maximum(top - low, 0.0), 0.0) * left
        seen, variance = learning.update_weights(
            self.mine("seen"),
            self.mine("seen_variance"),
            public * package,
            expected,
            self.parameter("talks.weight_noise"),
            np.full_like(package, LEAST_WEIGHT),
            np.ones(self.store.width, dtype=bool),
        )
        self.note("seen", seen)
        self.note("seen_variance", variance)

    def be_refused(self, package: Array, refused: Mask) -> None:
        """Learn from a refusal that the other may hold out for more than was believed."""
        if not self.setting.talks.learning:
            return
        mean, variance = learning.rejection(
            self.believed(),
            self.mine("belief_variance"),
            utility(self.estimate(), package),
            self.parameter("talks.rejection_noise"),
            refused,
        )
        self.note("belief_shift", mean - self.other.mine("expected"))
        self.note("belief_variance", variance)

    # At home

    def ratification_threshold(self) -> Array:
        """Return the worth at which the pivot at home is undecided (R,), lower for a hawk."""
        return ratification.hawk_threshold(
            self.of_side("threshold"), self.parameter("ratification.hawk_bonus"), self.firmness()
        )

    def ratify(self, package: Array) -> Array:
        """Return the chance (R,) that a package passes at home."""
        mode = self.setting.sides[self.side].ratification
        if mode == "certain":
            return np.ones(self.store.width)
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

    def worth_to(self, group: Constituency, package: Array) -> Array:
        """Return what a package is worth to a group at home (R,), in points.

        Its stakes in each issue, scaled by what the side's own worth of it is scaled by this week;
        of the other's tariff relief its share is the pain that it is relieved of. Weighed, the
        groups' worths add up to the side's.
        """
        net, gains = self.mine("net_stake"), self.mine("gains")
        aversion = self.of_side("loss_aversion")
        relief = self.store.row("group_relief", group.group)
        total = np.zeros(self.store.width)
        for row, (key, kind) in enumerate(
            zip(self.negotiation.keys.issues, self.negotiation.kinds[self.side_row], strict=True)
        ):
            if kind.received and kind.tariff:
                pain = self.mine("relief")
                share = np.where(pain > 0.0, relief / np.where(pain > 0.0, pain, 1.0), 0.0)
                total = total + package[row] * gains[row] * share
            elif group.key in self.setting.issues[key].stakes:
                stake = self.store[f"issues.{key}.stakes.{group.key}"]
                felt = np.where(stake < 0.0, aversion * stake, stake)
                scale = gains[row] / np.where(net[row] != 0.0, net[row], 1.0)
                total = total + package[row] * felt * np.where(net[row] != 0.0, scale, 1.0)
        return total

    # Tariffs

    def retaliate(self, size: Array, week: int) -> Array:
        """Return the tariff rise (R,) that answers one of `size` (R,), drawn from the rule."""
        luck = self.negotiation.luck
        normal = self.store.here(luck.normal(f"answer/{self.side}", week))
        return retaliation.answer_size(
            size,
            self.parameter("retaliation.proportion"),
            self.parameter("retaliation.generosity"),
            log_normal(normal, self.parameter("retaliation.spread")),
            self.store.here(luck.uniform(f"forgive/{self.side}", week)),
        )


def _no_worth(gains: Array, package: Array) -> Array:
    """Return no worth (R,), for rules that do not look at the last offers."""
    return np.full(gains.shape[-1], np.nan)
