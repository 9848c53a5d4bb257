"""The parameters of ratification at home: thresholds, quota, swings, checks and payments.

They are declared as in `model.schema.parameters`, with unit, range, meaning and source. The source
"assumption" marks a prior of this project.
"""

from model.schema.parameters import Table, number

# A table of numbers is laid out by hand.
# fmt: off


class Ratification(Table):
    """Ratification of an agreement at home."""

    anticipation: float = number(
        0.5, 0, 1, "share",
        "degree to which a leader allows for ratification in the reservation value; larger: the"
        " leader demands more",
        "Iida 1993; the value is an assumption",
    )
    target: float = number(
        0.7, 0.5, 0.99, "probability",
        "probability of ratification that a leader aims at; larger: the leader demands more",
        "Iida 1993; the value is an assumption",
    )
    foresight: float = number(
        1.0, 0, 1, "share",
        "degree to which home compares a package with the harm that is threatened instead of with"
        " the status quo; 0: threats do not move home",
        "form: Putnam 1988, Iida 1993 (cost of no agreement); the value is an assumption",
        first_edition=0.0,
    )
    consistency: float = number(
        1.0, 0, 1, "share",
        "degree to which a leader that allows for ratification counts threats only as far as home"
        " does; matters if foresight is below 1",
        "form: Putnam 1988, Iida 1993; the value is an assumption",
        first_edition=0.0,
    )
    backlash: float = number(
        0.0, 0, 1, "points per ten-point tariff",
        "utility that a package loses at home while a threat of the other side is pending; larger:"
        " threats unite home against concessions",
        "form: Galtung 1967; Gueorguiev, McDowell and Steinberg 2020; the value is an assumption",
        first_edition=0.0,
    )
    hawk_bonus: float = number(
        0.05, 0, 1, "points per unit firmness",
        "fall of the ratification threshold per unit of the leader's firmness",
        "Mattes-Weeks 2019; the value is an assumption",
    )
    group_threshold: float = number(
        0.0, -1, 1, "points",
        "utility of a package at which a constituency supports it with a probability of one half",
    )
    group_threshold_spread: float = number(
        0.10, 0, 1, "points",
        "standard deviation of that threshold between worlds and constituencies",
    )
    group_spread: float = number(
        0.10, 0, 1, "points",
        "uncertainty of a constituency's support (probit scale); larger: utility matters less",
    )
    quota: float = number(
        0.5, 0, 1, "share", "weighted share of the constituencies that must support an agreement"
    )
    vote_spread: float = number(
        0.10, 0, 1, "share",
        "uncertainty of a vote against the quota (probit scale); larger: support matters less",
    )
    mobilisation: float = number(
        0.25, 0, 5, "per unit pain",
        "growth of a group's weight at home with its pain since the start: the weight is"
        " proportional to exp(mobilisation x pain); 0: weights do not respond",
        "form: Grossman-Helpman 1994 (losers organise); the value is an assumption",
        first_edition=0.0,
    )
    shared_shift: float = number(
        1.0, 0, 1, "share",
        "share of the shift of the side's threshold, by a firm leader or an exposed back channel,"
        " that applies to the thresholds of the groups",
        "Mattes-Weeks 2019 for the leader; the value is an assumption", first_edition=0.0,
    )
    persistence: float = number(
        0.906, 0, 0.999, "per week",
        "correlation of the swing at home with that of the week before; 0: each vote is an"
        " independent draw",
        "derived: half-life of seven weeks, as of a rally (Mueller 1970; Baum 2002)",
        first_edition=0.0,
    )
    insight: float = number(
        0.5, 0, 1, "share", "share of the variance of the swing at home that the leader foresees",
        "form: Iida 1993 (incomplete information about home); the value is an assumption",
        first_edition=0.0,
    )
    consultation: float = number(
        0.5, 0, 1, "share",
        "share of the other uncertainty about the swing that a leader resolves by consulting the"
        " groups before making a proposal; an offer at the table must be answered without it",
        "form: Putnam 1988 (Level II is consulted first); the value is an assumption",
        first_edition=0.0,
    )
    least_chance: float = number(
        0.5, 0, 0.99, "probability",
        "probability of ratification at home, as the leader expects it, below which the leader"
        " does not accept a package; the leader's own proposals reach `target`; 0: leaders do not"
        " check at home",
        "form: Putnam 1988; Iida 1993; the value is an assumption (as likely as not)",
        first_edition=0.0,
    )
    keep_clock: float = number(
        0.5, 0, 1, "share",
        "share of the clock of the talks that is kept after a failure at home; 0: they start again",
        first_edition=0.0,
    )
    compensation: float = number(
        0.5, 0, 1, "probability",
        "probability that a leader compensates the groups that would block an agreement, before"
        " home decides on it, if the agreement is worth it; 0: never",
        "form: the US paid farmers 28 bn dollars in 2018-19 (USDA, Market Facilitation Program);"
        " the value is an assumption",
        first_edition=0.0,
    )
    compensation_most: float = number(
        0.1, 0, 2, "points",
        "largest compensation for one agreement, weighted by the groups; larger: a looser budget",
        first_edition=0.1,
    )
    payment: float = number(
        0.5, 0, 1, "probability",
        "probability that a leader returns with a side payment to the groups whose support was"
        " missing, if the package was worth it",
        "form: Mo 1995 (as the aid to US farms of 2018-19); the value is an assumption",
        first_edition=0.0,
    )
    payment_size: float = number(
        1.0, 0, 2, "share", "size of the side payment as a share of what was missing", "Mo 1995",
        first_edition=0.0,
    )
    payment_cost: float = number(
        1.0, 0, 5, "points per point",
        "cost to the leader of a side payment that is worth one point to the side; 1: a transfer",
        first_edition=0.0,
    )
