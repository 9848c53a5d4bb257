"""Designs: which values the numbers of a scenario take, a row a point, for worlds to be run at."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from experiments.factors import Factor
from experiments.statistics import keyed_luck
from model.arrays import Array
from model.problems import Problem, ScenarioError

GRID, LATIN, SOBOL, MORRIS = "grid", "lhs", "sobol", "morris"
LEVELS = 4  # of a Morris design: steps of two thirds of a range (Morris 1991)
MOST_POINTS = 10_000_000


@dataclass(frozen=True)
class Design:
    """The points of a study, and what is needed to read its results.

    points: a row a design point (index 0 to P - 1), a column a parameter by dotted name; nominal:
    the same (P, parameters) before whole numbers were rounded, which SALib's Morris analysis wants;
    block: how many rows in a run belong together (one row of the base sample, one trajectory) and
    may only be left out or resampled as a whole.
    """

    method: str
    factors: tuple[Factor, ...]
    points: pd.DataFrame
    nominal: Array = field(repr=False)
    block: int
    seed: int
    second_order: bool = False

    @property
    def names(self) -> list[str]:
        """Return the dotted names, in the order of the columns."""
        return [factor.name for factor in self.factors]

    @property
    def problem(self) -> dict[str, Any]:
        """Return SALib's description of the parameters: new each time, for SALib writes into it."""
        return _problem(self.factors)

    @property
    def blocks(self) -> int:
        """Return how many rows of the base sample, or trajectories, there are."""
        return len(self.points) // self.block


def grid(
    factors: Sequence[Factor], levels: int | Mapping[str, Sequence[float]], seed: int = 0
) -> Design:
    """Return a full factorial design: every combination of some levels of each factor.

    levels: how many, evenly over each range (a whole number has no more than it has values), or
    the levels themselves by name. The seed does nothing here but go with the design.

    Raises:
        ScenarioError: no factor, less than one level, a level out of its range, too many points.

    >>> one = Factor("talks.window", 13.0, 52.0, False, "")
    >>> grid([one], 3).points["talks.window"].tolist()
    [13.0, 32.5, 52.0]
    """
    problems = _enough(factors, 1)
    sets: list[Array] = []
    for one in factors:
        if isinstance(levels, int):
            if levels < 1:
                problems = [Problem("levels", str(levels), "must be at least 1", "Give 3.")]
                break
            even = np.linspace(one.low, one.high, levels)
            sets.append(np.unique(np.rint(even)) if one.integer else even)
        else:
            sets.append(np.asarray(levels.get(one.name, ()), dtype=np.float64))
            problems += _level_faults(one, sets[-1])
    if not problems:
        problems = _too_many(int(np.prod([float(own.size) for own in sets])), "fewer levels")
    _refuse(GRID, problems)
    points = np.array(list(itertools.product(*sets)), dtype=np.float64)
    return _design(GRID, factors, points, 1, seed)


def latin_hypercube(factors: Sequence[Factor], samples: int, seed: int) -> Design:
    """Return a Latin hypercube: each factor has one point in each of `samples` equal slices.

    McKay, Beckman and Conover (1979), by scipy.stats.qmc.

    Raises:
        ScenarioError: no factor, fewer than two samples, too many points.
    """
    from scipy.stats import qmc  # slow to import

    _refuse(LATIN, _enough(factors, 1) + _sample_fault(samples) + _too_many(samples))
    unit = qmc.LatinHypercube(len(factors), rng=_generator(LATIN, seed)).random(samples)
    low, high = _bounds(factors)
    return _design(LATIN, factors, low + unit * (high - low), 1, seed)


def sobol(factors: Sequence[Factor], samples: int, seed: int, second_order: bool = False) -> Design:
    """Return Saltelli's design for Sobol indices: samples x (factors + 2) points, by SALib.

    With the second order samples x (2 factors + 2). The base sample is a scrambled Sobol sequence,
    whose balance holds for powers of two only (Owen 2020; Saltelli et al. 2010).

    Raises:
        ScenarioError: fewer than two factors, samples not a power of two, too many points.

    >>> two = [Factor("a", 0.0, 1.0, False, ""), Factor("b", 0.0, 1.0, False, "")]
    >>> design = sobol(two, 8, seed=1)
    >>> design.points.shape, design.block
    ((32, 2), 4)
    """
    block = (2 if second_order else 1) * len(factors) + 2
    problems = _enough(factors, 2) + _power_fault(samples) + _too_many(samples * block)
    _refuse(SOBOL, problems)
    from SALib.sample import sobol as sampler  # type: ignore[import-untyped]  # slow to import

    points = sampler.sample(
        _problem(factors), samples, calc_second_order=second_order, seed=_seed(SOBOL, seed)
    )
    return _design(SOBOL, factors, points, block, seed, second_order)


