"""Provide the program of a negotiation: recorded once, checked against `step`, then cached."""

import threading
import traceback
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from model.arrays import Index
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.schema.derived import kept_while_alive
from model.schema.problems import WinsetError
from model.schema.scenario import Scenario
from model.tracing import kernel, machine
from model.tracing.errors import OWN, CannotRecord, short
from model.tracing.lowering import lowered
from model.tracing.program import Program
from model.tracing.recording import record
from model.week import WEEK

if TYPE_CHECKING:
    from model.negotiation import Negotiation

KEPT = 32  # programs
CHECKED_WORLDS, CHECKED_WEEKS, WITHIN = 8, 4, 1e-9
NO_AXES = (np.zeros(3),) * 3
# What a rule may raise that meets symbols where it expects numbers.
ODD = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


class NoProgram(WinsetError):
    """A negotiation cannot be run by a program; the message says in one sentence why.

    unexpected: it is worth telling, since rules or the installation are the reason.
    """

    def __init__(self, message: str, unexpected: bool = True) -> None:
        super().__init__(message)
        self.unexpected = unexpected


_LOCK = threading.RLock()
_PROGRAMS: OrderedDict[Any, Program | NoProgram] = OrderedDict()


def program_of(negotiation: "Negotiation") -> Program:
    """Return the program of a negotiation between two weeks. Raises NoProgram."""
    if negotiation.opened:
        raise NoProgram("The week has begun, and a program runs whole weeks.", False)
    _no_seats(negotiation)
    try:
        kernel.load()
    except kernel.NotYet as error:
        raise NoProgram(f"The machine is not ready: {error}.", False) from error
    except kernel.NoKernel as error:
        raise NoProgram(f"The machine cannot be compiled: {error}.") from error
    with _LOCK:
        key = _known(_key(negotiation), frozenset(negotiation.store.swept()))
        found = _PROGRAMS.get(key)
        if found is None:
            try:
                found = _recorded(negotiation)
            except NoProgram as error:
                found = error
            _PROGRAMS[key] = found
            if len(_PROGRAMS) > KEPT:
                _PROGRAMS.popitem(last=False)
        _PROGRAMS.move_to_end(key)
    if isinstance(found, NoProgram):
        raise found
    return found


def forget() -> None:
    """Forget all programs, as after a change of the rules."""
    with _LOCK:
        _PROGRAMS.clear()


def _no_seats(negotiation: "Negotiation") -> None:
    """Refuse a negotiation in which somebody else than the model moves."""
    for key, person in negotiation.people.items():
        conduct = getattr(person, "conduct", None)
        if conduct is not None and conduct.as_model(negotiation.week + 1) is None:
            name = type(conduct).__name__
            raise NoProgram(f"{key} moves by {name}, which is asked week by week.", False)


def _known(base: Any, swept: frozenset[str]) -> Any:
    """Return the key of a program that serves: one that has at least these numbers as inputs.

    A number gives the same bits as an input and as a constant.
    """
    for key in (base, swept), *reversed(_PROGRAMS):
        if key in _PROGRAMS and key[0] == base and key[1] >= swept:
            return key
    return base, swept


def _key(negotiation: "Negotiation") -> Any:
    """Return what a program depends on beside what is swept: scenario, agents and rules."""
    return (
        _text(negotiation.setting),
        tuple(type(person) for person in negotiation.people.values()),
        type(negotiation),
        negotiation.curved,
        tuple(OFFERING.values()),
        tuple(ACCEPTANCE.values()),
        tuple(negotiation.store.numbers().items()),
    )


@kept_while_alive
def _text(setting: Scenario) -> str:
    return setting.model_dump_json()


def _recorded(negotiation: "Negotiation") -> Program:
    """Record, translate and check a program. Raises NoProgram."""
    worlds = np.arange(min(negotiation.worlds, CHECKED_WORLDS), dtype=np.intp)
    few = _few(negotiation, worlds)
    try:
        recording = record(few, WEEK, machine.evaluate)
        program = lowered(recording, _axes(negotiation))
    except CannotRecord as error:
        raise NoProgram(f"The week cannot be recorded: {error}.") from error
    except ODD as error:
        name = type(error).__name__
        raise NoProgram(
            f"The week cannot be recorded: {name}, {error} ({_where(error)})."
        ) from error
    _check(program, negotiation, worlds)
    return program


def _few(negotiation: "Negotiation", worlds: Index) -> "Negotiation":
    """Return some worlds of a negotiation, with the model in every seat."""
    few = negotiation.select(worlds)
    for person in few.people.values():
        if hasattr(person, "conduct"):
            person.conduct = person.conduct.as_model(negotiation.week + 1)
    return few


def _axes(negotiation: "Negotiation") -> tuple[Any, Any, Any]:
    grid = getattr(negotiation.economy, "grid", None)
    return NO_AXES if grid is None else grid.axes


def _where(error: Exception) -> str:
    """Return the line of the rule in which an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if not f.filename.startswith(OWN) and "/numpy/" not in f.filename]
    return f"{short(ours[-1].filename)}, line {ours[-1].lineno}" if ours else "no line known"


def _check(program: Program, negotiation: "Negotiation", worlds: Index) -> None:
    """Compare a program's first weeks with `step`, state by state. Raises NoProgram."""
    stepped, traced = _few(negotiation, worlds), _few(negotiation, worlds)
    block = machine.Block(program, traced, slice(0, worlds.size))
    for _ in range(CHECKED_WEEKS):
        if not stepped.running:
            return
        stepped.step()
        block.week(stepped.week)
        block.end_week()
        states = block.states()
        for name, array in stepped.store.arrays().items():
            first = program.rows[name]
            rows = (
                array.reshape(-1, array.shape[-1]) if array.size else array.reshape(0, worlds.size)
            )
            same = np.isclose(states[first : first + len(rows)], rows, WITHIN, WITHIN, True)
            if not same.all():
                raise NoProgram(
                    f'The program differs from `step` in week {stepped.week}, in "{name}": a rule '
                    "depends on something that the recorder cannot see."
                )
        if block.active != worlds.size - int(stepped.finished().sum()):
            raise NoProgram(f"The program differs from `step` in what ends in week {stepped.week}.")
