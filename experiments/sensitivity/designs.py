"""Designs: the parameter values at which worlds are simulated, one row per point."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.sensitivity.ranges import ParameterRange
from experiments.statistics import keyed_generator
from model.arrays import Array
from model.schema.problems import Problem, ScenarioError

GRID, LATIN, SOBOL, MORRIS = "grid", "lhs", "sobol", "morris"
LEVELS = 4  # of a Morris design: steps of two thirds of a range (Morris 1991)
MOST_POINTS = 10_000_000


@dataclass(frozen=True)
class Design:
    """The points of a study, and what its analysis needs.

    points: one row per design point (index 0 to P - 1), one column per parameter by dotted name;
    nominal: the same (P, parameters) before whole numbers were rounded, for the Morris analysis of
    SALib; block: the number of consecutive rows that belong together (one row of the base sample,
    one trajectory) and are left out or resampled together.
    """

    method: str
    ranges: tuple[ParameterRange, ...]
    points: pd.DataFrame
    nominal: Array = field(repr=False)
    block: int
    seed: int
    second_order: bool = False

    @property
    def names(self) -> list[str]:
        """Return the dotted names, in the order of the columns."""
        return [one.name for one in self.ranges]

    @property
    def problem(self) -> dict[str, Any]:
        """Return SALib's description of the parameters: a new one, since SALib changes it."""
        return _problem(self.ranges)

    @property
    def blocks(self) -> int:
        """Return how many rows of the base sample, or trajectories, there are."""
        return len(self.points) // self.block

    def beginning(self, blocks: int) -> "Design":
        """Return the design of the first blocks only: a smaller design of the same kind.

        For a balanced Sobol design, the number must be a power of two.
        """
        rows = blocks * self.block
        return replace(self, points=self.points.iloc[:rows], nominal=self.nominal[:rows])


def grid(
    ranges: Sequence[ParameterRange], levels: int | Mapping[str, Sequence[float]], seed: int = 0
) -> Design:
    """Return a full factorial design: every combination of some levels.

    levels: their number, evenly over each range (at most one for each whole number), or the levels
    by name. The seed is only stored in the design.

    Raises:
        ScenarioError: no parameter, less than one level, a level out of its range, too many points.

    >>> one = ParameterRange("talks.window", 13.0, 52.0, False, "")
    >>> grid([one], 3).points["talks.window"].tolist()
    [13.0, 32.5, 52.0]
    """
    problems = _enough(ranges, 1)
    sets: list[Array] = []
    for one in ranges:
        if isinstance(levels, int):
            if levels < 1:
                problems = [Problem("levels", str(levels), "must be at least 1", "Choose 3.")]
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
    return _design(GRID, ranges, points, 1, seed)


def latin_hypercube(ranges: Sequence[ParameterRange], samples: int, seed: int) -> Design:
    """Return a Latin hypercube: each parameter has one point in each of `samples` equal slices.

    McKay, Beckman and Conover (1979), by scipy.stats.qmc.

    Raises:
        ScenarioError: no parameter, fewer than two samples, too many points.
    """
    from scipy.stats import qmc  # slow to import

    _refuse(LATIN, _enough(ranges, 1) + _sample_fault(samples) + _too_many(samples))
    unit = qmc.LatinHypercube(len(ranges), seed=_seed(LATIN, seed)).random(samples)
    low, high = _bounds(ranges)
    return _design(LATIN, ranges, low + unit * (high - low), 1, seed)


def sobol(
    ranges: Sequence[ParameterRange], samples: int, seed: int, second_order: bool = False
) -> Design:
    """Return Saltelli's design for Sobol indices: samples x (parameters + 2) points, by SALib.

    With the second order samples x (2 parameters + 2). The base sample is a scrambled Sobol
    sequence, which is balanced only for powers of two (Owen 2020; Saltelli et al. 2010).

    Raises:
        ScenarioError: fewer than two parameters, samples not a power of two, too many points.

    >>> two = [ParameterRange(name, 0.0, 1.0, False, "") for name in ("a", "b")]
    >>> design = sobol(two, 8, seed=1)
    >>> design.points.shape, design.block
    ((32, 2), 4)
    """
    block = (2 if second_order else 1) * len(ranges) + 2
    problems = _enough(ranges, 2) + _power_fault(samples) + _too_many(samples * block)
    _refuse(SOBOL, problems)
    from SALib.sample import sobol as sampler  # type: ignore[import-untyped]  # slow to import

    points = sampler.sample(
        _problem(ranges), samples, calc_second_order=second_order, seed=_seed(SOBOL, seed)
    )
    return _design(SOBOL, ranges, points, block, seed, second_order)