def morris(factors: Sequence[Factor], samples: int, seed: int) -> Design:
    """Return `samples` trajectories of Morris (1991), each of factors + 1 points, by SALib.

    On a trajectory each factor takes one step of two thirds of its range, on four levels. A whole
    number steps between the whole numbers that are nearest to these levels.

    Raises:
        ScenarioError: fewer than two factors or trajectories, too many points.
    """
    block = len(factors) + 1
    _refuse(MORRIS, _enough(factors, 2) + _sample_fault(samples) + _too_many(samples * block))
    from SALib.sample import morris as sampler

    luck = _seed(MORRIS, seed)
    points = sampler.sample(_problem(factors), samples, num_levels=LEVELS, seed=luck)
    return _design(MORRIS, factors, points, block, seed)


METHODS = {SOBOL: sobol, MORRIS: morris, LATIN: latin_hypercube}


def _design(
    method: str,
    factors: Sequence[Factor],
    nominal: Array,
    block: int,
    seed: int,
    second_order: bool = False,
) -> Design:
    """Return a design whose whole numbers are whole and whose values keep within their ranges."""
    columns = {}
    for place, one in enumerate(factors):
        values = np.rint(nominal[:, place]) if one.integer else nominal[:, place]
        columns[one.name] = np.clip(values, one.low, one.high)  # the last bit may stick out
    points = pd.DataFrame(columns).rename_axis("point")
    return Design(method, tuple(factors), points, nominal, block, seed, second_order)


def _bounds(factors: Sequence[Factor]) -> tuple[Array, Array]:
    """Return low and high ends (factors,); half a step further out for whole numbers.

    So rounding gives the two ends the same chance as all between them.
    """
    margin = np.array([0.5 if one.integer else 0.0 for one in factors])
    low = np.array([one.low for one in factors])
    high = np.array([one.high for one in factors])
    return low - margin, high + margin


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    low, high = _bounds(factors)
    return {
        "num_vars": len(factors),
        "names": [one.name for one in factors],
        "bounds": np.stack([low, high], axis=1).tolist(),
    }


def _generator(method: str, seed: int) -> np.random.Generator:
    return keyed_luck(f"{method} design", seed)


def _seed(method: str, seed: int) -> int:
    """Return a seed for SALib, never 0: it takes that for none, and then draws at random."""
    return int(_generator(method, seed).integers(1, 2**31))


def _enough(factors: Sequence[Factor], least: int) -> list[Problem]:
    names = ", ".join(one.name for one in factors) or "none"
    why = f"at least {least} must vary in this design"
    remedy = "Name more of them, or leave --parameters out for the default set."
    return [Problem("parameters", names, why, remedy)] if len(factors) < least else []


def _sample_fault(samples: int) -> list[Problem]:
    remedy = "Give more, such as 64."
    return [Problem("samples", str(samples), "must be at least 2", remedy)] if samples < 2 else []


def _power_fault(samples: int) -> list[Problem]:
    if samples < 2:
        return _sample_fault(samples)
    below = 1 << (samples.bit_length() - 1)
    if below == samples:
        return []
    why = "must be a power of two: the Sobol sequence keeps its balance for no other number"
    return [Problem("samples", str(samples), why, f"{below} or {2 * below} would do.")]


def _too_many(points: int, instead: str = "fewer samples or parameters") -> list[Problem]:
    if points <= MOST_POINTS:
        return []
    why = f"a design may have at most {MOST_POINTS:,}"
    return [Problem("points", f"{points:,}", why, f"Ask for {instead}.")]


def _level_faults(one: Factor, levels: Array) -> list[Problem]:
    """Return what is wrong with the levels of one factor."""
    if not levels.size:
        return [Problem(one.name, "", "has no level", "Give it at least one.")]
    good = (levels >= one.low) & (levels <= one.high)
    if one.integer:
        good &= levels == np.rint(levels)
    noun = "a whole number" if one.integer else "a number"
    why = f"must be {noun} between {one.low:g} and {one.high:g}"
    return [Problem(f"{one.name} level", f"{bad:g}", why) for bad in levels[~good]]


def _refuse(method: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise ScenarioError(f"the {method} design", problems)
