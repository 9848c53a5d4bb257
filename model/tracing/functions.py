"""How NumPy's other functions are recorded, and functions of the model that are one operation."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from model.arrays import stack
from model.economy.grid import EconomyGrid, Surface, Survey
from model.rules import learning, trades
from model.rules.knapsack import permuted, places, restored
from model.tracing.errors import CannotRecord
from model.tracing.graph import Graph
from model.tracing.symbols import (
    BOOL,
    FLOAT,
    FUNCTIONS,
    INT,
    SymbolicArray,
    cast,
    elementwise,
    lifted,
    mapped,
    reduced,
)

MOST_TRADES = 64  # rows of the machine's table of trades, or of issues


def _where(graph: Graph, mask: Any, yes: Any = None, no: Any = None) -> SymbolicArray:
    if yes is None or no is None:
        raise CannotRecord("np.where is asked for the places of worlds")
    nodes, kinds = zip(*(lifted(graph, value) for value in (mask, yes, no)), strict=True)
    chosen = nodes[0]
    if kinds[0] != BOOL:
        chosen = elementwise(graph, np.not_equal, mask, 0.0).nodes
    return mapped(graph, "where", [chosen, *nodes[1:]], np.result_type(*kinds[1:]))


def _filled(value: float | None) -> Callable[..., SymbolicArray]:
    def like(
        graph: Graph, array: SymbolicArray, fill: Any = None, dtype: Any = None, **_: Any
    ) -> SymbolicArray:
        nodes = np.empty(array.nodes.shape, dtype=object)
        if value is None:
            nodes[...], kind = lifted(graph, fill)[0], dtype
        else:  # the second argument is the type
            nodes[...], kind = graph.constant(value), dtype or fill
        found = array.dtype if kind is None else np.dtype(kind)
        return SymbolicArray(graph, nodes, found)

    return like


def _joined(join: Callable[..., Any]) -> Callable[..., SymbolicArray]:
    def record(graph: Graph, arrays: Sequence[Any], axis: int = 0) -> SymbolicArray:
        if axis != 0:
            raise CannotRecord("arrays are joined along another axis than the first")
        nodes, kinds = zip(*(lifted(graph, array) for array in arrays), strict=True)
        return SymbolicArray(graph, join(nodes), np.result_type(*kinds))

    return record


def _stack(graph: Graph, *arrays: Any) -> SymbolicArray:
    return _joined(np.stack)(graph, arrays)


def _cumulated(graph: Graph, array: SymbolicArray, axis: Any = None) -> SymbolicArray:
    if axis != 0:
        raise CannotRecord("values are summed up along another axis than the first")
    rows = [array[0]]
    for row in range(1, len(array)):
        rows.append(rows[-1] + array[row])
    return _joined(np.stack)(graph, rows)


def _clipped(graph: Graph, array: Any, least: Any, most: Any) -> SymbolicArray:
    return elementwise(graph, np.clip, array, least, most)


def _reduction(ufunc: Any) -> Callable[..., SymbolicArray]:
    def record(graph: Graph, array: Any, axis: Any = None, **options: Any) -> SymbolicArray:
        return reduced(graph, ufunc, array, axis, **options)

    return record


def _taken_along(graph: Graph, array: Any, index: Any, axis: int) -> SymbolicArray:
    """Record a choice of rows, world by world, as one selection after another."""
    nodes, kind = lifted(graph, array)
    if axis != 0:
        raise CannotRecord("values are taken along another axis than the first")
    chosen = SymbolicArray(graph, *lifted(graph, index))
    rows = [SymbolicArray(graph, nodes[n : n + 1], kind) for n in range(len(nodes))]
    found = rows[0]
    for number, row in enumerate(rows[1:], start=1):
        found = _where(graph, chosen == number, row, found)
    return found


def _copied(graph: Graph, array: SymbolicArray, *_: Any, **__: Any) -> SymbolicArray:
    return array.copy()


def _mean(graph: Graph, array: SymbolicArray, axis: Any = None) -> SymbolicArray:
    return array.mean(axis)


def _broadcast(graph: Graph, array: SymbolicArray, shape: tuple[Any, ...]) -> SymbolicArray:
    return SymbolicArray(graph, np.broadcast_to(array.nodes, shape[:-1]), array.dtype)


# The model's own


def _places(graph: Graph, worth: SymbolicArray) -> SymbolicArray:
    parts = graph.bundle("places", list(worth.nodes), len(worth))
    return _array(graph, parts, INT)


def _moved(op: str) -> Callable[..., SymbolicArray]:
    def record(graph: Graph, values: SymbolicArray, place: SymbolicArray) -> SymbolicArray:
        bundles = {node.bundle for node in place.nodes}
        bundle = bundles.pop()
        if bundles or bundle is None or bundle.op != "places" or values.nodes.ndim != 1:
            raise CannotRecord("rows are moved to other places than those of offers.places")
        parts = graph.bundle(op, [*place.nodes, *values.nodes], len(values))
        return _array(graph, parts, FLOAT)

    return record


def _traded(graph: Graph, *rows: Any) -> SymbolicArray:
    """Record the shares of trades for an aim; the last argument may be the levels of issues."""
    *curves, first, second, total = rows[:7]
    levels = list(rows[7:])
    return _trades(graph, [*curves, *levels], [first, second, total], 2 * len(levels))


def _multiplied(graph: Graph, *rows: Any) -> SymbolicArray:
    """Record the shares of trades with the largest product of gains."""
    return _trades(graph, rows[:4], [*rows[4:], 0.0], 1)


def _trades(graph: Graph, rows: Sequence[Any], aim: Sequence[Any], payload: int) -> SymbolicArray:
    number = len(rows[0])
    given = _given(graph, rows, aim)
    return _array(graph, graph.bundle("trade", given, number, payload), FLOAT)


def _given(graph: Graph, rows: Sequence[Any], single: Sequence[Any] = ()) -> list[Any]:
    """Return the nodes of arrays with a row for each issue, then those of arrays without."""
    number = len(rows[0])
    if number > MOST_TRADES:
        raise CannotRecord(f"there are more than {MOST_TRADES} issues")
    arrays = [np.broadcast_to(lifted(graph, row)[0], (number,)) for row in rows]
    given = [node for array in arrays for node in array]
    return given + [lifted(graph, value)[0][()] for value in single]


def _ordered(graph: Graph, *rows: Any) -> tuple[SymbolicArray, ...]:
    """Record the order of concessions, the issues measured and what is new."""
    number = len(rows[0])
    parts = graph.bundle("order", _given(graph, rows), 3 * number)
    kinds = (FLOAT, FLOAT, BOOL)
    return tuple(_array(graph, parts[n * number :][:number], kind) for n, kind in enumerate(kinds))


def _learned(graph: Graph, *rows: Any) -> tuple[SymbolicArray, ...]:
    """Record mean and variance of the other's log weights; the last argument is the noise."""
    number = len(rows[0])
    parts = graph.bundle("learn", _given(graph, rows[:-1], rows[-1:]), 2 * number)
    return _array(graph, parts[:number], FLOAT), _array(graph, parts[number:], FLOAT)


