"""Every operation of a recorded program, declared once: its name, NumPy meaning, scalar meaning.

The recorder looks up the NumPy function, the machine is generated from the scalar expressions, and
tests compare the two. All values are 64-bit floats; a truth value is 1.0 or 0.0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special


@dataclass(frozen=True)
class Operation:
    """An element-wise operation on one to three values per world."""

    name: str
    arity: int
    scalar: str
    """Python expression in a, b and c, the values of one world; numba compiles it."""
    meaning: Callable[..., Any]
    """The same on arrays of floats, for the evaluator of the tests."""
    symbol: str = ""
    """How the printed program writes it: "{} + {}"; by default like a function call."""
    commutes: bool = False


def _true(values: Any) -> Any:
    """Return truth values as floats."""
    return np.asarray(values, dtype=np.float64)


def _compare(
    name: str, sign: str, function: Callable[..., Any], commutes: bool = False
) -> Operation:
    scalar = f"1.0 if a {sign} b else 0.0"
    return Operation(
        name, 2, scalar, lambda a, b: _true(function(a, b)), f"{{}} {sign} {{}}", commutes
    )


_UNARY = (
    Operation("negative", 1, "-a", np.negative, "-{}"),
    Operation("absolute", 1, "abs(a)", np.absolute),
    Operation("not", 1, "1.0 - a", lambda a: 1.0 - a, "not {}"),
    Operation("sqrt", 1, "math.sqrt(a)", np.sqrt),
    Operation("floor", 1, "np.floor(a)", np.floor),
    Operation("ceil", 1, "np.ceil(a)", np.ceil),
    Operation("rint", 1, "np.rint(a)", np.rint),
    Operation(
        "sign", 1, "a if a != a else (1.0 if a > 0.0 else (-1.0 if a < 0.0 else 0.0))", np.sign
    ),
    Operation("isnan", 1, "1.0 if a != a else 0.0", lambda a: _true(np.isnan(a))),
    Operation("isfinite", 1, "1.0 if abs(a) < np.inf else 0.0", lambda a: _true(np.isfinite(a))),
    Operation("isinf", 1, "1.0 if abs(a) == np.inf else 0.0", lambda a: _true(np.isinf(a))),
    Operation("exp", 1, "math.exp(a)", np.exp),
    Operation("exp2", 1, "2.0 ** a", np.exp2),
    Operation("expm1", 1, "math.expm1(a)", np.expm1),
    Operation("log", 1, "math.log(a)", np.log),
    Operation("log1p", 1, "math.log1p(a)", np.log1p),
    Operation("tanh", 1, "math.tanh(a)", np.tanh),
    Operation("ndtr", 1, "ndtr(a)", special.ndtr),
    Operation("ndtri", 1, "ndtri(a)", special.ndtri),
    Operation("erfcx", 1, "erfcx(a)", special.erfcx),
    Operation(
        "unit",
        1,
        "a if (a >= 0.0 and a <= 1.0) or a != a else (0.0 if a < 0.0 else 1.0)",
        lambda a: np.minimum(np.maximum(a, 0.0), 1.0),
    ),
)

_BINARY = (
    Operation("add", 2, "a + b", np.add, "{} + {}", commutes=True),
    Operation("subtract", 2, "a - b", np.subtract, "{} - {}"),
    Operation("multiply", 2, "a * b", np.multiply, "{} * {}", commutes=True),
    Operation("divide", 2, "a / b", np.divide, "{} / {}"),
    Operation("floor_divide", 2, "np.floor(a / b)", lambda a, b: np.floor(a / b), "{} // {}"),
    Operation("power", 2, "a ** b", np.power, "{} ** {}"),
    Operation("maximum", 2, "a if (a >= b or a != a) else b", np.maximum),
    Operation("minimum", 2, "a if (a <= b or a != a) else b", np.minimum),
    _compare("greater", ">", np.greater),
    _compare("greater_equal", ">=", np.greater_equal),
    _compare("less", "<", np.less),
    _compare("less_equal", "<=", np.less_equal),
    _compare("equal", "==", np.equal, commutes=True),
    _compare("not_equal", "!=", np.not_equal, commutes=True),
    Operation("and", 2, "a * b", np.multiply, "{} and {}", commutes=True),
    Operation("or", 2, "max(a, b)", np.maximum, "{} or {}", commutes=True),
)

_TERNARY = (
    Operation(
        "where",
        3,
        "b if a != 0.0 else c",
        lambda a, b, c: np.where(a != 0.0, b, c),
        "{1} if {0} else {2}",
    ),
)

OPERATIONS: dict[str, Operation] = {op.name: op for op in (*_UNARY, *_BINARY, *_TERNARY)}

FLIPPED = {
    "greater": "less",
    "less": "greater",
    "greater_equal": "less_equal",
    "less_equal": "greater_equal",
}
"""Comparisons with the operands exchanged."""

UFUNCS: dict[Any, str] = {
    np.negative: "negative",
    np.absolute: "absolute",
    np.fabs: "absolute",
    np.sqrt: "sqrt",
    np.floor: "floor",
    np.ceil: "ceil",
    np.rint: "rint",
    np.sign: "sign",
    np.isnan: "isnan",
    np.isfinite: "isfinite",
    np.isinf: "isinf",
    np.exp: "exp",
    np.exp2: "exp2",
    np.expm1: "expm1",
    np.log: "log",
    np.log1p: "log1p",
    np.tanh: "tanh",
    special.ndtr: "ndtr",
    special.ndtri: "ndtri",
    special.erfcx: "erfcx",
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.divide: "divide",
    np.floor_divide: "floor_divide",
    np.power: "power",
    np.maximum: "maximum",
    np.minimum: "minimum",
    np.greater: "greater",
    np.greater_equal: "greater_equal",
    np.less: "less",
    np.less_equal: "less_equal",
    np.equal: "equal",
    np.not_equal: "not_equal",
}
"""NumPy's and SciPy's functions by the operation that they are on numbers."""

LOGICAL: dict[Any, str] = {
    np.logical_and: "and",
    np.logical_or: "or",
    np.logical_not: "not",
    np.logical_xor: "not_equal",
    np.bitwise_and: "and",
    np.bitwise_or: "or",
    np.bitwise_xor: "not_equal",
    np.invert: "not",
    np.add: "or",  # NumPy adds truth values this way
    np.multiply: "and",
    np.maximum: "or",
    np.minimum: "and",
}
"""The same for functions of truth values."""
