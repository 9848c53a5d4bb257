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
        self._taken: dict[str, dict[int | None, Values]] = {}  # what was read in focus, by row

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

    def __contains__(self, name: str) -> bool:
        return name in self._arrays or name in self._numbers

    def __getitem__(self, name: str) -> Values:
        """Return a state array or a parameter for all worlds, or for those in focus."""
        values = self._arrays.get(name)
        if values is None:
            return self._constant(name)
        return values if self._focus is None else self._seen(name, None, values, self._focus)

    def __setitem__(self, name: str, values: Values) -> None:
        """Write a state array, in the worlds in focus."""
        if self._focus is None:
            target = self._arrays[name]
            if values.shape != target.shape:
                raise ValueError(f"state {name}: shape {values.shape}, must be {target.shape}.")
            # a copy, since another state may be written here
            self._arrays[name] = np.array(values, dtype=target.dtype, order="C")
        else:
            self._arrays[name][..., self._focus] = values
            self._taken.pop(name, None)

    def row(self, name: str, row: int) -> Values:
        """Return one row of a state array (R,)."""
        values: Values = self._arrays[name][row]
        return values if self._focus is None else self._seen(name, row, values, self._focus)

    def set_row(self, name: str, row: int, values: Values) -> None:
        """Write one row of a state array, in the worlds in focus."""
        if self._focus is None:
            self._arrays[name][row] = values
        else:
            self._arrays[name][row][..., self._focus] = values
            self._taken.pop(name, None)

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
        try:
            yield count
        finally:
            self._focus = None
            self._taken.clear()

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

    def _seen(self, name: str, row: int | None, values: Values, focus: Index) -> Values:
        """Return an array or its row as seen in focus, taken once until it is written."""
        taken = self._taken.setdefault(name, {})
        found = taken.get(row)
        if found is None:
            found = taken[row] = values.take(focus, axis=-1)
        return found

    def _constant(self, name: str) -> Array:
        full = self._constants.get(name)
        if full is None:
            full = np.full(self.worlds, self._numbers[name], dtype=np.float64)
            full.flags.writeable = False
            self._constants[name] = full
        return full if self._focus is None else full[: self._focus.size]
