"""Build the text tables that summarise a sensitivity study."""

import math
from collections.abc import Callable

import pandas as pd

from experiments.sensitivity.analysis import ONLY_CHANCE, TITLES, Analysis
from experiments.sensitivity.designs import LATIN, MORRIS, SOBOL, Design
from experiments.statistics import Interval
from experiments.summary import Section
from model.outcomes import DECOUPLED

WANTED = 0.05  # half-width of an index that is narrow enough
SHOWN = 7  # measures that fit in one table; the files contain all
METHODS = {
    SOBOL: "Sobol indices (Saltelli's design)",
    MORRIS: "Morris screening",
    LATIN: "first-order indices on a Latin hypercube (RBD-FAST)",
}
READ = {
    SOBOL: "The part of the variance of the expected outcome that would remain if all other "
    "numbers were fixed, with its interactions",
    MORRIS: "Mean absolute change of the expected outcome when this number crosses its whole range",
    LATIN: "The part of the variance of the expected outcome that would disappear if this number "
    "were known, without interactions",
}


def study_line(name: str, design: Design, worlds: int) -> str:
    """Return the sentence that describes what a study runs."""
    points = len(design.points)
    return (
        f"Sensitivity of scenario {name}: {METHODS[design.method]}, {len(design.ranges)} numbers, "
        f"{design.blocks:,} {'trajectories' if design.method == MORRIS else 'samples'}, "
        f"{points:,} design points x {worlds} worlds = {points * worlds:,} worlds, seed "
        f"{design.seed}; all points use the same random numbers"
    )


def span_section(name: str, design: Design) -> Section:
    """Return the table of the numbers that vary, with their ranges and reasons."""
    rows: list[tuple[str, ...]] = [
        (one.name, f"{one.low:g}", f"{one.high:g}", one.why) for one in design.ranges
    ]
    return Section(
        f"Numbers varied in {name}",
        ("number", "from", "to", "why this range"),
        rows,
        "Each is drawn uniformly over its range, independently of the others. The indices are for "
        "these ranges: a number with a narrower range decides less.",
    )


def index_section(analysis: Analysis) -> Section:
    """Return the leading index of each parameter for the measures that matter most."""
    chosen = shown(analysis)
    column = analysis.leading
    tables = {name: analysis.of(name) for name in chosen}
    order = pd.DataFrame({name: table[column] for name, table in tables.items()})
    scale = order.max() if analysis.design.method == MORRIS else 1.0
    ranked = (order / scale).max(axis=1).sort_values(ascending=False, kind="stable").index
    rows: list[tuple[str, ...]] = [
        (str(one), *(_cell(table, str(one), column) for table in tables.values())) for one in ranked
    ]
    built_in = (
        " Built in: a revocation of normal trade relations counts as decoupled, so its hazard "
        "necessarily decides there."
        if DECOUPLED.key in chosen and "revocation.hazard" in analysis.design.names
        else ""
    )
    return Section(
        f"Which numbers decide in {analysis.scenario.name}: {TITLES[column]}",
        ("number", *chosen),
        rows,
        f"{READ[analysis.design.method]}; with the half-width of the 95 % interval. "
        f"{_basis(analysis)}{built_in}",
    )


def chance_section(analysis: Analysis) -> Section:
    """Return the share of chance in the variance of single worlds, and the sum of the indices."""
    first = next((c for c in ("first_free", "first") if c in analysis.indices), "")
    columns: tuple[str, ...] = (
        "measure",
        "mean",
        "unit",
        "chance",
        "95 % interval",
        "chance : numbers",
    )
    rows = []
    for name, row in analysis.chance.iterrows():
        chance = Interval(row["chance"], row["chance_low"], row["chance_high"])
        ratio = row["within"] / row["across"] if row["across"] > 0.0 else math.inf
        cells = (
            ("-", "-", "-")
            if math.isnan(chance.estimate)
            else (
                f"{100 * chance.estimate:.0f} %",
                f"{100 * chance.low:.0f} to {100 * chance.high:.0f} %",
                f"{ratio:.3g}" if chance.high <= ONLY_CHANCE else "only chance",
            )
        )
        sums = (_sum(analysis.of(str(name)), first),) if first else ()
        rows.append((str(name), f"{row['mean']:.3g}", str(row["unit"]), *cells, *sums))
    columns += ("first orders add up to",) if first else ()
    return Section(
        f"The part of chance in single worlds of {analysis.scenario.name}",
        columns,
        rows,
        "Of the variance between single worlds over the whole design: the part between worlds "
        "with the same numbers, and its ratio to the part caused by the numbers. If the first "
        "orders add up to less than 1, the rest is interaction; their sum is as uncertain.",
    )


