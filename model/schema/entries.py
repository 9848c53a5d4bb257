"""The people, groups and events of a scenario file, each entry with its numbers and its source."""

from typing import Annotated, Literal

from pydantic import Field

from model.schema.parameters import ASSUMPTION, NO_UNIT, Confidence, Table, number

type Exposure = Annotated[
    float,
    number(
        ..., -100, 100, "pain per percent", "pain of the group per percent of loss", built_in=True
    ),
]

type Effect = Annotated[float, number(..., -5, 5, "of the target", "what it adds at first")]

_KIND = "what kind of event it is"
_WHAT = "what happens"
_SOURCE = "where the numbers come from"
_CONFIDENCE = "how well the numbers are known"


class Side(Table):
    """One of the two sides at the table."""

    title: str = Field(description="name of the side")
    article: str = Field("", description='article of that name in a sentence, such as "the"')
    region: Literal["USA", "CHN", ""] = Field(
        "", description="region of the economy table; empty if none"
    )
    leader: str = Field(description="the actor who decides")
    lead: str = Field("", description="the adviser who leads the talks; empty: the leader")
    offering: str = Field("boulware", description="rule by which the side asks and concedes")
    acceptance: str = Field("ac_combi", description="rule by which the side accepts an offer")
    ratification: str = Field("pivot", description="how the side ratifies an agreement")
    tariff: float = number(0.0, 0, 10, "share", "average tariff on the other side at the start")
    tariff_base: float = number(0.0, 0, 10, "share", "that tariff before the conflict")
    kappa: float = number(
        0.02, 0, 1, "points per week of unit pain", "what a week of unit pain costs without a deal",
        "assumption, to be calibrated on 2018-20",
    )  # fmt: skip
    political_horizon: float = number(26, 0, 520, "weeks", "weeks of pain that the leader foresees")
    patience: float = number(0.99, 0, 0.9999, "per week", "worth of next week against this week")
    threshold: float = number(
        0.0, -2, 2, "points", "worth of a package to the side at which ratification is even"
    )
    threshold_spread: float = number(
        0.1, 0, 2, "points", "how gradually worth decides on ratification (probit scale)"
    )
    loss_aversion: float = number(
        1.0, 1, 5, NO_UNIT, "weight of losses against gains; 1: none",
        "form: Tversky-Kahneman 1992; off by default",
    )  # fmt: skip
    record_observations: float = number(
        0.0, 0, 100, "observations", "weight of the other side's past promises in this side's trust"
    )
    record_kept: float = number(
        0.5, 0, 1, "share", "part of its past promises that the other side kept, as remembered here"
    )
    approval: float = number(0.5, 0, 1, "share", "approval of the leader at the start")
    audience_cost: float = number(
        0.05, 0, 0.5, "points and approval", "cost of backing down from a public threat",
        "form: Tomz 2007, Weiss-Dafoe 2019; the value is an assumption",
    )  # fmt: skip
    legacy: float = number(
        0.0, 0, 0.5, "points", "worth of having signed a comprehensive deal; half of it any deal"
    )
    winning: float = number(
        0.0, 0, 0.9, "share", "weight on own gain above the other's: the wish not to look beaten"
    )
    volatility: float = number(
        0.0,
        0,
        1,
        "share",
        "volatile temper (eta)",
        "form: McManus 2021; the value is an assumption",
    )
    personal: float = number(0.0, 0, 1, "share", "taste for personal diplomacy")
    rollback: float = number(
        0.7, 0, 1, "share", "part of the rise in its tariff that a side undoes in a truce"
    )
    controls: float = number(
        0.0, 0, 3, "level", "export controls against the other at the start; 1: as the US in 2025"
    )
    can_revoke: bool = Field(False, description="whether its legislature can revoke what follows")
    legislature: str = Field("The legislature", description="what a sentence calls it")
    revocable: str = Field(
        "normal trade relations", description="what a sentence calls that which it can revoke"
    )
    weakness: float = number(0.0, 0, 2, NO_UNIT, "weakness of the economy; 0: none, 1: severe")
    source: str = Field(ASSUMPTION, min_length=1, description=_SOURCE)

    @property
    def named(self) -> str:
        """Return the title as it stands within a sentence, such as "the United States"."""
        return f"{self.article} {self.title}".strip()


class Actor(Table):
    """A leader, adviser, analyst or intermediary: numbers stylised from public statements."""

    title: str = Field(description="name")
    side: str = Field(description="the side the actor belongs to")
    kind: Literal["leader", "adviser", "analyst", "intermediary"] = Field(
        description="what the actor does"
    )
    role: str = Field("", description="office")
    firmness: float = number(..., 0, 1, "opinion", "how little the actor would concede")
    escalation: float = number(0.5, 0, 1, "opinion", "taste for threats and tariffs")
    enforcement: float = number(0.5, 0, 1, "opinion", "demand for verification and snap-back")
    susceptibility: float = number(
        0.7, 0, 1, "share", "how far others move the actor's opinion",
        "form: Friedkin-Johnsen 1990; the value is an assumption",
    )  # fmt: skip
    access: float = number(1.0, 0, 1, "share", "how readily the actor gets a meeting")
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


class Constituency(Table):
    """A group at home that feels the economy and the deal, presses its leader and ratifies."""

    title: str = Field(description="name of the group")
    side: str = Field(description="the side or observer the group belongs to")
    weight: float = number(
        ..., 0, 100, NO_UNIT, "political weight within the side (the sum is free)"
    )
    main_issue: str = Field("", description="the issue the group cares about most; may be empty")
    firmness: float = number(0.5, 0, 1, "opinion", "how little the group would concede")
    responsiveness: float = number(
        0.0, 0, 1, "share", "how far compensation at home stills the group"
    )
    exposure: dict[str, Exposure] = Field(
        default_factory=dict, description="pain per percent of loss, by series of the economy"
    )
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


class Edge(Table):
    """Who is heard by whom: `a>b` says that b listens to a.

    Within a side an edge carries opinion; across the sides it carries contact, signals and offers.
    """

    weight: float = number(
        ..., 0, 1, "share", "how much the second listens to the first, beside all others it hears"
    )
    channel: str = Field("", description="how they meet")
    source: str = Field(min_length=1, description=_SOURCE)
    confidence: Confidence = Field("judgement", description=_CONFIDENCE)


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
        description="what it moves at first: firmness.SIDE, weakness.SIDE, mistrust, pain.GROUP"
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
