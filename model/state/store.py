"""One store for the state of all worlds: every array declared once, worlds last.

Agents read and write through it, so that forking, padding and dropping worlds is one `select`, and
a phase that concerns only some worlds works on these alone (`focus`).

An array that is read never changes: it is read-only, and a write replaces it in the store. If no
reader holds the old array any more, the write reuses its memory (`_held`). New memory for every
write would make a run about 10 % slower.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from sys import getrefcount
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from model.arrays import Array, Index, Mask

if TYPE_CHECKING:  # the names are for type checkers: the module that writes them needs no list yet
    from model.state.names import (
        ActorField,
        EdgeField,
        EventField,
        GroupField,
        IssueField,
        ParameterName,
        SideField,
        StateName,
    )

type Values = NDArray[Any]

_PROBE = [np.zeros(1)]
_ALONE = getrefcount(_PROBE[0])  # references to an array that only a list or a dict holds


@dataclass(frozen=True)
class State:
    """Say what a state array is: its leading dimensions, unit and meaning."""

    dims: tuple[str, ...]
    unit: str
    meaning: str


class Store:
    """Hold the state arrays and the parameters of R worlds.

    A parameter is an array over worlds whether swept or not: a scalar and a constant array must
    give the same bits.
    """

    def __init__(
        self, worlds: int, numbers: Mapping[str, float], sweep: Mapping[str, Array]
    ) -> None:
        self.worlds = worlds
        self.states: dict[StateName, State] = {}
        self._arrays: dict[str, Values] = {name: np.array(v) for name, v in sweep.items()}
        self._numbers = dict(numbers)
        self._start: dict[str, Values] = {}  # parameters that changed, as they were at the start
        self._focus: Index | None = None
        self._reset_views()

    def _reset_views(self) -> None:
        self._constants: dict[str, Array] = {}
        # What readers get: read-only views of the arrays, by name and by name and row
        self._whole: dict[str, Values] = {}
        self._rows: dict[str, list[Values]] = {}
        # During a focus: copies of the worlds in focus
        self._near: dict[str | tuple[str, int], Values] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the views: they belong to the arrays of this store, not to those of a copy."""
        views = {"_whole", "_rows", "_near", "_constants"}
        return {key: value for key, value in self.__dict__.items() if key not in views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        # each array owns its memory, so that every view of it holds a reference to it
        self._arrays = {k: v if v.base is None else v.copy() for k, v in self._arrays.items()}
        self._reset_views()

    @property
    def width(self) -> int:
        """Return how many worlds a read gives now: all, or those in focus."""
        return self.worlds if self._focus is None else int(self._focus.size)

    def declare(
        self, name: str, dims: tuple[str, ...], values: Values, unit: str, meaning: str
    ) -> None:
        """Add a state array of shape (*dims, R)."""
        self.states[name] = State(dims, unit, meaning)  # type: ignore[index]
        self._replace(name, np.array(values, order="C"))  # a copy: the caller keeps its own

    def __contains__(self, name: str) -> bool:
        return name in self._arrays or name in self._numbers

    def __getitem__(self, name: "StateName | ParameterName") -> Values:
        """Return a state array or a parameter for all worlds, or for those in focus (read-only)."""
        found = (self._whole if self._focus is None else self._near).get(name)
        return self._read(name) if found is None else found

    def __setitem__(self, name: "StateName", values: Values) -> None:
        """Write a state array, in the worlds in focus. Arrays read before do not change."""
        target, focus = self._writable(name), self._focus
        if focus is None:
            if values.shape != target.shape:
                raise ValueError(f"state {name}: shape {values.shape}, must be {target.shape}.")
            target[...] = values
        elif target.ndim == 1:
            target[focus] = values
            self._near.pop(name, None)
        else:
            target[..., focus] = values
            self._near.pop(name, None)
            for row in range(len(target)):
                self._near.pop((name, row), None)

    @overload
    def of(self, table: Literal["sides"], key: str, field: "SideField", /) -> Values: ...
    @overload
    def of(self, table: Literal["actors"], key: str, field: "ActorField", /) -> Values: ...
    @overload
    def of(self, table: Literal["constituencies"], key: str, field: "GroupField", /) -> Values: ...
    @overload
    def of(self, table: Literal["edges"], key: str, field: "EdgeField", /) -> Values: ...
    @overload
    def of(self, table: Literal["issues"], key: str, field: "IssueField", /) -> Values: ...
    @overload
    def of(
        self, table: Literal["issues"], key: str, field: Literal["stakes"], group: str, /
    ) -> Values: ...
    @overload
    def of(
        self, table: Literal["actors"], key: str, field: Literal["priorities"], issue: str, /
    ) -> Values: ...
    @overload
    def of(self, table: Literal["events"], key: int, field: "EventField", /) -> Values: ...
    @overload
    def of(
        self, table: Literal["events"], key: int, field: Literal["effects"], target: str, /
    ) -> Values: ...
    def of(self, table: str, key: str | int, field: str, inner: str = "", /) -> Values:
        """Return a number of an entry of the scenario, such as `sides.US.tariff` (R,)."""
        name = f"{table}.{key}.{field}.{inner}" if inner else f"{table}.{key}.{field}"
        found = (self._whole if self._focus is None else self._near).get(name)
        return self._read(name) if found is None else found

    def named(self, name: str) -> Values:
        """Return a state or a parameter whose name is only known at run time; else KeyError."""
        found = (self._whole if self._focus is None else self._near).get(name)
        return self._read(name) if found is None else found

    def change(self, name: str, values: Values) -> None:
        """Give a parameter another value in each world, for all worlds."""
        self._start.setdefault(name, self.named(name))
        self._replace(name, np.array(values, dtype=np.float64, order="C"))

    def at_start(self, name: str) -> Values:
        """Return a parameter as it was before any change (R,)."""
        return self._start[name] if name in self._start else self.named(name)

    def row(self, name: "StateName", row: int) -> Values:
        """Return one row of a state array (R,), read-only."""
        if self._focus is None:
            rows = self._rows.get(name)
            return self._split(name)[row] if rows is None else rows[row]
        found = self._near.get((name, row))
        return self._read_row(name, row) if found is None else found

    def set_row(self, name: "StateName", row: int, values: Values) -> None:
        """Write one row of a state array, in the worlds in focus. Arrays read before stay."""
        array, focus = self._writable(name, row), self._focus
        if focus is None:
            array[row] = values
            return
        target = array[row]
        if target.ndim == 1:
            target[focus] = values
        else:
            target[..., focus] = values
        self._near.pop(name, None)
        self._near.pop((name, row % len(array)), None)

    def zeros(self, *leading: int) -> Array:
        """Return zeros (*leading, R) for all worlds, or for those in focus."""
        return np.zeros((*leading, self.width))

    def full(self, value: float | bool, *leading: int) -> Values:
        """Return one value (*leading, R) for all worlds, or for those in focus."""
        return np.full((*leading, self.width), value)

    @contextmanager
    def focus(self, where: Mask) -> Iterator[int]:
        """Work on the worlds of `where` (R,) alone; yields how many there are.

        One world alone is worked on twice over, since a width of one sums in another order.
        """
        if self._focus is not None:
            raise RuntimeError("a focus is open already.")
        index = np.flatnonzero(where)
        count = int(index.size)
        self._focus = np.concatenate([index, index]) if count == 1 else index
        self._near = {}
        try:
            yield count
        finally:
            self._focus, self._near = None, {}

    def here(self, values: Values) -> Values:
        """Return an array over all worlds as seen in focus."""
        return values if self._focus is None else values.take(self._focus, axis=-1)

    def keep(self, index: Index) -> tuple[Index, dict[str, Values]]:
        """Return a copy of the state of some worlds, for `restore`."""
        if not index.size:
            return index, {}
        return index, {name: self._arrays[name].take(index, axis=-1) for name in self.states}

    def restore(self, kept: tuple[Index, dict[str, Values]]) -> None:
        """Put back what `keep` kept: worlds that have ended stay as they were."""
        index, values = kept
        for name, value in values.items():
            self._writable(name)[..., index] = value

    def select(self, index: Index) -> "Store":
        """Return a store of the worlds `index`, in that order, repeats allowed."""
        chosen = Store(int(index.size), self._numbers, {})
        chosen.states = dict(self.states)
        chosen._arrays = {name: v.take(index, axis=-1) for name, v in self._arrays.items()}
        chosen._start = {name: v.take(index, axis=-1) for name, v in self._start.items()}
        return chosen

    def set_worlds(self, name: str, part: slice, values: Values) -> None:
        """Write a state array in some neighbouring worlds. Arrays read before do not change."""
        self._writable(name)[..., part] = values

    def forget_constants(self) -> None:
        """Free the arrays of parameters that are the same in all worlds, until they are read."""
        for name in self._constants:
            self._whole.pop(name, None)
        self._constants.clear()

    def swept(self) -> set[str]:
        """Return the parameters that differ between worlds."""
        return set(self._arrays.keys() - self.states.keys())

    def numbers(self) -> Mapping[str, float]:
        """Return the scenario's own value of each parameter, by name; some may be swept."""
        return self._numbers

    def arrays(self) -> "dict[StateName, Values]":
        """Return all state arrays by name, without parameters (read-only)."""
        return {name: self._view(name) for name in self.states}

    def _read(self, name: str) -> Values:
        """Return what a read gives now, and keep it until the next write."""
        values: Values
        if name not in self._arrays:
            values = self._constant(name)
        elif self._focus is None:
            return self._view(name)
        else:
            values = self._near_of(self._arrays[name])
        (self._whole if self._focus is None else self._near)[name] = values
        return values

    def _read_row(self, name: str, row: int) -> Values:
        """Return a row of the worlds in focus, and keep it until the next write."""
        values = self._near_of(self._arrays[name][row])
        if row >= 0:  # counted from the end it would be kept twice
            self._near[name, row] = values
        return values

    def _near_of(self, values: Values) -> Values:
        """Return a read-only copy of the worlds in focus."""
        near: Values
        if self._focus is None:
            near = values.copy()
        elif values.ndim == 1:
            near = values[self._focus]  # about twice as fast as take
        else:
            near = values.take(self._focus, axis=-1)
        near.setflags(write=False)
        return near

    def _view(self, name: str) -> Values:
        """Return a read-only view of a whole array."""
        view = self._whole.get(name)
        if view is None:
            view = self._whole[name] = self._arrays[name].view()
            view.setflags(write=False)
        return view

    def _split(self, name: str) -> list[Values]:
        """Return read-only views of the rows of an array."""
        rows = self._rows[name] = list(self._arrays[name])
        for row in rows:
            row.setflags(write=False)
        return rows

    def _writable(self, name: str, row: int | None = None) -> Values:
        """Return the array of a state for a write of it all or of a row.

        It is a new array if a reader holds the old one.
        """
        if self._held(name, row):
            self._replace(name, self._arrays[name].copy())
        return self._arrays[name]

    def _held(self, name: str, row: int | None) -> bool:
        """Return whether a reader holds an array, or one of its rows, or a view of these.

        CPython counts references, and each NumPy view, or view of a view, holds one to the array
        that owns the memory. So the store's own views are subtracted, and what is left are readers.
        """
        own = 0
        if name in self._whole:
            own = 1
            if getrefcount(self._whole[name]) > _ALONE:
                return True
        if name in self._rows:
            rows = self._rows[name]
            own += len(rows)
            for one in range(len(rows)) if row is None else (row,):
                if getrefcount(rows[one]) > _ALONE:
                    return True
        return getrefcount(self._arrays[name]) > _ALONE + own

    def _replace(self, name: str, values: Values) -> None:
        """Put another array in the place of a state's."""
        self._arrays[name] = values
        self._whole.pop(name, None)
        self._rows.pop(name, None)
        if self._focus is not None:
            self._near.pop(name, None)
            for row in range(len(values) if values.ndim > 1 else 0):
                self._near.pop((name, row), None)

    def _constant(self, name: str) -> Array:
        full = self._constants.get(name)
        if full is None:
            full = np.full(self.worlds, self._numbers[name], dtype=np.float64)
            full.setflags(write=False)
            self._constants[name] = full
        return full if self._focus is None else full[: self._focus.size]
