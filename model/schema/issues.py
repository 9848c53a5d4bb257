"""The issues on the table: what giving one means, in its unit and as a sentence."""

import re
import string
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field

from model.schema.parameters import Confidence, Table, number

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
    number(..., -10, 10, "points", "what the group gains (positive) or loses if all is given"),
]

FAMILIES: tuple[str, ...] = get_args(Family.__value__)
SLIGHT = 0.005  # a level that is left out of a sentence: half of one percent

_SPEC = re.compile(r",?(\.[0-9])?[fg]?")


class Issue(Table):
    """One thing that its owner can give, from nothing (0) to all (1)."""

    title: str = Field(description="name of the issue")
    owner: str = Field(description="the side that gives")
    family: Family = Field(description="the kind of issue, by which deals are told apart")
    unit: str = Field(description="unit of the amount")
    amount: float = number(..., 0, 1e12, "the issue's", "what giving all means")
    sentence: str = Field(description="what is given, with {amount} where the amount stands")
    deferred: float = number(
        ..., 0, 1, "share", "part that is delivered after signing or can be taken back"
    )
    tariff: bool = Field(
        False,
        description="whether it lifts the owner's added tariff: the other side's gain is then the"
        " pain relieved, and the owner's stakes, given for the tariff at the start, scale with the"
        " tariff in force",
    )
    counts_above: str = Field(
        "", description="tariff issue whose restored trade must be exceeded before this one counts"
    )
    relieves: Literal["", "export_controls", "revocation"] = Field(
        "", description="what else giving the issue ends: export controls, the risk of revocation"
    )
    third: bool = Field(
        False, description="whether the rest of the world may stand together on the issue"
    )
    leaders_only: bool = Field(False, description="whether only the leaders themselves move it")
    stakes: dict[str, Stake] = Field(
        default_factory=dict, description="points of each constituency if all is given"
    )
    source: str = Field(min_length=1, description="where the numbers come from")
    confidence: Confidence = Field("judgement", description="how well the numbers are known")

    def say(self, level: float) -> str:
        """Return what a level means, in words.

        >>> Issue(title="Purchases", owner="CN", family="market access", unit="bn dollars",
        ...       amount=200.0, sentence="China buys {amount:.0f} bn dollars more",
        ...       deferred=1.0, source="assumption").say(0.6)
        'China buys 120 bn dollars more'
        """
        return self.sentence.format(amount=level * self.amount)


def sentences(issues: Mapping[str, Issue], package: Mapping[str, float]) -> list[str]:
    """Return a package as sentences, without what is given in name only (below half a percent)."""
    return [issues[key].say(level) for key, level in package.items() if level >= SLIGHT]


def template_fault(template: str) -> str | None:
    """Return why a sentence cannot be filled in, or None.

    Only `{amount}` may be filled in, with at most a comma, digits and f or g: a template may come
    from a stranger's file.

    >>> template_fault("China buys {amount:,.0f} bn dollars")
    >>> template_fault("China buys {sum} bn dollars")
    'only {amount} can be filled in, not {sum}'
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
            return f"only {{amount}} can be filled in, not {{{name}}}"
        if mark or not _SPEC.fullmatch(spec or ""):
            return f"{{amount:{spec}}} is not a plain number format such as {{amount:.0f}}"
    return None
