"""The economy as the groups feel it: pain, real incomes, trade, and what tariff relief is worth.

Trade answers a tariff at once as in the short run, and as in the long run to the tariff that it has
digested: short(now) + gap(digested). Pain is counted in units of a side's pain under the tariffs of
late 2019 (21.044 % and 21.838 %, PIIE/Bown), in the short run at an elasticity of 4.
"""

import numpy as np

from model.arrays import Array
from model.economy.data import REGIONS
from model.economy.grid import SERIES, WIDTH, EconomyGrid, Surface, Survey, column
from model.rules.approval import decay
from model.schema.entries import Constituency
from model.schema.scenario import Scenario
from model.state.store import Store

LATE_2019 = (0.21044, 0.21838)
BASE_2018 = (0.03092, 0.07992)
REFERENCE_ELASTICITY = 4.0
PURCHASE_YEARS = 2.0  # purchases are promised over two years
PERCENT = 100.0
OFF_GRID = frozenset({"export_controls", "foreign_controls", "property_weakness"})
INCOMES = ("real_income_us", "real_income_cn", "real_income_row")
EXPORTS = ("exports_us", "exports_cn")


class NoEconomy:
    """An economy in which tariffs hurt nobody: for lessons and theory."""

    def feel(self, store: Store) -> None:
        """Leave everything as it is."""

    def weigh_harm(self, store: Store) -> None:
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
        self.loss = loss
        self.felt = np.flatnonzero((loss != 0.0).any(axis=1))
        self.late = self._late_2019(loss)
        self.members = [self._exposed(i) for i in (0, 1)]
        self.turned = self._turned()
        levels = (*INCOMES, "trade", EXPORTS[self.places[self.turned]])
        rows = np.vstack([loss[self.felt], *(_level(name) for name in levels)])
        reliefs = [self._relief(i, loss) for i in (0, 1)]
        self.here = Survey(self.grid, self.grid.compile(rows, "short"), *reliefs)
        self.gap = self.grid.compile(rows, "gap")
        self.least = Survey(self.grid, self.grid.compile(rows[-2:], "long"))
        self.counted = [self._purchases(side) for side in self.sides]

    def feel(self, store: Store) -> None:
        """Set raw pain, incomes, trade and the worth of relief from the week's tariffs."""
        tariff, digested = store["tariff"], store["digested"]
        left = decay(store["economy.adjustment_half_life"])
        digested = tariff + (digested - tariff) * left
        store["digested"] = digested
        elasticity = store["elasticity"]
        now, *reliefs = self.here.at(*self._ordered(tariff), elasticity)
        found = now + self.gap.at(self.grid.locate(*self._ordered(digested), elasticity))
        count = self.felt.size
        units = self._units(store["weight"])
        order = [*self.places, REGIONS.index("ROW")]
        incomes = np.ascontiguousarray(found[count : count + 3][order])
        store["income_level"] = incomes
        # short run and gap are taken at two tariffs: their sum could leave less than no trade
        (least,) = self.least.at(*self._ordered(np.maximum(tariff, digested)), elasticity)
        store["trade_level"] = np.maximum(found[count + 3], least[0])
        store["exports_level"] = np.maximum(found[count + 4], least[1])
        self._pains(store, found[:count], tariff - digested, units)
        self._reliefs(store, reliefs, units)

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
            if not OFF_GRID.isdisjoint(share) and card.side in self.sides:
                raw[row] = raw[row] + self._off_grid(store, card)
            if "overcapacity" in share:  # goods that are turned away from one side to others
                turned = np.maximum(1.0 - store["exports_level"] / store["exports_start"], 0.0)
                felt_abroad = share["overcapacity"] * store["third.overcapacity"] * turned
                raw[row] = raw[row] + felt_abroad
        store["raw_pain"] = raw / units + store["shock_pain"]

    def _off_grid(self, store: Store, card: Constituency) -> Array:
        """Return a group's loss by what no tariff causes: controls, a weak property market."""
        side, share, total = self.sides.index(card.side), card.exposure, np.zeros(store.width)
        if "export_controls" in share:  # sales that one's own side forbids
            total = total + share["export_controls"] * store.row("controls", side)
        if "foreign_controls" in share:  # supplies that the other side holds back
            total = total + share["foreign_controls"] * store.row("controls", 1 - side)
        if "property_weakness" in share:
            total = total + share["property_weakness"] * store.row("weakness", side)
        return total

    def weigh_harm(self, store: Store) -> None:
        """Set what a tariff of 100 percent would cost a side, by the tariffs of late 2019."""
        for name, turned in (("harm", True), ("self_harm", False)):
            for to in (0, 1):
                by = 1 - to if turned else to
                store.set_row(name, to, self._harm(store["weight"], by, to))

    def _harm(self, weights: Array, by: int, to: int) -> Array:
        """Return the unit pain of a side `to` for each share of a tariff of the side `by` (R,)."""
        rows = [row for row, card in enumerate(self.cards) if card.side == self.sides[to]]
        late = np.stack([np.full(2, LATE_2019[place]) for place in self.places])
        corners = self.grid.locate(*self._ordered(late), np.full(2, REFERENCE_ELASTICITY))
        felt = self.grid.relief(self.loss[rows], self.places[by]).at(corners)[:, 0]
        lost, unit = np.zeros(weights.shape[-1]), np.zeros(weights.shape[-1])
        for place, row in enumerate(rows):
            lost = lost + weights[row] * felt[place]
            unit = unit + weights[row] * self.late[row]
        rise = LATE_2019[self.places[by]] - BASE_2018[self.places[by]]
        share = np.maximum(lost, 0.0) / np.where(unit > 0.0, unit, 1.0)
        return np.where(unit > 0.0, share, 0.0) / rise

    def _reliefs(self, store: Store, reliefs: list[Array], units: Array) -> None:
        """Set what each side and group is relieved of if the other's tariff goes to its base."""
        groups = np.zeros((len(self.cards), store.width))
        weights = store["weight"]
        for side in (0, 1):
            found = reliefs[1 - side]
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
        corners = self.grid.locate(*self._ordered(late), np.full(2, REFERENCE_ELASTICITY))
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

    def _turned(self) -> int:
        """Return the side whose goods the rest of the world fears: the owner of overcapacity."""
        owners = [card.owner for card in self.setting.issues.values() if card.third]
        return self.sides.index(owners[0]) if owners else 1

    def _purchases(self, side: str) -> str:
        """Return the issue that promises a side purchases on top of what relief restores, or ""."""
        cards = self.setting.issues.items()
        return next((key for key, i in cards if i.counts_above and i.owner != side), "")

    def _ordered(self, tariff: Array) -> tuple[Array, Array]:
        """Return the tariffs (R,) of the United States and of China, whichever side they are."""
        us, cn = (0, 1) if self.places == [0, 1] else (1, 0)
        return tariff[us], tariff[cn]


def _level(name: str) -> Array:
    row = np.zeros((1, WIDTH))
    row[0, column(name)] = 1.0
    return row


def economy_of(setting: Scenario) -> ArmingtonEconomy | NoEconomy:
    """Return the economy that a scenario names."""
    return ArmingtonEconomy(setting) if setting.economy.table == "armington" else NoEconomy()
