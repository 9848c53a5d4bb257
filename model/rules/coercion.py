"""Coercion: new threats, what becomes of them when they fall due, and what a volatile temper does.

Fearon (1994, 1997); Signorino (1999); McManus (2021). A chance is moved in odds, so that a base of
0 stays 0: that is how the mechanism is switched off.
"""

import numpy as np

from model.arrays import Array

NONE, TARIFF, CONTROL, REVOCATION = 0.0, 1.0, 2.0, 3.0  # kinds of threat


def shifted(chance: Array, log_odds: Array) -> Array:
    """Return a chance moved by `log_odds`: h e^s / (1 - h + h e^s) (R,).

    >>> shifted(np.array([0.5, 0.0]), np.array([0.0, 3.0])).tolist()
    [0.5, 0.0]
    """
    odds = chance * np.exp(np.clip(log_odds, -50.0, 50.0))
    return odds / (1.0 - chance + odds)


def logit_choice(precision: Array, difference: Array) -> Array:
    """Return the chance of the first of two acts that is better by `difference` points (R,).

    1 / (1 + e^(-precision x difference)) (McKelvey and Palfrey 1998; Signorino 1999).

    >>> logit_choice(np.array([12.0]), np.array([0.0])).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + np.exp(np.clip(-precision * difference, -700.0, 700.0)))


def threat_size(median: Array, spread: Array, normal: Array, least: Array, most: Array) -> Array:
    """Return the size of a threatened tariff rise as a share, log-normal and bounded (R,).

    >>> threat_size(*(np.array([v]) for v in (0.2, 0.7, 0.0, 0.05, 1.0))).tolist()
    [0.2]
    """
    return np.clip(median * np.exp(spread * normal), least, most)


def threat_kind(
    chance: Array, control_share: Array, revocation_share: Array, can_revoke: bool
) -> Array:
    """Return the kind of a new threat from a uniform `chance` (R,)."""
    revoked = revocation_share if can_revoke else np.zeros_like(revocation_share)
    kind = np.where(chance < control_share + revoked, REVOCATION, TARIFF)
    return np.where(chance < control_share, CONTROL, kind)


def execution_worth(leverage: Array, own_pain: Array, audience: Array, escalation: Array) -> Array:
    """Return by how many points carrying out a threat beats backing down (R,).

    leverage - own pain + audience cost x taste for escalation (Fearon 1994).
    """
    return leverage - own_pain + audience * escalation


def credibility(executed: Array, backed: Array, volatility: Array) -> Array:
    """Return how far a side's threats are believed, q + (1 - q) eta / 2 (R,).

    q is the mean of a Beta over threats executed and not; a volatile temper is believed more.

    >>> credibility(np.array([3.5]), np.array([6.5]), np.array([0.0])).tolist()
    [0.35]
    """
    kept = executed / (executed + backed)
    return kept + (1.0 - kept) * 0.5 * volatility


def assurance(trust: Array, volatility: Array, loss: Array) -> Array:
    """Return the trust in the promises of a volatile side, T (1 - psi eta) (R,).

    Believed in its threats, it is believed less in its promises (McManus 2021): raising eta pays
    iff K L (1 - q) / 2 > psi V T, with K L what a believed threat brings and V what a promise does.

    >>> assurance(np.array([0.6]), np.array([0.5]), np.array([0.8])).round(3).tolist()
    [0.36]
    """
    return trust * (1.0 - loss * volatility)
