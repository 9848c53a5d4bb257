"""The issues under negotiation: their owner, amount, stakes, and wording in a sentence."""

import re
import string
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field

from model.schema.parameters import NO_UNIT, Confidence, Table, number

type Family = Literal[
    "market access",
    "investment",
    "technology and structure",
    "security",
    "money",
    "rights and institutions",
]
type Stake = Annotated[
    float,
    number(..., -10, 10, "points", "gain (positive) or loss of the group at level 1 of the issue"),
]

FAMILIES: tuple[str, ...] = get_args(Family.__value__)
SLIGHT = 0.005  # levels below this (half of one percent) are left out of sentences

_SPEC = re.compile(r",?(\.[0-9])?[fg]?")


class Issue(Table):
    """A concession that its owner can make, from level 0 (nothing) to level 1 (everything)."""

    title: str = Field(description="name of the issue")
    owner: str = Field(description="side that makes the concession")
    family: Family = Field(description="kind of issue, used to classify deals")
    unit: str = Field(description="unit of the amount")
    amount: float = number(..., 0, 1e12, "the issue's", "amount at level 1")
    sentence: str = Field(description="wording of the concession, with {amount} for the amount")
    deferred: float = number(
        ..., 0, 1, "share", "part that is delivered after signing or can be withdrawn later"
    )
    tariff: bool = Field(
        False,
        description="whether it lifts the owner's added tariff; if so, the other side's gain is the"
        " pain relieved, and the owner's stakes, given for the tariff at the start, scale with the"
        " tariff in force",
    )
    counts_above: str = Field(
        "", description="tariff issue whose restored trade must be exceeded before this one counts"
    )
    relieves: Literal["", "export_controls", "revocation"] = Field(
        "", description="what else the issue ends: export controls or the risk of revocation"
    )
    whole: bool = Field(
        False,
        description="whether an offer contains the issue as a whole or not at all",
        json_schema_extra={"first_edition": False},
    )
    levels: int = number(
        0,
        0,
        101,
        "levels",
        "number of equally spaced levels that an offer can contain, nothing and all included; below"
        " 2: any level",
        "design",
        first_edition=0,
    )
    third: bool = Field(
        False, description="whether the rest of the world can coordinate on the issue"
    )
    leaders_only: bool = Field(
        False, description="whether the issue is negotiated only at meetings of the leaders"
    )
    stakes: dict[str, Stake] = Field(
        default_factory=dict, description="gain or loss of each constituency at level 1, in points"
    )
    gain_factor: float = number(
        1.0,
        0.1,
        10,
        NO_UNIT,
        "what the issue is worth to sides that do not own it, relative to their groups' stakes; the"
        " worth of tariff relief follows from pain instead",
        "assumption",
        first_edition=1.0,
    )
    cost_factor: float = number(
        1.0,
        0.1,
        10,
        NO_UNIT,
        "what the issue costs its owner, relative to its groups' stakes",
        "assumption",
        first_edition=1.0,
    )
    source: str = Field(min_length=1, description="where the numbers come from")
    confidence: Confidence = Field("judgement", description="how well the numbers are known")

    def say(self, level: float) -> str:
        """Return a level of the issue as a sentence.

        >>> Issue(title="Purchases", owner="CN", family="market access", unit="bn dollars",
        ...       amount=200.0, sentence="China buys {amount:.0f} bn dollars more",
        ...       deferred=1.0, source="assumption").say(0.6)
        'China buys 120 bn dollars more'
        """
        return self.sentence.format(amount=level * self.amount)


def sentences(issues: Mapping[str, Issue], package: Mapping[str, float]) -> list[str]:
    """Return a package as sentences, without issues at a level below half a percent."""
    return [issues[key].say(level) for key, level in package.items() if level >= SLIGHT]


def template_fault(template: str) -> str | None:
    """Return why a sentence template is invalid, or None if it is valid.

    A template may come from an untrusted file, so its only field is `{amount}` with a format of at
    most a comma, digits and f or g.

    >>> template_fault("China buys {amount:,.0f} bn dollars")
    >>> template_fault("China buys {sum} bn dollars")
    'the only valid field is {amount}, not {sum}'
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return "the braces do not match"
    fields = [(name, spec, mark) for _, name, spec, mark in parts if name is not None]
    if not fields:
        return "{amount} is missing"
    for name, spec, mark in fields:
        if name != "amount":
            return f"the only valid field is {{amount}}, not {{{name}}}"
        if mark or not _SPEC.fullmatch(spec or ""):
            return f"{{amount:{spec}}} is not a plain number format such as {{amount:.0f}}"
    return None
