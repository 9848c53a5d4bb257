"""Plan a batch: split a study into numbered chunks that share a fingerprint."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from experiments.batch.chunks import Job
from experiments.engine import CHUNK
from experiments.engines import Used
from experiments.results.files import digest
from experiments.results.formats import FORMAT
from experiments.results.manifest import code_digest, deciding_versions
from experiments.study import ARM, Study, engine_of
from model.schema.problems import Problem, ScenarioError

MOST = 10**9  # worlds: days on many cores; more is probably a typo
LEAST = 1000  # worlds in a chunk of a small study: smaller chunks cost more per world
PARTS = 8  # ... in at most so many chunks, so that a few workers can share the work


@dataclass(frozen=True)
class Plan:
    """A study, the width of its chunks, and the engine that runs all of them."""

    study: Study
    width: int
    used: Used

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """Return first and stop of each chunk, by its number."""
        return self.study.bounds(self.width)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Return the values that are equal for all chunks of a study."""
        study = self.study
        return {
            "format": FORMAT,
            "name": study.name,
            "kind": study.kind,
            "scenario": {
                arm.name: digest(arm.scenario.model_dump(mode="json")) for arm in study.arms
            },
            "points": _points_digest(study),
            "worlds": study.worlds,
            "seed": study.seed,
            "record": list(study.record),
            "by_point": study.by_point,
            "width": self.width,
            "engine": self.used.engine,
            "code": code_digest(),
            "versions": deciding_versions(),
        }

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash of the identity."""
        return digest(self.identity)

    def job(self, number: int) -> Job:
        """Return the job of a chunk."""
        piece = replace(self.study.piece(*self.bounds[number]), engine=self.used.engine)
        return Job(number, self.fingerprint, piece)

    def worlds(self, number: int) -> int:
        """Return how many worlds a chunk has."""
        first, stop = self.bounds[number]
        return stop - first


def plan(study: Study, width: int | None = None, used: Used | None = None) -> Plan:
    """Return the plan of a study; a small study has narrower chunks.

    used: the engine of a batch that has started; by default the fastest that runs all arms.

    Raises ScenarioError if the study is too large.

    >>> from experiments.study import one_arm
    >>> from model.schema.scenario import load_scenario
    >>> plan(one_arm("a", load_scenario("classroom"), [{}], 4000)).width
    1000
    """
    if study.size > MOST:
        why = f"a batch may have at most {MOST:,} worlds in all"
        problem = Problem("worlds", f"{study.size:,}", why, "Choose fewer worlds or points.")
        raise ScenarioError(f"the study {study.name}", [problem])
    chosen = width or min(max(LEAST, -(-study.size // PARTS)), CHUNK)
    return Plan(study, chosen, used or engine_of(study))


def _points_digest(study: Study) -> str:
    whole = hashlib.sha256()
    for name in study.numbers:
        values = np.ascontiguousarray(study.points[name], dtype=np.float64)
        whole.update(name.encode() + b"\0" + values.tobytes())
    if ARM in study.points:
        whole.update("\0".join(map(str, study.points[ARM])).encode())
    whole.update(str(len(study.points)).encode())
    return whole.hexdigest()
