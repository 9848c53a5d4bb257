"""The parameters of bargaining and learning, declared as in `model.schema.parameters`."""

from pydantic import Field

from model.schema.parameters import NO_UNIT, Table, number

# A table of numbers is laid out by hand.
# fmt: off


class Talks(Table):
    """Bargaining and learning."""

    window: float = number(
        26, 1, 260, "talk-weeks",
        "talk-weeks until the aspiration of a side reaches its reservation value; larger: slower"
        " concessions; important, always vary it",
    )
    rate: float = number(
        0.25, 0, 1, "share per week", "probability that the sides meet in a week",
        "19 sessions in the 89 weeks of the 2018-20 talks (.21), rounded up",
    )
    exponent: float = number(
        0.5, 0.05, 5, NO_UNIT,
        "concession exponent at firmness one half; below 1: late concessions, above 1: early ones",
        "Faratin-Sierra-Jennings 1998",
    )
    firmness_slope: float = number(
        2.0, 0, 6, "per unit firmness",
        "effect of firmness on the concession exponent (log scale); larger: firm sides concede"
        " later",
    )
    mirror: float = number(
        0.3, 0, 1, "share",
        "weight of tit-for-tat in the aspiration; larger: a side concedes more like the other",
        "Faratin-Sierra-Jennings 1998",
    )
    deadline_share: float = number(
        0.9, 0, 1, "share",
        "share of the window after which a side accepts the best offer that it has received",
        "Baarslag et al. 2013; the value is an assumption",
    )
    resolve_spread: float = number(
        0.30, 0, 1, "log sd", "spread of each leader's private resolve between worlds"
    )
    caution: float = number(
        0.0, 0, 3, "sd",
        "standard deviations that a side adds to the other's believed reservation value; larger:"
        " lower aspirations",
    )
    belief_spread: float = number(
        0.10, 0, 1, "points",
        "standard deviation of the initial belief about the other's reservation value; without"
        " types, and for the messages of back channels",
    )
    rejection_noise: float = number(
        0.15, 0.001, 1, "points",
        "standard deviation of the signal of a rejected offer; larger: a side learns less from it",
    )
    weight_noise: float = number(
        0.10, 0.001, 1, "points",
        "standard deviation of an offer as a signal of the other's weights; larger: a side learns"
        " less from it",
        "Hindriks-Tykhonov 2008; the value is an assumption",
    )
    exhaustion: float = number(
        0.5, 0, 5, "talk-weeks per unit pain",
        "extra talk-weeks that a session takes from the window per unit of the sides' mean pain;"
        " larger: pain speeds up concessions",
        "form: Zartman 2000 (a mutually hurting stalemate); the value is an assumption",
        first_edition=0.0,
    )
    types: float = number(
        1.0, 0, 1, "0 or 1",
        "whether a side learns the other's resolve, by Bayes' rule over its types; 0: only a normal"
        " belief about the reservation value",
        "Harsanyi 1967",
        first_edition=0.0,
    )
    private_spread: float = number(
        0.0, 0, 1, "points",
        "standard deviation of what is private in a reservation value besides resolve, as the other"
        " side believes; larger: less is learned from refusals",
        first_edition=0.0,
    )
    ordinal: float = number(
        1.0, 0, 1, "0 or 1",
        "whether a side learns the other's weights from the order in which it concedes issues; 0:"
        " from the levels of its offers",
        "Raiffa 1982 (logrolling)",
        first_edition=0.0,
    )
    order_noise: float = number(
        0.25, 0.01, 3, "log sd",
        "spread of what the other believes about the own weights, and of other causes of its order"
        " of concessions; larger: a side learns less from that order",
        "the spread of learned log weights in february_2025",
        first_edition=0.25,
    )
    hold_out: float = number(
        1.0, 0, 1, "share",
        "share of its last aspiration above its reservation value that a side keeps when it sees no"
        " zone of agreement; 0: it asks only for its reservation value",
        first_edition=0.0,
    )
    drafting: float = number(
        1.0, 0, 2, "exponent",
        "degree to which the priorities of the people around a leader shape the packages that a"
        " side drafts; 0: a side drafts by its own utilities only",
        "form: Friedkin-Johnsen 1990; the value is an assumption",
        first_edition=0.0,
    )
    step: float = number(
        0.02, 0.0001, 1, "points", "size of one concession under the zeuthen and micro rules"
    )
    cabinet_share: float = number(
        0.85, 0, 1, "share",
        "share of the sessions below the leaders that ministers attend and that can agree",
        "rounds of 2018-20: 14 of 17 below the leaders were led by ministers",
    )
    publicity: float = number(
        0.05, 0, 1, "opinion",
        "firmness that an audience adds in a session; deniable sessions have no audience",
        "form: Fearon 1997, Stasavage 2004; the value is an assumption",
    )
    lead_weight: float = number(
        0.5, 0, 1, "share",
        "weight of the lead adviser's firmness, relative to the leader's, below summits",
    )
    learning: bool = Field(
        True, description="whether sides learn about each other from offers and rejections"
    )
