"""Each operation of the machine means what NumPy means by it, on difficult values too."""

from itertools import product

import numpy as np
import pytest
from scipy import special as scipy_special

from model.tracing import kernel, special
from model.tracing.operations import LOGICAL, OPERATIONS, UFUNCS, Operation

TINY, LARGE = 5e-324, 1.7e308
HARD = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 700.0, -745.0, 1e-12, TINY, LARGE, -LARGE,
    np.inf, -np.inf, np.nan,
]  # fmt: skip
TRUTHS = [0.0, 1.0]
CLOSE = 4e-15  # relative; the C library and NumPy's vector versions differ in the last bits


def run(op: Operation, form: str, values: np.ndarray, constants: list[float]) -> np.ndarray:
    """Return the machine's result for rows of values, with constants where the form has them."""
    memory = np.zeros((4, values.shape[1]))
    memory[:3] = values
    operands = range(len(form))  # rows and constants have the same numbers
    code = np.array([[kernel.CODES[f"{op.name}.{form}"], 3, *operands, *[0] * (3 - len(form))]])
    nothing = np.zeros(1)
    kernel.load()(
        code.astype(np.int32), np.zeros(1, np.int32), np.array(constants), memory,
        np.zeros((1, 1, 4), np.uint64), 0, np.zeros(1, np.int64), 0.0, values.shape[1],
        nothing, nothing, nothing, nothing,
    )  # fmt: skip
    found: np.ndarray = memory[3]
    return found


def same(op: Operation, found: np.ndarray, wanted: np.ndarray) -> None:
    wrong = ~np.isclose(found, wanted, rtol=CLOSE, atol=0.0, equal_nan=True)
    assert not wrong.any(), (op.name, found[wrong], wanted[wrong])


@pytest.mark.parametrize("op", OPERATIONS.values(), ids=list(OPERATIONS))
def test_it_means_what_numpy_means(op: Operation) -> None:
    hard = TRUTHS if op.name in {"and", "or", "not"} else HARD
    first = TRUTHS if op.name == "where" else hard
    rows = np.array(list(product(first, *[hard] * (op.arity - 1)))).T
    values = np.vstack([rows, np.zeros((3 - op.arity, rows.shape[1]))])
    with np.errstate(all="ignore"):
        wanted = np.asarray(op.meaning(*values[: op.arity]), dtype=float)
    same(op, run(op, "r" * op.arity, values, [0.0]), wanted)


@pytest.mark.parametrize(
    ("op", "form"),
    [
        (op, form)
        for op in OPERATIONS.values()
        for form in ("rc", "cr", "rrc", "rcr", "rcc")
        if f"{op.name}.{form}" in kernel.CODES
    ],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_a_constant_gives_the_bits_of_a_row_of_it(op: Operation, form: str) -> None:
    hard = TRUTHS if op.name in {"and", "or"} else HARD
    for constants in product(hard[:9], repeat=form.count("c")):
        values = np.zeros((3, len(hard)))
        values[:] = hard
        if op.name == "where":
            values[0] = np.resize(TRUTHS, len(hard))
        held, given = [0.0, 0.0, 0.0], iter(constants)
        for place, kind in enumerate(form):
            if kind == "c":
                held[place] = values[place, :] = next(given)
                held[place] = values[place, 0]
        found = run(op, form, values, held)
        assert found.tobytes() == run(op, "r" * op.arity, values, held).tobytes()


def test_every_function_that_is_recorded_has_an_operation() -> None:
    assert {*UFUNCS.values(), *LOGICAL.values()} <= OPERATIONS.keys()


@pytest.mark.parametrize(
    ("ours", "theirs", "points"),
    [
        (
            special.ndtri,
            scipy_special.ndtri,
            np.concatenate([np.linspace(0, 1, 2001), np.logspace(-300, -1, 300)]),
        ),
        (special.ndtr, scipy_special.ndtr, np.linspace(-37, 37, 4001)),
        (special.erfcx, scipy_special.erfcx, np.linspace(-6, 120, 4001)),
    ],
)
def test_special_functions_agree_with_scipy(ours, theirs, points) -> None:  # type: ignore[no-untyped-def]
    found, wanted = np.array([ours(float(x)) for x in points]), theirs(points)
    # far out in the tails SciPy and the C library round x^2 differently
    assert np.allclose(found, wanted, rtol=1e-13, atol=0.0, equal_nan=True)
    for edge in (np.nan, np.inf, -np.inf, 0.0, 1.0, -1.0, 2.0):
        assert np.allclose(ours(edge), theirs(edge), rtol=1e-14, atol=0.0, equal_nan=True), edge
