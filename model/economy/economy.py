"""What tariffs do to incomes, prices and trade: an Armington economy in ratios to its base."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array
from model.schema.problems import WinsetError

TOLERANCE = 1e-12  # largest relative gap between what a region earns and what is bought from it
MOST_STEPS = 20_000


class Equilibrium(NamedTuple):
    """An equilibrium after a change of tariffs: every number is a ratio to the base.

    Worlds N last; i exporters, j importers, s sectors. Only `flows` is not a ratio: it is in the
    unit of the base flows, at the producer's price, before tariff.
    """

    real_income: Array  # (j, N) spending over prices, tariff revenue handed back
    wage: Array  # (i, N) the numeraire: sum of w_i Y_i = sum of Y_i
    price: Array  # (j, N) what a region pays for its base basket, tariffs included
    sector_price: Array  # (j, s, N)
    flows: Array  # (i, j, s, N)


class NoEquilibrium(WinsetError, ArithmeticError):
    """The solver found no equilibrium for some worlds."""


class _Base(NamedTuple):
    """Accounts of the base: sales, spending and the shares of it, as the equations need them."""

    sales: Array  # (i, 1) = Y
    deficit: Array  # (j, 1) = D, what a region spends beyond its sales and tariff revenue
    spending: Array  # (j, 1) = E
    sector_share: Array  # (j, s, 1) = alpha
    share: Array  # (i, j, s, 1)


def _accounts(flows: Array, tariff: Array) -> _Base:
    """Return the base accounts of flows (i, j, s) under tariff (i, j, s).

    Deficits close the accounts: D_j = E_j - Y_j - revenue_j = imports less exports.
    """
    bought = flows * (1 + tariff)
    by_sector = bought.sum(axis=0)
    spending = by_sector.sum(axis=1)
    sales = flows.sum(axis=2).sum(axis=1)
    share = np.divide(bought, by_sector, out=np.zeros_like(bought), where=by_sector > 0)
    return _Base(
        sales=sales[:, None],
        deficit=(flows.sum(axis=2).sum(axis=0) - sales)[:, None],
        spending=spending[:, None],
        sector_share=(by_sector / spending[:, None])[..., None],
        share=share[..., None],
    )


def _checked(flows: Array, tariff: Array, new_tariff: Array, elasticity: Array) -> Array:
    """Return the elasticity as (s, 1) or (s, N) after a check of shapes and signs."""
    regions, importers, sectors = flows.shape
    if importers != regions or tariff.shape != flows.shape or new_tariff.shape[:3] != flows.shape:
        raise ValueError(
            f"flows {flows.shape}, tariff {tariff.shape} and new_tariff {new_tariff.shape} must be "
            "(exporter, importer, sector), new_tariff with worlds as a last axis."
        )
    wide = elasticity if elasticity.ndim == 2 else elasticity[:, None]
    if wide.shape not in {(sectors, 1), (sectors, new_tariff.shape[3])} or np.any(wide <= 0):
        raise ValueError(f"elasticity must be above 0, one number per sector ({sectors}).")
    if np.any(flows < 0) or np.any(tariff <= -1) or np.any(new_tariff <= -1):
        raise ValueError("Flows must not be negative, and tariffs must be above -1 (-100 %).")
    if np.any(flows.sum(axis=2).sum(axis=1) <= 0) or np.any(flows.sum(axis=2).sum(axis=0) <= 0):
        raise ValueError("Every region must sell and buy something in the base.")
    return wide


def _first_step(base: _Base, elasticity: Array) -> Array:
    """Return the damping (N,) that fits how strongly sales answer wages in the base.

    d log sales_i / d log w_i is about -sum_js (sales share) eps_s (1 - share_ijs); a step of one
    over one plus the largest of them neither overshoots nor dawdles.
    """
    spread = base.share * base.sector_share * base.spending[:, None]
    answer = (spread * (1 - base.share) * elasticity).sum(axis=2).sum(axis=1)
    total = spread.sum(axis=2).sum(axis=1)
    step: Array = 1 / (1 + (answer / total).max(axis=0))
    return step


def _prices(weight: Array, elasticity: Array, sector_share: Array) -> tuple[Array, Array]:
    """Return the price ratios by sector (j, s, N) and of the whole basket (j, N)."""
    total = weight.sum(axis=0)
    by_sector = np.where(total > 0, total, 1.0) ** (-1 / elasticity)
    overall = np.exp((sector_share * np.log(by_sector)).sum(axis=1))
    return by_sector, overall


def _markets(
    base: _Base, cheaper: Array, new_tariff: Array, eps: Array, wage: Array
) -> tuple[Array, Array, Array]:
    """Return price weights (i, j, s, N), spending (j, N) and sales (i, j, s, N) at given wages."""
    weight = cheaper * wage[:, None, None] ** -eps
    total = weight.sum(axis=0)
    share = weight / np.where(total > 0, total, 1.0)
    taxed = (share * (new_tariff / (1 + new_tariff))).sum(axis=0)
    spending = wage * base.sales + base.deficit
    spending = spending / (1 - (taxed * base.sector_share).sum(axis=1))
    return weight, spending, share * (base.sector_share * spending[:, None]) / (1 + new_tariff)


def _wages(base: _Base, cheaper: Array, new_tariff: Array, eps: Array) -> Array:
    """Return the wages (i, N) at which every region sells what it makes.

    Damped steps: a wage moves by a power of what is bought over what is earned, and the power
    halves where the gap grew. A world that has settled moves no more.
    """
    wage = np.ones((base.sales.shape[0], new_tariff.shape[3]))
    step = np.broadcast_to(_first_step(base, eps), wage.shape[1:]).copy()
    last = np.full(wage.shape[1:], np.inf)
    for _ in range(MOST_STEPS):
        sold = _markets(base, cheaper, new_tariff, eps, wage)[2]
        ratio = sold.sum(axis=2).sum(axis=1) / (wage * base.sales)
        gap = np.abs(ratio - 1).max(axis=0)
        settled = gap < TOLERANCE
        if settled.all():
            return wage
        step = np.where(gap > last, step / 2, step)
        moved = wage * ratio**step
        moved = moved * (base.sales.sum() / (moved * base.sales).sum(axis=0))
        wage = np.where(settled, wage, moved)
        last = gap
    lost = np.flatnonzero(~settled)
    raise NoEquilibrium(
        f"No equilibrium after {MOST_STEPS} steps in {lost.size} of {settled.size} worlds; the "
        f"first is world {lost[0]} (gap {gap[lost[0]]:.1e}, highest tariff "
        f"{new_tariff[..., lost[0]].max():.2f}). Are elasticities or tariffs extreme?"
    )


def equilibrium(flows: Array, tariff: Array, new_tariff: Array, elasticity: Array) -> Equilibrium:
    """Solve the long run: wages clear all markets, revenue is handed back, deficits stay.

    Exact hat algebra with one factor (Dekle, Eaton and Kortum 2008; Ossa 2014; Costinot and
    Rodriguez-Clare 2014), t = (1 + tau') / (1 + tau), w = wage ratios:

        share'_ijs = share_ijs (w_i t_ijs)^-eps_s / sum_l share_ljs (w_l t_ljs)^-eps_s
        E'_j       = (w_j Y_j + D_j) / (1 - sum_s alpha_js sum_i tau'/(1 + tau') share'_ijs)
        w_i Y_i    = sum_js share'_ijs alpha_js E'_j / (1 + tau'_ijs)
        P_j        = prod_s P_js^alpha_js,   real income = E'_j / E_j / P_j

    flows, tariff (i, j, s): base values at producers' prices, tariff revenue on top of them.
    new_tariff (i, j, s, N): shares (0.25 is 25 %). elasticity (s,) or (s, N): eps = sigma - 1 > 0.
    Deficits are fixed in the numeraire sum_i w_i Y_i = sum_i Y_i. Every world is solved to 1e-12
    by itself: its result does not depend on the worlds beside it.

    Raises ValueError on wrong shapes or signs, NoEquilibrium where the steps do not settle.

    Two like countries, each buying a fifth from the other, that both raise a 25 % tariff at
    elasticity 4: the share bought abroad falls from 1/5 to 1/(1 + 4 x 1.25^4) = .093.

    >>> flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
    >>> tariff = np.array([[0.0, 0.25], [0.25, 0.0]])[:, :, None, None]
    >>> found = equilibrium(flows, np.zeros((2, 2, 1)), tariff, np.array([4.0]))
    >>> found.wage.round(6).ravel().tolist()
    [1.0, 1.0]
    >>> float((found.flows[0, 0] / (found.flows[0, 0] + 1.25 * found.flows[1, 0]))[0, 0].round(3))
    0.907
    """
    eps = _checked(flows, tariff, new_tariff, elasticity)
    base = _accounts(flows, tariff)
    cheaper = base.share * ((1 + new_tariff) / (1 + tariff[..., None])) ** -eps
    wage = _wages(base, cheaper, new_tariff, eps)
    weight, spending, sold = _markets(base, cheaper, new_tariff, eps, wage)
    by_sector, overall = _prices(weight, eps, base.sector_share)
    return Equilibrium(spending / base.spending / overall, wage, overall, by_sector, sold)


def short_run(flows: Array, tariff: Array, new_tariff: Array, elasticity: Array) -> Equilibrium:
    """Solve the short run: wages and producers' prices stand still, buyers bear the tariff.

    Complete pass-through (Amiti, Redding and Weinstein 2019); spending per sector stays, so

        flow'_ijs = flow_ijs t_ijs^-(eps_s + 1) / sum_l share_ljs t_ljs^-eps_s

    At given prices the short side rules (Barro and Grossman 1971): what a sector no longer sells
    lies idle, what it could sell beyond its base it cannot make at once. Real income is then

        [sum_s min(sales'_is, sales_is) + D_i + tariff revenue'_i] / E_i / P_i,

    first round only. Real income before lost sales and before the rebate is 1 / P. Same arguments
    and errors as `equilibrium`, elasticities being those of the short run.

    A tariff of 10 % on a fifth of what a country buys, elasticity near 0: prices rise by 2 %.

    >>> flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
    >>> tariff = np.array([[0.0, 0.0], [0.1, 0.0]])[:, :, None, None]
    >>> found = short_run(flows, np.zeros((2, 2, 1)), tariff, np.array([1e-6]))
    >>> float(found.price[0, 0].round(4)), float(found.price[1, 0].round(4))
    (1.0192, 1.0)
    """
    eps = _checked(flows, tariff, new_tariff, elasticity)
    base = _accounts(flows, tariff)
    dearer = (1 + new_tariff) / (1 + tariff[..., None])
    weight = base.share * dearer**-eps
    by_sector, overall = _prices(weight, eps, base.sector_share)
    total = weight.sum(axis=0)
    bought = weight / np.where(total > 0, total, 1.0) * (base.sector_share * base.spending[:, None])
    sold = bought / (1 + new_tariff)
    revenue = (bought - sold).sum(axis=0).sum(axis=1)
    made = np.minimum(sold.sum(axis=1), flows.sum(axis=1)[..., None]).sum(axis=1)
    income = (made + base.deficit + revenue) / base.spending / overall
    return Equilibrium(income, np.ones_like(overall), overall, by_sector, sold)
