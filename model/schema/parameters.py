"""The numbers of the model's mechanisms, each declared once: unit, range, meaning, source.

A group is a table of a scenario file, a field one line of it: `talks.window` is `[talks] window`.
A source that reads "assumption" is a prior of this project, to be varied and never to be believed.
"""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

type Confidence = Literal["seen", "memory", "derived", "judgement"]

ASSUMPTION = "assumption"
NO_UNIT = "-"


def number(
    default: Any,
    low: float,
    high: float,
    unit: str,
    meaning: str,
    source: str = ASSUMPTION,
    built_in: bool = False,
) -> Any:
    """Declare a number by default (`...`: must be given), range, unit, meaning and source.

    What is built in is compiled before the first week and cannot differ between worlds.
    """
    extra: JsonDict = {"unit": unit, "source": source} | ({"built_in": True} if built_in else {})
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


class Table(BaseModel):
    """A table of a scenario file: frozen, strict about types, without unknown keys."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=True
    )


# A table of numbers is laid out by hand.
# fmt: off


class Time(Table):
    """How long a world runs."""

    horizon: int = number(104, 1, 520, "weeks", "weeks that are simulated", "design: two years")
    shock_rate: float = number(
        1.0, 0, 5, "factor", "scale of the chances of random events; 0: none"
    )
    stop_at_agreement: bool = Field(
        False, description="whether a world is at rest once an agreement is in force"
    )


class Economy(Table):
    """How tariffs reach incomes and trade."""

    table: Literal["armington", "none"] = Field(
        "armington", description="the economy: a solved trade model, or none (no pain from tariffs)"
    )
    elasticity: float = number(
        4.0, 2, 6, NO_UNIT, "long-run trade elasticity (substitution between origins, less one)",
        "Simonovska-Waugh 2014; in the midst of six published sets by sector",
    )
    elasticity_spread: float = number(
        0.2, 0, 1, "log sd", "spread of the trade elasticity between worlds"
    )
    adjustment_half_life: float = number(
        150, 1, 520, "weeks", "half-life of the passage from short-run to long-run trade",
        "Boehm-Levchenko-Pandalai-Nayar 2023: seven to ten years to the long run; a year would"
        " have cut US imports from China by 25 % in 2019, 150 weeks by 20 %, the fact is 17 %",
    )
    pain_memory: float = number(
        0.85, 0, 0.999, "share per week", "part of last week's pain that a group still feels"
    )
    leverage: float = number(
        0.5, 0, 1.5, "share", "extra pain from tariffs per unit of a side's economic weakness",
        "assumption; the seed article names a weak economy as a lever",
    )
    hardening: float = number(
        0.5, 0, 1.5, "share", "extra cost of structural concessions per unit of a side's weakness",
        "assumption; the seed article names a stance hardened by weakness",
    )


class Values(Table):
    """How much the issues weigh, and how well that is known."""

    cost_scale: float = number(
        1.0, 0.5, 2, NO_UNIT, "scale of what owners lose by giving; decides much, vary it always"
    )
    spread: float = number(
        0.35, 0, 1, "log sd", "spread of the value of each issue between worlds",
        "assumption: values are elicited, no source publishes them",
    )


class Talks(Table):
    """How the sides bargain and learn."""

    window: float = number(
        26, 1, 260, "talk-weeks",
        "talk-weeks until a side asks no more than its reservation; decides much, vary it always",
    )
    rate: float = number(
        0.25, 0, 1, "share per week", "chance that the sides meet in a week",
        "19 sessions in the 89 weeks of the 2018-20 talks (.21), rounded up",
    )
    exponent: float = number(
        0.5, 0.05, 5, NO_UNIT,
        "exponent of concession at firmness one half; below one: late concession",
        "Faratin-Sierra-Jennings 1998",
    )
    firmness_slope: float = number(
        2.0, 0, 6, "per unit firmness", "how much firmness lowers the exponent (log scale)"
    )
    mirror: float = number(
        0.3, 0, 1, "share", "weight of tit-for-tat in the aspiration",
        "Faratin-Sierra-Jennings 1998",
    )
    deadline_share: float = number(
        0.9, 0, 1, "share", "part of the window after which the best offer seen is good enough",
        "Baarslag et al. 2013; the value is an assumption",
    )
    resolve_spread: float = number(
        0.30, 0, 1, "log sd", "spread of each leader's private resolve between worlds"
    )
    caution: float = number(
        0.0, 0, 3, "sd", "standard deviations that a side adds to the other's believed reservation"
    )
    belief_spread: float = number(
        0.10, 0, 1, "points", "standard deviation of the first belief about the other's reservation"
    )
    rejection_noise: float = number(
        0.15, 0.001, 1, "points", "standard deviation of a rejected offer as a signal"
    )
    weight_noise: float = number(
        0.10, 0.001, 1, "points",
        "standard deviation of an offer as a signal of the issues' weights",
        "Hindriks-Tykhonov 2008; the value is an assumption",
    )
    step: float = number(
        0.02, 0.0001, 1, "points", "step of concession of the zeuthen and micro rules"
    )
    cabinet_share: float = number(
        0.85, 0, 1, "share", "part of the sessions below the leaders that can agree on a package",
        "rounds of 2018-20: 14 of 17 below the leaders were led by ministers",
    )
    publicity: float = number(
        0.05, 0, 1, "opinion", "firmness that an audience adds at the table; none if deniable",
        "form: Fearon 1997, Stasavage 2004; the value is an assumption",
    )
    lead_weight: float = number(
        0.5, 0, 1, "share", "part of the firmness at the table that the lead adviser sets"
    )
    learning: bool = Field(
        True, description="whether offers and rejections teach what the other side wants"
    )


class Influence(Table):
    """How opinions move on the graph of a side."""

    street: float = number(
        0.3, 0, 1, "share", "part of a leader's ear that is open to the constituencies"
    )
    confidence: float = number(
        1.0, 0, 1, "opinion", "largest distance of opinion that is still heard; 1: all are heard",
        "Hegselmann-Krause 2002",
    )
    pain_softens: float = number(
        0.10, 0, 1, "opinion per unit pain", "fall of a group's firmness with its pain"
    )
    rally_hardens: float = number(
        0.10, 0, 1, "opinion per unit rally", "rise of firmness with the rally round the flag"
    )
    mistrust_hardens: float = number(
        0.10, 0, 1, "opinion", "rise of firmness from full trust to none"
    )
    leak_hardens: float = number(
        0.05, 0, 1, "opinion per leak", "rise of firmness after a back channel was found out"
    )
    mistrust_enforcement: float = number(
        0.30, 0, 1, "opinion", "rise of the demand for enforcement from full trust to none"
    )


class Trust(Table):
    """How kept and broken promises are remembered."""

    base_kept: float = number(
        4.0, 0.1, 100, "observations", "kept promises that trust begins with",
        "assumption: agreements are usually kept",
    )
    base_broken: float = number(
        1.0, 0.1, 100, "observations", "broken promises that trust begins with",
        "assumption: agreements are usually kept",
    )
    memory: float = number(
        0.995, 0.5, 1, "share per week", "part of the experience above the base that is remembered",
        "form: Josang-Ismail 2002; the value is an assumption",
    )
    defection_weight: float = number(
        2.0, 0, 50, "observations", "broken promises that one involuntary defection counts as"
    )
    tariff_weight: float = number(
        0.5, 0, 10, "observations per 10 points", "broken promises that a new tariff counts as"
    )


class Enforcement(Table):
    """What verification with automatic snap-back is worth and costs."""

    snapback: float = number(
        0.6, 0, 1, "share", "part of the missing delivery that full enforcement makes good"
    )
    cost: float = number(0.15, 0, 1, "points", "cost of full enforcement to a side that accepts it")
    lowest: float = number(0.0, 0, 1, "share", "least enforcement that both sides accept")
    highest: float = number(1.0, 0, 1, "share", "most enforcement that both sides accept")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError(f"lowest = {self.lowest:g} must not exceed highest = {self.highest:g}")
        return self


class Ratification(Table):
    """What an agreement must pass at home."""

    anticipation: float = number(
        0.5, 0, 1, "share", "how far a leader foresees ratification when setting the reservation",
        "Iida 1993; the value is an assumption",
    )
    target: float = number(
        0.7, 0.5, 0.99, "probability", "chance of ratification that a leader aims at",
        "Iida 1993; the value is an assumption",
    )
    hawk_bonus: float = number(
        0.05, 0, 1, "points per unit firmness", "how much a firm leader lowers the threshold",
        "Mattes-Weeks 2019; the value is an assumption",
    )
    group_threshold: float = number(
        0.0, -1, 1, "points", "worth of a package at which a constituency is undecided"
    )
    group_threshold_spread: float = number(
        0.10, 0, 1, "points", "spread of that threshold between worlds and constituencies"
    )
    group_spread: float = number(
        0.10, 0, 1, "points", "how gradually a constituency turns from no to yes (probit scale)"
    )
    quota: float = number(
        0.5, 0, 1, "share", "weighted share of the constituencies that must agree"
    )
    vote_spread: float = number(
        0.10, 0, 1, "share", "how gradually the share in favour decides (probit scale)"
    )


class Retaliation(Table):
    """How tariffs are answered, and how far threats of them are believed."""

    proportion: float = number(
        0.9, 0, 2, "share", "size of a retaliation as a share of the tariff it answers",
        "PIIE/Bown tariff series 2018-20, judged",
    )
    generosity: float = number(
        0.15, 0, 1, "probability", "chance that a tariff is left unanswered",
        "form: generous tit-for-tat; PIIE/Bown tariff series 2018-20, judged",
    )
    lag: int = number(1, 1, 13, "weeks", "weeks from a tariff to its retaliation")
    spread: float = number(0.2, 0, 1, "log sd", "spread of the size of a retaliation")


class Approval(Table):
    """How the leaders stand at home."""

    pain_slope: float = number(0.05, 0, 1, "share per unit pain", "approval lost to pain")
    speed: float = number(
        0.1, 0, 1, "share per week", "part of the way to its new level that approval goes in a week"
    )
    rally_half_life: float = number(
        7, 1, 52, "weeks", "half-life of a rally round the flag", "Mueller 1970; Baum 2002"
    )
    rally_size: float = number(
        0.02, 0, 0.5, "share per 10 points", "rally round the flag after a tariff of the other side"
    )
    deal_bonus: float = number(0.02, 0, 0.5, "share", "approval gained by an agreement in force")


class Channels(Table):
    """What back channels carry."""

    contact: float = number(
        0.2, 0, 1, "per week", "chance that a back channel makes contact in a week",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    contact_lift: float = number(
        0.2, 0, 1, "share", "part of the weeks without a session that a contact turns into one",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    error: float = number(
        0.1, 0, 1, "probability", "chance that an intermediary misjudges whom it speaks about",
        "form: Kydd 2003; the value is an assumption",
    )
    bias: float = number(
        0.3, 0, 1, "share", "how far an intermediary leans to the listener",
        "form: Kydd 2003; the value is an assumption",
    )
    misalignment: float = number(
        0.08, 0, 1, "points", "distance of the intermediary's interest from the listener's",
        "form: Crawford-Sobel 1982; the value is an assumption",
    )
    noise: float = number(
        0.10, 0.001, 1, "points", "standard deviation of a message about a reservation"
    )
    deniable: float = number(
        0.5, 0, 1, "probability", "chance that a session in a week of contact is deniable",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    leak: float = number(
        0.03, 0, 1, "per week", "chance that a channel in contact is found out"
    )
    leak_half_life: float = number(8, 1, 104, "weeks", "half-life of the stir after a leak")
    leak_cost: float = number(
        0.05, 0, 1, "points", "rise of the ratification threshold after a leak"
    )
    real: float = number(
        0.5, 0, 1, "probability", "chance that a channel speaks for its leader",
        "assumption: not known, the seed article names the doubt",
    )
