"""Choose the engine that runs the worlds: NumPy by `step`, or the recorded program of a week."""

import logging
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from model.arrays import Array, Index
from model.negotiation import Negotiation
from model.schema.problems import WinsetError
from model.tracing import machine, programs
from model.tracing.program import Program

type Engine = Literal["auto", "numpy", "traced"]
ENGINES: tuple[Engine, ...] = ("auto", "numpy", "traced")
NUMPY, TRACED = "numpy", "traced"
ASKED = "NumPy was asked for."

_LOG = logging.getLogger("winset")
_SAID: set[str] = set()


class Used(NamedTuple):
    """Which engine ran the worlds, and why it was not the traced one ("" if it was)."""

    engine: str
    reason: str


class EngineError(WinsetError, ValueError):
    """The traced engine was asked for and cannot run the worlds; the message says why."""


class States(Protocol):
    """The states of the worlds that have just been simulated for a week."""

    def __getitem__(self, name: str, /) -> Array:
        """Return a state of these worlds (..., worlds)."""


type After = Callable[[int, States, Index], None]
"""Is called after each week with its number, and with the states and the places of the worlds."""


def program_for(negotiation: Negotiation, engine: str) -> tuple[Program | None, Used]:
    """Return the program that runs a negotiation, if one does, and which engine that is.

    Raises EngineError if the traced engine is asked for and cannot run it.
    """
    if engine not in ENGINES:
        raise EngineError(f'engine "{engine}": must be one of {", ".join(ENGINES)}.')
    if engine == NUMPY:
        return None, Used(NUMPY, ASKED)
    try:
        return programs.program_of(negotiation), Used(TRACED, "")
    except programs.NoProgram as error:
        reason = str(error)
        if engine == TRACED:
            raise EngineError(reason) from error
        if error.unexpected and reason not in _SAID:
            _SAID.add(reason)
            _LOG.warning("NumPy runs the weeks, which is slower. %s", reason)
        return None, Used(NUMPY, reason)


def prepare(negotiation: Negotiation) -> None:
    """Record a program whose inputs are all swept parameters of a negotiation.

    Runs that sweep some of these parameters, or none, then need no other program.
    """
    program_for(negotiation, "auto")


class _BlockStates:
    """The states of those worlds of a block that are wanted."""

    def __init__(
        self, block: machine.Block, shapes: dict[str, tuple[int, ...]], chosen: Any
    ) -> None:
        self._block, self._shapes, self._chosen = block, shapes, chosen

    def __getitem__(self, name: str) -> Array:
        values: Array = self._block.state(name, self._shapes[name])
        return values if self._chosen is None else values[..., self._chosen]


def run_program(
    program: Program,
    negotiation: Negotiation,
    worlds: int,
    weeks: int | None = None,
    after: After | None = None,
    at_end: Callable[[int, Index], None] | None = None,
) -> None:
    """Run a negotiation by its program, to its end or some weeks.

    worlds: how many of its first worlds are passed to `after` and `at_end`; at_end is called with
    the last week and the places of worlds that have ended.
    """
    shapes: dict[str, tuple[int, ...]] = {
        name: array.shape[:-1] for name, array in negotiation.store.arrays().items()
    }

    def after_week(block: machine.Block, week: int) -> None:
        if after:
            places = block.places
            chosen = places < worlds
            if chosen.all():
                after(week, _BlockStates(block, shapes, None), places)
            else:
                after(week, _BlockStates(block, shapes, chosen), places[chosen])

    def ended(places: Index, week: int) -> None:
        if at_end:
            at_end(week, places[places < worlds])

    machine.run(program, negotiation, weeks, after_week if after else None, ended)


def advance(
    negotiation: Negotiation,
    weeks: int | None = None,
    engine: str = "auto",
    after: After | None = None,
) -> Used:
    """Run a negotiation for some weeks, or to its end, in place.

    Unlike `finish`, it keeps all worlds in the negotiation. NumPy runs the weeks in which a seat
    does not move as the model does; a program runs the weeks after these.
    """
    left = np.inf if weeks is None else weeks
    program, used = None, Used(NUMPY, ASKED)
    while negotiation.running and left > 0:
        if not negotiation.opened:
            program, used = program_for(negotiation, engine)
        if program is not None:
            rest = None if weeks is None else int(left)
            run_program(program, negotiation, negotiation.worlds, rest, after)
            return used
        going = np.flatnonzero(~negotiation.finished())
        negotiation.step()
        left -= 1
        if after:
            after(negotiation.week, _Chosen(negotiation, going), going)
    return used


class _Chosen:
    """The states of some worlds of a negotiation."""

    def __init__(self, negotiation: Negotiation, places: Index) -> None:
        self._store, self._places = negotiation.store, places

    def __getitem__(self, name: str) -> Array:
        values: Array = self._store.named(name)[..., self._places]
        return values
