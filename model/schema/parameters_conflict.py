"""The parameters of conflict and compliance: threats, gestures, summits, truces, promises.

They are declared as in `model.schema.parameters`, with unit, range, meaning and source. The source
"assumption" marks a prior of this project.
"""

from model.schema.parameters import NO_UNIT, Table, number

# A table of numbers is laid out by hand.
# fmt: off


class Coercion(Table):
    """Threats and their execution."""

    hazard: float = number(
        0.03, 0, 0.5, "per week",
        "probability of a new threat at an even taste for escalation, without a gap, pain, a rally"
        " or volatility",
        "list of US threats 2018-20: eight in 104 weeks, most after a step of the other",
    )
    gap_slope: float = number(
        1.0, 0, 10, "log odds per point",
        "effect of the believed gap between the sides on threats; larger: more threats",
    )
    escalation_slope: float = number(
        3.0, 0, 10, "log odds per unit",
        "effect of the leader's taste for escalation on threats; larger: hawks threaten more",
    )
    pain_slope: float = number(
        0.5, 0, 5, "log odds per unit pain",
        "effect of pain at home on threats; larger: fewer threats",
    )
    tension_slope: float = number(
        0.7, 0, 3, "log odds per ten-point tariff",
        "effect of recent tariffs of the other side on threats; larger: more threats",
        "tariff steps of 2018-19 came in bursts; the value is an assumption",
    )
    volatility_slope: float = number(
        1.0, 0, 5, "log odds per unit",
        "effect of the leader's volatility on threats; larger: more threats",
        "form: McManus 2021; the value is an assumption",
    )
    size: float = number(
        0.20, 0.01, 1, "share", "median size of a threatened tariff rise",
        "steps announced in 2018-19: 10 to 25 points on lists of goods; judged for all goods",
    )
    size_spread: float = number(
        0.7, 0, 1.5, "log sd", "spread of the size of a threatened tariff rise",
        "assumption; rise promised in 2024: 60 points",
    )
    size_least: float = number(0.05, 0, 1, "share", "smallest threatened tariff rise")
    size_most: float = number(
        5.0, 0.05, 10, "share", "largest threatened tariff rise", first_edition=1.0
    )
    size_tail: float = number(
        0.0, 0, 0.5, NO_UNIT,
        "heaviness of the upper tail of that size (h of Tukey's distribution); for a campaign that"
        " announced large rises",
        "form: Tukey 1977; Hoaglin 1985", first_edition=0.0,
    )
    fuse: float = number(
        4, 1, 26, "weeks", "median time until a threat falls due",
        "list of US threats 2018-20: 1 to 17 weeks",
    )
    fuse_spread: float = number(
        0.5, 0, 1.5, "log sd", "spread of the time until a threat falls due"
    )
    control_share: float = number(
        0.15, 0, 1, "share", "share of threats that concern export controls"
    )
    revocation_share: float = number(
        0.05, 0, 1, "share",
        "share of threats to revoke normal trade relations (PNTR), for a side that can do so",
    )
    in_truce: float = number(
        0.3, 0, 1, "share",
        "share of the hazard of threats that remains during a truce; execution ends the truce",
        "both truces of 2018-19 ended with a new tariff; the value is an assumption",
        first_edition=0.0,
    )
    ladder: float = number(
        0.4, 0, 1, "probability",
        "probability that a retaliation is met at once by a threat of a larger rise, at an even"
        " taste for escalation",
        "form: Kahn 1965; June 2018: a threat in case of retaliation, carried out as a list of 200"
        " bn dollars; the value is an assumption", first_edition=0.0,
    )
    rung: float = number(
        1.5, 0.5, 4, "factor", "size of that threat relative to the retaliation",
        "2018: lists of 50 bn, then 200 bn dollars at a lower rate; the value is an assumption",
    )
    rung_fuse: float = number(2, 1, 13, "weeks", "time until that threat falls due")
    at_once: float = number(
        1.0, 0.05, 1, "share",
        "share of a threatened tariff rise that is executed when due; the rest stays threatened",
        "the lists of 2018-19 came in parts; 1 where threats are not lists of goods",
        first_edition=1.0,
    )
    expected_answer: float = number(
        0.5, 0, 1, "share",
        "degree to which a leader counts the cost of the expected retaliation when deciding to"
        " execute a threat; larger: fewer executed threats",
        "form: Signorino 1999 (strategic interaction); the value is an assumption",
        first_edition=0.0,
    )
    leverage_share: float = number(
        0.3, 0, 2, "share",
        "expected gain from executing a threat, as a share of the harm to the other side",
    )
    ultimatum: float = number(
        0.6, 0, 1, "probability",
        "probability that the sides meet in a week in which a threat is about to fall due; the"
        " threatening side then demands all that its threat can support, and the other side answers"
        " as at a deadline; 0: a threat carries no demand",
        "form: Schelling 1966, George 1991; sessions before the due dates of 2018-19; the value is"
        " an assumption",
        first_edition=0.0,
    )
    precision: float = number(
        12, 0, 50, "per point",
        "precision of the choice to execute or to back down; larger: the better choice is more"
        " likely, 0: a coin toss",
        "Signorino 1999",
    )
    postponement: float = number(
        0.5, 0, 1, "probability",
        "probability that a threat is postponed if the sides met shortly before it falls due",
        "threats of 2018-20: a third executed as announced, about half in the end",
    )
    justification: float = number(
        0.4, 0, 1, "share", "share of the audience cost that a good justification removes",
        "Levendusky-Horowitz 2012; the value is an assumption",
    )
    foreseen_justification: float = number(
        1.0, 0, 1, "share",
        "degree to which a leader that decides on a threat counts on this justification; 0: the"
        " leader expects the full audience cost",
        first_edition=0.0,
    )
    reputation: float = number(
        0.3, 0, 2, "share",
        "expected gain from a later, fully credible threat, as a share of the harm to the other"
        " side; larger: leaders execute threats to stay credible",
        "form: Schelling 1966; the value is that of leverage_share, an assumption",
        first_edition=0.0,
    )
    believed_kept: float = number(
        3.5, 0.1, 100, "observations",
        "executed threats in the initial credibility; larger: more credible threats",
        "list of threats 2018 to January 2025",
    )
    believed_broken: float = number(
        6.5, 0.1, 100, "observations",
        "threats not executed in the initial credibility; larger: less credible threats",
        "list of threats 2018 to January 2025",
    )
    assurance_loss: float = number(
        0.8, 0, 1, "share",
        "effect of volatility on the trust in a side's promises; larger: less trust",
        "form: McManus 2021; the value is an assumption",
    )