class _Point(tuple[SymbolicArray, ...]):
    """Where a surface is looked up: two tariffs and an elasticity."""

    symbolic = True

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        return FUNCTIONS[function](self[0].graph, *args, **options)


def _located(graph: Graph, grid: EconomyGrid, *point: Any) -> _Point:
    return _Point(SymbolicArray(graph, *lifted(graph, value)) for value in point)


def _looked_up(graph: Graph, surface: Surface, point: Any) -> SymbolicArray:
    if not isinstance(point, _Point):
        raise CannotRecord("a surface is looked up at corners that were not located before")
    return _lookup(graph, (surface,), point)


def _lookup(graph: Graph, surfaces: tuple[Surface, ...], point: Sequence[Any]) -> SymbolicArray:
    number = sum(len(surface.values) for surface in surfaces)
    where = [value.nodes[()] for value in point]
    return _array(graph, graph.bundle("lookup", where, number, surfaces), FLOAT)


def _surveyed(graph: Graph, survey: Survey, *point: SymbolicArray) -> list[SymbolicArray]:
    """Record a lookup in the worlds whose point has moved since the last week."""
    number = sum(len(surface.values) for surface in survey.surfaces)
    last, kept = graph.remember(3), graph.remember(number)
    now = [value.nodes[()] for value in point]
    moved = graph.constant(0.0)
    for before, after in zip(last, now, strict=True):
        moved = graph.apply("or", moved, graph.apply("not_equal", before, after))
    with graph.region(moved):
        news = graph.bundle("lookup", now, number, survey.surfaces)
    found = [graph.put(moved, old, new) for old, new in zip(kept, news, strict=True)]
    for row, node in zip([*last, *kept], [*now, *found], strict=True):
        graph.kept[row.payload] = node
    rows, start = [], 0
    for surface in survey.surfaces:
        rows.append(_array(graph, found[start : start + len(surface.values)], FLOAT))
        start += len(surface.values)
    return rows


def _array(graph: Graph, parts: Sequence[Any], dtype: Any) -> SymbolicArray:
    nodes = np.empty(len(parts), dtype=object)
    nodes[:] = parts
    return SymbolicArray(graph, nodes, dtype)


def _cast(graph: Graph, array: SymbolicArray, dtype: Any, **_: Any) -> SymbolicArray:
    return cast(array, np.dtype(dtype))


RECORDED: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.zeros_like: _filled(0.0),
    np.empty_like: _filled(0.0),
    np.ones_like: _filled(1.0),
    np.full_like: _filled(None),
    np.stack: _joined(np.stack),
    np.concatenate: _joined(np.concatenate),
    stack: _stack,
    np.cumsum: _cumulated,
    np.clip: _clipped,
    np.sum: _reduction(np.add),
    np.max: _reduction(np.maximum),
    np.amax: _reduction(np.maximum),
    np.min: _reduction(np.minimum),
    np.amin: _reduction(np.minimum),
    np.any: _reduction(np.logical_or),
    np.all: _reduction(np.logical_and),
    np.mean: _mean,
    np.take_along_axis: _taken_along,
    np.copy: _copied,
    np.broadcast_to: _broadcast,
    np.astype: _cast,
    places: _places,
    permuted: _moved("permute"),
    restored: _moved("restore"),
    trades.traded: _traded,
    trades.multiplied: _multiplied,
    learning.order_of_concessions: _ordered,
    learning.learn_from_order: _learned,
    EconomyGrid.locate: _located,
    Surface.at: _looked_up,
    Survey.at: _surveyed,
}
FUNCTIONS.update(RECORDED)
