"""Assign a row to each value of a week: the row of the state that it replaces, or a free row."""

from collections.abc import Sequence
from typing import Any

from model.tracing.graph import Begin, Bundle, End, Node

SOURCES = {"state", "memory"}


class Copy:
    """Move what is in the row of a value to the row of a state, at the end of its old value."""

    __slots__ = ("node", "row")

    def __init__(self, node: Node, row: int) -> None:
        self.node, self.row = node, row


def arguments(item: Any) -> tuple[Node, ...]:
    """Return what a step reads."""
    if isinstance(item, Begin):
        return (item.mask,)
    if isinstance(item, Copy):
        return (item.node,)
    return () if isinstance(item, End) else item.args


def results(step: Any) -> Sequence[Node]:
    """Return the values that a step computes."""
    if isinstance(step, Bundle):
        return step.parts
    return [step] if isinstance(step, Node) else []


class Rows:
    """Give a row to each value of the week: that of a state where it replaces it, else a free one.

    finals: what is in the rows of states at the end, each computed in the week; kept: how many rows
    are not free for results.
    """

    def __init__(
        self,
        steps: list[Any],
        finals: dict[int, Node],
        ended: Node,
        place: dict[Node, int],
        kept: int,
    ) -> None:
        self.place, self.kept, self.top = place, kept, kept
        self.ended = ended
        self.final_of = {node: row for row, node in finals.items()}
        self.born = {node: t for t, step in enumerate(steps) for node in results(step)}
        self.last: dict[Node, int] = {}
        for time, step in enumerate(steps):
            for node in arguments(step):
                self.last[node] = time
        self.shares = self._chains(steps, finals)
        self.steps = self._moved(steps, finals)
        self._allocate()

    def _chains(self, steps: list[Any], finals: dict[int, Node]) -> dict[Node, Node]:
        """Return the values that are scattered into another in place, each with the first one."""
        shares: dict[Node, Node] = {}
        for time, step in enumerate(steps):
            if not isinstance(step, Node) or step.op != "scatter":
                continue
            old = step.args[0]
            if old.const is not None or self.last[old] != time:
                continue
            if old in self.final_of or old is self.ended:
                continue
            root = shares.get(old, old)
            if root.op in SOURCES:  # its row must get its own new value in the end
                row = self.place[root]
                fits = row in finals and self.final_of.get(step, row) == row
            else:
                fits = root in self.born
            if fits:
                shares[step] = root
        return shares

    def _moved(self, steps: list[Any], finals: dict[int, Node]) -> list[Any]:
        """Give finals their rows where the old value is needed no more; insert copies elsewhere."""
        olds = {row: node for node, row in self.place.items() if node.op in SOURCES}
        busy: dict[int, int] = {}
        for row, old in olds.items():
            busy[row] = self.last.get(old, -1)
        for node, root in self.shares.items():
            if root.op in SOURCES and node not in self.final_of:
                row = self.place[root]
                busy[row] = max(busy[row], self.last.get(node, self.born[node]))
        later: dict[int, list[Copy]] = {}
        for row, node in finals.items():
            first = self.shares.get(node)
            if first is not None and self.place.get(first) == row:
                continue  # it is in its row already
            time = busy.get(row, -1)
            if first is None and time < self.born[node]:
                self.place[node] = row
                continue
            time = _outside(steps, max(time, self.born[node]))
            later.setdefault(time, []).append(Copy(node, row))
        found = []
        for time, step in enumerate(steps):
            found.append(step)
            found += later.get(time, [])
        return found

    def _allocate(self) -> None:
        """Give free rows to what has none yet."""
        last: dict[Node, int] = {}
        for time, step in enumerate(self.steps):
            for node in (*arguments(step), *results(step)):
                last[self.shares.get(node, node)] = time
        ended = self.shares.get(self.ended, self.ended)
        last[ended] = len(self.steps)
        free: list[int] = []
        for time, step in enumerate(self.steps):
            for node in results(step):
                root = self.shares.get(node, node)
                if root not in self.place:
                    if free:
                        self.place[root] = free.pop()
                    else:
                        self.place[root] = self.top
                        self.top += 1
                self.place[node] = self.place[root]
            touched = (self.shares.get(n, n) for n in (*arguments(step), *results(step)))
            for root in dict.fromkeys(touched):  # in order: the same rows in every process
                if root.const is None and last[root] == time and self.place[root] >= self.kept:
                    free.append(self.place[root])


def _outside(steps: list[Any], time: int) -> int:
    """Return the first time from then on at which no region is open."""
    for later in range(time, len(steps)):
        if isinstance(steps[later], End):
            return later
        if isinstance(steps[later], Begin) and later > time:
            break
    if isinstance(steps[time], Begin):
        raise AssertionError("a region without an end")
    return time
