"""Build the text tables that report the calibration on 2018-20."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.ablation import ALL_ON
from experiments.history.contributions import verdict
from experiments.history.implausibility import CUT
from experiments.history.patterns import PATTERNS
from experiments.history.scoring import CALIBRATED, OPEN
from experiments.summary import Section

CAVEAT = (
    "Two years with two sides are one draw: they prove little. Nothing here says that the model "
    "predicts a deal, and the numbers of named people are stylised from public statements."
)


type Words = list[tuple[str, ...]]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as a dict by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def pattern_section(table: pd.DataFrame) -> Section:
    """Return the table `contributions.reproduction` of the plausible draws as text.

    The title gives the number of reproduced patterns.
    """
    rows: Words = [
        (
            row["pattern"],
            f"{row['statistic']}, {row['unit']}",
            f"{row['history']:.3g}",
            f"{row['mean']:.3g} ({row['low']:.3g} to {row['high']:.3g})",
            f"{100 * row['missing']:.0f} %",
            f"{row['centre']:.1f}",
            f"{row['draw']:.1f}",
        )
        for row in records(table)
    ]
    worst = table.groupby("pattern")["centre"].max()
    reproduced = int((worst <= CUT).sum())
    return Section(
        f"The plausible draws reproduce {reproduced} of {len(PATTERNS)} patterns of 2018-20",
        ("pattern", "statistic", "history", "worlds", "missing", "I", "D"),
        rows,
        "Worlds: mean, and range of nine worlds in ten. Missing: share of worlds without the "
        "statistic. I: distance of the mean in units of the error of record and model. D: the same "
        "with the spread between worlds. A pattern is reproduced if I is at most 3 for all its "
        "statistics.",
    )


def wave_section(waves: pd.DataFrame, plausible: int) -> Section:
    """Return the waves of history matching as text."""
    rows: Words = [
        (
            f"{row['wave']}",
            f"{row['points']:,}",
            f"{100 * row['open']:.1f} %",
            f"{100 * row['passed']:.1f} %",
            f"{100 * row['volume']:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f})",
            f"{100 * row['possible']:.0f} %",
        )
        for row in records(waves)
    ]
    return Section(
        f"History does not rule out {plausible} draws (plausible draws)",
        ("wave", "points", "left by emulators", "of these pass", "plausible volume", "possible"),
        rows,
        "Volume: share of the prior ranges whose typical world is near history, with its 95 % "
        "interval. Possible: share of points for which history could be one draw. This test alone "
        "rules out far less.",
    )


def constraint_section(table: pd.DataFrame) -> Section:
    """Return which parameters history constrains, and which it does not, as text."""
    constrained = table[table["constrained"]]
    rows: Words = [
        (
            row["name"],
            f"{row['distance']:.2f}",
            f"{row['low']:.3g} to {row['high']:.3g}",
            f"{row['middle']:.3g}",
        )
        for row in records(constrained)
    ]
    unconstrained = ", ".join(table.loc[~table["constrained"], "name"])
    return Section(
        f"History constrains {len(constrained)} of {len(table)} parameters",
        ("parameter", "distance from prior", "plausible, nine in ten", "median"),
        rows,
        f"Distance: Kolmogorov-Smirnov. It exceeds random variation if it is above "
        f"{table['noise'].iloc[0]:.2f}. Not constrained individually: {unconstrained}.",
    )


def skill_section(table: pd.DataFrame, name: str, against: Sequence[str]) -> Section:
    """Return the skill of a forecaster by horizon against each baseline, for both tariffs."""
    both = table[table["side"] == "both"]
    rows: Words = []
    for weeks, part in both.groupby("weeks"):
        by_baseline = {row["baseline"]: row for row in records(part)}
        rows.append(
            (
                f"{weeks}",
                f"{int(part['origins'].iloc[0])}",
                f"{part['crps'].iloc[0]:.2f}",
                *(_skill(by_baseline[baseline]) for baseline in against),
            )
        )
    data_used = {
        CALIBRATED: "The draws were selected with all of 2018-20, so this skill is in sample.",
        OPEN: "The draws cover the prior ranges; no data after the origin were used.",
    }[name]
    return Section(
        f"Skill of the {name}",
        ("weeks ahead", "origins", "CRPS, points", *(f"against {name}" for name in against)),
        rows,
        f"1: perfect; 0: no better than the baseline; negative: worse. 95 % intervals from blocks "
        f"of origins; a dash if there are too few. {data_used} Baselines leave out the year after "
        "the origin.",
    )


def _skill(cell: dict[str, Any]) -> str:
    if pd.isna(cell["skill"]):
        return "-"
    if pd.isna(cell["low"]):
        return f"{cell['skill']:+.2f} (-)"
    return f"{cell['skill']:+.2f} ({cell['low']:+.2f} to {cell['high']:+.2f})"


def event_section(events: pd.DataFrame, questions: pd.DataFrame) -> Section:
    """Return the mean log score of weekly moves and Brier score of questions, by forecaster."""
    tariff = ~questions["event"].isin(["truce_made", "deal_signed"])
    log = events.groupby("forecaster")["log_score"].mean()
    brier = questions[tariff].groupby("forecaster")["brier"].mean()
    other = questions[~tariff].groupby("forecaster")["brier"].mean()
    rows: Words = [
        (
            name,
            f"{log[name]:.3f}",
            f"{brier[name]:.3f}",
            f"{other[name]:.3f}" if name in other else "-",
        )
        for name in log.sort_values().index
    ]
    return Section(
        "Events",
        ("forecaster", "log score, nats", "Brier, tariffs", "Brier, truce and deal"),
        rows,
        f"Lower is better. Log score: whether a side's tariff moves in a week, up to 13 weeks "
        f"ahead. Brier: {int(tariff.sum() / len(log))} questions on tariffs asked in January 2018, "
        "and 8 on truces and deals. A constant forecast of one half scores 0.250.",
    )


def content_section(table: pd.DataFrame) -> Section:
    """Return the contents of Phase One beside the compromise model and the worlds' deals."""
    rows: Words = [
        (
            row["issue"],
            f"{row['phase_one']:.2f}",
            f"{row['compromise']:.2f}",
            f"{row['model']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
        )
        for row in records(table)
    ]
    means = table[["crps_model", "crps_compromise", "crps_middle"]].mean()
    return Section(
        "Contents of a deal",
        ("issue", "Phase One", "compromise", "worlds, plausible draws"),
        rows,
        "Worlds: median and range of nine deals in ten. Mean CRPS over the issues: worlds "
        f"{means.iloc[0]:.2f}, compromise {means.iloc[1]:.2f}, one half for every issue "
        f"{means.iloc[2]:.2f}. How much of each issue Phase One contained is partly a judgement.",
    )


