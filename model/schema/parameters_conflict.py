"""The numbers of conflict and of promises: threats, gestures, leaks, summits, truces, compliance.

Declared as in `parameters`: unit, range, meaning, source. A source that reads "assumption" is a
prior.
"""

from model.schema.parameters import Table, number

# A table of numbers is laid out by hand.
# fmt: off


class Coercion(Table):
    """How leaders threaten, and what becomes of threats."""

    hazard: float = number(
        0.03, 0, 0.5, "per week", "chance of a new threat at even temper, with no gap, pain, stir",
        "list of US threats 2018-20: eight in 104 weeks, most after a step of the other",
    )
    gap_slope: float = number(
        1.0, 0, 10, "log odds per point", "how much the believed gap between sides invites threats"
    )
    escalation_slope: float = number(
        3.0, 0, 10, "log odds per unit", "how much the leader's taste for escalation does"
    )
    pain_slope: float = number(
        0.5, 0, 5, "log odds per unit pain", "how much pain at home restrains"
    )
    tension_slope: float = number(
        0.7, 0, 3, "log odds per ten-point tariff", "how much a fresh tariff of the other provokes",
        "tariff steps of 2018-19 came in bursts; the value is an assumption",
    )
    volatility_slope: float = number(
        1.0, 0, 5, "log odds per unit", "how much a volatile temper adds",
        "form: McManus 2021; the value is an assumption",
    )
    size: float = number(
        0.20, 0.01, 1, "share", "median size of a threatened tariff rise",
        "steps announced in 2018-19: 10 to 25 points on lists of goods; judged for all goods",
    )
    size_spread: float = number(
        0.7, 0, 1.5, "log sd", "spread of that size", "assumption; rise promised in 2024: 60 points"
    )
    size_least: float = number(0.05, 0, 1, "share", "smallest rise that is threatened")
    size_most: float = number(1.0, 0.05, 2, "share", "largest rise that is threatened")
    fuse: float = number(
        4, 1, 26, "weeks", "median time until a threat falls due",
        "list of US threats 2018-20: 1 to 17 weeks",
    )
    fuse_spread: float = number(0.5, 0, 1.5, "log sd", "spread of that time")
    control_share: float = number(
        0.15, 0, 1, "share", "part of the threats that are of export controls, not of tariffs"
    )
    revocation_share: float = number(
        0.05, 0, 1, "share", "part of the threats of a side that can, that are of revoking PNTR"
    )
    leverage_share: float = number(
        0.3, 0, 2, "share", "part of the harm to the other that execution is hoped to bring in"
    )
    precision: float = number(
        12, 0, 50, "per point", "how surely the better choice is made, to execute or to back down",
        "Signorino 1999",
    )
    postponement: float = number(
        0.5, 0, 1, "probability", "chance that a threat due while the sides meet is put off",
        "threats of 2018-20: a third executed as announced, about half in the end",
    )
    justification: float = number(
        0.4, 0, 1, "share", "part of the audience cost that a good reason takes away",
        "Levendusky-Horowitz 2012; the value is an assumption",
    )
    believed_kept: float = number(
        3.5, 0.1, 100, "observations", "threats executed that the belief in a threat begins with",
        "list of threats 2018 to January 2025",
    )
    believed_broken: float = number(
        6.5, 0.1, 100, "observations", "threats not executed that belief in a threat begins with",
        "list of threats 2018 to January 2025",
    )
    assurance_loss: float = number(
        0.8, 0, 1, "share", "how far a volatile temper lowers the trust in its promises",
        "form: McManus 2021; the value is an assumption",
    )


class Gestures(Table):
    """Small cuts of tariffs on one's own, to be returned (Osgood 1962)."""

    hazard: float = number(
        0.01, 0, 0.5, "per week", "chance of a gesture of a leader of even temper, without pain",
        "1 January 2019: China suspends its tariff on cars; the value is an assumption",
    )
    pain_slope: float = number(
        1.0, 0, 5, "log odds per unit pain", "how much pain at home invites a gesture"
    )
    size: float = number(0.02, 0, 0.5, "share", "cut of the tariff", "2019: 1.6 points of China's")
    patience: float = number(8, 1, 52, "weeks", "time in which a gesture must be returned")
    answer_odds: float = number(
        10, 1, 100, "factor", "how much the other's gesture raises the odds of one's own"
    )
    trust_weight: float = number(
        0.5, 0, 10, "observations", "kept promises that a gesture counts as"
    )


