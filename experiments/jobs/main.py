"""The main job: simulate a scenario, sweep what matters most, tell it, keep it, draw it."""

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.chronicles import as_file, compact, examples
from experiments.engine import Run, simulate
from experiments.factorial.sweep import DOMINANT, cell_shares, dominant, swept
from experiments.results.files import writing
from experiments.results.folder import add_files, write_results
from experiments.results.manifest import MANIFEST
from experiments.summary import (
    Section,
    as_text,
    consequence_section,
    content_section,
    headline,
    limits,
    outcome_section,
    sweep_section,
)
from model.schema.scenario import Scenario

RECORD = ("tariff", "trust", "approval", "reservation", "aspiration", "income")
CELL_WORLDS = 200  # worlds in each cell of the sweep
SUMMARY, SWEEP, FIGURES = "summary.txt", "sweep.parquet", "figures"
CHRONICLES = "chronicles.txt"


type Show = Callable[[str | Section], None]
type Stage = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class Job:
    """What the main job is asked for; command is what would do it again."""

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path
    command: str


def main_job(job: Job, show: Show, stage: Stage) -> list[Path]:
    """Do the job; tell each part through `show` when it is known; return the files written.

    stage(title, total) opens a stage of the work and gives what tells its progress.

    Raises:
        ResultsError: the folder cannot be written; found out before anything is simulated.
    """
    with writing(job.folder / FIGURES):
        pass
    weeks = job.scenario.time.horizon
    with stage("worlds", job.worlds * weeks) as advance:
        run = simulate(job.scenario, job.worlds, job.seed, record=RECORD, progress=advance)
    show(headline(run))
    show(outcome_section(run))
    chronicles = _chronicles(job, run, show)
    outcomes = _sweep(job, stage)
    cells = cell_shares(outcomes, list(DOMINANT))
    sections = [
        sweep_section(job.scenario.name, cells),
        content_section(run),
        consequence_section(run),
    ]
    for section in sections:
        show(section)
    show(limits(job.scenario))
    told = as_text([outcome_section(run, cells), *sections], headline(run))
    words = {SUMMARY: f"{told}\n\n{limits(job.scenario)}\n", CHRONICLES: chronicles}
    return _keep(job, run, cells, words, stage)


def _chronicles(job: Job, run: Run, show: Show) -> str:
    """Show one world of each outcome in its key lines; return their whole chronicles."""
    told = examples(run)
    show(f"One world of each outcome (whole chronicles: {CHRONICLES})")
    for one in told:
        show(compact(one, job.scenario.start))
    return as_file(run, told)


def _sweep(job: Job, stage: Stage) -> pd.DataFrame:
    """Return the outcomes of fewer worlds in each cell of the dominant assumptions."""
    worlds = min(job.worlds, CELL_WORLDS)
    factors = dominant(job.scenario)
    cells = math.prod(map(len, factors.values()))
    with stage("sweep", cells * worlds * job.scenario.time.horizon) as advance:
        return swept(job.scenario, factors, worlds, job.seed, advance)


def _keep(
    job: Job, run: Run, cells: pd.DataFrame, words: Mapping[str, str], stage: Stage
) -> list[Path]:
    """Write tables, words by file name, and figures; return their paths."""
    from experiments.plots import (
        style,  # matplotlib is slow to import: the first table comes before
    )
    from experiments.plots.gallery import gallery

    write_results(run, job.folder, job.command, {SWEEP: cells})
    paths = [*sorted(job.folder.glob("*.parquet")), job.folder / MANIFEST]
    paths += add_files(job.folder, words)
    figures = gallery(run, cells)
    with writing(job.folder / FIGURES), stage("figures", len(figures)) as advance:
        for name, figure in figures.items():
            paths += style.save(figure(), job.folder / FIGURES, name)
            advance(1)
    return paths
