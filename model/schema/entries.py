"""The entries of a scenario file: sides, actors, groups, edges and events, each with a source."""

from datetime import date as Date  # a field of a table is named date
from typing import Annotated, Literal

from pydantic import Field

from model.schema.parameters import ASSUMPTION, NO_UNIT, Confidence, Table, number

type Priority = Annotated[
    float,
    number(
        ...,
        0.1,
        10,
        NO_UNIT,
        "weight of the issue in the packages that the actor drafts; larger: it asks for it first"
        " and gives it up last",
    ),
]
type Exposure = Annotated[
    float,
    number(
        ..., -100, 100, "pain per percent", "pain of the group per percent of loss", built_in=True
    ),
]

type RecordedLevel = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        description="level of the issue in the package",
        json_schema_extra={"unit": "0 to 1", "fact": True},
    ),
]

type Effect = Annotated[float, number(..., -5, 5, "of the target", "initial change of the target")]

EARLIEST = Date(1000, 1, 1)  # of the dates in a scenario, so that they have four digits
LATEST = Date(2999, 12, 31)  # so that the last week has a date as well

_KIND = "kind of the event"
_WHAT = "description of the event"
_SOURCE = "source of the numbers"
_CONFIDENCE = "how certain the numbers are"


class Side(Table):
    """One of the two sides at the table."""

    title: str = Field(description="name of the side")
    article: str = Field("", description='article of that name in a sentence, such as "the"')
    region: Literal["USA", "CHN", ""] = Field(
        "", description="region of the economy table; empty if none"
    )
    leader: str = Field(description="actor that decides for the side")
    lead: str = Field("", description="adviser who leads the talks; empty: the leader")
    offering: str = Field("boulware", description="rule for offers and concessions")
    acceptance: str = Field("ac_combi", description="rule for accepting an offer")
    ratification: str = Field("pivot", description="way in which the side ratifies an agreement")
    exports_share: float = number(
        0.0, 0, 100, "percent of income",
        "exports to the other side that its measures can hit; read by the economy from exposures",
        "data of the pair; 0: no exposure",
    )  # fmt: skip
    imports_share: float = number(
        0.0, 0, 100, "percent of income",
        "imports from the other side that own measures can hit; read by the economy from exposures",
        "data of the pair; 0: no exposure",
    )  # fmt: skip
    tariff: float = number(0.0, 0, 10, "share", "average tariff on the other side at the start")
    tariff_base: float = number(
        0.0, 0, 10, "share", "average tariff on the other side before the conflict"
    )
    kappa: float = number(
        0.02, 0, 1, "points per week of unit pain", "cost of one week of unit pain without a deal",
        "assumption, to be calibrated on 2018-20",
    )  # fmt: skip
    political_horizon: float = number(
        26, 0, 520, "weeks", "weeks of future pain that the leader takes into account"
    )
    patience: float = number(
        0.99, 0, 0.9999, "per week", "discount factor: value of next week relative to this week"
    )
    threshold: float = number(
        0.0, -2, 2, "points",
        "utility of a package to the side at which ratification has a probability of one half;"
        " larger: ratification is harder",
    )  # fmt: skip
    threshold_spread: float = number(
        0.1, 0, 2, "points",
        "uncertainty of ratification (probit scale); larger: utility matters less",
    )  # fmt: skip
    loss_aversion: float = number(
        1.0, 1, 5, NO_UNIT, "weight of losses relative to gains; 1: no loss aversion",
        "form: Tversky-Kahneman 1992; off by default",
    )  # fmt: skip
    record_observations: float = number(
        0.0, 0, 100, "observations", "weight of the other side's past promises in this side's trust"
    )
    record_kept: float = number(
        0.5, 0, 1, "share", "share of its past promises that the other side kept, in own view"
    )
    approval: float = number(0.5, 0, 1, "share", "approval of the leader at the start")
    audience_cost: float = number(
        0.05, 0, 0.5, "points and approval", "cost of backing down from a public threat",
        "form: Tomz 2007, Weiss-Dafoe 2019; the value is an assumption",
    )  # fmt: skip
    legacy: float = number(
        0.0, 0, 0.5, "points",
        "value to the leader of having signed a comprehensive deal; any deal has half of it",
    )  # fmt: skip
    winning: float = number(
        0.0, 0, 0.9, "share",
        "weight of own gain in excess of the other's gain; larger: stronger wish not to lose out",
    )  # fmt: skip
    volatility: float = number(
        0.0, 0, 1, "share",
        "volatility of the leader (eta); larger: more threats, more credible threats, less credible"
        " promises",
        "form: McManus 2021; the value is an assumption",
    )  # fmt: skip
    personal: float = number(
        0.0, 0, 1, "share", "taste for personal diplomacy; larger: more calls for a summit"
    )
    rollback: float = number(
        0.7, 0, 1, "share", "share of its tariff rise since the start that a side undoes in a truce"
    )
    controls: float = number(
        0.0, 0, 3, "level",
        "export controls against the other side at the start; 1: those of the US in 2025",
    )  # fmt: skip
    can_revoke: bool = Field(
        False, description="whether the side's legislature can revoke trade relations"
    )
    legislature: str = Field(
        "The legislature", description="name of the legislature at the start of a sentence"
    )
    revocable: str = Field(
        "normal trade relations", description="name of the relations that it can revoke"
    )
    weakness: float = number(0.0, 0, 2, NO_UNIT, "weakness of the economy; 0: none, 1: severe")
    source: str = Field(ASSUMPTION, min_length=1, description=_SOURCE)

    @property
    def named(self) -> str:
        """Return the title for use within a sentence, such as "the United States"."""
        return f"{self.article} {self.title}".strip()


