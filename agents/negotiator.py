"""The negotiator: offers, answers, aspirations, and learning about the other side."""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from agents.decider import Decider
from model.arrays import Array, Mask, stack, unit
from model.outcomes import comprehensive
from model.phases.talks import SUMMIT
from model.rules import bargaining, coercion
from model.rules.curves import LINEAR, Bends, at_level, felt, mixed_bend
from model.rules.offers import Trades, best_given, exchange, offer, utility
from model.rules.solutions import frontier, rubinstein
from model.trace import AnswerRecord, DraftRecord

if TYPE_CHECKING:
    from agents.leader import Leader

LEAST_WEIGHT = 0.05  # lower bound of a learned weight, as a share of the expected weight


class Negotiator(Decider):
    """An actor that bargains for a side; every method works on the worlds in session."""

    def believed(self) -> Array:
        """Return the other's reservation value as this side believes it to be, points (R,)."""
        return self.other.mine("expected") + self.mine("belief_shift")

    def estimate(self) -> Array:
        """Return this side's estimate of the other's marginal utilities, points (issues, R)."""
        return self.other.mine("public_gains") * self.mine("seen")

    def firmness(self) -> Array:
        """Return the firmness in a session, 0 to 1 (R,).

        It is the leader's firmness, mixed with that of the lead adviser below summits. An audience
        adds firmness; deniable sessions have no audience.
        """
        own: Array = self.opinion[0]
        lead, level = self.setting.sides[self.side].lead, self.store["level"]
        if lead:  # at a summit, leaders negotiate themselves
            share = np.where(level < SUMMIT, self.parameter("talks.lead_weight"), 0.0)
            own = (1.0 - share) * own + share * self.negotiation.people[lead].opinion[0]
        public = self.parameter("talks.publicity") * (1.0 - self.store["deniable"])
        return unit(own + public)

    def access(self) -> Array:
        """Return the access of the lead negotiator, which scales the rate of sessions (R,)."""
        lead = self.setting.sides[self.side].lead
        access: Array = self.negotiation.people[lead].access if lead else self.number("access")
        return access

    # Offers and answers

    def propose(self) -> Array:
        """Return the package (issues, R) that is best for the other at the own aspiration.

        A side whose threat is about to fall due demands more, as far as its threat is credible.
        """
        own, theirs = self.stakes()
        bends = self.bends()
        trades = exchange(own, theirs, bends)
        self.note("best", self.best(trades, own, theirs))
        asked = self.aspire(own, theirs, self.store["clock"])
        demand = coercion.demand(asked, self.mine("best"), self.credibility())
        wanted = np.where(self.presses(), demand, asked)
        leader, most = cast("Leader", self), utility(own, trades.start)
        drafted = exchange(own, theirs / self.draft(), bends) if self.drafts() else trades
        best_for_other = partial(offer, drafted, own, levels=self.levels())
        wanted = leader.check_at_home(wanted, most, best_for_other)
        self.note("aspiration", np.where(self.presses(), asked, wanted))
        self.note("asked_from", self.mine("reservation"))
        draft = best_for_other(wanted)
        if (trace := self.negotiation.trace) and self.drafts():
            plain = offer(trades, own, wanted, levels=self.levels())
            level, weights = self.store["level"], self.draft()
            trace.drafts.append(DraftRecord(self.side_row, level, weights, plain, draft))
        best_offer = leader.from_trial(draft, wanted, own)
        proposed: Array = self.at_table("offer", best_offer)
        package = np.clip(proposed, 0.0, 1.0) * self.open_issues()  # for any conduct
        package = at_level(package, self.levels())
        self.note("tentative", leader.cannot_sign(package, best_offer))
        same = np.abs(package - draft).max(axis=0) <= 1e-9
        self.note("drafted", np.where(same, 1.0, 0.0))
        last = self.mine("offer")
        is_new = np.isnan(last[0]) | (np.abs(package - last).max(axis=0) > 1e-9)
        self.note("offers", self.mine("offers") + is_new)
        self.note("offer", package)
        return package

    def drafts(self) -> bool:
        """Return whether the priorities of people around the leader shape the side's offers."""
        return self.negotiation.drafted

    def draft(self) -> Array:
        """Return how much more than an average issue the drafter wants each one (issues, R).

        The lead adviser drafts below summits. An issue with the factor f is conceded as if it cost
        f times as much; what a package is worth does not change.
        """
        below = self.store["level"] < SUMMIT
        return np.where(below, self.mine("draft_lead"), self.mine("draft_leader"))

    def answer(self, package: Array) -> Mask:
        """Return whether the side accepts a package (issues, R), (R,)."""
        own, theirs = self.stakes()
        bends = self.bends()
        worth = utility(own, felt(package, bends.own))
        self.note("best", self.best(exchange(own, theirs, bends), own, theirs))
        first = self.mine("first_seen")
        self.note("first_seen", np.where(np.isnan(first), worth, first))
        self.note("best_seen", np.maximum(self.mine("best_seen"), worth))
        asked = self.aspire(own, theirs, self.store["clock"] + 1.0)
        self.note("gap", np.maximum(asked - worth, 0.0))
        whole = comprehensive(package, self.negotiation.families)
        legacy = np.where(whole, 0.5 * self.of_side("legacy"), 0.0)
        last_chance = (self.store["level"] == SUMMIT) | self.other.presses()
        expected = cast("Leader", self).expects_ratification(package)
        passes = expected >= self.parameter("ratification.least_chance")
        paid = cast("Leader", self).compensation(package)
        standing = bargaining.Standing(
            offered=worth + legacy - np.where(passes | ~paid.pays, 0.0, paid.cost),
            reservation=self.mine("reservation"),
            next_aspiration=asked,
            best_seen=self.mine("best_seen") + legacy,
            elapsed=np.where(last_chance, 1.0, self.elapsed(self.store["clock"])),
            deadline_share=self.parameter("talks.deadline_share"),
            patience=self.of_side("patience"),
        )
        yes = bargaining.ACCEPTANCE[self.setting.sides[self.side].acceptance](standing)
        yes = yes & (passes | paid.pays)
        accepted: Mask = self.at_table("answer", package, yes)
        if trace := self.negotiation.trace:
            trace.answers.append(
                AnswerRecord(
                    side=self.side_row,
                    level=self.store["level"],
                    worth=worth,
                    legacy=legacy,
                    reservation=self.mine("reservation"),
                    aspiration=asked,
                    chance=cast("Leader", self).ratify(package),
                    yes=accepted,
                    gain=utility(self.mine("gains"), felt(package, self.bend())),
                )
            )
        return accepted

    def at_table(self, move: str, *arguments: Any) -> Any:
        """Return a move in a session, by the conduct of the lead adviser and then of the leader.

        Below summits the lead adviser moves first, and the leader's conduct gets its move.
        arguments: those of the conduct's method `move`; the last one is the model's move.
        """
        lead, decided = self.setting.sides[self.side].lead, arguments[-1]
        if lead:
            adviser = self.negotiation.people[lead].conduct
            below = self.store["level"] < SUMMIT
            decided = np.where(below, getattr(adviser, move)(self, *arguments), decided)
        return getattr(self.conduct, move)(self, *arguments[:-1], decided)

    def stakes(self) -> tuple[Array, Array]:
        """Return the utility of each issue to the side and, as estimated, to the other.

        Both are marginal utilities at the level of the session, in points (issues, R). A side that
        wants to gain more than the other (weight w) counts u + w (u - v), which stays additive.
        Issues for leaders only are 0 below summits.
        """
        own, theirs = self.mine("gains"), self.estimate()
        weight = self.of_side("winning")
        is_open = self.open_issues()
        return ((1.0 + weight) * own - weight * theirs) * is_open, theirs * is_open

    def bends(self) -> Bends:
        """Return the curvature of both sides' utilities as in `stakes`; None if all are linear."""
        mine, theirs = self.bend(), self.other.bend()
        if mine is None or theirs is None:
            return LINEAR
        weight = self.of_side("winning")
        own = mixed_bend(self.mine("gains"), self.estimate(), (mine, theirs), weight)
        return Bends(own, theirs)

    def levels(self) -> Array | None:
        """Return how many levels each issue has in an offer (issues, R); None if all have any.

        In talks on a second phase they are those that the deal in force left open.
        """
        if not self.negotiation.stepped:
            return None
        is_open = self.store["second_open"] > 0.0
        left = 1.0 - np.where(is_open, self.store["agreement"], 0.0)
        return 1.0 + (self.store["levels"] - 1.0) * left

    def open_issues(self) -> Array:
        """Return 1 if an issue is negotiated at the level of the session, else 0 (issues, R)."""
        return np.where(self.negotiation.leaders_only, self.store["level"] == SUMMIT, 1.0)

    def best(self, trades: Trades, own: Array, theirs: Array) -> Array:
        """Return the highest utility that the other is believed to accept, in points (R,).

        A side that sees no zone of agreement holds out: it keeps its last aspiration, at first the
        utility of its ideal package (`talks.hold_out`; at 0 its reservation value). The aspiration
        rises with the reservation value.
        """
        doubt = self.parameter("talks.caution") * np.sqrt(self.mine("belief_variance"))
        floor = self.believed() + doubt
        most, feasible = best_given(trades, own, theirs, floor, self.levels())
        share, least = self.parameter("talks.hold_out"), self.mine("reservation")
        last = self.mine("aspiration")
        last = last + np.maximum(least - self.mine("asked_from"), 0.0)
        last = np.where(np.isfinite(last), last, utility(own, trades.start))
        kept = least + share * np.maximum(last - least, 0.0)
        room = feasible & ((most >= least) | (share <= 0.0))
        self.note("no_zone", np.where(room, 0.0, 1.0))
        return np.where(room, most, kept)

    def elapsed(self, clock: Array) -> Array:
        """Return the share of the negotiation window that is used (R,), at most 1.

        A meeting of the leaders skips a part of the rest.
        """
        used = unit(clock / self.parameter("talks.window"))
        push = np.where(self.store["level"] == SUMMIT, self.parameter("summits.push"), 0.0)
        return used + push * (1.0 - used)

    def aspire(self, own: Array, theirs: Array, clock: Array) -> Array:
        """Return the aspiration of the side's offering rule at this clock, in points (R,).

        own, theirs: marginal utilities (issues, R); clock: sessions since the last reset (R,).
        """
        name = self.setting.sides[self.side].offering
        best, reservation, first = (
            self.mine("best"),
            self.mine("reservation"),
            self.mine("first_seen"),
        )
        room = np.where(best > first, best - first, 1.0)
        conceded = np.where(best > first, (self.mine("best_seen") - first) / room, 0.0)
        mirror = np.where(np.isnan(first), 1.0, unit(1.0 - conceded))
        previous = self.mine("aspiration")
        last, seen = self.mine("offer"), self.other.mine("offer")
        worth = utility if name in bargaining.BY_OFFERS else _no_worth
        bends = self.bends() if name in bargaining.BY_OFFERS else LINEAR
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
            own_offer_own=worth(own, felt(last, bends.own)),
            own_offer_other=worth(theirs, felt(last, bends.other)),
            other_offer_own=worth(own, felt(seen, bends.own)),
            other_offer_other=worth(theirs, felt(seen, bends.other)),
            other_reservation=self.believed(),
            offers_made=self.mine("offers"),
            offers_received=self.other.mine("offers"),
            patience=self.of_side("patience"),
            stationary=self.stationary(own, theirs) if name == "rubinstein" else best,
        )
        asked = bargaining.OFFERING[name](position)
        if name in bargaining.BY_STEPS:
            return asked
        holds = (self.mine("no_zone") > 0.0) & (self.parameter("talks.hold_out") > 0.0)
        return np.where(holds, np.maximum(best, reservation), asked)

    def stationary(self, own: Array, theirs: Array) -> Array:
        """Return the own utility of the own stationary proposal, in points (R,).

        Source: Rubinstein (1982).
        """
        floor = stack(self.mine("reservation"), self.believed())
        patience = stack(self.of_side("patience"), self.other.of_side("patience"))
        share: Array = rubinstein(frontier(own, theirs, self.bends()), floor, patience)[0, 0]
        return share


def _no_worth(gains: Array, package: Array) -> Array:
    """Return NaN (R,), for rules that do not use the utilities of the last offers."""
    return np.full_like(gains[0], np.nan)