def region_section(analysis: Analysis) -> Section:
    """Return the regions of the numbers in which each outcome is common."""
    rows: list[tuple[str, ...]] = []
    for name, regions in analysis.regions.items():
        if not regions.tells:
            continue
        rows.append((name, "everywhere", "100 %", _percent(regions.everywhere), "100 %"))
        for _, row in regions.table.iterrows():
            density, coverage = (
                Interval(row[key], row[f"{key}_low"], row[f"{key}_high"])
                for key in ("density", "coverage")
            )
            part = f"{100 * row['points']:.0f} %"
            rows.append(("", row["rule"], part, _percent(density), _percent(coverage)))
    return Section(
        f"Where each outcome is common in {analysis.scenario.name}",
        ("outcome", "region", "of the space", "density", "coverage"),
        rows,
        "Density: share of the worlds of a region with the outcome; coverage: share of all worlds "
        "with the outcome that are in the region; with 95 % intervals. The regions come from a "
        "shallow tree and are tested on other design points. An outcome that no number changes has "
        "none.",
    )


def convergence_section(analysis: Analysis) -> Section:
    """Return how the widest interval of each measure narrows with the size of the design."""
    table = analysis.convergence
    title = f"Is the design large enough in {analysis.scenario.name}?"
    if table.empty:
        return Section(title, ("measure",), [], "No measure varies.")
    widest = table.groupby(["measure", "samples"], sort=False)["half"].max().unstack()
    noun = "trajectories" if analysis.design.method == MORRIS else "samples"
    rows: list[tuple[str, ...]] = [
        (
            str(name),
            *("-" if math.isnan(half) else f"{half:.2g}" for half in halves),
            _more(analysis, str(name)),
        )
        for name, halves in widest.iterrows()
    ]
    wanted = f"{WANTED:g}" + (" of the largest effect" if analysis.design.method == MORRIS else "")
    return Section(
        title,
        ("measure", *(f"{size:,}" for size in widest.columns), "enough?"),
        rows,
        f"Half-width of the widest 95 % interval of the {TITLES[analysis.leading]}, by the "
        f"number of {noun}; enough: at most {wanted}. Part of it comes from the random "
        f"numbers: only more worlds per point narrow that part, more {noun} do not.",
    )


def shown(analysis: Analysis) -> list[str]:
    """Return the measures that are shown in one table: those that vary."""
    varying = [name for name, row in analysis.chance.iterrows() if row["across"] > 0.0]
    names = [str(n) for n in varying if analysis.of(str(n))[analysis.leading].notna().any()]
    return (names or list(analysis.measures))[:SHOWN]


def _basis(analysis: Analysis) -> str:
    lost = (
        f" {analysis.left_out} blocks lack a world and are left out." if analysis.left_out else ""
    )
    mean = (
        f"From the mean of {analysis.worlds} worlds per point; "
        "all points use the same random numbers"
    )
    if analysis.leading.endswith("_free"):
        narrow = " Intervals are for these random numbers: others would change more."
        scope = narrow if analysis.design.method == LATIN else ""
        return f"{mean}; the remaining chance is corrected for.{scope}{lost}"
    if analysis.design.method == MORRIS:
        return f"{mean}. ~: cannot be distinguished from chance alone.{lost}"
    return f"{mean}. Chance is included, since one world per point cannot show it.{lost}"


def _cell(table: pd.DataFrame, parameter: str, column: str) -> str:
    ends = [column, f"{column}_low", f"{column}_high"]
    value, low, high = map(float, table.loc[parameter, ends].to_numpy())
    if "noise" in table and not low > float(table["noise"][parameter]):
        return f"~{value:.2g}"
    if column == "mu_star":
        return f"{value:.2g} ±{(high - low) / 2:.2g}"
    return "-" if math.isnan(value) else f"{round(value, 2) + 0.0:.2f} ±{(high - low) / 2:.2f}"


def _sum(table: pd.DataFrame, column: str) -> str:
    total = float(table[column].sum(min_count=1))
    return "-" if math.isnan(total) else f"{total:.2f}"


def _percent(share: Interval) -> str:
    low, high = 100 * share.low, 100 * share.high
    return f"{100 * share.estimate:.0f} % ({low:.0f} to {high:.0f})"


def _more(analysis: Analysis, name: str) -> str:
    """Return how much more is needed, if intervals narrow with the square root of a number."""
    table, column = analysis.of(name), analysis.leading
    halves = (table[f"{column}_high"] - table[column]).to_numpy(dtype=float)
    if math.isnan(halves.max()):
        return "-"
    scale = float(table[column].max()) if analysis.design.method == MORRIS else 1.0
    widest = int(halves.argmax())
    half = halves[widest] / scale
    if half <= WANTED:
        return "yes"
    by_chance = (
        float(table[f"{column}_chance"].iloc[widest]) if f"{column}_chance" in table else 0.0
    )
    points = math.sqrt(max(half**2 - by_chance**2, 0.0))
    what = "worlds per point" if by_chance > points else "samples"
    return f"no: about {math.ceil((max(by_chance, points) / WANTED) ** 2):,} times the {what}"


SECTIONS: tuple[Callable[[Analysis], Section], ...] = (
    index_section,
    chance_section,
    region_section,
    convergence_section,
)
