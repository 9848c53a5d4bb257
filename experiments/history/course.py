"""The course of a conflict, in one form for history and simulated worlds."""

from dataclasses import dataclass, fields

import numpy as np

from experiments.engine import Run
from model.arrays import Array, Index, Mask
from model.rules.curves import felt
from model.state.state import DEAL, TRUCE

RECORD = ("tariff", "phase", "agreement", "gains", "bend", "reservation", "threat_kind")
"""States that a run must record by week."""

DAYS = 7
PERCENT = 100.0


@dataclass(frozen=True)
class Course:
    """Courses of R worlds. History is a course of one world.

    tariff: percent (week, side, R), week 0 being the start; truce, deal: whether one is in force
    (week, R); threats, executed: threats made and carried out (side, R); package: levels of the
    issues in the first deal (issue, R); compliance: share of the due deliveries that were made
    (R,). Both are NaN without a deal. accepts: whether each package of the record is worth its
    reservation value to each side in the week of its date, 1 or 0, NaN in worlds that are in
    another state in that week (package, side, R).
    """

    tariff: Array
    truce: Mask
    deal: Mask
    threats: Array
    executed: Array
    package: Array
    compliance: Array
    accepts: Array

    @property
    def weeks(self) -> int:
        """Return the last week."""
        return int(self.tariff.shape[0]) - 1

    @property
    def worlds(self) -> int:
        """Return the number of worlds."""
        return int(self.tariff.shape[-1])

    def select(self, index: Index | Mask) -> "Course":
        """Return the courses of some of the worlds."""
        return Course(**{part.name: getattr(self, part.name)[..., index] for part in fields(self)})


def join_courses(parts: list[Course]) -> Course:
    """Return the worlds of all parts as one object."""
    names = [part.name for part in fields(Course)]
    return Course(**{n: np.concatenate([getattr(p, n) for p in parts], axis=-1) for n in names})


def course_of(run: Run) -> Course:
    """Return the courses of simulated worlds. The run must have recorded `RECORD`."""
    if run.weeks is None:
        raise ValueError(f"the run records no weeks: {', '.join(RECORD)} are needed")
    phase = run.weeks["phase"].transpose("week", "world").to_numpy()
    agreement = run.weeks["agreement"].transpose("week", "issue", "world").to_numpy()
    deal = phase == DEAL
    first = deal.argmax(axis=0)
    package = agreement[first, :, np.arange(first.size)].T
    table, sides = run.outcomes, [side.lower() for side in run.scenario.sides]
    return Course(
        tariff=PERCENT * run.weeks["tariff"].transpose("week", "side", "world").to_numpy(),
        truce=phase == TRUCE,
        deal=deal,
        threats=np.stack([table[f"threats_{side}"].to_numpy(dtype=np.float64) for side in sides]),
        executed=np.stack([table[f"executed_{side}"].to_numpy(dtype=np.float64) for side in sides]),
        package=np.where(deal.any(axis=0), package, np.nan),
        compliance=table["compliance"].to_numpy(dtype=np.float64),
        accepts=accepts(run),
    )


def accepts(run: Run) -> Array:
    """Return whether each side accepts each package of the record, 1 or 0 (package, side, R).

    A side accepts a package that is worth at least its reservation value in the week of its date.
    NaN in worlds that are in another state then: with a deal in force, or without the threats that
    were pending. NaN for a package with a date after the horizon.
    """
    if run.weeks is None:
        raise ValueError("the run records no weeks")
    setting, answers = run.scenario, []
    shape = (len(setting.sides), len(run.outcomes))
    for package in setting.record.values():
        week = -((setting.start - package.date).days // DAYS)
        if week > setting.time.horizon:
            answers.append(np.full(shape, np.nan))
            continue
        at = run.weeks.sel(week=week)
        levels = np.array([package.level(issue) for issue in setting.issues])
        order = ("side", "issue", "world")
        bend = at["bend"].transpose(*order).to_numpy() if setting.curved(run.sweep) else None
        worth = (at["gains"].transpose(*order).to_numpy() * _felt(levels, bend)).sum(axis=1)
        enough = worth >= at["reservation"].transpose("side", "world").to_numpy()
        alike = at["phase"].to_numpy() != DEAL
        for side in package.threat_by:
            alike = alike & (at["threat_kind"].sel(side=side).to_numpy() > 0.0)
        answers.append(np.where(alike, enough, np.nan))
    return np.array(answers).reshape(len(setting.record), *shape)


def _felt(levels: Array, bend: Array | None) -> Array:
    """Return how much of each issue's full worth a package has (side, issue, R)."""
    package = levels[None, :, None]
    return package if bend is None else felt(np.broadcast_to(package, bend.shape), bend)
