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
from model.entries import Constituency
from model.scenario import Scenario
from model.store import Store

LATE_2019 = (0.21044, 0.21838)
BASE_2018 = (0.03092, 0.07992)
OFF_GRID = frozenset({"export_controls", "foreign_controls", "property_weakness"})
REFERENCE_ELASTICITY = 4.0
PURCHASE_YEARS = 2.0  # purchases are promised over two years
PERCENT = 100.0
INCOMES = ("real_income_us", "real_income_cn", "real_income_row")
EXPORTS = ("exports_us", "exports_cn")


class NoEconomy:
    """An economy in which tariffs hurt nobody: for lessons and theory."""

    harm = self_harm = (0.0, 0.0)

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
        exposure = self._exposures()
        self.units = self._units(exposure)
        pain = exposure / self.units[:, None]
        self.felt = np.flatnonzero((pain != 0.0).any(axis=1))
        self.members = [self._exposed(i) for i in (0, 1)]
        self.turned = self._turned()
        levels = (*INCOMES, "trade", EXPORTS[self.places[self.turned]])
        rows = np.vstack([pain[self.felt], *(_level(name) for name in levels)])
        self.now = self.grid.compile(rows, "short")
        self.gap = self.grid.compile(rows, "gap")
        self.reliefs = [self._relief(i, pain) for i in (0, 1)]
        self.counted = [self._purchases(side) for side in self.sides]
        # what a tariff of 100 percent would cost in unit pain, as those of late 2019 do a share of it
        self.harm = tuple(self._harm(pain, by=1 - side, to=side) for side in (0, 1))
        self.self_harm = tuple(self._harm(pain, by=side, to=side) for side in (0, 1))

    def feel(self, store: Store) -> None:
        """Set raw pain, incomes, trade and the worth of relief from the week's tariffs."""
        tariff, digested = store["tariff"], store["digested"]
        left = decay(store["economy.adjustment_half_life"])
        digested = tariff + (digested - tariff) * left
        store["digested"] = digested
        here = self._locate(tariff, store["elasticity"])
        found = self.now.at(here) + self.gap.at(self._locate(digested, store["elasticity"]))
        count = self.felt.size
        store["exports_level"] = found[count + 4]
        self._pains(store, found[:count], tariff - digested)
        order = [*self.places, REGIONS.index("ROW")]
        incomes = np.ascontiguousarray(found[count : count + 3][order])
        store["income_level"] = incomes
        store["trade_level"] = found[count + 3]
        self._reliefs(store, here)

    def _pains(self, store: Store, felt: Array, moved: Array) -> None:
        """Set the raw pain of each group: what the grid says and what no tariff grid holds."""
        raw = np.zeros((len(self.cards), store.width))
        raw[self.felt] = felt
        uncertainty = PERCENT * 0.5 * (np.abs(moved[0]) + np.abs(moved[1]))
        for row, card in enumerate(self.cards):
            share = card.exposure
            if "real_income" in share and card.side not in self.sides:
                raw[row] = raw[row] + PERCENT * share["real_income"]
            if "uncertainty" in share:
                raw[row] = raw[row] + share["uncertainty"] / self.units[row] * uncertainty
            if not OFF_GRID.isdisjoint(share) and card.side in self.sides:
                raw[row] = raw[row] + self._off_grid(store, card, self.units[row])
            if "overcapacity" in share:  # goods that are turned away from one side to others
                turned = np.maximum(1.0 - store["exports_level"] / store["exports_start"], 0.0)
                felt_abroad = share["overcapacity"] * store["third.overcapacity"] * turned
                raw[row] = raw[row] + felt_abroad
        store["raw_pain"] = raw + store["shock_pain"]

    def _off_grid(self, store: Store, card: Constituency, unit: float) -> Array:
        """Return the pain of a group by what no tariff causes: controls, a weak property market."""
        side, share, total = self.sides.index(card.side), card.exposure, np.zeros(store.width)
        if "export_controls" in share:  # sales that one's own side forbids
            total = total + share["export_controls"] / unit * store.row("controls", side)
        if "foreign_controls" in share:  # supplies that the other side holds back
            total = total + share["foreign_controls"] / unit * store.row("controls", 1 - side)
        if "property_weakness" in share:
            total = total + share["property_weakness"] / unit * store.row("weakness", side)
        return total

    def _harm(self, pain: Array, by: int, to: int) -> float:
        """Return the unit pain of a side `to` for each share of a tariff of the side `by`."""
        weights = self._weights()
        members = [row for row in self.felt if self.cards[row].side == self.sides[to]]
        late = np.stack([np.full(2, LATE_2019[place]) for place in self.places])
        corners = self._locate(late, np.full(2, REFERENCE_ELASTICITY))
        felt = self.grid.relief(pain[members], self.places[by]).at(corners)[:, 0]
        total = float((felt * weights[members]).sum())
        rise = LATE_2019[self.places[by]] - BASE_2018[self.places[by]]
        return max(total, 0.0) / rise

    def _reliefs(self, store: Store, here: Corners) -> None:
        """Set what each side and group is relieved of if the other's tariff goes to its base."""
        groups = np.zeros((len(self.cards), store.width))
        weights = store["weight"]
        for side in (0, 1):
            found = self.reliefs[1 - side].at(here)
            total = np.zeros(store.width)
            for place, row in enumerate(self.members[side]):
                groups[row] = found[place]
                total = total + weights[row] * found[place]
            store.set_row("relief", side, np.maximum(total, 0.0))
            if self.counted[side] > 0.0:
                restored = PURCHASE_YEARS * np.maximum(-found[-1], 0.0)
                uncovered = np.clip(1.0 - restored / self.counted[side], 0.0, 1.0)
                store.set_row("uncovered", side, uncovered)
        store["group_relief"] = groups

    def _exposures(self) -> Array:
        """Return each group's pain per unit of each series (groups, WIDTH)."""
        exposure = np.zeros((len(self.cards), WIDTH))
        for row, card in enumerate(self.cards):
            for name, share in card.exposure.items():
                if name in SERIES and card.side in self.sides:
                    place = self.places[self.sides.index(card.side)]
                    exposure[row, column(name, place)] = share
                elif name == "real_income":  # of an observer: the rest of the world's
                    exposure[row] = -PERCENT * share * _level("real_income_row")[0]
        return exposure

    def _weights(self) -> Array:
        """Return the weights of the groups in their side's sum as the scenario has them."""
        totals = {card.side: 0.0 for card in self.cards}
        for card in self.cards:
            totals[card.side] += card.weight
        return np.array([card.weight / (totals[card.side] or 1.0) for card in self.cards])

    def _units(self, exposure: Array) -> Array:
        """Return for each group the pain of its side under the tariffs of late 2019; 1 if none."""
        late = np.stack([np.full(2, LATE_2019[place]) for place in self.places])
        corners = self._locate(late, np.full(2, REFERENCE_ELASTICITY))
        felt = self.grid.compile(exposure, "short").at(corners)[:, 0] * self._weights()
        of_side = dict.fromkeys(self.sides, 0.0)
        for row, card in enumerate(self.cards):
            if card.side in of_side:
                of_side[card.side] += float(felt[row])
        units = [of_side.get(card.side, 1.0) for card in self.cards]
        return np.array([unit if unit > 0.0 else 1.0 for unit in units])

    def _exposed(self, side: int) -> list[int]:
        return [int(row) for row in self.felt if self.cards[row].side == self.sides[side]]

    def _relief(self, side: int, pain: Array) -> Surface:
        """Return what this side's tariff costs the other: pain of its groups, then its exports."""
        rows = np.vstack([pain[self.members[1 - side]], _level(EXPORTS[self.places[1 - side]])])
        return self.grid.relief(rows, self.places[side])

    def _turned(self) -> int:
        """Return the side whose goods the rest of the world fears: the owner of overcapacity."""
        owners = [card.owner for card in self.setting.issues.values() if card.third]
        return self.sides.index(owners[0]) if owners else 1

    def _purchases(self, side: str) -> float:
        """Return the bn dollars that are promised to a side on top of what relief restores."""
        counted = [
            i.amount for i in self.setting.issues.values() if i.counts_above and i.owner != side
        ]
        return counted[0] if counted else 0.0

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
