"""The compiled function for random bits gives the bits of NumPy's generator."""

import numpy as np
import pytest

from model.state.random_streams import LANES, RandomStreams, purpose_key
from model.tracing import kernel

PURPOSES = ("talks", "ratify/US", "elasticity")
NOTHING = np.uint64(7)  # what the array holds where nothing is drawn


@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
@pytest.mark.parametrize("branch", [0, 2**64 - 1])
@pytest.mark.parametrize("first", [0, 2**40])
def test_bits_equal_those_of_numpy(seed: int, branch: int, first: int) -> None:
    numbers = first + np.array([0, 1, 2, 5, 900, 3])
    streams = RandomStreams(seed, numbers, branch)
    keys = np.array([purpose_key(name) for name in PURPOSES], np.uint64)
    for block in (0, 1, 1300):
        raw = np.full((len(PURPOSES), numbers.size, LANES), NOTHING)
        where = np.array([3, 0, 5, 1, 2, 4])  # the last two worlds have ended
        kernel.load_draw()(
            raw, keys, np.uint64(seed), numbers.astype(np.uint64), where, 4,
            np.uint64(block), np.uint64(branch),
        )  # fmt: skip
        for row, purpose in zip(raw, PURPOSES, strict=True):
            expected = streams.bits(purpose, block)
            assert np.array_equal(row[where[:4]], expected[where[:4]])
            assert (row[where[4:]] == NOTHING).all()
