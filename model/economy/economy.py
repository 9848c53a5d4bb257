"""An Armington economy: effects of tariffs on incomes, prices and trade, as ratios to the base."""

from typing import NamedTuple

import numpy as np

from model.arrays import Array
from model.schema.problems import WinsetError

TOLERANCE = 1e-12  # largest relative gap between a region's income and the purchases from it
MOST_STEPS = 20_000


class Equilibrium(NamedTuple):
    """An equilibrium after a change of tariffs, as ratios to the base.

    Axes: exporters i, importers j, sectors s, worlds N. Only `flows` is not a ratio: it is in the
    unit of the base flows, at producers' prices, before tariffs.
    """

    real_income: Array  # (j, N) spending over prices, tariff revenue included
    wage: Array  # (i, N) in the numeraire sum of w_i Y_i = sum of Y_i
    price: Array  # (j, N) price of a region's base basket, tariffs included
    sector_price: Array  # (j, s, N)
    flows: Array  # (i, j, s, N)


class NoEquilibrium(WinsetError, ArithmeticError):
    """The solver found no equilibrium for some worlds."""


class _Base(NamedTuple):
    """Accounts of the base in the notation of `equilibrium`: sales, spending and its shares."""

    sales: Array  # (i, 1) = Y
    deficit: Array  # (j, 1) = D, a region's spending above its sales and tariff revenue
    spending: Array  # (j, 1) = E
    sector_share: Array  # (j, s, 1) = alpha
    share: Array  # (i, j, s, 1)


def _accounts(flows: Array, tariff: Array) -> _Base:
    """Return the base accounts of flows (i, j, s) under tariffs (i, j, s).

    Deficits close the accounts: D_j = E_j - Y_j - revenue_j = imports - exports.
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
    """Check shapes and signs, and return the elasticity as (s, 1) or (s, N).

    Raises ValueError if any of them is invalid.
    """
    regions, importers, sectors = flows.shape
    if importers != regions or tariff.shape != flows.shape or new_tariff.shape[:3] != flows.shape:
        raise ValueError(
            f"flows {flows.shape}, tariff {tariff.shape} and new_tariff {new_tariff.shape} must be "
            "(exporter, importer, sector); new_tariff needs worlds as its last axis."
        )
    slope = elasticity if elasticity.ndim == 2 else elasticity[:, None]
    if slope.shape not in {(sectors, 1), (sectors, new_tariff.shape[3])} or np.any(slope <= 0):
        raise ValueError(f"elasticity must be above 0, with one number per sector ({sectors}).")
    if np.any(flows < 0) or np.any(tariff <= -1) or np.any(new_tariff <= -1):
        raise ValueError("Flows must not be negative, and tariffs must be above -1 (-100 %).")
    if np.any(flows.sum(axis=2).sum(axis=1) <= 0) or np.any(flows.sum(axis=2).sum(axis=0) <= 0):
        raise ValueError("Every region must sell and buy something in the base.")
    return slope


def _first_step(base: _Base, elasticity: Array) -> Array:
    """Return the damping factor (N,) of the first step, from how sales respond to wages.

    In the base, d log sales_i / d log w_i is about -sum_js (sales share) eps_s (1 - share_ijs). The
    step is 1 / (1 + the largest of these, in absolute value), which converges fast without
    overshooting.
    """
    spending = base.share * base.sector_share * base.spending[:, None]
    response = (spending * (1 - base.share) * elasticity).sum(axis=2).sum(axis=1)
    total = spending.sum(axis=2).sum(axis=1)
    step: Array = 1 / (1 + (response / total).max(axis=0))
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

    Each damped step multiplies a wage by a power of sales over income, and the power is halved in
    worlds in which the gap grew. Wages of a world that has converged do not change any more. Raises
    NoEquilibrium if a world does not converge.
    """
    wage = np.ones((base.sales.shape[0], new_tariff.shape[3]))
    step = np.broadcast_to(_first_step(base, eps), wage.shape[1:]).copy()
    last = np.full(wage.shape[1:], np.inf)
    for _ in range(MOST_STEPS):
        sold = _markets(base, cheaper, new_tariff, eps, wage)[2]
        ratio = sold.sum(axis=2).sum(axis=1) / (wage * base.sales)
        gap = np.abs(ratio - 1).max(axis=0)
        converged = gap < TOLERANCE
        if converged.all():
            return wage
        step = np.where(gap > last, step / 2, step)
        updated = wage * ratio**step
        updated = updated * (base.sales.sum() / (updated * base.sales).sum(axis=0))
        wage = np.where(converged, wage, updated)
        last = gap
    failed = np.flatnonzero(~converged)
    raise NoEquilibrium(
        f"No equilibrium after {MOST_STEPS} steps in {failed.size} of {converged.size} worlds; the "
        f"first is world {failed[0]} (gap {gap[failed[0]]:.1e}, highest tariff "
        f"{new_tariff[..., failed[0]].max():.2f}). Check for extreme elasticities or tariffs."
    )


