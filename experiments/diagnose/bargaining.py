"""Figures on the talks: what the sides ask for, what is in a deal, and how often offers change."""

import numpy as np

from experiments.diagnose.observe import Observed
from experiments.diagnose.samples import Measured, Median, mean, ratio, share
from model.arrays import Array, Mask
from model.sides import SIDES

INSIDE = 0.01  # levels this close to 0 or 1 are not interior, and closer ones are the same


def bargaining(seen: Observed) -> dict[str, Measured]:
    """Return the figures on offers, packages and promises (F4, F7 to F9, F12, F14, F16), by key."""
    return {
        **offers(seen),
        **contents(seen),
        **promises(seen),
        **movements(seen),
        **trials(seen),
    }


def trials(seen: Observed) -> dict[str, Measured]:
    """Return how many worlds have a trial package that arrived through a back channel."""
    counted = seen.closed["trials"][-1]
    return {"worlds_with_a_trial": share(counted > 0.0, counted >= 0.0)}


def offers(seen: Observed) -> dict[str, Measured]:
    """Return how often a side sees no zone of agreement, and how often it asks for the least."""
    hopeless = seen.sessions & ~(seen.of_proposer(seen.room) > 0.0)
    return {
        "sees_no_room": share(hopeless, seen.sessions),
        "no_room_share": share(seen.at_reservation, seen.offers),
    }


def contents(seen: Observed) -> dict[str, Measured]:
    """Return figures on the levels of deals when they come into force."""
    issues = seen.setting.issues.values()
    levels = np.where(seen.made[:, None], seen.end("agreement"), np.nan)  # (week, issue, R)
    divisible = np.array([not card.whole for card in issues])
    tariff = np.array([card.tariff for card in issues])
    first = next(iter(seen.setting.sides))
    lifted = np.array([card.tariff and card.owner == first for card in issues])
    known = ~np.isnan(levels)
    interior = known & (levels > INSIDE) & (levels < 1.0 - INSIDE)
    return {
        "interior_levels": share(interior[:, divisible], known[:, divisible]),
        "tariff_lifted_in_full": share(levels[:, lifted] >= 1.0 - INSIDE, known[:, lifted]),
        "tariff_relief_level": _level(levels, tariff),
        "other_level": _level(levels, ~tariff),
    }


def promises(seen: Observed) -> dict[str, Measured]:
    """Return how much of own promises and of the other's a side counts, and talks under a deal."""
    in_deal = seen.running & ~seen.open_to_talk
    meets = seen.sessions | (seen.opened["implementing"] > 0.0)
    return {
        "own_promises_counted": ratio(seen.counted[0], seen.stakes[0]),
        "other_promises_counted": ratio(seen.counted[1], seen.stakes[1]),
        "sessions_under_a_deal": share(meets & in_deal, in_deal),
    }


def movements(seen: Observed) -> dict[str, Measured]:
    """Return how long an offer stays the same, and how far trust and approval move."""
    executed, backed = seen.closed["cred_executed"], seen.closed["cred_backed"]
    observed = executed + backed
    credibility = executed / np.where(observed > 0.0, observed, 1.0)
    moved = {
        "trust_moved": seen.closed["trust"],
        "approval_moved": seen.closed["approval"],
        "credibility_moved": credibility,
    }
    return {
        "longest_same_offer": Median(longest_same_offer(seen)),
        **{name: mean(np.abs(path[-1] - path[0]).mean(axis=0)) for name, path in moved.items()},
    }


def longest_same_offer(seen: Observed) -> Array:
    """Return the longest time in which a side proposes the same package, in weeks (R,).

    It is the time from the first to the last of consecutive proposals of one side whose levels
    differ by less than .01 from the first of them. A failure at home or a deal ends the spell. NaN
    without sessions.
    """
    table, turn = seen.end("table"), seen.opened["turn"]
    longest = np.where(seen.sessions.any(axis=0), 0.0, np.nan)
    since = np.zeros((2, seen.worlds))
    offered = np.full((2, *table.shape[1:]), np.nan)
    for week, session in enumerate(seen.sessions):
        for side in SIDES:
            proposes = session & (turn[week] == side)
            same = (np.abs(table[week] - offered[side]) < INSIDE).all(axis=0)  # False with NaN
            longest = np.where(proposes & same, np.fmax(longest, week - since[side]), longest)
            new: Mask = proposes & ~same
            since[side] = np.where(new, week, since[side])
            offered[side] = np.where(new, table[week], offered[side])
        offered[:, :, seen.failed[week] | seen.made[week]] = np.nan
    return longest


def _level(levels: Array, which: Mask) -> Measured:
    """Return the mean level of some issues: levels (week, issue, R), NaN where no deal is made."""
    chosen = levels[:, which]
    found = ~np.isnan(chosen)
    return ratio(np.nan_to_num(chosen).sum(axis=(0, 1)), found.sum(axis=(0, 1)) * 1.0)
