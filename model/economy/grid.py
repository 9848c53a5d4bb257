"""A grid of solutions of the economy over tariffs and elasticities, with interpolation."""

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.arrays import Array, Index, recordable, unit
from model.economy.data import FOLDER, MANUFACTURES, SECTORS, SERVICES, Base, load_base, tariffs
from model.economy.economy import Equilibrium, equilibrium, short_run
from model.economy.tables import SUMS, content, renew
from model.sides import SIDES, other_side

GRID = "economy_grid.npz"

# Series to which a constituency can be exposed. Each is a loss of its side in percent, relative to
# the tariffs of January 2018 at the same elasticity. Only protection is a gain in percent.
SERIES = (
    "consumer_cost",  # price of the consumer basket over wages, without tariff revenue
    "real_income",  # spending over prices, tariff revenue included
    "exports",  # value of goods sold to the other side
    "exports_farm",
    "exports_energy",
    "exports_electronics",
    "exports_vehicles",  # vehicles, batteries and other electrical goods
    "exports_manufacturing",
    "input_cost",  # price of purchases between manufacturers, over wages
    "protection",  # volume of manufactures sold at home
)
# Series of the whole world, not of one side.
LEVELS = (
    "real_income_us",  # ratio to January 2018
    "real_income_cn",
    "real_income_row",
    "trade",  # value of goods traded between the sides, ratio to January 2018
    "exports_us",  # goods sold to the other side, bn USD a year, customs values of 2017
    "exports_cn",
)
WIDTH = 2 * len(SERIES) + len(LEVELS)
FAMILIES = ("short", "long", "gap")  # gap = long - short

# The short-run elasticity is 1.2 if the long-run one is 4. With it, the tariffs of 2018 and 2019
# alone cut US imports from China by 17 % from 2018 to 2019, as observed (Census).
SHORT_RUN_SHARE = 0.3

# Tariffs are shares. The averages of January 2018 and January 2025 are nodes. Above 2, values at 2
# are used.
_US = (0.0, 0.015, 0.03092, 0.06, 0.09, 0.12, 0.15, 0.18, 0.20737, 0.24, 0.27, 0.30737, 0.35)
_CN = (0.0, 0.02, 0.04, 0.06, 0.07992, 0.11, 0.14, 0.17, 0.19, 0.21167, 0.24, 0.27, 0.30, 0.34)
_HIGH = (0.4, 0.45, 0.5, 0.56, 0.63, 0.72, 0.85, 1.0, 1.25, 1.6, 2.0)
AXES = (np.array(_US + _HIGH), np.array(_CN + _HIGH), np.array([2.0, 2.5, 3.0, 4.0, 5.0, 6.0]))


def column(name: str, side: int | None = None) -> int:
    """Return the column of a series of a side, or of a level of the world, in a row of weights.

    >>> column("consumer_cost", 0), column("consumer_cost", 1), column("real_income_us")
    (0, 10, 20)
    """
    if side is None:
        return 2 * len(SERIES) + LEVELS.index(name)
    return side * len(SERIES) + SERIES.index(name)


def measure(base: Base, result: Equilibrium) -> Array:
    """Return all series and levels (WIDTH, N) of an equilibrium, in the order of `column`."""
    goods = tuple(range(SERVICES))
    rows = [row for side in SIDES for row in _losses(base, result, side, goods)]
    us_exports, cn_exports = _sold(result.flows, 0, 1, goods), _sold(result.flows, 1, 0, goods)
    before = [_sold(base.flows, side, other_side(side), goods) for side in SIDES]
    rows += [result.real_income[0], result.real_income[1], result.real_income[2]]
    rows.append((us_exports + cn_exports) / (before[0] + before[1]))
    rows += [base.exports[0] * (us_exports / before[0]), base.exports[1] * (cn_exports / before[1])]
    return np.array(rows)