class Actor(Table):
    """A leader, adviser, analyst or intermediary, with numbers stylised from public statements."""

    title: str = Field(description="name")
    side: str = Field(description="side of the actor")
    kind: Literal["leader", "adviser", "analyst", "intermediary"] = Field(
        description="function of the actor"
    )
    role: str = Field("", description="office of the actor")
    firmness: float = number(
        ..., 0, 1, "opinion", "firmness of the actor; larger: later concessions"
    )
    escalation: float = number(0.5, 0, 1, "opinion", "taste for threats and tariffs")
    enforcement: float = number(0.5, 0, 1, "opinion", "demand for verification and snap-back")
    susceptibility: float = number(
        0.7, 0, 1, "share", "weight of the opinions of others in the actor's opinion",
        "form: Friedkin-Johnsen 1990; the value is an assumption",
    )  # fmt: skip
    access: float = number(
        1.0, 0, 1, "share", "access to meetings; larger: more sessions if the actor leads the talks"
    )
    priorities: dict[str, Priority] = Field(
        default_factory=dict,
        description="how much the actor wants each issue relative to an average one, by the key of"
        " the issue; missing: 1",
    )
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


class Constituency(Table):
    """A group at home that the economy and the deal affect, and that presses its leader."""

    title: str = Field(description="name of the group")
    side: str = Field(description="side or observer of the group")
    weight: float = number(
        ..., 0, 100, NO_UNIT, "political weight within the side; weights need no particular sum"
    )
    threshold: float = number(
        0.0, -2, 2, "points",
        "utility of a package to the group at which it supports it with a probability of one half,"
        " above the common threshold of all groups; larger: harder to win over",
        first_edition=0.0,
    )  # fmt: skip
    main_issue: str = Field("", description="most important issue for the group; may be empty")
    firmness: float = number(0.5, 0, 1, "opinion", "firmness that the group asks its leader for")
    responsiveness: float = number(
        0.0, 0, 1, "share", "how strongly pain lowers the firmness that the group asks for; 0: none"
    )
    exposure: dict[str, Exposure] = Field(
        default_factory=dict, description="pain per percent of loss, by series of the economy"
    )
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


class Edge(Table):
    """An edge of the influence graph: `a>b` means that b listens to a.

    Edges within a side carry opinions; edges across sides carry contacts, signals and offers.
    """

    weight: float = number(
        ..., 0, 1, "share", "weight of the first actor among all those to whom the second listens"
    )
    channel: str = Field("", description="how the two are in contact")
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


