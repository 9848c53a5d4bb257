"""The machine learns from the order of concessions as the NumPy functions do, to 1e-9."""

import numpy as np
import pytest

from model.arrays import Array
from model.rules.learning import learn_from_order, order_of_concessions
from model.tracing import kernel

WORLDS = 400
KINDS = ("random", "ties", "sure", "far", "nothing")
COUNTED = ("some", "all", "one", "none")


def compiled(name: str, rows: list[Array], results: int) -> Array:
    """Return the rows that an operation of the machine gives for those of its operands."""
    memory = np.vstack([*rows, np.full((results, WORLDS), np.nan)])
    code = np.array([[kernel.CODES[name], 0, results, 0, 0]], dtype=np.int32)
    nothing = np.zeros(1)
    kernel.load()(
        code, np.arange(len(memory), dtype=np.int32), nothing, memory,
        np.zeros((1, 1, 4), np.uint64), 0, np.zeros(1, np.int64), 0.0, WORLDS, *[nothing] * 4,
    )  # fmt: skip
    found: Array = memory[-results:]
    return found


def offers(kind: str, counted: str, issues: int) -> tuple[Array, Array]:
    """Return how far issues are conceded, and which of them are counted (K, R)."""
    rng = np.random.default_rng([KINDS.index(kind), COUNTED.index(counted), issues])
    shape = issues, WORLDS
    levels = np.array([0.0, 1e-6, 5e-7, 0.5, 0.5, 1.0 - 1e-6, 1.0 - 5e-7, 1.0])
    conceded = np.clip(rng.normal(0.5, 0.6, shape), 0.0, 1.0)
    if kind == "ties":
        conceded = rng.choice(levels, shape)
    elif kind == "nothing":
        conceded = np.zeros(shape)
    mask = rng.random(shape) < 0.7
    if counted in {"all", "none"}:
        mask = np.full(shape, counted == "all")
    elif counted == "one":
        mask = np.arange(issues)[:, np.newaxis] == rng.integers(0, issues, WORLDS)
    return conceded, mask  # type: ignore[return-value]


@pytest.mark.parametrize("issues", [1, 2, 9])
@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize("kind", KINDS)
def test_the_machine_finds_the_same_order(kind: str, counted: str, issues: int) -> None:
    rng = np.random.default_rng(issues)
    conceded, mask = offers(kind, counted, issues)
    order = rng.integers(0, issues, conceded.shape) * (rng.random(conceded.shape) < 0.7) * 1.0
    measured = (rng.random(conceded.shape) < 0.3) * 1.0
    for known in (order, np.zeros_like(order)):
        wanted = np.vstack(order_of_concessions(known, measured, conceded, mask))  # type: ignore[arg-type]
        found = compiled("order", [known, measured, conceded, mask], 3 * issues)  # type: ignore[list-item]
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("issues", [1, 2, 9])
@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize("kind", KINDS)
def test_the_machine_learns_the_same(kind: str, counted: str, issues: int) -> None:
    rng = np.random.default_rng(issues)
    conceded, mask = offers(kind, counted, issues)
    mean, ratio = rng.normal(0.0, 1.0, (2, *conceded.shape))
    variance = rng.lognormal(-2.0, 1.0, conceded.shape)
    noise = np.full(WORLDS, 0.2)
    if kind == "ties":
        mean, ratio = np.round(mean), np.round(ratio)
    elif kind == "sure":  # weights that are known, or decisions without noise
        variance[:, ::2] *= rng.random(variance[:, ::2].shape) < 0.5
        noise[1::2] = 0.0
    elif kind == "far":  # offers that contradict all that is believed
        ratio = 40.0 * ratio
    elif kind == "nothing":
        mean, ratio = np.zeros_like(mean), np.zeros_like(ratio)
    wanted = np.vstack(learn_from_order(mean, variance, ratio, conceded, mask, noise))  # type: ignore[arg-type]
    found = compiled("learn", [mean, variance, ratio, conceded, mask, noise], 2 * issues)
    assert np.isfinite(wanted).all()
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
