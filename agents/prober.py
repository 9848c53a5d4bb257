"""The prober: a negotiator that sends and answers trial packages through back channels."""

from typing import TYPE_CHECKING, cast

import numpy as np

from agents.negotiator import Negotiator
from model.arrays import Array, Mask
from model.outcomes import comprehensive
from model.phases.talks import SAME
from model.rules import channels
from model.rules.curves import at_level, felt
from model.rules.offers import exchange, offer, utility
from model.trace import TrialRecord

if TYPE_CHECKING:
    from agents.leader import Leader


class Prober(Negotiator):
    """A negotiator that tests packages in private before it offers them."""

    def trial_package(self) -> tuple[Array, Mask]:
        """Return the package (issues, R) that the side sends through a back channel.

        It is what the side would offer now, with the priorities of its drafter, shaded by the bias
        of the intermediary. The second array (R,) is whether it is worth sending: the own home
        would ratify it, or the conduct chose another package than the model's.
        """
        own, theirs = self.stakes()
        bends = self.bends()
        trades = exchange(own, theirs, bends)
        self.note("best", self.best(trades, own, theirs))
        asked = self.aspire(own, theirs, self.store["clock"])
        left = channels.shaded(asked, self.mine("reservation"), self.parameter("channels.bias"))
        drafted = exchange(own, theirs / self.draft(), bends) if self.drafts() else trades
        best_offer = offer(drafted, own, left, levels=self.levels())
        chosen = self.conduct.trial(cast("Leader", self), best_offer)
        package = np.clip(chosen, 0.0, 1.0) * self.open_issues()  # for any conduct
        package = at_level(package, self.levels())
        chance = cast("Leader", self).expects_ratification(package, consulted=True)
        passes = chance >= self.parameter("ratification.least_chance")
        return package, passes | (np.abs(package - best_offer).max(axis=0) > SAME)

    def answer_trial(self, package: Array, real: Mask, sent: Mask) -> Mask:
        """Return whether the side answers warmly to a trial package (issues, R), (R,).

        A warm answer commits to nothing: the package is worth the reservation value, and home would
        probably ratify it. real: whether the channel speaks for its leader (R,). One that does not
        answers by what all expect of the side. sent: whether the package was sent (R,).
        """
        whole = comprehensive(package, self.negotiation.families)
        legacy = np.where(whole, 0.5 * self.of_side("legacy"), 0.0)
        own, _ = self.stakes()
        worth = utility(own, felt(package, self.bends().own))
        expected = cast("Leader", self).expects_ratification(package)
        ratified = expected >= self.parameter("ratification.least_chance")
        warm = (worth + legacy >= self.mine("reservation")) & ratified
        public = utility(self.mine("public_gains"), felt(package, self.bend()))
        usual = public + legacy >= self.mine("expected")
        warm = self.conduct.answer_trial(cast("Leader", self), package, warm)
        answer: Mask = np.where(real, warm, usual)
        if trace := self.negotiation.trace:
            trace.trials.append(
                TrialRecord(
                    side=self.side_row,
                    sent=sent,
                    real=real,
                    worth=worth + legacy,
                    reservation=self.mine("reservation"),
                    chance=expected,
                    warm=answer,
                )
            )
        return answer

    def from_trial(self, best_offer: Array, wanted: Array, own: Array) -> Array:
        """Return the side's next offer (issues, R): a trial package with a warm answer, or its own.

        The sender offers the trial package if it is still worth the reservation value, the other
        side only if it is worth its aspiration. A side whose threat is about to fall due asks for
        its demand. best_offer: the offer without a trial package (issues, R); wanted: its own
        utility (R,), in points; own: marginal utilities (issues, R).
        """
        package = self.store["trial"]
        worth = utility(own, felt(package, self.bends().own))
        concedes = (self.store["trial_sender"] == self.side_row) & ~self.presses()
        least = np.where(concedes, self.mine("reservation"), wanted)
        starts = (self.store["trial_warm"] > 0.0) & (worth >= least)
        return np.where(starts, package, best_offer)