class RecordedPackage(Table):
    """A package of the historical record, to compare the model with; no rule of the model reads it.

    Issues without a level were not part of it.
    """

    title: str = Field(description="name of the agreement or draft")
    date: Date = Field(ge=EARLIEST, le=LATEST, description="day on which it was agreed or proposed")
    levels: dict[str, RecordedLevel] = Field(description="level of each issue, by its key")
    refused_by: list[str] = Field([], description="sides that refused it; none: both agreed to it")
    threat_by: list[str] = Field([], description="sides whose threat was pending on that day")
    source: str = Field(min_length=1, description=_SOURCE)

    def level(self, issue: str) -> float:
        """Return the level of an issue; 0 if it was not part of the package."""
        return self.levels.get(issue, 0.0)


class ScheduledTariff(Table):
    """A change of a side's tariff that comes into force in a given week of every world."""

    kind: Literal["tariff"] = Field(description=_KIND)
    title: str = Field(description=_WHAT)
    side: str = Field(description="the side that acts")
    announced: int = number(0, 0, 520, "week", "week in which the tariff is announced")
    week: int = number(..., 0, 520, "week", "week in which the tariff comes into force")
    size: float = number(0.0, -2, 2, "share", "change of the side's tariff on the other")
    answered: bool = Field(
        True, description="whether the other side may answer by its rule of retaliation"
    )
    source: str = Field(min_length=1, description=_SOURCE)


class Summit(Table):
    """A meeting of the leaders in a given week of every world."""

    kind: Literal["summit"] = Field(description=_KIND)
    title: str = Field(description=_WHAT)
    side: str = Field(description="the side that acts")
    week: int = number(..., 0, 520, "week", "week of the meeting")
    source: str = Field(min_length=1, description=_SOURCE)


class Election(Table):
    """An election in a given week of every world."""

    kind: Literal["election"] = Field(description=_KIND)
    title: str = Field(description=_WHAT)
    side: str = Field(description="the side that votes")
    week: int = number(..., 0, 520, "week", "week of the election")
    quota_change: float = number(
        0.0, -1, 1, "share", "change of the side's quota from that week on; larger: harder",
        first_edition=0.0,
    )  # fmt: skip
    threshold_change: float = number(
        0.0, -2, 2, "points", "change of the thresholds of the side's groups from that week on",
        first_edition=0.0,
    )  # fmt: skip
    source: str = Field(min_length=1, description=_SOURCE)


class Shock(Table):
    """Something that may happen to a side: in a given week, or in any week by chance."""

    kind: Literal["shock"] = Field(description=_KIND)
    key: str = Field(pattern=r"^[A-Za-z]\w*$", description="name of its random stream")
    title: str = Field(description=_WHAT)
    week: int = number(0, 0, 520, "week", "week in which it happens in every world; 0: by chance")
    hazard: float = number(0.0, 0, 1, "per week", "chance in a week, if no week is given")
    half_life: float = number(13, 0.5, 520, "weeks", "half-life of its effects")
    effects: dict[str, Effect] = Field(
        description="initial change by target: firmness.SIDE, weakness.SIDE, mistrust, pain.GROUP"
    )
    source: str = Field(min_length=1, description=_SOURCE)


class ParameterChange(Table):
    """Another value of a parameter, in every world, from the start of a given week on."""

    kind: Literal["parameter"] = Field(description=_KIND)
    title: str = Field(description=_WHAT)
    parameter: str = Field(description="dotted name of the parameter, such as talks.rate")
    week: int = number(..., 1, 520, "week", "first week with the new value")
    value: float = number(
        ..., -1e6, 1e6, "of the parameter", "the new value, within the range of the parameter"
    )
    source: str = Field(min_length=1, description=_SOURCE)


type Event = Annotated[
    ScheduledTariff | Summit | Election | Shock | ParameterChange, Field(discriminator="kind")
]
