"""Declare the figures of the diagnostics: key, finding, meaning, unit, and the gate if it has one.

`FIGURES` is the only list of figures. The table, the keys of diagnose.json, its JSON schema and the
Model page of the app derive from it.
"""

from dataclasses import dataclass
from typing import Literal

type Unit = Literal["share", "difference of shares", "ratio", "points", "weeks", "percent", "times"]


@dataclass(frozen=True)
class Gate:
    """What a figure of a good model satisfies, in words and as bounds, which are inclusive."""

    words: str
    least: float = float("-inf")
    most: float = float("inf")

    def met(self, value: float) -> bool:
        """Return whether a value satisfies the gate.

        >>> Gate("at most 10 %", most=0.1).met(0.1), Gate("above 40 %", least=0.4).met(0.2)
        (True, False)
        """
        return self.least <= value <= self.most


@dataclass(frozen=True)
class Figure:
    """One figure: its key in diagnose.json, its finding, and its meaning in one sentence."""

    key: str
    finding: str
    meaning: str
    unit: Unit = "share"
    gate: Gate | None = None


NOT_WORSE = Gate("at most 1", most=1.0)
TINY = 1e-9

FIGURES = (
    Figure(
        "record_package_acceptable", "F1",
        "Worlds in which a package of the record is acceptable to both sides on its date.",
        gate=Gate("at least 30 %", least=0.30),
    ),
    Figure(
        "record_package_acceptable_at_start", "F1",
        "Worlds in which it is acceptable to both sides in week 1.",
    ),
    Figure(
        "fails_under_threat", "F2",
        "Accepted packages that fail at home, if a side faces a threat or an announced tariff.",
    ),
    Figure("fails_otherwise", "F2", "Accepted packages that fail at home without such a threat."),
    Figure(
        "fails_difference", "F2",
        "The first of these two shares minus the second.",
        "difference of shares",
        Gate("at most 10 points", most=0.10),
    ),
    Figure(
        "learner_log_error_ratio", "F3",
        "Error of the learned weights of the issues, relative to that of what all expect.",
        "ratio",
        NOT_WORSE,
    ),
    Figure(
        "learner_rmse_ratio", "F3",
        "Error of the believed reservation value, relative to that of what all expect.",
        "ratio",
        NOT_WORSE,
    ),
    Figure(
        "outside_two_sd", "F3",
        "True weights and reservation values more than two standard deviations from the belief.",
        gate=Gate("3 to 8 %", 0.03, 0.08),
    ),
    Figure("reservation_outside_two_sd", "F3", "The same for reservation values alone."),
    Figure(
        "no_room_share", "F4",
        "Offers that ask for no more than the proposer's own reservation value.",
        gate=Gate("at most 10 %", most=0.10),
    ),
    Figure(
        "sees_no_room", "F4",
        "Offers by a side that believes that there is no package which both sides would accept.",
    ),
    Figure(
        "group_numbers_matter", "F5",
        "Worlds in which the groups' threshold (0 or 0.5) or the quota (0.5 or 0.9) changes an "
        "outcome.",
        gate=Gate("above 0 %", least=TINY),
    ),
    Figure("failures_per_package", "F6", "Accepted packages that fail at home."),
    Figure(
        "own_proposal_failures", "F6",
        "Failures at home of a package that the same side proposed.",
        gate=Gate("at most 25 %", most=0.25),
    ),
    Figure(
        "renewed_within_13_weeks", "F6",
        "Failures at home that are followed by a new offer within 13 weeks.",
        gate=Gate("at least 50 %", least=0.50),
    ),
    Figure(
        "agreed_again_within_13_weeks", "F6",
        "Failures at home after which both leaders agree again within 13 weeks.",
    ),
    Figure(
        "deal_within_26_weeks", "F6",
        "Failures at home that are followed by a deal within 26 weeks.",
    ),
    Figure(
        "second_deal_after_breach", "F6",
        "Worlds with a broken deal in which more than one deal was made.",
    ),
    Figure(
        "interior_levels", "F7",
        "Levels of divisible issues in deals that are neither 0 nor 1 (to within 0.01).",
        gate=Gate("at least 40 %", least=0.40),
    ),
    Figure(
        "tariff_lifted_in_full", "F7",
        "Deals in which the first side lifts all of its added tariff.",
    ),
    Figure("own_promises_counted", "F8", "Part of its own promises that a side counts as a cost."),
    Figure(
        "other_promises_counted", "F8",
        "Part of the other side's promises that a side counts as a gain.",
    ),
    Figure("tariff_relief_level", "F9", "Mean level of tariff relief in deals."),
    Figure("other_level", "F9", "Mean level of all other issues in deals."),
    Figure(
        "retaliation_lag", "F10",
        "Mean time from a tariff of the first side to the next one of the second, within 13 weeks.",
        "weeks",
    ),
    Figure(
        "truces_ended_by_a_tariff", "F10", "Truces that end in a week in which a tariff rises."
    ),
    Figure("step_size", "F10", "Median rise of a tariff, in percentage points.", "percent"),
    Figure("threats_made", "F10", "Threats of the first side in a world.", "times"),
    Figure(
        "clustering", "F10",
        "Clustering of the first side's rises: variance over mean by quarter; random in time: 1.",
        "ratio",
    ),
    Figure(
        "sessions_under_threat", "F11",
        "Chance of a session in a week with a pending threat, minus the chance in other weeks.",
        "difference of shares",
    ),
    Figure(
        "acceptance_under_threat", "F11",
        "Chance that an offer is accepted under a pending threat, minus the chance without one.",
        "difference of shares",
    ),
    Figure("sessions_under_a_deal", "F12", "Weeks with a deal in force in which the sides meet."),
    Figure(
        "inert_share", "F13",
        "Numbers of the scenario that change no outcome at either end of their range.",
    ),
    Figure(
        "longest_same_offer", "F14",
        "Median over worlds of the longest time in which a side makes the same offer.",
        "weeks",
    ),
    Figure("trust_moved", "F14", "Mean change of trust from start to end (0 to 1).", "points"),
    Figure("approval_moved", "F14", "Mean change of a leader's approval (0 to 1).", "points"),
    Figure(
        "credibility_moved", "F14", "Mean change of the credibility of threats (0 to 1).", "points"
    ),
    Figure(
        "decoupled_without_truces", "F15",
        "Rise of the share of decoupled worlds if truces are switched off.",
        "difference of shares",
        Gate("at most 25 points", most=0.25),
    ),
    Figure(
        "actors_that_count", "F16",
        "Advisers and intermediaries whose removal changes the frequency, the worth or the "
        "contents of deals by more than its 99 % interval.",
    ),
    Figure(
        "edges_that_count", "F16",
        "Edges of the influence graph between actors of which the same is true.",
    ),
    Figure(
        "worlds_with_a_trial", "F16",
        "Worlds in which a back channel brings a trial package to the other side.",
        gate=Gate("at least 20 %", least=0.20),
    ),
)  # fmt: skip

NOTES = {
    "F16": "The tables of removed actors and edges are the details of the first figures of F16.",
}
