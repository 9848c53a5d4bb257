"""Substitutes for the store and the random streams while a week is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from model.state.random_streams import RandomStreams, standard_normal
from model.state.store import Store
from model.tracing.errors import CannotRecord
from model.tracing.graph import Graph, Node
from model.tracing.symbols import BOOL, FLOAT, INT, WORLDS, SomeWorlds, SymbolicArray, lifted


class RecordingStore:
    """Answer as the store does, with symbolic arrays.

    rows: by state the number of its first row in the program's memory. Parameters that are swept
    become inputs, the others constants.
    """

    def __init__(self, graph: Graph, real: Store, rows: dict[str, int]) -> None:
        self.graph, self.states, self.rows = graph, real.states, rows
        self.worlds = self.width = WORLDS
        self._real, self._swept, self._numbers = real, real.swept(), real.numbers()
        self._changed: dict[str, Any] = {}
        self._now: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._inner: dict[str, Any] | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._real

    def __getitem__(self, name: str) -> SymbolicArray:
        if name in self.states:
            return self._read(self._current(name))
        if name in self._changed:
            return self._read(self._changed[name])
        return self._parameter(name)

    def _parameter(self, name: str) -> SymbolicArray:
        """Return a parameter as it was at the start: an input if it is swept, else a constant."""
        nodes = np.empty((), dtype=object)
        if name in self._swept:
            nodes[()] = self.graph.source("parameter", name)
        else:
            nodes[()] = self.graph.constant(self._numbers[name], literal=False)
        return self._read(nodes)

    def __setitem__(self, name: str, values: Any) -> None:
        nodes, target = lifted(self.graph, values)[0], self._current(name)
        whole = nodes.shape == target.shape or self._inner is not None
        if not whole:
            raise CannotRecord(f"state {name} is written with {nodes.ndim} leading axes")
        self._written(name)[...] = nodes

    named = __getitem__

    def swept(self) -> set[str]:
        """Return the parameters that differ between worlds."""
        return self._swept

    def of(self, table: str, key: str | int, field: str, inner: str = "", /) -> SymbolicArray:
        """Return a number of an entry of the scenario."""
        return self[f"{table}.{key}.{field}.{inner}" if inner else f"{table}.{key}.{field}"]

    def at_start(self, name: str) -> SymbolicArray:
        """Return a parameter as it was before any change."""
        return self._parameter(name)

    def change(self, name: str, values: Any) -> None:
        """Give a parameter another value from here to the end of the week."""
        if self._inner is not None:
            raise CannotRecord(f"the parameter {name} is changed in some worlds alone")
        self._changed[name] = lifted(self.graph, values)[0]

    def row(self, name: str, row: int) -> SymbolicArray:
        """Return one row of a state."""
        return self._read(self._current(name)[row, ...])

    def set_row(self, name: str, row: int, values: Any) -> None:
        """Write one row of a state."""
        self._written(name)[row, ...] = lifted(self.graph, values)[0]

    def zeros(self, *leading: int) -> SymbolicArray:
        """Return zeros."""
        return self.full(0.0, *leading)

    def full(self, value: Any, *leading: int) -> SymbolicArray:
        """Return an array of one value."""
        nodes = np.empty(leading, dtype=object)
        nodes[...] = self.graph.constant(value)
        kind = np.asarray(value).dtype.kind
        return SymbolicArray(self.graph, nodes, {"b": BOOL, "i": INT}.get(kind, FLOAT))

    def here(self, values: SymbolicArray) -> SymbolicArray:
        """Return values as seen in focus: the graph does that when they are used."""
        return values

    @contextmanager
    def focus(self, where: SymbolicArray) -> Iterator[SomeWorlds | int]:
        """Record what is done in some worlds alone."""
        mask = self.graph.here(where.nodes[()])
        if mask.const == 0.0:
            kept, self._inner = self._inner, {}
            try:
                yield 0
            finally:
                self._inner = kept
            return
        if mask.const is not None:
            yield SomeWorlds()
            return
        with self.graph.region(mask):
            self._inner = {}
            try:
                yield SomeWorlds()
            finally:
                inner, self._inner = self._inner, None
        for name, nodes in inner.items():
            now = self._now[name]
            for place in np.ndindex(now.shape):
                if nodes[place] is not now[place]:
                    now[place] = self.graph.put(mask, now[place], nodes[place])

    def finals(self) -> dict[int, Node]:
        """Return what is in each row at the end, where it is not what was there at the begin."""
        found = {}
        for name, nodes in self._now.items():
            first, before = self.rows[name], self._before[name]
            for number, place in enumerate(np.ndindex(nodes.shape)):
                if nodes[place] is not before[place]:
                    found[first + number] = nodes[place]
        return found

    def _current(self, name: str) -> Any:
        """Return the nodes of a state as they are now, in focus too."""
        if self._inner is not None and name in self._inner:
            return self._inner[name]
        if name not in self._now:
            if name not in self.states:
                raise CannotRecord(f"{name} is no state")
            shape = self._real.arrays()[name].shape[:-1]
            nodes = np.empty(shape, dtype=object)
            for number, place in enumerate(np.ndindex(shape)):
                nodes[place] = self.graph.source("state", self.rows[name] + number)
            self._now[name], self._before[name] = nodes, nodes.copy()
        return self._now[name]

    def _written(self, name: str) -> Any:
        """Return the nodes of a state, to be replaced."""
        now = self._current(name)
        if self._inner is None:
            return now
        if name not in self._inner:
            self._inner[name] = now.copy()
        return self._inner[name]

    def _read(self, nodes: Any) -> SymbolicArray:
        """Return what a rule reads: a copy that it cannot write to."""
        copy = nodes.copy()
        copy.flags.writeable = False
        return SymbolicArray(self.graph, copy)


class RecordingStreams:
    """Answer as the random streams do: one uniform per world, of this week."""

    def __init__(self, graph: Graph, real: RandomStreams, week: SymbolicArray) -> None:
        self.graph, self._week = graph, week.nodes[()]
        self.seed, self.branch = real.seed, real.branch

    def uniform(self, purpose: str, week: Any) -> SymbolicArray:
        """Return one uniform a world."""
        if not isinstance(week, SymbolicArray) or week.nodes[()] is not self._week:
            raise CannotRecord(f'a random number "{purpose}" of another week is drawn')
        nodes = np.empty((), dtype=object)
        nodes[()] = self.graph.source("draw", str(purpose))
        return SymbolicArray(self.graph, nodes)

    def normal(self, purpose: str, week: Any) -> SymbolicArray:
        """Return one standard normal a world."""
        found: Any = standard_normal(self.uniform(purpose, week))  # type: ignore[arg-type]
        return found  # type: ignore[no-any-return]
