"""Simulate concurrent requests of several sessions together, as the worlds of one run.

A week takes about as long for many worlds as for few, so eight visitors who each move a slider wait
little longer than one. (For the same reason a single visitor would gain little if the worlds were
split among the cores: half of them take nearly as long as all.)
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

MOST = 2000  # worlds of one run: more take long, and newer requests would have to wait
TRAJECTORY_SIZE = 100  # a trajectory counts as so many worlds, because it keeps all weeks
SHAPING = "time.horizon"  # sets the length of the records, so it is the same for a whole run

type Simulate = Callable[..., Sequence[Any]]


@dataclass(eq=False)
class Request:
    """A request of a session. Requests with the same key can be simulated in one run."""

    key: Hashable
    simulate: Simulate
    scenario: Scenario
    seed: int
    item: Any
    size: int
    wanted: bool = True
    result: Any = None
    failure: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Batcher:
    """Waiting requests, and a limited number of concurrent runs that each take as many as fit."""

    def __init__(self, runs: int) -> None:
        self._runners = ThreadPoolExecutor(runs, "batcher")
        self._lock = threading.Lock()
        self.waiting: list[Request] = []
        self._open = 0  # requests without a result

    @property
    def idle(self) -> bool:
        """Say whether no request is open."""
        return not self._open

    def close(self) -> None:
        """Stop accepting requests."""
        self._runners.shutdown(wait=False, cancel_futures=True)

    def wait(self, request: Request, check: Check) -> Any:
        """Return the result of a request. If `check` raises meanwhile, the request is dropped."""
        with self._lock:
            self.waiting.append(request)
            self._open += 1
        self._runners.submit(self._run_next)
        try:
            while not request.ended.wait(LOOK):
                check(0)
        finally:
            request.wanted = False
        if request.failure:
            raise request.failure
        return request.result

    def _run_next(self) -> None:
        """Simulate the oldest request, and all others that fit into the same run."""
        with self._lock:
            batch = list(_next_batch(self.waiting))
            self.waiting = [request for request in self.waiting if request not in batch]
        try:
            self._simulate([request for request in batch if request.wanted])
        finally:
            with self._lock:
                self._open -= len(batch)

    def _simulate(self, requests: Sequence[Request]) -> None:
        def check(_: int) -> None:
            if not any(request.wanted for request in requests):
                raise Superseded

        if not requests:
            return
        first, items = requests[0], [request.item for request in requests]
        try:
            results = workers.run(check, first.simulate, first.scenario, first.seed, items)
            for request, result in zip(requests, results, strict=True):
                request.result = result
        except BaseException as error:
            for request in requests:
                request.failure = error
            raise
        finally:
            for request in requests:
                request.ended.set()


def _next_batch(waiting: Sequence[Request]) -> Iterator[Request]:
    """Yield the first request, and the others that fit into the same run."""
    size = 0
    for request in waiting:
        if request.key == waiting[0].key and (not size or size + request.size <= MOST):
            size += request.size
            yield request


_BATCHER: list[Batcher] = []


def batcher() -> Batcher:
    """Return the batcher that all sessions of this server share."""
    if not _BATCHER:
        _BATCHER.append(Batcher(workers.cores()))
    return _BATCHER[0]


def findings(opened: Opened, check: Check) -> Findings:
    """Return the results of a state, simulated together with other requests for its scenario."""
    state = opened.state
    numbers = sweepable(opened.own, state.changed)
    if numbers is None:
        scenario, key, numbers = opened.scenario, (state.scenario, state.changes), {}
    else:
        scenario, key = opened.own, (state.scenario, ())
    streams = np.arange(state.worlds, dtype=np.intp)
    batch = (tasks.worlds, key, state.seed)
    request = Request(batch, tasks.worlds, scenario, state.seed, (numbers, streams), streams.size)
    outcomes, weeks = batcher().wait(request, check)
    return findings_of(opened.scenario, state.seed, outcomes, weeks)


def record_trajectory(opened: Opened, world: int, check: Check) -> Trajectory:
    """Return the trajectory of a world, simulated together with others of the same scenario."""
    state = opened.state
    key = (record_trajectories, state.scenario, state.changes, state.seed)
    request = Request(key, record_trajectories, opened.scenario, state.seed, world, TRAJECTORY_SIZE)
    trajectory: Trajectory = batcher().wait(request, check)
    return trajectory


def sweepable(own: Scenario, changes: Mapping[str, Any]) -> dict[str, float] | None:
    """Return the changes if they may differ between the worlds of one run, otherwise None.

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
