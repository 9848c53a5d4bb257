"""Effects of the week's tariffs on groups and sides: pain, real incomes, trade, tariff relief.

Trade responds to the current tariff as in the short run and to the digested tariff as in the long
run: short(current) + gap(digested). One unit of pain is a side's pain under the tariffs of late
2019 (21.044 % and 21.838 %, PIIE/Bown), in the short run at an elasticity of 4.
"""

from copy import copy

import numpy as np

from model.arrays import Array
from model.economy.data import REGIONS
from model.economy.exposure import ExposureEconomy
from model.economy.grid import SERIES, WIDTH, EconomyGrid, Surface, Survey, column
from model.economy.off_grid import OFF_GRID, off_grid_pain
from model.rules.approval import decay
from model.schema.derived import kept_while_alive
from model.schema.scenario import Scenario
from model.sides import SIDES, other_side
from model.state.names import StateName
from model.state.store import Store

LATE_2019 = (0.21044, 0.21838)
BASE_2018 = (0.03092, 0.07992)
REFERENCE_ELASTICITY = 4.0
PURCHASE_YEARS = 2.0  # purchases are promised over two years
PERCENT = 100.0
INCOMES = ("real_income_us", "real_income_cn", "real_income_row")
EXPORTS = ("exports_us", "exports_cn")


class NoEconomy:
    """An economy in which tariffs cause no pain, for lessons and theory."""

    def feel(self, store: Store) -> None:
        """Do nothing."""

    def weigh_harm(self, store: Store) -> None:
        """Do nothing."""


