"""The parameters of deals in force: intended compliance, guarantees, phases, renegotiation.

They are declared as in `model.schema.parameters`, with unit, range, meaning and source. The source
"assumption" marks a prior of this project.
"""

from model.schema.parameters import Table, number

# A table of numbers is laid out by hand.
# fmt: off


class Implementation(Table):
    """Deals while they are in force: what a side intends to keep, and how a deal is adapted."""

    intention: float = number(
        1.0, 0, 1, "share",
        "degree to which a side counts the cost of a promise as it intends to keep it; 0: at full"
        " cost",
        "form: Downs-Rocke-Barsoom 1996", first_edition=0.0,
    )
    forfeit: float = number(
        1.0, 0, 1, "share",
        "degree to which a side counts what it would lose by not keeping its promises; 0: not at"
        " all",
        "derived: the other half of the gradient of a package's value to a side that may shirk",
        first_edition=0.0,
    )
    guarantee: float = number(
        0.5, 0, 2, "share",
        "worth of the own tariff as a guarantee of what the other side promises, as a share of what"
        " mistrust puts at risk; larger: less tariff relief",
        "form: Williamson 1983; assumption: the middle between no value and full value",
        first_edition=0.0,
    )
    phases: int = number(
        2, 1, 12, "phases",
        "number of phases in which tariffs and controls are lifted; 1: all at signing, otherwise"
        " the first is at signing and each review can open the next",
        first_edition=1,
    )
    first_share: float = number(
        0.5, 0, 1, "share",
        "share of the agreed relief of tariffs and controls that is granted at signing; the rest"
        " depends on what the other side delivers",
        "the deal of January 2020 halved the tariffs of September 2019; the value is an assumption",
        first_edition=1.0,
    )
    review: float = number(
        26, 0, 104, "weeks", "time between two reviews of a deal in force; 0: no reviews",
        "USTR, 14 February 2020, on chapter 7 of the agreement: top-level meetings twice a year",
        first_edition=0.0,
    )
    sessions: float = number(
        0.23, 0, 1, "per week",
        "probability of an implementation session while a deal is in force",
        "USTR, 14 February 2020, on chapter 7 of the agreement: officials meet every month",
        first_edition=0.0,
    )
    settled: float = number(
        0.5, 0, 1, "share",
        "share of a side's arrears that a session settles if the side intends to keep the deal",
    )
    renegotiation: float = number(
        1.0, 0, 1, "probability",
        "scale of the probability that a side which would end a deal first asks for lower"
        " obligations; 0: it ends the deal",
        first_edition=0.0,
    )
    second_phase: float = number(
        0.5, 0, 1, "probability",
        "probability that a review opens talks on a second phase, if both sides have delivered"
        " everything",
        "announced for 2020, but not begun; the value is an assumption", first_edition=0.0,
    )
