"""Puts chunks before a runner until each is done or has failed, whatever dies on the way."""

import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from experiments.batch.chunks import Job, Made, make
from experiments.batch.progress import Counter as Progress
from experiments.batch.runners import Runner, Workers
from model.schema.problems import WinsetError

DEATHS = 3  # worker deaths after which a chunk is given up
TOGETHER = 2  # deaths from which a chunk runs alone, so that no other is suspected with it


class WorkersDie(WinsetError):
    """Worker processes die at whatever they are given, so that it is no chunk's fault."""


class ChunkScheduler:
    """A batch under way: what waits, what flies, and who died of what."""

    def __init__(
        self,
        job: Callable[[int], Job],
        keep: Callable[[Made], None],
        fail: Callable[[int, str, str], None],
        progress: Progress,
    ) -> None:
        self._job, self._keep, self._fail, self._progress = job, keep, fail, progress
        self._deaths: Counter[int] = Counter()
        self._came_back = self._broke_idle = 0
        self._waiting: deque[int] = deque()
        self._flying: dict[Future[Made], int] = {}

    def run(self, numbers: Iterable[int], runner: Runner) -> None:
        """Run chunks; a runner that breaks is opened anew, and what it had not done put back."""
        self._waiting.extend(numbers)
        while self._waiting:
            with runner.open() as workers:
                dead = self._until_broken(workers)
            if dead:
                self._put_back(dead)

    def _until_broken(self, workers: Workers) -> list[int]:
        """Return the chunks that were in the hands of an executor when it broke, if it did."""
        self._flying = {}
        dead: list[int] = []
        while not dead and (self._waiting or self._flying):
            try:
                while self._waiting and len(self._flying) < self._room(workers.slots):
                    number = self._waiting[0]
                    self._flying[workers.executor.submit(make, self._job(number))] = number
                    self._waiting.popleft()
            except BrokenExecutor:  # a worker died since: every future says so
                if not self._flying:
                    self._idle_deaths()
                    return dead  # to be opened anew
            dead = self._land(wait(self._flying, return_when=FIRST_COMPLETED).done)
        if dead:
            dead += self._land(wait(self._flying).done)
        return dead

    def _idle_deaths(self) -> None:
        """Count an executor that broke with nothing in hand; too many are no accident."""
        self._broke_idle += 1
        if self._broke_idle > DEATHS * DEATHS:
            raise WorkersDie("worker processes die while they have nothing to do")

    def _room(self, most: int) -> int:
        """Return how many chunks may fly now: one, if it is one that has killed."""
        alone = self._deaths[self._waiting[0]] >= TOGETHER or any(
            self._deaths[number] >= TOGETHER for number in self._flying.values()
        )
        return 1 if alone else most

    def _land(self, futures: Iterable[Future[Made]]) -> list[int]:
        """Keep what came back; return the chunks whose worker died."""
        dead = []
        for future in sorted(futures, key=self._flying.__getitem__):
            number = self._flying.pop(future)
            self._came_back += not isinstance(_error(future), BrokenExecutor)
            error = _error(future)
            if error is None:
                made = future.result()
                self._keep(made)
                self._progress.done(made.worlds)
            elif isinstance(error, BrokenExecutor):
                dead.append(number)
            else:
                self._give_up(number, error, "".join(traceback.format_exception(error)))
        return dead

    def _put_back(self, dead: list[int]) -> None:
        """Let chunks run again whose worker died, but for one that has killed too often."""
        self._deaths.update(dead)
        again = [number for number in dead if self._deaths[number] < DEATHS]
        for number in dead:
            if number not in again:
                words = f"the worker process died {DEATHS} times at this chunk, at last alone"
                self._give_up(number, RuntimeError(words), words)
        if not self._came_back and sum(self._deaths.values()) > DEATHS * DEATHS:
            raise WorkersDie("every worker process died before it had done anything")
        self._waiting.extendleft(reversed(again))
        if again:
            listed = ", ".join(map(str, again))
            self._progress.note(f"a worker died; new ones run again what it had: {listed}")

    def _give_up(self, number: int, error: BaseException, told: str) -> None:
        words = f"{type(error).__name__}: {error}"
        self._fail(number, words, told)
        self._progress.failed(f"chunk {number} failed: {words}")


def _error(future: Future[Made]) -> BaseException | None:
    """Return what went wrong; a future that was cancelled (a cluster that is gone) is a death."""
    return BrokenExecutor() if future.cancelled() else future.exception()
