"""One store for the state of all worlds: every array declared once, worlds last.

Agents read and write through it, so that forking, padding and dropping worlds is one `select`, and
a phase that concerns only some worlds works on these alone (`focus`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.arrays import Array, Index, Mask

type Values = NDArray[Any]


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
        self.states: dict[str, State] = {}
        self._arrays: dict[str, Values] = dict(sweep)
        self._numbers = dict(numbers)
        self._constants: dict[str, Array] = {}
        self._focus: Index | None = None
        self._whole: dict[str | tuple[str, int], Values] = {}  # what was read, whole or a row of it
        self._view = self._whole  # in focus another: what was read of the worlds in it

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what was read: in a copy it would be of other arrays than those written to."""
        return {k: v for k, v in self.__dict__.items() if k not in {"_whole", "_view"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._whole = self._view = {}

    @property
    def width(self) -> int:
        """Return how many worlds a read gives now: all, or those in focus."""
        return self.worlds if self._focus is None else int(self._focus.size)

    def declare(
        self, name: str, dims: tuple[str, ...], values: Values, unit: str, meaning: str
    ) -> None:
        """Add a state array of shape (*dims, R)."""
        self.states[name] = State(dims, unit, meaning)
        self._arrays[name] = np.array(values, order="C")  # a copy: the caller keeps its own
        self._forget(name, self._arrays[name])

    def __contains__(self, name: str) -> bool:
        return name in self._arrays or name in self._numbers

    def __getitem__(self, name: str) -> Values:
        """Return a state array or a parameter for all worlds, or for those in focus."""
        found = self._view.get(name)
        return self._read(name) if found is None else found

    def __setitem__(self, name: str, values: Values) -> None:
        """Write a state array, in the worlds in focus."""
        target = self._arrays[name]
        if self._focus is None:
            if values.shape != target.shape:
                raise ValueError(f"state {name}: shape {values.shape}, must be {target.shape}.")
            # a copy, since another state may be written here
            self._arrays[name] = np.array(values, dtype=target.dtype, order="C")
        elif target.ndim == 1:
            target[self._focus] = values
        else:
            target[..., self._focus] = values
        self._forget(name, target)

    def row(self, name: str, row: int) -> Values:
        """Return one row of a state array (R,)."""
        found = self._view.get((name, row))
        return self._read_row(name, row) if found is None else found

    def set_row(self, name: str, row: int, values: Values) -> None:
        """Write one row of a state array, in the worlds in focus."""
        target = self._arrays[name][row]
        if self._focus is None:
            target[...] = values
            return
        if target.ndim == 1:
            target[self._focus] = values
        else:
            target[..., self._focus] = values
        self._view.pop(name, None)
        self._view.pop((name, row % len(self._arrays[name])), None)

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
        self._view = {}
        try:
            yield count
        finally:
            self._focus, self._view = None, self._whole

    def here(self, values: Values) -> Values:
        """Return an array over all worlds as seen in focus."""
        return values if self._focus is None else values.take(self._focus, axis=-1)

    def keep(self, index: Index) -> tuple[Index, dict[str, Values]]:
        """Return a copy of the state of some worlds, for `restore`."""
        if not index.size:
            return index, {}
        return index, {name: np.take(v, index, axis=-1) for name, v in self.arrays().items()}

    def restore(self, kept: tuple[Index, dict[str, Values]]) -> None:
        """Put back what `keep` kept: worlds that have ended stay as they were."""
        index, values = kept
        for name, value in values.items():
            self._arrays[name][..., index] = value

    def select(self, index: Index) -> "Store":
        """Return a store of the worlds `index`, in that order, repeats allowed."""
        chosen = Store(int(index.size), self._numbers, {})
        chosen.states = dict(self.states)
        chosen._arrays = {
            name: np.take(values, index, axis=-1) for name, values in self._arrays.items()
        }
        return chosen

    def arrays(self) -> dict[str, Values]:
        """Return all state arrays by name, without parameters."""
        return {name: self._arrays[name] for name in self.states}

    def _read(self, name: str) -> Values:
        """Return what a read gives now, and keep it until it is written."""
        values = self._arrays.get(name)
        if values is None:
            values = self._constant(name)
        elif self._focus is not None:
            values = values.take(self._focus, axis=-1)
        self._view[name] = values
        return values

    def _read_row(self, name: str, row: int) -> Values:
        """Return a row as a read gives it now, and keep it until it is written."""
        values: Values = self._arrays[name][row]
        if self._focus is not None:
            values = values.take(self._focus, axis=-1)
        if row >= 0:  # counted from the end it would be kept twice
            self._view[name, row] = values
        return values

    def _forget(self, name: str, values: Values) -> None:
        """Drop what was read of a state array that has been written."""
        view = self._view
        view.pop(name, None)
        if values.ndim > 1:
            for row in range(len(values)):
                view.pop((name, row), None)

    def _constant(self, name: str) -> Array:
        full = self._constants.get(name)
        if full is None:
            full = np.full(self.worlds, self._numbers[name], dtype=np.float64)
            full.flags.writeable = False
            self._constants[name] = full
        return full if self._focus is None else full[: self._focus.size]
