"""Translate a recording to a program: drop unused results, and give each value a row."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.tracing.graph import OUTSIDE, Begin, Bundle, End, Node
from model.tracing.kernel import CODES
from model.tracing.operations import OPERATIONS
from model.tracing.program import Line, Program, Tables
from model.tracing.recording import Recording
from model.tracing.rows import Copy, Rows, arguments, results

type Step = Node | Bundle | Begin | End


def lowered(recording: Recording, axes: tuple[Any, Any, Any]) -> Program:
    """Return the program of a recorded week."""
    steps = _fused(*_needed(recording))
    return _Assembly(recording, steps, axes).program()


def _needed(recording: Recording) -> tuple[list[Step], set[Node]]:
    """Return the steps that something depends on, and what the week must leave behind."""
    regions = {item.scope: item for item in recording.graph.items if isinstance(item, Begin)}
    outputs = {*recording.finals.values(), recording.ended}
    needed: set[Any] = set()
    stack: list[Any] = list(outputs)
    while stack:
        item = stack.pop()
        if item in needed:
            continue
        needed.add(item)
        stack += arguments(item)
        if isinstance(item, Node) and item.bundle:
            stack += [item.bundle, *item.bundle.parts]
        if not isinstance(item, Begin | End) and item.scope > OUTSIDE:
            stack.append(regions[item.scope])
    scopes = {item.scope for item in needed if isinstance(item, Begin)}
    kept: list[Step] = []
    for item in recording.graph.items:
        if (isinstance(item, End) and item.scope in scopes) or item in needed:
            kept.append(item)
    return kept, outputs


def _fused(steps: list[Step], outputs: set[Node]) -> list[Step]:
    """Return the steps with min(max(x, 0), 1) as one."""
    uses: dict[Node, int] = dict.fromkeys(outputs, 1)
    for step in steps:
        for node in arguments(step):
            uses[node] = uses.get(node, 0) + 1
    dropped = set()
    for step in steps:
        if not isinstance(step, Node) or step.op != "minimum" or step.args[1].const != 1.0:
            continue
        inner = step.args[0]
        if inner.op == "maximum" and inner.args[1].const == 0.0 and uses[inner] == 1:
            step.op, step.args = "unit", (inner.args[0],)
            dropped.add(inner)
    return [step for step in steps if step not in dropped]


class _Assembly:
    """Give rows to values and write the instructions."""

    def __init__(self, recording: Recording, steps: list[Step], axes: tuple[Any, Any, Any]) -> None:
        self.recording, self.axes = recording, axes
        self.finals = {
            row: node
            for row, node in recording.finals.items()
            if not (node.op == "state" and node.payload == row)
        }
        self.place: dict[Node, int] = {}
        self.parameters: dict[str, int] = {}
        self.purposes: list[str] = []
        self.constants: list[float] = []
        self.constant_rows: dict[bytes, int] = {}
        self.known: dict[bytes, int] = {}
        self.lists: list[int] = []
        self.surfaces: dict[Any, int] = {}
        self.tables: list[Any] = []
        self.code: list[list[int]] = []
        self.lines: list[Line] = []
        self.top = recording.states + recording.graph.memory
        self.names = _names(recording)
        self.invariant = self._invariants(steps)
        first = [step for step in steps if step in self.invariant]
        self.once, self.weekly = first, [step for step in steps if step not in self.invariant]

    def program(self) -> Program:
        """Return the program."""
        self._sources()
        self._shared_rows()
        for step in self.once:
            assert isinstance(step, Node)
            self.place[step] = self._new_row()
        for step in self.once:
            self._write(step)
        fills = [
            [CODES["fill"], row, self.known[key], 0, 0] for key, row in self.constant_rows.items()
        ]
        setup, self.code, self.lines = fills + self.code, [], []
        kept = self.top
        steps, ended = self._weekly(kept)
        for step in steps:
            self._write(step)
        return Program(
            np.array(self.code, dtype=np.int32).reshape(-1, 5),
            np.array(setup, dtype=np.int32).reshape(-1, 5),
            np.array(self.lists or [0], dtype=np.int32),
            np.array(self.constants or [0.0]),
            Tables(self.axes, np.concatenate(self.tables) if self.tables else np.zeros(1)),
            dict(self.recording.rows),
            self.recording.states,
            kept,
            self.top,
            range(self.recording.states, self.recording.states + self.recording.graph.memory),
            self.parameters,
            self.purposes,
            self.place[ended],
            self.lines,
            self.names,
        )

    def _invariants(self, steps: Sequence[Step]) -> set[Any]:
        """Return the steps whose results are the same in every week."""
        found: set[Any] = set()

        def fixed(node: Node) -> bool:
            if node.op == "state":
                return node.payload not in self.finals
            return node.const is not None or node.op == "parameter" or node in found

        for step in steps:
            plain = isinstance(step, Node) and step.scope == OUTSIDE and step.op in OPERATIONS
            if plain and all(map(fixed, arguments(step))):
                found.add(step)
        return found

    def _new_row(self) -> int:
        self.top += 1
        return self.top - 1

    def _sources(self) -> None:
        """Give rows to states, to what the program remembers and to parameters."""
        states = self.recording.states
        wanted = [node for step in [*self.once, *self.weekly] for node in arguments(step)]
        for node in [*wanted, *self.finals.values(), self.recording.ended]:
            if node.op == "state":
                self.place[node] = node.payload
            elif node.op == "memory":
                self.place[node] = states + node.payload
            elif node.op == "parameter" and node not in self.place:
                self.place[node] = self.parameters[node.payload] = self._new_row()
                self.names[self.place[node]] = node.payload

    def _shared_rows(self) -> None:
        """Give rows to constants that cannot be operands of an instruction."""
        for step in [*self.once, *self.weekly]:
            for node in _rows_wanted(step):
                self._row_of_constant(node)
        for node in [*self.finals.values(), self.recording.ended]:
            if node.const is not None:
                self._row_of_constant(node)

    def _row_of_constant(self, node: Node) -> None:
        key = np.float64(node.const).tobytes()
        if key not in self.constant_rows:
            self.constant_rows[key] = self._new_row()
            self.names[self.constant_rows[key]] = f"{node.const:g}"
            self._constant(node)
        self.place[node] = self.constant_rows[key]

    def _constant(self, node: Node) -> int:
        key = np.float64(node.const).tobytes()
        if key not in self.known:
            self.known[key] = len(self.constants)
            self.constants.append(float(np.float64(node.const)))
        return self.known[key]

    def _weekly(self, kept: int) -> tuple[list[Any], Node]:
        """Return the steps of the week, each with its row, and the node of what has ended."""
        steps: list[Any] = list(self.weekly)
        week = next((n for s in steps for n in arguments(s) if n.op == "week"), None)
        if week is not None:
            steps.insert(0, week)
        computed = {node for step in steps for node in results(step)}
        finals: dict[int, Node] = {}
        taken: set[Node] = set()
        for row, node in self.finals.items():
            if node not in computed or node in taken:
                node = Node("copy", (node,))
                steps.append(node)
            finals[row] = node
            taken.add(node)
        ended = self.recording.ended
        if ended not in computed:
            ended = Node("copy", (ended,))
            steps.append(ended)
        rows = Rows(steps, finals, ended, dict(self.place), kept)
        self.place = rows.place
        self.top = rows.top
        return rows.steps, ended

    # Instructions

    def _write(self, step: Any) -> None:
        """Write the instruction of a step."""
        if isinstance(step, Bundle):
            self._write_bundle(step)
        elif isinstance(step, Begin):
            self._emit(step, "begin", 0, self.place[step.mask])
            self.opened = len(self.code) - 1
        elif isinstance(step, End):
            self.code[self.opened][3] = len(self.code)
            self._emit(step, "end")
        elif isinstance(step, Copy):
            self._emit(step.node, "copy", step.row, self.place[step.node])
        else:
            self._write_node(step)

    def _write_node(self, node: Node) -> None:
        row = self.place[node]
        if node.op == "week":
            self._emit(node, "week", row)
        elif node.op == "draw":
            if node.payload not in self.purposes:
                self.purposes.append(node.payload)
            number = self.purposes.index(node.payload)
            self._emit(node, "draw", row, number, int(node.scope != OUTSIDE))
        elif node.op in {"gather", "copy"}:
            self._emit(node, node.op, row, self.place[node.args[0]])
        elif node.op == "scatter":
            self._emit(node, "scatter", row, *(self.place[n] for n in node.args))
        else:
            form = _form(node)
            operands = [
                self.place[arg] if kind == "r" else self._constant(arg)
                for arg, kind in zip(node.args, form, strict=True)
            ]
            self._emit(node, f"{node.op}.{form}", row, *operands)

    def _write_bundle(self, step: Bundle) -> None:
        start = len(self.lists)
        self.lists += [self.place[node] for node in step.args]
        self.lists += [self.place[node] for node in step.parts]
        offset = self._table(step.payload) if step.op == "lookup" else int(step.payload or 0)
        self._emit(step, step.op, start, len(step.parts), offset)

    def _table(self, surfaces: tuple[Any, ...]) -> int:
        """Return where the values of surfaces begin among those of all."""
        key = tuple(map(id, surfaces))
        if key not in self.surfaces:
            self.surfaces[key] = sum(table.size for table in self.tables)
            values = np.vstack([surface.values for surface in surfaces])
            self.tables.append(np.ascontiguousarray(values.T).ravel())
        return self.surfaces[key]

    def _emit(self, step: Any, name: str, target: int = 0, *operands: int) -> None:
        self.code.append([CODES[name], target, *operands, *[0] * (3 - len(operands))])
        where = getattr(step, "where", ("", 0))
        phase = getattr(step, "phase", "") or (self.lines[-1].phase if self.lines else "")
        self.lines.append(Line(phase, *where))


def _form(node: Node) -> str:
    """Return which operands of an operation are rows and which are constants."""
    form = "".join("r" if arg.const is None else "c" for arg in node.args)
    return form if f"{node.op}.{form}" in CODES else "r" * len(form)


def _rows_wanted(step: Any) -> list[Node]:
    """Return the constants of a step that must be in rows."""
    constants = [node for node in arguments(step) if node.const is not None]
    if isinstance(step, Node) and step.op in OPERATIONS and "c" in _form(step):
        return []
    return constants


def _names(recording: Recording) -> dict[int, str]:
    """Return the names of the rows of states."""
    starts = sorted((row, name) for name, row in recording.rows.items())
    names = {}
    for (row, name), (end, _) in zip(starts, [*starts[1:], (recording.states, "")], strict=True):
        for place in range(row, end):
            names[place] = name if end - row == 1 else f"{name}[{place - row}]"
    return names
