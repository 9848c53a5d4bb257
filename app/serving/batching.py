"""Simulates what several sessions ask for at once as the worlds of one run.

A week costs much the same whatever the number of worlds, so that eight visitors who each moved a
slider wait little longer than one would. (For the same reason one who is alone would gain little if
the worlds were shared out among the cores: half of them take nearly as long as all.)
"""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.explore.findings import Findings, findings_of
from app.inputs.explore_url import Opened
from app.serving import tasks, workers
from app.serving.latest_task import LOOK, Check, Superseded
from app.watch.trajectory import Trajectory, record_trajectories
from model.schema.scenario import Scenario

MOST = 2000  # worlds of one run: more take long, and a newer wish would wait for it
FILM = 100  # worlds that a film counts for, since all of its weeks are kept
SHAPING = "time.horizon"  # the number that decides how long the records of a run are

type Live = Callable[..., Sequence[Any]]


@dataclass(eq=False)
class Request:
    """What a session asks for; what has the same key can be lived beside it."""

    key: Hashable
    live: Live
    scenario: Scenario
    seed: int
    item: Any
    size: int
    wanted: bool = True
    result: Any = None
    failure: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Batcher:
    """Wishes that wait, and so many runs at once that each take all they can."""

    def __init__(self, turns: int) -> None:
        self._turns = ThreadPoolExecutor(turns, "together")
        self._lock = threading.Lock()
        self.waiting: list[Request] = []
        self._open = 0  # wishes that have not ended

    @property
    def idle(self) -> bool:
        """Say whether nothing is being lived."""
        return not self._open

    def close(self) -> None:
        """Take no more wishes."""
        self._turns.shutdown(wait=False, cancel_futures=True)

    def wait(self, request: Request, check: Check) -> Any:
        """Return the result of a wish; check may raise, and then it is given up."""
        with self._lock:
            self.waiting.append(request)
            self._open += 1
        self._turns.submit(self._turn)
        try:
            while not request.ended.wait(LOOK):
                check(0)
        finally:
            request.wanted = False
        if request.failure:
            raise request.failure
        return request.result

    def _turn(self) -> None:
        """Live what waited longest, and all that can be lived beside it."""
        with self._lock:
            taken = list(_taken(self.waiting))
            self.waiting = [request for request in self.waiting if request not in taken]
        try:
            self._live([request for request in taken if request.wanted])
        finally:
            with self._lock:
                self._open -= len(taken)

    def _live(self, requests: Sequence[Request]) -> None:
        def check(_: int) -> None:
            if not any(request.wanted for request in requests):
                raise Superseded

        if not requests:
            return
        first, items = requests[0], [request.item for request in requests]
        try:
            results = workers.run(check, first.live, first.scenario, first.seed, items)
            for request, result in zip(requests, results, strict=True):
                request.result = result
        except BaseException as error:
            for request in requests:
                request.failure = error
            raise
        finally:
            for request in requests:
                request.ended.set()


def _taken(waiting: Sequence[Request]) -> Iterator[Request]:
    """Yield the first, and what can be lived beside it."""
    size = 0
    for request in waiting:
        if request.key == waiting[0].key and (not size or size + request.size <= MOST):
            size += request.size
            yield request


_BATCHER: list[Batcher] = []


def batcher() -> Batcher:
    """Return where all sessions of this server gather."""
    if not _BATCHER:
        _BATCHER.append(Batcher(workers.cores()))
    return _BATCHER[0]


def findings(opened: Opened, check: Check) -> Findings:
    """Return the worlds of a state, lived beside what others ask for of the same scenario."""
    state = opened.state
    numbers = sweepable(opened.own, state.changed)
    if numbers is None:
        scenario, key, numbers = opened.scenario, (state.scenario, state.changes), {}
    else:
        scenario, key = opened.own, (state.scenario, ())
    streams = np.arange(state.worlds, dtype=np.intp)
    asked = (tasks.worlds, key, state.seed)
    request = Request(asked, tasks.worlds, scenario, state.seed, (numbers, streams), streams.size)
    outcomes, weeks = batcher().wait(request, check)
    return findings_of(opened.scenario, state.seed, outcomes, weeks)


def record_trajectory(opened: Opened, world: int, check: Check) -> Trajectory:
    """Return the film of a world, lived beside others of the same scenario."""
    state = opened.state
    key = (record_trajectories, state.scenario, state.changes, state.seed)
    request = Request(key, record_trajectories, opened.scenario, state.seed, world, FILM)
    shown: Trajectory = batcher().wait(request, check)
    return shown


def sweepable(own: Scenario, changes: Mapping[str, Any]) -> dict[str, float] | None:
    """Return changes that may differ between the worlds of one run; nothing if any may not.

    >>> from model.schema.scenario import load_scenario
    >>> sweepable(load_scenario("classroom"), {"talks.window": 20.0})
    {'talks.window': 20.0}
    >>> sweepable(load_scenario("classroom"), {"time.horizon": 20})
    """
    known = own.parameters() if changes else {}
    for name in changes:
        if name not in known or known[name].built_in or name == SHAPING:
            return None
    return {name: float(value) for name, value in changes.items()}