class Summits(Table):
    """Sessions by level, and meetings of the leaders."""

    invitation: float = number(
        0.10, 0, 1, "per week", "chance of a summit while the believed gap is small"
    )
    gap: float = number(0.15, 0, 2, "points", "believed gap that counts as small")
    call: float = number(
        0.01, 0, 0.5, "per week", "chance that a leader of full taste for it calls the other",
        "2018-20: three meetings and some calls in 104 weeks",
    )
    push: float = number(
        0.5, 0, 1, "share", "part of the window's rest that a meeting of leaders uses up"
    )
    approval_cost: float = number(0.02, 0, 0.5, "share", "approval lost by a summit that fails")
    trust_cost: float = number(
        0.25, 0, 10, "observations", "broken promises that a failed summit counts as"
    )


class Truce(Table):
    """A truce in a mutually hurting stalemate (Zartman 2000)."""

    intercept: float = number(
        -5, -20, 5, "log odds per week", "readiness for a truce without pain",
        "to be calibrated on 2018-20: two truces in 104 weeks",
    )
    slope: float = number(
        7, 0, 50, "log odds per unit pain", "how much pain above the start makes ready",
        "to be calibrated on 2018-20",
    )
    scale: float = number(1.0, 0, 5, "factor", "scale of the chance of a truce; 0: none")
    shortest: float = number(13, 1, 104, "weeks", "shortest truce", "the truce of December 2018")
    longest: float = number(52, 1, 260, "weeks", "longest truce")


class Revocation(Table):
    """The end of permanent normal trade relations, which Congress alone can decide."""

    hazard: float = number(
        0.0006, 0, 0.05, "per week", "chance of revocation at even hawkishness and trust",
        "bills so far failed (bill of 23 January 2025 pending); the value is an assumption",
    )
    hawk_slope: float = number(
        4.0, 0, 20, "log per unit", "how much the hawkishness of the leader's side does"
    )
    mistrust_slope: float = number(2.0, 0, 20, "log per unit", "how much mistrust does")
    congress: float = number(
        0.3, 0, 1, "probability", "chance that Congress follows a leader who carries the threat out"
    )
    size: float = number(
        0.37, 0.3, 0.6, "share", "rise of the average tariff",
        "American Action Forum: from about 3.5 to about 40 percent",
    )


class Compliance(Table):
    """Whether what was promised is delivered (Bagwell-Staiger 1990; Downs et al. 1996)."""

    precision: float = number(
        12, 0, 50, "per point", "how surely the better choice is made, to deliver or to shirk",
        "Signorino 1999",
    )
    shortfall: float = number(
        1.0, 0, 1, "share", "part of the shortfall that is real; 0: all is delivered"
    )
    lag: float = number(13, 0, 104, "weeks", "time until shirking is seen", "quarterly data")
    punishment: float = number(
        1.0, 0, 3, "share", "part of what the other gives that is at stake if one shirks"
    )
    concentration: float = number(
        20, 1, 1000, "observations", "how steady compliance is from week to week (Beta precision)"
    )
    capacity: float = number(
        0.7, 0.05, 2, "share", "median part of a promise to buy that can be delivered at all",
        "Phase One: 57 % of the level promised, Bown 2022; the value is an assumption",
    )
    capacity_spread: float = number(0.3, 0, 1, "log sd", "spread of that capacity between worlds")
    arrears_memory: float = number(
        0.95, 0, 0.999, "share per week", "part of what is owed that is still owed a week later"
    )
    tolerance: float = number(
        4.0, 0, 50, "weeks of delivery", "arrears that the other side puts up with"
    )
    snapback: float = number(
        0.02, 0, 1, "per week and week of arrears", "how soon arrears above that end a deal"
    )
    unenforced: float = number(
        0.3, 0, 1, "share", "that hazard without enforcement, against full enforcement"
    )
    weight: float = number(
        0.2, 0, 2, "observations per week", "how much a week of compliance teaches about trust"
    )
    deniable_loss: float = number(
        0.05, 0, 1, "points", "extra gain from shirking what was agreed deniably",
        "deniable commitments bind less: Wanis-St. John 2006; the value is an assumption",
    )


class Campaign(Table):
    """What an election does to a leader before it."""

    window: float = number(26, 1, 104, "weeks", "time before an election in which it is felt")
    pain_weight: float = number(
        0.5, 0, 3, "share", "how much more pain counts on election day",
        "form: Fordham 2019; assumption",
    )


class Third(Table):
    """The rest of the world: it feels diversion and overcapacity, and may coordinate."""

    overcapacity: float = number(
        0.5, 0, 5, "pain per unit", "pain of the rest of the world by goods turned away"
    )
    coordination: float = number(
        0.0, 0, 1, "share", "how far the rest of the world stands with the side that asks",
        "scenario option",
    )
    leverage: float = number(
        0.10, 0, 1, "points", "what full coordination takes from the owner's reservation"
    )
