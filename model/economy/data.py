"""Base data of the economy, read from model/data: trade flows, tariffs and elasticities."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.arrays import Array
from model.economy.tables import rows
from model.sides import SIDES, other_side

FOLDER = Path(__file__).resolve().parents[1] / "data"
REGIONS = ("USA", "CHN", "ROW")
SECTORS = (
    "farm",
    "energy",
    "electronics",
    "vehicles",
    "machinery",
    "materials",
    "consumer_goods",
    "services",
)
SERVICES = SECTORS.index("services")
MANUFACTURES = tuple(SECTORS.index(name) for name in SECTORS[2:7])


class Base(NamedTuple):
    """Trade of 2017 between three regions in eight groups of sectors.

    Array axes: exporter i, importer j, sector group s.
    """

    flows: Array  # million USD a year at producers' prices, home sales included
    tariff: Array  # shares, January 2018
    tariff_2025: Array  # shares, 1 January 2025; differs only between the USA and China
    average_2018: Array  # (2,) average tariff of the USA on China, of China on the USA
    average_2025: Array  # (2,)
    elasticity: Array  # (s,) trade elasticities with a mean of 1 over US-China goods trade
    input_use: Array  # (2, s) shares of the sectors in purchases between manufacturers
    exports: Array  # (2,) goods exports to the other side in 2017, bn USD, customs basis


def _anchor(quantity: str) -> Array:
    """Return an anchor value of the USA and of China (2,)."""
    by_region = {
        row["region"]: float(row["value"])
        for row in rows(FOLDER / "anchors.csv")
        if row["quantity"] == quantity
    }
    return np.array([by_region[region] for region in REGIONS[:2]])


def average(flows: Array, tariff: Array) -> Array:
    """Return each side's average tariff on the other side's goods, as shares (2,) or (2, N).

    Averages are weighted with the base flows. flows: (i, j, s), in any unit; tariff: (i, j, s) or
    (i, j, s, N), as shares.
    """
    averages = []
    for side in SIDES:
        goods = flows[other_side(side), side, :SERVICES]
        rates = tariff[other_side(side), side, :SERVICES]
        weight = goods.reshape((-1,) + (1,) * (rates.ndim - 1)) / goods.sum()
        averages.append((weight * rates).sum(axis=0))
    return np.array(averages)


def _grouped() -> tuple[Array, Array, Array, Array]:
    """Return flows, ordinary tariffs, tariffs added since 2018, and elasticities by sector group.

    Tariff rates are weighted by the flows to which they apply, elasticities by trade between the
    two sides.
    """
    sectors = {row["sector"]: row for row in rows(FOLDER / "sectors.csv")}
    shape = (len(REGIONS), len(REGIONS), len(SECTORS))
    flows, duty, extra = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    weight, slope = np.zeros(shape[2]), np.zeros(shape[2])
    added = {("CHN", "USA"): "added_by_us", ("USA", "CHN"): "added_by_china"}
    for row in rows(FOLDER / "trade_2017.csv"):
        sector = sectors[row["sector"]]
        pair = (row["exporter"], row["importer"])
        group = SECTORS.index(sector["group"])
        cell = (*(REGIONS.index(region) for region in pair), group)
        flow = float(row["flow"])
        flows[cell] += flow
        duty[cell] += flow * float(row["tariff"])
        if pair in added:
            extra[cell] += flow * float(sector[added[pair]]) / 100
            weight[group] += flow
            slope[group] += flow * float(sector["elasticity"])
    return flows, duty / flows, extra / flows, slope / weight


@cache
def load_base() -> Base:
    """Read the base data from model/data; average tariffs are those of PIIE (Bown).

    Ordinary (most-favoured-nation) rates between the two sides are scaled to the average of
    January 2018. Rates added by sector until March 2020 are scaled to the average of January 2025.
    Raises ScenarioError if a data file is missing or damaged.
    """
    flows, duty, extra, slope = _grouped()
    old, new = _anchor("tariff_2018"), _anchor("tariff_2025")
    tariff, tariff_2025 = duty.copy(), duty.copy()
    ordinary, added = average(flows, duty), average(flows, extra)
    for side in SIDES:
        lane = (other_side(side), side)
        tariff[lane] = duty[lane] * (old[side] / ordinary[side])
        tariff_2025[lane] = tariff[lane] + extra[lane] * ((new[side] - old[side]) / added[side])
    both = flows[0, 1, :SERVICES] + flows[1, 0, :SERVICES]
    mean = (both * slope[:SERVICES]).sum() / both.sum()
    inputs = np.zeros((2, len(SECTORS)))
    for row in rows(FOLDER / "input_use.csv"):
        inputs[REGIONS.index(row["region"]), SECTORS.index(row["group"])] = float(row["share"])
    return Base(flows, tariff, tariff_2025, old, new, slope / mean, inputs, _anchor("exports_2017"))


def tariffs(base: Base, average_us: Array, average_cn: Array) -> Array:
    """Return tariffs (i, j, s, N) for average tariffs (N,) of the USA and China on each other.

    All tariffs are shares. Below the average of January 2018, ordinary rates shrink in proportion.
    Between that and the average of January 2025, rates are interpolated linearly. Above it, all
    goods pay the same additional points. Services pay no tariff, and the rates of the rest of the
    world do not change.
    """
    rates = np.repeat(base.tariff[..., None], average_us.size, axis=3)
    for side, wanted in enumerate((average_us, average_cn)):
        old, new = base.average_2018[side], base.average_2025[side]
        start, end = base.tariff[other_side(side), side], base.tariff_2025[other_side(side), side]
        shrunk = np.minimum(wanted / old, 1.0)
        progress = np.clip((wanted - old) / (new - old), 0.0, 1.0)
        rise = np.maximum(wanted - new, 0.0)
        goods = (np.arange(len(SECTORS)) != SERVICES)[:, None]
        rates[other_side(side), side] = start[:, None] * shrunk + (end - start)[:, None] * progress
        rates[other_side(side), side] += goods * rise
    return rates