def _losses(base: Base, result: Equilibrium, side: int, goods: tuple[int, ...]) -> list[Array]:
    """Return the SERIES of one side, each (N,)."""
    wage, other = result.wage[side], other_side(side)
    groups = [goods, *((SECTORS.index(name),) for name in SECTORS[:4]), MANUFACTURES]
    exports = [
        100 * (1 - _sold(result.flows, side, other, group) / _sold(base.flows, side, other, group))
        for group in groups
    ]
    inputs = base.input_use[side][:, None] * np.log(result.sector_price[side])
    before = _sold(base.flows, side, side, MANUFACTURES)
    home = _sold(result.flows, side, side, MANUFACTURES) / before
    return [
        100 * (result.price[side] / wage - 1),
        100 * (1 - result.real_income[side]),
        *exports,
        100 * (np.exp(inputs.sum(axis=0)) / wage - 1),
        100 * (home / wage - 1),
    ]


def _sold(flows: Array, exporter: int, importer: int, sectors: tuple[int, ...]) -> Array:
    """Return the sales of one region to another in some sectors: (N,), or () from base flows."""
    total: Array = flows[exporter, importer, list(sectors)].sum(axis=0)
    return total


def solve(us: Array, cn: Array, elasticity: Array) -> Array:
    """Return all series for tariffs and elasticities (N,): (2, WIDTH, N), short run, long run."""
    base = load_base()
    wanted = tariffs(base, us, cn)
    slope = base.elasticity[:, None] * elasticity
    short = short_run(base.flows, base.tariff, wanted, slope * SHORT_RUN_SHARE)
    long = equilibrium(base.flows, base.tariff, wanted, slope)
    return np.array([measure(base, short), measure(base, long)])


def build() -> Array:
    """Solve every node of AXES: (2, WIDTH, nodes); the last axis of AXES varies fastest."""
    us, cn, elasticity = (axis.ravel() for axis in np.meshgrid(*AXES, indexing="ij"))
    return solve(us, cn, elasticity)


def store(values: Array, file: Path) -> None:
    """Write the grid to a file; the same values give the same bytes (the archive has no dates)."""
    arrays = {"us": AXES[0], "cn": AXES[1], "elasticity": AXES[2], "values": values}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as out:
                np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)


class Corners(NamedTuple):
    """The eight grid nodes around each world's point, with interpolation weights."""

    node: Index  # (8, R)
    weight: Array  # (8, R), not negative, summing to 1


@dataclass(frozen=True)
class Surface:
    """Linear combinations of series on the grid, prepared for interpolation."""

    values: Array  # (S, nodes)

    @recordable
    def at(self, corners: Corners) -> Array:
        """Return the combinations (S, R) at the points of `EconomyGrid.locate` (trilinear)."""
        values = np.empty((self.values.shape[0], corners.node.shape[1]))
        nodes = np.empty(corners.node.shape)
        for series, out in zip(self.values, values, strict=True):
            series.take(corners.node, out=nodes, mode="clip")  # "clip" is the unbuffered mode
            np.multiply(nodes, corners.weight, out=nodes)
            np.add.reduce(nodes, axis=0, out=out)
        return values


