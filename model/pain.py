"""The economy as the groups feel it: pain, real incomes, trade, and what tariff relief is worth.

Trade answers a tariff at once as in the short run, and as in the long run to the tariff that it has
digested: short(now) + gap(digested). Pain is counted in units of a side's pain under the tariffs of
late 2019 (21.044 % and 21.838 %, PIIE/Bown), in the short run at an elasticity of 4.
"""

import numpy as np

from model.approval import decay
from model.arrays import Array
from model.economy_data import REGIONS
from model.economy_grid import SERIES, WIDTH, Corners, EconomyGrid, Surface, column
from model.scenario import Scenario
from model.store import Store

LATE_2019 = (0.21044, 0.21838)
REFERENCE_ELASTICITY = 4.0
PURCHASE_YEARS = 2.0  # purchases are promised over two years
PERCENT = 100.0
OFF_GRID = (
    "uncertainty",
    "export_controls",
    "property_weakness",
)  # losses that no tariff grid holds
INCOMES = ("real_income_us", "real_income_cn", "real_income_row")
EXPORTS = ("exports_us", "exports_cn")


class NoEconomy:
    """An economy in which tariffs hurt nobody: for lessons and theory."""

    def feel(self, store: Store) -> None:
        """Leave everything as it is."""


class ArmingtonEconomy:
    """The solved trade model, compiled to what this scenario's groups feel."""

    def __init__(self, setting: Scenario) -> None:
        self.setting = setting
        self.grid = EconomyGrid.load()
        self.sides = list(setting.sides)
        self.cards = list(setting.constituencies.values())
        self.places = [REGIONS.index(card.region) for card in setting.sides.values()]
        loss = self._exposures()
        self.felt = np.flatnonzero((loss != 0.0).any(axis=1))
        self.late = self._late_2019(loss)
        self.members = [self._exposed(i) for i in (0, 1)]
        rows = np.vstack([loss[self.felt], *(_level(name) for name in (*INCOMES, "trade"))])
        self.now = self.grid.compile(rows, "short")
        self.gap = self.grid.compile(rows, "gap")
        self.reliefs = [self._relief(i, loss) for i in (0, 1)]
        self.counted = [self._purchases(side) for side in self.sides]

    def feel(self, store: Store) -> None:
        """Set raw pain, incomes, trade and the worth of relief from the week's tariffs."""
        tariff, digested = store["tariff"], store["digested"]
        left = decay(store["economy.adjustment_half_life"])
        digested = tariff + (digested - tariff) * left
        store["digested"] = digested
        here = self._locate(tariff, store["elasticity"])
        found = self.now.at(here) + self.gap.at(self._locate(digested, store["elasticity"]))
        count = self.felt.size
        units = self._units(store["weight"])
        self._pains(store, found[:count], tariff - digested, units)
        order = [*self.places, REGIONS.index("ROW")]
        incomes = np.ascontiguousarray(found[count : count + 3][order])
        store["income_level"] = incomes
        # the sum would be below nothing just after a tariff of 200 % is lifted
        store["trade_level"] = np.maximum(found[count + 3], 0.0)
        self._reliefs(store, here, units)

    def _pains(self, store: Store, felt: Array, moved: Array, units: Array) -> None:
        """Set the raw pain of each group: what the grid says and what no tariff grid holds."""
        raw = np.zeros((len(self.cards), store.width))
        raw[self.felt] = felt
        uncertainty = PERCENT * 0.5 * (np.abs(moved[0]) + np.abs(moved[1]))
        for row, card in enumerate(self.cards):
            share = card.exposure
            if "real_income" in share and card.side not in self.sides:
                raw[row] = raw[row] + PERCENT * share["real_income"]
            if "uncertainty" in share:
                raw[row] = raw[row] + share["uncertainty"] * uncertainty
            if "export_controls" in share:
                raw[row] = raw[row] + share["export_controls"] * store["controls"]
            if "property_weakness" in share:
                weakness = store[f"sides.{card.side}.weakness"]
                raw[row] = raw[row] + share["property_weakness"] * weakness
        store["raw_pain"] = raw / units

    def _reliefs(self, store: Store, here: Corners, units: Array) -> None:
        """Set what each side and group is relieved of if the other's tariff goes to its base."""
        groups = np.zeros((len(self.cards), store.width))
        weights = store["weight"]
        for side in (0, 1):
            found = self.reliefs[1 - side].at(here)
            total = np.zeros(store.width)
            for place, row in enumerate(self.members[side]):
                groups[row] = found[place] / units[row]
                total = total + weights[row] * groups[row]
            store.set_row("relief", side, np.maximum(total, 0.0))
            if self.counted[side]:
                amount = store[f"issues.{self.counted[side]}.amount"]
                restored = PURCHASE_YEARS * np.maximum(-found[-1], 0.0)
                covered = restored / np.where(amount > 0.0, amount, 1.0)
                uncovered = np.where(amount > 0.0, np.maximum(1.0 - covered, 0.0), 1.0)
                store.set_row("uncovered", side, uncovered)
        store["group_relief"] = groups

    def _exposures(self) -> Array:
        """Return what each group loses per unit of each series (groups, WIDTH)."""
        exposure = np.zeros((len(self.cards), WIDTH))
        for row, card in enumerate(self.cards):
            for name, share in card.exposure.items():
                if name in SERIES and card.side in self.sides:
                    place = self.places[self.sides.index(card.side)]
                    exposure[row, column(name, place)] = share
                elif name == "real_income":  # of an observer: the rest of the world's
                    exposure[row] = -PERCENT * share * _level("real_income_row")[0]
        return exposure

    def _late_2019(self, loss: Array) -> Array:
        """Return what each group loses under the tariffs of late 2019 (groups,)."""
        late = np.stack([np.full(2, LATE_2019[place]) for place in self.places])
        corners = self._locate(late, np.full(2, REFERENCE_ELASTICITY))
        lost: Array = self.grid.compile(loss, "short").at(corners)[:, 0]
        return lost

    def _units(self, weights: Array) -> Array:
        """Return the loss that counts as one unit of pain (groups, R): its side's of late 2019.

        It is 1 for observers, and for a side that those tariffs hurt nobody of.
        """
        units = np.ones_like(weights)
        for side in self.sides:
            rows = [row for row, card in enumerate(self.cards) if card.side == side]
            total = np.zeros(weights.shape[-1])
            for row in rows:
                total = total + weights[row] * self.late[row]
            units[rows] = np.where(total > 0.0, total, 1.0)
        return units

    def _exposed(self, side: int) -> list[int]:
        return [int(row) for row in self.felt if self.cards[row].side == self.sides[side]]

    def _relief(self, side: int, loss: Array) -> Surface:
        """Return what this side's tariff costs the other: its groups' loss, then its exports."""
        rows = np.vstack([loss[self.members[1 - side]], _level(EXPORTS[self.places[1 - side]])])
        return self.grid.relief(rows, self.places[side])

    def _purchases(self, side: str) -> str:
        """Return the issue that promises a side purchases on top of what relief restores, or ""."""
        cards = self.setting.issues.items()
        return next((key for key, i in cards if i.counts_above and i.owner != side), "")

    def _locate(self, tariff: Array, elasticity: Array) -> Corners:
        us, cn = (0, 1) if self.places == [0, 1] else (1, 0)
        return self.grid.locate(tariff[us], tariff[cn], elasticity)


def _level(name: str) -> Array:
    row = np.zeros((1, WIDTH))
    row[0, column(name)] = 1.0
    return row


def economy_of(setting: Scenario) -> ArmingtonEconomy | NoEconomy:
    """Return the economy that a scenario names."""
    return ArmingtonEconomy(setting) if setting.economy.table == "armington" else NoEconomy()
