"""Submit chunks to workers until each has finished or failed, even if workers die."""

import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from experiments.batch.chunks import Job, Made, make
from experiments.batch.progress import Counter as Progress
from experiments.batch.runners import Runner, Workers
from model.schema.problems import WinsetError

DEATHS = 3  # worker deaths after which a chunk is given up
TOGETHER = 2  # deaths after which a chunk runs alone, so that it is the only suspect


class WorkersDie(WinsetError):
    """Worker processes die with any chunk, so that no chunk is the cause."""


class ChunkScheduler:
    """A running batch: waiting chunks, submitted chunks, and worker deaths by chunk."""

    def __init__(
        self,
        job: Callable[[int], Job],
        keep: Callable[[Made], None],
        fail: Callable[[int, str, str], None],
        progress: Progress,
    ) -> None:
        self._job, self._keep, self._fail, self._progress = job, keep, fail, progress
        self._deaths: Counter[int] = Counter()
        self._returned = self._broke_idle = 0
        self._waiting: deque[int] = deque()
        self._submitted: dict[Future[Made], int] = {}

    def run(self, numbers: Iterable[int], runner: Runner) -> None:
        """Run chunks. If workers die, start new ones and submit the lost chunks again."""
        self._waiting.extend(numbers)
        while self._waiting:
            with runner.open() as workers:
                dead = self._run_until_death(workers)
            if dead:
                self._resubmit(dead)

    def _run_until_death(self, workers: Workers) -> list[int]:
        """Run until all is done or a worker dies; return the chunks that were lost."""
        self._submitted = {}
        dead: list[int] = []
        while not dead and (self._waiting or self._submitted):
            try:
                while self._waiting and len(self._submitted) < self._room(workers.slots):
                    number = self._waiting[0]
                    self._submitted[workers.executor.submit(make, self._job(number))] = number
                    self._waiting.popleft()
            except BrokenExecutor:  # a worker has died: every future has this error
                if not self._submitted:
                    self._idle_deaths()
                    return dead  # the caller starts new workers
            dead = self._collect(wait(self._submitted, return_when=FIRST_COMPLETED).done)
        if dead:
            dead += self._collect(wait(self._submitted).done)
        return dead

    def _idle_deaths(self) -> None:
        """Count workers that died without a chunk, and give up after too many."""
        self._broke_idle += 1
        if self._broke_idle > DEATHS * DEATHS:
            raise WorkersDie("worker processes die while they are idle")

    def _room(self, most: int) -> int:
        """Return how many chunks may be submitted at once: one, if it has killed workers."""
        alone = self._deaths[self._waiting[0]] >= TOGETHER or any(
            self._deaths[number] >= TOGETHER for number in self._submitted.values()
        )
        return 1 if alone else most

    def _collect(self, futures: Iterable[Future[Made]]) -> list[int]:
        """Keep the results that are ready; return the chunks whose worker died."""
        dead = []
        for future in sorted(futures, key=self._submitted.__getitem__):
            number = self._submitted.pop(future)
            self._returned += not isinstance(_error(future), BrokenExecutor)
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

    def _resubmit(self, dead: list[int]) -> None:
        """Submit lost chunks again, except those that have killed too many workers."""
        self._deaths.update(dead)
        again = [number for number in dead if self._deaths[number] < DEATHS]
        for number in dead:
            if number not in again:
                words = (
                    f"the worker process died {DEATHS} times with this chunk, the last time alone"
                )
                self._give_up(number, RuntimeError(words), words)
        if not self._returned and sum(self._deaths.values()) > DEATHS * DEATHS:
            raise WorkersDie("every worker process died before it finished a chunk")
        self._waiting.extendleft(reversed(again))
        if again:
            listed = ", ".join(map(str, again))
            self._progress.note(f"a worker died; its chunks run again: {listed}")

    def _give_up(self, number: int, error: BaseException, trace: str) -> None:
        words = f"{type(error).__name__}: {error}"
        self._fail(number, words, trace)
        self._progress.failed(f"chunk {number} failed: {words}")


def _error(future: Future[Made]) -> BaseException | None:
    """Return the error of a future; a cancelled one (lost cluster) counts as a dead worker."""
    return BrokenExecutor() if future.cancelled() else future.exception()