def equilibrium(flows: Array, tariff: Array, new_tariff: Array, elasticity: Array) -> Equilibrium:
    """Solve the long-run equilibrium: wages clear all markets, and trade deficits are fixed.

    Exact hat algebra with one factor of production (Dekle, Eaton and Kortum 2008; Ossa 2014;
    Costinot and Rodriguez-Clare 2014). With t = (1 + tau') / (1 + tau) and wage ratios w:

        share'_ijs = share_ijs (w_i t_ijs)^-eps_s / sum_l share_ljs (w_l t_ljs)^-eps_s
        E'_j       = (w_j Y_j + D_j) / (1 - sum_s alpha_js sum_i tau'/(1 + tau') share'_ijs)
        w_i Y_i    = sum_js share'_ijs alpha_js E'_j / (1 + tau'_ijs)
        P_j        = prod_s P_js^alpha_js,   real income = E'_j / E_j / P_j

    Households receive the tariff revenue. flows, tariff: (i, j, s), base values at producers'
    prices (without tariff revenue) and base tariffs. new_tariff: (i, j, s, N), shares (0.25 is
    25 %). elasticity: (s,) or (s, N), eps = sigma - 1 > 0. Deficits are fixed in the numeraire
    sum_i w_i Y_i = sum_i Y_i. Every world is solved separately to 1e-12, so its result does not
    depend on the other worlds.

    Raises ValueError for wrong shapes or signs, and NoEquilibrium if the steps do not converge.

    Example: two equal countries each buy a fifth from the other. Both introduce a tariff of 25 % at
    an elasticity of 4, and the share bought abroad falls from 1/5 to 1/(1 + 4 x 1.25^4) = .093.

    >>> flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
    >>> tariff = np.array([[0.0, 0.25], [0.25, 0.0]])[:, :, None, None]
    >>> result = equilibrium(flows, np.zeros((2, 2, 1)), tariff, np.array([4.0]))
    >>> result.wage.round(6).ravel().tolist()
    [1.0, 1.0]
    >>> home, imports = result.flows[0, 0], result.flows[1, 0]
    >>> float((home / (home + 1.25 * imports))[0, 0].round(3))
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
    """Solve the short run: wages and producers' prices are fixed, and buyers pay the tariff.

    Pass-through is complete (Amiti, Redding and Weinstein 2019) and spending per sector is fixed:

        flow'_ijs = flow_ijs t_ijs^-(eps_s + 1) / sum_l share_ljs t_ljs^-eps_s

    At fixed prices the short side of the market determines quantities (Barro and Grossman 1971):
    production that a sector no longer sells is idle, and a sector cannot at once produce more than
    in the base. Real income, counting only first-round effects, is

        [sum_s min(sales'_is, sales_is) + D_i + tariff revenue'_i] / E_i / P_i

    Real income before lost sales and before the tariff revenue is 1 / P. Arguments and errors are
    those of `equilibrium`; the elasticities are those of the short run.

    Example: a tariff of 10 % on a fifth of a country's purchases, at an elasticity near 0, raises
    prices by 2 %.

    >>> flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
    >>> tariff = np.array([[0.0, 0.0], [0.1, 0.0]])[:, :, None, None]
    >>> result = short_run(flows, np.zeros((2, 2, 1)), tariff, np.array([1e-6]))
    >>> float(result.price[0, 0].round(4)), float(result.price[1, 0].round(4))
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
