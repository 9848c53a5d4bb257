"""Build the text tables of a run: outcome shares, sweep, agreements, and consequences."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.engine import Run
from experiments.factorial.sweep import AGREEMENT, DOMINANT, ranges
from experiments.statistics import Interval, mean_interval, shares, weeks_to_agreement, wilson
from model.arrays import Array
from model.outcomes import COMPREHENSIVE, deal_keys, impossible, outcome_keys
from model.schema.entries import ScheduledTariff
from model.schema.issues import Issue
from model.schema.mechanisms import MECHANISMS
from model.schema.scenario import Scenario

CONTAINED = 0.05  # an agreement contains an issue from this level on


class Section(NamedTuple):
    """A text table with a title and a note."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""


def headline(run: Run) -> str:
    """Return the sentence that says what was simulated: scenario, number of worlds, seed."""
    setting = run.scenario
    return (
        f"Scenario {setting.name} ({setting.title}): {len(run.outcomes):,} worlds, "
        f"seed {run.seed}, {setting.time.horizon} weeks from {setting.start.day} "
        f"{setting.start:%B %Y}"
    )


def switched_off(setting: Scenario) -> str:
    """Say which mechanisms a scenario switches off."""
    names = "; ".join(f"{name} ({MECHANISMS[name].meaning})" for name in setting.off)
    return f"Switched off: {names}" if names else "All mechanisms are switched on"


def limits(setting: Scenario) -> str:
    """Return the limits that belong to every result of a scenario."""
    known = (
        "; ".join(
            f"{event.title}, by {setting.sides[event.side].named}, announced in week "
            f"{event.announced}, in force in week {event.week}"
            for _, event in setting.of_kind(ScheduledTariff)
        )
        or "nothing"
    )
    return (
        f"Limits: the scenario announces {known}; whatever else happens is drawn from rules whose "
        f"numbers are assumptions. {switched_off(setting)}. Shares are those of simulated worlds "
        "under assumed numbers, not a forecast."
    )


def outcome_section(run: Run, cells: pd.DataFrame | None = None) -> Section:
    """Return the share of each outcome with its 95 % interval, and its range in a sweep."""
    table = shares(run.outcomes["outcome"], outcome_keys())
    agreed = int(run.outcomes["agreement_week"].notna().sum())
    table.loc[AGREEMENT] = [agreed, *wilson(agreed, len(run.outcomes))]
    rows: list[tuple[str, ...]] = [
        (name, f"{count:,.0f}", f"{100 * share:.1f} %", f"{100 * low:.1f} to {100 * high:.1f} %")
        for name, (count, share, low, high) in zip(table.index, table.to_numpy(), strict=True)
    ]
    columns: tuple[str, ...] = ("outcome", "worlds", "share", "95 % interval")
    if cells is not None:
        spread = ranges(cells).loc[table.index].to_numpy()
        columns = (*columns, "over the sweep")
        rows = [
            (*row, f"{100 * low:.0f} to {100 * high:.0f} %")
            for row, (low, high) in zip(rows, spread, strict=True)
        ]
    return Section(
        f"How the talks end in {run.scenario.name}",
        columns,
        rows,
        "The interval covers chance only. Read it together with the sweep below: the "
        "assumptions change the shares too. Any agreement: a deal was made, even if it ended "
        f"later. {switched_off(run.scenario)}; numbers are assumptions."
        f"{ruled_out(run.scenario)}",
    )


def ruled_out(setting: Scenario) -> str:
    """Say which outcomes the rules of a scenario exclude; nothing if all are possible."""
    names = ", ".join(impossible(setting))
    return f" Impossible by the rules of this scenario: {names}." if names else ""


def sweep_section(scenario: str, cells: pd.DataFrame) -> Section:
    """Return agreements and comprehensive deals in each cell, by cost scale and window."""
    cost, window, rate = DOMINANT
    worlds = int(cells["worlds"].max())
    shown = cells.set_index([cost, window, rate, "outcome"])["share"]
    rates = sorted(cells[rate].unique())
    rows: list[tuple[str, ...]] = []
    for level, weeks in cells[[cost, window]].drop_duplicates().itertuples(index=False):
        pairs = [
            (
                shown[level, weeks, chance, AGREEMENT],
                shown[level, weeks, chance, COMPREHENSIVE.key],
            )
            for chance in rates
        ]
        rows.append(
            (
                f"{level:.3g}",
                f"{weeks:.3g}",
                *(f"{100 * any_deal:.0f} / {100 * whole:.0f} %" for any_deal, whole in pairs),
            )
        )
    half = 100 * max((cells["high"] - cells["low"]) / 2)
    spread = ranges(cells)
    listed = "; ".join(
        f"{name} {100 * low:.0f} to {100 * high:.0f} %"
        for name, low, high in zip(spread.index, spread["lowest"], spread["highest"], strict=True)
    )
    return Section(
        f"The sweep: any agreement / {COMPREHENSIVE.key} in {scenario}",
        ("cost scale", "window (talk-weeks)", *(f"{chance:.3g} talks a week" for chance in rates)),
        rows,
        f"The same {worlds:,} worlds in each of {len(rows) * len(rates)} cells; 95 % intervals are "
        f"at most ±{half:.0f} points wide. Over the cells: {listed}.",
    )


