"""The graph of a recorded week: its operations in the order in which rules call them."""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from model.tracing.errors import CannotRecord, caller
from model.tracing.operations import FLIPPED, OPERATIONS

EVERYWHERE = -1  # the scope of constants
OUTSIDE = 0  # the scope of what concerns all worlds; a region has a number from 1 on

type Key = tuple[Any, ...]
type Fold = Callable[[str, Sequence[float]], float]


class Node:
    """One value per world: a constant, an input, or the result of an operation.

    op: operation, or "const", "state", "parameter", "draw", "week", "gather", "scatter", "part";
    payload: what else it needs, such as the row of a state; scope: the region that it lives in;
    literal: a constant that no parameter can change; where: file and line.
    """

    __slots__ = ("args", "bundle", "const", "literal", "op", "payload", "phase", "scope", "where")

    def __init__(
        self, op: str, args: tuple["Node", ...] = (), payload: Any = None, scope: int = OUTSIDE
    ) -> None:
        self.op, self.args, self.payload, self.scope = op, args, payload, scope
        self.const: float | None = None
        self.literal = False
        self.bundle: Bundle | None = None
        self.phase = ""
        self.where = ("", 0)


class Bundle:
    """An operation with several results at once, such as a lookup of many series."""

    __slots__ = ("args", "op", "parts", "payload", "phase", "scope", "where")

    def __init__(self, op: str, args: tuple[Node, ...], payload: Any, scope: int) -> None:
        self.op, self.args, self.payload, self.scope = op, args, payload, scope
        self.parts: list[Node] = []
        self.phase = ""
        self.where = ("", 0)


class Begin:
    """The begin of a region: what follows concerns the worlds of a mask alone."""

    __slots__ = ("mask", "phase", "scope", "where")

    def __init__(self, mask: Node, scope: int, phase: str, where: tuple[str, int]) -> None:
        self.mask, self.scope, self.phase, self.where = mask, scope, phase, where


class End:
    """The end of a region."""

    __slots__ = ("scope",)

    def __init__(self, scope: int) -> None:
        self.scope = scope


type Item = Node | Bundle | Begin | End


class Graph:
    """Everything that has been recorded so far.

    fold: computes an operation on constants with the machine's own functions, so that a constant
    and an array that holds it give the same bits.
    """

    def __init__(self, fold: Fold) -> None:
        self.items: list[Item] = []
        self.phase = ""
        self.memory = 0  # rows that only the program knows, kept from week to week
        self.kept: dict[int, Node] = {}  # what is in them at the end of the week
        self._fold = fold
        self._scope = OUTSIDE
        self._regions = 0
        self._known: dict[int, dict[Key, Node]] = {OUTSIDE: {}}
        self._constants: dict[tuple[bytes, bool], Node] = {}
        self._gathered: dict[Node, Node] = {}

    @property
    def scope(self) -> int:
        """Return the region that is being recorded."""
        return self._scope

    def constant(self, value: float, literal: bool = True) -> Node:
        """Return the node of a constant."""
        value = float(value)
        key = (struct.pack("<d", value), literal)
        node = self._constants.get(key)
        if node is None:
            node = Node("const", scope=EVERYWHERE)
            node.const, node.literal = value, literal
            self._constants[key] = node
        return node

    def source(self, op: str, payload: Any) -> Node:
        """Return an input of all worlds: a state, a parameter, the week or a draw."""
        scope = self._scope if op == "draw" else OUTSIDE
        key = (op, payload)
        node = self._known[OUTSIDE].get(key) or self._known[scope].get(key)
        if node is None:
            node = self._noted(Node(op, (), payload, scope))
            if op == "draw":
                self.items.append(node)
            self._known[scope][key] = node
        return node

    def apply(self, op: str, *args: Node) -> Node:
        """Return the result of an element-wise operation, simplified where the bits allow it."""
        args = tuple(self.here(node) for node in args)
        if all(node.const is not None for node in args):
            values = [node.const for node in args if node.const is not None]
            return self.constant(self._fold(op, values), all(node.literal for node in args))
        if op == "where":
            return self._where(*args)
        if op in FLIPPED and args[0].const is not None:
            op, args = FLIPPED[op], args[::-1]
        if OPERATIONS[op].commutes and args[0].const is not None:
            args = args[::-1]
        plain = _simple(op, args)
        return self._made(op, args) if plain is None else plain

    def bundle(self, op: str, args: Sequence[Node], number: int, payload: Any = None) -> list[Node]:
        """Return the results of an operation that has several."""
        local = tuple(self.here(node) for node in args)
        bundle = self._noted(Bundle(op, local, payload, self._scope))
        self.items.append(bundle)
        for _ in range(number):
            part = self._noted(Node("part", (), None, self._scope))
            part.bundle = bundle
            bundle.parts.append(part)
        return bundle.parts

    def here(self, node: Node) -> Node:
        """Return a node as the region that is being recorded sees it."""
        if node.scope in {EVERYWHERE, self._scope}:
            return node
        if node.scope != OUTSIDE:
            raise CannotRecord("a value of some worlds in focus is used outside their focus")
        inner = self._gathered.get(node)
        if inner is None:
            inner = self._noted(Node("gather", (node,), None, self._scope))
            self.items.append(inner)
            self._gathered[node] = inner
        return inner

    @contextmanager
    def region(self, mask: Node) -> Iterator[None]:
        """Record what concerns the worlds of a mask alone."""
        if self._scope != OUTSIDE:
            raise CannotRecord("a focus is opened within a focus")
        self._regions += 1
        self._scope = self._regions
        self._known[self._scope], self._gathered = {}, {}
        self.items.append(Begin(mask, self._scope, self.phase, caller()))
        try:
            yield
        finally:
            self.items.append(End(self._scope))
            del self._known[self._scope]
            self._scope = OUTSIDE

    def put(self, mask: Node, old: Node, new: Node) -> Node:
        """Return a value that is `new` in the worlds of the region that has just ended."""
        if new.scope in {OUTSIDE, EVERYWHERE}:
            return self.apply("where", mask, new, old)
        node = self._noted(Node("scatter", (old, new), None, OUTSIDE))
        self.items.append(node)
        return node

    def remember(self, number: int) -> list[Node]:
        """Return rows that keep their values from week to week; NaN at first."""
        first, self.memory = self.memory, self.memory + number
        return [self.source("memory", first + place) for place in range(number)]

    def _where(self, mask: Node, yes: Node, no: Node) -> Node:
        if mask.const is not None:
            return yes if mask.const else no
        if yes is no:
            return yes
        return self._made("where", (mask, yes, no))

    def _made(self, op: str, args: tuple[Node, ...]) -> Node:
        key: Key = (op, *map(id, args))
        known = self._known[self._scope]
        node = known.get(key)
        if node is None:
            node = self._noted(Node(op, args, None, self._scope))
            self.items.append(node)
            known[key] = node
        return node

    def _noted[T: (Node, Bundle)](self, item: T) -> T:
        item.phase, item.where = self.phase, caller()
        return item


def _simple(op: str, args: tuple[Node, ...]) -> Node | None:
    """Return the operand that an operation leaves as it is, to the bit, if it does."""
    if len(args) != 2 or args[1].const is None:
        return None
    left, right = args
    value = right.const
    if (op in {"multiply", "divide", "and"} and value == 1.0) or (op == "or" and value == 0.0):
        return left
    if (op == "and" and value == 0.0) or (op == "or" and value == 1.0):
        return right
    if op == "subtract" and value == 0.0 and not np.signbit(value):
        return left
    if op == "add" and value == 0.0 and right.literal:  # a sum that begins with zeros
        return left
    return None
