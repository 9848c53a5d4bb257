"""Symbolic arrays: they implement NumPy's protocols and record the operations on them.

A symbolic array has leading axes, as the arrays of the model do, and a last axis of worlds without
values. Code that needs a value, a truth value or the number of worlds raises CannotRecord.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from model.tracing.errors import CannotRecord
from model.tracing.graph import Graph
from model.tracing.operations import LOGICAL, UFUNCS

BOOL, INT, FLOAT = np.dtype(np.bool_), np.dtype(np.int64), np.dtype(np.float64)


class Worlds:
    """The number of worlds, which a recorded program must not depend on."""

    def _refuse(self, *_: object) -> NoReturn:
        raise CannotRecord(
            "the number of worlds is asked for; store.zeros(), store.full() and np.zeros_like "
            "make arrays over the worlds at hand"
        )

    __index__ = __int__ = __float__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = _refuse
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __truediv__ = __str__ = _refuse
    __format__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class SomeWorlds:
    """How many worlds are in focus: some; a region of a program is skipped where there are none."""

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: object) -> NoReturn:
        raise CannotRecord("the number of worlds in focus is used as a number")

    __index__ = __int__ = __float__ = __add__ = __radd__ = __mul__ = __rmul__ = _refuse
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = None  # type: ignore[assignment]


WORLDS = Worlds()
FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""How functions are recorded, by function: model.tracing.functions fills it."""


