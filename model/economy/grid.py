"""What each pair of tariffs costs whom: the economy solved once on a grid, then looked up."""

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.arrays import Array, Index, unit
from model.economy.data import FOLDER, MANUFACTURES, SECTORS, SERVICES, Base, load_base, tariffs
from model.economy.economy import Equilibrium, equilibrium, short_run
from model.economy.tables import SUMS, content, renew

GRID = "economy_grid.npz"

# A constituency may be exposed to any of these. Each is a percent loss of its side against the
# tariffs of January 2018 at the same elasticity; protection alone is a percent gain.
SERIES = (
    "consumer_cost",  # price of the consumer basket over wages, tariff revenue not handed back
    "real_income",  # spending over prices, tariff revenue handed back
    "exports",  # value of goods sold to the other side
    "exports_farm",
    "exports_energy",
    "exports_electronics",
    "exports_vehicles",  # vehicles, batteries and other electrical goods
    "exports_manufacturing",
    "input_cost",  # price over wages of what factories buy from factories
    "protection",  # volume of manufactures sold at home
)
# Of the whole world, not of one side.
LEVELS = (
    "real_income_us",  # ratio to January 2018
    "real_income_cn",
    "real_income_row",
    "trade",  # value of goods traded between the sides, ratio to January 2018
    "exports_us",  # goods sold to the other side, bn USD a year, customs values of 2017
    "exports_cn",
)
WIDTH = 2 * len(SERIES) + len(LEVELS)
FAMILIES = ("short", "long", "gap")  # gap = long less short

# A short-run elasticity of 1.2 where the long run has 4: with it the tariffs of 2018 and 2019
# alone cut US imports from China by 17 % from 2018 to 2019, which is what happened (Census).
SHORT_RUN_SHARE = 0.3

# Tariffs are shares. January 2018 and January 2025 are nodes, exactly; beyond 2 all is as at 2.
_US = (0.0, 0.015, 0.03092, 0.06, 0.09, 0.12, 0.15, 0.18, 0.20737, 0.24, 0.27, 0.30737, 0.35)
_CN = (0.0, 0.02, 0.04, 0.06, 0.07992, 0.11, 0.14, 0.17, 0.19, 0.21167, 0.24, 0.27, 0.30, 0.34)
_HIGH = (0.4, 0.45, 0.5, 0.56, 0.63, 0.72, 0.85, 1.0, 1.25, 1.6, 2.0)
AXES = (np.array(_US + _HIGH), np.array(_CN + _HIGH), np.array([2.0, 2.5, 3.0, 4.0, 5.0, 6.0]))


def column(name: str, side: int | None = None) -> int:
    """Return where a series of a side, or a level of the world, stands in a row of weights.

    >>> column("consumer_cost", 0), column("consumer_cost", 1), column("real_income_us")
    (0, 10, 20)
    """
    if side is None:
        return 2 * len(SERIES) + LEVELS.index(name)
    return side * len(SERIES) + SERIES.index(name)


def measure(base: Base, found: Equilibrium) -> Array:
    """Return all series and levels (WIDTH, N) of an equilibrium, in the order of `column`."""
    goods = tuple(range(SERVICES))
    rows = [row for side in (0, 1) for row in _losses(base, found, side, goods)]
    there, back = _sold(found.flows, 0, 1, goods), _sold(found.flows, 1, 0, goods)
    before = [_sold(base.flows, side, 1 - side, goods) for side in (0, 1)]
    rows += [found.real_income[0], found.real_income[1], found.real_income[2]]
    rows.append((there + back) / (before[0] + before[1]))
    rows += [base.exports[0] * (there / before[0]), base.exports[1] * (back / before[1])]
    return np.array(rows)


def _losses(base: Base, found: Equilibrium, side: int, goods: tuple[int, ...]) -> list[Array]:
    """Return the SERIES of one side, each (N,)."""
    wage, other = found.wage[side], 1 - side
    groups = [goods, *((SECTORS.index(name),) for name in SECTORS[:4]), MANUFACTURES]
    exports = [
        100 * (1 - _sold(found.flows, side, other, group) / _sold(base.flows, side, other, group))
        for group in groups
    ]
    inputs = base.input_use[side][:, None] * np.log(found.sector_price[side])
    before = _sold(base.flows, side, side, MANUFACTURES)
    home = _sold(found.flows, side, side, MANUFACTURES) / before
    return [
        100 * (found.price[side] / wage - 1),
        100 * (1 - found.real_income[side]),
        *exports,
        100 * (np.exp(inputs.sum(axis=0)) / wage - 1),
        100 * (home / wage - 1),
    ]


def _sold(flows: Array, exporter: int, importer: int, sectors: tuple[int, ...]) -> Array:
    """Return what one region sells another in some sectors: (N,), or () from base flows."""
    total: Array = flows[exporter, importer, list(sectors)].sum(axis=0)
    return total


def solve(us: Array, cn: Array, elasticity: Array) -> Array:
    """Return all series at given tariffs and elasticities (N,): (2, WIDTH, N), short then long."""
    base = load_base()
    wanted = tariffs(base, us, cn)
    slope = base.elasticity[:, None] * elasticity
    short = short_run(base.flows, base.tariff, wanted, slope * SHORT_RUN_SHARE)
    long = equilibrium(base.flows, base.tariff, wanted, slope)
    return np.array([measure(base, short), measure(base, long)])