class Gestures(Table):
    """Small unilateral tariff cuts that the other side may return (Osgood 1962)."""

    hazard: float = number(
        0.01, 0, 0.5, "per week",
        "probability of a gesture at an even taste for escalation, without pain",
        "1 January 2019: China suspends its tariff on cars; the value is an assumption",
    )
    pain_slope: float = number(
        1.0, 0, 5, "log odds per unit pain",
        "effect of pain at home on gestures; larger: more gestures",
    )
    size: float = number(
        0.02, 0, 0.5, "share", "size of the tariff cut", "2019: 1.6 points of China's"
    )
    patience: float = number(
        8, 1, 52, "weeks", "time within which the other side must return a gesture"
    )
    answer_odds: float = number(
        10, 1, 100, "factor", "factor by which a gesture raises the odds of one by the other side"
    )
    trust_weight: float = number(
        0.5, 0, 10, "observations", "number of kept promises that a gesture equals"
    )


class Summits(Table):
    """Meetings of the leaders."""

    invitation: float = number(
        0.10, 0, 1, "per week", "probability of a summit while the believed gap is small"
    )
    gap: float = number(0.15, 0, 2, "points", "believed gap below which leaders may call a summit")
    call: float = number(
        0.01, 0, 0.5, "per week",
        "probability that a leader with full taste for personal diplomacy calls a summit",
        "2018-20: three meetings and some calls in 104 weeks",
    )
    push: float = number(
        0.5, 0, 1, "share",
        "share of the remaining window that a meeting of the leaders skips; larger: more"
        " concessions",
    )
    approval_cost: float = number(0.02, 0, 0.5, "share", "approval lost by a failed summit")
    trust_cost: float = number(
        0.25, 0, 10, "observations", "number of broken promises that a failed summit equals"
    )


class Truce(Table):
    """A truce in a mutually hurting stalemate (Zartman 2000)."""

    intercept: float = number(
        -5, -20, 5, "log odds per week", "readiness for a truce without pain; larger: more truces",
        "to be calibrated on 2018-20: two truces in 104 weeks",
    )
    slope: float = number(
        7, 0, 50, "log odds per unit pain",
        "effect of pain above the level at the start on the readiness for a truce",
        "to be calibrated on 2018-20",
    )
    scale: float = number(
        1.0, 0, 5, "factor", "scale of the probability of a truce; 0: no truces"
    )
    pain_memory: float = number(
        0.8, 0, 0.99, "share per week",
        "weight of last week's value in the pain to which the readiness responds; larger: slower",
        first_edition=0.0,
    )
    cliff: float = number(
        1.0, 0, 1, "share",
        "share of what a side undid in a truce that returns if the truce is not renewed",
        "the truces of 2018-19 and of 2025 suspended tariffs for a term", first_edition=0.0,
    )
    renewal: float = number(
        20.0, 0, 100, "factor",
        "factor of the weekly probability of a truce at which an expiring truce is renewed",
        first_edition=0.0,
    )
    shortest: float = number(
        13, 1, 104, "weeks", "shortest length of a truce", "the truce of December 2018"
    )
    longest: float = number(52, 1, 260, "weeks", "longest length of a truce")


