"""Declare the outcomes: the mutually exclusive ways in which a world can end at the horizon.

`OUTCOMES` is the only list of outcomes. The classification, tables, figures, reports, measures, the
colours of the app and the glossary derive from it. To add an outcome, add one declaration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.arrays import Array, Index, Mask
from model.schema.entries import ScheduledTariff

if TYPE_CHECKING:
    from model.schema.scenario import Scenario

AGREED = 0.3  # an issue counts as agreed from this level on
ISSUES_NEEDED = 4
FAMILIES_NEEDED = 3
FAMILIES = {
    "market access": "market access",
    "investment": "investment and technology",
    "technology and structure": "investment and technology",
    "security": "security",
    "money": "money",
    "rights and institutions": "rights and institutions",
}
ESCALATED_TARIFF = 0.50
DECOUPLED_TRADE = 0.40


class FinalState(NamedTuple):
    """The facts about worlds at the horizon that decide their outcomes, each (R,)."""

    in_force: Mask  # a deal is in force
    comprehensive: Mask  # the deal, if there is one, is comprehensive
    truce: Mask  # a truce is in force
    decoupled: Mask  # trade has fallen for long, or a side revoked normal trade relations
    tariff: Array  # tariff of the first side, a share


def _always_possible(setting: "Scenario") -> bool:
    return False


@dataclass(frozen=True)
class Outcome:
    """One way in which a world can end, with everything that tables and figures need.

    key: the word in the column `outcome` of the results; definition: one sentence, as in the
    glossary; rank: position in figures, from cooperation to conflict; measure: the name of the
    measure that counts the outcome, by default made from the key (outcomes may share a measure);
    condition: selects worlds, but only those that no earlier outcome selects; impossible: returns
    whether the rules of a scenario exclude the outcome.
    """

    key: str
    title: str
    definition: str
    colour_light: str
    colour_dark: str
    is_deal: bool
    condition: Callable[[FinalState], Mask]
    rank: int = 0
    measure: str = ""
    impossible: Callable[["Scenario"], bool] = _always_possible

    @property
    def slug(self) -> str:
        """Return the key as it is used in the names of CSS variables."""
        return self.key.replace(" ", "-")

    @property
    def measured_as(self) -> str:
        """Return the name of the measure that counts the outcome."""
        return self.measure or self.key.replace(" ", "_")


def _no_decoupling(setting: "Scenario") -> bool:
    """Return whether trade cannot fall, for want of an economy, and no side can revoke it."""
    can_revoke = any(side.can_revoke for side in setting.sides.values())
    return setting.economy.table == "none" and ("revocation" in setting.off or not can_revoke)


def _no_escalation(setting: "Scenario") -> bool:
    """Return whether the first side's tariff cannot reach the threshold of an escalation.

    Tariffs rise only by threats and by what is scheduled (answers answer a rise).
    """
    rises = "threats" not in setting.off or bool(setting.of_kind(ScheduledTariff))
    first = next(iter(setting.sides.values()))
    return not rises and first.tariff < ESCALATED_TARIFF


DECOUPLED = Outcome(
    key="decoupled",
    title="Decoupled",
    definition="The sides hardly trade with each other any more.",
    colour_light="#222222",
    colour_dark="#EEEEEE",
    is_deal=False,
    condition=lambda final: final.decoupled,
    rank=5,
    impossible=_no_decoupling,
)
COMPREHENSIVE = Outcome(
    key="comprehensive deal",
    title="Comprehensive deal",
    definition="An agreement in force on at least four issues, from at least three families of "
    "issues, each at 0.3 or more.",
    colour_light="#009E73",
    colour_dark="#009E73",
    is_deal=True,
    condition=lambda final: final.in_force & final.comprehensive,
    rank=0,
    measure="comprehensive",
)
MINI = Outcome(
    key="mini deal",
    title="Mini deal",
    definition="Any smaller agreement in force.",
    colour_light="#56B4E9",
    colour_dark="#56B4E9",
    is_deal=True,
    condition=lambda final: final.in_force,
    rank=1,
    measure="mini",
)
TRUCE = Outcome(
    key="truce",
    title="Truce",
    definition="An agreed pause in which tariffs do not rise.",
    colour_light="#E69F00",
    colour_dark="#E69F00",
    is_deal=False,
    condition=lambda final: final.truce,
    rank=2,
    impossible=lambda setting: "truce" in setting.off,
)
ESCALATED = Outcome(
    key="escalated stalemate",
    title="Escalated stalemate",
    definition="No agreement and no truce, and the first side's tariff is 50 % or more.",
    colour_light="#CC79A7",
    colour_dark="#CC79A7",
    is_deal=False,
    condition=lambda final: final.tariff >= ESCALATED_TARIFF,
    rank=4,
    measure="stalemate",
    impossible=_no_escalation,
)
STALEMATE = Outcome(
    key="stalemate",
    title="Stalemate",
    definition="No agreement and no truce, and the first side's tariff is below 50 %.",
    colour_light="#6B6B6B",
    colour_dark="#9A9A9A",
    is_deal=False,
    condition=lambda final: np.ones(final.tariff.shape, dtype=bool),
    rank=3,
)

# In order of precedence: the first whose condition is true applies. The last is always true.
OUTCOMES: tuple[Outcome, ...] = (DECOUPLED, COMPREHENSIVE, MINI, TRUCE, ESCALATED, STALEMATE)


def outcome_keys() -> list[str]:
    """Return the words for the outcomes, in order of precedence, as tables list them."""
    return [outcome.key for outcome in OUTCOMES]


def deal_keys() -> list[str]:
    """Return the outcomes that are deals in force.

    >>> deal_keys()
    ['comprehensive deal', 'mini deal']
    """
    return [outcome.key for outcome in OUTCOMES if outcome.is_deal]


def ranked() -> list[Outcome]:
    """Return the outcomes in the order of figures, from cooperation to conflict.

    >>> [outcome.key for outcome in ranked()][:3]
    ['comprehensive deal', 'mini deal', 'truce']
    """
    return sorted(OUTCOMES, key=lambda outcome: outcome.rank)


def counted_together() -> dict[str, list[str]]:
    """Return the outcomes that each measure counts, by the name of the measure.

    Every outcome is counted by exactly one of them, so that the shares sum to 100 %.

    >>> counted_together()["stalemate"]
    ['stalemate', 'escalated stalemate']
    """
    groups: dict[str, list[str]] = {}
    for outcome in ranked():
        groups.setdefault(outcome.measured_as, []).append(outcome.key)
    return groups


def outcome_title(key: str) -> str:
    """Return the title of an outcome; a word that is no outcome is capitalised.

    >>> outcome_title("mini deal"), outcome_title("any agreement")
    ('Mini deal', 'Any agreement')
    """
    titles = {outcome.key: outcome.title for outcome in OUTCOMES}
    return titles.get(key, key[:1].upper() + key[1:])


def comprehensive(package: Array, families: list[str]) -> Mask:
    """Return whether a package (issues, R) is a comprehensive deal.

    At least four issues agreed at 0.3 or more from at least three of the families market access,
    investment and technology, security, money, rights and institutions.

    >>> families = ["market access", "investment", "security", "market access"]
    >>> comprehensive(np.array([[0.4, 0.4], [0.5, 0.5], [0.3, 0.2], [1.0, 1.0]]), families).tolist()
    [True, False]
    """
    agreed = package >= AGREED
    reached = np.zeros_like(package[0])
    for family in set(FAMILIES.values()):
        rows = [row for row, name in enumerate(families) if FAMILIES[name] == family]
        if rows:
            reached = reached + np.logical_or.reduce(agreed[rows], axis=0)
    number = np.add.reduce(agreed, axis=0, dtype=np.intp)
    result: Mask = (number >= ISSUES_NEEDED) & (reached >= FAMILIES_NEEDED)
    return result


def classify(final: FinalState) -> Index:
    """Return for each world (R,) the number in OUTCOMES of the first outcome that applies.

    >>> yes, no = np.array([True, True]), np.array([False, False])
    >>> tariff = np.array([0.2, 0.5])
    >>> [OUTCOMES[number].key for number in classify(FinalState(no, no, no, no, tariff))]
    ['stalemate', 'escalated stalemate']
    >>> OUTCOMES[classify(FinalState(yes, no, yes, no, tariff))[0]].key
    'mini deal'
    """
    number = np.full(final.tariff.shape, len(OUTCOMES) - 1, dtype=np.intp)
    for row in reversed(range(len(OUTCOMES) - 1)):
        number = np.where(OUTCOMES[row].condition(final), row, number)
    return number


def impossible(setting: "Scenario") -> tuple[str, ...]:
    """Return the outcomes that the rules of a scenario exclude.

    A share of 0 of such an outcome says nothing about the negotiation.
    """
    return tuple(outcome.key for outcome in OUTCOMES if outcome.impossible(setting))
