"""A program: the recorded week as instructions on rows of a memory, printable as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.tracing.errors import short
from model.tracing.kernel import BUNDLES, CODES
from model.tracing.operations import OPERATIONS

NAMES = {number: name for name, number in CODES.items()}


def inputs_of(bundle: str, results: int, payload: int) -> int:
    """Return how many values an operation with several results reads."""
    if bundle == "trade":  # four or five for each trade, and what the trades should reach
        return (4 + payload // 2) * results + 3
    if bundle == "order":  # four for each issue; three results for each
        return results // 3 * 4
    if bundle == "learn":  # five for each issue and the noise; two results for each
        return results // 2 * 5 + 1
    return {"lookup": 3, "places": results}.get(bundle, 2 * results)


@dataclass(frozen=True)
class Line:
    """What the printed program says about an instruction: phase, file and line."""

    phase: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return the file and the line as text."""
        return f"{short(self.file)}:{self.line}" if self.file else ""


@dataclass(frozen=True)
class Tables:
    """The surfaces that a program looks up: axes, and all values one after another."""

    axes: tuple[Any, Any, Any]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Program:
    """A week as instructions; rows of the memory are states, parameters, constants, then results.

    code: instructions [operation, target, a, b, c]; setup: those that are run once before the
    first week; rows: by state the number of its first row; states: how many rows are states;
    kept: how many rows must be kept from week to week, states included; size: how many rows there
    are; memory: the rows that are NaN before the first week; ended: the row that says which worlds
    have ended.
    """

    code: NDArray[np.int32]
    setup: NDArray[np.int32]
    lists: NDArray[np.int32]
    constants: NDArray[np.float64]
    tables: Tables
    rows: dict[str, int]
    states: int
    kept: int
    size: int
    memory: range
    parameters: dict[str, int]
    purposes: list[str]
    ended: int
    lines: list[Line]
    names: dict[int, str] = field(default_factory=dict)

    def phases(self) -> list[tuple[str, int, int]]:
        """Return the phases in order, each with its first and last instruction (excluded)."""
        found: list[tuple[str, int, int]] = []
        for number, line in enumerate(self.lines):
            if found and found[-1][0] == line.phase:
                found[-1] = (line.phase, found[-1][1], number + 1)
            else:
                found.append((line.phase, number, number + 1))
        return found

    def counts(self) -> dict[str, int]:
        """Return how often each operation occurs in a week."""
        found: dict[str, int] = {}
        for op in self.code[:, 0]:
            name = NAMES[int(op)].partition(".")[0]
            found[name] = found.get(name, 0) + 1
        return found

    def text(self, phase: str | None = None) -> str:
        """Return the program as text, whole or one of its phases."""
        return "\n".join(self._printed(phase))

    def _printed(self, phase: str | None) -> Iterator[str]:
        said, place, indent = "", "", ""
        for number, instruction in enumerate(self.code):
            line = self.lines[number]
            name = NAMES[int(instruction[0])]
            if name == "end":
                indent = ""
            if phase is not None and line.phase != phase:
                continue
            if line.phase != said:
                said = line.phase
                yield f"# {said}"
            written = indent + self._line(name, instruction)
            note = line.place if line.place != place else ""
            place = line.place
            yield f"{written:<64}# {note}".rstrip(" #") if note else written
            if name == "begin":
                indent = "    "

    def _line(self, name: str, instruction: NDArray[np.int32]) -> str:
        _, target, a, b, c = (int(number) for number in instruction)
        op, _, form = name.partition(".")
        if op == "begin":
            return f"in the worlds where {self._row(a)}:"
        if op == "end":
            return "in all worlds again"
        if op in BUNDLES:
            return self._bundle(op, target, a, b)
        if op == "draw":
            return f'{self._row(target)} = draw "{self.purposes[a]}"'
        if op == "week":
            return f"{self._row(target)} = week"
        if op == "fill":
            return f"{self._row(target)} = {self.constants[a]:g}"
        if op == "scatter":
            kept = "" if target == a else f", elsewhere {self._row(a)}"
            return f"{self._row(target)} = {self._row(b)} in these worlds{kept}"
        if op == "gather":
            return f"{self._row(target)} = {self._row(a)} of these worlds"
        if op == "copy":
            return f"{self._row(target)} = {self._row(a)}"
        operands = [
            self._row(number) if kind == "r" else f"{self.constants[number]:g}"
            for number, kind in zip((a, b, c), form, strict=False)
        ]
        symbol = OPERATIONS[op].symbol or f"{op}({', '.join(['{}'] * len(operands))})"
        return f"{self._row(target)} = {symbol.format(*operands)}"

    def _bundle(self, op: str, start: int, number: int, payload: int) -> str:
        inputs = inputs_of(op, number, payload)
        names = [self._row(int(row)) for row in self.lists[start : start + inputs + number]]
        return f"{_listed(names[inputs:])} = {op} of {_listed(names[:inputs])}"

    def _row(self, row: int) -> str:
        return self.names.get(row, f"r{row}")


def _listed(names: Sequence[str]) -> str:
    shown = list(names) if len(names) <= 4 else [*names[:2], "...", names[-1]]
    return f"({', '.join(shown)})"
