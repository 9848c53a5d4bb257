"""The job of `forecast`: simulate worlds over the plausible draws, and write tables and figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from experiments.factorial.sweep import crossed, dominant
from experiments.forecast import DATES, EVENTS, Forecast, forecast
from experiments.history.matching import plausible_draws
from experiments.history.ranges import shared_names
from experiments.jobs.base import Figures, FolderJob, Show, Stage
from experiments.results import layout
from experiments.results.files import csv_text
from experiments.results.folder import add_files, write_results
from experiments.results.layout import MANIFEST, SUMMARY, parquet_tables
from experiments.summary import Section, as_text, limits
from model.schema.scenario import Scenario

SCENARIO = "february_2025"
WORLDS = 12_000  # about thirty for each draw
ASIDE = 4_050  # worlds of each comparison: 150 in each of 27 cells
PLAUSIBLE, OWN, SWEEP = "plausible draws", "the scenario's own numbers", "27 dominant cells"
FAN = "Average rate by week; the worlds differ in random numbers and plausible draws"
CAVEAT = (
    "A forecast made with what was known on 1 February 2025, to be judged, not tuned. "
    "The draws are those that one episode, 2018-20, did not rule out: two rounds of one quarrel "
    "prove little. Actors are stylised from public statements. Intervals show how much the draws "
    "differ; they do not include what the model leaves out."
)


class Forecasts(NamedTuple):
    """What the job computes: the forecast, chances of events by set of numbers, and the summary."""

    forecast: Forecast
    chances: Mapping[str, pd.DataFrame]
    text: str


@dataclass(frozen=True)
class ForecastJob(FolderJob[Forecasts]):
    """Forecast a scenario over the plausible draws of its parameters.

    command: The command that repeats the job, for the manifest.
    """

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path
    command: str

    def compute(self, show: Show, stage: Stage) -> Forecasts:
        """Simulate the forecast and two comparisons, and show the tables."""
        draws = plausible_draws(self.scenario.edition)
        draws = draws[[name for name in shared_names(self.scenario) if name in draws]]
        aside = {OWN: pd.DataFrame([_own(self.scenario)]), SWEEP: crossed(dominant(self.scenario))}
        few = min(ASIDE, self.worlds)
        weeks = self.scenario.time.horizon * (self.worlds + few * len(aside))
        with stage("forecast", weeks) as advance:
            made = forecast(self.scenario, draws, self.worlds, self.seed, advance)
            others = {
                name: forecast(self.scenario, points, few, self.seed, advance).events
                for name, points in aside.items()
            }
        chances = {PLAUSIBLE: made.events} | others
        head = (
            f"Forecast from {self.scenario.start.day} {self.scenario.start:%B %Y}, scenario "
            f"{self.scenario.name}: {self.worlds:,} worlds over {len(draws)} draws of "
            f"{draws.shape[1]} numbers, seed {self.seed}"
        )
        sections = [tariff_section(made), event_section(chances)]
        show(head)
        for section in sections:
            show(section)
        show(CAVEAT)
        text = f"{as_text(sections, head)}\n\n{CAVEAT}\n\n{limits(self.scenario)}\n"
        return Forecasts(made, chances, text)

    def write(self, findings: Forecasts) -> list[Path]:
        """Write the run, the tables and the summary."""
        made = findings.forecast
        write_results(made.run, self.folder, self.command, {layout.PATHS: made.paths})
        paths = [*parquet_tables(self.folder), self.folder / MANIFEST]
        others = pd.concat(
            [table.assign(numbers=name) for name, table in findings.chances.items()],
            ignore_index=True,
        )
        tables = {
            layout.TARIFFS: made.tariffs,
            layout.EVENTS: made.events,
            layout.ALTERNATIVES: others,
        }
        texts = {name: csv_text(table) for name, table in tables.items()}
        return paths + add_files(self.folder, texts | {SUMMARY: findings.text})

    def figures(self, findings: Forecasts) -> Figures:
        """Return how to draw the fan of tariffs and the chances of events."""
        from experiments.plots import style
        from experiments.plots.forecast import event_chances
        from experiments.plots.tariffs import tariffs

        run = findings.forecast.run
        assert run.weeks is not None, "a forecast has its record by week"
        source = style.source(SCENARIO, self.seed, self.worlds)
        titles = [side.title for side in run.scenario.sides.values()]
        note = f"{source}\nMade with what was known on 1 February 2025; numbers are assumptions"
        meanings = {event.name: event.meaning for event in EVENTS}
        return {
            "tariffs": partial(tariffs, run.weeks["tariff"], run.scenario.start, titles, note, FAN),
            "events": partial(event_chances, findings.forecast.events, meanings, note),
        }


def tariff_section(found: Forecast) -> Section:
    """Return a table of both tariffs in some weeks."""
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
    """Return a table of the chance of each event by two dates, by set of numbers."""
    early, late = DATES[1].isoformat(), DATES[-1].isoformat()
    cells = {name: table.set_index(["event", "by_date"]) for name, table in tables.items()}
    rows: list[tuple[str, ...]] = [
        (
            event.meaning,
            _chance(cells[PLAUSIBLE], event.name, early),
            *(_chance(table, event.name, late) for table in cells.values()),
        )
        for event in EVENTS
    ]
    return Section(
        "Chances that events have happened by a date",
        (f"by {early} or {late}", f"{early}: {PLAUSIBLE}", *(f"{late}: {name}" for name in tables)),
        rows,
        "Share of worlds, with the range of nine in ten of the draws or cells (for the scenario's "
        "own numbers: the 95 % sampling interval). If the columns differ, the answer depends on "
        "the assumed numbers.",
    )


def _chance(table: pd.DataFrame, event: str, by: str) -> str:
    row = table.xs((event, by))
    share, low, high = (100.0 * float(str(row[name])) for name in ("probability", "low", "high"))
    return f"{share:.0f} % ({low:.0f} to {high:.0f})"


def _own(scenario: Scenario) -> dict[str, float]:
    """Return one parameter of the scenario at its own value: a point that changes nothing."""
    name = "values.cost_scale"
    return {name: scenario.parameters()[name].value}
