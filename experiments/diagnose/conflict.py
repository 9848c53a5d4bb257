"""Figures on escalation: answers, truces, and what a threat does to the talks."""

import numpy as np

from experiments.diagnose.observe import Observed
from experiments.diagnose.samples import Measured, difference, mean, share
from experiments.history.course import PERCENT, Course
from experiments.history.patterns import ISSUES, clustering, retaliation_lag, step_size
from model.arrays import Mask
from model.phases.talks import WORKING
from model.state.state import DEAL, TALKS, TRUCE

STEP = 0.005  # the smallest rise of a tariff that counts, as a share


def conflict(seen: Observed) -> dict[str, Measured]:
    """Return the figures on retaliation, truces and threats (F10, F11), by key."""
    return {**patterns(seen), **truces(seen), **pressure(seen)}


def patterns(seen: Observed) -> dict[str, Measured]:
    """Return patterns of tariffs and threats, as in the comparison with 2018-20."""
    course = _course(seen)
    return {
        "retaliation_lag": mean(retaliation_lag(course)),
        "step_size": mean(step_size(course)),
        "threats_made": mean(course.threats[0]),
        "clustering": mean(clustering(course)),
    }


def truces(seen: Observed) -> dict[str, Measured]:
    """Return how many of the truces that end without a deal end with a new tariff."""
    phase = seen.closed["phase"]
    ended = (phase[:-1] == TRUCE) & (phase[1:] == TALKS)
    risen = (seen.rise("tariff") >= STEP).any(axis=1)
    return {"truces_ended_by_a_tariff": share(ended & risen, ended)}


def pressure(seen: Observed) -> dict[str, Measured]:
    """Return how much more often the sides meet, and agree, while a threat is pending."""
    pending = (seen.opened["threat_kind"] > 0.0).any(axis=1)
    able = seen.sessions & (seen.opened["level"] > WORKING)  # officials cannot conclude
    return {
        "sessions_under_threat": _more_often(seen.sessions, seen.open_to_talk, pending),
        "acceptance_under_threat": _more_often(seen.accepted, able, pending),
    }


def _more_often(part: Mask, whole: Mask, when: Mask) -> Measured:
    """Return by how much a share is higher at some times than at others."""
    return difference(share(part & when, whole & when), share(part & ~when, whole & ~when))


def _course(seen: Observed) -> Course:
    """Return the observed worlds as a course of a conflict, without packages and compliance."""
    nothing = np.full(seen.worlds, np.nan)
    return Course(
        tariff=PERCENT * seen.closed["tariff"],
        truce=seen.closed["phase"] == TRUCE,
        deal=seen.closed["phase"] == DEAL,
        threats=seen.closed["threats"][-1],
        executed=seen.closed["executed"][-1],
        package=np.broadcast_to(nothing, (len(ISSUES), seen.worlds)),
        compliance=nothing,
        accepts=np.empty((0, 2, seen.worlds)),
    )
