"""A reduced-form economy of any two sides, from their trade with each other and one elasticity.

It replaces the solved trade model where that has no data. All series are losses in percent of the
side's income, relative to the tariffs before the conflict. There are no sectors, no other
countries, and no effects on wages.
"""

import numpy as np

from model.arrays import Array, stack
from model.economy.grid import SHORT_RUN_SHARE
from model.economy.off_grid import OFF_GRID, off_grid_pain
from model.rules.approval import decay
from model.schema.scenario import Scenario
from model.sides import SIDES, other_side
from model.state.store import Store

PERCENT = 100.0
REFERENCE_RISE = 0.2  # tariff rise at which the harm of a tariff is measured
LARGEST = 10.0  # least slope at which the curve below has its peak is 1 + 1 / LARGEST


def buyer_share(rise: Array) -> Array:
    """Return the share s = x / (1 + x) of a tariff rise x in the price that buyers pay.

    >>> buyer_share(np.array([0.0, 0.25, 1.0])).tolist()
    [0.0, 0.2, 0.5]
    """
    above = np.maximum(rise, 0.0)
    return above / (1.0 + above)


def response(share: Array, slope: Array) -> Array:
    """Return s - (k - 1) s^2 / 2, and its largest value for shares above 1 / (k - 1).

    This is (1 - (1 - s)^k) / k to second order: the response of a quantity with the elasticity k to
    a tariff that is the share s of the price. share, slope: (R,).

    >>> response(np.array([0.2, 0.9]), np.array([2.0, 3.0])).round(3).tolist()
    [0.18, 0.25]
    """
    curvature = np.maximum(slope - 1.0, 1.0 / LARGEST)
    capped = np.minimum(share, 1.0 / curvature)
    value: Array = capped - 0.5 * curvature * capped * capped
    return value


def lost_sales(rise: Array, elasticity: Array) -> Array:
    """Return the share of exports that a tariff rise stops, with the elasticity 1 + elasticity.

    Example: at the short-run elasticity of 1.2, a tariff of 25 % stops 38.7 % of the sales.

    >>> lost_sales(np.array([0.25]), np.array([1.2])).round(3).tolist()
    [0.387]
    """
    slope = 1.0 + elasticity
    return np.minimum(slope * response(buyer_share(rise), slope), 1.0)


def income_losses(
    rise: Array, others_rise: Array, imports: Array, exports: Array, elasticity: Array
) -> tuple[Array, Array, Array]:
    """Return the losses (consumer cost, lost sales, real income) of a side in the short run (R,).

    With s = x / (1 + x) of the own tariff rise x, eta = 1 + elasticity, and imports M and exports X
    in percent of income:

        consumer cost = M (s - (elasticity - 1) s^2 / 2)           (complete pass-through)
        lost sales    = X eta (s' - (eta - 1) s'^2 / 2)            (s' from the other's tariff)
        real income   = lost sales + min(M eta s^2 / 2, consumer cost)

    The last term is the triangle of Harberger (1964): the consumers' cost without the tariff
    revenue.
    """
    share = buyer_share(rise)
    cost = imports * response(share, elasticity)
    triangle = np.minimum(0.5 * imports * (1.0 + elasticity) * share * share, cost)
    lost = exports * lost_sales(others_rise, elasticity)
    return cost, lost, lost + triangle


def long_run_income_loss(
    rise: Array, others_rise: Array, imports: Array, exports: Array, elasticity: Array
) -> Array:
    """Return the loss of real income of a side after all adjustment, in percent (R,).

    Idle producers have found other work: lost sales X count by 1 / elasticity, as in the formula of
    Arkolakis, Costinot and Rodriguez-Clare (2012). The triangle is that of `income_losses`.
    """
    _, lost, income = income_losses(rise, others_rise, imports, exports, elasticity)
    value: Array = income - lost + lost / elasticity
    return value


