"""The learner: a negotiator that learns about the other side from offers and refusals."""

import numpy as np

from agents.prober import Prober
from model.arrays import Array, Mask
from model.phases.talks import WORKING
from model.rules import answers, bargaining, channels, learning
from model.rules.curves import Bends, felt, steepness
from model.rules.offers import SMALLEST, best_given, exchange, utility

LEAST_WEIGHT = 0.05  # lower bound of a learned weight, as a share of the expected weight


class Learner(Prober):
    """A negotiator that updates its beliefs about the other side in every session."""

    def listen_to(self, package: Array) -> None:
        """Update the believed weights of the other from its offer.

        They are learned from the order in which it concedes issues, if that has changed since its
        last offer. In the first edition the side expects the other to ask for the aspiration that
        the clock implies, and learns from the levels.
        """
        if not self.setting.talks.learning:
            return
        by_order = self.parameter("talks.ordinal") > 0.0
        conceded, counted = self.conceded(package)
        order, measured, new = learning.order_of_concessions(
            self.mine("order"), self.mine("measured"), conceded, counted
        )
        before = self.mine("seen"), self.mine("seen_variance")
        after = learning.learn_from_order(
            *learning.in_logs(*before),
            self.exchange_ratio(package),
            conceded,
            counted & new.any(axis=0),  # an offer in the known order teaches nothing
            self.noise_of_order(),
        )
        seen, variance = self.learn_from_levels(package)
        found, doubt = learning.out_of_logs(*after)
        self.note("order", order)
        self.note("measured", measured)
        self.note("seen", np.where(by_order, np.where(new, found, before[0]), seen))
        self.note("seen_variance", np.where(by_order, np.where(new, doubt, before[1]), variance))

    def noise_of_order(self) -> Array:
        """Return the spread of causes of the other's order of concessions besides its weights (R,).

        In log units. The other side's drafts are one cause: how strongly priorities shape them is
        known, but not which issues they favour.
        """
        noise = self.parameter("talks.order_noise")
        return np.sqrt(noise * noise + self.other.mine("draft_variance"))

    def learn_from_levels(self, package: Array) -> tuple[Array, Array]:
        """Return the other's weights and their variance by the levels of its offer (issues, R)."""
        public = self.other.mine("public_gains")
        theirs, own = public * self.mine("seen"), self.mine("gains")
        low = self.believed()
        bends = Bends(self.other.bend(), self.bend())
        trades = exchange(theirs, own, bends)
        top, feasible = best_given(trades, theirs, own, self.mine("reservation"), self.levels())
        left = 1.0 - self.elapsed(self.store["clock"])
        expected = low + np.where(feasible, np.maximum(top - low, 0.0), 0.0) * left
        return learning.update_weights(
            self.mine("seen"),
            self.mine("seen_variance"),
            public * felt(package, bends.own),
            expected,
            self.parameter("talks.weight_noise"),
            np.full_like(package, LEAST_WEIGHT),
            self.store.full(True),
        )

    def conceded(self, package: Array) -> tuple[Array, Mask]:
        """Return how far the other concedes each issue, 0 to 1, and where the sides conflict."""
        theirs, own = self.other.mine("public_gains"), self.mine("public_gains")
        gives, takes = (theirs < 0.0) & (own > 0.0), (theirs > 0.0) & (own < 0.0)
        counted: Mask = (gives | takes) & (self.open_issues() > 0.0)
        return np.where(gives, package, 1.0 - package), counted

    def exchange_ratio(self, package: Array) -> Array:
        """Return the log of the own marginal gain over the other's marginal loss (issues, R).

        Both are public, at the levels of the package.
        """
        own = self.mine("public_gains") * steepness(package, self.bend())
        theirs = self.other.mine("public_gains") * steepness(package, self.other.bend())
        gain, loss = np.maximum(np.abs(own), SMALLEST), np.maximum(np.abs(theirs), SMALLEST)
        return np.log(gain) - np.log(loss)

    def be_refused(self, package: Array, refused: Mask) -> None:
        """Update the belief about the other's reservation value where it refused the package."""
        if not self.setting.talks.learning:
            return
        mean, variance = learning.rejection(
            self.believed(),
            self.mine("belief_variance"),
            utility(self.estimate(), felt(package, self.other.bend())),
            self.parameter("talks.rejection_noise"),
            refused,
        )
        self.note("belief_shift", mean - self.other.mine("expected"))
        self.note("belief_variance", variance)
        self.be_refused_by_types(package, refused)

    def be_refused_by_types(self, package: Array, refused: Mask) -> None:
        """Update the belief about the other's resolve where it refused the package.

        It refuses what is below its aspiration r + A (top - r). Officials at working level cannot
        accept, so their refusals carry no information.
        """
        theirs, own = self.estimate(), self.mine("gains")
        bends = Bends(self.other.bend(), self.bend())
        trades = exchange(theirs, own, bends)
        top, feasible = best_given(trades, theirs, own, self.mine("reservation"), self.levels())
        values = self.other.mine("type_reservation")
        given = felt(package, bends.own)
        chances, margin = learning.refused_by_types(
            self.mine("type_belief"),
            self.mine("type_margin"),
            values + self.other_asks() * np.maximum(top - values, 0.0),
            utility(theirs, given),
            self.answer_noise(given),
            refused & feasible & (self.store["level"] > WORKING),
        )
        self.note("type_belief", chances)
        self.note("type_margin", margin)
        self.update_belief()

    def answer_noise(self, given: Array) -> Array:
        """Return the standard deviation of the estimate by which the other answers, points (R,).

        given: levels of the package as the other feels them (issues, R).
        """
        unsure = self.other.mine("public_gains") * given
        doubt = (unsure * unsure * self.mine("seen_variance")).sum(axis=0)
        others = self.parameter("talks.private_spread")
        noise = self.parameter("talks.rejection_noise")
        return np.sqrt(noise * noise + others * others + doubt)

    def hear_answer(self, package: Array, warm: Mask, heard: Mask) -> None:
        """Update the belief about the other's reservation value from its answer to a trial package.

        package: levels (issues, R); warm: the answer (R,); heard: worlds with an answer (R,).
        """
        if not self.setting.talks.learning:
            return
        credible = channels.believed(
            self.parameter("channels.bias"), self.parameter("channels.error")
        )
        other, heard = self.other, heard & credible
        given = felt(package, other.bend())
        offered, noise = utility(self.estimate(), given), self.answer_noise(given)
        mean, variance = answers.answered(
            self.believed(), self.mine("belief_variance"), offered, noise, warm, heard
        )
        shift = np.where(heard, mean - other.mine("expected"), self.mine("belief_shift"))
        chances, margin = answers.answered_by_types(
            self.mine("type_belief"),
            self.mine("type_margin"),
            other.mine("type_reservation"),
            offered,
            noise,
            other.mine("expected"),
            warm,
            self.parameter("channels.real"),
            heard,
        )
        self.note("belief_shift", shift)
        self.note("belief_variance", variance)
        self.note("type_belief", chances)
        self.note("type_margin", margin)
        self.update_belief()

    def other_asks(self) -> Array:
        """Return the share A of its room that the other still asks for, as expected (R,).

        It is the share of the rule boulware if this side has not conceded anything to be mirrored.
        """
        shape = bargaining.exponent(
            self.parameter("talks.exponent"),
            self.parameter("talks.firmness_slope"),
            self.other.firmness(),
        )
        left = 1.0 - self.elapsed(self.store["clock"] + 1.0) ** (1.0 / shape)
        mirror = self.parameter("talks.mirror")
        return (1.0 - mirror) * left + mirror

    def hear_report(self, signal: Array, variance: Array) -> None:
        """Update the belief about the other's resolve from the report of a back channel.

        signal: reported reservation value above what all expect, in points (R,); variance: of its
        error, points squared (R,).
        """
        other = self.other
        chances = learning.reported_by_types(
            self.mine("type_belief"),
            other.mine("type_reservation") - other.mine("expected"),
            signal,
            variance,
            self.parameter("channels.real"),
        )
        self.note("type_belief", chances)
        self.update_belief()

    def update_belief(self) -> None:
        """Set the belief about the other's reservation value from that about its resolve."""
        by_types, other = self.parameter("talks.types") > 0.0, self.other
        values = other.mine("type_reservation") - other.mine("expected")
        chances = self.mine("type_belief")
        shift = ((chances - learning.PRIOR) * values).sum(axis=0)  # exactly 0 before any news
        others = self.parameter("talks.private_spread")
        variance = learning.moments(chances, values)[1] + others * others
        self.note("belief_shift", np.where(by_types, shift, self.mine("belief_shift")))
        self.note("belief_variance", np.where(by_types, variance, self.mine("belief_variance")))
