"""Figures on the historical record: what its packages are worth to both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.diagnose.observe import Observed, Valued
from experiments.diagnose.samples import Measured, mean, share
from experiments.statistics import Interval
from model.arrays import Array


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
    """Return the figures on the packages of the record (F1), by key."""
    figures: dict[str, Measured] = {}
    for name, place in (("record_package_acceptable", 0), ("record_package_acceptable_then", 1)):
        valued = [found[place] for found in seen.records.values() if len(found) > place]
        if valued:
            running = np.any([one.running for one in valued], axis=0)
            figures[name] = share(np.any([one.acceptable for one in valued], axis=0), running)
    return figures


def values(parts: Sequence[Observed]) -> list[RecordedValue]:
    """Return the values of all packages of the record in observed worlds."""
    setting = parts[0].setting
    return [
        _value([part.records[key][place] for part in parts], key, list(setting.sides))
        for key in setting.record
        for place in range(min(len(part.records[key]) for part in parts))
    ]


def _value(parts: Sequence[Valued], package: str, sides: Sequence[str]) -> RecordedValue:
    running = np.concatenate([part.running for part in parts])
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