class ExposureEconomy:
    """Pain, incomes and trade of two sides from `exports_share`, `imports_share` and elasticity."""

    def __init__(self, setting: Scenario) -> None:
        self.sides = list(setting.sides)
        self.cards = list(setting.constituencies.values())

    def feel(self, store: Store) -> None:
        """Set raw pain, incomes, trade and the utility of tariff relief from current tariffs."""
        tariff, digested = store["tariff"], store["digested"]
        left = decay(store["economy.adjustment_half_life"])
        digested = tariff + (digested - tariff) * left
        store["digested"] = digested
        rises, old = self._rises(store, tariff), self._rises(store, digested)
        short = store["elasticity"] * SHORT_RUN_SHARE
        losses = [self._series(store, side, rises, old) for side in SIDES]
        store["income_level"] = stack(
            *(1.0 - series["real_income"] / PERCENT for series in losses), store.full(1.0)
        )
        kept = [1.0 - lost_sales(rises[other_side(side)], short) for side in SIDES]
        exports = [self._trade(store, side, "exports_share") for side in SIDES]
        total = exports[0] + exports[1]
        sold = exports[0] * kept[0] + exports[1] * kept[1]
        store["trade_level"] = np.where(total > 0.0, sold / np.where(total > 0.0, total, 1.0), 1.0)
        store["exports_level"] = kept[1]
        uncertainty = PERCENT * 0.5 * (np.abs(rises[0] - old[0]) + np.abs(rises[1] - old[1]))
        raw = store.zeros(len(self.cards))
        for row, card in enumerate(self.cards):
            if card.side in self.sides:
                side = self.sides.index(card.side)
                pain = self._pain(row, losses[side]) / store["economy.unit_loss"]
                if "uncertainty" in card.exposure:
                    pain = pain + card.exposure["uncertainty"] * uncertainty
                if not OFF_GRID.isdisjoint(card.exposure):
                    pain = pain + off_grid_pain(store, card, side)
                raw[row] = pain
        store["raw_pain"] = raw + store["shock_pain"]
        self._reliefs(store, rises)

    def weigh_harm(self, store: Store) -> None:
        """Set the pain that a tariff of 100 percent would cause, from a rise of 20 points."""
        weights, none = store["weight"], store.zeros()
        rise = store.full(REFERENCE_RISE)
        for side in SIDES:
            own, others = store.zeros(), store.zeros()
            by_other = self._short(store, side, none, rise)
            by_self = self._short(store, side, rise, none)
            for row in self._members(side):
                harm = self._pain(row, by_other) / store["economy.unit_loss"]
                store.set_row("group_harm", row, harm / REFERENCE_RISE)
                others = others + weights[row] * harm
                own = own + weights[row] * self._pain(row, by_self) / store["economy.unit_loss"]
            store.set_row("harm", side, np.maximum(others, 0.0) / REFERENCE_RISE)
            store.set_row("self_harm", side, np.maximum(own, 0.0) / REFERENCE_RISE)

    def _reliefs(self, store: Store, rises: list[Array]) -> None:
        """Set the pain that each side and group is relieved of at the other's base tariff."""
        groups, weights = store.zeros(len(self.cards)), store["weight"]
        for side in SIDES:
            now = self._short(store, side, rises[side], rises[other_side(side)])
            lifted = self._short(store, side, rises[side], store.zeros())
            total = store.zeros()
            for row in self._members(side):
                relief = self._pain(row, now) - self._pain(row, lifted)
                groups[row] = relief / store["economy.unit_loss"]
                total = total + weights[row] * groups[row]
            store.set_row("relief", side, np.maximum(total, 0.0))
        store["group_relief"] = groups

    def _series(
        self, store: Store, side: int, rises: list[Array], digested: list[Array]
    ) -> dict[str, Array]:
        """Return the losses of a side: short run at current tariffs, adjusted for digested ones."""
        series = self._short(store, side, rises[side], rises[other_side(side)])
        imports, exports = (
            self._trade(store, side, name) for name in ("imports_share", "exports_share")
        )
        old = (digested[side], digested[other_side(side)], imports, exports)
        elasticity = store["elasticity"]
        _, _, short = income_losses(*old, elasticity * SHORT_RUN_SHARE)
        gap = long_run_income_loss(*old, elasticity) - short
        # short run and gap are at different tariffs, so their sum could be a gain
        series["real_income"] = np.maximum(series["real_income"] + gap, 0.0)
        return series

    def _short(self, store: Store, side: int, rise: Array, others_rise: Array) -> dict[str, Array]:
        """Return the losses of a side in the short run, by series (R,)."""
        imports, exports = (
            self._trade(store, side, name) for name in ("imports_share", "exports_share")
        )
        short = store["elasticity"] * SHORT_RUN_SHARE
        cost, lost, income = income_losses(rise, others_rise, imports, exports, short)
        return {"consumer_cost": cost, "exports": lost, "real_income": income}

    def _pain(self, row: int, series: dict[str, Array]) -> Array:
        """Return the weighted losses of a group, in percent of income (R,)."""
        total = np.zeros_like(series["exports"])
        for name, share in self.cards[row].exposure.items():
            if name in series:
                total = total + share * series[name]
        return total

    def _members(self, side: int) -> list[int]:
        return [row for row, card in enumerate(self.cards) if card.side == self.sides[side]]

    def _trade(self, store: Store, side: int, name: str) -> Array:
        if name == "exports_share":
            return store.of("sides", self.sides[side], "exports_share")
        return store.of("sides", self.sides[side], "imports_share")

    def _rises(self, store: Store, tariff: Array) -> list[Array]:
        """Return the tariff of each side above its tariff before the conflict (R,)."""
        bases = [store.of("sides", key, "tariff_base") for key in self.sides]
        return [np.maximum(tariff[side] - bases[side], 0.0) for side in SIDES]
