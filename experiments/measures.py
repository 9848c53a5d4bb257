"""Declare what experiments measure in each world: name, title, unit and columns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Array, Mask
from model.outcomes import COMPREHENSIVE, MINI, OUTCOMES, counted_together, deal_keys

PERCENT = 100.0


@dataclass(frozen=True)
class Measure:
    """A number of each world, computed from its row of outcomes; NaN if it has no meaning."""

    title: str
    unit: str
    of: Callable[[pd.DataFrame], Array]
    columns: tuple[str, ...]


def share(title: str, *outcomes: str) -> Measure:
    """Return the share of worlds that end in one of these outcomes, as 0 or 100 percent."""
    return Measure(
        title,
        "% of worlds",
        lambda table: np.where(table["outcome"].isin(outcomes), PERCENT, 0.0),
        ("outcome",),
    )


def shares_of_outcomes() -> dict[str, Measure]:
    """Return the measures that count the outcomes: together they count every world once."""
    titles = {outcome.key: outcome for outcome in OUTCOMES}
    measures = {}
    for name, keys in counted_together().items():
        first = titles[keys[0]]
        in_force = " in force" if first.is_deal else ""
        measures[name] = share(f"{first.title}{in_force} at the end", *keys)
    return measures


def column(title: str, unit: str, name: str, scale: float = 1.0) -> Measure:
    """Return a column of outcomes, in a larger unit if a scale is given."""
    return Measure(
        title, unit, lambda table: scale * table[name].to_numpy(dtype=np.float64), (name,)
    )


def among(
    where: Callable[[pd.DataFrame], Mask], column: str, measure: Measure, title: str
) -> Measure:
    """Return a measure among the worlds that a column selects; missing in the others."""

    def of(table: pd.DataFrame) -> Array:
        return np.where(where(table), measure.of(table), np.nan)

    columns = tuple(dict.fromkeys([*measure.columns, column]))
    return Measure(title, measure.unit, of, columns)


def given_deal(measure: Measure, title: str) -> Measure:
    """Return a measure among the worlds with a deal in force at the end; missing in the others."""
    return among(_deal, "outcome", measure, title)


def _deal(table: pd.DataFrame) -> Mask:
    return np.asarray(table["outcome"].isin(deal_keys()))


def _happened(name: str) -> Callable[[pd.DataFrame], Array]:
    return lambda table: np.where(table[name].notna(), PERCENT, 0.0)


def _revoked(table: pd.DataFrame) -> Mask:
    return np.asarray(table["revoked_us"] > 0.0)


def _standing(table: pd.DataFrame) -> Mask:
    return ~_revoked(table)


def _positive(name: str) -> Callable[[pd.DataFrame], Array]:
    return lambda table: np.where(table[name] > 0.0, PERCENT, 0.0)


def _broken(table: pd.DataFrame) -> Array:
    """Return 100 if a deal was broken, 0 if all were kept, missing if none was made."""
    broken = np.where(table["broken_week"].notna(), PERCENT, 0.0)
    return np.where(table["deals"] > 0.0, broken, np.nan)


def _by_week(week: float) -> Callable[[pd.DataFrame], Array]:
    return lambda table: np.where(table["agreement_week"] <= week, PERCENT, 0.0)


def _last_broken(kind: str) -> Callable[[pd.DataFrame], Array]:
    """Return 100 if the last deal, of this kind, is broken, 0 if it is in force, else missing."""

    def of(table: pd.DataFrame) -> Array:
        broken = np.where(table["enforcement"].isna(), PERCENT, 0.0)
        return np.where(table["last_deal"] == kind, broken, np.nan)

    return of


def _refused(table: pd.DataFrame) -> Array:
    """Return the percentage of accepted packages that failed at home, missing without any."""
    failed = table["involuntary_defections"].to_numpy(dtype=np.float64)
    accepted = failed + table["deals"].to_numpy(dtype=np.float64)
    return np.where(accepted > 0.0, PERCENT * failed / np.maximum(accepted, 1.0), np.nan)


def _carried_out(side: str) -> Callable[[pd.DataFrame], Array]:
    def of(table: pd.DataFrame) -> Array:
        made = table[f"threats_{side}"].to_numpy(dtype=np.float64)
        done = table[f"executed_{side}"].to_numpy(dtype=np.float64)
        return np.where(made > 0.0, PERCENT * done / np.maximum(made, 1.0), np.nan)

    return of


AGREED = Measure("A deal was made", "% of worlds", _happened("agreement_week"), ("agreement_week",))
OF_THE_WORLD = {
    "deal": share("Deal in force at the end", *deal_keys()),
    **shares_of_outcomes(),
    "agreed": AGREED,
    "weeks_to_deal": column(
        "Week of the first deal, where one was made", "weeks", "agreement_week"
    ),
    "agreed_in_a_year": Measure(
        "A deal was made within a year",
        "% of worlds",
        _by_week(52.0),
        ("agreement_week",),
    ),
    "wholeness": given_deal(
        Measure("", "% of deals", share("", COMPREHENSIVE.key).of, ("outcome",)),
        "Comprehensive, of the deals in force at the end",
    ),
    "refused": Measure(
        "Failed at home, of the packages that were accepted",
        "%",
        _refused,
        ("involuntary_defections", "deals"),
    ),
    "broken_mini": Measure(
        "The last deal was broken, where it was a mini deal",
        "% of worlds with one",
        _last_broken(MINI.key),
        ("last_deal", "enforcement"),
    ),
    "broken_comprehensive": Measure(
        "The last deal was broken, where it was comprehensive",
        "% of worlds with one",
        _last_broken(COMPREHENSIVE.key),
        ("last_deal", "enforcement"),
    ),
    "failed_at_home": Measure(
        "An accepted package failed at home",
        "% of worlds",
        _positive("involuntary_defections"),
        ("involuntary_defections",),
    ),
    "broken": Measure(
        "A deal was broken, where one was made",
        "% of worlds with a deal",
        _broken,
        ("broken_week", "deals"),
    ),
    "compliance": column("Delivered of what was due", "%", "compliance", PERCENT),
    "deal_weeks": column("Weeks under a deal", "weeks", "deal_weeks"),
    "enforcement": column("Enforcement agreed on", "0 to 1", "enforcement"),
    "truces": column("Truces", "a world", "truces"),
    "income_row": column("Real income, rest of the world", "% of the start", "real_income_row"),
    "revoked": Measure(
        "The United States ended normal trade relations",
        "% of worlds",
        _positive("revoked_us"),
        ("revoked_us",),
    ),
    "agreed_revoked": among(_revoked, "revoked_us", AGREED, "A deal was made, PNTR was ended"),
    "agreed_standing": among(_standing, "revoked_us", AGREED, "A deal was made, PNTR stands"),
}


def _of_the_sides() -> dict[str, Measure]:
    """Return what is measured of each side."""
    measures: dict[str, Measure] = {}
    for side, title in (("us", "the United States"), ("cn", "China")):
        utility = column(f"Utility of {title} (0 without a deal)", "points", f"utility_{side}")
        measures |= {
            f"utility_{side}": utility,
            f"terms_{side}": given_deal(utility, f"Utility of {title}, given a deal"),
            f"peak_{side}": column(
                f"Peak tariff, {title}", "% of import value", f"tariff_{side}_peak", PERCENT
            ),
            f"tariff_{side}": column(
                f"Tariff at the end, {title}", "% of import value", f"tariff_{side}_final", PERCENT
            ),
            f"income_{side}": column(
                f"Real income, {title}", "% of the start", f"real_income_{side}"
            ),
            f"threats_{side}": column(f"Threats by {title}", "a world", f"threats_{side}"),
            f"executed_{side}": column(
                f"Threats carried out by {title}", "a world", f"executed_{side}"
            ),
            f"carried_out_{side}": Measure(
                f"Share of its threats carried out, {title}",
                "%",
                _carried_out(side),
                (f"threats_{side}", f"executed_{side}"),
            ),
            f"delivered_{side}": column(
                f"Delivered by {title} under the last deal", "weeks' worth", f"delivered_sum_{side}"
            ),
            f"trust_{side}": column(f"Trust of {title} at the end", "0 to 1", f"trust_{side}"),
            f"approval_{side}": column(
                f"Approval of the leader, {title}", "%", f"approval_{side}", PERCENT
            ),
        }
    return measures


MEASURES = OF_THE_WORLD | _of_the_sides()
