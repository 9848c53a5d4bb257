"""Workers: they find what would be found here, stop when told, and one that dies is replaced."""

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
    """Go on."""


def given_up(_: int) -> None:
    raise Superseded


def endless(progress: Callable[[int], None]) -> None:
    while True:
        progress(1)
        time.sleep(0.01)


def dies_once(place: str, progress: Callable[[int], None]) -> str:
    if not Path(place).exists():
        Path(place).write_text("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return "lived"


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
    """Done by a worker, bit for bit what is done here."""

    def test_findings(self) -> None:
        here = findings(CLASSROOM, 30, 1, None)
        there = workers.run(never, findings, CLASSROOM, 30, 1)
        assert there.outcomes.equals(here.outcomes)
        assert {k: v.tobytes() for k, v in there.fans.items()} == {
            k: v.tobytes() for k, v in here.fans.items()
        }

    def test_a_film_arrives_whole_and_read_only(self) -> None:
        here = record_trajectory(CLASSROOM, 1, 3)
        there = workers.run(never, record_trajectory, CLASSROOM, 1, 3, None, None)
        assert there.entries == here.entries
        assert there.record.keys() == here.record.keys()
        for name, values in here.record.items():
            assert there.record[name].tobytes() == values.tobytes()
            assert not there.record[name].flags.writeable
        again, own = there.resume(4), here.resume(4)
        again.step()
        own.step()
        for name, values in own.store.arrays().items():
            assert again.store[name].tobytes() == values.tobytes()

    def test_what_may_follow_and_the_debrief(self) -> None:
        game = Game(CLASSROOM, ["north"], 1, 2)
        moves = {"wait": game.waiting_moves(game.seats[0])}
        begun = prepare_forks(game, game.seats[0], moves, 20)
        there = workers.run(never, run_forks, begun, 5)
        here = run_forks(prepare_forks(game, game.seats[0], moves, 20), 5)
        assert there[0].ranges == here[0].ranges
        while not game.over:
            game.play({})
        steps: list[int] = []
        told = workers.run(steps.append, tasks.debriefed, game, game.seats[0], 20, 20)
        own = tasks.debriefed(game, game.seats[0], 20, 20, never)
        assert told.stories == own.stories
        assert repr(told.decisions) == repr(own.decisions)
        found, problems = workers.run(never, tasks.played_film, transcript_of(game))
        assert found.last == 8
        assert problems == []


@pytest.mark.usefixtures("at_work")
class TestEnds:
    """What ends a piece of work."""

    def test_one_that_nobody_wants_stops_and_its_worker_is_free(self) -> None:
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

    def test_one_that_waits_is_never_begun(self, tmp_path: Path) -> None:
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

    def test_what_is_refused_is_told_as_here(self) -> None:
        with pytest.raises(ResultsError, match="too small") as told:
            workers.run(never, refuses)
        assert told.value.problems[0].remedy == "Give 0."

    def test_a_killed_worker_is_replaced_and_the_work_done_again(self, tmp_path: Path) -> None:
        assert workers.run(never, dies_once, str(tmp_path / "mark")) == "lived"

    def test_work_that_kills_whoever_does_it_is_given_up(self) -> None:
        with pytest.raises(BrokenProcessPool):
            workers.run(never, dies)
        assert workers.run(never, nice) >= 0  # by a fresh one


class TestPlaces:
    """So many pieces may be asked for at once; who comes later waits for a place."""

    @pytest.fixture
    def narrow(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[workers.Pool]:
        monkeypatch.setattr(workers, "MOST_WAITING", 1)
        made = workers.Pool(1, nice=0)
        yield made
        made.close()

    def test_one_more_waits_or_gives_up(self, narrow: workers.Pool) -> None:
        looks = 0

        def full(_: int) -> None:
            nonlocal looks
            looks += 1
            if looks == 1:
                with pytest.raises(Superseded):
                    narrow.do(given_up, WAIT, who)
            else:
                narrow._places.put(0)

        assert narrow._places.get() == 0
        assert narrow.do(full, WAIT, who) > 0
        assert looks >= 2
        assert narrow._places.get(timeout=WAIT) == 0  # given back once

    def test_what_comes_after_the_end_leaves_its_place(self, narrow: workers.Pool) -> None:
        narrow.close()
        with pytest.raises(RuntimeError, match="after shutdown"):
            narrow.do(never, WAIT, who)
        assert narrow._places.get(timeout=WAIT) == 0


def test_where_nothing_can_be_forked_workers_are_spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    made = workers.Pool(1, workers.NICE_LATER)  # one that starts none before it is asked
    assert made._context.get_start_method() == "spawn"
    made.close()


def test_none_are_started_unless_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("", "0", "two"):
        monkeypatch.setenv(workers.WORKERS, number)
        workers.start()
        assert workers._POOLS == {}


def test_long_work_stands_back_and_all_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(workers.WORKERS, "1")
    workers.start()
    now, later = (workers.run(never, nice, later=later) for later in (False, True))
    workers.stop()
    assert later > now
    assert workers._POOLS == {}


def test_a_worker_needs_nothing_that_draws_pages() -> None:
    code = "import sys, {}; sys.exit('solara' in sys.modules)"
    names = ", ".join(workers.READY)
    done = subprocess.run([sys.executable, "-c", code.format(names)], cwd=ROOT, check=False)
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes as Linux lists them")
def test_workers_go_when_the_server_is_killed() -> None:
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
    place = Path("/proc") / done.stdout.readline().strip()
    assert place.exists()
    done.kill()
    done.wait()
    end = time.monotonic() + WAIT
    while place.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    done.stdout.close()
