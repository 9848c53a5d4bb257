"""Figures on learning: errors of beliefs at the end of each world, compared with the prior's."""

from experiments.diagnose.observe import Observed
from experiments.diagnose.samples import Measured, ratio, share


def learning(seen: Observed) -> dict[str, Measured]:
    """Return the figures on learning (F3), by key; both sides together."""
    errors = seen.errors
    return {
        "learner_log_error_ratio": ratio(errors.learned_log, errors.prior_log, rooted=True),
        "learner_rmse_ratio": ratio(
            errors.learned_reservation, errors.prior_reservation, rooted=True
        ),
        "outside_two_sd": share(errors.outside, errors.beliefs),
        "reservation_outside_two_sd": share(
            errors.reservation_outside, errors.uncertain_reservation
        ),
    }
