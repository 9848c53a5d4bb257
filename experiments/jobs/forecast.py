"""The forecast as a job: worlds over the draws that history left, tables, words and figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.factorial.sweep import crossed, dominant
from experiments.forecast import DATES, EVENTS, Forecast, forecast
from experiments.history.matching import plausible_draws
from experiments.history.ranges import shared
from experiments.jobs.main import FIGURES, SUMMARY, Show, Stage
from experiments.results.files import writing
from experiments.results.folder import add_files, write_results
from experiments.results.manifest import MANIFEST
from experiments.summary import Section, as_text, limits
from model.schema.scenario import Scenario

SCENARIO = "february_2025"
WORLDS = 12_000  # about thirty for each draw
ASIDE = 4_050  # worlds of each comparison: 150 in each of 27 cells
KEPT, OWN, SWEEP = "draws that 2018-20 left", "the scenario's own numbers", "27 dominant cells"
FAN = "Average rate by week; the worlds differ in luck and in the numbers that history left"
TARIFFS, CHANCES, OTHERS, PATHS = "tariffs.csv", "events.csv", "alternatives.csv", "paths.parquet"
CAVEAT = (
    "A forecast made with what was known on 1 February 2025, to be judged and not to be tuned. "
    "The draws are those that one episode, 2018-20, did not rule out: two rounds of one quarrel "
    "prove little. Actors are stylised from public statements. Intervals say how far the draws "
    "part; they do not know what the model leaves out."
)


@dataclass(frozen=True)
class ForecastJob:
    """What a forecast is asked for; command is what would do it again."""

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path
    command: str


def forecast_job(job: ForecastJob, show: Show, stage: Stage) -> list[Path]:
    """Do the job; tell each part through `show`; return the files written.

    Raises:
        ResultsError: the folder cannot be written; found out before anything is simulated.
    """
    with writing(job.folder / FIGURES):
        pass
    kept = plausible_draws()
    draws = kept[shared(job.scenario)]
    aside = {OWN: pd.DataFrame([_own(job.scenario)]), SWEEP: crossed(dominant(job.scenario))}
    few = min(ASIDE, job.worlds)
    weeks = job.scenario.time.horizon * (job.worlds + few * len(aside))
    with stage("forecast", weeks) as advance:
        found = forecast(job.scenario, draws, job.worlds, job.seed, advance)
        others = {
            name: forecast(job.scenario, points, few, job.seed, advance).events
            for name, points in aside.items()
        }
    tables = {KEPT: found.events} | others
    head = (
        f"Forecast from {job.scenario.start.day} {job.scenario.start:%B %Y}, scenario "
        f"{job.scenario.name}: {job.worlds:,} worlds over {len(draws)} draws of "
        f"{draws.shape[1]} numbers, seed {job.seed}"
    )
    sections = [tariff_section(found), event_section(tables)]
    show(head)
    for section in sections:
        show(section)
    show(CAVEAT)
    told = f"{as_text(sections, head)}\n\n{CAVEAT}\n\n{limits(job.scenario)}\n"
    return _keep(job, found, tables, told, stage)


def tariff_section(found: Forecast) -> Section:
    """Return both tariffs at some weeks as a table of words."""
    titles = {key.lower(): side.title for key, side in found.run.scenario.sides.items()}
    weeks = [0, 4, 13, 26, 39, 52, 78, int(found.tariffs["week"].max())]
    at = found.tariffs[found.tariffs["week"].isin(weeks)]
    rows: list[tuple[str, ...]] = [
        (
            str(row.date),
            titles[str(row.side)],
            f"{row.q50:.0f} %",
            f"{row.q25:.0f} to {row.q75:.0f} %",
            f"{row.q05:.0f} to {row.q95:.0f} %",
            f"{row.mean:.0f} %",
        )
        for row in at.itertuples()
    ]
    return Section(
        "Tariffs on each other's goods",
        ("date", "tariff of", "median", "middle half", "nine in ten", "mean"),
        rows,
        "In percent of import value on the PIIE/Bown scale. Quantiles over worlds, week by week: "
        "no single world follows the median.",
    )


def event_section(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Return the chance of each event by two dates, by set of numbers, as a table of words."""
    early, late = DATES[1].isoformat(), DATES[-1].isoformat()
    cells = {name: table.set_index(["event", "by_date"]) for name, table in tables.items()}
    rows: list[tuple[str, ...]] = [
        (
            event.meaning,
            _chance(cells[KEPT], event.name, early),
            *(_chance(table, event.name, late) for table in cells.values()),
        )
        for event in EVENTS
    ]
    return Section(
        "What may have happened by when",
        (f"by {early} or {late}", f"{early}: {KEPT}", *(f"{late}: {name}" for name in tables)),
        rows,
        "Share of worlds, with the range that holds nine in ten of the draws or cells (for the "
        "scenario's own numbers: the 95 % interval of luck). Where the columns part, the answer "
        "rests on the numbers assumed.",
    )


def _chance(table: pd.DataFrame, event: str, by: str) -> str:
    row = table.xs((event, by))
    share, low, high = (100.0 * float(str(row[name])) for name in ("probability", "low", "high"))
    return f"{share:.0f} % ({low:.0f} to {high:.0f})"


def _own(scenario: Scenario) -> dict[str, float]:
    """Return one number of the scenario at its own value: a point that changes nothing."""
    name = "values.cost_scale"
    return {name: scenario.parameters()[name].value}


def _keep(
    job: ForecastJob,
    found: Forecast,
    tables: Mapping[str, pd.DataFrame],
    told: str,
    stage: Stage,
) -> list[Path]:
    """Write tables, words and figures; return their paths."""
    from experiments.plots import style  # matplotlib is slow to import: the words come before
    from experiments.plots.forecast import event_chances
    from experiments.plots.tariffs import tariffs

    write_results(found.run, job.folder, job.command, {PATHS: found.paths})
    paths = [*sorted(job.folder.glob("*.parquet")), job.folder / MANIFEST]
    others = pd.concat(
        [table.assign(numbers=name) for name, table in tables.items()], ignore_index=True
    )
    csv = {TARIFFS: found.tariffs, CHANCES: found.events, OTHERS: others}
    words = {name: table.to_csv(index=False, lineterminator="\n") for name, table in csv.items()}
    paths += add_files(job.folder, words | {SUMMARY: told})
    assert found.run.weeks is not None, "a forecast has its record by week"
    scenario, caption = found.run.scenario, style.source(SCENARIO, job.seed, job.worlds)
    titles = [side.title for side in scenario.sides.values()]
    tariff = found.run.weeks["tariff"]
    note = f"{caption}\nMade with what was known on 1 February 2025; numbers are assumptions"
    figures = {
        "tariffs": tariffs(tariff, scenario.start, titles, note, FAN),
        "events": event_chances(found.events, {e.name: e.meaning for e in EVENTS}, note),
    }
    with writing(job.folder / FIGURES), stage("figures", len(figures)) as advance:
        for name, figure in figures.items():
            paths += style.save(figure, job.folder / FIGURES, name)
            advance(1)
    return paths
