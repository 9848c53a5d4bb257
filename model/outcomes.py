"""What a world ends in: six outcomes at the horizon, mutually exclusive."""

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array, Index, Mask

if TYPE_CHECKING:
    from model.schema.scenario import Scenario

OUTCOMES = (
    "decoupled",
    "comprehensive deal",
    "mini deal",
    "truce",
    "escalated stalemate",
    "stalemate",
)
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


def comprehensive(package: Array, families: list[str]) -> Mask:
    """Return whether a package (issues, R) is a comprehensive deal.

    At least four issues agreed at 0.3 or more from at least three of the families market access,
    investment and technology, security, money, rights and institutions.

    >>> families = ["market access", "investment", "security", "market access"]
    >>> comprehensive(np.array([[0.4, 0.4], [0.5, 0.5], [0.3, 0.2], [1.0, 1.0]]), families).tolist()
    [True, False]
    """
    agreed = package >= AGREED
    reached = np.zeros(package.shape[-1])
    for family in set(FAMILIES.values()):
        rows = [row for row, name in enumerate(families) if FAMILIES[name] == family]
        if rows:
            reached += np.logical_or.reduce(agreed[rows], axis=0)
    number = np.add.reduce(agreed, axis=0, dtype=np.intp)
    result: Mask = (number >= ISSUES_NEEDED) & (reached >= FAMILIES_NEEDED)
    return result


def classify(in_force: Mask, whole: Mask, truce: Mask, decoupled: Mask, tariff: Array) -> Index:
    """Return the outcome's place in OUTCOMES for each world (R,), the first that holds.

    in_force: a deal is in force; whole: it is comprehensive; tariff: the first side's, as a share.

    >>> yes, no = np.array([True, True]), np.array([False, False])
    >>> places = classify(no, no, no, no, np.array([0.2, 0.5]))
    >>> [OUTCOMES[place] for place in places]
    ['stalemate', 'escalated stalemate']
    >>> OUTCOMES[classify(yes, no, yes, no, np.array([0.2, 0.5]))[0]]
    'mini deal'
    """
    place = np.where(tariff >= ESCALATED_TARIFF, 4, 5)
    place = np.where(truce, 3, place)
    place = np.where(in_force, np.where(whole, 1, 2), place)
    return np.where(decoupled, 0, place)


def impossible(setting: "Scenario") -> tuple[str, ...]:
    """Return the outcomes that cannot come by the rules of a scenario: a share of 0 tells nothing.

    Without an economy trade cannot fall; a truce may be switched off; and tariffs rise only by
    threats and by what is scheduled (answers answer a rise).
    """
    sides = list(setting.sides.values())
    revokes = "revocation" not in setting.off and any(side.can_revoke for side in sides)
    rises = "threats" not in setting.off or any(e.kind == "tariff" for e in setting.events)
    ruled_out = {
        "decoupled": setting.economy.table == "none" and not revokes,
        "truce": "truce" in setting.off,
        "escalated stalemate": not rises and sides[0].tariff < ESCALATED_TARIFF,
    }
    return tuple(name for name, out in ruled_out.items() if out)
