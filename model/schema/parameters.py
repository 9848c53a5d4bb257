"""The parameters of the model's mechanisms, each declared with unit, range, meaning and source.

A class is a table of a scenario file and a field is an entry of it: `talks.window` is
`[talks] window`. The source "assumption" marks a prior of this project: vary it, and do not rely on
its value.
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
    first_edition: float | None = None,
) -> Any:
    """Declare a number with its default (`...`: required), range, unit, meaning and source.

    built_in: whether the number is compiled into the economy before the first week, so that it
    cannot differ between worlds. first_edition: for a number of the second edition of the model,
    the value at which its rule is that of the first edition.
    """
    extra: JsonDict = {"unit": unit, "source": source} | ({"built_in": True} if built_in else {})
    if first_edition is not None:
        extra["first_edition"] = first_edition
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


class Table(BaseModel):
    """A table of a scenario file: frozen, with strict types and no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=True
    )


# A table of numbers is laid out by hand.
# fmt: off


class Time(Table):
    """Length of a simulation."""

    horizon: int = number(104, 1, 520, "weeks", "number of simulated weeks", "design: two years")
    shock_rate: float = number(
        1.0, 0, 5, "factor", "scale of the probabilities of random events; 0: no random events"
    )
    stop_at_agreement: bool = Field(
        False, description="whether a world ends once an agreement is in force"
    )


class Economy(Table):
    """Effects of tariffs on incomes and trade."""

    table: Literal["armington", "exposure", "none"] = Field(
        "armington",
        description="economy: a solved trade model of the US and China, a reduced form for any pair"
        " of sides from their exposures, or none (no pain from tariffs)",
    )
    unit_loss: float = number(
        0.5, 0.01, 10, "percent of income",
        "loss of a side that counts as one unit of pain, in the economy from exposures",
        "derived: under the tariffs of late 2019, this economy loses .23 % of income in the US and"
        " 1.27 % in China; about the geometric mean",
    )
    elasticity: float = number(
        4.0, 2, 6, NO_UNIT,
        "long-run trade elasticity (elasticity of substitution between origins minus one)",
        "Simonovska-Waugh 2014; within the range of six published sets by sector",
    )
    elasticity_spread: float = number(
        0.2, 0, 1, "log sd", "spread of the trade elasticity between worlds"
    )
    adjustment_half_life: float = number(
        150, 1, 520, "weeks",
        "half-life of the adjustment from short-run to long-run trade; larger: slower",
        "Boehm-Levchenko-Pandalai-Nayar 2023: seven to ten years to the long run; a year would"
        " have cut US imports from China by 25 % in 2019, 150 weeks by 20 %, the fact is 17 %",
    )
    pain_memory: float = number(
        0.85, 0, 0.999, "share per week",
        "weight of last week's pain in a group's pain; larger: pain changes more slowly",
    )
    leverage: float = number(
        0.5, 0, 1.5, "share", "extra cost of pain per unit of a side's economic weakness",
        "assumption; the seed article names a weak economy as a lever",
    )
    hardening: float = number(
        0.5, 0, 1.5, "share",
        "extra cost of structural concessions per unit of a side's economic weakness",
        "assumption; the seed article names a stance hardened by weakness",
    )
    hardening_now: float = number(
        1.0, 0, 1, "share",
        "degree to which this extra cost follows the weakness of the week; 0: it keeps the value of"
        " the start",
        first_edition=0.0,
    )


