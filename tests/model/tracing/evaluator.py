"""Runs a program with NumPy, by the meanings in the table of operations: slow, and independent."""

from typing import Any

import numpy as np

from model.rules.learning import learn_from_order, order_of_concessions
from model.rules.trades import multiplied, traded
from model.state.random_streams import LANES, SCALE
from model.tracing.kernel import BUNDLES
from model.tracing.machine import Block
from model.tracing.operations import OPERATIONS
from model.tracing.program import NAMES, Program, inputs_of


class Evaluator:
    """Run the instructions of a week on the memory of a block."""

    def __init__(self, block: Block, week: int) -> None:
        self.block, self.program, self.week = block, block.program, week
        block.draw(week)
        self.memory = block.memory[:, : block.active]

    def run(self) -> None:
        """Run them all."""
        at, within = 0, False
        inside: Any = np.zeros(0, dtype=np.intp)
        code = self.program.code
        with np.errstate(all="ignore"):
            while at < len(code):
                name = NAMES[int(code[at, 0])]
                target, a, b, c = (int(number) for number in code[at, 1:])
                at += 1
                if name == "begin":
                    inside = np.flatnonzero(self.memory[a])
                    at, within = (at, True) if inside.size else (b, False)
                elif name == "end":
                    within = False
                elif name == "scatter":
                    values = self.memory[a].copy()
                    values[inside] = self.memory[b, : inside.size]
                    self.memory[target] = values
                else:
                    width = inside.size if within else self.block.active
                    self._one(name, (target, a, b, c), inside, width)

    def _one(self, name: str, operands: tuple[int, ...], inside: Any, width: int) -> None:
        target, a, b, c = operands
        memory, program = self.memory, self.program
        if name in BUNDLES:
            self._bundle(name, target, a, b, width)
        elif name == "draw":
            where = self.block.where[: self.block.active]
            where = where[inside] if b else where
            bits = self.block.raw[a, where, self.week % LANES] >> np.uint64(12)
            memory[target, :width] = (bits.astype(float) + 0.5) * SCALE
        elif name == "week":
            memory[target, :width] = self.week
        elif name == "fill":
            memory[target, :width] = program.constants[a]
        elif name == "copy":
            memory[target, :width] = memory[a, :width]
        elif name == "gather":
            memory[target, :width] = memory[a][inside]
        else:
            op, _, form = name.partition(".")
            values = [
                memory[number, :width] if kind == "r" else program.constants[number]
                for number, kind in zip((a, b, c), form, strict=False)
            ]
            memory[target, :width] = OPERATIONS[op].meaning(*values)

    def _bundle(self, name: str, start: int, number: int, offset: int, width: int) -> None:
        lists, memory = self.program.lists, self.memory
        inputs = inputs_of(name, number, offset)
        given = memory[lists[start : start + inputs], :width].copy()
        results = lists[start + inputs : start + inputs + number]
        worlds = np.arange(width)
        if name == "places":
            order = np.argsort(-given, axis=0, kind="stable")
            found = np.argsort(order, axis=0, kind="stable").astype(float)
        elif name == "lookup":
            found = _looked_up(self.program, given, number, offset)
        elif name == "trade":
            rows = np.split(given[:-3], range(number, len(given) - 3, number))
            if offset == 1:
                found = multiplied(*rows[:4], *given[-3:-1])
            else:
                found = traded(*rows[:4], *given[-3:], *rows[4:])
        elif name == "order":
            found = np.vstack(order_of_concessions(*_issues(given, 4)))
        elif name == "learn":
            found = np.vstack(learn_from_order(*_issues(given[:-1], 5), given[-1]))  # type: ignore[call-arg]
        else:
            place, values = given[:number].astype(int), given[number:]
            found = np.empty_like(values)
            if name == "permute":
                for row in range(number):
                    found[place[row], worlds] = values[row]
            else:
                for row in range(number):
                    found[row] = values[place[row], worlds]
        memory[results, :width] = found


def _issues(given: Any, arrays: int) -> list[Any]:
    """Return arrays with a row for each issue, of which the last is a mask."""
    rows = np.split(given, arrays)
    return [*rows[:-1], rows[-1] != 0.0]


def _looked_up(program: Program, point: Any, number: int, offset: int) -> Any:
    """Return the values of surfaces at points (3, worlds), trilinear."""
    axes = program.tables.axes
    size = number * int(np.prod([axis.size for axis in axes]))
    table = program.tables.values[offset : offset + size].reshape(*(x.size for x in axes), number)
    lows, shares = [], []
    for axis, value in zip(axes, point, strict=True):
        low = axis[1:-1].searchsorted(value, side="right")
        lows.append(low)
        share = (value - axis[low]) / (axis[low + 1] - axis[low])
        shares.append(np.minimum(np.maximum(share, 0.0), 1.0))
    found = np.zeros((number, point.shape[1]))
    for corner in np.ndindex(2, 2, 2):
        weight = np.ones(point.shape[1])
        for up, share in zip(corner, shares, strict=True):
            weight = weight * (share if up else 1.0 - share)
        node = tuple(low + up for low, up in zip(lows, corner, strict=True))
        found += table[node].T * weight
    return found
