"""Coercion: new threats, the choice to execute them, credibility, and effects of volatility.

Sources: Fearon (1994, 1997); Signorino (1999); McManus (2021). Probabilities are shifted in log
odds, so a base probability of 0 stays 0. This is how the mechanism is switched off.
"""

import numpy as np

from model.arrays import Array

NONE, TARIFF, CONTROL, REVOCATION = 0.0, 1.0, 2.0, 3.0  # kinds of threat
LAST_WEEKS = 2.0  # weeks before a threat falls due in which it is an ultimatum


def shifted(chance: Array, log_odds: Array) -> Array:
    """Return a probability h shifted by `log_odds` s: h e^s / (1 - h + h e^s) (R,).

    >>> shifted(np.array([0.5, 0.0]), np.array([0.0, 3.0])).tolist()
    [0.5, 0.0]
    """
    odds = chance * np.exp(np.clip(log_odds, -50.0, 50.0))
    return odds / (1.0 - chance + odds)


def logit_choice(precision: Array, difference: Array) -> Array:
    """Return the probability (R,) of the first of two acts under a logit choice.

    1 / (1 + e^(-precision x difference)) (McKelvey and Palfrey 1998; Signorino 1999), where
    `difference` is the utility of the first act minus that of the second, in points.

    >>> logit_choice(np.array([12.0]), np.array([0.0])).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + np.exp(np.clip(-precision * difference, -700.0, 700.0)))


def threat_size(
    median: Array, spread: Array, normal: Array, tail: Array, least: Array, most: Array
) -> Array:
    """Return the size (R,) of a threatened tariff rise, as a share, between `least` and `most`.

    median e^(spread z) with z = normal e^(tail normal^2 / 2); normal: a standard normal draw. With
    a tail of 0 the size is log-normal; a larger tail h makes both tails heavier (Tukey's h
    distribution: Hoaglin 1985).

    >>> threat_size(*(np.array([v]) for v in (0.2, 0.7, 0.0, 0.1, 0.05, 1.0))).tolist()
    [0.2]
    """
    stretched = normal * np.exp(np.minimum(0.5 * tail * normal * normal, 50.0))
    return np.clip(median * np.exp(np.minimum(spread * stretched, 50.0)), least, most)


def rung(size: Array, factor: Array, pending: Array, least: Array, most: Array) -> Array:
    """Return the size (R,) of the threat that meets a retaliation (Kahn 1965).

    factor x size, between `least` and `most`, but at least the threat that is pending. size: the
    retaliation, a share. If a retaliation has proportion p and is met by a threat with
    probability l, which is executed, the expected sum of a side's rises is size / (1 - l factor p),
    if l factor p < 1; otherwise it has no bound but `most`.

    >>> rung(*(np.array([v]) for v in (0.1, 1.5, 0.0, 0.05, 1.0))).round(3).tolist()
    [0.15]
    """
    return np.maximum(np.clip(factor * size, least, most), pending)


def first_part(size: Array, share: Array, least: Array) -> Array:
    """Return the part (R,) of a threatened rise that is executed when it falls due.

    share x size, or all of it if that part or the rest would be below `least`.

    >>> first_part(np.array([0.2, 0.05]), np.full(2, 0.5), np.full(2, 0.05)).tolist()
    [0.1, 0.05]
    """
    part = size * share
    return np.where(np.minimum(part, size - part) < least, size, part)


def threat_kind(
    chance: Array, control_share: Array, revocation_share: Array, can_revoke: bool
) -> Array:
    """Return the kind (R,) of a new threat, drawn with the uniform `chance` (R,).

    control_share, revocation_share: probabilities of the two rarer kinds; otherwise it is a tariff.
    """
    can_share = revocation_share if can_revoke else np.zeros_like(revocation_share)
    kind = np.where(chance < control_share + can_share, REVOCATION, TARIFF)
    return np.where(chance < control_share, CONTROL, kind)


def retaliation_cost(harm: Array, size: Array, proportion: Array, generosity: Array) -> Array:
    """Return the expected cost of the other's retaliation to a tariff rise, in points (R,).

    harm x size x proportion x (1 - generosity), at least 0. harm: cost of a tariff of 100 percent
    of the other side, in points; size: the rise, a share (Signorino 1999: the answer is foreseen).

    >>> retaliation_cost(*(np.array([v]) for v in (0.5, 0.2, 0.9, 0.1))).round(3).tolist()
    [0.081]
    """
    return np.maximum(harm * size * proportion * (1.0 - generosity), 0.0)


def execution_worth(
    leverage: Array, own_pain: Array, audience: Array, escalation: Array, reputation: Array | float
) -> Array:
    """Return the utility of executing a threat minus that of backing down, in points (R,).

    leverage - own pain + audience cost x taste for escalation (Fearon 1994) + reputation stake, all
    (R,).
    """
    return leverage - own_pain + audience * escalation + reputation


def foreseen_cost(audience: Array, justification: Array, foreseen: Array) -> Array:
    """Return the audience cost that a leader expects from backing down, in points (R,).

    cost (1 - f j). audience: cost without a justification, points; justification j: share of the
    cost that it removes, 0 to 1 (Levendusky and Horowitz 2012); foreseen f: share of that relief on
    which the leader counts, 0 to 1. All are (R,).

    >>> foreseen_cost(np.full(2, 0.05), np.full(2, 0.4), np.array([0.0, 1.0])).round(12).tolist()
    [0.05, 0.03]
    """
    return audience * (1.0 - foreseen * justification)


def reputation_stake(
    executed: Array, backed: Array, volatility: Array, delay: Array, gain: Array
) -> Array:
    """Return the value of the credibility that executing a threat saves, in points (R,).

    delta (dq) K L. dq = (1 - eta / 2) / (executed + backed + 1) is the difference that executing
    instead of backing down makes to `credibility`. gain K L: gain from the next threat if it is
    fully credible, in points; delay delta: present value of a point at that time, 0 to 1;
    volatility eta: 0 to 1; executed, backed: observations. All are (R,). The gain is the term K L
    of `assurance`; that a leader defends a reputation follows Schelling (1966).

    >>> reputation_stake(*(np.array([v]) for v in (3.5, 6.5, 0.0, 1.0, 0.22))).round(12).tolist()
    [0.02]
    """
    return delay * (1.0 - 0.5 * volatility) / (executed + backed + 1.0) * gain


def credibility(executed: Array, backed: Array, volatility: Array) -> Array:
    """Return the credibility of a side's threats, from 0 to 1: q + (1 - q) eta / 2 (R,).

    q = executed / (executed + backed) is the mean of a Beta distribution over threats executed and
    not executed, in observations. Volatility eta (0 to 1) makes threats more credible.

    >>> credibility(np.array([3.5]), np.array([6.5]), np.array([0.0])).tolist()
    [0.35]
    """
    kept = executed / (executed + backed)
    return kept + (1.0 - kept) * 0.5 * volatility


def demand(aspiration: Array, best: Array, credibility: Array) -> Array:
    """Return the utility that a side demands in an ultimatum, in points (R,).

    a + q max(0, b - a). aspiration a: what its offering rule asks for, points; best b: the most
    that the other side is believed to accept under the threat, points; credibility q of the threat:
    0 to 1. All are (R,). A threat that is certain to be executed leaves the other side a last
    choice, so the demand goes as far as the other is believed to yield, as in an ultimatum game
    (Schelling 1966, George 1991). A threat that is not believed changes no demand. That the demand
    is linear in the credibility is an assumption.

    >>> demand(np.full(2, 0.2), np.full(2, 0.3), np.array([0.0, 1.0])).tolist()
    [0.2, 0.3]
    """
    return aspiration + credibility * np.maximum(best - aspiration, 0.0)


def assurance(trust: Array, volatility: Array, loss: Array) -> Array:
    """Return the trust in the promises of a volatile side, from 0 to 1: T (1 - psi eta) (R,).

    trust T, volatility eta and loss psi: all from 0 to 1. Volatility makes threats more credible
    but promises less credible (McManus 2021). A larger eta pays iff K L (1 - q) / 2 > psi V T,
    where K L is the gain from a credible threat and V the gain from a credible promise.

    >>> assurance(np.array([0.6]), np.array([0.5]), np.array([0.8])).round(3).tolist()
    [0.36]
    """
    return trust * (1.0 - loss * volatility)
