"""The machine: runs all weeks of a block of worlds by a program, then those of the next block."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from model.arrays import Array, Index
from model.phases.changes import change_parameters
from model.state.random_streams import LANES, purpose_key
from model.tracing import kernel
from model.tracing.program import Program

if TYPE_CHECKING:
    from model.negotiation import Negotiation

BLOCK = 1024  # worlds at a time: wider blocks win little and cost memory
WIDE = 2000  # worlds from which more than one thread is worth its start
THREADS = "WINSET_THREADS"

type AfterWeek = Callable[["Block", int], None]


_ALONE = ContextVar("_ALONE", default=False)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let runs of this thread use no others, because a pool uses all cores already."""
    token = _ALONE.set(True)
    try:
        yield
    finally:
        _ALONE.reset(token)


def threads() -> int:
    """Return how many threads a run may use: all cores, or what the environment says."""
    if _ALONE.get():
        return 1
    chosen = os.environ.get(THREADS, "")
    return int(chosen) if chosen.isdecimal() and int(chosen) else os.cpu_count() or 1


class Block:
    """Some worlds of a negotiation in the machine's memory, those that still run first.

    where: the place in the block of each column; active: how many worlds still run.
    """

    def __init__(self, program: Program, negotiation: "Negotiation", part: slice) -> None:
        store = negotiation.store
        self.program, self.part = program, part
        self.width = part.stop - part.start
        self.memory = np.zeros((program.size, self.width))
        for name, array in store.arrays().items():
            first = program.rows[name]
            rows = array.size // store.worlds
            self.memory[first : first + rows] = array[..., part].reshape(rows, self.width)
        self.memory[program.memory.start : program.memory.stop] = np.nan
        for parameter, row in program.parameters.items():
            self.memory[row] = store.at_start(parameter)[part]
        self.where = np.arange(self.width, dtype=np.int64)
        streams = negotiation.streams
        self.numbers = streams.numbers[part].astype(np.uint64)
        self.seed, self.branch = np.uint64(streams.seed), np.uint64(streams.branch)
        self.keys = np.array([purpose_key(name) for name in program.purposes], dtype=np.uint64)
        self.raw = np.empty((max(len(program.purposes), 1), self.width, LANES), dtype=np.uint64)
        self.active = self.width
        self._drawn = -1
        self._run, self._draw_bits = kernel.load(), kernel.load_draw()
        self._execute(program.setup, 0)
        self.over = self._retire(negotiation.finished()[part])  # places of those that are over

    def week(self, week: int) -> None:
        """Run one week in the worlds that have not ended."""
        self._draw(week)
        self._execute(self.program.code, week)

    def end_week(self) -> Index:
        """Move the worlds that have ended behind those that run; return their places."""
        return self._retire(self.memory[self.program.ended, : self.active] != 0.0)

    def run_part(self, start: int, stop: int, week: int) -> None:
        """Run some instructions of the week, whose draws must be there: to measure them."""
        self._execute(self.program.code[start:stop], week)

    def draw(self, week: int) -> None:
        """Make the random numbers of a week."""
        self._draw(week)

    def state(self, name: str, shape: tuple[int, ...]) -> Array:
        """Return a state of the worlds that still run, in the order of `places`."""
        first = self.program.rows[name]
        rows = int(np.prod(shape, dtype=np.intp))
        values: Array = self.memory[first : first + rows, : self.active]
        return values.reshape(*shape, self.active)

    @property
    def places(self) -> Index:
        """Return the places in the run of the worlds that still run."""
        found: Index = self.where[: self.active] + self.part.start
        return found

    def states(self) -> Array:
        """Return the rows of all states in the order of the worlds."""
        found = np.empty((self.program.states, self.width))
        found[:, self.where] = self.memory[: self.program.states]
        return found

    def _execute(self, code: Any, week: int) -> None:
        if not len(code):
            return
        program = self.program
        self._run(
            code, program.lists, program.constants, self.memory, self.raw, week % LANES,
            self.where, float(week), self.active, *program.tables.axes, program.tables.values,
        )  # fmt: skip

    def _draw(self, week: int) -> None:
        if week // LANES != self._drawn:
            self._drawn = week // LANES
            self._draw_bits(
                self.raw, self.keys, self.seed, self.numbers, self.where, self.active,
                np.uint64(self._drawn), self.branch,
            )  # fmt: skip

    def _retire(self, ended: Any) -> Index:
        """Exchange columns, so that the worlds that run are the first ones."""
        gone = np.flatnonzero(ended)
        left = self.active - gone.size
        places: Index = self.where[gone] + self.part.start
        holes = gone[gone < left]
        movers = left + np.flatnonzero(~ended[left : self.active])
        if holes.size:
            kept = self.memory[: self.program.kept]
            kept[:, holes], kept[:, movers] = kept[:, movers], kept[:, holes]
            self.where[holes], self.where[movers] = self.where[movers], self.where[holes]
        self.active = left
        return places