def build() -> Array:
    """Solve every node of AXES: (2, WIDTH, nodes), the last axis of AXES running fastest."""
    us, cn, elasticity = (axis.ravel() for axis in np.meshgrid(*AXES, indexing="ij"))
    return solve(us, cn, elasticity)


def store(values: Array, file: Path) -> None:
    """Write the grid; the same values give the same bytes (no times of day in the archive)."""
    arrays = {"us": AXES[0], "cn": AXES[1], "elasticity": AXES[2], "values": values}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as out:
                np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)


class Corners(NamedTuple):
    """The eight nodes around each world's point and their weights; surfaces share them."""

    node: Index  # (8, R)
    weight: Array  # (8, R), not negative, sums to 1


@dataclass(frozen=True)
class Surface:
    """Linear combinations of series over the grid, ready to be looked up."""

    values: Array  # (S, nodes)

    def at(self, corners: Corners) -> Array:
        """Return the combinations (S, R) at the points of `EconomyGrid.locate`, trilinear."""
        found = np.empty((self.values.shape[0], corners.node.shape[1]))
        nodes = np.empty(corners.node.shape)
        for series, out in zip(self.values, found, strict=True):
            series.take(corners.node, out=nodes, mode="clip")  # "clip" is the unbuffered mode
            np.multiply(nodes, corners.weight, out=nodes)
            np.add.reduce(nodes, axis=0, out=out)
        return found


@dataclass(frozen=True)
class EconomyGrid:
    """The solved economy: `locate` a point, `compile` what is wanted of it, look it up."""

    axes: tuple[Array, Array, Array]
    values: Array  # (2, WIDTH, nodes): short run, long run

    @staticmethod
    @cache
    def load() -> "EconomyGrid":
        """Return the committed grid, read once. Raises ScenarioError if it is not as it came."""
        with np.load(io.BytesIO(content(FOLDER / GRID)), allow_pickle=False) as file:
            axes = (file["us"], file["cn"], file["elasticity"])
            return EconomyGrid(axes, file["values"])

    def compile(self, rows: Array, family: str = "short") -> Surface:
        """Return the surface of weighted sums of series; rows (S, WIDTH) are the weights.

        family is one of FAMILIES. Trade that answers a tariff at once as in the short run, and
        as in the long run to the tariff that it has digested, is short(now) + gap(digested).
        """
        return Surface(_combined(rows, self._family(family)))

    def relief(self, rows: Array, side: int, family: str = "short") -> Surface:
        """Return the surface of what ends when `side` goes back to its tariff of January 2018.

        The difference of `compile` between here and there, the other side's tariff as it is:
        positive where the series are losses that this tariff causes.
        """
        shape = tuple(axis.size for axis in self.axes)
        grid = self._family(family).reshape(WIDTH, *shape)
        node = int(np.flatnonzero(self.axes[side] == load_base().average_2018[side])[0])
        there = np.take(grid, [node], axis=1 + side)
        return Surface(_combined(rows, (grid - there).reshape(WIDTH, -1)))

    def locate(self, us: Array, cn: Array, elasticity: Array) -> Corners:
        """Return the corners around tariffs (shares) and elasticities, each (R,).

        Outside the axes (tariffs 0 to 2, elasticity 2 to 6) the nearest edge counts.
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
        found: Array = {"short": short, "long": long, "gap": long - short}[name]
        return found


class Survey:
    """Surfaces that are looked up week after week at the same worlds' points.

    Most tariffs stand still from one week to the next: only worlds whose point moved are looked up.
    """

    def __init__(self, grid: EconomyGrid, *surfaces: Surface) -> None:
        self.grid = grid
        self.surfaces = surfaces
        self._point = np.empty((3, 0))
        self._found: list[Array] = []

    def at(self, us: Array, cn: Array, elasticity: Array) -> list[Array]:
        """Return what each surface says at tariffs (shares) and elasticities (R,), to be read only.

        The same as looking up all of them with `EconomyGrid.locate` and `Surface.at`.
        """
        last, self._point = self._point, np.array([us, cn, elasticity])
        if last.shape != self._point.shape:
            self._found = self._look(self._point)
            return self._found
        moved = np.flatnonzero((last != self._point).any(axis=0))
        if moved.size == 1:
            moved = np.repeat(moved, 2)  # a width of one sums in another order
        if moved.size:
            news = self._look(self._point.take(moved, axis=1))
            for found, new in zip(self._found, news, strict=True):
                found[:, moved] = new
        return self._found

    def _look(self, point: Array) -> list[Array]:
        corners = self.grid.locate(*point)
        return [surface.at(corners) for surface in self.surfaces]


def _bracket(axis: Array, value: Array) -> tuple[Index, Array]:
    """Return the node at or below each value and the weight of the next one."""
    low = axis[1:-1].searchsorted(value, side="right")
    weight = (value - axis[low]) / (axis[low + 1] - axis[low])
    return low, unit(weight)


def _combined(rows: Array, series: Array) -> Array:
    """Return weighted sums (S, nodes), one series at a time: the same bits on any machine."""
    found = np.zeros((rows.shape[0], series.shape[1]))
    for weights, values in zip(rows.T, series, strict=True):
        found += weights[:, None] * values
    return found


if __name__ == "__main__":
    store(build(), FOLDER / GRID)
    (FOLDER / SUMS).write_bytes(renew(FOLDER))
