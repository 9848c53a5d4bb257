"""Figures on the historical record: what its packages are worth to both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.diagnose.observe import Observed, Valued, observe
from experiments.diagnose.samples import Measured, mean, share
from experiments.history import record as history
from experiments.history.matching import plausible_draws
from experiments.statistics import Interval
from model.arrays import Array
from model.schema.scenario import Scenario

ON_DATE, AT_START = "record_package_acceptable", "record_package_acceptable_at_start"
WORLDS = 400  # worlds of the plausible draws


@dataclass(frozen=True)
class RecordedValue:
    """What a package of the record is worth in one week, over all worlds.

    when: "start" or "date"; acceptable: share of worlds in which both sides accept it; worth,
    reservation: points, by side; sides: share of worlds in which it is acceptable to each side.
    """

    package: str
    when: str
    week: int
    acceptable: Interval
    worth: Mapping[str, Interval]
    reservation: Mapping[str, Interval]
    sides: Mapping[str, Interval]


def record(seen: Observed) -> dict[str, Measured]:
    """Return the figures on the packages of the record to which both sides agreed (F1), by key.

    A package is valued in the week of its date, or in the first week if its date is not in the
    horizon.
    """
    figures: dict[str, Measured] = {}
    agreed = [
        found
        for name, found in seen.records.items()
        if found and not seen.setting.record[name].refused_by
    ]
    for name, place in ((ON_DATE, -1), (AT_START, 0)):
        valued = [found[place] for found in agreed]
        if valued:
            running = np.any([one.counted for one in valued], axis=0)
            figures[name] = share(np.any([one.acceptable for one in valued], axis=0), running)
    return figures


def at_plausible_draws(setting: Scenario, seed: int) -> Observed | None:
    """Return worlds of the scenario at its plausible draws; None if it was not calibrated.

    World i has the values of draw i, and the first follows the last.
    """
    if setting.name != history.SCENARIO or setting.edition == 1:
        return None
    draws = plausible_draws()
    rows = np.arange(WORLDS) % len(draws)
    sweep = {str(name): draws[name].to_numpy(dtype=np.float64)[rows] for name in draws}
    return observe(setting, range(WORLDS), seed, sweep)


def values(parts: Sequence[Observed]) -> list[RecordedValue]:
    """Return the values of all packages of the record in observed worlds."""
    setting = parts[0].setting
    return [
        _value([part.records[key][place] for part in parts], key, list(setting.sides))
        for key in setting.record
        for place in range(min(len(part.records[key]) for part in parts))
    ]


def _value(parts: Sequence[Valued], package: str, sides: Sequence[str]) -> RecordedValue:
    running = np.concatenate([part.counted for part in parts])
    worth = np.concatenate([part.worth for part in parts], axis=-1)
    reservation = np.concatenate([part.reservation for part in parts], axis=-1)
    acceptable = np.concatenate([part.acceptable for part in parts])

    def of_side(values: Array) -> dict[str, Interval]:
        rows = zip(sides, values, strict=True)
        return {side: mean(np.where(running, row, np.nan)).estimate() for side, row in rows}

    enough = zip(sides, (worth >= reservation) & running, strict=True)
    return RecordedValue(
        package=package,
        when="start" if parts[0].week == 1 else "date",
        week=parts[0].week,
        acceptable=share(acceptable, running).estimate(),
        worth=of_side(worth),
        reservation=of_side(reservation),
        sides={side: share(row, running).estimate() for side, row in enough},
    )