def run(
    program: Program,
    negotiation: "Negotiation",
    weeks: int | None = None,
    after_week: AfterWeek | None = None,
    at_end: Callable[[Index, int], None] | None = None,
    block: int = BLOCK,
    workers: int | None = None,
) -> None:
    """Run a negotiation to its end, or some weeks; its store then holds the states of all worlds.

    after_week: called with each block after each week; at_end: called with the places of worlds
    that have ended and their last week; workers: threads, by default as many as help.
    """
    worlds, begun = negotiation.worlds, negotiation.week
    stop = np.inf if weeks is None else begun + weeks

    def work(part: slice) -> tuple[slice, int, Array]:
        current = Block(program, negotiation, part)
        week = begun
        if at_end and current.over.size:
            at_end(current.over, week)
        while current.active and week < stop:
            week += 1
            current.week(week)
            if after_week:
                after_week(current, week)
            gone = current.end_week()
            if at_end and gone.size:
                at_end(gone, week)
        return part, week, current.states()

    negotiation.streams.forget()  # what building drew and read is not needed any more
    negotiation.store.forget_constants()
    if workers is None:
        workers = threads() if worlds >= WIDE else 1
    last = begun
    for part, week, states in _shared(work, list(_parts(worlds, block)), workers):
        last = max(last, week)
        _keep(program, negotiation, part, states)
    negotiation.week = last
    _change_parameters(negotiation)
    negotiation.running = not bool(negotiation.finished().all())


def _change_parameters(negotiation: "Negotiation") -> None:
    """Give parameters that the scenario changes their value of the last week, as `step` does."""
    if negotiation.keys.changed:
        recorded = negotiation.store["changed"].copy()
        change_parameters(negotiation)
        negotiation.store["changed"] = recorded  # worlds that ended before keep what they had


def _keep(program: Program, negotiation: "Negotiation", part: slice, states: Array) -> None:
    """Write the states of a block to the store."""
    for name, array in negotiation.store.arrays().items():
        shape, first = array.shape[:-1], program.rows[name]
        rows = int(np.prod(shape, dtype=np.intp))
        values = states[first : first + rows].reshape(*shape, states.shape[-1])
        negotiation.store.set_worlds(name, part, values)


def _shared[T](work: Callable[[slice], T], parts: list[slice], workers: int) -> Iterator[T]:
    """Yield what the work gives for each part; several threads do it if there are several parts."""
    count = min(len(parts), workers)
    if count < 2:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(work, parts)


def _parts(worlds: int, block: int) -> Iterator[slice]:
    for start in range(0, worlds, block):
        yield slice(start, min(start + block, worlds))


def evaluate(op: str, values: Mapping[int, float] | Any) -> float:
    """Return an operation on constants, computed by the machine itself."""
    memory = np.array([*values, *[0.0] * (4 - len(values))], dtype=np.float64).reshape(4, 1)
    form = "r" * len(values)
    code = np.array([[kernel.CODES[f"{op}.{form}"], 3, 0, 1, 2]], dtype=np.int32)
    nothing = np.zeros(1)
    kernel.load()(
        code, np.zeros(1, np.int32), nothing, memory, np.zeros((1, 1, LANES), np.uint64), 0,
        np.zeros(1, np.int64), 0.0, 1, nothing, nothing, nothing, nothing,
    )  # fmt: skip
    return float(memory[3, 0])