class Revocation(Table):
    """Revocation of permanent normal trade relations, which only Congress can decide."""

    hazard: float = number(
        0.0006, 0, 0.05, "per week",
        "probability of revocation at a firmness of one half and without mistrust",
        "bills so far failed (bill of 23 January 2025 pending); the value is an assumption",
    )
    hawk_slope: float = number(
        4.0, 0, 20, "log per unit",
        "effect of the leader's firmness on the probability of revocation; larger: more likely"
        " under hawks",
    )
    mistrust_slope: float = number(
        2.0, 0, 20, "log per unit",
        "effect of mistrust on the probability of revocation; larger: more likely",
    )
    congress: float = number(
        0.3, 0, 1, "probability",
        "probability that Congress agrees when the leader executes a threat of revocation",
    )
    size: float = number(
        0.37, 0.3, 0.6, "share", "rise of the average tariff on revocation",
        "American Action Forum: from about 3.5 to about 40 percent",
    )


class Compliance(Table):
    """Compliance with promises (Bagwell-Staiger 1990; Downs et al. 1996)."""

    precision: float = number(
        12, 0, 50, "per point",
        "precision of the choice to deliver or to shirk; larger: the better choice is more likely",
        "Signorino 1999",
    )
    shortfall: float = number(
        1.0, 0, 1, "share", "scale of the shortfall of delivery; 0: everything is delivered"
    )
    lag: float = number(
        13, 0, 104, "weeks", "time until the other side notices shirking; larger: more shirking",
        "quarterly data",
    )
    punishment: float = number(
        1.0, 0, 3, "share",
        "share of the other side's concessions that shirking puts at risk; larger: less shirking",
    )
    concentration: float = number(
        20, 1, 1000, "observations",
        "steadiness of compliance from week to week (Beta concentration); larger: steadier",
    )
    capacity: float = number(
        0.7, 0.05, 2, "share", "median share of a purchase promise that can be delivered",
        "Phase One: 57 % of the level promised, Bown 2022; the value is an assumption",
    )
    capacity_spread: float = number(0.3, 0, 1, "log sd", "spread of that capacity between worlds")
    arrears_memory: float = number(
        0.95, 0, 0.999, "share per week", "share of the arrears that remains after a week"
    )
    tolerance: float = number(
        4.0, 0, 50, "weeks of delivery", "arrears that the other side tolerates"
    )
    tolerance_used: float = number(
        1.0, 0, 1, "share",
        "share of the tolerated arrears that a side builds up on purpose; 0: a side that keeps a"
        " deal delivers everything",
        "form: Downs et al. 1996; the value, the best reply to the tolerance, is an assumption",
        first_edition=0.0,
    )
    snapback: float = number(
        0.02, 0, 1, "per week and week of arrears",
        "hazard that arrears above the tolerance end a deal; larger: deals end sooner",
    )
    unenforced: float = number(
        0.3, 0, 1, "share",
        "consequences of shirking without enforcement, relative to full enforcement",
    )
    weight: float = number(
        0.2, 0, 2, "observations per week",
        "weight of a week of compliance in trust; larger: trust changes faster",
    )
    deniable_loss: float = number(
        0.05, 0, 1, "points", "extra gain from shirking on a deal that was agreed deniably",
        "deniable commitments bind less: Wanis-St. John 2006; the value is an assumption",
    )


class Campaign(Table):
    """Effects of an election campaign on a leader."""

    window: float = number(
        26, 1, 104, "weeks", "length of the campaign: weeks before an election in which it matters"
    )
    pain_weight: float = number(
        0.5, 0, 3, "share", "additional weight of pain in the week of the election",
        "form: Fordham 2019; assumption",
    )


class Third(Table):
    """The rest of the world: it feels diversion and overcapacity, and may coordinate."""

    overcapacity: float = number(
        0.5, 0, 5, "pain per unit", "pain of the rest of the world from diverted exports"
    )
    coordination: float = number(
        0.0, 0, 1, "share",
        "degree to which the rest of the world supports the side that demands the concession",
        "scenario option",
    )
    stakes: float = number(
        0.2, 0, 5, "opinion per point",
        "fall of an observer's firmness per point that a deal in force is worth to it",
        "assumption: about the effect of as many points of pain at home",
        first_edition=0.0,
    )
    weights: float = number(
        1.0, 0, 1, "share",
        "degree to which the stance abroad is weighted by the weights of the observers",
        first_edition=0.0,
    )
    leverage: float = number(
        0.10, 0, 1, "points", "fall of the owner's reservation value under full coordination"
    )
