"""The course of a conflict, in one form for history and simulated worlds."""

from dataclasses import dataclass, fields

import numpy as np

from experiments.engine import Run
from model.arrays import Array, Index, Mask
from model.state.state import DEAL, TRUCE

RECORD = ("tariff", "phase", "agreement")  # states that a run must record by week
PERCENT = 100.0


@dataclass(frozen=True)
class Course:
    """Courses of R worlds. History is a course of one world.

    tariff: percent (week, side, R), week 0 being the start; truce, deal: whether one is in force
    (week, R); threats, executed: threats made and carried out (side, R); package: levels of the
    issues in the first deal (issue, R); compliance: share of the due deliveries that were made
    (R,). Both are NaN without a deal.
    """

    tariff: Array
    truce: Mask
    deal: Mask
    threats: Array
    executed: Array
    package: Array
    compliance: Array

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
    )
