"""The main job: simulate a scenario and sweep the assumptions that matter most."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.chronicles import as_file, compact, examples
from experiments.engine import Run, build, simulate
from experiments.engines import NUMPY, prepare
from experiments.factorial.sweep import DOMINANT, PRIVATE, cell_shares, dominant, swept
from experiments.jobs.base import Figures, FolderJob, Show, Stage
from experiments.results.folder import add_files, write_results
from experiments.results.layout import CHRONICLES, MANIFEST, SUMMARY, SWEEP_TABLE, parquet_tables
from experiments.summary import (
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


class Simulated(NamedTuple):
    """What the main job computes: a run, the shares in each cell of its sweep, texts by name."""

    run: Run
    cells: pd.DataFrame
    texts: Mapping[str, str]


@dataclass(frozen=True)
class MainJob(FolderJob[Simulated]):
    """Simulate a scenario, and sweep the assumptions that matter most.

    command: The command that repeats the job, for the manifest.
    engine: "auto", "numpy" or "traced".
    """

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path
    command: str
    engine: str = "auto"

    def compute(self, show: Show, stage: Stage) -> Simulated:
        """Simulate the scenario and its sweep, and show tables and chronicles."""
        weeks = self.scenario.time.horizon
        if self.engine != NUMPY:
            self._prepare()
        with stage("worlds", self.worlds * weeks) as advance:
            run = simulate(
                self.scenario,
                self.worlds,
                self.seed,
                record=RECORD,
                progress=advance,
                engine=self.engine,
            )
        show(headline(run))
        show(outcome_section(run))
        chronicles = _chronicles(run, show)
        cells = cell_shares(self._sweep(stage), list(DOMINANT))
        sections = [
            sweep_section(self.scenario.name, cells),
            content_section(run),
            consequence_section(run),
        ]
        for section in sections:
            show(section)
        show(limits(self.scenario))
        summary = as_text([outcome_section(run, cells), *sections], headline(run))
        texts = {SUMMARY: f"{summary}\n\n{limits(self.scenario)}\n", CHRONICLES: chronicles}
        return Simulated(run, cells, texts)

    def write(self, findings: Simulated) -> list[Path]:
        """Write the run, its sweep, the summary and the chronicles."""
        write_results(findings.run, self.folder, self.command, {SWEEP_TABLE: findings.cells})
        paths = [*parquet_tables(self.folder), self.folder / MANIFEST]
        return paths + add_files(self.folder, findings.texts)

    def figures(self, findings: Simulated) -> Figures:
        """Return how to draw each figure of the run."""
        from experiments.plots.gallery import gallery

        return gallery(findings.run, findings.cells)

    def _prepare(self) -> None:
        """Record one program that serves all runs of the job."""
        known = self.scenario.parameters()
        names = (*DOMINANT, *PRIVATE)
        later = {name: np.full(1, float(known[name].value)) for name in names}
        prepare(build(self.scenario, 1, self.seed, later))

    def _sweep(self, stage: Stage) -> pd.DataFrame:
        """Return the outcomes of fewer worlds in each cell of the dominant assumptions."""
        worlds = min(self.worlds, CELL_WORLDS)
        factors = dominant(self.scenario)
        cells = math.prod(map(len, factors.values()))
        with stage("sweep", cells * worlds * self.scenario.time.horizon) as advance:
            return swept(self.scenario, factors, worlds, self.seed, advance, self.engine)


def _chronicles(run: Run, show: Show) -> str:
    """Show the key events of one world of each outcome, and return the whole chronicles."""
    chronicles = examples(run)
    show(f"One world of each outcome (whole chronicles: {CHRONICLES})")
    for one in chronicles:
        show(compact(one, run.scenario.start))
    return as_file(run, chronicles)
