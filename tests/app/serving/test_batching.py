"""Tests of batching: requests of several sessions share a run, with the same results as alone."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.explore import findings as alone
from app.explore.findings import Findings
from app.inputs.explore_url import read
from app.inputs.scenario_store import ScenarioStore
from app.serving import batching, workers
from app.serving.batching import Batcher, Request, findings, record_trajectory
from app.serving.latest_task import Superseded
from app.watch.trajectory import record_trajectory as alone_trajectory

WAIT = 60.0
SEARCHES = (
    "",
    "&talks.window=20",
    "&values.cost_scale=1.3&talks.rate=0.9",
    "&values.cost_scale=0.8",
    "&talks.rate=0.7",
    "&time.horizon=20",  # needs a separate run
    "&sides.north.offering=conceder",
)


class Held:
    """Holds back runs until `go` is set, and records the requests of each run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.runs = threading.Event(), list[list[Any]]()
        self.end = time.monotonic() + WAIT
        run = workers.run

        def held(check: Any, simulate: Any, scenario: Any, seed: Any, items: Any) -> Any:
            self.runs.append(items)
            while not self.go.wait(0.01):
                assert time.monotonic() < self.end
                check(0)
            return run(check, simulate, scenario, seed, items)

        monkeypatch.setattr(workers, "run", held)

    def until(self, seen: Callable[[], bool]) -> None:
        while not seen():
            assert time.monotonic() < self.end
            time.sleep(0.01)


@pytest.fixture(params=[1, 2])
def batcher(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Batcher]:
    made = Batcher(request.param)
    monkeypatch.setattr(batching, "_BATCHER", [made])
    yield made
    made.close()


def never(_: int) -> None:
    """Never raise."""


def same(one: Findings, other: Findings) -> bool:
    fans = all(one.fans[name].tobytes() == other.fans[name].tobytes() for name in other.fans)
    return one.outcomes.equals(other.outcomes) and fans and one.scenario == other.scenario


def test_batched_results_equal_those_alone(
    batcher: Batcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    asked = [read(f"scenario=classroom&worlds=250{search}", ScenarioStore()) for search in SEARCHES]
    assert all(not opened.problems for opened in asked)
    got: dict[int, Findings] = {}

    def ask(number: int) -> None:
        got[number] = findings(asked[number], never)

    threads = [
        threading.Thread(target=ask, args=(number,), daemon=True) for number in range(len(asked))
    ]
    for thread in threads:
        thread.start()
    held.until(lambda: len(batcher.waiting) + sum(map(len, held.runs)) >= len(asked))
    held.go.set()
    for thread in threads:
        thread.join(WAIT)
    assert len(held.runs) < sum(map(len, held.runs))  # some shared a run
    for number, opened in enumerate(asked):
        assert same(got[number], alone.findings(opened.scenario, 250, 1, None))


def test_batched_trajectories_equal_those_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    batcher = Batcher(1)
    monkeypatch.setattr(batching, "_BATCHER", [batcher])
    held, opened = Held(monkeypatch), read("scenario=classroom&talks.window=20", ScenarioStore())
    got: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda w=world: got.append(record_trajectory(opened, w, never)), daemon=True
        )
        for world in (9, 4, 4, 7)
    ]
    for thread in threads:
        thread.start()
    held.until(lambda: len(batcher.waiting) + sum(map(len, held.runs)) == 4)
    held.go.set()
    for thread in threads:
        thread.join(WAIT)
    batcher.close()
    assert len(held.runs) <= 2
    assert sorted(shown.world for shown in got) == [4, 4, 7, 9]
    for shown in got:
        own = alone_trajectory(opened.scenario, 1, shown.world)
        assert (shown.sentence, shown.entries) == (own.sentence, own.entries)
        assert shown.record.keys() == own.record.keys()
        assert all(
            shown.record[name].tobytes() == own.record[name].tobytes() for name in own.record
        )
        assert shown.run.outcomes.equals(own.run.outcomes)


def test_a_run_stops_if_all_requests_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    batcher = Batcher(1)
    monkeypatch.setattr(batching, "_BATCHER", [batcher])
    held, left = Held(monkeypatch), threading.Event()

    def leave(_: int) -> None:
        if left.is_set():
            raise Superseded

    ends: list[str] = []

    def ask() -> None:
        with pytest.raises(Superseded):
            findings(read("scenario=classroom&worlds=20", ScenarioStore()), leave)
        ends.append("given up")

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    held.until(lambda: len(held.runs) == 1)
    left.set()
    for thread in threads:
        thread.join(WAIT)
    held.until(lambda: batcher.idle)
    assert ends == ["given up"] * 2
    batcher.close()


def test_a_failure_reaches_all_requests_of_a_run() -> None:
    batcher = Batcher(1)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    opened = read("scenario=classroom", ScenarioStore())
    requests = [Request("key", broken, opened.scenario, 1, None, 10) for _ in range(2)]  # type: ignore[arg-type]
    batcher.waiting.append(requests[0])
    with pytest.raises(ZeroDivisionError):
        batcher.wait(requests[1], never)
    assert isinstance(requests[0].failure, ZeroDivisionError)
    batcher.close()
