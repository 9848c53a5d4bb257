"""Figures on failures at home: under a threat or not, whose proposal it was, and what followed."""

import numpy as np

from experiments.diagnose.observe import Observed
from experiments.diagnose.samples import Measured, difference, share
from experiments.home_failures import FOLLOW_UP, soon
from model.arrays import Mask

HALF_A_YEAR = 26  # weeks


def home(seen: Observed) -> dict[str, Measured]:
    """Return the figures on failures at home (F2, F6), by key."""
    return {**threatened(seen), **followed(seen)}


def threatened(seen: Observed) -> dict[str, Measured]:
    """Return how many accepted packages fail at home, with a threat against a side and without."""
    under = (seen.pressed > 0.0).any(axis=1)
    yes = share(seen.failed & under, seen.accepted & under)
    no = share(seen.failed & ~under, seen.accepted & ~under)
    return {
        "fails_under_threat": yes,
        "fails_otherwise": no,
        "fails_difference": difference(yes, no),
    }


def followed(seen: Observed) -> dict[str, Measured]:
    """Return whose proposals fail at home, and what happens after a failure or a broken deal.

    What follows is measured for failures with a whole follow-up before the end of the world.
    """
    offered, agreed = (
        share(_before(seen, FOLLOW_UP) & soon(what, FOLLOW_UP), _before(seen, FOLLOW_UP))
        for what in (seen.sessions, seen.accepted)
    )
    base = _before(seen, HALF_A_YEAR)
    broken = seen.end("broken_week")[-1] >= 0.0
    return {
        "failures_per_package": share(seen.failed, seen.accepted),
        "own_proposal_failures": share(seen.own_failed, seen.failed),
        "renewed_within_13_weeks": offered,
        "agreed_again_within_13_weeks": agreed,
        "deal_within_26_weeks": share(base & soon(seen.made, HALF_A_YEAR), base),
        "second_deal_after_breach": share(broken & (seen.end("deals")[-1] > 1.0), broken),
    }


def _before(seen: Observed, weeks: int) -> Mask:
    """Return the failures after which a world runs for some more weeks (week, R)."""
    runs = np.zeros_like(seen.running)
    runs[: max(len(runs) - weeks, 0)] = seen.running[weeks:]
    return seen.failed & runs
