"""Tests of the workers: same results as in-process, jobs can be stopped, crashes are handled."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from app.explore.findings import findings
from app.serving import tasks, workers
from app.serving.latest_task import Superseded, TooLong
from app.watch.trajectory import record_trajectory
from experiments.game.look_ahead import prepare_forks, run_forks
from experiments.game.table import Game
from experiments.game.transcript import transcript_of
from experiments.results.errors import ResultsError
from model.schema.problems import Problem
from model.schema.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[3]
WAIT = 60.0
CLASSROOM = load_scenario("classroom", {"time.horizon": 8})


@pytest.fixture(scope="module")
def pool() -> Iterator[workers.Pool]:
    made = workers.Pool(1, nice=0)
    yield made
    made.close()


@pytest.fixture
def at_work(pool: workers.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_POOLS", {False: pool, True: pool})


def never(_: int) -> None:
    """Never raise."""


def given_up(_: int) -> None:
    raise Superseded


def endless(progress: Callable[[int], None]) -> None:
    while True:
        progress(1)
        time.sleep(0.01)


def dies_once(path: str, progress: Callable[[int], None]) -> str:
    if not Path(path).exists():
        Path(path).write_text("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return "survived"


def dies(_: Callable[[int], None]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(_: Callable[[int], None]) -> None:
    raise ResultsError(Path("a.json"), [Problem("seed", "-1", "too small", "Give 0.")])


def nice(_: Callable[[int], None]) -> int:
    return os.nice(0)


def who(_: Callable[[int], None]) -> int:
    return os.getpid()


@pytest.mark.usefixtures("at_work")
class TestWork:
    """Results of a worker equal those in this process, bit for bit."""

    def test_findings(self) -> None:
        own = findings(CLASSROOM, 30, 1, None)
        remote = workers.run(never, findings, CLASSROOM, 30, 1)
        assert remote.outcomes.equals(own.outcomes)
        assert {k: v.tobytes() for k, v in remote.fans.items()} == {
            k: v.tobytes() for k, v in own.fans.items()
        }

    def test_a_trajectory_arrives_complete_and_read_only(self) -> None:
        local = record_trajectory(CLASSROOM, 1, 3)
        remote = workers.run(never, record_trajectory, CLASSROOM, 1, 3, None, None)
        assert remote.entries == local.entries
        assert remote.record.keys() == local.record.keys()
        for name, values in local.record.items():
            assert remote.record[name].tobytes() == values.tobytes()
            assert not remote.record[name].flags.writeable
        again, own = remote.resume(4), local.resume(4)
        again.step()
        own.step()
        for name, values in own.store.arrays().items():
            assert again.store[name].tobytes() == values.tobytes()

    def test_look_ahead_and_debrief(self) -> None:
        game = Game(CLASSROOM, ["north"], 1, 2)
        moves = {"wait": game.waiting_moves(game.seats[0])}
        begun = prepare_forks(game, game.seats[0], moves, 20)
        remote = workers.run(never, run_forks, begun, 5)
        local = run_forks(prepare_forks(game, game.seats[0], moves, 20), 5)
        assert remote[0].ranges == local[0].ranges
        while not game.over:
            game.play({})
        steps: list[int] = []
        remote_debrief = workers.run(steps.append, tasks.debriefed, game, game.seats[0], 20, 20)
        local_debrief = tasks.debriefed(game, game.seats[0], 20, 20, never)
        assert remote_debrief.stories == local_debrief.stories
        assert repr(remote_debrief.decisions) == repr(local_debrief.decisions)
        trajectory, problems = workers.run(never, tasks.game_trajectory, transcript_of(game))
        assert trajectory.last == 8
        assert problems == []


@pytest.mark.usefixtures("at_work")
class TestEnds:
    """What ends a job."""

    def test_a_superseded_job_stops_and_frees_its_worker(self) -> None:
        begun = threading.Event()

        def check(worlds: int) -> None:
            if begun.is_set():
                raise Superseded
            if worlds:
                begun.set()

        with pytest.raises(Superseded):
            workers.run(check, endless)
        assert begun.is_set()
        assert workers.run(never, nice) >= 0

    def test_a_superseded_job_in_the_queue_never_starts(self, tmp_path: Path) -> None:
        go = threading.Event()

        def until(_: int) -> None:
            if go.is_set():
                raise Superseded

        def first() -> None:
            with pytest.raises(Superseded):
                workers.run(until, endless)

        threads = [threading.Thread(target=first) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)

        def superseded(_: int) -> None:
            raise Superseded

        with pytest.raises(Superseded):
            workers.run(superseded, dies_once, str(tmp_path / "begun"))
        go.set()
        for thread in threads:
            thread.join(WAIT)
        assert workers.run(never, nice) >= 0
        assert not (tmp_path / "begun").exists()

    def test_too_long(self) -> None:
        with pytest.raises(TooLong, match="longer than 0 seconds"):
            workers.run(never, findings, CLASSROOM, 30, 1, longest=0.0)

    def test_exceptions_arrive_unchanged(self) -> None:
        with pytest.raises(ResultsError, match="too small") as raised:
            workers.run(never, refuses)
        assert raised.value.problems[0].remedy == "Give 0."

    def test_a_killed_worker_is_replaced_and_the_job_repeated(self, tmp_path: Path) -> None:
        assert workers.run(never, dies_once, str(tmp_path / "mark")) == "survived"

    def test_a_job_that_kills_its_worker_is_given_up(self) -> None:
        with pytest.raises(BrokenProcessPool):
            workers.run(never, dies)
        assert workers.run(never, nice) >= 0  # by a new worker


class TestSlots:
    """The number of jobs at the same time is limited; later ones wait for a slot."""

    @pytest.fixture
    def narrow(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[workers.Pool]:
        monkeypatch.setattr(workers, "MOST_WAITING", 1)
        made = workers.Pool(1, nice=0)
        yield made
        made.close()

    def test_an_extra_job_waits_or_is_given_up(self, narrow: workers.Pool) -> None:
        looks = 0

        def full(_: int) -> None:
            nonlocal looks
            looks += 1
            if looks == 1:
                with pytest.raises(Superseded):
                    narrow.do(given_up, WAIT, who)
            else:
                narrow._slots.put(0)

        assert narrow._slots.get() == 0
        assert narrow.do(full, WAIT, who) > 0
        assert looks >= 2
        assert narrow._slots.get(timeout=WAIT) == 0  # returned exactly once

    def test_a_job_after_the_end_returns_its_slot(self, narrow: workers.Pool) -> None:
        narrow.close()
        with pytest.raises(RuntimeError, match="after shutdown"):
            narrow.do(never, WAIT, who)
        assert narrow._slots.get(timeout=WAIT) == 0


def test_workers_are_spawned_without_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    made = workers.Pool(1, workers.NICE_LATER)  # starts no process before the first job
    assert made._context.get_start_method() == "spawn"
    made.close()


def test_workers_start_only_if_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("", "0", "two"):
        monkeypatch.setenv(workers.WORKERS, number)
        workers.start()
        assert workers._POOLS == {}


def test_long_jobs_have_lower_priority_and_all_workers_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(workers.WORKERS, "1")
    workers.start()
    now, later = (workers.run(never, nice, later=later) for later in (False, True))
    workers.stop()
    assert later > now
    assert workers._POOLS == {}


def test_workers_do_not_import_solara() -> None:
    code = "import sys, {}; sys.exit('solara' in sys.modules)"
    names = ", ".join(workers.READY)
    done = subprocess.run([sys.executable, "-c", code.format(names)], cwd=ROOT, check=False)
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes as Linux lists them")
def test_workers_end_if_the_server_is_killed() -> None:
    code = (
        "import time; from app.serving import workers;"
        "from tests.app.serving import test_workers as t;"
        "workers.start(); print(workers.run(t.never, t.who), flush=True); time.sleep(600)"
    )
    done = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {workers.WORKERS: "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.stdout
    process = Path("/proc") / done.stdout.readline().strip()
    assert process.exists()
    done.kill()
    done.wait()
    end = time.monotonic() + WAIT
    while process.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    done.stdout.close()