class SymbolicArray(NDArrayOperatorsMixin):
    """An array over worlds that is recorded instead of computed.

    nodes: an object array over the leading axes, one Node each; dtype: that of the real array.
    """

    __array_priority__ = 1000.0
    symbolic = True

    def __init__(self, graph: Graph, nodes: Any, dtype: "np.dtype[Any]" = FLOAT) -> None:
        self.graph, self.nodes, self.dtype = graph, nodes, dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """Return the leading axes, and an object without a value for the axis of the worlds."""
        return (*self.nodes.shape, WORLDS)

    @property
    def ndim(self) -> int:
        """Return the number of axes, that of the worlds included."""
        return int(self.nodes.ndim) + 1

    def __len__(self) -> int:
        if not self.nodes.ndim:
            raise CannotRecord("the number of worlds is asked for")
        return len(self.nodes)

    def __iter__(self) -> Iterator["SymbolicArray"]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, index: Any) -> "SymbolicArray":
        nodes = self.nodes[_leading(index, self.nodes.ndim)]
        return SymbolicArray(self.graph, nodes, self.dtype)

    def __setitem__(self, index: Any, values: Any) -> None:
        if not self.nodes.flags.writeable:
            raise CannotRecord("an array that was read from the store is written to")
        self.nodes[_leading(index, self.nodes.ndim)] = lifted(self.graph, values)[0]

    # What NumPy asks for

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Record a universal function."""
        out = options.pop("out", None)
        if method == "reduce":
            made = reduced(self.graph, ufunc, inputs[0], **options)
        elif method == "__call__" and not options:
            made = elementwise(self.graph, ufunc, *inputs)
        else:
            raise CannotRecord(f"np.{ufunc.__name__} with {method} or {sorted(options)} is used")
        if out is None:
            return made
        (target,) = out
        if not isinstance(target, SymbolicArray):
            raise CannotRecord("a value of the worlds is written into a plain NumPy array")
        target[...] = made
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        """Record another function of NumPy, or one of the model that is an operation of its own."""
        known = FUNCTIONS.get(function)
        if known is None:
            name = f"{function.__module__}.{function.__name__}"
            raise CannotRecord(f"{name} is used, and no operation of a program corresponds to it")
        return known(self.graph, *args, **options)

    # Methods of arrays that rules use

    def copy(self, *_: object) -> "SymbolicArray":
        """Return a copy."""
        return SymbolicArray(self.graph, self.nodes.copy(), self.dtype)

    def astype(self, dtype: Any, **_: object) -> "SymbolicArray":
        """Return the values as another type."""
        return cast(self, np.dtype(dtype))

    def sum(self, axis: Any = None, **options: Any) -> "SymbolicArray":
        """Return the sum over a leading axis."""
        return reduced(self.graph, np.add, self, axis=axis, **options)

    def max(self, axis: Any = None, **options: Any) -> "SymbolicArray":
        """Return the largest value over a leading axis."""
        return reduced(self.graph, np.maximum, self, axis=axis, **options)

    def min(self, axis: Any = None, **options: Any) -> "SymbolicArray":
        """Return the smallest value over a leading axis."""
        return reduced(self.graph, np.minimum, self, axis=axis, **options)

    def any(self, axis: Any = None, **options: Any) -> "SymbolicArray":
        """Return whether any value over a leading axis is true."""
        return reduced(self.graph, np.logical_or, self, axis=axis, **options)

    def all(self, axis: Any = None, **options: Any) -> "SymbolicArray":
        """Return whether all values over a leading axis are true."""
        return reduced(self.graph, np.logical_and, self, axis=axis, **options)

    def mean(self, axis: Any = None) -> "SymbolicArray":
        """Return the mean over a leading axis."""
        total = self.sum(axis=axis)
        mean: SymbolicArray = total / (self.nodes.size // max(total.nodes.size, 1))
        return mean

    # What is unknown while a week is recorded

    def __bool__(self) -> bool:
        raise CannotRecord("a rule branches on a value of the worlds; use np.where or a focus")

    def _value(self, *_: object) -> NoReturn:
        raise CannotRecord("a value of the worlds is asked for as a Python number or text")

    __float__ = __int__ = __index__ = __complex__ = __str__ = _value
    __hash__ = None  # type: ignore[assignment]
    item = tolist = __round__ = __floor__ = __ceil__ = __trunc__ = _value

    def __format__(self, _: str) -> str:
        return str(self._value())

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise CannotRecord(
            "a value of the worlds is made into a plain NumPy array; np.stack joins rows"
        )

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise CannotRecord(f"the attribute {name} of a value of the worlds is used")


def _leading(index: Any, axes: int) -> tuple[Any, ...]:
    """Return an index of the leading axes; with an ellipsis at its end NumPy gives a view."""
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, SymbolicArray | Worlds) for part in parts):
        raise CannotRecord("a value of the worlds is used as an index")
    whole = [part is Ellipsis for part in parts]
    if any(whole) and (sum(whole) > 1 or not whole[-1]):
        raise CannotRecord("an index reaches the axis of the worlds")
    kept = [part for part in parts if part is not Ellipsis]
    taken = sum(part is not None for part in kept)
    if taken == axes + 1 and isinstance(kept[-1], slice) and kept[-1] == slice(None):
        kept.pop()
    elif taken > axes or (kept and kept[-1] is None and taken == axes and axes):
        raise CannotRecord("an index reaches the axis of the worlds")
    return (*kept, Ellipsis)


def lifted(graph: Graph, values: Any) -> tuple[Any, "np.dtype[Any]"]:
    """Return the nodes of a symbolic array, a number or an array that all worlds share."""
    if isinstance(values, SymbolicArray):
        return values.nodes, values.dtype
    array = np.asarray(values)
    if array.dtype.kind not in "bif":
        raise CannotRecord(f"values of type {array.dtype} are used with those of the worlds")
    if array.ndim:
        if array.shape[-1] != 1:
            raise CannotRecord(
                f"a plain array of shape {array.shape} is used with values of the worlds; its last "
                "axis must be of length 1"
            )
        array = array[..., 0]
    nodes = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        nodes[place] = graph.constant(float(array[place]))
    return nodes, array.dtype


def elementwise(graph: Graph, ufunc: Any, *inputs: Any) -> SymbolicArray:
    """Record a universal function of values over worlds."""
    pairs = [lifted(graph, value) for value in inputs]
    if ufunc is np.clip or ufunc.__name__ == "clip":
        lowest = elementwise(graph, np.maximum, *inputs[:2])
        return elementwise(graph, np.minimum, lowest, inputs[2])
    if ufunc is np.square:
        return elementwise(graph, np.multiply, inputs[0], inputs[0])
    if ufunc is np.reciprocal:
        return elementwise(graph, np.divide, 1.0, inputs[0])
    kinds = tuple(_weak(value, dtype) for value, (_, dtype) in zip(inputs, pairs, strict=True))
    *taken, made = resolved(ufunc, kinds)
    truths = all(dtype == BOOL for dtype in taken)
    name = LOGICAL.get(ufunc) if truths else None
    if name is None and ufunc in {np.logical_and, np.logical_or, np.logical_not, np.logical_xor}:
        values = [
            v if p[1] == BOOL else np.not_equal(v, 0.0) for v, p in zip(inputs, pairs, strict=True)
        ]
        return elementwise(graph, ufunc, *values)
    name = name or UFUNCS.get(ufunc)
    if name is None or (truths and name in {"negative", "subtract"}):
        raise CannotRecord(
            f"np.{ufunc.__name__} is used, and no operation of a program corresponds to it"
        )
    return mapped(graph, name, [nodes for nodes, _ in pairs], made)


def mapped(graph: Graph, name: str, inputs: Sequence[Any], dtype: "np.dtype[Any]") -> SymbolicArray:
    """Record an operation on arrays of nodes, each with each."""
    arrays: list[Any] = list(np.broadcast_arrays(*inputs, subok=False))
    out = np.empty(arrays[0].shape, dtype=object)
    for place in np.ndindex(out.shape):
        out[place] = graph.apply(name, *(array[place] for array in arrays))
    return SymbolicArray(graph, out, dtype)


def reduced(
    graph: Graph, ufunc: Any, values: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False
) -> SymbolicArray:
    """Record a reduction over a leading axis, row after row as NumPy does."""
    array = (
        values
        if isinstance(values, SymbolicArray)
        else SymbolicArray(graph, *lifted(graph, values))
    )
    if not isinstance(axis, int) or axis == -1 or axis % array.ndim == array.ndim - 1:
        raise CannotRecord("values are reduced over the worlds, or over several axes at once")
    rows = np.moveaxis(array.nodes, axis % array.ndim, 0)
    if ufunc in {np.add, np.multiply} and array.dtype == BOOL and dtype is not bool:
        array = cast(array, INT)
    parts = [SymbolicArray(graph, row, array.dtype) for row in _views(rows)]
    total = parts[0].copy()
    if ufunc in {np.logical_or, np.logical_and} and array.dtype != BOOL:
        total = elementwise(graph, np.not_equal, total, 0.0)
    for part in parts[1:]:
        total = elementwise(graph, ufunc, total, part)
    if dtype is not None:
        total = cast(total, np.dtype(dtype))
    return (
        SymbolicArray(graph, np.expand_dims(total.nodes, axis), total.dtype) if keepdims else total
    )


def cast(array: SymbolicArray, dtype: "np.dtype[Any]") -> SymbolicArray:
    """Return an array as another type: a float that becomes whole is cut off towards zero."""
    if dtype.kind == "b" and array.dtype != BOOL:
        return elementwise(array.graph, np.not_equal, array, 0.0)
    if dtype.kind in "iu" and array.dtype == FLOAT:
        down = elementwise(array.graph, np.floor, array)
        up = elementwise(array.graph, np.ceil, array)
        nodes = mapped(
            array.graph, "where", [(array >= 0.0).nodes, down.nodes, up.nodes], INT
        ).nodes
        return SymbolicArray(array.graph, nodes, INT)
    kind = INT if dtype.kind in "iu" else BOOL if dtype.kind == "b" else FLOAT
    return SymbolicArray(array.graph, array.nodes.copy(), kind)


def _views(rows: Any) -> list[Any]:
    return [rows[n : n + 1].reshape(rows.shape[1:]) for n in range(len(rows))]


def _weak(value: Any, dtype: "np.dtype[Any]") -> Any:
    """Return the type that NumPy promotes by: a Python number is weak."""
    return type(value) if type(value) in {int, float} else dtype


@cache
def resolved(ufunc: Any, kinds: tuple[Any, ...]) -> tuple["np.dtype[Any]", ...]:
    """Return the types that NumPy computes with, and that of the result."""
    try:
        found: tuple[np.dtype[Any], ...] = ufunc.resolve_dtypes((*kinds, *[None] * ufunc.nout))
    except TypeError as error:
        raise CannotRecord(f"np.{ufunc.__name__} is used on {kinds}: {error}") from error
    return found
