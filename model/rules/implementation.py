"""Deals in force: relief in phases, settled arrears, and lower obligations after a breach.

Relief in phases is tit-for-tat delivery (Axelrod 1984): the other side's relief follows what a side
delivers. Sources: Bagwell and Staiger (1990); Downs, Rocke and Barsoom (1996).
"""

import numpy as np

from model.arrays import Array, Mask
from model.schema.scenario import Scenario
from model.state.names import StateName
from model.state.store import Store

LEAST_LEFT = 1e-3  # smallest share of the obligations by which a capacity is divided
SLIGHT = 0.005  # less than this of an issue is not worth a second phase
TALLIES: tuple[StateName, ...] = ("period_delivered", "period_weeks")  # since the last review


def share_at_signing(first: Array, phases: Array, review: Array) -> Array:
    """Return the share of the agreed relief that is granted at signing (R,).

    It is `first`, or 1 if there is only one phase or if there are no reviews, all (R,).

    >>> share_at_signing(np.full(2, 0.5), np.array([1.0, 2.0]), np.full(2, 26.0)).tolist()
    [1.0, 0.5]
    """
    return np.where((phases <= 1.0) | (review <= 0.0), 1.0, first)


def granted(first: Array, phase: Array, phases: Array, delivered: Array) -> Array:
    """Return the share of the agreed relief that is granted in a phase (R,).

    first + (1 - first) (phase - 1) / (phases - 1) min(1, delivered), all (R,). phase: number of the
    phase in force, from 1 to `phases`; delivered: share of its obligations that the other side
    delivered since the last review.

    >>> half = np.array([0.5])
    >>> [float(granted(half, np.array([n]), np.array([3.0]), half)[0]) for n in (1.0, 2.0, 3.0)]
    [0.5, 0.625, 0.75]
    """
    opened = np.minimum((phase - 1.0) / np.maximum(phases - 1.0, 1.0), 1.0)
    return first + (1.0 - first) * opened * np.minimum(delivered, 1.0)


def settled(owed: Array, share: Array, intent: Array, held: Array) -> Array:
    """Return the arrears after an implementation session, in weeks of delivery (R,).

    owed (1 - share intent) if a session is held. owed: arrears in weeks of delivery; share: part
    that a session settles for a side with full intent; intent: share of its promises that the side
    intends to keep; held: 1 if a session is held this week, else 0. All (R,).

    >>> half = np.full(2, 0.5)
    >>> settled(np.full(2, 4.0), half, half, np.array([1.0, 0.0])).tolist()
    [3.0, 4.0]
    """
    return owed * (1.0 - share * intent * held)


def enlarged(held: Array, added: Array) -> Array:
    """Return the package after a second phase (issues, R): held + (1 - held) added.

    held: levels of the deal in force (issues, R), 0 without one; added: shares of what the deal
    left open (issues, R).

    >>> enlarged(np.array([[0.4]]), np.array([[0.5]])).tolist()
    [[0.7]]
    """
    return held + (1.0 - held) * added


def left_open(held: Array, given: Array) -> Array:
    """Return the share of an issue's present worth that a deal left open (issues, R).

    (1 - held) / (1 - held given). held: level of the deal (issues, R); given: share of the issue's
    scale that the deal has already removed, for relief the share granted, else 0 (issues, R). The
    worth of relief is that of the tariff in force, so a deal that is fully granted needs no factor.

    >>> left_open(np.array([[0.4, 0.4, 1.0]]), np.array([[0.0, 1.0, 1.0]])).tolist()
    [[0.6, 1.0, 0.0]]
    """
    rest = 1.0 - held * given
    return np.where(rest > 0.0, (1.0 - held) / np.where(rest > 0.0, rest, 1.0), 0.0)


def relief_granted(store: Store, setting: Scenario) -> Array:
    """Return for each issue the share of its relief that is granted (issues, R); 0 if no relief."""
    sides = list(setting.sides)
    return np.stack(
        [
            store.row("granted", sides.index(card.owner))
            if is_relief(setting, key)
            else store.zeros()
            for key, card in setting.issues.items()
        ]
    )


def is_relief(setting: Scenario, key: str) -> bool:
    """Return whether an issue lifts a tariff or export controls, which can be done in phases."""
    card = setting.issues[key]
    return card.tariff or card.relieves == "export_controls"


def relieve(store: Store, setting: Scenario, where: Mask) -> None:
    """Set tariffs and controls to what the deal asks, as far as it is granted; where: worlds (R,).

    A tariff is lowered from its level before the deal towards its base.
    """
    sides = list(setting.sides)
    package = np.where(where, store["agreement"], 0.0)
    for row, card in enumerate(setting.issues.values()):
        side = sides.index(card.owner)
        level = package[row] * store.row("granted", side)
        if card.tariff:
            before, base = (
                store.row("tariff_before", side),
                store.of("sides", card.owner, "tariff_base"),
            )
            base = base + store.row("revoked", side) * store["revocation.size"]
            lowered = before - level * np.maximum(before - base, 0.0)
            store.set_row("tariff", side, np.where(where, lowered, store.row("tariff", side)))
        if card.relieves == "export_controls":
            lowered = store.row("controls_before", side) * (1.0 - level)
            store.set_row("controls", side, np.where(where, lowered, store.row("controls", side)))
        if card.relieves == "revocation":
            store["assured"] = np.where(where, package[row], store["assured"])