def mechanism_section(table: pd.DataFrame) -> Section:
    """Return how many patterns are reproduced without each mechanism, as text."""
    rows: Words = [
        (
            row["mechanism"],
            f"{row['reproduced']} ({row['low']:.0f} to {row['high']:.0f})",
            f"{100 * row['plausible']:.0f} %",
            "" if row["mechanism"] == ALL_ON else _points(row),
            row["lost"] or "-",
            verdict(row),
        )
        for row in records(table)
    ]
    return Section(
        "Patterns without each mechanism",
        (
            "switched off",
            f"patterns of {len(PATTERNS)}",
            "draws plausible",
            "change, points",
            "lost",
            "verdict",
        ),
        rows,
        "Patterns: by the mean over all worlds of all draws, with the 95 % interval over draws. "
        "Draws plausible: plausible draws that pass again with new random numbers. Change: off "
        "minus on, with the same draws and random numbers; 95 % intervals for all rows "
        "together. Nothing is calibrated again without the mechanism.",
    )


def _points(row: dict[str, Any]) -> str:
    low, high = 100 * row["change_low"], 100 * row["change_high"]
    return f"{100 * row['change']:+.0f} ({low:+.0f} to {high:+.0f})"


def answer_section(table: pd.DataFrame, effective: float, draws: int) -> Section:
    """Return how often worlds give the answers of history to the packages of the record."""
    rows: Words = [
        (
            row["package"].replace("_", " "),
            *(f"{100 * row[name]:.1f} %" for name in ("answers", "weighted", "both")),
            f"{100 * row['weighted_both']:.1f} %",
        )
        for row in records(table)
    ]
    return Section(
        "The packages of the record weight the plausible draws",
        ("package", "as in history", "weighted", "both accept", "weighted"),
        rows,
        "Share of worlds in which each side would answer to the package in the week of its date as "
        "it did in history, and in which both would accept it. The weight of a draw is the product "
        "of the first share over the packages. "
        f"{draws} draws have the effective number {effective:.0f}.",
    )


def revealed_section(table: pd.DataFrame) -> Section:
    """Return what the packages of the record reveal about the stakes."""
    rows: Words = [
        (
            row["name"],
            f"{row['middle']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
            f"{row['weighted_middle']:.2f} ({row['weighted_low']:.2f} to "
            f"{row['weighted_high']:.2f})",
        )
        for row in records(table)
    ]
    return Section(
        "What the packages reveal about the stakes",
        ("factor on the stakes", "plausible draws", "weighted by the packages"),
        rows,
        "Median, and range of nine draws in ten. 1: as elicited.",
    )