@dataclass(frozen=True)
class EconomyGrid:
    """The solved economy: `compile` series to a surface, `locate` points, interpolate there."""

    axes: tuple[Array, Array, Array]
    values: Array  # (2, WIDTH, nodes): short run, long run

    @staticmethod
    @cache
    def load() -> "EconomyGrid":
        """Return the shipped grid, which is read once. Raises ScenarioError if it is damaged."""
        with np.load(io.BytesIO(content(FOLDER / GRID)), allow_pickle=False) as file:
            axes = (file["us"], file["cn"], file["elasticity"])
            return EconomyGrid(axes, file["values"])

    def compile(self, rows: Array, family: str = "short") -> Surface:
        """Return the surface of weighted sums of series; rows (S, WIDTH) are the weights.

        family: one of FAMILIES. Trade responds to the current tariff as in the short run and to
        the digested tariff as in the long run: short(current) + gap(digested).
        """
        return Surface(_combined(rows, self._family(family)))

    def relief(self, rows: Array, side: int, family: str = "short") -> Surface:
        """Return the surface of the change if `side` returned to its tariff of January 2018.

        The values of `compile` minus those with this side's tariff of January 2018 and the other
        side's current tariff. They are positive for losses that this side's tariff causes.
        """
        shape = tuple(axis.size for axis in self.axes)
        grid = self._family(family).reshape(WIDTH, *shape)
        node = int(np.flatnonzero(self.axes[side] == load_base().average_2018[side])[0])
        baseline = np.take(grid, [node], axis=1 + side)
        return Surface(_combined(rows, (grid - baseline).reshape(WIDTH, -1)))

    @recordable
    def locate(self, us: Array, cn: Array, elasticity: Array) -> Corners:
        """Return the grid corners around tariffs (shares) and elasticities, each (R,).

        Values outside the axes (tariffs 0 to 2, elasticity 2 to 6) are moved to the nearest edge.
        """
        first = np.zeros(us.shape, dtype=np.intp)
        offset = np.zeros(1, dtype=np.intp)
        share = np.ones((1, us.size))
        for axis, value in zip(self.axes, (us, cn, elasticity), strict=True):
            low, upper = _bracket(axis, value)
            first = first * axis.size + low
            offset = (offset[:, None] * axis.size + np.arange(2)).ravel()
            share = (share[:, None] * np.array([1 - upper, upper])).reshape(-1, us.size)
        return Corners(first + offset[:, None], share)

    def _family(self, name: str) -> Array:
        if name not in FAMILIES:
            raise ValueError(f'No such family of series: "{name}". Known: {", ".join(FAMILIES)}.')
        short, long = self.values
        family: Array = {"short": short, "long": long, "gap": long - short}[name]
        return family


class Survey:
    """Surfaces that are interpolated every week at the points of the same worlds.

    Most tariffs do not change from one week to the next, so only worlds with a new point are
    interpolated again.
    """

    def __init__(self, grid: EconomyGrid, *surfaces: Surface) -> None:
        self.grid = grid
        self.surfaces = surfaces
        self._point = np.empty((3, 0))
        self._values: list[Array] = []

    @recordable
    def at(self, us: Array, cn: Array, elasticity: Array) -> list[Array]:
        """Return the values of each surface (S, R) at tariffs (shares) and elasticities (R,).

        The result equals `Surface.at` for all points of `EconomyGrid.locate`. Callers must not
        write to it.
        """
        last, self._point = self._point, np.array([us, cn, elasticity])
        if last.shape != self._point.shape:
            self._values = self._interpolate(self._point)
            return self._values
        moved = np.flatnonzero((last != self._point).any(axis=0))
        if moved.size == 1:
            moved = np.repeat(moved, 2)  # a width of one sums in another order
        if moved.size:
            updates = self._interpolate(self._point.take(moved, axis=1))
            for values, update in zip(self._values, updates, strict=True):
                values[:, moved] = update
        return self._values

    def _interpolate(self, point: Array) -> list[Array]:
        corners = self.grid.locate(*point)
        return [surface.at(corners) for surface in self.surfaces]


def _bracket(axis: Array, value: Array) -> tuple[Index, Array]:
    """Return the node at or below each value and the weight of the next one."""
    low = axis[1:-1].searchsorted(value, side="right")
    weight = (value - axis[low]) / (axis[low + 1] - axis[low])
    return low, unit(weight)


def _combined(rows: Array, series: Array) -> Array:
    """Return weighted sums (S, nodes), adding one series at a time for the same bits everywhere."""
    total = np.zeros((rows.shape[0], series.shape[1]))
    for weights, values in zip(rows.T, series, strict=True):
        total += weights[:, None] * values
    return total


if __name__ == "__main__":
    store(build(), FOLDER / GRID)
    (FOLDER / SUMS).write_bytes(renew(FOLDER))