class Values(Table):
    """Values of the issues, and their spread between worlds."""

    cost_scale: float = number(
        1.0, 0.5, 2, NO_UNIT,
        "scale of the owners' costs of concessions; important, always vary it",
    )
    rising_cost: float = number(
        0.5, 0, 1, "share",
        "how much more the last part of a concession costs its owner than an average part; 0: all"
        " parts cost the same",
        "form: Raiffa 1982; the value is an assumption",
        first_edition=0.0,
    )
    satiation: float = number(
        0.5, 0, 1, "share",
        "how much less the last part of a received concession is worth than an average part; 0: all"
        " parts are worth the same",
        "form: Raiffa 1982; the value is an assumption",
        first_edition=0.0,
    )
    relief_satiation: float = number(
        0.0, 0, 1, "share",
        "the same for relief of the other side's tariff; 1: the loss grows with the square of the"
        " tariff, as the deadweight loss of an importer does (Harberger 1964)",
        "the model's economy: the loss of the exporter grows less than the tariff, so relief does"
        " not saturate",
        first_edition=0.0,
    )
    elicited_at: float = number(
        0.5, 0, 1, "level",
        "level of an issue at which the worth of a part of it, per level, is the stake in the"
        " scenario; 1: the stakes are the worth of whole issues, 0: of their first parts",
        "assumption: people value a partial concession in proportion and think little of the last"
        " part of it",
        first_edition=1.0,
    )
    spread: float = number(
        0.35, 0, 1, "log sd", "spread of the value of each issue between worlds",
        "assumption: values are elicited, no source publishes them",
    )


class Influence(Table):
    """Changes of opinion on the influence graph of a side."""

    street: float = number(
        0.3, 0, 1, "share",
        "weight of the constituencies among all voices that a leader hears; larger: more pressure"
        " from home",
    )
    confidence: float = number(
        1.0, 0, 1, "opinion",
        "largest difference in firmness at which an actor still listens; 1: actors listen to all",
        "Hegselmann-Krause 2002",
    )
    access: float = number(
        0.5, 0, 1, "share",
        "degree to which actors with little access are heard less; the listener's own view fills"
        " the rest",
        "assumption; the weights of edges contain a part of the access already",
        first_edition=0.0,
    )
    pain_softens: float = number(
        0.10, 0, 1, "opinion per unit pain", "fall of firmness per unit of pain"
    )
    rally_hardens: float = number(
        0.10, 0, 1, "opinion per unit rally", "rise of firmness per unit of rally round the flag"
    )
    mistrust_hardens: float = number(
        0.10, 0, 1, "opinion", "rise of firmness if trust falls from 1 to 0"
    )
    leak_hardens: float = number(
        0.05, 0, 1, "opinion per leak", "rise of firmness after a back channel is exposed"
    )
    mistrust_enforcement: float = number(
        0.30, 0, 1, "opinion", "rise of the demand for enforcement if trust falls from 1 to 0"
    )


class Trust(Table):
    """Memory of kept and broken promises."""

    base_kept: float = number(
        4.0, 0.1, 100, "observations", "kept promises in the initial trust; larger: more trust",
        "assumption: agreements are usually kept",
    )
    base_broken: float = number(
        1.0, 0.1, 100, "observations", "broken promises in the initial trust; larger: less trust",
        "assumption: agreements are usually kept",
    )
    memory: float = number(
        0.995, 0.5, 1, "share per week",
        "share of the experience above the base that remains after a week; 1: no forgetting",
        "form: Josang-Ismail 2002; the value is an assumption",
    )
    defection_weight: float = number(
        2.0, 0, 50, "observations", "number of broken promises that an involuntary defection equals"
    )
    tariff_weight: float = number(
        0.5, 0, 10, "observations per 10 points",
        "number of broken promises that a new tariff of ten points equals",
    )


class Enforcement(Table):
    """Value and cost of verification with automatic snap-back."""

    snapback: float = number(
        0.6, 0, 1, "share", "share of missing delivery that full enforcement replaces"
    )
    cost: float = number(0.15, 0, 1, "points", "cost of full enforcement to a side that accepts it")
    lowest: float = number(0.0, 0, 1, "share", "lowest enforcement of a deal")
    highest: float = number(1.0, 0, 1, "share", "highest enforcement of a deal")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError(f"lowest = {self.lowest:g} must not exceed highest = {self.highest:g}")
        return self