class ArmingtonEconomy:
    """The solved trade model, compiled to the exposures of a scenario's groups."""

    def __init__(self, setting: Scenario) -> None:
        self.grid = EconomyGrid.load()
        self.sides = list(setting.sides)
        self.cards = list(setting.constituencies.values())
        self.regions = [REGIONS.index(card.region) for card in setting.sides.values()]
        loss = self._exposures()
        self.loss = loss
        self.exposed_rows = np.flatnonzero((loss != 0.0).any(axis=1))
        self.late = self._late_2019(loss)
        self.members = [self._exposed(i) for i in SIDES]
        exporter = self._overcapacity_side(setting)
        levels = (*INCOMES, "trade", EXPORTS[self.regions[exporter]])
        rows = np.vstack([loss[self.exposed_rows], *(_level(name) for name in levels)])
        reliefs = [self._relief(i, loss) for i in SIDES]
        self.short = Survey(self.grid, self.grid.compile(rows, "short"), *reliefs)
        self.gap = self.grid.compile(rows, "gap")
        self.least = Survey(self.grid, self.grid.compile(rows[-2:], "long"))
        self.purchase_issues = [_purchases(setting, side) for side in self.sides]

    def unused(self) -> "ArmingtonEconomy":
        """Return an economy with the same surfaces for other worlds."""
        found = copy(self)
        found.short = Survey(self.grid, *self.short.surfaces)
        found.least = Survey(self.grid, *self.least.surfaces)
        return found

    def feel(self, store: Store) -> None:
        """Set raw pain, incomes, trade and the utility of tariff relief from current tariffs."""
        tariff, digested = store["tariff"], store["digested"]
        left = decay(store["economy.adjustment_half_life"])
        digested = tariff + (digested - tariff) * left
        store["digested"] = digested
        elasticity = store["elasticity"]
        short, *reliefs = self.short.at(*self._ordered(tariff), elasticity)
        values = short + self.gap.at(self.grid.locate(*self._ordered(digested), elasticity))
        count = self.exposed_rows.size
        units = self._units(store["weight"])
        order = [*self.regions, REGIONS.index("ROW")]
        incomes = values[count : count + 3][order]
        store["income_level"] = incomes
        # short run and gap are at different tariffs, so their sum could be negative trade
        (least,) = self.least.at(*self._ordered(np.maximum(tariff, digested)), elasticity)
        store["trade_level"] = np.maximum(values[count + 3], least[0])
        store["exports_level"] = np.maximum(values[count + 4], least[1])
        self._pains(store, values[:count], tariff - digested, units)
        self._reliefs(store, reliefs, units)

    def _pains(self, store: Store, grid_pain: Array, undigested: Array, units: Array) -> None:
        """Set the raw pain of each group, from the grid and from causes outside the grid."""
        raw = store.zeros(len(self.cards))
        raw[self.exposed_rows] = grid_pain
        uncertainty = PERCENT * 0.5 * (np.abs(undigested[0]) + np.abs(undigested[1]))
        for row, card in enumerate(self.cards):
            share = card.exposure
            if "real_income" in share and card.side not in self.sides:
                raw[row] = raw[row] + PERCENT * share["real_income"]
            if "uncertainty" in share:
                raw[row] = raw[row] + share["uncertainty"] * uncertainty
            if not OFF_GRID.isdisjoint(share) and card.side in self.sides:
                raw[row] = raw[row] + off_grid_pain(store, card, self.sides.index(card.side))
            if "overcapacity" in share:  # exports diverted from one side to other countries
                diverted = np.maximum(1.0 - store["exports_level"] / store["exports_start"], 0.0)
                pain_abroad = share["overcapacity"] * store["third.overcapacity"] * diverted
                raw[row] = raw[row] + pain_abroad
        store["raw_pain"] = raw / units + store["shock_pain"]

    def weigh_harm(self, store: Store) -> None:
        """Set the pain that a tariff of 100 percent would cause a side, from those of late 2019."""
        harms: tuple[tuple[StateName, bool], ...] = (("harm", True), ("self_harm", False))
        for name, from_other in harms:
            for to in SIDES:
                by = other_side(to) if from_other else to
                store.set_row(name, to, self._harm(store["weight"], by, to))
        for side in SIDES:
            rows, losses = self._losses(other_side(side), side)
            rise = (
                LATE_2019[self.regions[other_side(side)]]
                - BASE_2018[self.regions[other_side(side)]]
            )
            units = self._units(store["weight"])
            for row, loss in zip(rows, losses, strict=True):
                store.set_row("group_harm", row, loss / units[row] / rise)

    def _harm(self, weights: Array, by: int, to: int) -> Array:
        """Return the pain of side `to` per unit of a tariff of side `by`, in unit pain (R,)."""
        rows, losses = self._losses(by, to)
        lost, unit = np.zeros(weights.shape[-1]), np.zeros(weights.shape[-1])
        for row, loss in zip(rows, losses, strict=True):
            lost = lost + weights[row] * loss
            unit = unit + weights[row] * self.late[row]
        rise = LATE_2019[self.regions[by]] - BASE_2018[self.regions[by]]
        share = np.maximum(lost, 0.0) / np.where(unit > 0.0, unit, 1.0)
        return np.where(unit > 0.0, share, 0.0) / rise

    def _losses(self, by: int, to: int) -> tuple[list[int], Array]:
        """Return the groups of side `to` and what a tariff of side `by` cost each in late 2019."""
        rows = [row for row, card in enumerate(self.cards) if card.side == self.sides[to]]
        late = np.stack([np.full(2, LATE_2019[region]) for region in self.regions])
        corners = self.grid.locate(*self._ordered(late), np.full(2, REFERENCE_ELASTICITY))
        return rows, self.grid.relief(self.loss[rows], self.regions[by]).at(corners)[:, 0]

    def _reliefs(self, store: Store, reliefs: list[Array], units: Array) -> None:
        """Set the pain that each side and group is relieved of at the other's base tariff."""
        groups = store.zeros(len(self.cards))
        weights = store["weight"]
        for side in SIDES:
            relief = reliefs[other_side(side)]
            total = store.zeros()
            for index, row in enumerate(self.members[side]):
                groups[row] = relief[index] / units[row]
                total = total + weights[row] * groups[row]
            store.set_row("relief", side, np.maximum(total, 0.0))
            if self.purchase_issues[side]:
                amount = store.of("issues", self.purchase_issues[side], "amount")
                restored = PURCHASE_YEARS * np.maximum(-relief[-1], 0.0)
                covered = restored / np.where(amount > 0.0, amount, 1.0)
                uncovered = np.where(amount > 0.0, np.maximum(1.0 - covered, 0.0), 1.0)
                store.set_row("uncovered", side, uncovered)
        store["group_relief"] = groups

    def _exposures(self) -> Array:
        """Return the loss of each group per unit of each series (groups, WIDTH)."""
        exposure = np.zeros((len(self.cards), WIDTH))
        for row, card in enumerate(self.cards):
            for name, share in card.exposure.items():
                if name in SERIES and card.side in self.sides:
                    region = self.regions[self.sides.index(card.side)]
                    exposure[row, column(name, region)] = share
                elif name == "real_income":  # for an observer: income of the rest of the world
                    exposure[row] = -PERCENT * share * _level("real_income_row")[0]
        return exposure

    def _late_2019(self, loss: Array) -> Array:
        """Return the loss of each group under the tariffs of late 2019 (groups,)."""
        late = np.stack([np.full(2, LATE_2019[region]) for region in self.regions])
        corners = self.grid.locate(*self._ordered(late), np.full(2, REFERENCE_ELASTICITY))
        lost: Array = self.grid.compile(loss, "short").at(corners)[:, 0]
        return lost

    def _units(self, weights: Array) -> Array:
        """Return the loss that counts as one unit of pain (groups, R): that of its side in 2019.

        It is 1 for observers, and for a side without losses under the tariffs of late 2019.
        """
        units = np.ones_like(weights)
        for side in self.sides:
            rows = [row for row, card in enumerate(self.cards) if card.side == side]
            total = np.zeros_like(weights[0])
            for row in rows:
                total = total + weights[row] * self.late[row]
            units[rows] = np.where(total > 0.0, total, 1.0)
        return units

    def _exposed(self, side: int) -> list[int]:
        """Return the rows of a side's groups that are exposed to series of the grid."""
        return [int(row) for row in self.exposed_rows if self.cards[row].side == self.sides[side]]

    def _relief(self, side: int, loss: Array) -> Surface:
        """Return the cost of this side's tariff to the other: losses by group, then exports."""
        rows = np.vstack(
            [loss[self.members[other_side(side)]], _level(EXPORTS[self.regions[other_side(side)]])]
        )
        return self.grid.relief(rows, self.regions[side])

    def _overcapacity_side(self, setting: Scenario) -> int:
        """Return the side with overcapacity: the owner of the issue of the rest of the world."""
        owners = [card.owner for card in setting.issues.values() if card.third]
        return self.sides.index(owners[0]) if owners else 1

    def _ordered(self, tariff: Array) -> tuple[Array, Array]:
        """Return the tariffs of the United States and of China (R,), whatever their side index."""
        us, cn = (0, 1) if self.regions == [0, 1] else (1, 0)
        return tariff[us], tariff[cn]


def _purchases(setting: Scenario, side: str) -> str:
    """Return the issue that promises purchases beyond restored exports to a side, or ""."""
    cards = setting.issues.items()
    return next((key for key, i in cards if i.counts_above and i.owner != side), "")


def _level(name: str) -> Array:
    row = np.zeros((1, WIDTH))
    row[0, column(name)] = 1.0
    return row


def economy_of(setting: Scenario) -> ArmingtonEconomy | ExposureEconomy | NoEconomy:
    """Return the economy that a scenario names."""
    if setting.economy.table == "exposure":
        return ExposureEconomy(setting)
    return _compiled(setting).unused() if setting.economy.table == "armington" else NoEconomy()


@kept_while_alive
def _compiled(setting: Scenario) -> ArmingtonEconomy:
    return ArmingtonEconomy(setting)
