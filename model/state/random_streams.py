"""Counter-based random streams: one number for each seed, world, purpose and week.

Switching off a mechanism does not change the random numbers of any other mechanism, and a world
gets the same numbers alone or among a million others. Source: Salmon et al. 2011.
"""

import hashlib
import threading
from functools import cache

import numpy as np
from scipy.special import ndtri

from model.arrays import Array, Index

LANES = 4  # numbers in one Philox block; here: four weeks of one world and one purpose
SCALE = 2.0**-52


@cache
def purpose_key(purpose: str) -> int:
    """Return the 64-bit key of a purpose, the same on every machine.

    >>> purpose_key("talks") == purpose_key("talks"), purpose_key("talks") == purpose_key("ratify")
    (True, False)
    """
    return _hashed(purpose)


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def branch_key(branch: int, world: int, week: int, salt: int) -> int:
    """Return the 64-bit branch of the random numbers of a fork of `world` at `week`."""
    text = f"{branch}/{world}/{week}/{salt}"
    return _hashed(text) | 1  # branch 0 is the run itself


class _Stream(threading.local):
    """One generator per thread, because a new generator would ask the system for entropy."""

    def __init__(self) -> None:
        self.generator = np.random.Philox(key=np.zeros(2, dtype=np.uint64))
        self.place = self.generator.state  # its buffer is empty


_STREAM = _Stream()


class RandomStreams:
    """The random numbers of worlds by purpose and week, independent of the other worlds.

    numbers: numbers of the worlds (R,); branch: 0 for a run, another number for a fork.
    """

    def __init__(self, seed: int, numbers: Index, branch: int = 0) -> None:
        if not 0 <= seed < 2**64:
            raise ValueError(f"seed {seed}: must be between 0 and 2**64 - 1.")
        self.seed = seed
        self.numbers = np.ascontiguousarray(numbers)
        self.branch = branch
        self._blocks: dict[str, tuple[int, Array]] = {}
        self._first = int(numbers.min())
        self._span = int(numbers.max()) - self._first + 1
        self._places = self.numbers - self._first
        self._in_a_row = np.array_equal(self._places, np.arange(self.numbers.size))

    def uniform(self, purpose: str, week: int) -> Array:
        """Return one uniform number per world, strictly between 0 and 1 (R,)."""
        block = week // LANES
        cached = self._blocks.get(purpose)
        if cached is None or cached[0] != block:
            cached = (block, self._draw(purpose, block))
            self._blocks[purpose] = cached
        row: Array = cached[1][week % LANES]
        return row

    def normal(self, purpose: str, week: int) -> Array:
        """Return one standard normal number per world (R,), by inversion."""
        return standard_normal(self.uniform(purpose, week))

    def bits(self, purpose: str, block: int) -> np.ndarray:
        """Return 64 random bits for each of the four weeks of a block (R, LANES)."""
        if self._span > 4 * self.numbers.size + 64:  # numbers far apart: one stretch for each
            return np.concatenate([self._raw(purpose, block, int(n), 1) for n in self.numbers])
        raw = self._raw(purpose, block, self._first, self._span)
        return raw if self._in_a_row else raw.take(self._places, axis=0)

    def forget(self) -> None:
        """Free the numbers that have been drawn; they are drawn again when they are needed."""
        self._blocks.clear()

    def select(self, index: Index) -> "RandomStreams":
        """Return the random streams of some of the worlds."""
        return RandomStreams(self.seed, self.numbers[index], self.branch)

    def _draw(self, purpose: str, block: int) -> Array:
        drawn = _uniform(self.bits(purpose, block))
        drawn.flags.writeable = False  # it is drawn once for four weeks
        return drawn

    def _raw(self, purpose: str, block: int, first: int, count: int) -> np.ndarray:
        place = _STREAM.place | {
            "state": {
                "key": np.array([self.seed, purpose_key(purpose)], dtype=np.uint64),
                "counter": np.array([first, 0, block, self.branch], dtype=np.uint64),
            }
        }
        _STREAM.generator.state = place
        return _STREAM.generator.random_raw(LANES * count).reshape(count, LANES)


def _uniform(raw: np.ndarray) -> Array:
    """Return uniform numbers (LANES, R) from 64 random bits (R, LANES).

    They use the 52 high bits and are half a step away from 0 and 1, so that ndtri is finite.
    """
    drawn: Array = (raw >> np.uint64(12)).T.astype(np.float64, order="C")
    drawn += 0.5
    drawn *= SCALE
    return drawn


def standard_normal(uniform: Array) -> Array:
    """Return standard normal numbers from uniform ones between 0 and 1 (R,), by inversion.

    >>> standard_normal(np.array([0.5, 0.975])).round(2).tolist()
    [0.0, 1.96]
    """
    values: Array = ndtri(uniform)
    return values


def log_normal(normal: Array, spread: Array) -> Array:
    """Return mean-one log-normal factors exp(spread z - spread^2 / 2) from standard normals z (R,).

    spread: standard deviation of the logarithm (R,).

    >>> float(log_normal(np.array([0.0]), np.array([0.0]))[0])
    1.0
    """
    return np.exp(spread * normal - 0.5 * spread * spread)