def morris(ranges: Sequence[ParameterRange], samples: int, seed: int) -> Design:
    """Return `samples` trajectories of Morris (1991), each of parameters + 1 points, by SALib.

    On a trajectory each parameter takes one step of two thirds of its range, on four levels. A
    whole number steps between the whole numbers that are nearest to these levels.

    Raises:
        ScenarioError: fewer than two parameters or trajectories, too many points.
    """
    block = len(ranges) + 1
    _refuse(MORRIS, _enough(ranges, 2) + _sample_fault(samples) + _too_many(samples * block))
    from SALib.sample import morris as sampler

    rng = _seed(MORRIS, seed)
    points = sampler.sample(_problem(ranges), samples, num_levels=LEVELS, seed=rng)
    return _design(MORRIS, ranges, points, block, seed)


METHODS = {SOBOL: sobol, MORRIS: morris, LATIN: latin_hypercube}


def _design(
    method: str,
    ranges: Sequence[ParameterRange],
    nominal: Array,
    block: int,
    seed: int,
    second_order: bool = False,
) -> Design:
    """Return a design with whole numbers rounded and all values within their ranges."""
    columns = {}
    for index, one in enumerate(ranges):
        values = np.rint(nominal[:, index]) if one.integer else nominal[:, index]
        columns[one.name] = np.clip(values, one.low, one.high)  # against rounding errors
    points = pd.DataFrame(columns).rename_axis("point")
    return Design(method, tuple(ranges), points, nominal, block, seed, second_order)


def _bounds(ranges: Sequence[ParameterRange]) -> tuple[Array, Array]:
    """Return low and high ends (parameters,); half a step wider for whole numbers.

    So rounding gives the two ends the same chance as the numbers between them.
    """
    margin = np.array([0.5 if one.integer else 0.0 for one in ranges])
    low = np.array([one.low for one in ranges])
    high = np.array([one.high for one in ranges])
    return low - margin, high + margin


def _problem(ranges: Sequence[ParameterRange]) -> dict[str, Any]:
    low, high = _bounds(ranges)
    return {
        "num_vars": len(ranges),
        "names": [one.name for one in ranges],
        "bounds": np.stack([low, high], axis=1).tolist(),
    }


def _seed(method: str, seed: int) -> int:
    """Return a seed for a library, never 0, which SALib takes for no seed."""
    return int(keyed_generator(f"{method} design", seed).integers(1, 2**31))


def _enough(ranges: Sequence[ParameterRange], least: int) -> list[Problem]:
    names = ", ".join(one.name for one in ranges) or "none"
    why = f"at least {least} must vary in this design"
    remedy = "Name more parameters, or leave out --parameters for the default set."
    return [Problem("parameters", names, why, remedy)] if len(ranges) < least else []


def _sample_fault(samples: int) -> list[Problem]:
    remedy = "Choose more, such as 64."
    return [Problem("samples", str(samples), "must be at least 2", remedy)] if samples < 2 else []


def _power_fault(samples: int) -> list[Problem]:
    if samples < 2:
        return _sample_fault(samples)
    below = 1 << (samples.bit_length() - 1)
    if below == samples:
        return []
    why = "must be a power of two: the Sobol sequence is not balanced for other numbers"
    return [Problem("samples", str(samples), why, f"{below} or {2 * below} would do.")]


def _too_many(points: int, instead: str = "fewer samples or parameters") -> list[Problem]:
    if points <= MOST_POINTS:
        return []
    why = f"a design may have at most {MOST_POINTS:,}"
    return [Problem("points", f"{points:,}", why, f"Choose {instead}.")]


def _level_faults(one: ParameterRange, levels: Array) -> list[Problem]:
    """Return the problems of the levels of one parameter."""
    if not levels.size:
        return [Problem(one.name, "", "has no level", "Choose at least one.")]
    good = (levels >= one.low) & (levels <= one.high)
    if one.integer:
        good &= levels == np.rint(levels)
    noun = "a whole number" if one.integer else "a number"
    why = f"must be {noun} between {one.low:g} and {one.high:g}"
    return [Problem(f"{one.name} level", f"{bad:g}", why) for bad in levels[~good]]


def _refuse(method: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise ScenarioError(f"the {method} design", problems)