class Retaliation(Table):
    """Retaliation against tariffs."""

    proportion: float = number(
        0.9, 0, 2, "share", "size of a retaliation as a share of the tariff that it answers",
        "PIIE/Bown tariff series 2018-20, judged",
    )
    generosity: float = number(
        0.15, 0, 1, "probability", "probability that a tariff is not answered",
        "form: generous tit-for-tat; PIIE/Bown tariff series 2018-20, judged",
    )
    lag: int = number(1, 1, 13, "weeks", "weeks from a tariff to its retaliation")
    ready: float = number(
        0.6, 0, 1, "probability",
        "probability that a retaliation was prepared and takes effect in the same week",
        "PIIE/Bown: the answers to Lists 1, 2 and 3 came on the day, that to the rise to 25 % of"
        " List 3 after three weeks; the value is an assumption",
        first_edition=0.0,
    )
    spread: float = number(0.2, 0, 1, "log sd", "spread of the size of a retaliation")


class Approval(Table):
    """Approval of the leaders at home."""

    pain_slope: float = number(
        0.05, 0, 1, "share per unit pain", "approval lost per unit of pain"
    )
    speed: float = number(
        0.1, 0, 1, "share per week",
        "share of the gap to its new level that approval closes in a week; larger: faster",
    )
    rally_half_life: float = number(
        7, 1, 52, "weeks", "half-life of a rally round the flag", "Mueller 1970; Baum 2002"
    )
    rally_size: float = number(
        0.02, 0, 0.5, "share per 10 points",
        "approval gained from a rally round the flag after a tariff of the other side",
    )
    deal_bonus: float = number(
        0.02, 0, 0.5, "share", "approval gained when an agreement enters into force"
    )


class Channels(Table):
    """Back channels."""

    contact: float = number(
        0.2, 0, 1, "per week", "probability that a back channel makes contact in a week",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    access: float = number(
        1.0, 0, 1, "share",
        "degree to which an intermediary's access scales the probability of contact, which is then"
        " that at an access of one half",
        first_edition=0.0,
    )
    direct: float = number(
        0.1, 0, 1, "per week",
        "probability of direct contact of the leaders if one listens to the other in full; it makes"
        " a session as likely as a back channel does",
        "about five calls of the leaders in 2018-19, at a weight of one half",
        first_edition=0.0,
    )
    contact_lift: float = number(
        0.2, 0, 1, "share",
        "probability that a contact leads to a session in a week that would have none",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    error: float = number(
        0.1, 0, 1, "probability",
        "probability that an intermediary misjudges the side on which it reports",
        "form: Kydd 2003; the value is an assumption",
    )
    bias: float = number(
        0.3, 0, 1, "share",
        "bias of an intermediary towards the listener; larger: the listener believes it more"
        " readily",
        "form: Kydd 2003; the value is an assumption",
    )
    misalignment: float = number(
        0.08, 0, 1, "points",
        "distance between the interests of intermediary and listener; larger: coarser messages",
        "form: Crawford-Sobel 1982; the value is an assumption",
    )
    noise: float = number(
        0.10, 0.001, 1, "points", "standard deviation of a message about a reservation value"
    )
    deniable: float = number(
        0.5, 0, 1, "probability", "probability that a session in a week of contact is deniable",
        "form: Wanis-St. John 2006; the value is an assumption",
    )
    leak: float = number(
        0.03, 0, 1, "per week", "probability that a back channel in contact is exposed"
    )
    trial: float = number(
        0.25, 0, 1, "probability",
        "probability that a back channel in contact sets out with a trial package, outside of a"
        " deal",
        "form: Wanis-St. John 2006; the value is an assumption",
        first_edition=0.0,
    )
    leak_half_life: float = number(
        8, 1, 104, "weeks", "half-life of the effects of an exposed back channel"
    )
    leak_cost: float = number(
        0.05, 0, 1, "points", "rise of the ratification threshold after a back channel is exposed"
    )
    real: float = number(
        0.5, 0, 1, "probability", "probability that a back channel speaks for its leader",
        "assumption: not known, the seed article names the doubt",
    )