def content_section(run: Run) -> Section:
    """Return the content of agreements: each issue at its median level, and how often it occurs."""
    title = f"What agreements contain in {run.scenario.name}"
    deals = run.outcomes[run.outcomes["outcome"].isin(deal_keys())]
    if deals.empty:
        return Section(title, ("issue",), [], "No world ends with a deal in force.")
    rows: list[tuple[str, ...]] = []
    for key, issue in run.scenario.issues.items():
        levels = deals[f"agreed_{key}"].dropna().to_numpy()
        low, median, high = np.quantile(levels, [0.25, 0.5, 0.75])
        contained = wilson(int((levels >= CONTAINED).sum()), levels.size)
        rows.append(
            (
                _median_words(issue, float(median)),
                f"{amount(issue.amount * low)} to {amount(issue.amount * high)}",
                f"{100 * contained.estimate:.0f} % ({100 * contained.low:.0f} to "
                f"{100 * contained.high:.0f})",
            )
        )
    return Section(
        title,
        ("in the median agreement", "middle half", "contained in"),
        rows,
        f"Over {len(deals):,} deals in force at the end; contained: at least {CONTAINED:g} of all "
        "that the owner could give, with 95 % interval.",
    )


def consequence_section(run: Run) -> Section:
    """Return weeks to agreement, incomes, tariffs, threats, and how deals ended."""
    outcomes, sides = run.outcomes, run.scenario.sides
    delay = weeks_to_agreement(outcomes["agreement_week"])
    rows: list[tuple[str, ...]] = [
        ("weeks to agreement", *_delay_words(delay.weeks, outcomes["agreement_week"]))
    ]
    if run.scenario.economy.table != "none":  # else they have no meaning
        rows += [
            (
                f"real income, {region}",
                *_spread(outcomes[f"real_income_{region.lower()}"], "{:+.3f} %"),
            )
            for region in [*sides, "ROW"]
        ]
        rows += [
            (
                f"tariff of {side} at the end",
                *_spread(100 * outcomes[f"tariff_{side.lower()}_final"], "{:.1f} %"),
            )
            for side in sides
        ]
    rows += _conduct_rows(run)
    failures = outcomes["involuntary_defections"]
    hit = wilson(int((failures > 0).sum()), len(failures))
    rows.append(("involuntary defections", *_spread(failures, "{:.2f}")))
    return Section(
        f"What follows in {run.scenario.name}",
        ("", "mean", "nine worlds in ten"),
        rows,
        f"Weeks: median with 95 % interval over the {delay.agreed:,} of {delay.worlds:,} worlds "
        "that agreed. Real income: mean over the weeks, against the start. Compliance: what was "
        "delivered of what was due, over the weeks of deals. Involuntary defections: "
        f"agreements that failed at home, in {100 * hit.estimate:.1f} % of worlds (95 % interval "
        f"{100 * hit.low:.1f} to {100 * hit.high:.1f} %).",
    )


def _conduct_rows(run: Run) -> list[tuple[str, ...]]:
    """Return threats made and executed, truces, deals made and broken, and compliance."""
    outcomes, off = run.outcomes, run.scenario.off
    rows: list[tuple[str, ...]] = [
        (f"threats {what} by {side}", *_spread(outcomes[f"{name}_{side.lower()}"], "{:.1f}"))
        for name, what in (("threats", "made"), ("executed", "executed"))
        for side in run.scenario.sides
        if "threats" not in off or outcomes[f"{name}_{side.lower()}"].any()
    ]
    happens = [name for name in ("truces", "deals") if name != "truces" or "truce" not in off]
    rows += [(name, *_spread(outcomes[name], "{:.2f}")) for name in happens]
    made = outcomes["deals"] > 0.0
    if made.any():
        number = int(made.sum())
        broken = wilson(int((made & outcomes["broken_week"].notna()).sum()), number)
        share, low, high = (100 * end for end in broken)
        words = f"{share:.1f} % ({low:.1f} to {high:.1f}) of {number:,} worlds with one"
        rows.append(("deals broken", words, "-"))
    kept = outcomes["compliance"].dropna()
    if len(kept):
        rows.append(("compliance", *_spread(100 * kept, "{:.0f} %")))
    return rows


def as_text(sections: Sequence[Section], head: str) -> str:
    """Return sections as plain text with aligned columns.

    >>> rows = [("truce", "5 %")]
    >>> print(as_text([Section("Shares", ("outcome", "share"), rows, "Read on.")], "A"))
    A
    <BLANKLINE>
    Shares
      outcome  share
      truce    5 %
    Read on.
    """
    lines = [head]
    for section in sections:
        table = [section.columns, *section.rows]
        widths = [max(len(row[number]) for row in table) for number in range(len(section.columns))]
        lines += ["", section.title]
        lines += [
            "  "
            + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]
        lines += [section.note] if section.note else []
    return "\n".join(lines)


def amount(value: float) -> str:
    """Return an amount to at least two significant digits, with thousands separators.

    >>> amount(183_456.0), amount(92.31), amount(0.0421), amount(0.0)
    ('183,456', '92', '0.042', '0')
    """
    if value == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def _median_words(issue: Issue, level: float) -> str:
    return issue.say(level) if level >= CONTAINED else f"{issue.title}: nothing, or almost nothing"


def _spread(values: "pd.Series[float]", form: str) -> tuple[str, str]:
    """Return the mean and the 90 % range of a column as text."""
    low, high = np.quantile(_numbers(values), [0.05, 0.95])
    return (
        form.format(mean_interval(_numbers(values)).estimate),
        f"{form.format(low)} to {form.format(high)}",
    )


def _delay_words(weeks: Interval, every: "pd.Series[float]") -> tuple[str, str]:
    """Return median (with interval) and 90 % range of the weeks to agreement, or dashes."""
    if math.isnan(weeks.estimate):
        return "-", "-"
    low, high = np.quantile(_numbers(every.dropna()), [0.05, 0.95])
    return (
        f"median {weeks.estimate:.0f} ({weeks.low:.0f} to {weeks.high:.0f})",
        f"{low:.0f} to {high:.0f}",
    )


def _numbers(values: "pd.Series[float]") -> Array:
    return np.asarray(values, dtype=np.float64)
